//! The recorded matrix: every endpoint with every kind of credential.

use super::stage::Stage;
use super::{Ground, Report, Request, prism_steps};
use sandbox::handout::CredentialKind;
use sandbox::scenario::{CredentialSeed, Scenario};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MATRIX: &str = include_str!("../../recorded/prism-auth-matrix.json");
const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const GLINT_APP: &str = "052877d243367e69e10b707373ddb44b";
const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";

#[derive(Deserialize)]
struct Matrix {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    method: String,
    path: String,
    results: BTreeMap<String, (u16, String)>,
}

/// Plays every cell; each counts as one exchange.
pub(super) async fn play(ground: &Ground, report: &mut Report) -> Result<(), String> {
    let matrix: Matrix = serde_json::from_str(MATRIX).map_err(|e| format!("prism-auth-matrix: {e}"))?;
    let mut stage = Stage::start(ground, with_tokens).await?;
    let definition = json!({ "scope": "read_todos", "title": "Read todos" });
    let path = format!("POST /api/apps/{GLINT_APP}/scope-definitions");
    let made = stage.ask_prism("pat:olivia", &path, definition).await?;
    let id = made.pointer("/definition/id").and_then(Value::as_str).unwrap_or_default();
    stage.names.put(":defId", id);
    stage.names.put(":glintAppId", GLINT_APP);
    stage.names.put(":teamId", TEAM);
    for row in &matrix.rows {
        for (kind, (status, text)) in &row.results {
            let request = request(row, kind)?;
            let present = stage.play_prism(&request).await?;
            let said = said(&present.body);
            let agrees = present.status == Some(*status) && said == *text;
            let differences = format!("{:?} `{said}`, recorded {status} `{text}`", present.status);
            let name = format!("{} {} {kind}", row.method, row.path);
            report.note(
                "prism-auth-matrix",
                &name,
                if agrees { &[] } else { std::slice::from_ref(&differences) },
            );
        }
    }
    Ok(())
}

/// The caller's two access tokens.
fn with_tokens(scenario: &mut Scenario) {
    prism_steps::fresh(scenario);
    for (id, scopes) in [
        ("token:apps", &["openid", "profile", "apps:read", "apps:write", "teams:read"][..]),
        ("token:openid", &["openid"][..]),
    ] {
        scenario.credentials.push(CredentialSeed {
            id: id.into(),
            label: id.into(),
            label_zh: None,
            kind: CredentialKind::AccessToken,
            user: Some("olivia".into()),
            client: Some(GLINT.into()),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            state: Default::default(),
            secret: None,
            lifetime_seconds: None,
            note: Default::default(),
            age_seconds: 0,
        });
    }
}

fn request(row: &Row, kind: &str) -> Result<Request, String> {
    let (name, value) = match kind {
        "none" => ("", ""),
        "session" => ("Authorization", "Bearer {session:olivia}"),
        "session_header" => ("X-Session-Token", "{session:olivia}"),
        "pat_read_write" => ("Authorization", "Bearer {pat:olivia}"),
        "pat_read_only" => ("Authorization", "Bearer {pat:olivia_read}"),
        "pat_expired" => ("Authorization", "Bearer {pat:olivia_expired}"),
        "pat_unknown" => ("Authorization", "Bearer prism_pat_unknown"),
        "oauth_token_with_apps_scopes" => ("Authorization", "Bearer {token:apps}"),
        "oauth_token_openid_only" => ("Authorization", "Bearer {token:openid}"),
        "basic_own_app" => ("Authorization", "Basic {client:glint}"),
        "basic_wrong_secret" => ("Authorization", "Basic cHJpc21fNndzanc2NTNQZkZZazdHT3E2d3VTUTp3cm9uZw=="),
        other => return Err(format!("prism-auth-matrix: `{other}` is no known kind of credential")),
    };
    let headers = [(name, value)].into_iter().filter(|(name, _)| !name.is_empty());
    Ok(Request {
        method: row.method.clone(),
        path: match row.path.as_str() {
            "/api/oauth/app-info" => format!(
                "/api/oauth/app-info?response_type=code&client_id={GLINT}&redirect_uri=http://127.0.0.1:8802/callback&scope=openid"
            ),
            path => path.to_owned(),
        },
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: body(row),
    })
}

/// A body that is just complete enough to tell authentication from everything behind it.
fn body(row: &Row) -> Value {
    match (row.method.as_str(), row.path.rsplit('/').next().unwrap_or_default()) {
        ("POST", "introspect") => Value::String("token={token:openid}".into()),
        ("POST", "scope-definitions") => json!({ "scope": "matrix", "title": "Matrix" }),
        ("POST", "scope-access-rules") => json!({ "rule_type": "app_allow" }),
        ("GET" | "DELETE", _) => Value::Null,
        _ => json!({}),
    }
}

/// The error text, or that there was none.
fn said(body: &Value) -> String {
    match (body.get("error").and_then(Value::as_str), body.get("active").and_then(Value::as_bool)) {
        (Some(text), _) => text.to_owned(),
        (None, Some(true)) => "active:True".into(),
        (None, Some(false)) => "active:False".into(),
        (None, None) => "ok".into(),
    }
}
