//! What a server says stays readable: no word of a refusal is taken for a secret, and without its secrets it gives the same
//! answer.

use crate::recorded::{GLINT, PRISM, exchange, recordings};
use crate::refusal_texts::{of_glint, of_prism, of_records};
use scopes::diagnosis::{Known, diagnose};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::secret::Redactor;
use serde_json::Value;
use std::collections::BTreeSet;

/// The sentences of an answer.
fn sentences(value: &Value, found: &mut BTreeSet<String>) {
    let Value::Object(members) = value else { return };
    for (name, value) in members {
        match value {
            Value::String(text)
                if ["error", "error_description", "message", "detail", "hint"].contains(&&**name) =>
            {
                found.insert(text.clone());
            }
            _ => sentences(value, found),
        }
    }
}

/// Everything the profiles know that a server says, with a word in each gap.
fn of_profiles() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for name in ["glint", "prism", "oauth"] {
        let path = format!("src-tauri/crates/scopes/profiles/{name}.calls.json");
        let text = std::fs::read_to_string(tests::places::repository(&path)).unwrap();
        let profile: Value = serde_json::from_str(&text).unwrap();
        for row in profile["denials"].as_array().unwrap() {
            for member in ["text", "description"] {
                let text = row[member].as_str().map(|text| text.replace('…', "Pantry"));
                found.extend(text);
            }
        }
    }
    found
}

#[test]
fn no_word_of_a_refusal_is_taken_for_a_secret() {
    let mut texts = of_profiles();
    let profiles = texts.len();
    let refusals = of_glint().into_iter().chain(of_prism()).map(|(_, call)| call);
    for call in refusals.chain(of_records().into_iter().map(|(_, call, _)| call)) {
        let body = call.response.and_then(|response| response.body).unwrap_or_default();
        sentences(&serde_json::from_str(&body).unwrap_or_default(), &mut texts);
    }
    for text in &texts {
        for redactor in [Redactor::new(), Redactor::keyed()] {
            assert_eq!(&redactor.clean(text), text);
            let inside = serde_json::json!({ "error": text, "error_description": text }).to_string();
            assert_eq!(redactor.clean(&inside), inside);
        }
    }
    println!("count: {} texts of servers stay as they are, {profiles} of them of profiles", texts.len());
    assert!(profiles > 100 && texts.len() > 150, "{profiles} {}", texts.len());
}

#[test]
fn a_recorded_refusal_without_its_secrets_has_the_same_answer() {
    let mut seen = 0;
    for (file, base) in [
        ("glint-crossapp-denials.json", GLINT),
        ("glint-broken-deployments.json", GLINT),
        ("prism-auth-failures.json", PRISM),
        ("prism-apps.json", PRISM),
        ("prism-access-rules.json", PRISM),
        ("prism-oauth.json", PRISM),
    ] {
        for entry in recordings(file) {
            let Some(call) = exchange(base, &entry) else { continue };
            let Some(body) = call.response.as_ref().filter(|r| r.status >= 400).and_then(|r| r.body.clone())
            else {
                continue;
            };
            let mut clean: Exchange = call.clone();
            if let Some(response) = &mut clean.response {
                response.body = Some(Redactor::keyed().clean(&body));
            }
            let answer = |call: &Exchange| {
                let said = diagnose(call, &[], &Known::default(), Lang::En);
                (said.cause, said.headline.clone(), said.detail.clone())
            };
            assert_eq!(answer(&clean), answer(&call), "{file}: {body}");
            seen += 1;
        }
    }
    println!("count: {seen} recorded refusals without their secrets");
    assert!(seen > 150, "{seen}");
}
