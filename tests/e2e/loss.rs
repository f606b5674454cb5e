//! Nothing that was typed, ticked or staged is lost in the real window: undo, ticks, the last plan, the question before it closes.

use crate::driver::{Screen, until};
use crate::page::Page;
use crate::window::Window;
use serde_json::{Value, json};

const CTRL_Z: &str = "\u{E009}z\u{E000}";
const CTRL_Y: &str = "\u{E009}y\u{E000}";
const CTRL_SHIFT_Z: &str = "\u{E009}\u{E008}z\u{E000}";
const SOURCE: &str = "[data-source]";
/// A list with one name that no scope can have.
const BROKEN: &str = "[\n  {\"scope\": \"read todos\", \"title\": \"Read\"},\n  {\"scope\": \"assign_todos\", \"title\": \"Assign\"}\n]";

/// Two consumers of the sandbox.
const STANDUP_BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const TEA_BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";

async fn open(page: &Page, key: &str, title: &str) {
    page.press(&format!("\u{E009}{key}\u{E000}")).await;
    page.find_text("h1", title).await;
}

/// Opens Definitions with an empty source.
async fn source(page: &Page) {
    open(page, "3", "Definitions").await;
    page.click("[data-start=\"write\"]").await;
    page.find(SOURCE).await;
}

/// Presses keys in the source and compares what it holds then.
async fn step(page: &Page, keys: &str, expected: &str) {
    page.find(SOURCE).await.send_keys(keys).await.expect("keys arrive");
    until(&format!("the source holds {expected:?}"), || async {
        (page.value(SOURCE).await == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn text_is_undone_and_redone() {
    let window = Window::open("undo").await;
    let page = &window.page;
    source(page).await;
    step(page, "one two", "one two").await;
    step(page, CTRL_Z, "one ").await;
    step(page, CTRL_Y, "one two").await;
    step(page, CTRL_Z, "one ").await;
    step(page, CTRL_SHIFT_Z, "one two").await;

    // What a button changes is a step like any other, and takes no more than it says.
    page.paste_into(SOURCE, BROKEN).await;
    let label = page.find("[data-remove]").await.text().await.expect("a button has a name");
    assert!(label.contains("read todos"), "the button says what it removes: {label}");
    page.click("[data-remove]").await;
    page.gone("[data-remove]").await;
    let left: Value = serde_json::from_str(&page.value(SOURCE).await).expect("still a list");
    assert_eq!(left, json!([{"scope": "assign_todos", "title": "Assign"}]));
    let cured = page.value(SOURCE).await;
    step(page, CTRL_Z, BROKEN).await;
    step(page, CTRL_Y, &cured).await;
    step(page, CTRL_Z, BROKEN).await;
    step(page, CTRL_Z, "one two").await;
    window.page.close().await;
}

/// The ticked scopes, as the catalogue shows them.
async fn ticked(page: &Page) -> Value {
    page.script("return [...document.querySelectorAll('[data-panel=\"scopes\"] [data-scope]:checked')].map((one) => one.dataset.scope).sort();")
        .await
}

#[tokio::test]
async fn every_consumer_keeps_its_ticks() {
    let window = Window::open("ticks").await;
    let page = &window.page;
    open(page, "2", "Scopes").await;
    page.click("[data-scope=\"openid\"]").await;
    let panel = "[data-panel=\"scopes\"]";
    page.choose(panel, STANDUP_BOT).await;
    // Ticks made for nobody are the first consumer's, with what it has registered: nothing is removed.
    page.find("[data-scope=\"openid\"]:checked").await;
    page.find("[data-scope=\"read_todos\"]:checked").await;
    page.click("[data-scope=\"delete_todos\"]").await;
    page.find("[data-scope=\"delete_todos\"]:checked").await;
    let at_first = ticked(page).await;

    page.choose(panel, TEA_BOARD).await;
    until("another list", || async { (ticked(page).await != at_first).then_some(()) }).await;
    page.click("[data-scope=\"claim_todos\"]").await;
    let at_second = ticked(page).await;
    assert_ne!(at_first, at_second);

    for (consumer, ticks) in [(STANDUP_BOT, &at_first), (TEA_BOARD, &at_second), (STANDUP_BOT, &at_first)] {
        page.choose(panel, consumer).await;
        until("the consumer's own ticks", || async { (ticked(page).await == *ticks).then_some(()) }).await;
    }
    page.picture("window-ticks").await;
    window.page.close().await;
}

/// How many switches and rows the plan shows.
async fn plan(page: &Page) -> (u64, u64) {
    let counts = page
        .script("return ['[role=\"switch\"]', '[data-scope]'].map((css) => document.querySelectorAll(`[data-plan] ${css}`).length);")
        .await;
    serde_json::from_value(counts).expect("two numbers")
}

#[tokio::test]
async fn the_last_readable_plan_stays_without_its_switches() {
    let window = Window::open("readable").await;
    let page = &window.page;
    source(page).await;
    page.paste_into(SOURCE, "[{\"scope\": \"assign_todos\", \"title\": \"Assign\"}]").await;
    page.find("[data-scope=\"assign_todos\"][data-action=\"create\"]").await;
    page.find("[data-plan] [role=\"switch\"]").await;
    let (_, rows) = plan(page).await;
    page.find(SOURCE).await.send_keys("x").await.expect("keys arrive");
    page.find("[data-faded]").await;
    assert_eq!(plan(page).await, (0, rows), "switches, rows");
    page.find("[data-scope=\"assign_todos\"][data-action=\"create\"]").await;
    page.picture("window-readable").await;
    page.find(SOURCE).await.send_keys(CTRL_Z).await.expect("keys arrive");
    page.gone("[data-faded]").await;
    page.find("[data-plan] [role=\"switch\"]").await;
    window.page.close().await;
}

/// Runs the helper that sees the windows of a screen; how many of this product there are.
async fn windows(screen: &Screen, more: &[&str]) -> u32 {
    let output = tokio::process::Command::new("/usr/bin/python3")
        .arg(tests::places::data("e2e/close_window.py"))
        .args([&screen.display, "Spectroscope"])
        .args(more)
        .output()
        .await
        .expect("Debian's python3 is there");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.trim().parse().unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
}

/// The window ends.
async fn ended(screen: &Screen) {
    until("the window ends", || async { (windows(screen, &["count"]).await == 0).then_some(()) }).await;
}

#[tokio::test]
async fn closing_asks_while_something_is_staged() {
    let window = Window::open("quit").await;
    let (page, screen) = (&window.page, &window.screen);
    open(page, "4", "Access rules").await;
    page.click("[data-change=\"kept\"] [data-drop]").await;
    page.find("[data-change=\"removed\"]").await;

    assert_eq!(windows(screen, &[]).await, 1);
    page.find_text("[data-quit=\"1\"]", "Access rules").await;
    page.settled().await;
    screen.picture("window-quit").await;
    page.click("[data-do=\"stay\"]").await;
    page.gone("[data-quit]").await;
    assert_eq!(windows(screen, &["count"]).await, 1);
    page.find("[data-change=\"removed\"]").await;

    assert_eq!(windows(screen, &[]).await, 1);
    page.find("[data-quit]").await;
    // The session ends with the window, so that the click may get no answer.
    let _ = page.find("[data-do=\"quit\"]").await.click().await;
    ended(screen).await;
}

#[tokio::test]
async fn closing_with_nothing_staged_asks_nothing() {
    let window = Window::open("quit-at-once").await;
    open(&window.page, "4", "Access rules").await;
    window.page.find("[data-effects=\"app\"]").await;
    assert_eq!(windows(&window.screen, &[]).await, 1);
    ended(&window.screen).await;
}
