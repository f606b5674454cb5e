//! A capsule gives whoever opens it the answer its maker got, and none of the secrets.

use crate::recorded::{GLINT, PRISM, exchange, introspected, recordings};
use crate::scene::{TOKEN, config, dead, introspected as scene_introspected};
use crate::support::{With, all_cases, call, refusal_key, sampled, ways};
use scopes::diagnosis::capsule::{Wanted, seal};
use scopes::diagnosis::read::{Hint, Read, read};
use scopes::diagnosis::{Diagnosis, EvidenceKind, Known, diagnose};
use scopes::exchange::{Exchange, TransportFailure};
use scopes::lang::Lang;
use serde_json::{Value, json};

/// Opens a capsule as a stranger does: from its text alone.
pub(crate) fn opened(text: &str, lang: Lang) -> Diagnosis {
    let Read { entries, problems, capsule } = read(text, None, &Hint::default(), lang);
    assert!(problems.is_empty(), "{problems:?}");
    let capsule = capsule.expect("the mark of a capsule");
    let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
    let subject = exchanges.remove(usize::try_from(capsule.call).unwrap());
    diagnose(&subject, &exchanges, &capsule.known(), lang)
}

/// Opens a capsule that was opened and sealed once more, minimised.
fn resealed(what: &str, text: &str, lang: Lang) -> Diagnosis {
    let Read { entries, capsule, .. } = read(text, None, &Hint::default(), lang);
    let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
    let subject = exchanges.remove(0);
    let known = capsule.expect("the mark of a capsule").known();
    let sealed = seal(&subject, &exchanges, &known, Wanted { minimised: true, ..Wanted::default() });
    opened(&sealed.unwrap_or_else(|why| panic!("{what}, passed on: {why:?}\n{text}")).har, lang)
}

/// Everything the answer says. Of the token only its length is lost: what stands for it has one of its own.
fn whole(answer: &Diagnosis) -> Value {
    let mut value = serde_json::to_value(answer).unwrap();
    for fact in facts_of(&mut value) {
        let text = fact["text"].as_str().unwrap_or_default();
        if text.starts_with("`Authorization: Bearer` and ") {
            fact["text"] = json!("`Authorization: Bearer`");
        }
    }
    value
}

fn facts_of(value: &mut Value) -> Vec<&mut Value> {
    let Value::Object(members) = value else { return Vec::new() };
    let mut found = Vec::new();
    for (name, member) in members {
        match (name.as_str(), member) {
            ("evidence", Value::Array(facts)) => found.extend(facts),
            ("gates", Value::Array(gates)) => found.extend(gates.iter_mut().flat_map(facts_of)),
            _ => {}
        }
    }
    found
}

/// What the answer is, without the names that minimising takes out of its sentences.
pub(crate) fn gist(answer: &Diagnosis) -> Value {
    let gates: Vec<Value> = answer
        .gates
        .iter()
        .map(|gate| {
            let kinds: Vec<EvidenceKind> = gate.evidence.iter().map(|fact| fact.kind).collect();
            json!([gate.id, gate.state_word(), gate.would_pass, kinds.len()])
        })
        .collect();
    let remedies: Vec<Value> =
        answer.remedies.iter().map(|step| json!([step.who, step.reauthorize, step.fix_kind()])).collect();
    let alternatives: Vec<&str> = answer.alternatives.iter().map(|other| other.code.as_str()).collect();
    json!({
        "status": answer.status, "cause": answer.cause, "certainty": answer.certainty,
        "because": answer.because, "alternatives": alternatives, "needs": answer.needs, "gates": gates,
        "remedies": remedies, "reauthorize": answer.reauthorize,
        "next": answer.next_obstacle.is_some(),
        "lit": answer.refusals.iter().filter(|row| row.lit).map(|row| row.code.clone()).collect::<Vec<_>>(),
    })
}

trait Words {
    fn state_word(&self) -> Value;
}

impl Words for scopes::diagnosis::Gate {
    fn state_word(&self) -> Value {
        json!(self.state)
    }
}

trait FixKind {
    fn fix_kind(&self) -> Value;
}

impl FixKind for scopes::diagnosis::Remedy {
    fn fix_kind(&self) -> Value {
        json!(self.fix)
    }
}

/// Seals and opens a call in both ways and both languages.
fn survives(at: usize, what: &str, call: &Exchange, others: &[Exchange], known: &Known) {
    // The sentences of both languages come from the same finding; the cases are enough to show it.
    let langs: &[Lang] = if what.ends_with(".har") { &[Lang::En, Lang::Zh] } else { &[Lang::En] };
    for lang in ways(langs, at / 2) {
        let before = diagnose(call, others, known, lang);
        for minimised in ways(&[false, true], at) {
            let sealed = seal(call, others, known, Wanted { minimised, ..Wanted::default() })
                .unwrap_or_else(|why| panic!("{what}: {why:?}"));
            let after = opened(&sealed.har, lang);
            assert_eq!(gist(&after), gist(&before), "{what}, minimised: {minimised}");
            assert_eq!(gist(&resealed(what, &sealed.har, lang)), gist(&before), "{what}, passed on");
            if !minimised && lang == Lang::En {
                assert_eq!(whole(&after), whole(&before), "{what}");
            }
            holds_no_secret(what, call, others, &sealed.har);
        }
    }
}

/// No credential of any header, no token of any body.
fn holds_no_secret(what: &str, call: &Exchange, others: &[Exchange], text: &str) {
    for exchange in std::iter::once(call).chain(others) {
        for (name, value) in &exchange.request.headers {
            let token = value.rsplit(' ').next().unwrap_or_default().trim_matches(['"', '\'']);
            let is_secret = ["authorization", "cookie", "x-session-token"].contains(&&*name.to_lowercase());
            if is_secret && token.len() >= 20 && !token.contains('›') {
                assert!(!text.contains(token), "{what}: {name}");
            }
        }
        for body in
            [exchange.request.body.as_deref(), exchange.response.as_ref().and_then(|r| r.body.as_deref())]
        {
            let Ok(json) = serde_json::from_str::<Value>(body.unwrap_or_default()) else { continue };
            for name in ["access_token", "refresh_token", "id_token", "client_secret"] {
                let secret = json[name].as_str().unwrap_or_default();
                assert!(secret.len() < 8 || secret.contains('›') || !text.contains(secret), "{what}: {name}");
            }
        }
    }
}

#[test]
fn every_case_has_the_same_answer_in_its_capsule() {
    for (case, (file, all, subject)) in all_cases().iter().enumerate() {
        let others: Vec<Exchange> =
            all.iter().enumerate().filter(|(at, _)| at != subject).map(|(_, e)| e.clone()).collect();
        survives(case, file, &all[*subject], &others, &Known::default());
    }
}

#[test]
fn every_recorded_exchange_has_the_same_answer_in_its_capsule() {
    let mut all = Vec::new();
    for (file, base) in [
        ("glint-crossapp-denials.json", GLINT),
        ("glint-crossapp-success.json", GLINT),
        ("glint-broken-deployments.json", GLINT),
        ("glint-membership-cache.json", GLINT),
        ("prism-auth-failures.json", PRISM),
        ("prism-apps.json", PRISM),
        ("prism-access-rules.json", PRISM),
        ("prism-oauth.json", PRISM),
        ("prism-scope-definitions.json", PRISM),
    ] {
        for entry in recordings(file) {
            let name = format!("{file}: {}", entry["name"]);
            all.extend(exchange(base, &entry).map(|call| (name, call)));
        }
    }
    let total = all.len();
    let all = sampled(all, |(name, call)| format!("{} {}", &name[..8], refusal_key(call)));
    let seen = all.len();
    for (at, (name, call)) in all.into_iter().enumerate() {
        survives(at, &name, &call, &[], &Known::default());
        let beside = introspected(&call).into_iter().collect::<Vec<_>>();
        survives(at + 1, &name, &call, &beside, &Known::default());
    }
    println!("count: {seen} of {total} recorded exchanges");
    assert!(total > 300 && seen > 60, "{seen} of {total}");
}

#[test]
fn a_token_of_any_form_is_told_apart_as_before() {
    let session = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNTlmY2U1MTc3MDA3ZDZhYTA5OTg1MGFmNzRmZGE5OCJ9.c2ln";
    let id = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4IiwibmFtZSI6Ik1pYSJ9.c2ln";
    let access = "eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6Im9wZW5pZCIsImF1ZCI6IngifQ.c2lnbmF0dXJl";
    let opaque = "eyJhb.bm90IGpzb24gYXQgYWxs.c2lnbmF0dXJl";
    let pat = format!("prism_pat_{}", "0123456789abcdef".repeat(4));
    let (half, other) = TOKEN.split_at(30);
    let forms = [
        TOKEN.to_owned(),
        session.to_owned(),
        id.to_owned(),
        access.to_owned(),
        opaque.to_owned(),
        pat.clone(),
        format!("\"{pat}\""),
        format!("\"{TOKEN}\""),
        format!("'{TOKEN}"),
        format!("<{TOKEN}>"),
        format!(" {TOKEN}"),
        format!("{TOKEN}\n"),
        format!("{half} {other}"),
        format!("{half}\r\n{other}"),
        format!("{{{{{TOKEN}}}}}"),
        format!("${{{TOKEN}}}"),
        "$TOKEN".to_owned(),
        "undefined".to_owned(),
        "null".to_owned(),
        "YOUR_TOKEN".to_owned(),
        "<token>".to_owned(),
        String::new(),
        "[REDACTED]".to_owned(),
        "***".to_owned(),
        format!("{half}…"),
        "‹access token 12ab34›".to_owned(),
        "short1".to_owned(),
    ];
    for form in &forms {
        for scheme in ["Bearer ", "bearer ", "Token ", ""] {
            // What stands before the blank would be the scheme; and what was blacked out together with its scheme is
            // read as unknown from any archive.
            let masked = form.is_empty()
                || ["[REDACTED]", "***", "<token>", "…"].iter().any(|mask| form.ends_with(mask));
            if scheme.is_empty() && (masked || form.contains(char::is_whitespace)) {
                continue;
            }
            for status in [401, 403] {
                let answer = json!({ "error": "Token inactive or expired" });
                let sent = call("GET https://glint.test/api/cross-app/me", status, answer)
                    .header("Authorization", &format!("{scheme}{form}"));
                for others in [vec![], vec![dead()], vec![scene_introspected("openid")]] {
                    survives(
                        usize::from(status) + form.len(),
                        &format!("{scheme}{form} {status}"),
                        &sent,
                        &others,
                        &Known::default(),
                    );
                }
            }
        }
    }
}

#[test]
fn what_the_console_knew_beside_the_exchanges_travels_along() {
    let refused = || {
        call("GET https://glint.test/api/cross-app/me", 401, json!({"error": "Token inactive or expired"}))
            .bearer(TOKEN)
    };
    let known = Known {
        token_expires_at: Some(crate::support::START - 5),
        provider_client_id: Some("prism_6wsjw653PfFYk7GOq6wuSQ".to_owned()),
        names: [("prism_4Kg-r67d_NcD72Kg9XU1Fg".to_owned(), "Standup Bot".to_owned())].into(),
        headers_unknown: false,
        endpoint: None,
    };
    assert_eq!(diagnose(&refused(), &[dead()], &known, Lang::En).cause, "token.expired");
    survives(0, "a lifetime", &refused(), &[dead(), config("x", "https://prism.test")], &known);
    let bare = call("GET https://glint.test/api/cross-app/me", 401, json!({"error": "Unauthorized"}));
    survives(0, "no header", &bare, &[], &Known { headers_unknown: true, ..Known::default() });
    survives(0, "no header", &bare, &[], &Known::default());
}

#[test]
fn a_failure_keeps_its_kind_whatever_its_words() {
    use TransportFailure::{Cancelled, Dns, Other, Refused, Reset, Timeout, Tls};
    for kind in [Dns, Refused, Timeout, Tls, Reset, Cancelled, Other] {
        let mut failed = call("GET https://glint.test/api/cross-app/me", 200, json!({})).bearer(TOKEN);
        failed.response = None;
        failed.failure = Some((kind, "es hat nicht geklappt".to_owned()));
        survives(0, &format!("{kind:?}"), &failed, &[], &Known::default());
    }
}

#[test]
fn fingerprints_match_inside_a_capsule_and_nowhere_else() {
    let refused =
        call("GET https://glint.test/api/cross-app/me", 401, json!({"error": "Token inactive or expired"}))
            .bearer(TOKEN);
    let print = |text: &str| {
        let har: Value = serde_json::from_str(text).unwrap();
        let entries = har["log"]["entries"].as_array().unwrap().clone();
        let header = entries[0]["request"]["headers"].as_array().unwrap().clone();
        let header = header.iter().find(|h| h["name"] == "Authorization").unwrap().clone();
        let sent = header["value"].as_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
        assert_eq!(entries[1]["request"]["postData"]["text"], format!("token={sent}"));
        sent
    };
    let seal = || seal(&refused, &[dead()], &Known::default(), Wanted::default()).unwrap().har;
    let (first, second) = (print(&seal()), print(&seal()));
    assert_ne!(first, second);
}

#[test]
fn what_people_wrote_and_are_called_is_left_out_on_request() {
    let todo = json!({"title": "Call Dr. Marlow about the rash", "parentId": null});
    let refused = call(
        "POST https://glint.test/api/cross-app/teams/t1/sets/s1/todos?login_hint=mia@tea.test",
        409,
        json!({"error": "Todo item title already exists among sibling todos: Call Dr. Marlow about the rash"}),
    )
    .bearer(TOKEN)
    .header("User-Agent", "Mozilla/5.0 (X11; Linux) Marlow/1")
    .header("X-Forwarded-For", "203.0.113.9")
    .sent(todo);
    let me = json!({"user": {"id": "159fce5177007d6aa099850af74fda98", "username": "mia", "displayName": "Mia Marlow",
        "avatarUrl": "https://img.test/mia.png", "teams": [{"id": "t1", "name": "Tea Party", "role": "member"}]}});
    let me = call("GET https://glint.test/api/cross-app/me", 200, me).bearer(TOKEN).at(1);
    let text = seal(
        &refused,
        std::slice::from_ref(&me),
        &Known::default(),
        Wanted { minimised: true, ..Wanted::default() },
    )
    .unwrap()
    .har;
    for personal in ["Marlow", "mia", "Mia", "Tea Party", "203.0.113.9", "rash"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    // Ids are fingerprints of the same form, the same in every capsule.
    assert!(!text.contains("159fce5177007d6aa099850af74fda98"));
    survives(0, "a conflict", &refused, &[me], &Known::default());
    let kept = seal(&refused, &[], &Known::default(), Wanted::default()).unwrap().har;
    assert!(kept.contains("Dr. Marlow"));
}

#[test]
fn evidence_about_other_tokens_stays_out() {
    let refused =
        call("GET https://glint.test/api/cross-app/me", 401, json!({"error": "Token inactive or expired"}))
            .bearer(TOKEN);
    let other = "Qjlm1AAWbyEvDFTMjO8JkKfvscAfh2mguBnV_JV2TjIgVrPyA3QnXG2gWwUWpdIC";
    let stranger =
        call("GET https://glint.test/api/cross-app/teams/t9/sets", 200, json!({"sets": []})).bearer(other);
    let sealed = seal(&refused, &[dead(), stranger], &Known::default(), Wanted::default()).unwrap();
    assert_eq!(sealed.evidence, 1);
    assert!(!sealed.har.contains("t9"));
}
