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
    println!("clipboard: {} cases", CASES.len() + 1);
}
