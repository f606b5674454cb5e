//! `spectroscope call --compare`, `call --capsule`, `diagnose --recheck` and `matrix`.

use crate::support::{Dir, run};

const PANTRY: [&str; 4] = ["--set", "team=Tea Party", "--set", "set=Pantry"];

#[test]
fn the_same_read_stands_side_by_side() {
    let compare = ["call", "list_todos", "--sandbox", "--compare", "mia_full,nora_no_team"];
    let args: Vec<&str> = compare.into_iter().chain(PANTRY).collect();
    let ran = run(&args);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.out);
    assert!(lines[1].contains("200") && lines[1].contains("allowed"), "{}", lines[1]);
    assert!(lines[2].contains("membership."), "{}", lines[2]);
    let writes = run(&["call", "delete_todo", "--sandbox", "--compare", "mia_full,mia_reader"]);
    assert_eq!(writes.code, 2, "{}", writes.err);
    assert!(writes.err.contains("compare.writes"), "{}", writes.err);
}

#[test]
fn a_matrix_is_a_table_a_list_or_json() {
    let ran = run(&["matrix", "--sandbox", "--as", "mia_full", "--team", "Tea Party"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("update_todo {sortOrder}") && ran.out.contains("role.default"), "{}", ran.out);
    assert!(ran.out.contains("◐ own only"), "{}", ran.out);
    let csv = run(&["matrix", "--sandbox", "--as", "mia_full", "--csv", "--prove"]);
    assert!(csv.out.starts_with("group,route,field,"), "{}", csv.out);
    assert!(
        csv.out.lines().any(|line| line.starts_with("team,me,") && line.contains(",200,allowed,")),
        "{}",
        csv.out
    );
    let json = run(&["matrix", "--sandbox", "--as", "mia_reader", "--prove", "--json"]).json();
    assert_eq!(json["differ"], 0);
    assert!(json["rows"].as_array().is_some_and(|rows| rows.len() > 32));
}

#[test]
fn a_capsule_is_opened_elsewhere_and_asked_again() {
    let dir = Dir::new();
    let file = dir.path().join("denied.har").display().to_string();
    // Not minimised: that would replace the IDs that the call is made with.
    let sealed = ["call", "list_todos", "--sandbox", "--as", "nora_no_team", "--capsule", &file];
    let args: Vec<&str> = sealed.into_iter().chain(PANTRY).collect();
    let ran = run(&args);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let opened = run(&["diagnose", &file, "--json"]).json();
    assert_eq!(opened["subjects"].as_array().map(Vec::len), Some(1));
    let cause = opened["subjects"][0]["cause"].as_str().expect("a cause").to_owned();
    assert!(ran.out.contains(&cause), "{cause}: {}", ran.out);
    let again = run(&["diagnose", &file, "--recheck", "mia_full", "--sandbox"]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert!(again.out.starts_with("200  GET"), "{}", again.out);
    let printed = run(&["diagnose", &file, "--capsule", "-"]);
    assert!(printed.out.contains("\"_spectroscope\""), "{}", printed.out);
    let minimised = dir.path().join("minimised.har").display().to_string();
    run(&["diagnose", &file, "--minimise", "--capsule", &minimised]);
    let again = run(&["diagnose", &minimised, "--recheck", "mia_full", "--sandbox"]);
    assert_eq!(again.code, 1, "{}{}", again.out, again.err);
    assert!(again.err.contains("recheck.minimised") && again.err.contains("fingerprints"), "{}", again.err);
}
