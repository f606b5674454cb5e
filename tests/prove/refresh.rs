//! Refresh races: two and eight processes over one data directory need a new token at the same moment.

use super::{Dir, chosen};
use engine::Limits;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::World;
use tests::sign_in::{Attempt, free_ports, visit};
use tests::twin::Twin;

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";
const PASSPHRASE: &str = "a passphrase of five words";
const TOKEN: &str = "/api/oauth/token";
/// Seconds an access token of the sandbox's Prism is active.
const LIFETIME: i64 = 3600;

/// A signed-in identity of a saved connection, its secrets in a passphrase vault.
struct SignedIn {
    world: World,
    dir: Dir,
    connection: Value,
    identity: Value,
}

impl SignedIn {
    async fn new() -> Self {
        let dir = Dir::new("refresh");
        let world = World::with(sandbox::Options::default(), Some(dir.path().to_owned()), Limits::default());
        world.call("choose_vault", json!({ "kind": "passphrase", "passphrase": PASSPHRASE })).await.unwrap();
        let handout = world.handout().clone();
        let args = json!({
            "name": "Real", "environment": "staging", "prism_url": handout.prism_url,
            "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
            "transport": { "ca_file": null, "system_proxy": false, "redirect_ports": free_ports(3) },
        });
        let added = world.call("add_connection", args).await.unwrap();
        let saved = &added["connections"][1];
        let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).unwrap();
        for app in scenario["prism"]["apps"].as_array_mut().unwrap() {
            let known = app["redirect_uris"].as_array_mut().unwrap();
            known.extend(saved["redirect_uris"].as_array().unwrap().iter().cloned());
        }
        world.sandbox.admin().load(serde_json::from_value(scenario).unwrap());
        let connection = saved["id"].clone();
        let read = format!("app:{GLINT}:read_todos");
        let scopes = ["openid", "profile", "teams:read", "offline_access", &read];
        let args = json!({ "connection": connection, "client_id": BOARD, "scopes": scopes });
        let attempt = Attempt::begin(&world.engine, args).await.unwrap();
        let (status, page) = visit(&approve(&world, &attempt).await).await;
        assert_eq!(status, 200, "{page}");
        let identity = attempt.end().await.unwrap()["identity"]["id"].clone();
        Self { world, dir, connection, identity }
    }

    fn token_requests(&self) -> usize {
        self.world.requests().iter().filter(|(_, path, _)| path == TOKEN).count()
    }
}

/// Approves as mia does on the consent page; the address the browser is sent to.
async fn approve(world: &World, attempt: &Attempt) -> String {
    let handout = world.handout();
    let session = handout.credentials.iter().find(|c| c.id == "mia_session").unwrap();
    let names =
        ["client_id", "redirect_uri", "scope", "state", "code_challenge", "nonce", "code_challenge_method"];
    let mut body: serde_json::Map<String, Value> =
        names.iter().map(|&name| (name.to_owned(), json!(attempt.asked(name)))).collect();
    body.insert("action".into(), json!("approve"));
    let request = reqwest::Client::new().post(format!("{}/api/oauth/authorize", handout.prism_url));
    let answer = request.bearer_auth(&session.secret).body(json!(body).to_string()).send().await.unwrap();
    let value: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    value["redirect"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// Lets the token end `rounds` times while all processes call at once; what went wrong.
async fn race(processes: usize, rounds: usize) -> Vec<String> {
    let signed_in = SignedIn::new().await;
    let binary = env!("CARGO_BIN_EXE_spectroscope-tests");
    let mut twins: Vec<Twin> = (0..processes).map(|_| Twin::start(binary, signed_in.dir.path())).collect();
    let now = || signed_in.world.sandbox.clock().now_ms();
    let unlock = json!({ "passphrase": PASSPHRASE });
    join_all(twins.iter_mut().map(|twin| twin.call(now(), "unlock_vault", unlock.clone()))).await;
    let call = json!({
        "connection": signed_in.connection, "identity": signed_in.identity, "route": "me", "values": {},
    });
    let mut wrong = Vec::new();
    for round in 0..rounds {
        signed_in.world.sandbox.clock().advance(LIFETIME);
        signed_in.world.host.advance(LIFETIME);
        signed_in.world.forget_requests();
        let at = now();
        let answers = join_all(twins.iter_mut().map(|twin| twin.call(at, "test_call", call.clone()))).await;
        let passed =
            |answer: &Value| answer.pointer("/reply/exchange/status").and_then(Value::as_u64) == Some(200);
        let refused = answers.iter().filter(|answer| !passed(answer)).count();
        let refreshes = signed_in.token_requests();
        if refused > 0 || refreshes != 1 {
            wrong.push(format!(
                "{processes} processes, round {round}: {refused} refused, {refreshes} refreshes"
            ));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_need_a_new_token_at_once_refresh_once() {
    let rounds = chosen(24, 6).count();
    let (eight, two) = (rounds / 3, rounds - rounds / 3);
    let (mut wrong, of_eight) = tokio::join!(race(2, two), race(8, eight));
    wrong.extend(of_eight);
    println!("count: refresh races with one refresh and no lost token {} of {rounds}", rounds - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
