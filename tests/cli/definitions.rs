//! `spectroscope definitions …` on a sandbox.

use crate::support::{Dir, run, run_with};

#[test]
fn the_list_of_the_guide_is_what_the_sandbox_holds() {
    let ran = run(&["definitions", "plan", "--sandbox"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.ends_with("0 to create, 0 to update, 0 to delete, 13 unchanged, 0 only at Prism\n"));
}

#[test]
fn what_is_exported_can_be_planned_and_changes_nothing() {
    let exported = run(&["definitions", "export", "--sandbox"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    let planned = run_with(&["definitions", "plan", "--sandbox", "-"], exported.out.as_bytes(), &[]);
    assert_eq!(planned.code, 0, "{}", planned.out);
}

#[test]
fn the_guide_needs_no_connection() {
    let ran = run(&["definitions", "export", "--guide"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&ran.out).expect("a list");
    assert_eq!((ran.code, list.len(), ran.err.as_str()), (0, 13, ""));
    assert!(ran.out.starts_with("[\n  {\n    \"scope\": \"read_todos\",\n    \"title\": \"Read todos\",\n"));
}

#[test]
fn a_difference_ends_with_one_and_applying_it_with_zero() {
    let dir = Dir::new();
    let file = dir.file(
        "more.json",
        r#"[{"scope":"assign_todos","title":"Assign todos"},{"scope":"comment","title":"Write comments"}]"#,
    );
    let planned = run(&["definitions", "plan", "--sandbox", &file]);
    assert_eq!(planned.code, 1);
    assert!(planned.out.contains("+ create") && planned.out.contains("− Post comments"), "{}", planned.out);
    let applied = run(&["definitions", "apply", "--sandbox", &file, "--delete", "claim_todos"]);
    assert_eq!(applied.code, 0, "{}\n{}", applied.out, applied.err);
    assert_eq!(applied.out.matches("✓ verified").count(), 3, "{}", applied.out);
}

#[test]
fn a_mistake_is_shown_in_its_line_and_nothing_is_sent() {
    let dir = Dir::new();
    let file = dir.file("bad.json", "[\n  {\"scope\": \"标题\", \"title\": \"A\"}\n]");
    let ran = run(&["definitions", "apply", "--sandbox", "--json", &file]);
    assert_eq!(ran.code, 4);
    assert_eq!(ran.json()["blocked"]["code"], "import.blocked");
    let ran = run(&["definitions", "apply", "--sandbox", &file]);
    assert!(
        ran.err.contains(
            "bad.json:2:13\n2 │   {\"scope\": \"标题\", \"title\": \"A\"}\n  │             ^^^^^^\n"
        ),
        "{}",
        ran.err
    );
    assert!(!ran.out.contains("verified"), "{}", ran.out);
}

#[test]
fn escapes_and_direction_marks_of_a_title_are_made_visible() {
    let input = r#"[{"scope":"x","title":"\u001b[31mred\u202e"}]"#;
    let ran = run_with(&["definitions", "plan", "--sandbox", "-"], input.as_bytes(), &[]);
    assert!(ran.out.contains("␛[31mred⟨U+202E⟩"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let ran = run(&["definitions", "plan", "--sandbox", "/nowhere/at/all.json"]);
    assert_eq!(ran.code, 4, "not 1, which says that something differs");
    assert!(ran.err.contains("/nowhere/at/all.json"), "{}", ran.err);
}

#[test]
fn nothing_on_standard_input_is_no_empty_list() {
    for args in [
        &["definitions", "plan", "--sandbox", "-"][..],
        &["definitions", "apply", "--sandbox", "-"],
        &["scopes", "build", "--client-id", "prism_6wsjw653PfFYk7GOq6wuSQ", "--merge", "-"],
    ] {
        let ran = run_with(args, b" \n", &[]);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{args:?}");
        assert!(ran.err.contains("text.empty"), "{}", ran.err);
    }
    let list = run_with(&["definitions", "plan", "--sandbox", "-"], b"[]", &[]);
    assert_eq!(list.code, 0, "{}", list.err);
}

#[test]
fn an_export_into_a_file_answers_in_json() {
    let ran = run(&["definitions", "export", "--sandbox", "--json", "/nowhere/at/all.json"]);
    assert_eq!((ran.code, ran.json()["problem"]["code"].as_str()), (4, Some("file.no_file")));
    let dir = crate::support::Dir::new();
    let path = dir.path().join("definitions.json").display().to_string();
    let ran = run(&["definitions", "export", "--sandbox", "--json", &path]);
    assert_eq!((ran.code, ran.json()["written"].as_str()), (0, Some(path.as_str())));
}

#[test]
fn with_a_server_that_is_down_nothing_is_done() {
    // A port that was free a moment ago: nobody listens there.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
    let ran = run(&["definitions", "plan", "--glint", &format!("http://127.0.0.1:{port}")]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("reach.refused"), "{}", ran.err);
}

#[test]
fn a_title_of_a_megabyte_fits_into_a_line() {
    let title = "<b>".repeat(350_000);
    let input = format!(r#"[{{"scope":"x","title":"{title}"}}]"#);
    let ran = run_with(&["definitions", "plan", "--sandbox", "-"], input.as_bytes(), &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.lines().chain(ran.err.lines()).all(|line| line.len() < 400));
}

#[test]
fn more_than_is_read_is_refused() {
    let ran = run_with(&["definitions", "plan", "--sandbox", "-"], &vec![b' '; 17 * 1024 * 1024], &[]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("text.too_large"), "{}", ran.err);
}

#[test]
fn a_name_to_delete_that_is_unknown_or_in_the_source_is_an_error() {
    let dir = Dir::new();
    let file = dir.file("one.json", r#"[{"scope":"read_todos","title":"Read"}]"#);
    for command in ["plan", "apply"] {
        for (names, said) in [("no_such,claim_todos", "`no_such`"), ("read_todos", "`read_todos`")] {
            let ran = run(&["definitions", command, "--sandbox", &file, "--delete", names]);
            assert_eq!(ran.code, 2, "{command} {names}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(said) && !ran.err.contains("`claim_todos`"), "{}", ran.err);
        }
    }
}
