//! Signing in with the system browser: authorization code with PKCE over a loopback redirect (RFC 8252, RFC 7636).

use super::connections::Identity;
use scopes::problem::Problem;
use scopes::secret::Secret;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Says what a sign-in at this connection takes: the redirect URIs to register, and what Prism says about a client.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PrepareSignIn {
    /// Connection handle.
    pub connection: String,
    /// The client to sign in as a user of; `None`: only what holds for every client.
    pub client_id: Option<String>,
    /// Scopes to be asked for, for the preview.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// What a sign-in takes.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignInPlan {
    /// The authorization server's issuer, as discovery says.
    pub issuer: Option<String>,
    /// The redirect URIs in the order they are tried.
    pub redirect_uris: Vec<RedirectUri>,
    /// Whether the client can be registered by the console (RFC 7591).
    pub can_register: bool,
    /// The client's name at the authorization server.
    pub client_name: Option<String>,
    /// Scopes that would be dropped, each with its reason.
    pub dropped: Vec<DroppedScope>,
    /// What stands in the way.
    pub problems: Vec<Problem>,
}

/// A loopback redirect URI.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RedirectUri {
    /// The whole text, as it has to be registered.
    pub uri: String,
    /// Whether the client has it registered; `None`: not known.
    pub registered: Option<bool>,
    /// Whether the port is free on this computer now.
    pub free: bool,
}

/// A scope that was asked for and is not granted.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DroppedScope {
    /// The scope.
    pub scope: String,
    /// Prism's word: `unknown`, `not_allowed`, `target_missing`, `app_denied`; `None`: not told.
    pub reason: Option<String>,
    /// The reason in words, with what to do.
    pub words: String,
}

/// Signs in: opens the browser, waits up to five minutes for the redirect, exchanges the code. `cancel_job` ends the wait.
#[derive(Clone, Deserialize, TS)]
pub struct SignIn {
    /// Connection handle.
    pub connection: String,
    /// The client to sign in as a user of.
    pub client_id: String,
    /// Its secret; `None` for a public client, or when the connection holds this client's credentials.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub client_secret: Option<Secret>,
    /// Scopes to ask for, in order.
    pub scopes: Vec<String>,
    /// What to call the identity; `None` derives it.
    #[serde(default)]
    pub label: Option<String>,
    /// Whether the system browser is opened; without, the address is only reported and the redirect may be pasted.
    #[serde(default = "yes")]
    pub open_browser: bool,
    /// Whether the client signs in as itself instead of a person, without a browser (RFC 6749 §4.4). Prism does not offer it.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub as_client: bool,
}

fn yes() -> bool {
    true
}

/// Where a sign-in is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "step")]
pub enum SignInStep {
    /// Waiting for the browser.
    Waiting {
        /// The authorization request, to be opened in a browser.
        authorization_url: String,
        /// The redirect URI in use.
        redirect_uri: String,
        /// When the wait ends, Unix milliseconds.
        #[ts(type = "number")]
        until: i64,
        /// Why the browser did not open, if it did not.
        problem: Option<Problem>,
    },
    /// The code came; it is exchanged.
    Exchanging,
}

/// A finished sign-in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignedIn {
    /// The new identity.
    pub identity: Identity,
    /// Scopes asked for.
    pub requested: Vec<String>,
    /// Scopes granted.
    pub granted: Vec<String>,
    /// Scopes asked for and not granted, each with its reason.
    pub dropped: Vec<DroppedScope>,
    /// What looks odd.
    pub problems: Vec<Problem>,
}

/// Hands a pasted redirect to the sign-in that waits for it; `state` inside the text says which one.
#[derive(Clone, Deserialize, TS)]
pub struct FinishSignIn {
    /// The whole address the browser was sent to, or its query.
    #[ts(type = "string")]
    pub redirect: Secret,
}

/// Registers a client for this console, where the authorization server offers it (RFC 7591).
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RegisterClient {
    /// Connection handle.
    pub connection: String,
    /// The name people see at consent.
    pub name: String,
    /// Scopes it may ask for.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// A registered client.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RegisteredClient {
    /// Its client id.
    pub client_id: String,
    /// The identity that holds its secret; `None` for a public client.
    pub identity: Option<Identity>,
    /// What looks odd.
    pub problems: Vec<Problem>,
}
