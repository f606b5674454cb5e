//! Every operation that writes is stopped before, while and after each of its effects. What it answers is compared with the
//! servers, the vault and the files: "nothing was changed" is said only where that is so, and a stop loses nothing.

use engine::{Effect, Envelope, Limits, Moment};
use futures_util::FutureExt as _;
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tests::World;

const JOB: &str = "to-be-stopped";
const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";

/// An operation that writes, with what has to be there first.
struct Case {
    operation: &'static str,
    arguments: fn(&Scene) -> Value,
    /// What its reply counts of its own effects, where it has several: each of them, by the name of its state.
    rows: Option<&'static str>,
}

const CASES: &[Case] = &[
    case(
        "save_definition",
        |_| json!({ "connection": "sandbox", "definition": { "scope": "fresh", "title": "Fresh" } }),
    ),
    case("delete_definition", |_| json!({ "connection": "sandbox", "scope": "read_todos" })),
    Case {
        operation: "apply_import",
        arguments: |scene| {
            let text = r#"[{"scope":"one","title":"One"},{"scope":"two","title":"Two"},{"scope":"three","title":"Three"}]"#;
            json!({ "connection": "sandbox", "text": text, "base": scene.definitions["base"] })
        },
        rows: Some("rows"),
    },
    Case {
        operation: "apply_rules",
        arguments: |scene| {
            let rule = |person: &str| json!({ "rule_type": "owner_deny", "target_id": person });
            let add = [rule(&TEAM.replace("22", "aa")), rule(&TEAM.replace("22", "bb"))];
            json!({ "connection": "sandbox", "add": add, "base": scene.rules["base"] })
        },
        rows: Some("rows"),
    },
    case("test_call", |scene| {
        json!({ "connection": "sandbox", "identity": scene.caller, "route": "create_set",
                "values": { "team": TEAM, "name": "New" } })
    }),
    case(
        "add_connection",
        |scene| json!({ "name": "Another", "environment": "staging", "prism_url": scene.world.handout().prism_url }),
    ),
    case("edit_connection", |scene| json!({ "connection": scene.connection, "name": "Renamed" })),
    case("duplicate_connection", |scene| json!({ "connection": scene.connection, "name": "Copy" })),
    case("remove_connection", |scene| json!({ "connection": scene.connection })),
    case("add_identity", |scene| json!({ "connection": scene.connection, "secret": scene.other_secret })),
    case(
        "rename_identity",
        |scene| json!({ "connection": scene.connection, "identity": scene.identity, "label": "Renamed" }),
    ),
    case("use_admin_identity", |scene| json!({ "connection": scene.connection, "identity": scene.identity })),
    case("remove_identity", |scene| json!({ "connection": scene.connection, "identity": scene.identity })),
    case("revoke_identity", |scene| json!({ "connection": scene.connection, "identity": scene.token })),
    case("choose_vault", |_| json!({ "kind": "memory" })),
    case("sign_out_everywhere", |_| json!({})),
    case("forget_everything", |_| json!({ "connections": true })),
    case("import_data", |scene| {
        let address = scene.world.handout().prism_url.clone();
        let connection =
            json!({ "id": "c-1", "name": "From elsewhere", "environment": "staging", "prism_url": address });
        let content = json!({ "kind": "spectroscope-data", "version": 1, "connections": [connection] });
        json!({ "text": content.to_string() })
    }),
    case("delete_data", |_| json!({ "kind": "history" })),
];

const fn case(operation: &'static str, arguments: fn(&Scene) -> Value) -> Case {
    Case { operation, arguments, rows: None }
}

/// A world with a saved connection, an identity of it in a vault, and a call in memory.
struct Scene {
    world: World,
    dir: PathBuf,
    connection: Value,
    identity: Value,
    token: Value,
    caller: Value,
    other_secret: String,
    definitions: Value,
    rules: Value,
}

impl Scene {
    async fn set() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("spectroscope-stopped-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        let world = World::with(sandbox::Options::default(), Some(dir.clone()), Limits::default());
        let secret = |id: &str| {
            let all = &world.handout().credentials;
            all.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("no {id}")).secret.clone()
        };
        let (pat, other_secret) = (secret("olivia_pat"), secret("bob_pat"));
        world.call("choose_vault", json!({ "kind": "memory" })).await.unwrap();
        let add = json!({
            "name": "Saved", "environment": "staging", "prism_url": world.handout().prism_url,
            "glint_url": world.handout().glint_url, "provider_client_id": world.handout().provider.client_id,
        });
        let list = world.call("add_connection", add).await.unwrap();
        let connection = list["connections"][1]["id"].clone();
        let caller = list["connections"][0]["identities"][0]["id"].clone();
        let add = json!({ "connection": connection, "secret": pat });
        let identity = world.call("add_identity", add).await.unwrap()["identity"]["id"].clone();
        let add = json!({ "connection": connection, "secret": secret("mia_full") });
        let token = world.call("add_identity", add).await.unwrap()["identity"]["id"].clone();
        let definitions = world.on_sandbox("plan_import", json!({ "text": "" })).await.unwrap();
        let rules = world.on_sandbox("review_access", json!({})).await.unwrap();
        Self { world, dir, connection, identity, token, caller, other_secret, definitions, rules }
    }

    /// Servers, vault and files as they are now; what is new in every world is left out.
    async fn state(&self) -> Value {
        self.world.host.at_every_effect(|_, _| {});
        let definitions = self.world.on_sandbox("export_definitions", json!({})).await.unwrap();
        let rules = self.world.on_sandbox("review_access", json!({})).await.unwrap();
        let rules: Vec<Value> = rules["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| json!([r["rule"]["rule_type"], r["rule"]["target_id"]]))
            .collect();
        let list = self.world.call("list_connections", json!({})).await.unwrap();
        let connections: Vec<Value> = list["connections"].as_array().unwrap().iter().map(shown).collect();
        let vault = self.world.call("read_vault", json!({})).await.unwrap();
        let saved = std::fs::read_to_string(self.dir.join("connections.json")).unwrap_or_default();
        let saved: Value = serde_json::from_str(&saved).unwrap_or_default();
        let saved: Vec<Value> =
            saved["connections"].as_array().into_iter().flatten().map(|one| one["name"].clone()).collect();
        json!({
            "definitions": definitions["text"], "rules": rules, "connections": connections, "saved": saved,
            "kept": vault["kept"], "changes": self.changes(),
        })
    }

    /// The requests that changed something at the servers.
    fn changes(&self) -> Vec<String> {
        let changed = |(method, path, status): (String, String, u64)| {
            let counts = method != "GET" && !path.contains("introspect") && status < 300;
            counts.then(|| format!("{method} {}", path.split('/').take(4).collect::<Vec<_>>().join("/")))
        };
        self.world.requests().into_iter().filter_map(changed).collect()
    }

    /// Carries the operation out, stopped at the effect of this number; the effects that were seen.
    async fn run(&self, case: &Case, stop: Option<(usize, Moment)>) -> (Result<Value, Problem>, Vec<Effect>) {
        let arguments = (case.arguments)(self);
        let seen: Arc<Mutex<Vec<Effect>>> = Arc::default();
        let (engine, all) = (self.world.engine.clone(), seen.clone());
        self.world.host.at_every_effect(move |effect, moment| {
            let mut all = all.lock().unwrap();
            if moment == Moment::Before {
                all.push(effect);
            }
            if stop == Some((all.len(), moment)) {
                let args = json!({ "job": JOB });
                let envelope = Envelope { operation: "cancel_job".into(), args, lang: Lang::En, job: None };
                engine.handle(envelope, &|_| {}).now_or_never().expect("to be at once").unwrap();
            }
        });
        let envelope = Envelope {
            operation: case.operation.into(),
            args: arguments,
            lang: Lang::En,
            job: Some(JOB.into()),
        };
        let ended = self.world.engine.handle(envelope, &|_| {}).await;
        let seen = seen.lock().unwrap().clone();
        (ended, seen)
    }
}

/// A connection by what does not differ from run to run.
fn shown(connection: &Value) -> Value {
    let identities = connection["identities"].as_array().unwrap();
    let identities: Vec<Value> = identities.iter().map(|one| json!([one["label"], one["kept"]])).collect();
    let has_admin = !connection["admin_identity"].is_null();
    json!({ "name": connection["name"], "identities": identities, "has_admin": has_admin })
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_after_a_stop_is_what_was_done() {
    let (mut runs, mut stopped_runs) = (0, 0);
    for case in CASES {
        let scene = Scene::set().await;
        let before = scene.state().await;
        let (whole, effects) = scene.run(case, None).await;
        whole.unwrap_or_else(|problem| panic!("{}: {problem:?}", case.operation));
        let after = scene.state().await;
        for at in 1..=effects.len() {
            for moment in [Moment::Before, Moment::After] {
                let scene = Scene::set().await;
                let (ended, _) = scene.run(case, Some((at, moment))).await;
                let now = scene.state().await;
                let what =
                    format!("{} stopped {moment:?} effect {at} ({:?})", case.operation, effects[at - 1]);
                match ended {
                    Ok(reply) if case.rows.is_some() => {
                        let rows = reply["rows"].as_array().unwrap();
                        let done = rows.iter().filter(|row| row["state"] == "verified").count();
                        let open = rows.iter().filter(|row| row["state"] == "unknown").count();
                        assert_eq!((done, open), (scene.changes().len(), 0), "{what}: {reply}");
                    }
                    Ok(_) => assert_eq!(now, after, "{what}"),
                    Err(problem) => {
                        assert_eq!(problem.code, "cancelled", "{what}: {problem:?}");
                        assert_eq!(now, before, "{what}: {}", problem.message);
                        stopped_runs += 1;
                    }
                }
                runs += 1;
            }
        }
    }
    assert!(runs >= 40, "{runs}");
    println!(
        "count: {runs} stops at the effects of {} operations, {stopped_runs} of them before anything was changed",
        CASES.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_waits_for_its_first_answer_can_be_stopped() {
    let scene = Scene::set().await;
    let before = scene.state().await;
    scene.world.fault(json!({ "server": "prism", "method": "GET", "path": "/api/apps", "kind": "delay", "milliseconds": 600_000 }));
    let case = CASES.iter().find(|case| case.operation == "save_definition").unwrap();
    let running = scene.run(case, None);
    let stopping = async {
        // The job is entered with the first poll of the operation.
        tokio::task::yield_now().await;
        scene.world.call("cancel_job", json!({ "job": JOB })).await.unwrap();
    };
    let ((ended, effects), ()) = tokio::join!(running, stopping);
    assert_eq!((ended.unwrap_err().code.as_str(), effects.len()), ("cancelled", 0));
    let faults = scene.world.sandbox.admin().faults();
    faults.list().iter().for_each(|fault| assert!(faults.remove(&fault.id)));
    assert_eq!(scene.state().await, before);
}
