//! What holds for whatever evidence there is: less evidence never makes surer, order does not matter, other people's
//! tokens do not matter, and no bytes make it stumble.

use crate::support::{With, all_cases, call, explain, is_event};
use proptest::prelude::*;
use scopes::diagnosis::read::{self, Format, Hint};
use scopes::diagnosis::{Certainty, Diagnosis, GateState, Known, diagnose, subjects};
use scopes::exchange::{Exchange, ExchangeView, HeaderView, Request, Response, view, views};
use scopes::lang::Lang;

/// Everything but the order of facts.
fn gist(answer: &Diagnosis) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut facts: Vec<String> =
        answer.evidence.iter().map(|fact| format!("{} {}", fact.source, fact.text)).collect();
    facts.sort();
    (answer.cause, answer.certainty, answer.because, answer.needs.clone(), answer.headline.clone(), facts)
}

fn no_surer(less: &Diagnosis, more: &Diagnosis, what: &str) {
    assert!(
        less.certainty <= more.certainty,
        "{what}: {} {:?} from less, {} {:?} from more",
        less.cause,
        less.certainty,
        more.cause,
        more.certainty
    );
    if less.certainty == Certainty::Proven {
        assert_eq!(less.cause, more.cause, "{what}: another proven cause");
    }
}

#[test]
fn removing_evidence_never_makes_surer() {
    for (file, all, subject) in all_cases() {
        let whole = explain(all, *subject, Lang::En);
        let others: Vec<&Exchange> =
            all.iter().enumerate().filter(|(at, _)| at != subject).map(|(_, e)| e).collect();
        for mask in 0..(1u32 << others.len()) {
            let kept: Vec<Exchange> = others
                .iter()
                .enumerate()
                .filter(|(at, e)| mask & (1 << at) != 0 || is_event(e))
                .map(|(_, e)| (*e).clone())
                .collect();
            let less = diagnose(&all[*subject], &kept, &Known::default(), Lang::En);
            no_surer(&less, &whole, &format!("{file} with {mask:b}"));
        }
    }
}

/// Exchanges that say something about one token only.
fn about_a_token(exchange: &Exchange) -> bool {
    ["/introspect", "/me", "/sets", "/todos", "/permissions", "/me/teams", "/oauth/token"]
        .iter()
        .any(|end| exchange.request.url.split('?').next().unwrap().ends_with(end))
}

#[test]
fn another_tokens_evidence_changes_nothing() {
    let cases = all_cases();
    // A pasted text stands alone, and a masked credential may stand for the one token that is not masked.
    let apart = |file: &str| file.ends_with(".har") && !file.starts_with("35-");
    for (file, all, subject) in cases.iter().filter(|(file, ..)| apart(file)) {
        let alone = explain(all, *subject, Lang::En);
        for (other_file, foreign, _) in cases.iter().filter(|(other, ..)| other != file) {
            let mut mixed = all.clone();
            mixed.extend(foreign.iter().filter(|exchange| about_a_token(exchange)).cloned());
            let answer = explain(&mixed, *subject, Lang::En);
            assert_eq!(gist(&answer), gist(&alone), "{file} beside {other_file}");
        }
    }
}

#[test]
fn both_languages_say_the_same_thing() {
    for (file, all, subject) in all_cases() {
        let (en, zh) = (explain(all, *subject, Lang::En), explain(all, *subject, Lang::Zh));
        assert_eq!(
            (&en.cause, en.certainty, &en.because, &en.needs),
            (&zh.cause, zh.certainty, &zh.because, &zh.needs),
            "{file}"
        );
        assert_eq!(en.gates.len(), zh.gates.len(), "{file}");
        assert_eq!(en.remedies.len(), zh.remedies.len(), "{file}");
        let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(han(&zh.headline) && !han(&en.headline), "{file}: {} / {}", en.headline, zh.headline);
        for text in
            en.remedies.iter().map(|step| &step.action).chain(en.gates.iter().map(|gate| &gate.question))
        {
            assert!(!text.contains(['{', '}']) && !han(text), "{file}: {text}");
        }
    }
}

#[test]
fn no_secret_is_told() {
    for (file, all, subject) in all_cases() {
        let answer = serde_json::to_string(&explain(all, *subject, Lang::En)).unwrap();
        let shown: String = views(all).iter().map(|view| serde_json::to_string(view).unwrap()).collect();
        for exchange in all {
            let headers = exchange.request.headers.iter().filter(|(name, _)| name == "Authorization");
            for token in
                headers.filter_map(|(_, value)| value.split(' ').next_back()).filter(|token| token.len() > 20)
            {
                assert!(!answer.contains(token) && !shown.contains(token), "{file} tells {token}");
            }
        }
    }
}

#[test]
fn one_call_at_least_is_a_subject() {
    for (file, all, subject) in all_cases() {
        let found = subjects(all);
        assert!(found.contains(subject), "{file}: {found:?}");
        // Beside the call that was refused stand at most calls that were not.
        let refused = |at: &usize| all[*at].response.as_ref().is_none_or(|response| response.status >= 400);
        assert!(found.iter().all(|at| at == subject || !refused(at)), "{file}: {found:?}");
    }
}

fn formats() -> impl Strategy<Value = Option<Format>> {
    prop_oneof![
        Just(None),
        Just(Some(Format::Har)),
        Just(Some(Format::Jsonl)),
        Just(Some(Format::Curl)),
        Just(Some(Format::Answer)),
    ]
}

/// Reads anything, shows it and explains what came out.
fn swallow(text: &str, format: Option<Format>) {
    let read = read::read(text, format, &Hint::default(), Lang::En);
    let all: Vec<Exchange> = read.entries.into_iter().map(|entry| entry.exchange).collect();
    for subject in subjects(&all) {
        let _ = explain(&all, subject, Lang::Zh);
        let _ = view(&all[subject]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_evidence_does_not_matter(which in 0usize..all_cases().len(), seed in any::<u64>()) {
        let (file, all, subject) = &all_cases()[which];
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        let shuffled: Vec<Exchange> = order.iter().map(|at| all[*at].clone()).collect();
        let moved = order.iter().position(|at| at == subject).unwrap();
        prop_assert_eq!(gist(&explain(&shuffled, moved, Lang::En)), gist(&explain(all, *subject, Lang::En)), "{}", file);
    }

    #[test]
    fn any_text_is_swallowed(text in "\\PC{0,200}", format in formats()) {
        swallow(&text, format);
    }

    #[test]
    fn any_cut_and_any_slip_in_an_archive_is_swallowed(which in 0usize..all_cases().len(), cut in 0.0f64..1.0, byte in any::<u8>(), format in formats()) {
        let (file, ..) = &all_cases()[which];
        let mut bytes = std::fs::read(crate::support::cases().join(file)).unwrap();
        let at = ((bytes.len() - 1) as f64 * cut) as usize;
        bytes[at] = byte;
        swallow(&String::from_utf8_lossy(&bytes), format);
        swallow(&String::from_utf8_lossy(&bytes[..at]), format);
    }

    #[test]
    fn any_words_of_the_servers_are_swallowed(
        status in 0u16..600,
        error in prop_oneof![Just("Missing required scope. Token must include one of: ".to_owned()), Just("Missing required scope: ".to_owned()), Just("No permission".to_owned()), "\\PC{0,40}"],
        tail in "\\PC{0,20}",
        method in "(GET|POST|PATCH|PUT|DELETE)",
        path in "/api/(cross-app/(me|teams/[^?]{0,8}/(sets|todos/a|permissions|sets/x/todos))|apps/[a-z]{0,3}|oauth/(token|me/teams|authorize))",
        token in "\\PC{0,30}",
    ) {
        let body = serde_json::json!({ "error": format!("{error}{tail}") });
        let one = call(&format!("{method} https://a.test{path}"), status, body).bearer(&token);
        let answer = explain(&[one], 0, Lang::En);
        prop_assert!(!answer.headline.is_empty());
    }
}

/// What of an exchange may leave the process, read back.
fn passed_on(view: &ExchangeView, at: Option<i64>) -> Exchange {
    let headers =
        |rows: &[HeaderView]| rows.iter().map(|row| (row.name.clone(), row.value.clone())).collect();
    Exchange {
        request: Request {
            method: view.method.clone(),
            url: view.url.clone(),
            headers: headers(&view.request_headers),
            body: view.request_body.clone(),
        },
        response: view.status.map(|status| Response {
            status,
            headers: headers(&view.response_headers),
            body: view.body.clone(),
            truncated: false,
        }),
        failure: view.failure.map(|kind| (kind, String::new())),
        started_at: at,
        elapsed_ms: view.elapsed_ms,
    }
}

#[test]
fn the_answer_is_the_same_without_the_secrets() {
    // What somebody masked already holds no secret, and a view gives every mask a fingerprint of its own.
    let masked = |file: &str| file.starts_with("35-");
    for (file, all, subject) in all_cases().iter().filter(|(file, ..)| !masked(file)) {
        let shown: Vec<Exchange> = views(all).iter().map(|view| passed_on(view, view.started_at)).collect();
        let (bare, whole) = (explain(&shown, *subject, Lang::En), explain(all, *subject, Lang::En));
        assert_eq!(
            (&bare.cause, bare.certainty, &bare.because, &bare.needs),
            (&whole.cause, whole.certainty, &whole.because, &whole.needs),
            "{file}"
        );
    }
}

#[test]
fn no_gate_that_was_passed_is_said_to_fail() {
    let folder = std::fs::read_dir(tests::places::data("cases/capsules")).unwrap();
    let texts =
        folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "har"));
    let of_text = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let entries = read::read(&text, None, &Hint::default(), Lang::En).entries;
        let exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
        let subject = subjects(&exchanges).first().copied().unwrap_or(0);
        (path.display().to_string(), exchanges, subject)
    };
    let cases = all_cases().iter().map(|(file, all, subject)| (file.clone(), all.clone(), *subject));
    let mut passed = 0;
    for (file, all, subject) in texts.map(of_text).chain(cases) {
        let others: Vec<Exchange> =
            all.iter().enumerate().filter(|(at, _)| *at != subject).map(|(_, one)| one.clone()).collect();
        for lang in [Lang::En, Lang::Zh] {
            let answer = diagnose(&all[subject], &others, &Known::default(), lang);
            for gate in answer.gates.iter().filter(|gate| gate.state == GateState::Passed) {
                passed += 1;
                for fact in &gate.evidence {
                    let says = fact.text.starts_with("would fail") || fact.text.starts_with("会失败");
                    assert!(!says, "{file}: {} passed, {}", gate.id, fact.text);
                }
            }
        }
    }
    assert!(passed > 300, "{passed}");
}
