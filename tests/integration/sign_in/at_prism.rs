//! The whole flow at the sandbox's Prism, whose consent is given through its own interface.

use super::Desk;
use scopes::lang::Lang;
use serde_json::{Value, json};
use tests::World;
use tests::sign_in::{Attempt, visit};

const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";
const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";

/// A desk at the sandbox's Prism as if it were a real one; the consumers know its redirect URIs, or those of `known`.
async fn desk(known: Option<&[usize]>) -> Desk {
    let world = World::start();
    let prism = world.handout().prism_url.clone();
    let desk = Desk::at(world, &prism).await;
    let slug = prism.trim_start_matches("http://").replace(':', "-");
    let uris: Vec<String> = desk
        .ports
        .iter()
        .enumerate()
        .filter(|(index, _)| known.is_none_or(|known| known.contains(index)))
        .map(|(_, port)| format!("http://127.0.0.1:{port}/callback/{slug}"))
        .collect();
    let mut scenario = serde_json::to_value(sandbox::Scenario::lived_in()).unwrap();
    for app in scenario["prism"]["apps"].as_array_mut().unwrap() {
        app["redirect_uris"].as_array_mut().unwrap().extend(uris.iter().map(|uri| json!(uri)));
    }
    desk.world.sandbox.admin().load(serde_json::from_value(scenario).unwrap());
    desk
}

/// Approves, or not, as the consent page does; the address the browser is sent to.
async fn decide(desk: &Desk, attempt: &Attempt, action: &str) -> String {
    let handout = desk.world.handout();
    let session = handout.credentials.iter().find(|c| c.id == "mia_session").unwrap();
    let body = json!({
        "client_id": attempt.asked("client_id"), "redirect_uri": attempt.asked("redirect_uri"),
        "scope": attempt.asked("scope"), "state": attempt.asked("state"),
        "code_challenge": attempt.asked("code_challenge"), "nonce": attempt.asked("nonce"),
        "code_challenge_method": attempt.asked("code_challenge_method"), "action": action,
    });
    let answer = reqwest::Client::new()
        .post(format!("{}/api/oauth/authorize", handout.prism_url))
        .bearer_auth(&session.secret)
        .body(body.to_string())
        .send()
        .await
        .unwrap();
    let value: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    value["redirect"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

async fn begin(desk: &Desk, client: &str, scopes: &[&str]) -> Attempt {
    let args = json!({ "connection": desk.connection, "client_id": client, "scopes": scopes });
    Attempt::begin(desk.engine(), args).await.unwrap()
}

#[tokio::test]
async fn a_public_client_signs_in_and_calls() {
    let desk = desk(None).await;
    let read = format!("app:{GLINT}:read_todos");
    let attempt = begin(&desk, BOARD, &["openid", "profile", "teams:read", "offline_access", &read]).await;
    let opened = desk.host().asked().opened;
    assert!(opened.len() == 1 && !opened[0].contains(&attempt.asked("state")), "{opened:?}");
    assert_eq!(attempt.asked("code_challenge_method"), "S256");
    let (status, page) = visit(&decide(&desk, &attempt, "approve").await).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains("You are signed in to Test") && page.contains("Everything asked for was granted"),
        "{page}"
    );
    assert!(page.contains("content-security-policy: default-src 'none';"), "{page}");
    let signed_in = attempt.end().await.unwrap();
    assert_eq!(signed_in["granted"].as_array().unwrap().len(), 5);
    assert_eq!(signed_in["dropped"], json!([]));
    assert_eq!(signed_in["problems"], json!([]));
    let identity = &signed_in["identity"];
    assert_eq!(identity["user_name"], "mia");
    assert_eq!(identity["origin"], "signed_in");
    assert_eq!(identity["refreshable"], true);
    assert_eq!(identity["client_id"], BOARD);
    assert_eq!(identity["for_calls"], true);
    assert!(identity["expires_at"].as_i64().unwrap() > 1_700_000_000);
}

#[tokio::test]
async fn a_confidential_client_needs_its_secret_and_takes_it_from_the_connection() {
    let desk = desk(None).await;
    // Without the secret the exchange is refused, and the page in the browser says so.
    let attempt = begin(&desk, BOT, &["profile"]).await;
    let (status, page) = visit(&decide(&desk, &attempt, "approve").await).await;
    assert!(status == 400 && page.contains("Not signed in to Test"), "{page}");
    let problem = attempt.end().await.unwrap_err();
    assert_eq!(problem.code, "oauth.invalid_client");
    assert!(!problem.hints.is_empty() && problem.exchange.is_some());
    let found =
        desk.world.handout().credentials.iter().find(|c| c.id == "bot_client").unwrap().secret.clone();
    desk.call("add_identity", json!({ "secret": format!("{BOT}:{found}") })).await.unwrap();
    let attempt = begin(&desk, BOT, &["openid", "profile"]).await;
    let (status, _) = visit(&decide(&desk, &attempt, "approve").await).await;
    assert_eq!(status, 200);
    let signed_in = attempt.end().await.unwrap();
    assert_eq!(signed_in["identity"]["user_name"], "mia");
    assert!(!signed_in.to_string().contains(&found));
}

#[tokio::test]
async fn what_prism_drops_silently_is_said_with_its_reason() {
    let desk = desk(None).await;
    let comment = format!("app:{GLINT}:delete_todos");
    let attempt = begin(&desk, BOT, &["profile", &comment, "made:up"]).await;
    let secret =
        desk.world.handout().credentials.iter().find(|c| c.id == "bot_client").unwrap().secret.clone();
    drop(attempt);
    let args = json!({ "connection": desk.connection, "client_id": BOT, "client_secret": secret,
        "scopes": ["profile", comment, "made:up"] });
    let plan =
        desk.call("prepare_sign_in", json!({ "client_id": BOT, "scopes": args["scopes"] })).await.unwrap();
    let attempt = Attempt::begin(desk.engine(), args).await.unwrap();
    visit(&decide(&desk, &attempt, "approve").await).await;
    let signed_in = attempt.end().await.unwrap();
    assert_eq!(signed_in["granted"], json!(["profile"]));
    for dropped in [&plan["dropped"], &signed_in["dropped"]] {
        let reasons: Vec<_> = dropped
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["scope"].as_str().unwrap(), d["reason"].as_str().unwrap()))
            .collect();
        assert_eq!(reasons, [(comment.as_str(), "not_allowed"), ("made:up", "unknown")]);
    }
    let words = signed_in["dropped"][0]["words"].as_str().unwrap();
    assert!(
        words.starts_with("Standup Bot has not registered `delete_todos`.")
            && words.contains("allowed_scopes"),
        "{words}"
    );
}

#[tokio::test]
async fn nothing_granted_is_said_aloud() {
    let desk = desk(None).await;
    let attempt = begin(&desk, BOARD, &["made:up", "email"]).await;
    let (_, page) = visit(&decide(&desk, &attempt, "approve").await).await;
    assert!(page.contains("nothing was granted") && page.contains("class=\"warn\""), "{page}");
    let signed_in = attempt.end().await.unwrap();
    assert_eq!(signed_in["granted"], json!([]));
    assert_eq!(signed_in["problems"][0]["code"], "sign_in.nothing_granted");
    assert_eq!(signed_in["dropped"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn refused_consent_ends_the_sign_in_in_words_of_both_languages() {
    let desk = desk(None).await;
    for (lang, title) in [(Lang::En, "Not signed in to Test"), (Lang::Zh, "没有登录到 Test")] {
        let args = json!({ "connection": desk.connection, "client_id": BOARD, "scopes": ["profile"] });
        let attempt = Attempt::begin_in(lang, desk.engine(), args).await.unwrap();
        let (status, page) = visit(&decide(&desk, &attempt, "deny").await).await;
        assert!(status == 400 && page.contains(title), "{page}");
        let problem = attempt.end().await.unwrap_err();
        assert_eq!(problem.code, "oauth.access_denied");
        assert!(!problem.hints.is_empty());
    }
}

#[tokio::test]
async fn the_plan_says_which_redirect_uris_are_registered_and_which_to_register() {
    let partly = desk(Some(&[1])).await;
    let plan = partly.call("prepare_sign_in", json!({ "client_id": BOARD })).await.unwrap();
    let known: Vec<_> =
        plan["redirect_uris"].as_array().unwrap().iter().map(|uri| uri["registered"].clone()).collect();
    assert_eq!(known, [json!(false), json!(true), json!(false)]);
    assert_eq!((&plan["client_name"], &plan["can_register"]), (&json!("Tea Board"), &json!(false)));
    assert_eq!(plan["issuer"], partly.world.handout().prism_url);
    assert_eq!(plan["problems"], json!([]));
    // Only the registered one is listened on.
    let attempt = begin(&partly, BOARD, &["profile"]).await;
    assert_eq!(attempt.redirect_uri, plan["redirect_uris"][1]["uri"]);
    visit(&decide(&partly, &attempt, "approve").await).await;
    attempt.end().await.unwrap();

    let none = desk(Some(&[])).await;
    let plan = none.call("prepare_sign_in", json!({ "client_id": BOARD })).await.unwrap();
    let problem = &plan["problems"][0];
    assert_eq!(problem["code"], "sign_in.not_registered");
    let hints = problem["hints"].to_string();
    for uri in plan["redirect_uris"].as_array().unwrap() {
        assert!(hints.contains(uri["uri"].as_str().unwrap()), "{hints}");
    }
    assert!(hints.contains("`localhost` is not `127.0.0.1`"), "{hints}");
    let args = json!({ "connection": none.connection, "client_id": BOARD, "scopes": ["profile"] });
    let problem = Attempt::begin(none.engine(), args).await.err().unwrap();
    assert_eq!(problem.code, "sign_in.not_registered");
    assert_eq!(none.host().asked().opened, Vec::<String>::new());
}

#[tokio::test]
async fn a_plan_without_a_client_and_with_an_unknown_one() {
    let desk = desk(None).await;
    let plan = desk.call("prepare_sign_in", json!({ "client_id": null })).await.unwrap();
    assert!(
        plan["redirect_uris"]
            .as_array()
            .unwrap()
            .iter()
            .all(|u| u["registered"].is_null() && u["free"] == true)
    );
    let plan = desk.call("prepare_sign_in", json!({ "client_id": "prism_nobody" })).await.unwrap();
    assert_eq!(plan["problems"][0]["code"], "oauth.invalid_client");
    let problem = desk.call("register_client", json!({ "name": "Mine" })).await.unwrap_err();
    assert_eq!(problem.code, "sign_in.no_registration");
    assert!(problem.hints[0].contains("http://127.0.0.1:"), "{:?}", problem.hints);
}

#[tokio::test]
async fn a_client_id_that_is_none_is_refused_before_anything_is_opened() {
    let desk = desk(None).await;
    for id in ["", "  ", "a b", "a\nb"] {
        let args = json!({ "connection": desk.connection, "client_id": id, "scopes": [] });
        let problem = Attempt::begin(desk.engine(), args).await.err().unwrap();
        assert_eq!(problem.code, "sign_in.no_client", "{id:?}");
    }
    let args = json!({ "connection": desk.connection, "client_id": GLINT, "scopes": [], "as_client": true });
    let problem = Attempt::begin(desk.engine(), args).await.err().unwrap();
    assert_eq!(problem.code, "oauth.no_client_credentials");
}

#[tokio::test]
async fn a_code_whose_answer_is_lost_is_never_sent_again() {
    let desk = desk(None).await;
    for kind in ["reset_before_commit", "reset_after_commit", "html"] {
        let attempt = begin(&desk, BOARD, &["profile"]).await;
        let redirect = decide(&desk, &attempt, "approve").await;
        desk.world.fault(json!({ "server": "prism", "path": "/api/oauth/token", "kind": kind }));
        desk.world.forget_requests();
        let (status, _) = visit(&redirect).await;
        assert_eq!(status, 400, "{kind}");
        let problem = attempt.end().await.unwrap_err();
        let lost = kind.starts_with("reset");
        assert_eq!(problem.code, if lost { "reach.reset" } else { "reach.not_api" }, "{kind}");
        assert_eq!(problem.hints.iter().any(|hint| hint.contains("never sent twice")), lost, "{kind}");
        let requests = desk.world.requests();
        let sent = requests.iter().filter(|(_, path, _)| path.starts_with("/api/oauth/token")).count();
        assert_eq!(sent, 1, "{kind}: {requests:?}");
    }
    println!("count: F3: 3 exchanges whose answer was lost, each sent once");
}

#[tokio::test]
async fn tokens_nobody_can_keep_are_not_asked_for() {
    let dir = std::env::temp_dir().join(format!("spectroscope-it-unkept-{}", std::process::id()));
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), engine::Limits::default());
    let args = json!({ "name": "Kept", "environment": "staging", "prism_url": world.handout().prism_url });
    let reply = world.call("add_connection", args).await.unwrap();
    let id = reply["connections"].as_array().unwrap().last().unwrap()["id"].clone();
    // There is no keychain here and nothing was chosen.
    let args = json!({ "connection": id, "client_id": BOARD, "scopes": ["profile"] });
    let problem = Attempt::begin(&world.engine, args).await.err().unwrap();
    assert_eq!(problem.code, "vault.unchosen");
    assert_eq!(world.host.asked().opened, Vec::<String>::new());
    std::fs::remove_dir_all(dir).unwrap();
}
