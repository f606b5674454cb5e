use super::*;
use crate::import::read_text;
use crate::lang::Lang;

/// The text after one fix.
fn applied(text: &str, edit: &TextEdit) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let (from, to) = (edit.from as usize, edit.to as usize);
    format!(
        "{}{}{}",
        String::from_utf16_lossy(&units[..from]),
        edit.insert,
        String::from_utf16_lossy(&units[to..])
    )
}

fn titles() -> Vec<Definition> {
    vec![Definition {
        scope: "read_todos".into(),
        title: "Read \"todos\"".into(),
        description: String::new(),
    }]
}

/// Kind, subject and the text afterwards, of every fix of a text.
fn found(text: &str) -> Vec<(FixKind, String, String)> {
    let source = read_text(text, Lang::En);
    let fixes = fixes(text, &source.problems, &titles());
    fixes.into_iter().map(|fix| (fix.kind, fix.subject, applied(text, &fix.edit))).collect()
}

/// Kinds and results of one kind.
fn of(kind: FixKind, text: &str) -> Vec<(String, String)> {
    found(text).into_iter().filter(|one| one.0 == kind).map(|(_, subject, text)| (subject, text)).collect()
}

#[test]
fn a_missing_title_is_added_and_a_blank_one_is_replaced() {
    let expected = r#"[{"title": "Read \"todos\"","scope":"read_todos"}]"#;
    assert_eq!(
        of(FixKind::AddTitle, r#"[{"scope":"read_todos"}]"#),
        [("Read \"todos\"".into(), expected.into())]
    );
    let text = "[\n  {\n    \"scope\": \"read_todos\",\n    \"title\": \" \"\n  }\n]";
    let [(_, fixed)] = of(FixKind::AddTitle, text).try_into().unwrap();
    assert_eq!(fixed, text.replace("\" \"", r#""Read \"todos\"""#));
    assert!(of(FixKind::AddTitle, r#"[{"scope":"unknown"}]"#).is_empty());
}

#[test]
fn a_fixed_source_has_no_problem_left() {
    for text in [
        "[{\"scope\":\"read_todos\",\"title\":\"😀 Re\u{200b}ad\"}]",
        "\u{FEFF}[{\"scope\":\"a\",\"title\":\"😀\"},{\"scope\":\"read_todos\"}]",
        "```json\n[\n  {\"scope\": \"read_todos\"}\n]\n```",
        "{\"definitions\": [\n  {\"scope\": \"a\", \"title\": \"A\"},\n  {\"scope\": \"a\", \"title\": \"B\"}\n]}",
        "[\"a\", {\"scope\": \"b\", \"title\": \"B\"}]",
        "[{\"scope\": \"b\", \"title\": \"br{ace] \\\" x\"}, 7]",
        "[{\"scope\": \"c\", \"title\": 3}]",
    ] {
        let all = found(text);
        assert!(!all.is_empty(), "{text}");
        for (kind, subject, fixed) in all {
            let left = read_text(&fixed, Lang::En);
            assert_eq!(left.refused, 0, "{kind:?} `{subject}` of {text} gives {fixed}");
        }
    }
}

#[test]
fn an_entry_goes_with_its_comma_and_its_line() {
    let entry = |scope: &str| format!("  {{\"scope\": \"{scope}\", \"title\": \"T\"}}");
    let text = |scopes: &[&str]| {
        format!("[\n{}\n]", scopes.iter().map(|s| entry(s)).collect::<Vec<_>>().join(",\n"))
    };
    let left: Vec<String> =
        of(FixKind::RemoveEntry, &text(&["x y", "b", "c"])).into_iter().map(|(_, text)| text).collect();
    assert_eq!(left, [text(&["b", "c"])]);
    assert_eq!(of(FixKind::RemoveEntry, &text(&["b", "x y"])), [("x y".to_owned(), text(&["b"]))]);
}

#[test]
fn nothing_is_removed_where_it_is_not_known_where_an_entry_ends() {
    assert!(of(FixKind::RemoveEntry, "[{\"scope\": \"a\" \"title\": \"A\"}, {\"scope\": \"b\"").is_empty());
    assert!(of(FixKind::RemoveEntry, "{\"scope\": \"a\", \"title\": \"A\"}").is_empty());
    assert!(found(&format!("[{{\"scope\":\"read_todos\"}}]{}", " ".repeat(MAX_BYTES))).is_empty());
}
