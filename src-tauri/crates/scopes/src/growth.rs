//! What is read and judged grows with its size and not faster: steps are counted, no clock is looked at.

use crate::access::{Party, ReviewInput, Rule, RuleDraft, RuleType, review};
use crate::import;
use crate::lang::Lang;
use crate::list;
use crate::work::assert_linear;

fn source(items: impl Iterator<Item = String>, between: &str) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(between))
}

fn item(scope: &str) -> String {
    format!(r#"{{"scope": "{scope}", "title": "A"}}"#)
}

/// Every way of writing one name in capitals and small letters.
fn spelling(number: usize) -> String {
    let letters = "abcdefghijklmnop".chars().enumerate();
    letters.map(|(at, c)| if number >> at & 1 == 1 { c.to_ascii_uppercase() } else { c }).collect()
}

#[test]
fn an_import_of_repeated_names_is_linear() {
    for between in [",", ",\n"] {
        let same = |size| import::read_text(&source((0..size).map(|_| item("a")), between), Lang::En);
        assert_linear("one name", same, 2_000);
        let alike =
            |size| import::read_text(&source((0..size).map(|n| item(&spelling(n))), between), Lang::En);
        assert_linear("case variants", alike, 2_000);
        let pairs = |size| {
            import::read_text(&source((0..size).map(|n| item(&format!("n{:05}", n / 2))), between), Lang::En)
        };
        assert_linear("each name twice", pairs, 2_000);
    }
}

#[test]
fn an_import_full_of_mistakes_is_linear_and_lists_few_of_them() {
    let kinds: [fn(usize) -> String; 6] = [
        |_| "{}".to_owned(),
        |_| "1".to_owned(),
        |n| format!(r#"{{"title": "", "scope": "b d {n:05}"}}"#),
        |n| format!(r#"{{"scope": "s{n:05}", "title": "T", "field_{n:05}": 1}}"#),
        |n| format!(r#"{{"description": "\u0001", "title": "x\u0001", "scope": "s{n:05}"}}"#),
        |_| r#"{"scope": "a", "scope": "a"}"#.to_owned(),
    ];
    for kind in kinds {
        let read = |size| {
            let source = import::read_text(&source((0..size).map(kind), ","), Lang::En);
            assert!(source.problems.len() <= 201, "{} problems", source.problems.len());
            source
        };
        assert_linear(&kind(0), read, 2_000);
    }
    let one_object = |size: usize| {
        let members: Vec<String> = (0..size).map(|n| format!(r#""m{n:05}": 1"#)).collect();
        import::read_text(&format!("[{{{}}}]", members.join(",")), Lang::En)
    };
    assert_linear("one object of many members", one_object, 2_000);
}

#[test]
fn every_mistake_counts_although_few_are_listed() {
    let read = import::read_text(&source((0..1_000).map(|_| "{}".to_owned()), ",\n"), Lang::En);
    assert_eq!((read.problems.len(), read.refused), (201, 2_000));
    let last = read.problems.last().expect("there");
    assert_eq!(
        (last.code.as_str(), last.message.as_str()),
        ("import.more_problems", "1800 more are not listed.")
    );
    let blocked = import::blocked(&read, Lang::En).expect("blocked");
    assert_eq!(blocked.message, "2000 mistakes in the source have to be cured first.");
}

#[test]
fn more_than_the_stated_number_is_refused_with_its_place() {
    let many = source((0..=import::MAX_DEFINITIONS).map(|_| "{}".to_owned()), ",");
    let read = import::read_text(&many, Lang::En);
    let problem = read.problems.first().expect("a problem");
    assert_eq!((read.problems.len(), problem.code.as_str()), (1, "import.too_many"));
    assert!(problem.message.contains("250000") && problem.span.is_some(), "{}", problem.message);
    for text in [
        "openid ".repeat(list::MAX_ENTRIES + 1),
        source((0..=list::MAX_ENTRIES).map(|_| "\"openid\"".into()), ","),
    ] {
        let problem = list::read(&text, Lang::En).expect_err("too many");
        assert_eq!(problem.code, "list.too_many");
        assert!(problem.message.contains("100000") && problem.span.is_some(), "{}", problem.message);
    }
    assert!(list::read(&"openid ".repeat(list::MAX_ENTRIES), Lang::En).is_ok());
}

#[test]
fn a_pasted_list_is_linear() {
    assert_linear("words", |size| list::read(&"openid ".repeat(size), Lang::En), 2_000);
    let array = |size| list::read(&source((0..size).map(|_| "\"openid\"".to_owned()), ","), Lang::En);
    assert_linear("an array on one line", array, 2_000);
}

fn party(kind: &str, number: usize) -> Party {
    let id = format!("prism_{kind}{number:016}");
    Party {
        id,
        name: Some(format!("{kind} {number}")),
        note: String::new(),
        aliases: vec![format!("{number:032x}")],
    }
}

fn rule(rule_type: RuleType, number: usize) -> Rule {
    let target_id = format!("prism_{}{number:016}", if number.is_multiple_of(2) { "c" } else { "x" });
    Rule { id: format!("r{number}"), rule_type, target_id, created_at: None }
}

/// A review of so many rules and five times as many consumers.
fn reviewed(size: usize) -> crate::access::Review {
    let consumers: Vec<Party> = (0..5 * size).map(|number| party("c", number)).collect();
    let types = [RuleType::AppAllow, RuleType::AppDeny, RuleType::OwnerAllow, RuleType::OwnerDeny];
    let rules: Vec<Rule> = (0..size).map(|n| rule(types[n / 3 % 4], n)).collect();
    let add: Vec<RuleDraft> = (0..size / 4)
        .map(|n| RuleDraft { rule_type: RuleType::AppAllow, target_id: format!("prism_c{n:016}") })
        .collect();
    let remove: Vec<String> = (0..size / 4).map(|n| format!("r{}", 2 * n)).collect();
    let (people, self_id) = (consumers.clone(), None);
    review(&ReviewInput {
        rules: &rules,
        add: &add,
        remove: &remove,
        consumers: &consumers,
        people: &people,
        asked_consumers: &[],
        asked_people: &[],
        self_id,
        lang: Lang::En,
    })
}

#[test]
fn a_review_of_rules_and_parties_is_linear_in_their_sum_and_so_is_its_reply() {
    assert_linear("rules × consumers", reviewed, 100);
    let bytes = |size| serde_json::to_string(&reviewed(size)).expect("JSON").len();
    let (small, large) = (bytes(100), bytes(400));
    assert!(large <= 5 * small, "{small} bytes, {large} bytes");
    // A thousand rules and five thousand consumers.
    let whole = bytes(1_000);
    assert!(whole < 12 * 1024 * 1024, "{whole} bytes");
}

#[test]
fn a_verdict_names_few_of_many_rules_and_counts_all() {
    let rules: Vec<Rule> = (0..1_000).map(|number| rule(RuleType::AppAllow, number)).collect();
    let verdict = crate::access::may_request(&rules, Some("prism_somebody_else"), &[], Lang::En);
    assert_eq!((verdict.rule_ids.len(), verdict.rule_count), (crate::access::MAX_RULE_IDS, 1_000));
}
