//! A line that is counted by its shape counts where its whole explanation would put it.

use crate::support::cases;
use scopes::diagnosis::groups::{By, Group, group};
use scopes::diagnosis::stream::{Counter, explain};
use scopes::lang::Lang;
use serde_json::Value;
use tests::recorded_denials as denials;

/// What each line says when it is explained by itself.
fn one_by_one(lines: &[String]) -> Vec<Group> {
    let told = lines
        .iter()
        .enumerate()
        .flat_map(|(at, line)| explain(line.as_bytes(), at as u64, Lang::En).unwrap());
    let verdicts: Vec<_> = told.map(|answer| answer.verdict).collect();
    group(&verdicts, By::Route, "", Lang::En)
}

fn by_shape(lines: &[String]) -> Vec<Group> {
    let mut counter = Counter::new(By::Route, "", Lang::En);
    for (at, line) in lines.iter().enumerate() {
        counter.line(line.as_bytes(), at as u64).unwrap();
    }
    counter.counts().groups(Lang::En)
}

#[test]
fn recorded_denials_count_the_same_by_shape_and_one_by_one() {
    let lines: Vec<String> = denials::lines().take(3000).collect();
    let counted = by_shape(&lines);
    assert_eq!(counted, one_by_one(&lines));
    let causes: std::collections::BTreeSet<&str> =
        counted.iter().flat_map(|group| &group.causes).map(|one| one.cause.as_str()).collect();
    assert!(causes.len() > 25, "{causes:?}");
}

#[test]
fn every_entry_of_every_case_counts_the_same_under_other_ids() {
    let mut lines = Vec::new();
    for file in std::fs::read_dir(cases()).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|kind| kind != "har") {
            continue;
        }
        let archive: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        lines.extend(archive["log"]["entries"].as_array().unwrap().iter().map(Value::to_string));
    }
    let mut random = denials::Random(0xa11);
    let mut many = lines.clone();
    for _ in 0..5 {
        many.extend(lines.iter().map(|line| denials::other_ids(line, &mut random)));
    }
    assert!(many.len() > 500, "{}", many.len());
    assert_eq!(by_shape(&many), one_by_one(&many));
}
