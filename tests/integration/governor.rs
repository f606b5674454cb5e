//! The governor from outside: how many requests a job sends, when, and what it says about the rest.

use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::{RawServer, ScriptedHost, World};

const DEFINITIONS: &str = "/api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
const RULES: &str = "/api/apps/052877d243367e69e10b707373ddb44b/scope-access-rules";

/// So many new definitions.
fn source(count: usize) -> String {
    let item = |n: usize| json!({ "scope": format!("fresh_{n}"), "title": format!("Fresh {n}") });
    json!((0..count).map(item).collect::<Vec<_>>()).to_string()
}

async fn import(world: &World, text: &str) -> Value {
    let planned = world.on_sandbox("plan_import", json!({ "text": text })).await.unwrap();
    world.forget_requests();
    world.on_sandbox("apply_import", json!({ "text": text, "base": planned["base"] })).await.unwrap()
}

/// A world whose servers are given up after a moment.
fn impatient() -> World {
    let limits = Limits {
        headers: Duration::from_millis(300),
        total: Duration::from_millis(600),
        ..Limits::default()
    };
    World::with(sandbox::Options::default(), None, limits)
}

fn states(result: &Value) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in result["rows"].as_array().unwrap() {
        *counts.entry(row["state"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    counts
}

fn sent(world: &World, method: &str) -> usize {
    world.requests().iter().filter(|(verb, ..)| verb == method).count()
}

fn fault(world: &World, method: &str, path: &str, more: Value) {
    let mut fault = json!({ "server": "prism", "method": method, "path": path, "times": null });
    fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.fault(fault);
}

#[tokio::test]
async fn five_hundred_rows_to_a_server_that_never_answers_cost_one_time_out() {
    let world = impatient();
    fault(&world, "POST", DEFINITIONS, json!({ "kind": "delay", "milliseconds": 60_000 }));
    let result = import(&world, &source(500)).await;
    let counts = states(&result);
    // What was under way when the time was over is unknown, the rest was not sent.
    let unknown = counts.get("unknown").copied().unwrap_or(0);
    assert!((1..=4).contains(&unknown), "{counts:?}");
    assert_eq!(counts.get("not_sent"), Some(&(500 - unknown)), "{counts:?}");
    assert_eq!(result["unclear"], unknown);
    assert_eq!(result["halted"]["code"], "job.no_answer", "{}", result["halted"]);
    assert_eq!(result["stopped"], true);
    println!("count: requests to a silent server {} for 500 rows", unknown + 1);
}

#[tokio::test]
async fn a_write_that_is_carried_out_late_is_unknown_and_never_refused() {
    let world = impatient();
    let mut refused = 0;
    for round in 0..3 {
        let text = json!([{ "scope": format!("late_{round}"), "title": "Late" }]).to_string();
        world.fault(json!({
            "server": "prism", "method": "POST", "path": DEFINITIONS, "kind": "delay", "milliseconds": 1_500,
        }));
        let result = import(&world, &text).await;
        let row = &result["rows"][0];
        refused += usize::from(row["state"] == "refused");
        assert_eq!(row["state"], "unknown", "{row}");
        assert_eq!(row["problem"]["code"], "definition.unclear");
        assert_eq!(result["summary"], "Of 1 changes: 1 sent with unknown result.");
        assert_eq!(sent(&world, "POST"), 0, "it has not been carried out yet");
    }
    println!("count: late writes called refused {refused} of 3");
}

#[tokio::test]
async fn a_rule_that_is_carried_out_late_is_unknown_and_never_refused() {
    let world = impatient();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    world.fault(json!({
        "server": "prism", "method": "POST", "path": RULES, "kind": "delay", "milliseconds": 1_500,
    }));
    let args = json!({
        "add": [{ "rule_type": "app_deny", "target_id": "prism_4Kg-r67d_NcD72Kg9XU1Fg" }], "base": review["base"],
    });
    let result = world.on_sandbox("apply_rules", args).await.unwrap();
    assert_eq!(result["rows"][0]["state"], "unknown", "{result}");
    assert_eq!(result["rows"][0]["problem"]["code"], "rule.unclear");
}

#[tokio::test]
async fn a_lost_answer_after_the_change_is_found_by_reading_back() {
    let world = World::start();
    // Every answer is lost after the change was carried out.
    fault(&world, "POST", DEFINITIONS, json!({ "kind": "reset_after_commit" }));
    let result = import(&world, &source(1)).await;
    assert_eq!(states(&result), BTreeMap::from([("verified".to_owned(), 1)]), "{result}");
}

#[tokio::test]
async fn the_first_401_stops_the_job_and_the_rest_is_not_sent() {
    for (status, error) in [(401, "Unauthorized"), (403, "insufficient_scope")] {
        let world = World::start();
        fault(
            &world,
            "POST",
            DEFINITIONS,
            json!({ "kind": "status", "status": status, "error": error, "skip": 20 }),
        );
        let result = import(&world, &source(300)).await;
        let counts = states(&result);
        let refused = counts.get("refused").copied().unwrap_or(0);
        assert_eq!(counts.get("verified"), Some(&20), "{counts:?}");
        // Those that were under way at that moment.
        assert!((1..=32).contains(&refused), "{counts:?}");
        assert_eq!(counts.get("not_sent"), Some(&(300 - 20 - refused)), "{counts:?}");
        let told = ["verified", "refused", "not_sent", "unclear"].map(|name| result[name].as_u64().unwrap());
        assert_eq!(told, [20, refused as u64, (280 - refused) as u64, 0], "each row counts once");
        assert_eq!(result["halted"]["code"], "job.credential_refused");
        assert_eq!(sent(&world, "POST"), 20 + refused);
    }
}

#[tokio::test]
async fn rules_stop_at_the_first_401_too() {
    let world = World::start();
    let review = world.on_sandbox("review_access", json!({})).await.unwrap();
    world.forget_requests();
    fault(&world, "POST", RULES, json!({ "kind": "status", "status": 401, "error": "Unauthorized" }));
    let add: Vec<Value> =
        (0..20).map(|n| json!({ "rule_type": "app_deny", "target_id": format!("prism_{n:022}") })).collect();
    let result =
        world.on_sandbox("apply_rules", json!({ "add": add, "base": review["base"] })).await.unwrap();
    assert_eq!(
        states(&result),
        BTreeMap::from([("not_sent".to_owned(), 19), ("refused".to_owned(), 1)]),
        "{result}"
    );
    assert_eq!(sent(&world, "POST"), 1);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_left_alone() {
    let world = World::start();
    fault(&world, "POST", DEFINITIONS, json!({ "kind": "status", "status": 503 }));
    let result = import(&world, &source(500)).await;
    assert_eq!(result["halted"]["code"], "job.server_failing", "{}", result["halted"]);
    assert!(sent(&world, "POST") <= 3 * 4, "{} requests", sent(&world, "POST"));
    let counts = states(&result);
    assert_eq!(counts.get("verified"), None, "{counts:?}");
    assert!(counts["not_sent"] >= 496, "{counts:?}");
}

#[tokio::test]
async fn no_request_is_sent_again_within_milliseconds() {
    let world = World::start();
    world.fault(json!({
        "server": "prism", "method": "POST", "path": DEFINITIONS, "kind": "status", "status": 503, "times": 2,
    }));
    let result = import(&world, &source(1)).await;
    assert_eq!(states(&result), BTreeMap::from([("verified".to_owned(), 1)]));
    let waits = world.host.back_offs();
    assert_eq!(waits.len(), 2, "{waits:?}");
    assert!(waits.iter().all(|wait| *wait >= Duration::from_millis(100)), "{waits:?}");
}

/// An engine on a Prism made for one test.
struct Console {
    server: RawServer,
    engine: Engine,
    host: Arc<ScriptedHost>,
    connection: String,
}

impl Console {
    async fn on(server: RawServer) -> Self {
        let host = Arc::new(ScriptedHost::new(None));
        let engine = Engine::new(host.clone());
        let mut console = Self { server, engine, host, connection: String::new() };
        let args = json!({
            "name": "Own", "environment": "staging", "prism_url": console.server.base,
            "provider_client_id": "prism_6wsjw653PfFYk7GOq6wuSQ",
        });
        let added = console.ask("add_connection", args).await;
        console.connection = added["connections"][0]["id"].as_str().unwrap().to_owned();
        console.ask("choose_vault", json!({ "kind": "memory" })).await;
        let secret = format!("prism_pat_{}", "0123456789abcdef".repeat(4));
        console.ask("add_identity", json!({ "connection": console.connection, "secret": secret })).await;
        console
    }

    /// One that refuses so many writes with a status and further headers, and then stores them.
    async fn limited(status: &'static str, headers: &'static str, times: usize) -> Self {
        let mut left = times;
        let server = prism(move |definition, stored| {
            if left > 0 {
                left -= 1;
                return RawServer::json(status, headers, r#"{"error":"later"}"#);
            }
            stored.push(definition.clone());
            RawServer::json("201 Created", "", &json!({ "definition": definition }).to_string())
        })
        .await;
        Self::on(server).await
    }

    async fn ask(&self, operation: &str, args: Value) -> Value {
        let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
        self.engine
            .handle(envelope, &|_| {})
            .await
            .unwrap_or_else(|problem| panic!("{operation}: {problem:?}"))
    }

    async fn import(&self, text: &str) -> Value {
        let planned = self.ask("plan_import", json!({ "connection": self.connection, "text": text })).await;
        let args = json!({ "connection": self.connection, "text": text, "base": planned["base"] });
        self.ask("apply_import", args).await
    }
}

#[tokio::test]
async fn retry_after_is_kept_in_seconds_and_as_a_date() {
    for (status, header, seconds) in [
        ("429 Too Many Requests", "Retry-After: 7\r\n", 7),
        (
            "503 Service Unavailable",
            "Date: Mon, 30 Nov 2026 10:00:00 GMT\r\nRetry-After: Mon, 30 Nov 2026 10:00:20 GMT\r\n",
            20,
        ),
    ] {
        let console = Console::limited(status, header, 1).await;
        let result = console.import(&source(1)).await;
        assert_eq!(result["rows"][0]["state"], "verified", "{result}");
        assert_eq!(console.host.back_offs(), [Duration::from_secs(seconds)], "{header}");
    }
}

#[tokio::test]
async fn a_longer_wait_than_is_kept_is_said_and_the_rest_is_not_sent() {
    for (header, said) in
        [("Retry-After: 3600\r\n", "3600"), ("Retry-After: 99999999999999999999\r\n", "> 999999999")]
    {
        let console = Console::limited("429 Too Many Requests", header, 1_000).await;
        let result = console.import(&source(100)).await;
        assert_eq!(result["halted"]["code"], "job.rate_limited", "{}", result["halted"]);
        let message = result["halted"]["message"].as_str().unwrap();
        assert!(message.contains(said) && message.contains("30 s"), "{message}");
        assert_eq!(states(&result).get("verified"), None);
        assert!(console.host.back_offs().is_empty());
        let posts = console
            .server
            .heard()
            .iter()
            .filter(|heard| heard.starts_with("POST") && heard.contains("scope-definitions"))
            .count();
        assert!(posts <= 4, "{posts} requests");
    }
}

/// Everything that is asked before a write has one answer; a write has the answer that is given.
async fn prism(write: impl FnMut(&Value, &mut Vec<Value>) -> Vec<u8> + Send + 'static) -> RawServer {
    let state = Mutex::new((write, Vec::<Value>::new()));
    RawServer::start(move |heard| {
        let mut state = state.lock().unwrap();
        let (write, stored) = &mut *state;
        if heard.starts_with("POST") && heard.contains("scope-definitions") {
            let body = heard.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            let mut definition: Value = serde_json::from_str(body).unwrap();
            definition["id"] = json!("d1");
            definition["app_id"] = json!("a1");
            return write(&definition, stored);
        }
        let answer = json!({ "definitions": stored, "apps": [], "active": false });
        RawServer::json("200 OK", "", &answer.to_string())
    })
    .await
}

#[tokio::test]
async fn a_definition_that_another_client_deleted_and_created_is_noticed_by_its_id() {
    let console = Console::on(
        prism(|definition, stored| {
            // Deleted and created between our write and our look: the same in another place.
            let mut other = definition.clone();
            other["id"] = json!("d2");
            stored.push(other);
            RawServer::json("201 Created", "", &json!({ "definition": definition }).to_string())
        })
        .await,
    )
    .await;
    let result = console.import(&source(1)).await;
    assert_eq!(result["rows"][0]["state"], "verified", "{result}");
    assert_eq!(result["rows"][0]["problem"]["code"], "definition.recreated", "{result}");
}
