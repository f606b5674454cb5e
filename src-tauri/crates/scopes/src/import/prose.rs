//! Texts that nobody would want to read on a consent page, although Prism stores them.

use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use crate::text::{Invisible, first_invisible};

/// Longer than this a text fills the consent page; Prism itself has no limit (contract §3). In characters.
const LONG: [(&str, usize); 3] = [("scope", 64), ("title", 80), ("description", 400)];

/// What makes a text hard to read or easy to mistake; nothing of it is refused by Prism.
pub(super) fn text_problems(field: &str, text: &str, lang: Lang) -> Vec<Problem> {
    let mut problems = Vec::new();
    let most = LONG.iter().find(|(name, _)| *name == field).map_or(usize::MAX, |(_, most)| *most);
    if text.len() > most && text.trim().chars().count() > most {
        let count = text.trim().chars().count();
        problems.push(
            Problem::risky(
                "import.long_text",
                say!(
                    lang,
                    "`{field}` has {count} characters; more than {most} are hard to read at consent.",
                    "`{field}` 有 {count} 个字符；超过 {most} 个在授权页上难以阅读。"
                ),
            )
            .hinted(say!(lang, "Shorten it.", "缩短它。"))
            .about(field),
        );
    }
    if let Some((c, kind)) = first_invisible(text).filter(|_| field != "scope") {
        problems.push(invisible_problem(field, c, kind, lang));
    }
    if field != "scope" && has_markup(text) {
        problems.push(
            Problem::note(
                "import.markup",
                say!(
                    lang,
                    "`{field}` holds markup; it is shown as text.",
                    "`{field}` 中有标记；会按文字显示。"
                ),
            )
            .about(field),
        );
    }
    problems
}

fn has_markup(text: &str) -> bool {
    text.contains('<')
        && text
            .split('<')
            .skip(1)
            .any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')))
}

fn invisible_problem(field: &str, c: char, kind: Invisible, lang: Lang) -> Problem {
    let code_point = format!("U+{:04X}", u32::from(c));
    let message = match kind {
        Invisible::Direction => say!(
            lang,
            "`{field}` holds {code_point}, which turns the reading direction and can disguise the text.",
            "`{field}` 中有 {code_point}，它会改变阅读方向，可能伪装文字。"
        ),
        Invisible::ZeroWidth => say!(
            lang,
            "`{field}` holds {code_point}, which cannot be seen.",
            "`{field}` 中有看不见的字符 {code_point}。"
        ),
        Invisible::Control => say!(
            lang,
            "`{field}` holds the control character {code_point}.",
            "`{field}` 中有控制字符 {code_point}。"
        ),
    };
    Problem::risky("import.invisible_character", message)
        .hinted(say!(lang, "Remove it.", "删除它。"))
        .about(field)
}
