//! Tokens are renewed ahead of their end, once, and what goes wrong on the way loses nothing.

use super::{Console, TOKEN, codes};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Seconds an access token of the sandbox's Prism lives.
const LIFE: i64 = 3600;

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_its_end_and_once_for_all_who_wait() {
    let console = Console::open("ahead").await;
    let mia = console.sign_in().await;
    console.world.forget_requests();
    console.pass(LIFE - 70);
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200);
    assert_eq!(console.token_requests(), 0, "70 seconds are enough");
    let before = console.identity(&mia).await["expires_at"].as_i64().unwrap();
    console.pass(15);
    let calls = join_all((0..8).map(|_| console.call_glint(&mia))).await;
    assert!(calls.into_iter().all(|status| status.unwrap() == 200));
    assert_eq!(console.token_requests(), 1, "eight calls at once, one refresh");
    let after = console.identity(&mia).await["expires_at"].as_i64().unwrap();
    assert!(after >= before + LIFE - 60, "{before} {after}");
    console.pass(LIFE + 5);
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200, "also after the end");
    assert_eq!(console.token_requests(), 2);
}

#[tokio::test]
async fn a_refresh_by_hand_says_what_happened() {
    let console = Console::open("by-hand").await;
    let mia = console.sign_in().await;
    let idle = console.call("refresh_identity", json!({ "identity": mia })).await.unwrap();
    assert_eq!((&idle["done"], &idle["exchange"]), (&json!(false), &Value::Null), "there is time left");
    let forced = console.call("refresh_identity", json!({ "identity": mia, "force": true })).await.unwrap();
    assert_eq!((&forced["done"], &forced["exchange"]["status"]), (&json!(true), &json!(200)));
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200);
    let pat = console.add("olivia_pat").await;
    let problem = console.call("refresh_identity", json!({ "identity": pat })).await.unwrap_err();
    assert_eq!(problem.code, "identity.not_refreshable");
}

#[tokio::test]
async fn a_refresh_is_advised_only_where_it_is_carried_out() {
    let console = Console::open("advised").await;
    let mia = console.sign_in().await;
    let look = || console.call("introspect_identity", json!({ "identity": mia }));
    assert_eq!(look().await.unwrap()["problems"], json!([]), "active: nothing is advised");
    let idle = console.call("refresh_identity", json!({ "identity": mia })).await.unwrap();
    assert_eq!(idle["done"], false, "there is time left");
    // The answers got lost: the token is inactive though it has time left.
    console
        .world
        .fault(json!({ "server": "prism", "path": TOKEN, "kind": "reset_after_commit", "times": 2 }));
    console.call("refresh_identity", json!({ "identity": mia, "force": true })).await.unwrap_err();
    let inactive = look().await.unwrap();
    assert_eq!(codes(&inactive["problems"]), ["token.inactive"]);
    assert!(
        inactive["problems"][0]["hints"][0].as_str().unwrap().starts_with("Force a refresh"),
        "{inactive}"
    );
    let followed = console.call("refresh_identity", json!({ "identity": mia, "force": true })).await.unwrap();
    assert_eq!(followed["done"], true);
    assert_eq!(look().await.unwrap()["problems"], json!([]));
    // Without a refresh token none is advised.
    let pasted = console.add("mia_revoked").await;
    let report = console.call("introspect_identity", json!({ "identity": pasted })).await.unwrap();
    assert_eq!(codes(&report["problems"]), ["token.inactive"]);
    assert!(!report["problems"][0]["hints"].to_string().contains("efresh"), "{report}");
}

#[tokio::test]
async fn a_dead_refresh_token_is_said_once_and_not_tried_again() {
    let console = Console::open("dead").await;
    let mia = console.sign_in().await;
    // The person withdraws the consent at Prism: every token of the client is dead at once.
    let prism = &console.world.handout().prism_url;
    let request = reqwest::Client::new().delete(format!("{prism}/api/oauth/consents/{}", super::BOARD));
    let answer = request.bearer_auth(console.secret("mia_session")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    console.pass(LIFE);
    console.world.forget_requests();
    let first = console.call_glint(&mia).await.unwrap_err();
    assert_eq!(first.code, "identity.refresh_dead");
    assert!(first.exchange.is_some() && first.hints[0].contains("Sign in again"), "{first:?}");
    let second = console.call_glint(&mia).await.unwrap_err();
    assert_eq!(second.code, "identity.refresh_dead");
    assert_eq!(console.token_requests(), 1, "it is not tried again by itself");
}

#[tokio::test]
async fn a_refresh_refused_ahead_of_time_leaves_the_token_in_use() {
    let console = Console::open("refused").await;
    let mia = console.sign_in().await;
    console.pass(LIFE - 30);
    console
        .world
        .fault(json!({ "server": "prism", "path": TOKEN, "kind": "status", "status": 503, "times": 1 }));
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200, "half a minute is left");
    console.world.forget_requests();
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200);
    assert_eq!(console.token_requests(), 1, "the next use tries again");
}

#[tokio::test]
async fn twenty_answers_lost_on_the_way_lose_no_token() {
    let mut lost_twice = 0;
    let console = Console::open("lost").await;
    let mia = console.sign_in().await;
    for round in 0..20 {
        console.pass(LIFE);
        let times = 1 + round % 2;
        let kind = if round % 4 < 2 { "reset_after_commit" } else { "reset_before_commit" };
        console.world.fault(json!({ "server": "prism", "path": TOKEN, "kind": kind, "times": times }));
        console.world.forget_requests();
        let first = console.call_glint(&mia).await;
        if times == 2 {
            assert_eq!(first.unwrap_err().code, "identity.refresh_lost", "round {round}");
            lost_twice += 1;
            assert_eq!(console.call_glint(&mia).await.unwrap(), 200, "round {round}: the next use recovers");
            assert_eq!(console.token_requests(), 3, "round {round}");
        } else {
            assert_eq!(first.unwrap(), 200, "round {round}: asked once more, Prism keeps the refresh token");
            assert_eq!(console.token_requests(), 2, "round {round}");
        }
    }
    println!(
        "count: 20 refreshes with a lost answer, {lost_twice} of them lost twice: 20 tokens, 0 sign-ins needed"
    );
}

#[tokio::test]
async fn revoking_ends_the_token_at_the_server_and_here() {
    let console = Console::open("revoke").await;
    let mia = console.sign_in().await;
    let seen = console.call("introspect_identity", json!({ "identity": mia })).await.unwrap();
    assert_eq!((&seen["done"], codes(&seen["problems"]).len()), (&json!(true), 0));
    let before = super::files(&console.dir.join("vault")).len();
    let revoked = console.call("revoke_identity", json!({ "identity": mia })).await.unwrap();
    assert_eq!(revoked["dead"], true, "the server was asked");
    assert_eq!(codes(&revoked["problems"]), Vec::<String>::new());
    assert_eq!(console.identity(&mia).await, Value::Null);
    assert_eq!(super::files(&console.dir.join("vault")).len(), before - 1);
    let pat = console.add("olivia_pat").await;
    let problem = console.call("revoke_identity", json!({ "identity": pat })).await.unwrap_err();
    assert_eq!(problem.code, "identity.not_revocable");
    let looked = console.call("introspect_identity", json!({ "identity": pat })).await.unwrap();
    assert_eq!(looked["done"], true);
}

#[tokio::test]
async fn a_token_replaced_on_another_computer_is_told_and_renewed_for_the_next_call() {
    let console = Console::open("superseded").await;
    let mia = console.sign_in().await;
    // Another computer has the same refresh token and uses it: Prism ends this computer's access token at once.
    let archive = console.world.sandbox.admin().log().archive();
    let entries = archive["log"]["entries"].as_array().unwrap().iter();
    let texts = entries.filter_map(|entry| entry.pointer("/response/content/text")?.as_str());
    let mut answers = texts.filter_map(|text| serde_json::from_str::<Value>(text).ok());
    let issued = answers.find_map(|answer| answer["refresh_token"].as_str().map(str::to_owned)).unwrap();
    let body = format!("grant_type=refresh_token&client_id={}&refresh_token={issued}", super::BOARD);
    let request = reqwest::Client::new().post(format!("{}{TOKEN}", console.world.handout().prism_url));
    let form = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.header(form.0, form.1).body(body).send().await.unwrap().status(), 200);
    console.world.forget_requests();
    assert_eq!(console.call_glint(&mia).await.unwrap(), 401, "the call is not sent again by itself");
    assert_eq!(console.token_requests(), 0);
    assert_eq!(console.call_glint(&mia).await.unwrap(), 200);
    assert_eq!(console.token_requests(), 1);
}

/// The same data directory in another process, its vault opened.
async fn another_process(console: &Console) -> engine::Engine {
    let engine = console.restarted();
    super::ask(&engine, "unlock_vault", json!({ "passphrase": super::PASSPHRASE })).await.unwrap();
    engine
}

/// A call to Glint from another process; the status.
async fn call_elsewhere(console: &Console, identity: &str) -> Result<Value, String> {
    let args = json!({ "connection": console.connection, "identity": identity, "route": "me", "values": {} });
    let report = super::ask(&another_process(console).await, "test_call", args).await;
    report.map(|report| report["exchange"]["status"].clone()).map_err(|problem| problem.code)
}

#[tokio::test]
async fn a_refresh_without_an_answer_leaves_a_doubt_that_the_next_process_resolves() {
    let console = Console::open("doubt").await;
    let mia = console.sign_in().await;
    let refresh = json!({ "identity": mia, "force": true });
    for round in 0..6 {
        // Both answers are lost after Prism has replaced the access token, which has an hour left here.
        console
            .world
            .fault(json!({ "server": "prism", "path": TOKEN, "kind": "reset_after_commit", "times": 2 }));
        let lost = console.call("refresh_identity", refresh.clone()).await.unwrap_err();
        assert_eq!(lost.code, "identity.refresh_lost", "round {round}");
        console.world.forget_requests();
        assert_eq!(call_elsewhere(&console, &mia).await, Ok(json!(200)), "round {round}");
        assert_eq!(console.token_requests(), 1, "round {round}: renewed though it has time left");
        console.world.forget_requests();
        assert_eq!(call_elsewhere(&console, &mia).await, Ok(json!(200)), "round {round}");
        assert_eq!(console.token_requests(), 0, "round {round}: the doubt has ended");
    }
}

#[tokio::test]
async fn a_refresh_that_failed_is_asked_about_before_the_token_is_used() {
    let console = Console::open("failed").await;
    let mia = console.sign_in().await;
    let refresh = json!({ "identity": mia, "force": true });
    for status in [500, 502, 503, 504] {
        console.world.fault(
            json!({ "server": "prism", "path": TOKEN, "kind": "status", "status": status, "times": 1 }),
        );
        let failed = console.call("refresh_identity", refresh.clone()).await.unwrap_err();
        // A 500 of Prism's own token endpoint has a known reason; a gateway's status has none.
        let expected = if status == 500 { "oauth.jwt_tokens_broken" } else { "server.error" };
        assert_eq!(failed.code, expected, "{status}");
        console.world.forget_requests();
        assert_eq!(call_elsewhere(&console, &mia).await, Ok(json!(200)), "{status}");
        // The server calls it active: nothing was refreshed, and nothing has to be.
        let asked: Vec<String> = console.world.requests().into_iter().map(|(_, path, _)| path).collect();
        assert_eq!(asked.iter().filter(|path| *path == TOKEN).count(), 0, "{status}: {asked:?}");
        assert!(asked.iter().any(|path| path == "/api/oauth/introspect"), "{status}: {asked:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_called_inactive_is_renewed_by_the_next_process() {
    let console = Console::open("inactive").await;
    let mia = console.sign_in().await;
    // Lost twice, and the mark of it gone, as where an older version left the identity.
    console
        .world
        .fault(json!({ "server": "prism", "path": TOKEN, "kind": "reset_after_commit", "times": 2 }));
    let refresh = json!({ "identity": mia, "force": true });
    assert!(console.call("refresh_identity", refresh).await.is_err());
    std::fs::remove_file(console.dir.join("locks").join(format!("{mia}.doubt"))).unwrap();
    assert_eq!(call_elsewhere(&console, &mia).await, Ok(json!(401)), "nobody knew");
    assert_eq!(call_elsewhere(&console, &mia).await, Ok(json!(200)), "now everybody does");
}

#[tokio::test]
async fn a_vault_that_cannot_be_written_keeps_the_refresh_token_unspent() {
    let console = Console::open("unwritable").await;
    let mia = console.sign_in().await;
    let (vault, away) = (console.dir.join("vault"), console.dir.join("away"));
    console.world.forget_requests();
    std::fs::rename(&vault, &away).unwrap();
    let refresh = json!({ "identity": mia, "force": true });
    let problem = console.call("refresh_identity", refresh.clone()).await.unwrap_err();
    assert!(problem.code.starts_with("vault."), "{}", problem.code);
    assert_eq!(console.token_requests(), 0);
    std::fs::rename(&away, &vault).unwrap();
    console.world.call("unlock_vault", json!({ "passphrase": super::PASSPHRASE })).await.unwrap();
    assert_eq!(console.call("refresh_identity", refresh).await.unwrap()["done"], true);
}
