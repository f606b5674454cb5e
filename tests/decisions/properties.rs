//! Properties that hold for whatever somebody types.

use proptest::prelude::*;
use scopes::access::{Rule, RuleType, may_register, may_request, mode};
use scopes::import::{read, read_text};
use scopes::lang::Lang;
use scopes::plan::{Action, Definition, export, fingerprint, plan};
use scopes::scope::{ScopeSet, parse};

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_.-]{1,12}"
}

fn definition() -> impl Strategy<Value = Definition> {
    (name(), "[a-zA-Z<&\"\\\\é中 ]{0,12}x", "\\PC{0,20}").prop_map(|(scope, title, description)| Definition {
        scope,
        title: title.trim().to_owned(),
        description: description.trim().to_owned(),
    })
}

/// Definitions whose names differ, even without looking at case.
fn definitions() -> impl Strategy<Value = Vec<Definition>> {
    prop::collection::vec(definition(), 0..12).prop_map(|mut list| {
        let mut seen = std::collections::HashSet::new();
        list.retain(|d| seen.insert(d.scope.to_lowercase()));
        list
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let kind = prop::sample::select(vec![
        RuleType::AppAllow,
        RuleType::AppDeny,
        RuleType::OwnerAllow,
        RuleType::OwnerDeny,
    ]);
    prop::collection::vec((kind, 0..4_u8), 0..8).prop_map(|rules| {
        let rule = |(number, (rule_type, target)): (usize, (RuleType, u8))| Rule {
            id: number.to_string(),
            rule_type,
            target_id: target.to_string(),
            created_at: None,
        };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

proptest! {
    #[test]
    fn a_scope_prints_as_it_was_read(text in "(app:[a-z_-]{1,9}:[a-z:]{1,9})|(team:[a-f0-9]{32}:[a-z]{1,5})|([a-z]{1,6}(:[a-z]{1,6})?)") {
        if let Ok(scope) = parse(&text) {
            prop_assert_eq!(scope.to_string(), text);
        }
    }

    #[test]
    fn a_set_keeps_order_and_drops_repetitions(scopes in prop::collection::vec("[a-c]", 0..9)) {
        let set: ScopeSet = scopes.iter().cloned().collect();
        let read: Vec<String> = serde_json::from_str(&set.json()).expect("its own JSON");
        prop_assert_eq!(&read, set.as_slice());
        prop_assert_eq!(set.joined(" ").split_whitespace().map(str::to_owned).collect::<ScopeSet>(), set.clone());
        let mut first = scopes.clone();
        let mut seen = std::collections::HashSet::new();
        first.retain(|scope| seen.insert(scope.clone()));
        prop_assert_eq!(set.as_slice(), first);
    }

    #[test]
    fn what_is_exported_is_read_back_and_changes_nothing(list in definitions()) {
        let source = read(export(&list).as_bytes(), Lang::En);
        prop_assert!(source.problems.iter().all(|p| p.severity < scopes::problem::Severity::Refused), "{:?}", source.problems);
        let rows = plan(&source.items, &list, &[]);
        prop_assert!(rows.iter().all(|row| row.action == Action::Unchanged), "{:?}", rows);
    }

    #[test]
    fn applying_a_plan_leaves_nothing_to_do(wanted in definitions(), live in definitions()) {
        let source = read(export(&wanted).as_bytes(), Lang::En);
        let mut stored: Vec<Definition> = live.clone();
        for row in plan(&source.items, &live, &[]) {
            if matches!(row.action, Action::Create | Action::Update) {
                stored.retain(|d| d.scope != row.scope);
                stored.push(Definition { scope: row.scope, title: row.title, description: row.description });
            }
        }
        let again = plan(&source.items, &stored, &[]);
        prop_assert!(again.iter().all(|row| matches!(row.action, Action::Unchanged | Action::OnlyAtPrism)), "{:?}", again);
    }

    #[test]
    fn the_fingerprint_looks_at_content_and_not_at_order(list in definitions()) {
        let mut turned = list.clone();
        turned.reverse();
        prop_assert_eq!(fingerprint(&list), fingerprint(&turned));
        if let Some(first) = turned.first_mut() {
            first.title.push('!');
            prop_assert_ne!(fingerprint(&list), fingerprint(&turned));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[\\[\\]{}:,\"'\\\\ a-z0-9\\n\u{202e}é]{0,60}") {
        let source = read_text(&text, Lang::Zh);
        let lines = text.lines().count().max(1) + 1;
        for span in source.problems.iter().filter_map(|problem| problem.span) {
            prop_assert!(span.line >= 1 && span.line as usize <= lines && span.column >= 1);
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let source = read(&bytes, Lang::En);
        prop_assert!(source.items.len() <= bytes.len());
    }

    #[test]
    fn a_changed_letter_is_explained_where_it_stands(list in definitions(), at in any::<prop::sample::Index>(), letter in "[\\]}{\\[:,x\"]") {
        let mut text: Vec<char> = export(&list).chars().collect();
        let place = at.index(text.len());
        text[place] = letter.chars().next().expect("one letter");
        let text: String = text.into_iter().collect();
        let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        let explained = read_text(&text, Lang::En).problems.iter().any(|p| p.code.starts_with("json.") && p.span.is_some());
        prop_assert!(is_json || explained, "{}", text);
    }

    #[test]
    fn deny_beats_allow_and_a_list_shuts_out(rules in rules(), who in 0..5_u8) {
        let id = who.to_string();
        for app in [true, false] {
            let named = |allow: bool| rules.iter().any(|r| r.rule_type.is_app() == app && r.rule_type.is_allow() == allow && r.target_id == id);
            let verdict = if app { may_request(&rules, Some(&id), &[], Lang::En) } else { may_register(&rules, Some(&id), &[], Lang::En) };
            let open = mode(&rules, app) == scopes::access::AccessMode::Open;
            prop_assert_eq!(verdict.allowed, !named(false) && (open || named(true)));
            prop_assert!(verdict.rule_ids.iter().all(|id| rules.iter().any(|rule| rule.id == *id && rule.rule_type.is_app() == app)));
            prop_assert_eq!(verdict.rule_ids.is_empty(), verdict.decided_by == scopes::access::DecidedBy::NoRule);
        }
    }
}
