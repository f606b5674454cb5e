//! Dialogs and popups by keyboard: a dialog is modal, a popup is in front of it, and a list names its active option.

use crate::driver::Driver;
use crate::page::Page;
use crate::panels::{FORMS, Scratch, Site};
use crate::window::Window;
use serde_json::{Value, json};

const TAB: &str = "\u{E004}";
const SHIFT_TAB: &str = "\u{E008}\u{E004}\u{E000}";
const ESCAPE: &str = "\u{E00C}";
const F6: &str = "\u{E036}";
const DOWN: &str = "\u{E015}";
const PALETTE: &str = "\u{E009}k\u{E000}";

/// Whether a dialog is open, holds the focus, and covers the button behind it.
const HELD: &str = "const dialog = document.querySelector('dialog:modal'); if (!dialog) return 'none';
    const behind = document.querySelector('nav button'), box = behind.getBoundingClientRect(), active = document.activeElement;
    behind.focus();
    const reached = document.activeElement === behind;
    active.focus();
    const hit = document.elementFromPoint(box.x + 5, box.y + 5);
    return [dialog.contains(active), reached, behind.contains(hit)];";

/// The active option of whatever holds the keys: whether it is one, how many are selected, and whether a popup is in the top layer.
const ACTIVE: &str = "const id = document.activeElement.getAttribute('aria-activedescendant');
    const option = id && document.getElementById(id);
    return [option?.getAttribute('role') ?? null, option?.dataset.value ?? null, document.querySelectorAll('[role=\"option\"][aria-selected=\"true\"]').length, !!document.querySelector(':popover-open [role=\"listbox\"]')];";

async fn held(page: &Page) -> Value {
    page.script(HELD).await
}

/// Opens the palette and a list, and tries to get out of them with keys.
async fn try_to_get_out(page: &Page) {
    page.find("h1").await;
    page.settled().await;
    page.click(".find").await;
    page.find("dialog [role=\"option\"]").await;
    for keys in [TAB, TAB, TAB, SHIFT_TAB, F6, TAB, "/"] {
        page.press(keys).await;
        assert_eq!(held(page).await, json!([true, false, false]), "after {keys:?}");
    }
    page.press(ESCAPE).await;
    page.gone("dialog").await;
    page.find(".find:focus").await;

    page.press(PALETTE).await;
    page.find("dialog [role=\"option\"]").await;
    page.press(DOWN).await;
    let active = page.script(ACTIVE).await;
    assert_eq!((&active[0], &active[2]), (&json!("option"), &json!(1)));
    page.press(ESCAPE).await;
    page.gone("dialog").await;

    page.press("\u{E009}5\u{E000}").await;
    page.find("#route-me, [data-route-field]").await;
    page.settled().await;
    let trigger = "[data-identity-picker] [aria-haspopup=\"listbox\"]";
    page.click(trigger).await;
    page.find(":popover-open [role=\"option\"]").await;
    page.press(DOWN).await;
    let active = page.script(ACTIVE).await;
    assert_eq!((&active[0], &active[2], &active[3]), (&json!("option"), &json!(1), &json!(true)));
    assert_ne!(
        active[1],
        page.script(&format!("return document.querySelector('{trigger}').dataset.value")).await
    );
}

#[tokio::test]
async fn nothing_behind_a_dialog_can_be_reached_in_a_browser() {
    let (site, driver, profile) = (Site::start().await, Driver::chromium().await, Scratch::new("dialogs"));
    let page = Page::new(driver.browser(&profile.0, 1440, 900).await);
    for (width, height, theme, lang) in FORMS {
        page.client().goto(&site.url).await.expect("the page opens");
        page.client().set_window_size(width, height).await.expect("a window has a size");
        let choose = format!(
            "localStorage.setItem('spectroscope.theme', '{theme}'); localStorage.setItem('spectroscope.lang', '{lang}');"
        );
        page.script(&choose).await;
        page.client().refresh().await.expect("the page opens again");
        page.find(&format!("html[data-theme=\"{theme}\"]")).await;
        try_to_get_out(&page).await;
        let form = format!("{width}-{theme}-{lang}");
        page.picture(&format!("list-{form}")).await;
        page.press(ESCAPE).await;
        page.press(PALETTE).await;
        page.find("dialog [role=\"option\"]").await;
        page.settled().await;
        page.picture(&format!("palette-{form}")).await;
        let faults = page.axe().await;
        assert!(faults.is_empty(), "{form}: {faults:#?}");
        page.press(ESCAPE).await;
    }
    page.close().await;
}

#[tokio::test]
async fn nothing_behind_a_dialog_can_be_reached_in_the_window() {
    let window = Window::open("dialogs").await;
    try_to_get_out(&window.page).await;
    window.screen.picture("window-list").await;
    window.page.press(ESCAPE).await;
    window.page.press(PALETTE).await;
    window.page.find("dialog [role=\"option\"]").await;
    window.page.settled().await;
    window.screen.picture("window-palette").await;
    window.page.close().await;
}
