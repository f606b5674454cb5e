//! Reading a pasted `allowed_scopes`: a JSON array, an object that holds one, or a scope string.

use crate::json;
use crate::lang::Lang;
use crate::problem::{Problem, Span};
use crate::say;
use crate::text::{Lines, check_size};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// How many entries a pasted list may hold.
pub const MAX_ENTRIES: usize = 100_000;

/// One entry of a pasted list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As written, unescaped but not trimmed: a blank is part of what Prism stores.
    pub scope: String,
    /// Where it stands.
    pub span: Span,
}

/// Reads a pasted list: `["a","b"]`, `{"allowed_scopes":[…]}` (a client's answer from Prism, too), or `a b c`.
///
/// # Errors
/// What keeps it from being read, with its place.
pub fn read(text: &str, lang: Lang) -> Result<Vec<Entry>, Problem> {
    check_size(text.len(), lang)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lines = Lines::new(text);
    match text.trim_start().chars().next() {
        None => Ok(Vec::new()),
        Some('[') => array(text, &lines, lang),
        Some('{') => object(text, &lines, lang),
        Some('"' | '\'' | '“') => Err(bare_fragment(text, &lines, lang)),
        Some(_) => words(text, &lines, lang),
    }
}

fn words(text: &str, lines: &Lines<'_>, lang: Lang) -> Result<Vec<Entry>, Problem> {
    let split = || text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    if let Some(beyond) = split().nth(MAX_ENTRIES) {
        return Err(too_many(lines.span_of(beyond), lang));
    }
    Ok(split().map(|word| Entry { scope: word.to_owned(), span: lines.span_of(word) }).collect())
}

fn entries(values: &[&RawValue], lines: &Lines<'_>, lang: Lang) -> Result<Vec<Entry>, Problem> {
    if let Some(beyond) = values.get(MAX_ENTRIES) {
        return Err(too_many(lines.span_of(beyond.get()), lang));
    }
    values.iter().map(|value| entry(value, lines, lang)).collect()
}

fn too_many(span: Span, lang: Lang) -> Problem {
    Problem::refused(
        "list.too_many",
        say!(lang, "The list holds more than {MAX_ENTRIES} entries.", "列表包含超过 {MAX_ENTRIES} 项。"),
    )
    .hinted(say!(lang, "Remove what is repeated.", "删除重复的部分。"))
    .at(span)
}

fn bare_fragment(text: &str, lines: &Lines<'_>, lang: Lang) -> Problem {
    let start = text.len() - text.trim_start().len();
    Problem::refused(
        "list.no_brackets",
        say!(lang, "This is the inside of a list without its brackets.", "这是列表的内容，缺少方括号。"),
    )
    .hinted(say!(lang, "Put `[` in front and `]` behind.", "在前面加 `[`，在后面加 `]`。"))
    .at(lines.span(start, start))
}

fn array(text: &str, lines: &Lines<'_>, lang: Lang) -> Result<Vec<Entry>, Problem> {
    let values: Vec<&RawValue> = json::read(text, lines, lang)?;
    entries(&values, lines, lang)
}

fn entry(value: &RawValue, lines: &Lines<'_>, lang: Lang) -> Result<Entry, Problem> {
    let span = lines.span_of(value.get());
    match serde_json::from_str::<String>(value.get()) {
        Ok(scope) => Ok(Entry { scope, span }),
        Err(_) => Err(Problem::refused(
            "list.not_text",
            say!(
                lang,
                "An entry of the list is not text; Prism answers such a list with an error 500.",
                "列表中有一项不是文字；Prism 对这样的列表会回复 500 错误。"
            ),
        )
        .hinted(say!(lang, "Put the scope in quotation marks.", "给范围加上引号。"))
        .at(span)),
    }
}

/// Looks for `allowed_scopes` in an object, or in the `app` inside it as Prism answers.
fn object(text: &str, lines: &Lines<'_>, lang: Lang) -> Result<Vec<Entry>, Problem> {
    let members = members(text, text, lines, lang)?;
    if let Some(list) = members.get("allowed_scopes") {
        return inner_array(list.get(), lines, lang);
    }
    let app = members.get("app").map(|app| self::members(app.get(), text, lines, lang)).transpose()?;
    match app.as_ref().and_then(|app| app.get("allowed_scopes")) {
        Some(list) => inner_array(list.get(), lines, lang),
        None => Err(Problem::refused(
            "list.no_allowed_scopes",
            say!(lang, "The object holds no `allowed_scopes`.", "对象里没有 `allowed_scopes`。"),
        )
        .hinted(say!(
            lang,
            "Paste the list itself, or an object with `allowed_scopes`.",
            "粘贴列表本身，或含有 `allowed_scopes` 的对象。"
        ))
        .about("allowed_scopes")),
    }
}

fn inner_array(piece: &str, lines: &Lines<'_>, lang: Lang) -> Result<Vec<Entry>, Problem> {
    let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(piece) else {
        return Err(Problem::refused(
            "list.not_a_list",
            say!(lang, "`allowed_scopes` is not a list.", "`allowed_scopes` 不是列表。"),
        )
        .hinted(say!(lang, "Write it as `[\"…\", \"…\"]`.", "写成 `[\"…\", \"…\"]`。"))
        .at(lines.span_of(piece)));
    };
    entries(&values, lines, lang)
}

fn members<'a>(
    piece: &'a str,
    whole: &str,
    lines: &Lines<'_>,
    lang: Lang,
) -> Result<BTreeMap<String, &'a RawValue>, Problem> {
    let pairs: json::Pairs<'a> = if piece.len() == whole.len() {
        json::read(piece, lines, lang)?
    } else {
        serde_json::from_str(piece).unwrap_or_default()
    };
    let mut members = BTreeMap::new();
    for (key, value) in pairs.0 {
        if members.insert(key.to_string(), value).is_some() {
            return Err(json::duplicate_key(&key, lines.span_of(value.get()), lang));
        }
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Vec<String> {
        read(text, Lang::En).expect(text).into_iter().map(|entry| entry.scope).collect()
    }

    #[test]
    fn places_in_one_long_line_are_those_counted_one_by_one() {
        let text = "[\"ä\", \"b\", \"漢字\", \"c\"]";
        let columns: Vec<u32> =
            read(text, Lang::En).expect(text).iter().map(|entry| entry.span.column).collect();
        assert_eq!(columns, [2, 7, 12, 18]);
        let lines = Lines::new(text);
        let (late, early) = (text.find("\"c").expect("there"), text.find("\"b").expect("there"));
        assert_eq!((lines.span(late, late).column, lines.span(early, early).column), (18, 7), "in any order");
    }

    #[test]
    fn every_form_of_list_gives_the_same_scopes() {
        for text in [
            r#"["openid","app:G:x"]"#,
            "\u{FEFF}[\n \"openid\",\n \"app:G:x\"\n]",
            r#"{"name":"B","allowed_scopes":["openid","app:G:x"]}"#,
            r#"{"app":{"id":"1","allowed_scopes":["openid","app:G:x"]}}"#,
            "openid app:G:x",
            " openid\napp:G:x ",
            "openid,app:G:x",
        ] {
            assert_eq!(scopes(text), ["openid", "app:G:x"], "{text}");
        }
        assert!(scopes("  ").is_empty());
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let refused = |text: &str| {
            let problem = read(text, Lang::En).expect_err(text);
            (problem.code.clone(), problem.span.map(|span| (span.line, span.column)))
        };
        assert_eq!(refused("[\"a\" \"b\"]"), ("json.missing_comma".into(), Some((1, 5))));
        assert_eq!(refused("[\"a\",\n]"), ("json.trailing_comma".into(), Some((1, 5))));
        assert_eq!(refused("[\"a\", 5]"), ("list.not_text".into(), Some((1, 7))));
        assert_eq!(refused("\"a\", \"b\""), ("list.no_brackets".into(), Some((1, 1))));
        assert_eq!(refused("{\"scopes\":[]}").0, "list.no_allowed_scopes");
        assert_eq!(refused("{\"allowed_scopes\":\"a\"}"), ("list.not_a_list".into(), Some((1, 19))));
        let twice = "{\"allowed_scopes\":[],\"allowed_scopes\":[\"a\"]}";
        assert_eq!(refused(twice).0, "json.duplicate_name");
        assert_eq!(refused(&" ".repeat(crate::text::MAX_BYTES + 1)).0, "text.too_large");
        assert_eq!(refused(&format!("{}1{}", "[".repeat(200), "]".repeat(200))).0, "json.too_deep");
    }
}
