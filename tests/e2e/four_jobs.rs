//! The four jobs of the product, done as a person does them. The same script in the browser and in the real window.

use crate::page::Page;
use serde_json::json;

const TEA_PARTY: &str = "22d71a4a3697a1d674be910d93c3cae1";
const STANDUP_BOT: &str = "Standup Bot";

/// What lies on the system clipboard, wherever that is.
pub trait Clipboard {
    /// Its text now.
    async fn text(&self) -> String;
}

/// Does the four jobs, with a picture after each; `name` starts the pictures' names.
pub async fn all(page: &Page, clipboard: &impl Clipboard, name: &str) {
    page.find_text("h1", "Connections").await;
    scopes(page, clipboard).await;
    page.picture(&format!("{name}-scopes")).await;
    definitions(page).await;
    page.picture(&format!("{name}-definitions")).await;
    rules(page).await;
    page.picture(&format!("{name}-rules")).await;
    calls(page, name).await;
    activity(page).await;
    page.picture(&format!("{name}-activity")).await;
}

async fn open(page: &Page, key: &str, title: &str) {
    page.press(&format!("\u{E009}{key}\u{E000}")).await;
    page.find_text("h1", title).await;
}

/// Job 1: tick, see the JSON, copy it, merge an older list.
async fn scopes(page: &Page, clipboard: &impl Clipboard) {
    open(page, "2", "Scopes").await;
    let provider = page.value("[data-field=\"client-id\"]").await;
    assert!(provider.starts_with("prism_"), "the connected provider's id is filled in: {provider}");
    for scope in ["openid", "profile", "teams:read", "offline_access", "read_todos"] {
        page.click(&format!("[data-scope=\"{scope}\"]")).await;
    }
    page.find("[data-count=\"5\"]").await;
    let expected = format!(
        "[\n  \"openid\",\n  \"profile\",\n  \"teams:read\",\n  \"offline_access\",\n  \"app:{provider}:read_todos\"\n]"
    );
    page.copied("[data-bar] [data-key=\"copy\"]").await;
    assert_eq!(clipboard.text().await, expected);

    page.click_text("button", "Merge existing").await;
    page.paste_into("[data-field=\"merge\"]", &format!("[\"email\", \"app:{provider}:read_todos\"]")).await;
    page.find("[data-count=\"6\"]").await;
    page.copied("[data-bar] [data-key=\"copy\"]").await;
    let merged: Vec<String> = serde_json::from_str(&clipboard.text().await).expect("a JSON list");
    let (email, read) = ("email".to_owned(), format!("app:{provider}:read_todos"));
    assert_eq!(merged.get(..2), Some(&[email, read][..]), "what was there comes first");
    assert_eq!(merged.len(), 6);
}

/// Job 2: a broken source is explained at its line; a good one is planned, applied and read back.
async fn definitions(page: &Page) {
    open(page, "3", "Definitions").await;
    page.click("[data-start=\"write\"]").await;
    page.paste_into("[data-source]", "[\n  {\"scope\": \"read todos\", \"title\": \"Read\"}\n]").await;
    page.find("[data-problem^=\"import.\"]").await;
    page.find("[data-key=\"send\"][aria-disabled=\"true\"]").await;

    let source = json!([
        {"scope": "read_todos", "title": "Read every todo", "description": "List sets, read todos, and read comments."},
        {"scope": "assign_todos", "title": "Assign todos", "description": "Give a todo to somebody."},
    ]);
    page.paste_into("[data-source]", &serde_json::to_string_pretty(&source).expect("JSON")).await;
    page.find("[data-scope=\"read_todos\"][data-action=\"update\"]").await;
    page.find("[data-scope=\"assign_todos\"][data-action=\"create\"]").await;
    page.find("[data-scope=\"comment\"][data-action=\"only_at_prism\"]").await;
    page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
    page.find("[data-bar=\"done\"]").await;
}

/// Job 3: a first allow rule would lock the others out; staged, warned of, saved, and taken back.
async fn rules(page: &Page) {
    open(page, "4", "Access rules").await;
    page.find("[data-effects=\"app\"] [data-allowed=\"true\"]").await;
    page.type_into("[data-target=\"app\"]", STANDUP_BOT).await;
    page.press("\u{E00C}").await;
    page.click("[data-add=\"app\"]:not([aria-disabled=\"true\"])").await;
    page.find("[data-effect=\"else\"][data-allowed=\"false\"]").await;
    page.find_text("[data-problem]", "allow").await;
    page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
    page.find("[data-bar=\"done\"]").await;

    page.click("[data-change=\"kept\"][data-rule^=\"prism_4Kg\"] [data-drop]").await;
    page.find("[data-effects=\"app\"] [data-effect=\"else\"][data-allowed=\"true\"]").await;
    page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
    page.find("[data-bar=\"done\"]").await;
}

/// Job 4: calls as different people; the gate that stops each is named.
async fn calls(page: &Page, name: &str) {
    open(page, "5", "Test call").await;
    for (identity, route, cause, certainty) in [
        ("mia_full", "list_sets", "allowed", "proven"),
        ("mia_expired", "list_sets", "token.expired", "proven"),
        ("quinn_no_teams", "list_sets", "membership.unavailable", "proven"),
        ("mia_reader", "create_set", "scope.not_registered", "proven"),
    ] {
        page.choose("[data-identity-picker]", identity).await;
        page.click(&format!("#route-{route}")).await;
        page.choose("[data-input=\"team\"]", TEA_PARTY).await;
        if route == "create_set" {
            page.type_into("[data-input=\"name\"] input", "Plans").await;
        }
        page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
        page.find(&format!("[data-cause=\"{cause}\"][data-certainty=\"{certainty}\"]")).await;
    }
    page.find("[data-gate=\"scope\"].failed").await;
    page.find("[data-fix=\"tick_scopes\"]").await;
    page.picture(&format!("{name}-call")).await;
    page.click("[data-fix=\"tick_scopes\"]").await;
    page.find_text("h1", "Scopes").await;
    page.find("[data-scope=\"manage_sets\"]:checked").await;
    page.find("[data-problem=\"not_allowed\"]").await;
    page.settled().await;
    page.picture(&format!("{name}-remedy")).await;
}

/// What was changed is written down.
async fn activity(page: &Page) {
    open(page, "6", "Activity").await;
    // The oldest entry is the import.
    page.click("[data-at]:last-child [data-entry]").await;
    page.find_text("main", "assign_todos").await;
}
