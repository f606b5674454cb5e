//! Archives as they really come: bodies packed or missing, tokens blacked out, no clock, two Glints in one file.

use crate::support::explain;
use scopes::diagnosis::read::{Format, Hint, Read, read};
use scopes::diagnosis::{Certainty, Diagnosis, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::{Value, json};

const LACKS: &str = "{\"error\":\"Missing required scope. Token must include one of: delete_todos (or the bundle scope \\\"workbench\\\")\"}";

/// The same answer, packed by gzip.
const LACKS_PACKED: &str = "H4sIAAAAAAACAyXLMQ7CMAwF0Kt8eYKFA/QObIyVkBp/2qjBBjsRA+LuIDG88b2FER4yyblmVlsRfI4aVGTxB0+4+E7DfWRHtdKGEm4/twnKxs5rd/XEwQN9I5Zh2vjfmOXlsS+0ss1ylM8X6UJb9W8AAAA=";

fn entry(host: &str, token: &str, status: u16, answer: Value) -> Value {
    json!({
        "request": {
            "method": "DELETE", "url": format!("https://{host}/api/cross-app/teams/t1/todos/x1"),
            "headers": [{ "name": ":method", "value": "DELETE" }, { "name": "authorization", "value": token }],
        },
        "response": { "status": status, "headers": [{ "name": ":status", "value": "403" }], "content": answer },
    })
}

fn config(host: &str, client: &str) -> Value {
    let body = json!({ "baseUrl": "https://prism.test", "clientId": client }).to_string();
    json!({
        "request": { "method": "GET", "url": format!("https://{host}/api/auth/config"), "headers": [] },
        "response": { "status": 200, "headers": [], "content": { "text": body } },
    })
}

fn introspection(token: &str, scope: &str) -> Value {
    let body = json!({ "active": true, "scope": scope, "client_id": "prism_c" }).to_string();
    json!({
        "request": {
            "method": "POST", "url": "https://prism.test/api/oauth/introspect", "headers": [],
            "postData": { "text": format!("token={token}") },
        },
        "response": { "status": 200, "headers": [], "content": { "text": body } },
    })
}

fn exchanges(entries: &[Value]) -> Vec<Exchange> {
    let text = json!({ "log": { "version": "1.2", "entries": entries } }).to_string();
    let Read { entries, problems, .. } = read(&text, Some(Format::Har), &Hint::default(), Lang::En);
    assert!(problems.is_empty(), "{problems:?}");
    entries.into_iter().map(|entry| entry.exchange).collect()
}

fn explained(entries: &[Value], subject: usize) -> Diagnosis {
    explain(&exchanges(entries), subject, Lang::En)
}

fn state(answer: &Diagnosis, id: &str) -> Value {
    let gate =
        answer.gates.iter().find(|gate| gate.id.as_str() == id).unwrap_or_else(|| panic!("no gate {id}"));
    json!(gate.state)
}

#[test]
fn a_packed_body_says_what_the_plain_one_says() {
    let plain = explained(&[entry("g.test", "Bearer abc", 403, json!({ "text": LACKS }))], 0);
    let packed = json!({ "text": LACKS_PACKED, "encoding": "base64" });
    let packed = explained(&[entry("g.test", "Bearer abc", 403, packed)], 0);
    assert_eq!((plain.cause.as_str(), plain.cause.as_str()), ("scope.undetermined", packed.cause.as_str()));
    assert_eq!((plain.certainty, plain.needs.scopes), (packed.certainty, packed.needs.scopes));
}

/// Without the server's words a refusal may be of any of three gates; none of them is called passed.
#[test]
fn a_refusal_without_words_passes_no_gate_that_may_have_refused() {
    for answer in [json!({ "size": 37 }), json!({ "text": "{\"error\":\"Words of nobody\"}" }), json!(null)] {
        let alone = explained(&[entry("g.test", "Bearer abc", 403, answer.clone())], 0);
        assert_eq!(alone.certainty, Certainty::Possible, "{answer}");
        for gate in ["scope", "membership", "resource"] {
            assert_eq!(state(&alone, gate), "unknown", "{gate} {answer}");
        }
        for gate in ["header", "token"] {
            assert_eq!(state(&alone, gate), "passed", "{gate} {answer}");
        }
        assert!(alone.detail.starts_with("Nothing says at which gate"), "{}", alone.detail);
        let told = serde_json::to_string(&alone).unwrap();
        assert!(!told.contains("``"), "an empty place: {told}");

        // What is known to hold was passed all the same.
        let scope = "app:prism_g:delete_todos";
        let more = [
            entry("g.test", "Bearer abc", 403, answer),
            introspection("abc", scope),
            config("g.test", "prism_g"),
        ];
        assert_eq!(state(&explained(&more, 0), "scope"), "passed");
    }
}

#[test]
fn a_token_that_was_blacked_out_has_no_length() {
    let text = json!({ "text": LACKS });
    for token in ["Bearer [REDACTED]", "Bearer ***", "Bearer …"] {
        let answer = explained(&[entry("g.test", token, 403, text.clone())], 0);
        let told = serde_json::to_string(&answer.gates).unwrap();
        assert!(told.contains("blacked out") && !told.contains("characters"), "{token}: {told}");
    }
}

#[test]
fn of_two_glints_each_is_judged_by_its_own_client_id() {
    let lacks = json!({ "text": LACKS });
    let all = [
        config("one.test", "prism_one"),
        config("two.test", "prism_two"),
        entry("one.test", "Bearer abc", 403, lacks.clone()),
        entry("two.test", "Bearer abc", 403, lacks),
        introspection("abc", "app:prism_one:write_todos"),
    ];
    assert_eq!(subjects(&exchanges(&all)), [2, 3]);
    let (one, two) = (explained(&all, 2), explained(&all, 3));
    // The old scope is the first one's; to the second it is a stranger's.
    assert_eq!(one.cause, "scope.legacy_does_not_cover");
    assert!(
        two.cause != one.cause && !json!(two.needs).to_string().contains("prism_one"),
        "{}",
        two.headline
    );
}
