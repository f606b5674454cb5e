//! A sandbox of its own for one test, and a client for it.

use reqwest::{Method, RequestBuilder};
use sandbox::handout::HandoutCredential;
use sandbox::{Options, Sandbox, Scenario, start};
use serde_json::Value;

/// A running sandbox and a client that follows no redirect.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: reqwest::Client,
}

impl World {
    /// The lived-in sandbox.
    pub(crate) fn new() -> Self {
        Self::with(Scenario::lived_in())
    }

    /// A sandbox with this scenario.
    pub(crate) fn with(scenario: Scenario) -> Self {
        // Only the first of the tests in this process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let sandbox = start(Options { preferred_ports: false, scenario }).expect("the sandbox starts");
        Self { sandbox, client: client.build().expect("a client is built") }
    }

    /// A ready-made credential.
    pub(crate) fn credential(&self, id: &str) -> &HandoutCredential {
        let found = self.sandbox.handout().credentials.iter().find(|c| c.id == id);
        found.unwrap_or_else(|| panic!("the seed has no credential `{id}`"))
    }

    /// Its secret.
    pub(crate) fn secret(&self, id: &str) -> &str {
        &self.credential(id).secret
    }

    /// The full name of an inner scope of Glint.
    pub(crate) fn scope(&self, inner: &str) -> String {
        format!("app:{}:{inner}", self.sandbox.handout().provider.client_id)
    }

    /// A request to Prism: `GET /api/apps`.
    pub(crate) fn prism(&self, call: &str) -> RequestBuilder {
        self.at(&self.sandbox.handout().prism_url, call)
    }

    /// A request to Glint.
    pub(crate) fn glint(&self, call: &str) -> RequestBuilder {
        self.at(&self.sandbox.handout().glint_url, call)
    }

    /// A request to the admin controls.
    pub(crate) fn admin(&self, call: &str) -> RequestBuilder {
        self.at(&self.sandbox.handout().admin_url, call)
    }

    fn at(&self, base: &str, call: &str) -> RequestBuilder {
        let (method, path) = call.split_once(' ').expect("a verb and a path");
        let method: Method = method.parse().expect("a verb");
        self.client.request(method, format!("{base}{path}"))
    }
}

/// Status and JSON of an answer; anything that is not JSON is `null`.
pub(crate) async fn answer(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.expect("the server answers");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("the answer is whole");
    (status, serde_json::from_str(&text).unwrap_or_default())
}
