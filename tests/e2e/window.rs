//! The real window under Xvfb: the four jobs, the system clipboard, and a secret that must stay inside.

use crate::driver::{Driver, Screen, artefacts};
use crate::four_jobs::{self, Clipboard};
use crate::page::Page;
use crate::panels::Scratch;
use std::path::{Path, PathBuf};

/// Typed into the window as a token; must be found nowhere afterwards.
const CANARY: &str = "CANARYx7Q2mK9vT4wZ1sB6nR8dF3hJ5gL0cY2uE7aP4iO9kXm1N6bV3qS5tU8wXy";

/// A window on a screen of its own, with a home of its own.
pub struct Window {
    /// What the window shows.
    pub page: Page,
    /// The screen it is on.
    pub screen: Screen,
    home: Scratch,
    log: PathBuf,
    driver: Driver,
}

impl Window {
    /// Opens it; `name` tells its home from those of other tests.
    pub async fn open(name: &str) -> Self {
        let (home, log) = (Scratch::new(name), artefacts().join(format!("{name}.log")));
        let screen = Screen::start(1440, 900).await;
        let driver = Driver::webkit(&screen, &home.0, &log).await;
        let page = Page::new(driver.window(&program()).await);
        page.find_text("h1", "Connections").await;
        page.client().set_window_size(1440, 900).await.expect("a window has a size");
        Self { page, screen, home, log, driver }
    }
}

impl Clipboard for Screen {
    async fn text(&self) -> String {
        self.clipboard().await
    }
}

/// The window's program.
fn program() -> PathBuf {
    tests::places::window().canonicalize().expect("a path")
}

#[tokio::test]
async fn the_four_jobs_in_the_real_window() {
    let window = Window::open("window").await;
    window.screen.picture("window-first-start").await;
    let faults = window.page.axe().await;
    assert!(faults.is_empty(), "{faults:#?}");
    four_jobs::all(&window.page, &window.screen, "window").await;
    window.screen.picture("window-screen").await;
    window.page.close().await;
}

#[tokio::test]
async fn a_token_typed_into_the_window_stays_inside() {
    let window = Window::open("canary").await;
    let page = &window.page;
    page.press("\u{E009}5\u{E000}").await;
    page.find_text("h1", "Test call").await;
    page.click("[data-paste-token]").await;
    page.type_into("[data-secret]", CANARY).await;
    page.press("\u{E007}").await;
    // Nobody issued it: it is taken in, said to be dead, and gone from the field. Until then the same place cancels.
    page.find(".paste [data-problem=\"token.inactive\"]").await;
    page.click("[data-close]").await;
    page.gone("[data-secret]").await;
    page.click("#route-me").await;
    page.click("[data-key=\"send\"]:not([aria-disabled=\"true\"])").await;
    page.find("[data-cause=\"token.inactive\"]").await;

    let shown = page.everything().await;
    assert!(!shown.contains(CANARY), "the page still holds the token");
    let log = std::fs::read_to_string(&window.log).unwrap_or_default();
    assert!(!log.contains(CANARY), "the log holds the token");
    let written = files_with(&window.home.0, CANARY);
    assert!(written.is_empty(), "{written:?}");
    window.page.close().await;
    drop(window.driver);
}

#[tokio::test]
async fn two_drafts_in_the_real_window() {
    let (window, real) = (Window::open("drafts-window").await, crate::connections::Real::start());
    crate::drafts::ten_switches(&window.page, &real, "window").await;
    window.screen.picture("window-drafts").await;
    window.page.close().await;
}

/// Files below a folder that hold the text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
        {
            found.push(path);
        }
    }
    found
}

/// Sizes, themes and languages in which the list of files is looked at.
const FORMS: [(u32, u32, &str, &str); 4] = [
    (1440, 900, "light", "en"),
    (1440, 900, "dark", "zh"),
    (960, 640, "light", "zh"),
    (960, 640, "dark", "en"),
];

#[tokio::test]
async fn the_files_on_this_computer_in_the_real_window() {
    let window = Window::open("data").await;
    let page = &window.page;
    let data = window.home.0.join("data/spectroscope");
    tests::places::private_folder(&data);
    for (width, height, theme, lang) in FORMS {
        let draft = data.join("connections.json.7-0.new");
        std::fs::write(&draft, "unfinished").expect("a file");
        page.client().set_window_size(width, height).await.expect("a window has a size");
        page.script(&format!(
            "localStorage.setItem('spectroscope.theme', '{theme}'); localStorage.setItem('spectroscope.lang', '{lang}');"
        ))
        .await;
        page.client().refresh().await.expect("the page opens again");
        page.find(&format!("html[data-theme=\"{theme}\"]")).await;
        page.click("[data-open=\"data\"]").await;
        page.find("[data-file=\"draft\"]").await;
        page.settled().await;
        let form = format!("{width}-{theme}-{lang}");
        window.screen.picture(&format!("data-{form}")).await;
        let faults = page.axe().await;
        assert!(faults.is_empty(), "{form}: {faults:#?}");
        let wide = page.script("return document.documentElement.scrollWidth > innerWidth").await;
        assert_eq!(wide, false, "{form}: it scrolls sideways");
        page.click("[data-delete=\"drafts\"]").await;
        assert!(draft.exists(), "{form}: deleted before the second press");
        page.click("[data-sure=\"drafts\"]").await;
        page.gone("[data-file=\"draft\"]").await;
        assert!(!draft.exists(), "{form}");
        page.press("\u{E00C}").await;
        page.gone("[data-files]").await;
    }
    window.page.close().await;
}
