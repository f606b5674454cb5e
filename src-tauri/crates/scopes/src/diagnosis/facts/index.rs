//! Evidence by what it is about: an exchange that says nothing about a call is never looked at for it.

use super::others::Other;
use super::{authorized_client, request_value, rows, text};
use crate::endpoint::Endpoint;
use serde_json::Value;
use std::collections::HashMap;

/// What an exchange is evidence of. The key beside it is a token, a client id or an origin, as the variant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// A browser's preflight, by URL.
    Preflight,
    /// Introspection of a token.
    Introspection,
    /// A token answer, by its access token and by its refresh token.
    Issue,
    /// The use of a refresh token.
    Refresh,
    /// The revocation of a token.
    Revocation,
    /// The withdrawal of a consent, by client id.
    Withdrawal,
    /// The end of a session, by its credential.
    Logout,
    /// The creation of a personal access token, by the token.
    PersonalToken,
    /// The deletion of a personal access token, by its id.
    PersonalTokenDeletion,
    /// Glint's configuration, by origin and under the empty key.
    Configuration,
    /// Consent preview, by client id.
    Preview,
    /// Authorization request, by client id.
    Authorization,
    /// The registration of an app, by client id and by internal id.
    App,
    /// A change of any registration whose outcome is open; the key is empty.
    OpenAppChange,
    /// Access rules; the key is empty.
    Rules,
    /// Prism's team list, by token.
    PrismTeams,
    /// Glint's `/me`, by token.
    GlintMe,
    /// Lists and permissions of a team, by token and team: see [`team_key`].
    Team,
    /// Todos that were listed, by token and team.
    Todos,
    /// Comments of a todo, by token and todo.
    Comments,
}

/// The exchanges of each topic and key, by time.
#[derive(Default)]
pub(super) struct Index {
    buckets: HashMap<Topic, HashMap<String, Vec<usize>>>,
}

/// The key of what a token may see of a team or of a todo.
pub(super) fn team_key(token: &str, id: &str) -> String {
    format!("{token}\n{id}")
}

impl Index {
    /// The positions of the exchanges on a topic.
    pub(super) fn bucket(&self, topic: Topic, key: &str) -> Option<&[usize]> {
        self.buckets.get(&topic)?.get(key).map(Vec::as_slice)
    }

    fn put(&mut self, topic: Topic, key: impl Into<String>, at: usize) {
        let bucket = self.buckets.entry(topic).or_default().entry(key.into()).or_default();
        if bucket.last() != Some(&at) {
            bucket.push(at);
        }
    }

    /// Files an exchange under everything it is evidence of. Exchanges come in the order of their times.
    pub(super) fn add(&mut self, at: usize, other: &Other<'_>) {
        let get = other.request.method == "GET";
        if other.request.method == "OPTIONS" {
            self.put(Topic::Preflight, other.request.url.as_str(), at);
            return;
        }
        match other.to.endpoint {
            Endpoint::Introspection => {
                if let Some(token) = &other.token {
                    self.put(Topic::Introspection, token.as_str(), at);
                }
            }
            Endpoint::Token => self.add_issue(at, other),
            Endpoint::Revocation => {
                if let Some(token) = request_value(other, "token") {
                    self.put(Topic::Revocation, token, at);
                }
            }
            Endpoint::Configuration => {
                self.put(Topic::Configuration, "", at);
                self.put(Topic::Configuration, other.origin.clone().unwrap_or_default(), at);
            }
            Endpoint::Logout => {
                if let Some(credential) = super::credential(other) {
                    self.put(Topic::Logout, credential.trim(), at);
                }
            }
            Endpoint::Preview => {
                if let Some(client) = super::asked_value(other, "client_id") {
                    self.put(Topic::Preview, client, at);
                }
            }
            Endpoint::Authorize => {
                if let Some(client) = authorized_client(other) {
                    self.put(Topic::Authorization, client, at);
                }
            }
            Endpoint::OwnTeams => self.add_own(Topic::PrismTeams, at, other),
            Endpoint::Me => self.add_own(Topic::GlintMe, at, other),
            Endpoint::Rules => self.put(Topic::Rules, "", at),
            Endpoint::Apps
            | Endpoint::App
            | Endpoint::Definitions
            | Endpoint::Definition
            | Endpoint::Rule
            | Endpoint::AppPart => self.add_app(at, other),
            Endpoint::PersonalToken | Endpoint::PersonalTokens => self.add_personal(at, other),
            Endpoint::Consent if other.request.method == "DELETE" => {
                let client = other.to.value("client").unwrap_or_default();
                self.put(Topic::Withdrawal, client, at);
            }
            Endpoint::Sets | Endpoint::Permissions | Endpoint::MyPermissions if get => {
                self.add_team(Topic::Team, "team", at, other);
            }
            Endpoint::Todos if get => self.add_team(Topic::Todos, "team", at, other),
            Endpoint::Comments if get => self.add_team(Topic::Comments, "todo", at, other),
            _ => {}
        }
    }

    fn add_own(&mut self, topic: Topic, at: usize, other: &Other<'_>) {
        if let Some(token) = &other.token {
            self.put(topic, token.as_str(), at);
        }
    }

    fn add_issue(&mut self, at: usize, other: &Other<'_>) {
        let issued = other.answered().into_iter();
        let tokens = issued.flat_map(|json| [text(json, "access_token"), text(json, "refresh_token")]);
        for token in tokens.flatten() {
            self.put(Topic::Issue, token, at);
        }
        if let Some(used) = request_value(other, "refresh_token") {
            self.put(Topic::Refresh, used, at);
        }
    }

    fn add_app(&mut self, at: usize, other: &Other<'_>) {
        if matches!(other.to.endpoint, Endpoint::App) && is_open_change(other) {
            self.put(Topic::OpenAppChange, "", at);
        }
        let Some((200..=299, json)) = other.answer() else { return };
        for key in apps_of(json).flat_map(|app| [text(app, "client_id"), text(app, "id")]).flatten() {
            self.put(Topic::App, key, at);
        }
    }

    fn add_personal(&mut self, at: usize, other: &Other<'_>) {
        if other.request.method == "DELETE" {
            let id = other.to.value("token").unwrap_or_default();
            self.put(Topic::PersonalTokenDeletion, id, at);
            return;
        }
        let Some((200..=299, json)) = other.answer() else { return };
        if let Some(token) = created_token(json).and_then(|created| text(created, "token")) {
            self.put(Topic::PersonalToken, token, at);
        }
    }

    /// What a token may see of a team or of a todo.
    fn add_team(&mut self, topic: Topic, of: &str, at: usize, other: &Other<'_>) {
        if let Some((token, id)) = other.token.as_deref().zip(other.to.value(of)) {
            self.put(topic, team_key(token, id), at);
        }
    }
}

/// Whether a change was sent and its answer does not tell whether it was carried out.
fn is_open_change(other: &Other<'_>) -> bool {
    let changes = matches!(other.request.method.as_str(), "PATCH" | "PUT" | "DELETE");
    let told = match other.answer() {
        Some((200..=299, json)) => other.request.method == "DELETE" || apps_of(json).next().is_some(),
        Some((status, _)) => (400..=499).contains(status) && *status != 408,
        None => false,
    };
    changes && !told
}

/// The apps of an answer about one app or many.
pub(super) fn apps_of(json: &Value) -> impl Iterator<Item = &Value> {
    rows(json.get("apps")).chain(json.get("app").filter(|app| app.is_object()))
}

/// The personal access token that was created, with its id.
pub(super) fn created_token(json: &Value) -> Option<&Value> {
    let whole = Some(json).filter(|json| json.get("token").is_some_and(Value::is_string));
    whole.or_else(|| json.get("token").filter(|token| token.is_object()))
}
