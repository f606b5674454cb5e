//! Connections in the window: a sign-in through the sandbox's own page, where secrets are kept, and what a row can do.

use crate::driver::Driver;
use crate::page::Page;
use crate::panels::{FORMS, Scratch, Site};
use std::collections::HashSet;

/// The sandbox's confidential consumer.
const STANDUP_BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
/// Two scopes it has, and one it never registered.
const SCOPES: &str = "openid profile app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos app:prism_6wsjw653PfFYk7GOq6wuSQ:delete_todos";

/// Opens the form and fills it in; the redirect URIs of the sandbox are registered.
async fn fill_in(page: &Page) {
    page.click("[data-menu=\"add-identity\"]").await;
    page.click("[data-do=\"sign_in\"]").await;
    page.choose("[data-sign-in]", STANDUP_BOT).await;
    page.type_into("[data-field=\"sign-in-scopes\"]", SCOPES).await;
    page.find("[data-standing=\"ready\"]").await;
}

async fn start(page: &Page) {
    page.click("[data-do=\"sign-in\"]:not([aria-disabled])").await;
    page.find("[data-sign-in=\"waiting\"]").await;
}

/// What a person does in the browser that was opened: signs in as mia and consents.
async fn consent(page: &Page, address: &str) {
    let client = page.client();
    let console = client.window().await.expect("a window");
    let browser = client.new_window(true).await.expect("a tab").handle;
    client.switch_to_window(browser).await.expect("a tab");
    client.goto(address).await.expect("the sign-in page opens");
    page.click_text(".people button", "mia").await;
    page.click("button[value=\"approve\"]").await;
    page.find_text("body", "Spectroscope").await;
    page.picture("sign-in-result-page").await;
    client.close_window().await.expect("the tab closes");
    client.switch_to_window(console).await.expect("the console");
}

#[tokio::test]
async fn a_person_signs_in_through_the_browser_and_calls_as_herself() {
    let (site, driver, profile) = (Site::start().await, Driver::chromium().await, Scratch::new("sign-in"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    page.client().goto(&site.url).await.expect("the page opens");
    fill_in(&page).await;
    start(&page).await;
    let opened = site.host.asked().opened;
    assert_eq!(opened.len(), 1, "{opened:?}");
    consent(&page, &opened[0]).await;

    page.find("[data-sign-in=\"done\"]").await;
    page.find_text("[data-sign-in] h2", "mia").await;
    page.find_text("[data-sign-in] li", "read_todos").await;
    // What was asked for and not registered is named with its reason, and leads to the cure.
    page.find_text("[data-sign-in] .dropped", "delete_todos").await;
    page.find("[data-cure=\"scopes\"]").await;
    page.picture("sign-in-done").await;
    page.click("[data-sign-in=\"done\"] [data-first]").await;
    page.find_text("h1", "Test call").await;
    page.find_text("[data-identity-picker] button", "mia").await;
    page.click("#route-me").await;
    page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
    page.find_text(".verdict", "200").await;

    let shown = page.everything().await;
    assert!(!shown.contains("code="), "the page holds an authorization code");
    page.close().await;
}

#[tokio::test]
async fn a_cancelled_sign_in_leaves_the_form_as_it_was() {
    let (site, driver, profile) = (Site::start().await, Driver::chromium().await, Scratch::new("cancelled"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    page.client().goto(&site.url).await.expect("the page opens");
    fill_in(&page).await;
    start(&page).await;
    page.click("[data-do=\"open-again\"]").await;
    page.click("[data-do=\"cancel-sign-in\"]").await;
    page.find("[data-sign-in=\"form\"]").await;
    assert_eq!(page.value("[data-field=\"sign-in-scopes\"]").await, SCOPES);
    let opened: HashSet<_> = site.host.asked().opened.into_iter().collect();
    assert_eq!(opened.len(), 2, "each address is for one use: {opened:?}");
    assert!(opened.iter().all(|page| page.starts_with("http://127.0.0.1:") && page.contains("/open/")));
    page.close().await;
}

/// Servers of their own beside the sandbox, as real ones would be: found by address, with a token to administer them.
pub struct Real(sandbox::Sandbox);

impl Real {
    pub fn start() -> Self {
        Self(sandbox::start(sandbox::Options::default()).expect("a sandbox starts"))
    }

    pub fn token(&self, id: &str) -> String {
        let handout = serde_json::to_value(self.0.handout()).expect("JSON");
        let all = handout["credentials"].as_array().expect("a list");
        let one = all.iter().find(|one| one["id"] == id).expect("a credential of this name");
        one["secret"].as_str().expect("text").to_owned()
    }

    /// Adds them by Glint's address alone, as production.
    async fn add(&self, page: &Page) {
        self.add_as(page, "Production").await;
    }

    /// Adds them by Glint's address alone; Prism, which only the configuration names, is confirmed.
    pub async fn add_as(&self, page: &Page, environment: &str) {
        page.type_into("[data-field=\"address\"]", &self.0.handout().glint_url).await;
        page.press("\u{E007}").await;
        // On this computer it is taken for staging; a person may know better.
        page.click_text("form [role=\"radio\"]", environment).await;
        page.find("[data-key=\"send\"][aria-disabled=\"true\"]").await;
        page.click("[data-do=\"confirm-prism\"]").await;
        page.click("[data-key=\"send\"]:not([aria-disabled])").await;
        page.find("li.selected [data-menu]:not([data-menu=\"sandbox\"])").await;
        // What the servers say moves what stands below it; a click waits for that.
        page.find_text(".means .key-values", &self.0.handout().glint_url).await;
        page.settled().await;
    }
}

#[tokio::test]
async fn the_first_secret_asks_where_it_is_kept_and_then_goes_on() {
    let (real, data) = (Real::start(), Scratch::new("vault-data"));
    let (site, driver, profile) =
        (Site::over(Some(data.0.clone())).await, Driver::chromium().await, Scratch::new("vault"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    page.client().goto(&site.url).await.expect("the page opens");
    real.add(&page).await;
    page.click("[data-menu=\"add-identity\"]").await;
    page.click("[data-do=\"pat\"]").await;
    let token = real.token("olivia_pat");
    page.type_into("[data-secret]", &token).await;
    page.press("\u{E007}").await;

    page.find("[data-vault=\"unchosen\"]").await;
    page.click("[data-place=\"passphrase\"]").await;
    page.type_into("[data-secret=\"passphrase\"]", "a long passphrase of six words").await;
    page.type_into("[data-secret=\"repeat\"]", "a long passphrase of six words").await;
    page.click("[data-do=\"use-place\"]:not([aria-disabled])").await;
    page.find_text("[data-identity]", "olivia").await;
    page.find("[data-kept=\"passphrase\"]").await;
    let shown = page.everything().await;
    assert!(!shown.contains(&token) && !shown.contains("six words"), "the page still holds a secret");

    // Locked, the panel says so; the passphrase opens it, and nothing has to be pasted again.
    page.click("[data-open=\"vault\"]").await;
    page.click("[data-do=\"lock\"]").await;
    page.find("[data-vault=\"locked\"]").await;
    page.type_into("[data-secret=\"passphrase\"]", "a long passphrase of six words").await;
    page.press("\u{E007}").await;
    page.gone(".sheet").await;
    page.find("[data-kept=\"passphrase\"]").await;

    // Production wants its name before it goes, and takes the secret with it.
    page.click("li.selected [data-menu]").await;
    page.click("[data-do=\"remove\"]").await;
    let name = page.find("li.selected b").await.text().await.expect("a name");
    page.type_into(".sheet input", &name).await;
    page.press("\u{E007}").await;
    page.find("[data-connection=\"sandbox\"][aria-current]").await;
    page.close().await;
}

/// Looks at the page as it is now, by eye and by axe.
async fn look(page: &Page, name: &str, faults: &mut Vec<String>) {
    page.settled().await;
    page.picture(&format!("connections-{name}")).await;
    faults.extend(page.axe().await.into_iter().map(|fault| format!("{name}: {fault}")));
    let script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    if page.script(script).await != serde_json::Value::Bool(false) {
        faults.push(format!("{name}: the window scrolls sideways"));
    }
}

#[tokio::test]
async fn every_state_of_connections_in_every_form() {
    let data = Scratch::new("states-data");
    let (site, driver, profile) =
        (Site::over(Some(data.0.clone())).await, Driver::chromium().await, Scratch::new("states"));
    let (page, real) = (Page::new(driver.browser(&profile.0, 1440, 900).await), Real::start());
    page.client().goto(&site.url).await.expect("the page opens");
    real.add(&page).await;
    let mut faults = Vec::new();
    for (width, height, theme, lang) in FORMS {
        page.client().set_window_size(width, height).await.expect("a window has a size");
        let choose = format!(
            "localStorage.setItem('spectroscope.theme', '{theme}'); localStorage.setItem('spectroscope.lang', '{lang}'); localStorage.setItem('spectroscope.panel', 'connections');"
        );
        page.script(&choose).await;
        page.client().refresh().await.expect("the page opens again");
        page.find(&format!("html[data-theme=\"{theme}\"]")).await;
        let form = format!("{width}-{theme}-{lang}");

        page.click("li [data-connection]:not([data-connection=\"sandbox\"])").await;
        page.click("li.selected [data-menu]:not([data-menu=\"sandbox\"])").await;
        look(&page, &format!("row-menu-{form}"), &mut faults).await;
        page.click("[data-do=\"edit\"]").await;
        page.click("[data-edit] summary").await;
        look(&page, &format!("edit-{form}"), &mut faults).await;
        page.press("\u{E00C}").await;
        page.click("li.selected [data-menu]").await;
        page.click("[data-do=\"remove\"]").await;
        look(&page, &format!("remove-{form}"), &mut faults).await;
        page.press("\u{E00C}").await;
        page.click("[data-open=\"vault\"]").await;
        page.find("[data-vault=\"unchosen\"]").await;
        page.click("[data-place=\"passphrase\"]").await;
        look(&page, &format!("vault-{form}"), &mut faults).await;
        page.press("\u{E00C}").await;

        page.click("[data-connection=\"sandbox\"]").await;
        page.click("[data-identity] [data-menu]").await;
        look(&page, &format!("identity-menu-{form}"), &mut faults).await;
        page.press("\u{E00C}").await;
        fill_in(&page).await;
        look(&page, &format!("sign-in-{form}"), &mut faults).await;
        start(&page).await;
        look(&page, &format!("waiting-{form}"), &mut faults).await;
        let address = site.host.asked().opened.last().cloned().expect("an address was opened");
        if width == 1440 && lang == "en" {
            consent(&page, &address).await;
            page.find("[data-sign-in=\"done\"]").await;
            look(&page, &format!("done-{form}"), &mut faults).await;
        } else {
            page.click("[data-do=\"cancel-sign-in\"]").await;
            page.find("[data-sign-in=\"form\"]").await;
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    page.close().await;
}
