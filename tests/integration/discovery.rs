//! What is found at an address, told before a credential is given: paths, foreign letters, clocks.

use engine::host::Saving;
use engine::{Engine, Envelope, Host};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tests::{RawServer, ScriptedHost, World};

fn codes(problems: &Value) -> Vec<&str> {
    problems.as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap()).collect()
}

/// The same computer with another clock.
struct Skewed(ScriptedHost, i64);

impl Host for Skewed {
    fn now_ms(&self) -> i64 {
        self.0.now_ms() + self.1
    }
    fn data_dir(&self) -> Option<PathBuf> {
        self.0.data_dir()
    }
    fn keychain(&self) -> engine::host::KeychainUse {
        self.0.keychain()
    }
    fn open_url(&self, url: &str) -> Result<(), String> {
        self.0.open_url(url)
    }
    fn copy(&self, text: &str) -> Result<(), String> {
        self.0.copy(text)
    }
    fn save<'a>(&'a self, name: &'a str, text: &'a str) -> Saving<'a> {
        self.0.save(name, text)
    }
}

async fn discover(engine: &Engine, address: &str) -> Value {
    let args = json!({ "address": address });
    let envelope = Envelope { operation: "discover_connection".into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await.unwrap()
}

/// An HTTP date so many seconds from now (RFC 9110 §5.6.7).
fn date(ahead: i64) -> String {
    let (now, apart) = (SystemTime::now(), Duration::from_secs(ahead.unsigned_abs()));
    httpdate::fmt_http_date(if ahead < 0 { now - apart } else { now + apart })
}

/// A Glint whose clock is off, on a given Prism.
async fn glint(prism: &str, client_id: &str, ahead: i64) -> RawServer {
    let body = json!({
        "baseUrl": prism, "clientId": client_id, "redirectUri": "https://x.example/cb", "usePkce": true,
    });
    let body = body.to_string();
    RawServer::start(move |request| match request.starts_with("GET /api/auth/config ") {
        true => RawServer::json("200 OK", &format!("Date: {}\r\n", date(ahead)), &body),
        false => RawServer::json("404 Not Found", "", "{}"),
    })
    .await
}

#[tokio::test]
async fn the_computers_clock_is_named_when_both_servers_agree() {
    let world = World::start();
    for (ours, words) in [
        (0, None),
        (20_000, None),
        (-20_000, None),
        (95_000, Some(("s", "ahead of both servers: tokens seem expired here too early"))),
        (-3_630_000, Some(("min", "behind both servers: tokens end sooner than is shown here"))),
        (86_400_000 * 9, Some(("days", "ahead of both servers"))),
    ] {
        let engine = Engine::new(Arc::new(Skewed(ScriptedHost::new(None), ours)));
        let found = discover(&engine, &world.handout().glint_url).await;
        let clocks: Vec<_> =
            found["found"].as_array().unwrap().iter().filter(|fact| fact["source"] == "Date").collect();
        assert_eq!(clocks.len(), 2, "{found}");
        match words {
            None => assert_eq!(codes(&found["problems"]), Vec::<&str>::new(), "{ours}"),
            Some((unit, words)) => {
                // The clocks run on meanwhile: how far they are apart is what was measured at the first answer.
                let (_, measured) = clocks[0]["value"].as_str().unwrap().rsplit_once("GMT, ").unwrap();
                let (apart, _) = measured.rsplit_once(' ').unwrap();
                assert!(apart.ends_with(unit), "{measured}");
                let words = format!("{apart} {words}");
                assert_eq!(codes(&found["problems"]), ["clock.skew"], "{ours}");
                assert_eq!(found["problems"][0]["severity"], "risky");
                let message = found["problems"][0]["message"].as_str().unwrap();
                assert!(message.contains(&words), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn a_servers_clock_is_named_when_only_it_is_off() {
    let world = World::start();
    let handout = world.handout().clone();
    for (ahead, words) in [(300, "5 min ahead of this computer's"), (-45, "45 s behind this computer's")] {
        let server = glint(&handout.prism_url, &handout.provider.client_id, ahead).await;
        let found = discover(&world.engine, &server.base).await;
        assert_eq!(codes(&found["problems"]), ["clock.skew"]);
        let message = found["problems"][0]["message"].as_str().unwrap();
        let host = server.base.trim_start_matches("http://");
        assert!(message.contains(&format!("The clock of Glint at `{host}` is {words}")), "{message}");
    }
}

#[tokio::test]
async fn a_check_shows_both_times() {
    let world = World::start();
    let check = world.on_sandbox("check_connection", json!({})).await.unwrap();
    let found = check["found"].as_array().unwrap();
    for clock in ["Clock of Glint", "Clock of Prism"] {
        let shown = found.iter().find(|fact| fact["title"] == clock).unwrap();
        assert!(shown["value"].as_str().unwrap().ends_with(" GMT"), "{shown}");
    }
}

#[tokio::test]
async fn a_path_that_glint_ignores_is_told() {
    let world = World::start();
    let handout = world.handout().clone();
    let prism = format!("{}/auth/prism", handout.prism_url);
    let server = glint(&prism, &handout.provider.client_id, 0).await;
    let found = discover(&world.engine, &server.base).await;
    assert_eq!(codes(&found["problems"]), ["discovery.prism_path_ignored"]);
    assert_eq!(found["prism_url"], handout.prism_url);
    let message = found["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("`/auth/prism`") && message.contains(&handout.prism_url), "{message}");
}

#[tokio::test]
async fn a_server_that_limits_requests_or_is_down_may_still_be_the_right_one() {
    let page = "<!doctype html><title>Too many requests</title>";
    for (status, body, code, helps) in [
        ("429 Too Many Requests", r#"{"error":"Too many requests"}"#, "server.rate_limited", "Retry-After"),
        ("429 Too Many Requests", page, "server.rate_limited", "Retry-After"),
        ("502 Bad Gateway", "", "server.error", "gateway"),
        ("503 Service Unavailable", page, "server.error", "gateway"),
    ] {
        let server = RawServer::start(move |_| RawServer::json(status, "Retry-After: 60\r\n", body)).await;
        let args = json!({ "address": server.base });
        let engine = Engine::new(Arc::new(ScriptedHost::new(None)));
        let envelope = Envelope { operation: "discover_connection".into(), args, lang: Lang::En, job: None };
        let problem = engine.handle(envelope, &|_| {}).await.unwrap_err();
        assert_eq!(problem.code, code, "{status}: {}", problem.message);
        let hints = problem.hints.join(" ");
        assert!(hints.contains(helps), "{status}: {hints}");
        assert!(!hints.contains("address"), "{status}: the address is not what is wrong: {hints}");
    }
}

#[tokio::test]
async fn a_form_that_was_not_measured_is_told() {
    let world = World::start();
    let handout = world.handout().clone();
    let config = json!({
        "baseUrl": handout.prism_url, "clientId": handout.provider.client_id, "redirectUri": "",
        "usePkce": "yes", "apiVersion": 2,
    });
    let body = config.to_string();
    let server = RawServer::start(move |_| RawServer::json("200 OK", "", &body)).await;
    let found = discover(&world.engine, &server.base).await;
    assert_eq!(codes(&found["problems"]), ["discovery.unknown_version"]);
    assert_eq!(found["problems"][0]["severity"], "note");
    let message = found["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("differs from the measured one in `usePkce`, `apiVersion`"), "{message}");
    let check = world.on_sandbox("check_connection", json!({})).await.unwrap();
    assert_eq!(codes(&check["problems"]), Vec::<&str>::new(), "the sandbox answers as was measured");
}

#[tokio::test]
async fn a_prism_alone_is_completed_by_hand() {
    let world = World::start();
    let handout = world.handout().clone();
    let found = discover(&world.engine, &handout.prism_url).await;
    let alone = &found["problems"][0];
    assert_eq!(alone["code"], "discovery.prism_alone");
    assert!(alone["hints"][0].as_str().unwrap().contains("edit the connection"), "{alone}");
    let args = json!({ "name": "By hand", "environment": "staging", "prism_url": found["prism_url"] });
    let reply = world.call("add_connection", args).await.unwrap();
    let id = reply["connections"][1]["id"].clone();
    let catalog = world.call("open_catalog", json!({ "connection": id })).await.unwrap();
    assert_eq!(codes(&catalog["problems"])[0], "connection.no_provider");
    let args = json!({
        "connection": id, "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
    });
    let reply = world.call("edit_connection", args).await.unwrap();
    assert_eq!(reply["connections"][1]["glint_url"], handout.glint_url);
    let secret = &handout.credentials.iter().find(|c| c.id == "olivia_pat").unwrap().secret;
    world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
    let catalog = world.call("open_catalog", json!({ "connection": id })).await.unwrap();
    assert!(!catalog["scopes"].as_array().unwrap().is_empty(), "{catalog}");
    let check = world.call("check_connection", json!({ "connection": id })).await.unwrap();
    assert_eq!(codes(&check["problems"]), Vec::<&str>::new());
}

#[tokio::test]
async fn letters_of_another_script_are_told_with_the_real_name() {
    let world = World::start();
    let handout = world.handout().clone();
    // The name does not resolve; what matters is what is said about it.
    for (typed, real) in [
        ("https://pr\u{456}sm.invalid", "xn--prsm-m9d.invalid"),
        ("https://xn--prsm-m9d.invalid", "xn--prsm-m9d.invalid"),
        ("https://\u{ff50}rism.invalid", "prism.invalid"),
    ] {
        let server = glint(typed, &handout.provider.client_id, 0).await;
        let found = discover(&world.engine, &server.base).await;
        let told = found["problems"].as_array().unwrap();
        let told = told.iter().find(|problem| problem["code"] == "address.foreign_letters");
        let told = told.unwrap_or_else(|| panic!("{typed}: {found}"));
        assert_eq!(told["related"][0], real, "{typed}");
    }
}
