//! What outlives a run, and what does not.

use super::{BOARD, Console, PASSPHRASE, ask, codes, files, found};
use engine::Limits;
use serde_json::{Value, json};
use tests::World;

/// Every secret the servers issued to this console or that was pasted into it.
fn secrets(console: &Console) -> Vec<String> {
    let mut all = vec![console.secret("olivia_pat"), console.secret("glint_client")];
    all.push(all[1].split_once(':').unwrap().1.to_owned());
    let archive = console.world.sandbox.admin().log().archive();
    for entry in archive["log"]["entries"].as_array().unwrap() {
        let text = entry.pointer("/response/content/text").and_then(Value::as_str).unwrap_or_default();
        let Ok(answer) = serde_json::from_str::<Value>(text) else { continue };
        let issued = ["access_token", "refresh_token", "id_token"]
            .map(|name| answer[name].as_str().map(str::to_owned));
        all.extend(issued.into_iter().flatten());
    }
    all
}

#[tokio::test]
async fn a_restart_keeps_identities_and_no_file_holds_a_secret() {
    let console = Console::open("restart").await;
    let pat = console.add("olivia_pat").await;
    let client = console.add("glint_client").await;
    let mia = console.sign_in().await;
    console.call("refresh_identity", json!({ "identity": mia, "force": true })).await.unwrap();
    let secrets = secrets(&console);
    assert!(secrets.len() >= 3 + 3 + 2, "two pasted ones, a sign-in and a refresh: {}", secrets.len());
    let mut looked_at = 0;
    for (path, content) in files(&console.dir) {
        for secret in &secrets {
            let inside = content.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!inside, "{} holds a secret", path.display());
            looked_at += 1;
        }
    }

    let again = console.restarted();
    let listed = ask(&again, "list_connections", json!({})).await.unwrap();
    for id in [&pat, &client, &mia] {
        assert_eq!(found(&listed, id)["kept"], Value::Null, "the vault is locked");
    }
    let seen = found(&listed, &mia);
    assert_eq!((&seen["user_name"], &seen["client_id"]), (&json!("mia"), &json!(BOARD)));
    assert_eq!((&seen["refreshable"], &seen["origin"]), (&json!(true), &json!("signed_in")));
    assert_eq!(listed["connections"][0]["admin_identity"], json!(pat), "the choice is kept");
    let on = |args: Value| {
        let mut args = args;
        args["connection"] = json!(console.connection);
        args
    };
    let locked = ask(&again, "plan_import", on(json!({ "text": "[]" }))).await.unwrap_err();
    assert_eq!(locked.code, "vault.locked");
    ask(&again, "unlock_vault", json!({ "passphrase": PASSPHRASE })).await.unwrap();
    let listed = ask(&again, "list_connections", json!({})).await.unwrap();
    assert_eq!(found(&listed, &mia)["kept"], "passphrase");
    let plan = ask(&again, "plan_import", on(json!({ "text": "[]" }))).await.unwrap();
    assert_eq!(plan["acts_as"], "olivia, personal access token");
    let call = on(json!({ "identity": mia, "route": "me", "values": {} }));
    let report = ask(&again, "test_call", call).await.unwrap();
    assert_eq!(report["exchange"]["status"], 200);
    println!(
        "count: {looked_at} looks for {} secrets in {} files: 0 found",
        secrets.len(),
        files(&console.dir).len()
    );
}

#[tokio::test]
async fn what_is_for_this_run_only_is_not_saved() {
    let dir = std::env::temp_dir().join(format!("spectroscope-id-run-{}", std::process::id()));
    let world = World::with(sandbox::Options::default(), Some(dir.clone()), Limits::default());
    let handout = world.handout().clone();
    let args = json!({ "name": "Real", "environment": "staging", "prism_url": handout.prism_url });
    let added = world.call("add_connection", args).await.unwrap();
    let connection = added["connections"][1]["id"].clone();
    let secret = handout.credentials[0].secret.clone();
    let args = json!({ "connection": connection, "secret": secret });
    let problem = world.call("add_identity", args.clone()).await.unwrap_err();
    assert_eq!(problem.code, "vault.unchosen", "there is no keychain here, and nobody chose");
    let listed = world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(listed["connections"][1]["identities"], json!([]), "nothing is kept by halves");
    world.call("choose_vault", json!({ "kind": "memory" })).await.unwrap();
    let added = world.call("add_identity", args).await.unwrap();
    assert_eq!(added["identity"]["kept"], "memory");
    let id = added["identity"]["id"].as_str().unwrap();
    let text = std::fs::read_to_string(dir.join("connections.json")).unwrap();
    assert!(!text.contains(id), "{text}");
    // Choosing a place that lasts takes it along, and only then is it saved.
    let chosen = json!({ "kind": "passphrase", "passphrase": PASSPHRASE });
    assert_eq!(world.call("choose_vault", chosen).await.unwrap()["problems"], json!([]));
    let text = std::fs::read_to_string(dir.join("connections.json")).unwrap();
    assert!(text.contains(id) && !text.contains(&secret), "{text}");
    let listed = world.call("list_connections", json!({})).await.unwrap();
    assert_eq!(found(&listed, id)["kept"], "passphrase");
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn an_identity_that_cannot_be_saved_leaves_no_secret_behind() {
    let console = Console::open("halves").await;
    let vault = || files(&console.dir.join("vault")).len();
    let before = vault();
    let path = console.dir.join("connections.json");
    let good = std::fs::read(&path).unwrap();
    std::fs::write(&path, r#"{"version": 99}"#).unwrap();
    let secret = json!({ "secret": console.secret("olivia_pat") });
    let problem = console.call("add_identity", secret.clone()).await.unwrap_err();
    assert_eq!(problem.code, "connections.newer_version");
    assert_eq!(vault(), before, "the secret is taken back");
    std::fs::write(&path, good).unwrap();
    let id = console.add("olivia_pat").await;
    assert_eq!(vault(), before + 1);
    let after = console.call("remove_identity", json!({ "identity": id })).await.unwrap();
    assert_eq!(codes(&after["problems"]), Vec::<String>::new());
    assert_eq!(vault(), before, "its secret goes with it");
}

#[tokio::test]
async fn a_secret_deleted_behind_our_back_is_said() {
    let console = Console::open("gone").await;
    let before: Vec<_> = files(&console.dir.join("vault")).into_iter().map(|(path, _)| path).collect();
    let pat = console.add("olivia_pat").await;
    for (path, _) in files(&console.dir.join("vault")) {
        if !before.contains(&path) {
            std::fs::remove_file(path).unwrap();
        }
    }
    console.world.call("lock_vault", json!({})).await.unwrap();
    assert_eq!(console.identity(&pat).await["kept"], Value::Null);
    let problem = console.call("plan_import", json!({ "text": "[]" })).await.unwrap_err();
    assert_eq!(problem.code, "vault.locked");
    console.world.call("unlock_vault", json!({ "passphrase": PASSPHRASE })).await.unwrap();
    let problem = console.call("plan_import", json!({ "text": "[]" })).await.unwrap_err();
    assert_eq!(problem.code, "identity.secret_gone");
    assert!(problem.hints[0].contains("Connections"), "{:?}", problem.hints);
    assert_eq!(console.identity(&pat).await["kept"], Value::Null);
}

#[tokio::test]
async fn a_name_can_be_changed_and_stays_changed() {
    let console = Console::open("name").await;
    let pat = console.add("olivia_pat").await;
    for bad in ["", "  ", "a\nb", &"x".repeat(121)] {
        let args = json!({ "identity": pat, "label": bad });
        let problem = console.call("rename_identity", args).await.unwrap_err();
        assert_eq!(problem.code, "identity.bad_name", "{bad:?}");
    }
    console.call("rename_identity", json!({ "identity": pat, "label": " Olivia at work " })).await.unwrap();
    let listed = ask(&console.restarted(), "list_connections", json!({})).await.unwrap();
    assert_eq!(found(&listed, &pat)["label"], "Olivia at work");
    let built_in = json!({ "connection": "sandbox", "identity": "olivia_pat", "label": "X" });
    let problem = console.world.call("rename_identity", built_in).await.unwrap_err();
    assert_eq!(problem.code, "identity.built_in");
}

/// The connection of the console, the sandbox left aside.
async fn own(console: &Console) -> Value {
    let listed = console.call("list_connections", json!({})).await.unwrap();
    let all = listed["connections"].as_array().unwrap();
    all.iter().find(|one| one["id"] == console.connection.as_str()).unwrap().clone()
}

/// A dead token for administration is of no use and would be taken before a living one; a dead access token may be called
/// with, to see why it fails.
#[tokio::test]
async fn a_dead_credential_for_administration_is_not_taken() {
    let console = Console::open("dead").await;
    let dead = format!("prism_pat_{}", "x".repeat(64));
    for (kind, secret) in [("personal_access_token", dead.as_str()), ("session_token", "eyJh.eyJz.c2ln")] {
        let refused =
            console.call("add_identity", json!({ "secret": secret, "kind": kind })).await.unwrap_err();
        assert_eq!(refused.code, "identity.not_accepted", "{kind}");
        assert!(!refused.hints.is_empty() && refused.exchange.is_some(), "{kind}");
    }
    assert!(own(&console).await["identities"].as_array().unwrap().is_empty());
    let taken = console
        .call("add_identity", json!({ "secret": "x".repeat(64), "used_for": "Standup" }))
        .await
        .unwrap();
    assert_eq!(codes(&taken["problems"]), ["identity.no_client_id", "token.inactive"]);
    let living = console.add("olivia_pat").await;
    assert_eq!(own(&console).await["admin_identity"], json!(living));
}
