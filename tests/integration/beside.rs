//! What takes its time in one operation keeps no other task of the runtime waiting.

use engine::Envelope;
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tests::World;

/// An archive of 400 refused calls: a second or so of work in one piece.
fn archive() -> String {
    let call = |number: usize| {
        json!({
            "request": { "method": "GET", "url": format!("https://glint.example/api/cross-app/teams/t{number}/sets"),
                         "headers": [{ "name": "Authorization", "value": format!("Bearer {number:a>64}") }] },
            "response": { "status": 403, "headers": [],
                          "content": { "mimeType": "application/json", "text": "{\"error\":\"Not a member of this team\"}" } },
        })
    };
    json!({ "log": { "version": "1.2", "entries": (0..400).map(call).collect::<Vec<Value>>() } }).to_string()
}

#[test]
fn a_large_text_keeps_no_other_task_waiting() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = Arc::new(World::start());
    let text = archive();
    let turns = Arc::new(AtomicU64::new(0));
    let ended = Arc::new(AtomicBool::new(false));
    let beside = {
        let (turns, ended) = (turns.clone(), ended.clone());
        runtime.spawn(async move {
            while !ended.load(Ordering::SeqCst) {
                turns.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        })
    };
    // On the only worker: nothing else can run there before the operation gives way.
    let working = runtime.spawn(async move {
        while turns.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let before = turns.load(Ordering::SeqCst);
        let args = json!({ "text": text, "format": null });
        let envelope = Envelope { operation: "diagnose_text".into(), args, lang: Lang::En, job: None };
        let reply = world.engine.handle(envelope, &|_| {}).await.unwrap();
        let after = turns.load(Ordering::SeqCst);
        ended.store(true, Ordering::SeqCst);
        let count = |name: &str| reply["standings"][name].as_u64().unwrap();
        (after - before, count("denied") + count("open"))
    });
    let (turns_meanwhile, calls) = runtime.block_on(working).unwrap();
    runtime.block_on(beside).unwrap();
    assert_eq!(calls, 400);
    assert!(turns_meanwhile > 10, "{turns_meanwhile} turns of the other task");
}
