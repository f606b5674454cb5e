//! Signing in with a real browser: the sandbox's own pages, then the page the console answers with.

use crate::driver::Driver;
use crate::page::Page;
use crate::panels::Scratch;
use scopes::lang::Lang;
use serde_json::{Value, json};
use tests::World;
use tests::sign_in::Attempt;

const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";
const READ: &str = "app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos";
const DELETE: &str = "app:prism_6wsjw653PfFYk7GOq6wuSQ:delete_todos";

/// A browser in the given colour scheme (0 dark, 1 light).
async fn browser(driver: &Driver, scratch: &Scratch, scheme: u8) -> Page {
    let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
    Page::new(driver.browser_with(&scratch.0, 960, 640, &[scheme]).await)
}

/// Starts a sign-in at the sandbox, as the window does.
async fn begin(world: &World, lang: Lang, client: &str, scopes: &[&str]) -> Attempt {
    let args = json!({ "connection": "sandbox", "client_id": client, "scopes": scopes });
    let attempt = Attempt::begin_in(lang, &world.engine, args).await.expect("the sign-in waits");
    let opened = world.host.asked().opened;
    assert!(opened.last().is_some_and(|page| page.starts_with("http://127.0.0.1:")), "{opened:?}");
    attempt
}

/// Signs in as Mia where nobody is signed in yet, and presses the button of the consent page.
async fn consent(page: &Page, attempt: &Attempt, first: bool, action: &str) {
    page.client().goto(attempt.url.as_str()).await.expect("the page opens");
    if first {
        page.click_text("button", "Mia Marlow").await;
    }
    page.click(&format!("button[value={action}]")).await;
}

async fn ended(attempt: Attempt) -> Value {
    attempt.end().await.expect("signed in")
}

#[tokio::test]
async fn a_public_and_a_confidential_client_sign_in_with_a_real_browser() {
    let world = World::start();
    let scratch = Scratch::new("sign-in");
    let driver = Driver::chromium().await;
    let page = browser(&driver, &scratch, 1).await;

    let wanted = ["openid", "profile", "teams:read", "offline_access", READ];
    let attempt = begin(&world, Lang::En, BOARD, &wanted).await;
    consent(&page, &attempt, true, "approve").await;
    page.find_text("h1", "You are signed in to Sandbox").await;
    page.find_text("p", "You can close this tab").await;
    page.picture("sign-in-done").await;
    assert_eq!(page.axe().await, Vec::<String>::new());
    let signed_in = ended(attempt).await;
    assert_eq!((&signed_in["identity"]["user_name"], &signed_in["dropped"]), (&json!("mia"), &json!([])));
    // The token works: Glint knows its bearer.
    let id = signed_in["identity"]["id"].clone();
    let seen = world.on_sandbox("introspect_identity", json!({ "identity": id })).await.expect("an answer");
    assert_eq!(seen["done"], true);
    // The page asked for nothing else, and no script could run in it.
    let fetched =
        page.client().execute("return performance.getEntriesByType('resource').length", vec![]).await;
    assert_eq!(fetched.expect("a number"), json!(0));

    let attempt = begin(&world, Lang::En, BOT, &["openid", "profile", READ, DELETE]).await;
    consent(&page, &attempt, false, "approve").await;
    page.find_text("p", "One of 4 scopes was left out").await;
    page.picture("sign-in-scope-left-out").await;
    let signed_in = ended(attempt).await;
    assert_eq!(signed_in["dropped"][0]["reason"], "not_allowed");
    assert_eq!(signed_in["identity"]["client_name"], "Standup Bot");
    page.client().clone().close().await.expect("the browser ends");
}

#[tokio::test]
async fn a_refusal_is_shown_in_the_dark_and_in_chinese() {
    let world = World::start();
    let scratch = Scratch::new("sign-in-dark");
    let driver = Driver::chromium().await;
    let page = browser(&driver, &scratch, 0).await;
    let attempt = begin(&world, Lang::Zh, BOARD, &["profile"]).await;
    consent(&page, &attempt, true, "deny").await;
    page.find_text("h1", "没有登录到 沙盒").await;
    page.picture("sign-in-refused-dark-zh").await;
    let dark = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(page.client().execute(dark, vec![]).await.expect("a colour"), json!("rgb(18, 20, 23)"));
    assert_eq!(attempt.end().await.expect_err("refused").code, "oauth.access_denied");

    let attempt = begin(&world, Lang::Zh, BOARD, &["profile"]).await;
    consent(&page, &attempt, false, "approve").await;
    page.find_text("h1", "已登录到 沙盒").await;
    page.picture("sign-in-done-dark-zh").await;
    ended(attempt).await;
    page.client().clone().close().await.expect("the browser ends");
}
