//! Every recorded answer of the real servers on the routes the clients know is read by the client's own type.

use crate::answer::{Trouble, read};
use crate::glint::{config, cross_app};
use crate::prism::{access_rules, apps, consent, oauth, scope_definitions};
use scopes::exchange::{Exchange, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
struct Recorded {
    name: String,
    request: RecordedRequest,
    response: RecordedResponse,
}

#[derive(Deserialize)]
struct RecordedRequest {
    method: String,
    path: String,
}

#[derive(Deserialize)]
struct RecordedResponse {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Value,
}

fn recordings() -> Vec<(String, Recorded)> {
    let dir = Path::new(env!("TEST_DATA")).join("recorded");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.extension().is_some_and(|e| e == "json") && !file.starts_with('_') {
            let text = std::fs::read_to_string(path).unwrap();
            // Notes and opened sockets stand among the exchanges without a request or an answer.
            // The credential matrix is a table, not a list.
            let Value::Array(entries) = serde_json::from_str(&text).unwrap() else { continue };
            let whole =
                entries.into_iter().filter(|e| e["request"].is_object() && e["response"]["status"].is_u64());
            all.extend(whole.map(|entry| (file.clone(), serde_json::from_value(entry).unwrap())));
        }
    }
    all
}

fn exchange(recorded: &Recorded) -> Exchange {
    let body = match &recorded.response.body {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let response = Response {
        status: recorded.response.status,
        headers: recorded.response.headers.clone().into_iter().collect(),
        body: Some(body),
        truncated: false,
    };
    let request = Request {
        method: recorded.request.method.clone(),
        url: format!("https://server.example{}", recorded.request.path),
        ..Request::default()
    };
    Exchange { request, response: Some(response), ..Exchange::default() }
}

/// Whether the recorded path has this form; `:x` stands for any one part.
fn fits(pattern: &str, recorded: &Recorded) -> bool {
    let (method, wanted) = pattern.split_once(' ').unwrap();
    let path = recorded.request.path.split('?').next().unwrap();
    let (wanted, there): (Vec<&str>, Vec<&str>) = (wanted.split('/').collect(), path.split('/').collect());
    method == recorded.request.method
        && wanted.len() == there.len()
        && wanted.iter().zip(there).all(|(wanted, there)| wanted.starts_with(':') || *wanted == there)
}

/// Every 2xx of the route is read, every refusal keeps the server's words; at least `least` of the former exist.
fn check<T: DeserializeOwned>(pattern: &str, least: usize) {
    let mut seen = 0;
    for (file, recorded) in recordings().iter().filter(|(_, recorded)| fits(pattern, recorded)) {
        let place = format!("{file}/{}", recorded.name);
        let answer = read::<T>(exchange(recorded));
        match answer.value {
            Ok(_) => seen += 1,
            Err(Trouble::Refused { status, error, .. }) => {
                assert_eq!(status, recorded.response.status, "{place}");
                let body = recorded.response.body.to_string();
                let kept = error.is_some_and(|text| body.contains(json!(text).to_string().trim_matches('"')));
                assert!(kept, "{place}");
            }
            Err(Trouble::WebPage) => {
                assert!(recorded.response.body.as_str().unwrap().contains('<'), "{place}")
            }
            Err(other) => panic!("{place}: {other:?}"),
        }
    }
    assert!(seen >= least, "{pattern}: {seen} answers were read");
}

#[test]
fn prisms_answers_are_read() {
    check::<apps::Apps>("GET /api/apps", 2);
    check::<apps::Apps>("GET /api/oauth/me/team-apps", 1);
    check::<scope_definitions::Definitions>("GET /api/apps/:id/scope-definitions", 2);
    check::<Value>("POST /api/apps/:id/scope-definitions", 5);
    check::<Value>("DELETE /api/apps/:id/scope-definitions/:def", 1);
    check::<access_rules::Rules>("GET /api/apps/:id/scope-access-rules", 2);
    check::<Value>("POST /api/apps/:id/scope-access-rules", 4);
    check::<Value>("DELETE /api/apps/:id/scope-access-rules/:rule", 1);
    check::<consent::Preview>("GET /api/oauth/app-info", 10);
    check::<oauth::Introspection>("POST /api/oauth/introspect", 3);
    check::<oauth::Profile>("GET /api/oauth/me/profile", 1);
    check::<Value>("GET /api/oauth/me/teams", 1);
    check::<oauth::SignedIn>("GET /api/user/me", 1);
    check::<oauth::Discovery>("GET /.well-known/openid-configuration", 1);
}

#[test]
fn glints_answers_are_read() {
    check::<config::AuthConfig>("GET /api/auth/config", 2);
    check::<cross_app::Me>("GET /api/cross-app/me", 3);
    check::<cross_app::Sets>("GET /api/cross-app/teams/:t/sets", 3);
    check::<cross_app::Overview>("GET /api/cross-app/teams/:t/overview", 2);
    check::<cross_app::Todos>("GET /api/cross-app/teams/:t/sets/:s/todos", 2);
    check::<cross_app::Comments>("GET /api/cross-app/teams/:t/todos/:x/comments", 1);
    check::<cross_app::Members>("GET /api/cross-app/teams/:t/members", 1);
    check::<Value>("GET /api/cross-app/teams/:t/permissions/me", 2);
    check::<Value>("GET /api/cross-app/teams/:t/permissions", 1);
}

#[test]
fn the_client_secret_in_an_answer_is_not_shown() {
    let mut seen = 0;
    for (_, recorded) in recordings().iter().filter(|(_, recorded)| fits("GET /api/apps/:id", recorded)) {
        let secret = recorded.response.body.pointer("/app/client_secret").and_then(Value::as_str);
        let Some(secret) = secret else { continue };
        let shown = serde_json::to_string(&scopes::exchange::view(&exchange(recorded))).unwrap();
        assert!(!shown.contains(secret));
        seen += 1;
    }
    assert!(seen > 0);
}
