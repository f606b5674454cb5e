//! A page and the few things a person does with it.

use crate::driver::{artefacts, wait};
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

/// A page of the product in some browser or in the real window.
pub struct Page {
    client: Client,
}

const SELECT_ALL_AND_DELETE: &str = "\u{E009}a\u{E000}\u{E017}";

impl Page {
    /// Takes over a session.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The session itself.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Waits for a condition; when it never comes true, keeps a picture and says which one.
    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, condition: impl FnMut() -> F) -> T {
        if let Some(value) = wait(condition).await {
            return value;
        }
        self.picture("waited-in-vain").await;
        panic!("waited in vain: {what}; artefacts/waited-in-vain.png shows the page");
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        self.until(css, || async { self.client.find(Locator::Css(css)).await.ok() }).await
    }

    /// Waits for an element that shows the text, and returns it.
    pub async fn find_text(&self, css: &str, text: &str) -> Element {
        let what = format!("{css} with `{text}`");
        self.until(&what, || async {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|shown| shown.contains(text)) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Waits until an element takes a click, and clicks it.
    pub async fn click(&self, css: &str) {
        self.until(&format!("a click on {css}"), || async {
            self.client.find(Locator::Css(css)).await.ok()?.click().await.ok()
        })
        .await;
    }

    /// Clicks the element that shows the text.
    pub async fn click_text(&self, css: &str, text: &str) {
        self.until(&format!("a click on {css} with `{text}`"), || async {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|shown| shown.contains(text)) {
                    return element.click().await.ok();
                }
            }
            None
        })
        .await;
    }

    /// Replaces what a field holds by typing.
    pub async fn type_into(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.click().await.expect("a field takes the focus");
        field.send_keys(SELECT_ALL_AND_DELETE).await.expect("keys arrive");
        field.send_keys(text).await.expect("keys arrive");
    }

    /// Puts a long text into a field as pasting does: all at once, with an `input` event.
    pub async fn paste_into(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        let script = "const [field, text] = arguments; field.focus(); field.value = text; field.dispatchEvent(new InputEvent('input', {bubbles: true, inputType: 'insertFromPaste'}));";
        let field = serde_json::to_value(field).expect("an element is JSON");
        self.client.execute(script, vec![field, json!(text)]).await.expect("a script runs");
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &str) {
        self.client
            .active_element()
            .await
            .expect("something has the focus")
            .send_keys(keys)
            .await
            .expect("keys arrive");
    }

    /// Waits until nothing on the page is loading or moving.
    pub async fn settled(&self) {
        let script = "return document.querySelectorAll('.spin, [aria-busy=\"true\"]').length === 0 && document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity);";
        self.until("the page settles", || async {
            self.client.execute(script, Vec::new()).await.ok()?.as_bool()?.then_some(())
        })
        .await;
    }

    /// What a field holds.
    pub async fn value(&self, css: &str) -> String {
        self.find(css).await.prop("value").await.expect("a property").unwrap_or_default()
    }

    /// Waits until an element is no longer there.
    pub async fn gone(&self, css: &str) {
        self.until(&format!("{css} goes"), || async {
            self.client.find_all(Locator::Css(css)).await.ok()?.is_empty().then_some(())
        })
        .await;
    }

    /// Presses a copy button and waits until it says so.
    pub async fn copied(&self, css: &str) {
        self.click(&format!("{css}:not([data-copied])")).await;
        self.find(&format!("{css}[data-copied]")).await;
    }

    /// Chooses an entry of one of the product's own lists.
    pub async fn choose(&self, around: &str, value: &str) {
        if self
            .client
            .find(Locator::Css(&format!("{around} [aria-haspopup=\"listbox\"][data-value=\"{value}\"]")))
            .await
            .is_ok()
        {
            return;
        }
        self.click(&format!("{around} [aria-haspopup=\"listbox\"]")).await;
        self.click(&format!("[role=\"option\"][data-value=\"{value}\"]")).await;
        self.find(&format!("{around} [aria-haspopup=\"listbox\"][data-value=\"{value}\"]")).await;
    }

    /// Runs a script and returns its value.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script runs")
    }

    /// Everything the page holds: its markup, its fields, its storage.
    pub async fn everything(&self) -> String {
        self.script(
            "return document.documentElement.outerHTML + JSON.stringify([...document.querySelectorAll('input,textarea')].map((f) => f.value)) + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage});",
        )
        .await
        .as_str()
        .expect("text")
        .to_owned()
    }

    /// Keeps a picture of the page among the artefacts.
    pub async fn picture(&self, name: &str) {
        let png = self.client.screenshot().await.expect("a picture");
        std::fs::write(artefacts().join(format!("{name}.png")), png).expect("artefacts can be written");
    }

    /// Faults of accessibility on the page as it is now, by axe: rule, and where.
    pub async fn axe(&self) -> Vec<String> {
        if self.script("return typeof axe").await == "undefined" {
            let source = tests::places::repository("ui/node_modules/axe-core/axe.min.js");
            let axe = std::fs::read_to_string(source).expect("the UI's packages are installed");
            self.client.execute(&axe, Vec::new()).await.expect("axe loads");
        }
        let run = "const done = arguments[arguments.length - 1]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`))), (e) => done([String(e)]));";
        let faults = self.client.execute_async(run, Vec::new()).await.expect("axe runs");
        faults
            .as_array()
            .expect("a list")
            .iter()
            .map(|fault| fault.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Ends the session.
    pub async fn close(self) {
        self.client.close().await.expect("the session ends");
    }
}
