//! Refresh races: two and eight processes over one data directory need a new token at the same moment.

use super::{Dir, chosen};
use engine::Limits;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::signed_in::PASSPHRASE;
use tests::twin::Twin;
use tests::{World, signed_in};

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
        let connection = signed_in::connect(&world).await["id"].clone();
        let identity = json!(signed_in::sign_in(&world, &connection).await);
        Self { world, dir, connection, identity }
    }

    fn token_requests(&self) -> usize {
        self.world.requests().iter().filter(|(_, path, _)| path == TOKEN).count()
    }
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
