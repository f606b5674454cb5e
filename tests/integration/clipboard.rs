//! Secrets on the clipboard: hinted, and cleared after 30 seconds where they still are.

use serde_json::json;
use tests::World;
use tests::host::Asked;

const SECRET: &str = "canary-93a6f20d-clipboard";

/// What happens between copying and the end of the thirty seconds.
struct Case {
    what: &'static str,
    secret: bool,
    elsewhere: Option<&'static str>,
    seconds: i64,
    fails: bool,
    left: Option<&'static str>,
}

const PLAIN: Case =
    Case { what: "a secret", secret: true, elsewhere: None, seconds: 30, fails: false, left: None };

const CASES: [Case; 7] = [
    PLAIN,
    Case { what: "much later", seconds: 3600, ..PLAIN },
    Case { what: "too early", seconds: 29, left: Some(SECRET), ..PLAIN },
    Case { what: "no secret", secret: false, left: Some(SECRET), ..PLAIN },
    Case { what: "something else was copied", elsewhere: Some("else"), left: Some("else"), ..PLAIN },
    Case { what: "a part of it was copied", elsewhere: Some("canary"), left: Some("canary"), ..PLAIN },
    Case { what: "the clipboard does not answer", fails: true, left: Some(SECRET), ..PLAIN },
];

async fn run(case: &Case) -> Asked {
    let world = World::start();
    world.call("copy_text", json!({ "text": SECRET, "secret": case.secret })).await.unwrap();
    let waits = usize::from(case.secret);
    while world.host.waiting() != waits {
        tokio::task::yield_now().await;
    }
    if let Some(text) = case.elsewhere {
        world.host.copied_elsewhere(text);
    }
    world.host.fail_clipboard(case.fails);
    world.host.advance(case.seconds);
    let looks = usize::from(case.secret && case.seconds >= 30);
    while world.host.asked().looked != looks {
        tokio::task::yield_now().await;
    }
    world.host.asked()
}

#[tokio::test]
async fn a_secret_does_not_stay_on_the_clipboard() {
    for case in &CASES {
        let asked = run(case).await;
        assert_eq!(asked.clipboard.as_deref(), case.left, "{}", case.what);
        assert_eq!(asked.hinted.len(), usize::from(case.secret), "{}", case.what);
    }
    let world = World::start();
    world.host.fail_clipboard(true);
    let refused = world.call("copy_text", json!({ "text": SECRET, "secret": true })).await.unwrap_err();
    assert_eq!((refused.code.as_str(), world.host.waiting()), ("desk.copy", 0));
    assert!(!refused.message.contains(SECRET));
    println!("count: clipboard: {} cases", CASES.len() + 1);
}

/// Copies and waits until its time runs.
async fn copy(world: &World, text: &str, waiting: usize) {
    world.call("copy_text", json!({ "text": text, "secret": true })).await.unwrap();
    until(|| world.host.waiting() == waiting).await;
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_second_copy_begins_the_thirty_seconds_anew() {
    let world = World::start();
    copy(&world, SECRET, 1).await;
    world.host.advance(20);
    copy(&world, SECRET, 2).await;
    world.host.advance(10);
    until(|| world.host.waiting() == 1).await;
    assert_eq!(world.host.asked().clipboard.as_deref(), Some(SECRET), "it was copied ten seconds ago");
    world.host.advance(20);
    until(|| world.host.asked().looked == 1).await;
    assert_eq!(world.host.asked().clipboard, None);
}

#[tokio::test]
async fn the_first_of_two_secrets_is_cleared_where_somebody_brings_it_back() {
    let world = World::start();
    copy(&world, SECRET, 1).await;
    copy(&world, "another secret", 2).await;
    world.host.copied_elsewhere(SECRET);
    world.host.advance(30);
    until(|| world.host.asked().looked == 2).await;
    assert_eq!(world.host.asked().clipboard, None);
}

#[tokio::test]
async fn no_secret_outlives_the_program_on_the_clipboard() {
    let world = World::start();
    copy(&world, SECRET, 1).await;
    world.engine.leave();
    assert_eq!(world.host.asked().clipboard, None);
    world.host.copied_elsewhere(SECRET);
    world.engine.leave();
    assert_eq!(world.host.asked().clipboard.as_deref(), Some(SECRET), "it is no longer ours");
    copy(&world, SECRET, 2).await;
    world.host.copied_elsewhere("else");
    world.engine.leave();
    assert_eq!(world.host.asked().clipboard.as_deref(), Some("else"));
}
