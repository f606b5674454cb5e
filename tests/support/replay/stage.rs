//! Servers in the state of the recordings, and the means to change them between two exchanges.

use super::ground::Ground;
use super::upstreams::Upstreams;
use super::{Exchange, Names, Request, Response, send};
use sandbox::handout::{CredentialKind, HandoutCredential};
use sandbox::scenario::Scenario;
use sandbox::{Handout, Options, Sandbox, random};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SCENARIO: &str = include_str!("../../recorded/_scenario.json");
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";

/// Recorded base URLs.
pub(super) const RECORDED: [&str; 2] = ["http://127.0.0.1:8801", "http://127.0.0.1:8802"];

#[derive(Clone, Copy)]
enum Server {
    Prism,
    Glint,
}

/// The error of a step that changes a server from inside, when the servers are not ours.
pub(super) const OUT_OF_REACH: &str = "it comes after a change that only a sandbox can be made to make";

/// The servers that play the recordings.
pub(super) struct Stage {
    pub(super) scenario: Scenario,
    pub(super) names: Names,
    inside: Option<Inside>,
    handout: Handout,
    http: reqwest::Client,
}

/// What only our own servers let us do.
pub(super) struct Inside {
    pub(super) sandbox: Sandbox,
    pub(super) upstreams: Upstreams,
}

impl Stage {
    /// A sandbox with the recordings' scenario, changed by `edit`; or servers that are said to be in that state.
    pub(super) async fn start(ground: &Ground, edit: impl FnOnce(&mut Scenario)) -> Result<Self, String> {
        let mut scenario = Scenario::from_json(SCENARIO).map_err(|e| e.to_string())?;
        edit(&mut scenario);
        let mut names = Names::default();
        let (inside, handout) = match ground {
            Ground::Sandbox => {
                let options = Options { preferred_ports: false, scenario: scenario.clone() };
                let sandbox = sandbox::start(options).map_err(|e| e.to_string())?;
                let upstreams = Upstreams::start(sandbox.prism().clone()).await.map_err(|e| e.to_string())?;
                let handout = sandbox.handout().clone();
                (Some(Inside { sandbox, upstreams }), handout)
            }
            Ground::Live(pair) => {
                pair.names.iter().for_each(|(recorded, present)| names.put(recorded, present));
                (None, pair.handout())
            }
        };
        for (recorded, present) in RECORDED.iter().zip([&handout.prism_url, &handout.glint_url]) {
            names.put(*recorded, present);
        }
        // Only the first in this process installs it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let http = http.map_err(|e| e.to_string())?;
        Ok(Self { scenario, names, inside, handout, http })
    }

    /// Our own servers.
    ///
    /// # Errors
    /// [`OUT_OF_REACH`] when the servers are not ours.
    pub(super) fn inside(&self) -> Result<&Inside, String> {
        self.inside.as_ref().ok_or_else(|| OUT_OF_REACH.to_owned())
    }

    /// Our own sandbox.
    ///
    /// # Errors
    /// [`OUT_OF_REACH`] when the servers are not ours.
    pub(super) fn sandbox(&self) -> Result<&Sandbox, String> {
        self.inside().map(|inside| &inside.sandbox)
    }

    /// Changes what Prism holds; secrets stay what they are.
    ///
    /// # Errors
    /// [`OUT_OF_REACH`] when the servers are not ours.
    pub(super) fn change_prism(&mut self, edit: impl FnOnce(&mut Scenario)) -> Result<(), String> {
        let prism = self.sandbox()?.prism().clone();
        edit(&mut self.scenario);
        prism.load(&self.scenario, &mut self.handout);
        Ok(())
    }

    /// From now on `{secret:NAME}` in an answer stands for the secret of that client.
    pub(super) fn know_secrets(&mut self) {
        for credential in &self.handout.credentials {
            if let Some(name) = credential.id.strip_prefix("client:") {
                self.names.put(format!("{{secret:{name}}}"), credential.secret.clone());
            }
        }
    }

    /// The credential of this name.
    pub(super) fn credential(&self, id: &str) -> Option<&HandoutCredential> {
        self.handout.credentials.iter().find(|credential| credential.id == id)
    }

    /// The id of the person of this name.
    pub(super) fn user_id(&self, username: &str) -> String {
        let user = self.scenario.prism.users.iter().find(|user| user.username == username);
        user.map(|user| user.id.clone()).unwrap_or_default()
    }

    /// Asks Glint again what a recorded exchange asked.
    pub(super) async fn play(&self, request: &Request) -> Result<Response, String> {
        self.play_at(if is_prisms(&request.path) { Server::Prism } else { Server::Glint }, request).await
    }

    /// Asks Prism again what a recorded exchange asked.
    pub(super) async fn play_prism(&self, request: &Request) -> Result<Response, String> {
        self.play_at(Server::Prism, request).await
    }

    /// Asks Glint again what a recorded exchange asked, whatever the path.
    pub(super) async fn play_glint(&self, request: &Request) -> Result<Response, String> {
        self.play_at(Server::Glint, request).await
    }

    async fn play_at(&self, server: Server, request: &Request) -> Result<Response, String> {
        let base = match server {
            Server::Prism => &self.handout.prism_url,
            Server::Glint => &self.handout.glint_url,
        };
        send::send(&self.http, base, &self.filled(request)).await
    }

    /// A step between two exchanges: a call of Glint with a JSON body that has to succeed; its answer.
    pub(super) async fn ask(&self, who: &str, call: &str, body: Value) -> Result<Value, String> {
        self.ask_at(Server::Glint, who, call, body).await
    }

    /// The same at Prism.
    pub(super) async fn ask_prism(&self, who: &str, call: &str, body: Value) -> Result<Value, String> {
        self.ask_at(Server::Prism, who, call, body).await
    }

    async fn ask_at(&self, server: Server, who: &str, call: &str, body: Value) -> Result<Value, String> {
        let (method, path) = call.split_once(' ').unwrap_or(("GET", call));
        let headers = BTreeMap::from([("Authorization".to_owned(), format!("Bearer {{{who}}}"))]);
        let request = Request { method: method.into(), path: path.into(), headers, body };
        let answer = self.play_at(server, &request).await?;
        match answer.status {
            Some(200..=299) => Ok(answer.body),
            status => Err(format!("the step `{call}` of {who} answered {status:?}: {}", answer.body)),
        }
    }

    /// A fresh authorization code of Glint's own client for this person, with its verifier.
    pub(super) async fn code(&self, user: &str) -> Result<(String, String), String> {
        let challenge = random::base64url(&random::sha256(VERIFIER.as_bytes()));
        let config = self.sandbox()?.glint().config();
        let wanted = json!({
            "client_id": config.prism_client_id,
            "redirect_uri": config.prism_redirect_uri,
            "scope": "openid profile teams:read",
            "action": "approve",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        });
        let answer = self.ask_prism(&format!("session:{user}"), "POST /api/oauth/authorize", wanted).await?;
        let redirect = answer.get("redirect").and_then(Value::as_str).unwrap_or_default();
        let code = redirect.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="));
        Ok((code.unwrap_or_default().to_owned(), VERIFIER.to_owned()))
    }

    /// Learns new names from an exchange: identifiers in the bodies, and the session cookie.
    pub(super) fn learn(&mut self, exchange: &Exchange, present: &Response) {
        self.names.learn(&exchange.response.body, &present.body);
        let cookie = |answer: &Response| {
            let cookie = answer.headers.get("set-cookie")?.split(';').next()?.to_owned();
            cookie.split_once('=').map(|(_, id)| id.to_owned()).filter(|id| !id.is_empty())
        };
        if let (Some(recorded), Some(present)) = (cookie(&exchange.response), cookie(present)) {
            self.names.put(recorded, present);
        }
    }

    fn filled(&self, request: &Request) -> Request {
        let text = |text: &str| self.placeholders(&self.names.apply(text));
        let body = match &request.body {
            Value::Null => Value::Null,
            Value::String(raw) => Value::String(text(raw)),
            body => Value::String(text(&body.to_string())),
        };
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        Request { method: request.method.clone(), path: text(&request.path), headers, body }
    }

    fn placeholders(&self, text: &str) -> String {
        let known = self.handout.credentials.iter();
        known.fold(text.to_owned(), |text, credential| {
            let place = format!("{{{}}}", credential.id);
            if text.contains(&place) { text.replace(&place, &shown(credential)) } else { text }
        })
    }
}

/// The secret as a header carries it.
pub(super) fn shown(credential: &HandoutCredential) -> String {
    match (&credential.kind, &credential.client_id) {
        (CredentialKind::ClientCredentials, Some(client_id)) => {
            base64(format!("{client_id}:{}", credential.secret).as_bytes())
        }
        _ => credential.secret.clone(),
    }
}

/// Base64 with padding (RFC 4648 §4), from the kind without.
fn base64(raw: &[u8]) -> String {
    let text = random::base64url(raw).replace('-', "+").replace('_', "/");
    let padding = "=".repeat(text.len().wrapping_neg() % 4);
    text + &padding
}

/// Recordings of Glint ask Prism now and then.
fn is_prisms(path: &str) -> bool {
    path.starts_with("/api/oauth/")
}
