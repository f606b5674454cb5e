//! What an archive costs: the exchanges read for its calls grow with the calls, not with calls times exchanges.

use crate::scene::{B, GLINT, PRISM, TOKEN, introspected};
use crate::support::{With, call};
use scopes::diagnosis::{Known, Surroundings, subjects, verdict_among};
use scopes::exchange::Exchange;
use serde_json::json;

/// `calls` refused calls of one token, or of a token each, with everything that explains them beside each.
fn archive(calls: usize, of_one_token: bool) -> Vec<Exchange> {
    let mut all = Vec::new();
    for at in 0..calls {
        let token = if of_one_token { TOKEN.to_owned() } else { format!("{at:a>64}") };
        let when = i64::try_from(at).unwrap();
        let refused =
            call(&format!("GET {GLINT}/teams/t1/sets"), 403, json!({"error": "Not a member of this team"}));
        all.push(refused.bearer(&token).at(when));
        all.push(introspected("teams:read").sent(json!(format!("token={token}"))).at(when));
        all.push(
            call(&format!("GET {PRISM}/api/oauth/me/teams"), 200, json!({"teams": []}))
                .bearer(&token)
                .at(when),
        );
        all.push(
            call(&format!("GET {GLINT}/me"), 200, json!({"user": {"teams": []}})).bearer(&token).at(when),
        );
        let url = format!("GET {PRISM}/api/oauth/app-info?client_id={B}&redirect_uri=x&scope=y");
        all.push(call(&url, 200, json!({"scopes": [], "rejected_scopes": []})).at(when));
        all.push(
            call("GET https://glint.test/api/auth/config", 200, json!({"baseUrl": PRISM, "clientId": "g"}))
                .at(when),
        );
    }
    all
}

/// Exchanges read per call.
fn visited(calls: usize, of_one_token: bool) -> usize {
    let all = archive(calls, of_one_token);
    let around = Surroundings::of(&all);
    let found = subjects(&all);
    assert_eq!(found.len(), calls);
    for at in found {
        let verdict = verdict_among(&all[at], &around, Some(at), &Known::default());
        assert_eq!(verdict.cause, "membership.not_member");
    }
    around.visited() / calls
}

#[test]
fn a_call_costs_the_same_in_a_larger_archive() {
    for of_one_token in [true, false] {
        // Past the number of neighbours that are read at most, nothing grows.
        let (small, large) = (visited(600, of_one_token), visited(1200, of_one_token));
        assert!(large <= small + small / 10, "{of_one_token}: {small} and then {large} exchanges per call");
    }
}

#[test]
fn a_line_that_is_an_archive_is_bounded() {
    use scopes::diagnosis::stream::{MAX_LINE_ENTRIES, explain};
    use scopes::lang::Lang;
    let entry =
        r#"{"request":{"method":"GET","url":"https://g.test/api/cross-app/me"},"response":{"status":403}}"#;
    let line = |entries: usize| format!("{{\"log\":{{\"entries\":[{}]}}}}", vec![entry; entries].join(","));
    let refused = explain(line(MAX_LINE_ENTRIES + 1).as_bytes(), 6, Lang::En).err().unwrap();
    assert_eq!((refused.code.as_str(), refused.related.as_slice()), ("read.line", &["7".to_owned()][..]));
    assert!(refused.message.contains("10000") || refused.message.contains("10,000"), "{}", refused.message);
    assert_eq!(explain(line(40).as_bytes(), 0, Lang::En).unwrap().len(), 40);
}
