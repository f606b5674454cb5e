//! What capsules hold when others chose the words: unknown names at every refusal, people, hosts, long lists.

use crate::capsules::{gist, opened};
use crate::recorded::PRISM;
use crate::refusal_texts::{of_glint, of_prism, of_records, planted};
use crate::scene::{G, TOKEN, USER, app, config, dead, denied, introspected, lacks_read};
use crate::support::{With, call, refusal_key, sampled, ways};
use scopes::diagnosis::capsule::{MAX_BYTES, Sealed, Unsealed, Wanted, seal};
use scopes::diagnosis::read::{Hint, Read, read};
use scopes::diagnosis::report::report;
use scopes::diagnosis::{Certainty, Known, diagnose, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::{Value, json};

const PLAIN: Wanted = Wanted { minimised: false, hide_hosts: false };
const MINIMISED: Wanted = Wanted { minimised: true, hide_hosts: false };
const HIDDEN: Wanted = Wanted { minimised: false, hide_hosts: true };
const BOTH: Wanted = Wanted { minimised: true, hide_hosts: true };

/// Runs a check for each of many and lists what failed.
fn each<T>(all: impl IntoIterator<Item = T>, check: impl Fn(T)) {
    let mut failed = Vec::new();
    for one in all {
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(one)));
        if let Err(why) = ran {
            failed.push(why.downcast_ref::<String>().cloned().unwrap_or_default());
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

/// Seals a call and checks that its capsule gives the answer of the record.
#[track_caller]
fn sealed(what: &str, call: &Exchange, others: &[Exchange], wanted: Wanted) -> Sealed {
    let before = diagnose(call, others, &Known::default(), Lang::En);
    let sealed = seal(call, others, &Known::default(), wanted);
    let sealed = sealed.unwrap_or_else(|why| panic!("{what} {wanted:?}: {why:?}"));
    assert_eq!(gist(&opened(&sealed.har, Lang::En)), gist(&before), "{what} {wanted:?}");
    sealed
}

/// The text of an archive and what its escapes and codes stand for.
fn unfolded(text: &str) -> String {
    let decoded = scopes::routes::percent_decoded(text);
    format!("{text}\n{decoded}\n{}", scopes::routes::percent_decoded(&decoded)).to_lowercase()
}

#[track_caller]
fn holds_none(what: &str, text: &str, planted: &[String]) {
    let text = unfolded(text);
    for word in planted {
        let at = text.find(&word.to_lowercase());
        let around =
            |at: usize| text.get(at.saturating_sub(60)..(at + 60).min(text.len())).unwrap_or_default();
        assert!(at.is_none(), "{what} holds {word}: {}", around(at.unwrap_or_default()));
    }
}

#[test]
fn unknown_names_stay_out_of_the_capsule_of_every_refusal() {
    let alone = of_glint().into_iter().chain(of_prism()).map(|(what, call)| (what, call, Vec::new()));
    let seen = std::cell::Cell::new(0);
    let texts = sampled(alone.chain(of_records()), |(what, refused, _)| {
        let case = what.split_once(".har").map_or("", |(case, _)| case);
        format!("{case} {}", refusal_key(refused))
    });
    let count = texts.len();
    each(texts.into_iter().enumerate(), |(at, (what, refused, others))| {
        let refused = planted(refused);
        let others: Vec<Exchange> = others.into_iter().map(planted).collect();
        for wanted in ways(&[PLAIN, MINIMISED, HIDDEN], at) {
            let sealed = sealed(&what, &refused, &others, wanted);
            holds_none(&format!("{what} {wanted:?}"), &sealed.har, &["kanarie".to_owned()]);
            seen.set(seen.get() + 1);
        }
    });
    let seen = seen.get();
    println!("count: {seen} capsules with planted names, of {count} refusals");
    assert!(seen >= count && count > 150, "{seen} of {count}");
}

/// Exchanges of a case file, the call first, and its planted texts.
fn case(path: &std::path::Path) -> (Exchange, Vec<Exchange>, Value) {
    let text = std::fs::read_to_string(path).unwrap();
    let Read { entries, .. } = read(&text, None, &Hint::default(), Lang::En);
    let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
    let subject = subjects(&exchanges).first().copied().unwrap_or(0);
    let har: Value = serde_json::from_str(&text).unwrap();
    (exchanges.remove(subject), exchanges, har["log"]["_planted"].clone())
}

#[test]
fn archives_that_carry_too_much_give_capsules_that_do_not() {
    let mut files: Vec<_> = std::fs::read_dir(tests::places::data("cases/capsules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "har"))
        .collect();
    files.sort();
    let words = |planted: &Value, name: &str| -> Vec<String> {
        serde_json::from_value(planted[name].clone()).unwrap()
    };
    each(&files, |path| {
        let what = path.file_name().unwrap().to_string_lossy().into_owned();
        let (call, others, planted) = case(path);
        for wanted in [PLAIN, MINIMISED, HIDDEN, BOTH] {
            let sealed = sealed(&what, &call, &others, wanted);
            let mut never = words(&planted, "never");
            never.extend(wanted.minimised.then(|| words(&planted, "minimised")).into_iter().flatten());
            never.extend(wanted.hide_hosts.then(|| words(&planted, "hidden")).into_iter().flatten());
            holds_none(&format!("{what} {wanted:?}"), &sealed.har, &never);
            holds_none(&format!("report of {what} {wanted:?}"), &report(&sealed.har), &never);
            assert!(sealed.har.len() < MAX_BYTES / 4, "{what}: {}", sealed.har.len());
            // What was opened can be passed on.
            let Read { entries, capsule, .. } = read(&sealed.har, None, &Hint::default(), Lang::En);
            let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
            let subject = exchanges.remove(0);
            let again = seal(&subject, &exchanges, &capsule.unwrap().known(), BOTH).unwrap();
            holds_none(&format!("{what} {wanted:?}, passed on"), &again.har, &never);
        }
    });
    println!("count: {} hostile archives x 4 ways", files.len());
    assert!(files.len() >= 41, "{}", files.len());
}

#[test]
fn scopes_that_the_answer_needs_are_kept_exactly() {
    for text in [
        "Missing required scope. Token must include one of: edit_todos, complete_todos, reorder_todos, write_todos (or the bundle scope \"workbench\")",
        "Missing required scope: edit_todos or write_todos",
        "Missing required scope: a_scope_of_tomorrow",
    ] {
        let refused = denied("PATCH /teams/t1/todos/d1", 403, text).sent(json!({ "title": "x" }));
        let others = [introspected("openid"), config(G, "https://prism.test")];
        for wanted in [PLAIN, MINIMISED, HIDDEN] {
            let sealed = sealed(text, &refused, &others, wanted);
            assert!(sealed.har.contains(&text.replace('"', "\\\\\\\"")), "{text} {wanted:?}: {}", sealed.har);
        }
    }
}

#[test]
fn a_misspelt_scope_is_kept_where_the_answer_rests_on_it() {
    let slip = app("raed_todos");
    let others =
        [introspected(&format!("openid {slip} {}", app("zaphira"))), config(G, "https://prism.test")];
    let sealed = sealed("a slip", &lacks_read(), &others, MINIMISED);
    assert!(sealed.har.contains("raed_todos") && !sealed.har.contains("zaphira"), "{}", sealed.har);
}

#[test]
fn ids_that_are_no_ids_in_form_are_not_passed_on_beside_the_exchanges() {
    for (id, stays) in [(G, true), ("Kanarie7verborgen", false), ("https://kanarie.test/x", false)] {
        let known = Known {
            provider_client_id: Some(id.to_owned()),
            names: [("kanarie".to_owned(), "Glint".to_owned())].into(),
            ..Known::default()
        };
        for wanted in [PLAIN, MINIMISED] {
            let sealed = seal(&lacks_read(), &[introspected("openid")], &known, wanted);
            // Without its ID the provider is another fact, and where the answer rests on it there is no capsule.
            let Ok(sealed) = sealed else { continue };
            assert_eq!(sealed.har.contains(id), stays, "{id} {wanted:?}");
            assert!(!sealed.har.contains("kanarie"), "{id}");
        }
    }
    let known = Known { provider_client_id: Some(G.to_owned()), ..Known::default() };
    assert!(seal(&lacks_read(), &[introspected("openid")], &known, PLAIN).unwrap().har.contains(G));
}

#[test]
fn times_of_a_minimised_capsule_count_from_the_call() {
    let refused = lacks_read().header("Accept", "*/*");
    let mut refused = refused;
    let date = ("Date".to_owned(), "Sun, 22 Nov 2026 06:25:00 GMT".to_owned());
    refused.response.as_mut().unwrap().headers.push(date);
    let others = [introspected("openid"), config(G, "https://prism.test")];
    let kept = sealed("times", &refused, &others, PLAIN);
    let moved = sealed("times", &refused, &others, MINIMISED);
    assert!(kept.har.contains("Sun, 22 Nov 2026") && kept.har.contains("179533"));
    for time in ["2026-", "Nov 2026", "179532", "179533"] {
        assert!(!moved.har.contains(time), "{time}: {}", moved.har);
    }
    assert!(moved.har.contains("2000-01-01T00:00:00.000Z"), "{}", moved.har);
    assert!(!report(&moved.har).contains("2000-01-01"));
}

#[test]
fn the_capsule_of_a_refused_call_stays_small_whatever_it_comes_from() {
    let (long, longest) = ("Zaphira ".repeat(5_000), "Zaphira ".repeat(280_000));
    let mut refused = denied("GET /teams/t999/sets", 403, "Not a member of this team");
    refused.response.as_mut().unwrap().body =
        Some(json!({ "error": "Not a member of this team", "message": long, "name": long }).to_string());
    let rows = |count: usize| -> Vec<Value> {
        let row = |at: usize| json!({ "id": format!("t{at}"), "name": "Zaphira", "role": "member", "joined_at": 1 });
        (0..count).map(row).collect()
    };
    let teams =
        call(&format!("GET {PRISM}/api/oauth/me/teams"), 200, json!({ "teams": rows(3_000) })).bearer(TOKEN);
    let mine = json!({ "user": { "id": USER, "teams": rows(900) }, "grantedScopes": [] });
    let mut others = vec![
        introspected("openid teams:read"),
        teams.at(2),
        call("GET https://glint.test/api/cross-app/me", 200, mine).bearer(TOKEN).at(3),
    ];
    let filler = json!({ "todos": [{ "id": "x", "title": longest }] }).to_string();
    for at in 0..23 {
        let path = format!("GET https://glint.test/api/cross-app/teams/t1/sets/s{at}/todos");
        others.push(call(&path, 200, json!(filler)).bearer(TOKEN).at(4 + at));
    }
    let bytes: usize = std::iter::once(&refused)
        .chain(&others)
        .map(|one| one.response.as_ref().and_then(|r| r.body.as_ref()).map_or(0, String::len))
        .sum();
    assert!(bytes > 50_000_000, "{bytes}");
    for wanted in [PLAIN, MINIMISED] {
        let sealed = sealed("a large archive", &refused, &others, wanted);
        println!("count: {} bytes of {bytes}", sealed.har.len());
        assert!(sealed.har.len() < 256 * 1024, "{}", sealed.har.len());
    }
}

#[test]
fn a_report_names_nobody_where_the_capsule_does_not() {
    let title = "Visit Zaphira Quill";
    let refused = denied(
        "POST /teams/t1/sets/s1/todos?login_hint=zaphira@quill.test",
        409,
        &format!("Todo item title already exists among sibling todos: {title}"),
    )
    .sent(json!({ "title": title }));
    let me = json!({ "user": { "id": USER, "displayName": "Zaphira Quill", "username": "zaphira",
        "email": "zaphira@quill.test", "teams": [{ "id": "t1", "name": "Quill", "role": "member" }] } });
    let me = call("GET https://glint.test/api/cross-app/me", 200, me).bearer(TOKEN).at(1);
    for (refused, others) in
        [(refused, vec![me.clone()]), (denied("GET /me", 401, "Unauthorized"), vec![dead(), me])]
    {
        let text = report(&sealed("a report", &refused, &others, MINIMISED).har);
        assert!(text.contains("## Refused call") && text.contains("## 被拒绝的调用"), "{text}");
        holds_none("the report", &text, &["Zaphira".to_owned(), "Quill".to_owned(), TOKEN.to_owned()]);
    }
}

#[test]
fn a_call_whose_answer_rests_on_what_no_capsule_holds_has_none() {
    // An ID that is none in form is not passed on. With it the scope is certainly this provider's, without it likely.
    let known = Known { provider_client_id: Some("not-an-id".to_owned()), ..Known::default() };
    let holds = introspected("openid app:not-an-id:claim_todos");
    let text =
        "Missing required scope. Token must include one of: assign_todos (or the bundle scope \"workbench\")";
    let refused = denied("PUT /teams/t1/todos/d1/assignees", 403, text).sent(json!({ "userIds": [USER] }));
    let before = diagnose(&refused, std::slice::from_ref(&holds), &known, Lang::En);
    assert_eq!((before.cause.as_str(), before.certainty), ("scope.renamed", Certainty::Proven));
    for wanted in [PLAIN, MINIMISED, HIDDEN, BOTH] {
        let sealed = seal(&refused, std::slice::from_ref(&holds), &known, wanted);
        assert_eq!(sealed.err(), Some(Unsealed::AnswerDiffers), "{wanted:?}");
    }
}

/// Words under names whose values are words of the protocol or IDs.
#[test]
fn words_that_are_no_words_of_the_product_stay_out_of_every_capsule() {
    const WORDS: [&str; 4] = ["kqzpwxytrbnmlcvd", "kQzPwxYtRbNmLcVd", "x8k2j4h6q9z1m3n5", "verborgenkanarie"];
    let word = |name: &str, word: &str| json!({ "error": "Token inactive or expired", name: word });
    for planted in WORDS {
        let mut bodies: Vec<Value> = [
            "role",
            "type",
            "kind",
            "status",
            "permission",
            "action",
            "visibility",
            "effect",
            "sort",
            "method",
            "message",
            "reason",
            "detail",
            "id",
            "userId",
            "sub",
            "createdBy",
            "cursor",
            "expiresAt",
            "limit",
            "state",
            "nonce",
            "username",
            "title",
        ]
        .into_iter()
        .map(|name| word(name, planted))
        .collect();
        for name in ["ids", "userIds", "assignees", "todoIds", "errors", "types", "required_fields"] {
            bodies.push(json!({ "error": "Token inactive or expired", name: [planted, "x"] }));
        }
        bodies.push(json!([planted]));
        for body in bodies {
            let refused = call("GET https://glint.test/api/cross-app/me", 401, body.clone()).bearer(TOKEN);
            for wanted in [PLAIN, MINIMISED, HIDDEN, BOTH] {
                let sealed = sealed(&body.to_string(), &refused, &[dead()], wanted);
                holds_none(&format!("{body} {wanted:?}"), &sealed.har, &[planted.to_owned()]);
            }
        }
    }
}

/// What the diagnosis knows stays: words of both servers, and IDs that the address of the call names.
#[test]
fn words_of_the_product_and_ids_of_the_call_stay_readable() {
    let body = json!({ "error": "Todo not found", "role": "viewer", "status": "completed", "type": "owner_allow",
        "teamId": "tea-party", "ids": ["tea-party", "22d71a4a3697a1d674be910d93c3cae1"] });
    let url = "GET https://glint.test/api/cross-app/teams/tea-party/sets";
    let refused = call(url, 404, body.clone()).bearer(TOKEN);
    let sealed = sealed("words", &refused, &[], PLAIN);
    let har: Value = serde_json::from_str(&sealed.har).unwrap();
    let text = har["log"]["entries"][0]["response"]["content"]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), body);
}

/// A program on somebody's own machine is a host like any other.
#[test]
fn loopback_hosts_are_hidden_with_their_ports() {
    for host in ["localhost:3000", "127.0.0.1:8787", "[::1]:3000", "localhost", "0.0.0.0:8080"] {
        let body =
            json!({ "error": format!("connect ECONNREFUSED {host}"), "issuer": format!("http://{host}") });
        let refused = call(&format!("GET http://{host}/api/cross-app/me"), 502, body)
            .bearer(TOKEN)
            .header("Host", host)
            .header("Origin", &format!("http://{host}"));
        for wanted in [HIDDEN, BOTH] {
            let text = sealed(host, &refused, &[], wanted).har;
            holds_none(host, &text, &[host.to_owned(), format!("//{}", host.split(':').next().unwrap())]);
        }
        let kept = sealed(host, &refused, &[], MINIMISED).har;
        assert!(kept.contains(&format!("http://{host}/")), "{kept}");
    }
}
