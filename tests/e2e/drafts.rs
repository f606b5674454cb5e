//! Two connections with a draft each: switched ten times, nothing crosses. The same script in the browser and in the window.

use crate::connections::Real;
use crate::driver::Driver;
use crate::page::Page;
use crate::panels::{Scratch, Site};
use serde_json::Value;

/// A definition of each draft that no server has.
const SCOPES: [&str; 2] = ["alpha_only", "beta_only"];
/// A consumer of each draft that no server has a rule for.
const TARGETS: [&str; 2] = ["prism_aaaaaaaaaaaaaaaaaaaaaa", "prism_bbbbbbbbbbbbbbbbbbbbbb"];
/// The row of each connection.
const ROWS: [&str; 2] =
    ["li [data-connection=\"sandbox\"]", "li [data-connection]:not([data-connection=\"sandbox\"])"];

/// Inside the open panel; the others stay in the page, hidden.
fn here(css: &str) -> String {
    format!(".view:not([hidden]) {css}")
}

async fn open(page: &Page, key: &str, title: &str) {
    page.press(&format!("\u{E009}{key}\u{E000}")).await;
    page.find_text("h1", title).await;
}

/// Shows the sandbox (0) or the other connection (1).
async fn show(page: &Page, which: usize) {
    open(page, "1", "Connections").await;
    page.click(ROWS[which]).await;
    page.find(&format!("{}[aria-current]", ROWS[which])).await;
}

/// Writes the draft of a connection: a source with one definition, and one rule.
async fn draft(page: &Page, which: usize) {
    open(page, "3", "Definitions").await;
    page.click("[data-start=\"write\"]").await;
    let source = format!("[{{\"scope\": \"{}\", \"title\": \"Only here\"}}]", SCOPES[which]);
    page.paste_into("[data-source]", &source).await;
    page.find(&format!("[data-scope=\"{}\"][data-action=\"create\"]", SCOPES[which])).await;
    open(page, "4", "Access rules").await;
    page.find("[data-effects=\"app\"]").await;
    page.type_into("[data-target=\"app\"]", TARGETS[which]).await;
    page.press("\u{E00C}").await;
    page.click("[data-add=\"app\"]:not([aria-disabled=\"true\"])").await;
    page.find(&format!("[data-rule=\"{}\"][data-change=\"added\"]", TARGETS[which])).await;
}

/// What of the other connection's draft the open panel shows.
async fn crossed(page: &Page, which: usize) -> Vec<String> {
    let (scope, target) = (SCOPES[1 - which], TARGETS[1 - which]);
    let script = format!(
        "const view = document.querySelector('.view:not([hidden])'); const text = view.textContent + [...view.querySelectorAll('textarea, input')].map((one) => one.value).join(); return ['{scope}', '{target}'].filter((one) => text.includes(one));"
    );
    match page.script(&script).await {
        Value::Array(found) => found.iter().map(|one| format!("{one} at connection {which}")).collect(),
        other => vec![other.to_string()],
    }
}

/// The draft of this connection is there as it was left, and nothing of the other one is.
async fn holds(page: &Page, which: usize) {
    open(page, "3", "Definitions").await;
    page.find(&format!("[data-scope=\"{}\"][data-action=\"create\"]", SCOPES[which])).await;
    assert!(page.value("[data-source]").await.contains(SCOPES[which]), "the source is the own one");
    let mut found = crossed(page, which).await;
    open(page, "4", "Access rules").await;
    page.find(&format!("[data-rule=\"{}\"][data-change=\"added\"]", TARGETS[which])).await;
    found.extend(crossed(page, which).await);
    assert!(found.is_empty(), "{found:#?}");
}

/// Adds the second connection with a token for administration, kept in memory.
async fn second(page: &Page, real: &Real) {
    real.add_as(page, "Staging").await;
    page.click("[data-menu=\"add-identity\"]").await;
    page.click("[data-do=\"pat\"]").await;
    page.type_into("[data-secret]", &real.token("olivia_pat")).await;
    page.press("\u{E007}").await;
    page.find("[data-vault=\"unchosen\"]").await;
    page.click("[data-place=\"memory\"]").await;
    page.click("[data-do=\"use-place\"]:not([aria-disabled])").await;
    page.find_text("[data-identity]", "olivia").await;
}

/// The whole script; `name` starts the pictures' names.
pub async fn ten_switches(page: &Page, real: &Real, name: &str) {
    second(page, real).await;
    draft(page, 1).await;
    show(page, 0).await;
    // Nothing was carried over: the sandbox starts with the choice of a source and without a staged rule.
    open(page, "3", "Definitions").await;
    page.find("[data-start=\"write\"]").await;
    assert_eq!(crossed(page, 0).await, Vec::<String>::new());
    draft(page, 0).await;
    for switch in 0..10 {
        let which = (switch + 1) % 2;
        show(page, which).await;
        holds(page, which).await;
    }
    page.find("[data-elsewhere=\"1\"]").await;
    page.picture(&format!("{name}-drafts-rules")).await;

    // What is sent at the sandbox reaches the sandbox alone, and the other draft stays.
    open(page, "3", "Definitions").await;
    page.picture(&format!("{name}-drafts-definitions")).await;
    page.click(&here("[data-key=\"send\"]:not([aria-disabled=\"true\"])")).await;
    page.find(&here("[data-bar=\"done\"]")).await;
    show(page, 1).await;
    holds(page, 1).await;
    carried(page, name).await;
}

/// Only the action carries a draft over; it sends nothing and can be taken back.
async fn carried(page: &Page, name: &str) {
    open(page, "4", "Access rules").await;
    page.click(&here("[data-draft-at=\"sandbox\"] [data-do=\"use-draft\"]")).await;
    for target in TARGETS {
        page.find(&format!("[data-rule=\"{target}\"][data-change=\"added\"]")).await;
    }
    page.gone(&here("[data-draft-at]")).await;
    page.picture(&format!("{name}-drafts-carried")).await;
    page.click(&here("[data-bar] [data-key=\"undo\"]")).await;
    page.gone(&format!("[data-rule=\"{}\"]", TARGETS[0])).await;
    page.find(&here("[data-draft-at=\"sandbox\"]")).await;
    page.find(&format!("[data-rule=\"{}\"][data-change=\"added\"]", TARGETS[1])).await;
}

#[tokio::test]
async fn drafts_stay_with_their_connection() {
    let data = Scratch::new("drafts-data");
    let (site, driver, profile) =
        (Site::over(Some(data.0.clone())).await, Driver::chromium().await, Scratch::new("drafts"));
    let (page, real) = (Page::new(driver.browser(&profile.0, 1440, 900).await), Real::start());
    page.client().goto(&site.url).await.expect("the page opens");
    ten_switches(&page, &real, "browser").await;
    page.close().await;
}
