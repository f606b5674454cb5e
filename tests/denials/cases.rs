//! Every recorded refusal is explained as it should be, with no more certainty than its archive justifies.

use crate::support::{all_cases, is_event};
use scopes::diagnosis::{Certainty, Diagnosis, Known, diagnose};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::Value;
use std::path::PathBuf;

fn cases() -> PathBuf {
    tests::places::data("cases/diagnosis")
}

fn archive(file: &str) -> Vec<Exchange> {
    all_cases().iter().find(|(name, ..)| name == file).unwrap().1.clone()
}

fn explain(entries: &[Exchange], subject: usize, lang: Lang) -> Diagnosis {
    let others: Vec<Exchange> =
        entries.iter().enumerate().filter(|(at, _)| *at != subject).map(|(_, e)| e.clone()).collect();
    diagnose(&entries[subject], &others, &Known::default(), lang)
}

fn rank(certainty: &str) -> Certainty {
    serde_json::from_value(Value::String(certainty.to_owned())).unwrap()
}

fn any_of(expected: &Value, found: &str) -> bool {
    expected.as_str() == Some(found)
        || expected.as_array().is_some_and(|list| list.iter().any(|one| one == found))
}

fn faults(case: &Value, found: &Diagnosis) -> Vec<String> {
    let mut faults = Vec::new();
    let unscored: Vec<&str> =
        case["unscored"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut check = |field: &str, right: bool, what: String| {
        if !right && !unscored.contains(&field) {
            faults.push(format!("{field}: {what}"));
        }
    };
    check(
        "cause",
        any_of(&case["cause"], found.cause.as_str()),
        format!("{} for {}", found.cause, case["cause"]),
    );
    let is_as_sure = match (case["certainty"].as_str(), case["certainty_max"].as_str()) {
        (Some(exact), None) => found.certainty == rank(exact),
        (None, Some(most)) => found.certainty <= rank(most),
        _ => panic!("{}: either the exact certainty or the greatest", case["file"]),
    };
    check("certainty", is_as_sure, format!("{:?}", found.certainty));
    check(
        "reauthorize",
        found.reauthorize == case["reauthorize"].as_bool().unwrap(),
        found.reauthorize.to_string(),
    );
    let who = case["who"].as_array().unwrap();
    let first = found.remedies.first().map(|step| serde_json::to_value(step.who).unwrap());
    check("who", first.as_ref().map_or(who.is_empty(), |first| who.contains(first)), format!("{first:?}"));
    if let Some(because) = case.get("because").filter(|because| !because.is_null()) {
        check(
            "because",
            found.because.map(scopes::diagnosis::Code::as_str).is_some_and(|code| any_of(because, code)),
            format!("{:?}", found.because),
        );
    }
    let needs = serde_json::to_value(&found.needs).unwrap();
    for (field, wanted) in case["needs"].as_object().unwrap() {
        let right = match (field.as_str(), &needs[field]) {
            ("scopes", got) => sorted(got) == sorted(wanted),
            (_, got) => got.as_str().is_some_and(|got| any_of(wanted, got)),
        };
        check("needs", right, format!("{field} {} for {wanted}", needs[field]));
    }
    faults
}

fn sorted(list: &Value) -> Vec<String> {
    let mut words: Vec<String> =
        list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    words.sort();
    words
}

#[test]
fn recorded_refusals_are_explained() {
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(cases().join("expected.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in expected.as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let entries = archive(file);
        let subject = usize::try_from(case["subject"].as_u64().unwrap()).unwrap();
        let found = explain(&entries, subject, Lang::En);
        println!("{file}: {} {:?}: {} | {}", found.cause, found.certainty, found.headline, found.detail);
        wrong.extend(faults(case, &found).into_iter().map(|fault| format!("{file}: {fault}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn less_evidence_never_makes_surer() {
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(cases().join("expected.json")).unwrap()).unwrap();
    for case in expected.as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let entries = archive(file);
        let subject = usize::try_from(case["subject"].as_u64().unwrap()).unwrap();
        let whole = explain(&entries, subject, Lang::En);
        for left_out in (0..entries.len()).filter(|at| *at != subject && !is_event(&entries[*at])) {
            let others: Vec<Exchange> = entries
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != subject && *at != left_out)
                .map(|(_, e)| e.clone())
                .collect();
            let less = diagnose(&entries[subject], &others, &Known::default(), Lang::En);
            assert!(
                less.certainty <= whole.certainty,
                "{file} without {left_out}: {} {:?}",
                less.cause,
                less.certainty
            );
            assert!(
                less.certainty != Certainty::Proven || less.cause == whole.cause,
                "{file} without {left_out}: {}",
                less.cause
            );
        }
        let turned: Vec<Exchange> = entries
            .iter()
            .enumerate()
            .rev()
            .filter(|(at, _)| *at != subject)
            .map(|(_, e)| e.clone())
            .collect();
        let again = diagnose(&entries[subject], &turned, &Known::default(), Lang::En);
        assert_eq!(
            (&again.cause, again.certainty),
            (&whole.cause, whole.certainty),
            "{file} in another order"
        );
    }
}

#[test]
fn another_tokens_evidence_changes_nothing() {
    let own = archive("09-missing-scope-only-the-answer-is-known.har");
    let whole = explain(&own, 0, Lang::En);
    for stranger in [
        "05-scope-never-registered.har",
        "13-not-a-member.har",
        "16-a-set-that-members-may-not-view.har",
        "10-old-scope-name.har",
    ] {
        let mut others = own[1..].to_vec();
        others.extend(archive(stranger));
        let mixed = diagnose(&own[0], &others, &Known::default(), Lang::En);
        assert_eq!((&mixed.cause, mixed.certainty), (&whole.cause, whole.certainty), "{stranger}");
    }
}

#[test]
fn no_place_of_a_text_stays_unfilled_and_no_token_is_told() {
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(cases().join("expected.json")).unwrap()).unwrap();
    for (case, lang) in
        expected.as_array().unwrap().iter().flat_map(|case| [(case, Lang::En), (case, Lang::Zh)])
    {
        let entries = archive(case["file"].as_str().unwrap());
        let subject = usize::try_from(case["subject"].as_u64().unwrap()).unwrap();
        let said = serde_json::to_string(&explain(&entries, subject, lang)).unwrap();
        for place in ["{consumer}", "{person}", "{scopes}", "{permission}", "{role}", "{resource}"] {
            assert!(!said.contains(place), "{place}: {said}");
        }
        for sent in entries
            .iter()
            .flat_map(|entry| &entry.request.headers)
            .filter(|(name, _)| name == "Authorization")
        {
            let token = sent.1.split_once(' ').map_or(sent.1.as_str(), |(_, token)| token).trim();
            assert!(token.len() < 8 || !said.contains(token));
        }
    }
}
