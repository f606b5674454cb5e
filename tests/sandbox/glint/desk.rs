//! A sandbox and a way to call its Glint as somebody.

use reqwest::{Method, Response};
use sandbox::{Options, Sandbox, start};
use serde_json::Value;

pub(crate) const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
pub(crate) const PANTRY: &str = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
pub(crate) const BOARD: &str = "32d4dc84-d485-4540-91ec-fa9a888984e9";
pub(crate) const MIA_TODO: &str = "1b893816-cb96-47dc-8dc7-1fd4213d0af8";
pub(crate) const OLIVIA_TODO: &str = "84797859-a710-412b-ba84-3ddde0e1f627";
pub(crate) const MISSING: &str = "00000000-0000-0000-0000-000000000000";

/// A sandbox, somebody's token, and a way to call Glint with it.
pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
}

impl Desk {
    pub(crate) fn new() -> Self {
        // Only the first of the tests in this process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let sandbox = start(Options::default()).unwrap();
        Self { sandbox, http: reqwest::Client::new() }
    }

    pub(crate) fn secret(&self, id: &str) -> String {
        self.sandbox.handout().credentials.iter().find(|c| c.id == id).unwrap().secret.clone()
    }

    pub(crate) async fn send(&self, who: &str, call: &str, body: Option<&str>) -> Response {
        let (method, path) = call.split_once(' ').unwrap();
        let url = format!("{}{path}", self.sandbox.handout().glint_url);
        let mut request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if !who.is_empty() {
            request = request.bearer_auth(self.secret(who));
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        request.send().await.unwrap()
    }

    /// Status and JSON of a call below the team.
    pub(crate) async fn team(&self, who: &str, call: &str, body: Option<Value>) -> (u16, Value) {
        let (method, path) = call.split_once(' ').unwrap();
        let call = format!("{method} /api/cross-app/teams/{TEAM}{path}");
        let answer = self.send(who, &call, body.map(|b| b.to_string()).as_deref()).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(crate) async fn error(&self, who: &str, call: &str, body: Option<Value>) -> (u16, String) {
        let (status, answer) = self.team(who, call, body).await;
        (status, answer["error"].as_str().unwrap_or_default().to_owned())
    }
}

pub(crate) fn missing(scopes: &str) -> (u16, String) {
    let text = format!(
        "Missing required scope. Token must include one of: {scopes} (or the bundle scope \"workbench\")"
    );
    (403, text)
}

pub(crate) fn said(status: u16, text: &str) -> (u16, String) {
    (status, text.to_owned())
}
