//! Transport and HTTP faults × six operations. The oracle: what is called done is at the server, what is called refused or
//! not sent is not, everything else is called unknown; no secret is in any reply; every run ends.

use super::scene::Scene;
use super::{at_once, chosen};
use engine::Limits;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tests::proxy::Mishap;

pub(crate) const DEFINITIONS: &str = "/api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
pub(crate) const RULES: &str = "/api/apps/052877d243367e69e10b707373ddb44b/scope-access-rules";
/// The team that Glint's own answer to the call names.
const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
pub(crate) const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";

/// How long is waited for an answer here.
pub(crate) const LIMITS: Limits = Limits {
    headers: Duration::from_millis(250),
    total: Duration::from_millis(500),
    body: 8 * 1024 * 1024,
    sign_in: Duration::from_secs(1),
};

/// What is done while the fault is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Plan,
    Create,
    Delete,
    AddRule,
    RemoveRule,
    Call,
}

const WORK: [Work; 6] = [Work::Plan, Work::Create, Work::Delete, Work::AddRule, Work::RemoveRule, Work::Call];

impl Work {
    /// Verb and path of its request.
    pub(crate) fn request(self) -> (&'static str, &'static str) {
        match self {
            Self::Plan => ("GET", DEFINITIONS),
            Self::Create => ("POST", DEFINITIONS),
            Self::Delete => ("DELETE", DEFINITIONS),
            Self::AddRule => ("POST", RULES),
            Self::RemoveRule => ("DELETE", RULES),
            Self::Call => ("GET", "/api/cross-app/me"),
        }
    }
}

/// One fault.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// To the request of the operation.
    Request(Mishap),
    /// The servers' address has no listener.
    Refused,
    /// Its name does not resolve.
    Dns,
    /// Somebody accepts and never answers.
    BlackHole,
    /// TLS with a certificate that has expired, or is for another name.
    Tls { expired: bool },
}

fn transport() -> Vec<(&'static str, Trouble)> {
    vec![
        ("refused", Trouble::Refused),
        ("dns", Trouble::Dns),
        ("black hole", Trouble::BlackHole),
        ("reset before", Trouble::Request(Mishap::ResetBefore)),
        ("reset during", Trouble::Request(Mishap::ResetDuring)),
        ("reset after", Trouble::Request(Mishap::ResetAfter)),
        ("sliced", Trouble::Request(Mishap::Sliced)),
        ("drip", Trouble::Request(Mishap::Drip(Duration::from_millis(100)))),
        ("stall in headers", Trouble::Request(Mishap::StallInHeaders)),
        ("stall in body", Trouble::Request(Mishap::StallInBody)),
        ("truncated", Trouble::Request(Mishap::Truncated)),
        ("TLS expired", Trouble::Tls { expired: true }),
        ("TLS wrong host", Trouble::Tls { expired: false }),
        ("late", Trouble::Request(Mishap::Held)),
    ]
}

fn http() -> Vec<(&'static str, Trouble)> {
    let json = |status: &str, headers: &str, body: &str| {
        Trouble::Request(Mishap::Instead(tests::RawServer::json(status, headers, body)))
    };
    let page = |status: &str| {
        let body = "<!doctype html><title>Sign in</title>";
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        Trouble::Request(Mishap::Instead((head + body).into_bytes()))
    };
    let later = r#"{"error":"Too many requests"}"#;
    let echo = r#"{"definition":{"id":"d","app_id":"a","scope":"other","title":"Other"},"rule":{"id":"r","rule_type":"app_allow","target_id":"x"}}"#;
    vec![
        ("429 seconds", json("429 Too Many Requests", "Retry-After: 2\r\n", later)),
        ("429 date", json("429 Too Many Requests", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", later)),
        ("429 none", json("429 Too Many Requests", "", later)),
        ("429 absurd", json("429 Too Many Requests", "Retry-After: 99999999999999999999\r\n", later)),
        ("500", json("500 Internal Server Error", "", r#"{"error":"boom"}"#)),
        ("502", json("502 Bad Gateway", "", "")),
        ("503", json("503 Service Unavailable", "", "")),
        ("504", json("504 Gateway Timeout", "", "")),
        ("page 502", page("502 Bad Gateway")),
        ("page 200", page("200 OK")),
        ("empty 200", json("200 OK", "", "")),
        ("201 wrong echo", json("201 Created", "", echo)),
        ("302 same origin", json("302 Found", "Location: /elsewhere\r\n", "")),
        ("302 cross origin", json("302 Found", "Location: https://elsewhere.example/\r\n", "")),
    ]
}

/// What was claimed about the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Done,
    NotDone,
    Unclear,
}

async fn prepare(scene: &Scene, work: Work) -> Value {
    match work {
        Work::Create | Work::Delete => {
            let (text, delete) = source(work);
            scene.prepare("plan_import", json!({ "text": text, "delete": delete })).await
        }
        Work::AddRule => scene.prepare("review_access", json!({})).await,
        Work::RemoveRule => {
            let review = scene.prepare("review_access", json!({})).await;
            let args =
                json!({ "add": [{ "rule_type": "app_allow", "target_id": BOT }], "base": review["base"] });
            scene.prepare("apply_rules", args).await["review"].clone()
        }
        Work::Plan | Work::Call => Value::Null,
    }
}

fn source(work: Work) -> (String, Value) {
    match work {
        Work::Create => (json!([{ "scope": "fresh", "title": "Fresh" }]).to_string(), json!([])),
        _ => (String::new(), json!(["claim_todos"])),
    }
}

async fn carry_out(scene: &Scene, work: Work, prepared: &Value) -> Result<Value, Problem> {
    match work {
        Work::Plan => scene.ask("plan_import", json!({ "text": "" })).await,
        Work::Create | Work::Delete => {
            let (text, delete) = source(work);
            let args = json!({ "text": text, "delete": delete, "base": prepared["base"] });
            scene.ask("apply_import", args).await
        }
        Work::AddRule => {
            let add = json!([{ "rule_type": "app_deny", "target_id": BOT }]);
            scene.ask("apply_rules", json!({ "add": add, "base": prepared["base"] })).await
        }
        Work::RemoveRule => {
            let views = prepared["rules"].as_array().unwrap();
            let id =
                views.iter().find(|view| view["rule"]["target_id"] == BOT).map(|view| &view["rule"]["id"]);
            scene.ask("apply_rules", json!({ "remove": [id], "base": prepared["base"] })).await
        }
        Work::Call => {
            scene.ask("test_call", json!({ "identity": "mia_full", "route": "me", "values": {} })).await
        }
    }
}

fn claim(work: Work, ended: &Result<Value, Problem>) -> Claim {
    let reply = match ended {
        Ok(reply) => reply,
        Err(problem) => {
            let ours = ["reach.", "server.", "request.", "credential.", "app."];
            assert!(ours.iter().any(|family| problem.code.starts_with(family)), "{}", problem.code);
            assert!(!problem.message.is_empty());
            return Claim::NotDone;
        }
    };
    match work {
        Work::Plan => Claim::Done,
        Work::Call => {
            let allowed = reply["diagnosis"]["cause"] == "allowed";
            if allowed { Claim::Done } else { Claim::NotDone }
        }
        _ => match reply["rows"][0]["state"].as_str().unwrap() {
            "verified" => Claim::Done,
            "refused" | "not_sent" => Claim::NotDone,
            "unknown" => Claim::Unclear,
            other => panic!("{other} is no final state"),
        },
    }
}

/// One run; what was claimed, or why the claim is wrong.
async fn run(trouble: &Trouble, work: Work, times: Option<usize>) -> Result<Claim, String> {
    let mut scene = Scene::new().await;
    let prepared = prepare(&scene, work).await;
    let before = scene.truth().await;
    scene.break_by(trouble, work, times).await;
    let ended = tokio::time::timeout(Duration::from_secs(60), carry_out(&scene, work, &prepared))
        .await
        .map_err(|_| "it does not end".to_owned())?;
    let claimed = claim(work, &ended);
    // What was held is carried out long after everybody has stopped waiting.
    scene.prism.release().await;
    scene.glint.release().await;
    let after = scene.truth().await;
    let said = match &ended {
        Ok(reply) => reply.to_string(),
        Err(problem) => serde_json::to_string(problem).unwrap(),
    };
    for credential in &scene.sandbox.handout().credentials {
        if said.contains(&credential.secret) {
            return Err(format!("the secret of {} is in the reply", credential.id));
        }
    }
    match work {
        Work::Plan => {
            let counted = ended.as_ref().map(|plan| plan["counts"]["only_at_prism"].as_u64());
            let right = counted.is_ok_and(|count| count == Some(before.definitions.len() as u64));
            (right || claimed == Claim::NotDone).then_some(claimed).ok_or(format!("a wrong list: {said}"))
        }
        Work::Call => {
            let body = ended.as_ref().ok().and_then(|report| report["exchange"]["body"].as_str());
            match claimed {
                Claim::Done if !body.is_some_and(|body| body.contains(TEAM)) => {
                    Err(format!("allowed without the answer of Glint: {said}"))
                }
                _ => Ok(claimed),
            }
        }
        _ => match (claimed, after.shows(work)) {
            (Claim::Done, false) => Err(format!("called done and is not: {said}")),
            (Claim::NotDone, true) => Err(format!("called not done and is: {said}")),
            (_, shows) if !shows && after != before => Err("something else changed".to_owned()),
            _ => Ok(claimed),
        },
    }
}

async fn prove(name: &str, faults: Vec<(&'static str, Trouble)>) {
    let (mut wrong, mut claims, mut ran) = (Vec::new(), BTreeMap::new(), 0);
    // The fault hits once, or every time: with the first a repetition may succeed.
    let all = faults.len() * WORK.len();
    let runs = chosen(all, 7).flat_map(|number| [(number, Some(1)), (number, None)]);
    let runs = runs.map(async |(number, times)| {
        let ((what, trouble), work) = (&faults[number / WORK.len()], WORK[number % WORK.len()]);
        let ended = run(trouble, work, times).await;
        ended.map_err(|why| format!("{what}, {work:?}, {times:?}: {why}"))
    });
    for ended in at_once(runs, 4).await {
        ran += 1;
        match ended {
            Ok(claim) => *claims.entry(claim).or_insert(0) += 1,
            Err(why) => wrong.push(why),
        }
    }
    println!("count: {name} faults survived {} of {ran}, claims {claims:?}", ran - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transport_faults_in_six_operations() {
    prove("transport", transport()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_faults_in_six_operations() {
    prove("http", http()).await;
}
