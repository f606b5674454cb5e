//! A secret through every operation: a server that refuses with the credential it was sent, and no reply, no problem and
//! no progress that holds it.

use engine::operation::{Described, Visitor, visit};
use engine::{Envelope, Limits};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::{RawServer, World};

/// The names of all operations.
struct Names(Vec<&'static str>);

impl Visitor for Names {
    fn operation<O: Described>(&mut self) {
        self.0.push(O::NAME);
    }
}

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const CLIENT_SECRET: &str = "Kx8vQ2mN5rT7wZ1bC4dF6gH9jL3pS0aU";

/// Says back every header and the whole body of a request, as JSON with any member an operation reads.
async fn echo(status: &'static str) -> RawServer {
    let base: Arc<Mutex<String>> = Arc::default();
    let at = base.clone();
    let server = RawServer::start(move |request| {
        let at = at.lock().unwrap().clone();
        let header = |name: &str| {
            let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
            line.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned()).unwrap_or_default()
        };
        let said = format!("{} {}", header("authorization"), header("x-session-token"));
        let sent = request.split("\r\n\r\n").nth(1).unwrap_or_default();
        let body = json!({
            "error": said, "message": said, "error_description": format!("{said} {sent}"), "detail": [said, sent],
            "issuer": at, "token_endpoint": format!("{at}/api/oauth/token"),
            "authorization_endpoint": format!("{at}/api/oauth/authorize"), "baseUrl": at,
            "clientId": "prism_6wsjw653PfFYk7GOq6wuSQ", "name": said, "title": said, "description": said,
            "app": { "id": "a1", "client_id": "prism_6wsjw653PfFYk7GOq6wuSQ", "name": said, "allowed_scopes": [said] },
            "user": { "id": TEAM, "username": said, "displayName": said, "teams": [{ "id": TEAM, "name": said }] },
        });
        RawServer::json(status, &format!("X-Note: {said}\r\n"), &body.to_string())
    })
    .await;
    base.lock().unwrap().clone_from(&server.base);
    server
}

/// Arguments with every member that any operation takes; each takes its own and leaves the others.
fn arguments(operation: &str, world: &World, connection: &Value, identity: &Value, made: &Made) -> Value {
    let address = world.handout().prism_url.clone();
    let definition = json!({ "scope": "a_b", "title": "A", "description": "d" });
    let mut all = json!({
        "connection": connection, "identity": identity, "identities": [identity], "name": "N", "label": "L",
        "environment": "staging", "prism_url": address, "address": address, "secret": CLIENT_SECRET,
        "client_id": "prism_6wsjw653PfFYk7GOq6wuSQ", "client_secret": CLIENT_SECRET, "as_client": true,
        "scopes": ["openid"], "redirect": format!("http://127.0.0.1:47399/callback?code={CLIENT_SECRET}&state=x"),
    });
    let more = json!({
        "consumer": "prism_6wsjw653PfFYk7GOq6wuSQ", "platform": ["openid"], "inner": ["read_todos"],
        "definition": definition, "definitions": [definition], "scope": "a_b", "fingerprint": "x", "delete": [],
        "add": [], "remove": [], "changes": [], "targets": [], "route": "create_set", "pick": "team",
        "values": { "team": TEAM, "name": "New" }, "team": TEAM, "prove": true, "matrix": made.matrix, "format": "json",
        "call": made.call, "minimised": false, "save": false, "method": "GET", "entry": 0, "job": "none", "base": "x",
        "url": format!("{address}/api/cross-app/me"), "kind": "memory", "passphrase": CLIENT_SECRET,
    });
    let members = all.as_object_mut().unwrap();
    members.extend(more.as_object().cloned().unwrap());
    match operation {
        "copy_text" | "save_text" => {
            members.insert("text".into(), json!("plain"));
            members.insert("secret".into(), json!(false));
        }
        "add_identity" => drop(members.insert("kind".into(), Value::Null)),
        // Another address would drop the identities.
        "edit_connection" => members.retain(|name, _| name == "connection" || name == "name"),
        "plan_import" | "apply_import" => drop(members.insert("text".into(), json!("[]"))),
        "explain_entry" | "close_text" => drop(members.insert("text".into(), made.text.clone())),
        "delete_data" => drop(members.insert("kind".into(), json!("drafts"))),
        "import_data" => {
            let content = json!({ "kind": "spectroscope-data", "version": 1, "connections": [] });
            members.insert("text".into(), json!(content.to_string()));
        }
        "compare_calls" => drop(members.insert("route".into(), json!("me"))),
        "diagnose_text" | "open_text" => {
            let text = format!(
                "curl -i {address}/api/cross-app/me -H 'Authorization: Bearer {CLIENT_SECRET}'\nHTTP/2 403\n\n{{\"error\":\"{CLIENT_SECRET}\"}}"
            );
            members.insert("text".into(), json!(text));
            members.insert("format".into(), Value::Null);
        }
        "export_capsule" => drop(members.insert("text".into(), Value::Null)),
        _ => {}
    }
    all
}

/// What earlier operations made, for those that work on it.
struct Made {
    call: Value,
    matrix: Value,
    text: Value,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_operation_tells_a_secret() {
    let mut names = Names(Vec::new());
    visit(&mut names);
    // What ends or removes what the others need comes last.
    let last = [
        "remove_identity",
        "revoke_identity",
        "sign_out_everywhere",
        "forget_everything",
        "remove_connection",
    ];
    names.0.sort_by_key(|name| last.iter().position(|known| known == name).map_or(0, |at| at + 1));
    let (mut looked, mut refused) = (0, Vec::new());
    for status in ["403 Forbidden", "200 OK"] {
        let world = World::with(sandbox::Options::default(), None, Limits::default());
        let server = echo(status).await;
        let add = json!({
            "name": "Echo", "environment": "staging", "prism_url": server.base, "glint_url": server.base,
            "provider_client_id": world.handout().provider.client_id,
        });
        let connection = world.call("add_connection", add).await.unwrap()["connections"][1]["id"].clone();
        let pat = world.handout().credentials.iter().find(|c| c.id == "olivia_pat").unwrap().secret.clone();
        let added = json!({ "connection": connection, "secret": pat });
        let identity = world.call("add_identity", added).await.unwrap()["identity"]["id"].clone();
        let secrets = [pat.as_str(), CLIENT_SECRET];
        let mut made = Made { call: json!("none"), matrix: json!("none"), text: json!("none") };
        for name in &names.0 {
            let args = arguments(name, &world, &connection, &identity, &made);
            let steps = Mutex::new(String::new());
            let envelope = Envelope { operation: (*name).into(), args, lang: Lang::En, job: None };
            let report = |step: Value| steps.lock().unwrap().push_str(&step.to_string());
            let ended = world.engine.handle(envelope, &report).await;
            if let Ok(reply) = &ended {
                match *name {
                    "test_call" => made.call = reply["call"].clone(),
                    "access_matrix" => made.matrix = reply["id"].clone(),
                    "open_text" => made.text = reply["text"].clone(),
                    _ => {}
                }
            }
            let told = match ended {
                Ok(reply) => reply.to_string(),
                Err(problem) => {
                    refused.extend(
                        (problem.code == "operation.bad_arguments")
                            .then(|| format!("{name}: {}", problem.message)),
                    );
                    serde_json::to_string(&problem).unwrap()
                }
            };
            let told = told + &steps.into_inner().unwrap();
            for secret in secrets {
                let at = told.find(secret).map(|at| told[at.saturating_sub(80)..at].to_owned());
                assert_eq!(at, None, "{name} tells a secret where the server answers {status}");
            }
            looked += 1;
        }
    }
    assert!(refused.is_empty(), "arguments that are none prove nothing:\n{}", refused.join("\n"));
    println!("count: secrets through operations {looked} replies, 0 leaks");
}
