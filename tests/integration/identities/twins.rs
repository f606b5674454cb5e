//! Several processes over one data directory refresh at the same time.

use super::{Console, PASSPHRASE};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::twin::Twin;

/// Seconds an access token of the sandbox's Prism lives.
const LIFE: i64 = 3600;

/// Lets every token end `rounds` times while all processes call at once; refreshes seen by the server.
async fn race(name: &str, processes: usize, rounds: usize) -> usize {
    let console = Console::open(name).await;
    let mia = console.sign_in().await;
    let binary = env!("CARGO_BIN_EXE_spectroscope-tests");
    let mut twins: Vec<Twin> = (0..processes).map(|_| Twin::start(binary, &console.dir)).collect();
    let now = || console.world.sandbox.clock().now_ms();
    let unlock = json!({ "passphrase": PASSPHRASE });
    let opened =
        join_all(twins.iter_mut().map(|twin| twin.call(now(), "unlock_vault", unlock.clone()))).await;
    assert!(opened.iter().all(|answer| answer["reply"]["state"] == "ready"), "{opened:?}");
    let call = json!({ "connection": console.connection, "identity": mia, "route": "me", "values": {} });
    let mut refreshes = 0;
    for round in 0..rounds {
        console.pass(LIFE);
        console.world.forget_requests();
        let at = now();
        let answers = join_all(twins.iter_mut().map(|twin| twin.call(at, "test_call", call.clone()))).await;
        for answer in &answers {
            let status = answer.pointer("/reply/exchange/status").and_then(Value::as_u64);
            assert_eq!(status, Some(200), "round {round}: {answer}");
        }
        assert_eq!(console.token_requests(), 1, "round {round}");
        refreshes += console.token_requests();
    }
    refreshes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_refresh_at_the_same_time_200_times() {
    let refreshes = race("two", 2, 200).await;
    assert_eq!(refreshes, 200);
    println!("count: 2 processes, 200 ends of the token, 400 calls: {refreshes} refreshes, 0 tokens lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_processes_refresh_at_the_same_time() {
    let refreshes = race("eight", 8, 12).await;
    assert_eq!(refreshes, 12);
    println!("count: 8 processes, 12 ends of the token, 96 calls: {refreshes} refreshes, 0 tokens lost");
}
