//! Servers that replace the refresh token with every refresh: the newest one is the only one, wherever it has to be kept.

use super::{Desk, certified};
use engine::{Engine, Envelope, Limits};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tests::provider::Script;
use tests::sign_in::visit;
use tests::{OidcProvider, Provider, ScriptedHost, World};

const PASSPHRASE: &str = "a passphrase of five words";

/// A data directory that goes with the value.
struct Data(PathBuf);

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Data {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("spectroscope-rotated-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        Self(dir)
    }

    /// A saved connection to a server, with a passphrase vault.
    async fn desk(&self, url: &str) -> Desk {
        let world = World::with(sandbox::Options::default(), Some(self.0.clone()), Limits::default());
        world.call("choose_vault", json!({ "kind": "passphrase", "passphrase": PASSPHRASE })).await.unwrap();
        Desk::saved(world, url).await
    }

    /// The same data directory after a restart, its vault opened.
    async fn restarted(&self) -> Engine {
        let engine = Engine::new(Arc::new(ScriptedHost::new(Some(self.0.clone()))));
        ask(&engine, "unlock_vault", json!({ "passphrase": PASSPHRASE })).await.unwrap();
        engine
    }

    /// Whether the identity can still be refreshed after a restart.
    async fn refreshes_again(&self, desk: &Desk, identity: &Value) -> bool {
        let args = json!({ "connection": desk.connection, "identity": identity, "force": true });
        ask(&self.restarted().await, "refresh_identity", args).await.unwrap()["done"] == true
    }

    /// A copy of everything in it.
    fn copy(&self, name: &str) -> Self {
        let copy = Self::new(name);
        for folder in ["", "vault"] {
            std::fs::create_dir_all(copy.0.join(folder)).unwrap();
            for entry in std::fs::read_dir(self.0.join(folder)).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_file() {
                    std::fs::copy(entry.path(), copy.0.join(folder).join(entry.file_name())).unwrap();
                }
            }
        }
        copy
    }
}

async fn ask(engine: &Engine, operation: &str, args: Value) -> Result<Value, Problem> {
    engine.handle(Envelope { operation: operation.into(), args, lang: Lang::En, job: None }, &|_| {}).await
}

async fn refresh(desk: &Desk, identity: &Value) -> Value {
    desk.call("refresh_identity", json!({ "identity": identity, "force": true })).await.unwrap()
}

/// Codes of what the list of connections warns of.
async fn warnings(desk: &Desk) -> Vec<String> {
    let list = desk.world.call("list_connections", json!({})).await.unwrap();
    list["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_renewed_stays_where_it_was_though_new_secrets_are_for_this_run() {
    let provider = OidcProvider::start().await;
    let data = Data::new("memory");
    let desk = data.desk(&provider.url).await;
    let client_id = certified::register(&desk).await;
    let saved = certified::sign_in(&desk, &client_id).await["identity"].clone();
    assert_eq!(saved["kept"], "passphrase");
    desk.world.call("choose_vault", json!({ "kind": "memory" })).await.unwrap();
    let run = certified::sign_in(&desk, &client_id).await["identity"].clone();
    assert_eq!(run["kept"], "memory");
    for _ in 0..3 {
        let report = refresh(&desk, &saved["id"]).await;
        assert_eq!((&report["done"], &report["problems"]), (&json!(true), &json!([])));
        assert_eq!(report["identity"]["kept"], "passphrase");
        assert_eq!(refresh(&desk, &run["id"]).await["done"], true);
    }
    assert!(data.refreshes_again(&desk, &saved["id"]).await, "the newest token outlives the run");
    let text = std::fs::read_to_string(data.0.join("connections.json")).unwrap();
    assert!(!text.contains(run["id"].as_str().unwrap()), "this run's own is saved nowhere");
}

#[tokio::test]
async fn signing_out_everywhere_ends_both_tokens_at_the_server() {
    let provider = OidcProvider::start().await;
    let data = Data::new("out");
    let desk = data.desk(&provider.url).await;
    let client_id = certified::register(&desk).await;
    let id = certified::sign_in(&desk, &client_id).await["identity"]["id"].clone();
    // What somebody copied before is worth nothing after.
    let (before, after) = (data.copy("before"), data.copy("after"));
    let (alive, dead) = (before.restarted().await, after.restarted().await);
    let args = json!({ "connection": desk.connection, "identity": id, "force": true });
    assert_eq!(ask(&alive, "introspect_identity", args.clone()).await.unwrap()["done"], true);
    let out = desk.world.call("sign_out_everywhere", json!({})).await.unwrap();
    assert_eq!((&out["revoked"], &out["deleted"], &out["problems"]), (&json!(1), &json!(1), &json!([])));
    assert_eq!(ask(&dead, "introspect_identity", args.clone()).await.unwrap()["done"], false);
    assert_eq!(ask(&dead, "refresh_identity", args).await.unwrap_err().code, "identity.refresh_dead");
}

#[tokio::test]
async fn new_tokens_that_cannot_be_written_stay_in_memory_and_the_list_says_so() {
    let provider = Provider::start().await;
    let data = Data::new("unwritten");
    let desk = data.desk(provider.url()).await;
    let attempt = desk.begin(&["todos", "offline_access"]).await.unwrap();
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    let identity = attempt.end().await.unwrap()["identity"]["id"].clone();

    // While the server answers the vault goes away, and comes back later.
    let (vault, away) = (data.0.join("vault"), data.0.join("away"));
    let (from, to, once) = (vault.clone(), away.clone(), AtomicBool::new(true));
    let lose = move |_: &mut Value| {
        if once.swap(false, Ordering::SeqCst) {
            std::fs::rename(&from, &to).unwrap();
        }
    };
    provider.play(Script { tokens: Some(Box::new(lose)), ..Script::default() });
    let report = refresh(&desk, &identity).await;
    assert_eq!(report["done"], true);
    assert_eq!(report["problems"][0]["code"], "identity.refresh_not_kept");
    assert_eq!(report["problems"][0]["related"], json!([identity]));
    assert_eq!(warnings(&desk).await, ["identity.refresh_not_kept"]);
    // Locking lets go of what can be read again, not of this.
    desk.world.call("lock_vault", json!({})).await.unwrap();
    assert_eq!(warnings(&desk).await, ["identity.refresh_not_kept"]);

    std::fs::rename(&away, &vault).unwrap();
    desk.world.call("unlock_vault", json!({ "passphrase": PASSPHRASE })).await.unwrap();
    provider.asked();
    // The next use offers the tokens to the vault again; the refresh token is not spent for that.
    desk.call("refresh_identity", json!({ "identity": identity })).await.unwrap();
    assert_eq!(warnings(&desk).await, Vec::<String>::new());
    assert!(!provider.asked().contains(&"/token".to_owned()));
    let report = refresh(&desk, &identity).await;
    assert_eq!((&report["done"], &report["problems"]), (&json!(true), &json!([])));
    assert_eq!(warnings(&desk).await, Vec::<String>::new());
    assert!(data.refreshes_again(&desk, &identity).await, "what was written is the newest");
}
