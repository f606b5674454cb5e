//! Every panel in Debian's Chromium over the page host: sizes, themes, languages, accessibility.

use crate::driver::Driver;
use crate::four_jobs::{self, Clipboard};
use crate::page::Page;
use engine::Engine;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use tests::{ScriptedHost, page_host};

/// A page host with its sandbox; ends with the value.
pub struct Site {
    pub url: String,
    /// What the page asked of its surroundings.
    pub host: Arc<ScriptedHost>,
    _sandbox: sandbox::Sandbox,
    server: tokio::task::JoinHandle<()>,
}

impl Site {
    /// Serves the built pages.
    pub async fn start() -> Self {
        Self::over(None).await
    }

    /// The same over a data directory, where connections are saved and a vault can be made.
    pub async fn over(data: Option<PathBuf>) -> Self {
        let sandbox = sandbox::start(sandbox::Options::default()).expect("a sandbox starts");
        let host = Arc::new(ScriptedHost::new(data));
        let engine = Engine::new(host.clone());
        let handout = serde_json::to_string(sandbox.handout()).expect("JSON");
        engine.attach_sandbox(&handout).expect("a handout is understood");
        let dist = tests::places::repository("ui/dist");
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let router = page_host::router(engine, host.clone(), dist);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { url, host, _sandbox: sandbox, server }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A folder that is gone afterwards.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("spectroscope-{name}-{}", std::process::id()));
        tests::places::private_folder(&folder);
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct ScriptedClipboard(Arc<ScriptedHost>);

impl Clipboard for ScriptedClipboard {
    async fn text(&self) -> String {
        self.0.asked().copied.last().cloned().unwrap_or_default()
    }
}

#[tokio::test]
async fn the_four_jobs() {
    let (site, driver, profile) = (Site::start().await, Driver::chromium().await, Scratch::new("jobs"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    page.client().goto(&site.url).await.expect("the page opens");
    four_jobs::all(&page, &ScriptedClipboard(site.host.clone()), "browser").await;
    page.close().await;
}

/// Widths, themes and languages every panel is looked at in.
pub const FORMS: [(u32, u32, &str, &str); 4] = [
    (1440, 900, "light", "en"),
    (1440, 900, "dark", "zh"),
    (960, 640, "light", "zh"),
    (960, 640, "dark", "en"),
];

/// The key of each panel and what is there once its content is.
const PANELS: [(&str, &str); 6] = [
    ("1", "main [role=\"table\"]"),
    ("2", "[data-scope=\"read_todos\"]"),
    ("3", "[data-start=\"guide\"]"),
    ("4", "[data-effects=\"app\"]"),
    ("5", "#route-me, [data-route-field]"),
    ("6", "main"),
];

#[tokio::test]
async fn every_panel_in_every_form() {
    let (site, driver, profile) = (Site::start().await, Driver::chromium().await, Scratch::new("panels"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    let mut faults = Vec::new();
    for (width, height, theme, lang) in FORMS {
        page.client().goto(&site.url).await.expect("the page opens");
        page.client().set_window_size(width, height).await.expect("a window has a size");
        let choose = format!(
            "localStorage.setItem('spectroscope.theme', '{theme}'); localStorage.setItem('spectroscope.lang', '{lang}');"
        );
        page.script(&choose).await;
        page.client().refresh().await.expect("the page opens again");
        page.find(&format!("html[data-theme=\"{theme}\"]")).await;
        for (key, sign) in PANELS {
            page.find("h1").await;
            page.press(&format!("\u{E009}{key}\u{E000}")).await;
            page.find(&format!("nav [aria-current]:nth-of-type({key})")).await;
            page.find(sign).await;
            page.settled().await;
            let form = format!("{width}-{theme}-{lang}-{key}");
            if key == "5" {
                faults.extend(access(&page, &form).await);
            }
            page.picture(&format!("panel-{form}")).await;
            faults.extend(page.axe().await.into_iter().map(|fault| format!("{form}: {fault}")));
            let wide = page
                .script("return document.documentElement.scrollWidth > document.documentElement.clientWidth")
                .await;
            if wide != serde_json::Value::Bool(false) {
                faults.push(format!("{form}: the window scrolls sideways"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    page.close().await;
}

/// The third view of the test call: every read of an identity is proven, and comes out as foretold.
async fn access(page: &Page, form: &str) -> Vec<String> {
    page.script("document.querySelectorAll('.panel-head [role=radio]')[2].click()").await;
    page.find("[data-prove]").await;
    page.script("document.querySelector('[data-prove]').click()").await;
    page.find("[data-matrix][data-differ=\"0\"] td.seen").await;
    page.settled().await;
    page.picture(&format!("panel-{form}-access")).await;
    let faults = page.axe().await.into_iter().map(|fault| format!("{form} access: {fault}")).collect();
    page.script("document.querySelectorAll('.panel-head [role=radio]')[0].click()").await;
    page.find("#route-me, [data-route-field]").await;
    faults
}
