//! What is said about each mistake, and the cure.

use super::MAX_DEPTH;
use super::scan::{Found, Mistake};
use crate::lang::{Lang, brief};
use crate::problem::Problem;
use crate::say;
use crate::text::Lines;

pub(super) fn problem(text: &str, found: &Found, lines: &Lines<'_>, lang: Lang) -> Problem {
    let piece = text.get(found.from..found.to).unwrap_or_default();
    let (name, message, cure) = words(found.mistake, &brief(piece), lines, lang);
    Problem::refused(format!("json.{name}"), message).hinted(cure).at(lines.span(found.from, found.to))
}

fn words(mistake: Mistake, piece: &str, lines: &Lines<'_>, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::Empty | Mistake::EndsTooEarly { .. } | Mistake::TooDeep | Mistake::AfterTheEnd => {
            words_about_the_whole(mistake, lines, lang)
        }
        Mistake::TextNotClosed
        | Mistake::LineBreakInText
        | Mistake::ControlInText
        | Mistake::BadEscape
        | Mistake::SingleQuote
        | Mistake::CurlyQuote => words_about_text(mistake, piece, lang),
        _ => words_about_signs(mistake, piece, lang),
    }
}

fn words_about_the_whole(mistake: Mistake, lines: &Lines<'_>, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::EndsTooEarly { opened, bracket } => {
            let line = lines.line(opened);
            let closing = if bracket == '[' { ']' } else { '}' };
            (
                "ends_too_early",
                say!(
                    lang,
                    "The text ends although `{bracket}` from line {line} is still open.",
                    "文本结束了，但第 {line} 行的 `{bracket}` 还没有闭合。"
                ),
                say!(lang, "Add `{closing}`, or copy the rest.", "补上 `{closing}`，或复制剩余部分。"),
            )
        }
        Mistake::TooDeep => (
            "too_deep",
            say!(
                lang,
                "Brackets are nested more than {MAX_DEPTH} deep here.",
                "这里的括号嵌套超过 {MAX_DEPTH} 层。"
            ),
            say!(lang, "Paste the list itself.", "只粘贴列表本身。"),
        ),
        Mistake::AfterTheEnd => (
            "after_the_end",
            say!(lang, "Something follows after the end.", "结尾之后还有内容。"),
            say!(lang, "Remove what follows, or join both lists.", "删除后面的内容，或把两个列表合并。"),
        ),
        _ => (
            "empty",
            say!(lang, "There is nothing to read.", "没有可读取的内容。"),
            say!(lang, "Paste a JSON array.", "粘贴一个 JSON 数组。"),
        ),
    }
}

fn words_about_text(mistake: Mistake, piece: &str, lang: Lang) -> (&'static str, String, String) {
    match mistake {
        Mistake::TextNotClosed | Mistake::LineBreakInText => (
            "text_not_closed",
            say!(lang, "This text is not closed on its line.", "这段文字在本行没有闭合。"),
            say!(
                lang,
                "Add `\"`; a line break inside is written `\\n`.",
                "补上 `\"`；文字中的换行写作 `\\n`。"
            ),
        ),
        Mistake::ControlInText => (
            "control_character",
            say!(lang, "A control character stands inside a text.", "文字中有控制字符。"),
            say!(lang, "Remove it; a tab is written `\\t`.", "删除它；制表符写作 `\\t`。"),
        ),
        Mistake::BadEscape => (
            "bad_escape",
            say!(lang, "`{piece}` is not an escape JSON knows.", "`{piece}` 不是 JSON 的转义写法。"),
            say!(lang, "Write `\\\\` for a backslash.", "反斜杠写作 `\\\\`。"),
        ),
        Mistake::SingleQuote => (
            "single_quote",
            say!(lang, "JSON puts text in double quotation marks.", "JSON 的文字要用双引号。"),
            say!(lang, "Write `\"` instead of `'`.", "把 `'` 换成 `\"`。"),
        ),
        _ => (
            "curly_quote",
            say!(lang, "`{piece}` is a typographic quotation mark.", "`{piece}` 是排版用的引号。"),
            say!(lang, "Write the straight `\"`.", "换成直引号 `\"`。"),
        ),
    }
}

fn words_about_signs(mistake: Mistake, piece: &str, lang: Lang) -> (&'static str, String, String) {
    let (name, message, cure) = match mistake {
        Mistake::MissingComma => (
            "missing_comma",
            say!(lang, "Two entries follow each other without a comma.", "两项之间缺少逗号。"),
            say!(lang, "Add `,` here.", "在这里加上 `,`。"),
        ),
        Mistake::MissingColon => (
            "missing_colon",
            say!(lang, "Name and value stand without a colon between them.", "名称和值之间缺少冒号。"),
            say!(lang, "Add `:` here.", "在这里加上 `:`。"),
        ),
        Mistake::TrailingComma => (
            "trailing_comma",
            say!(lang, "The last entry has a comma behind it.", "最后一项后面多了一个逗号。"),
            say!(lang, "Remove this `,`.", "删除这个 `,`。"),
        ),
        Mistake::DoubledComma => (
            "doubled_comma",
            say!(lang, "There is no entry in front of this comma.", "这个逗号前面没有内容。"),
            say!(lang, "Remove this `,`.", "删除这个 `,`。"),
        ),
        Mistake::Comment => (
            "comment",
            say!(lang, "JSON has no comments.", "JSON 没有注释。"),
            say!(lang, "Remove the comment.", "删除注释。"),
        ),
        Mistake::UnquotedKey => (
            "unquoted_name",
            say!(lang, "The name `{piece}` stands without quotation marks.", "名称 `{piece}` 没有加引号。"),
            say!(lang, "Write `\"{piece}\"`.", "写成 `\"{piece}\"`。"),
        ),
        Mistake::Word => (
            "bare_word",
            say!(lang, "The word `{piece}` stands without quotation marks.", "单词 `{piece}` 没有加引号。"),
            say!(lang, "Write `\"{piece}\"`.", "写成 `\"{piece}\"`。"),
        ),
        Mistake::WrongBracket { opened } => (
            "wrong_bracket",
            say!(lang, "`{piece}` closes what `{opened}` opened.", "`{piece}` 与前面的 `{opened}` 不配对。"),
            say!(lang, "Write the matching bracket.", "换成配对的括号。"),
        ),
        Mistake::Number => (
            "bad_number",
            say!(lang, "`{piece}` is not a number JSON knows.", "`{piece}` 不是 JSON 的数字写法。"),
            say!(lang, "Put it in quotation marks if it is text.", "如果它是文字，加上引号。"),
        ),
        _ => (
            "unexpected",
            say!(lang, "`{piece}` cannot stand here.", "这里不能出现 `{piece}`。"),
            say!(lang, "Remove it.", "删除它。"),
        ),
    };
    (name, message, cure)
}
