//! The routes of a provider: what each asks for, as data of its profile (contract §8.1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What fills a value of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// A team, or the personal space.
    Team,
    /// A set of the chosen team.
    Set,
    /// A todo of the chosen set.
    Todo,
    /// A comment of the chosen todo.
    Comment,
    /// A member of the chosen team.
    User,
    /// One of the listed words.
    Choice,
    /// Free text.
    Text,
    /// Yes or no.
    Bool,
    /// A whole number.
    Number,
    /// Any JSON value.
    Json,
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A `:name` of the path.
    Path,
    /// The query string.
    Query,
    /// A member of the JSON body.
    Body,
}

/// A value a call takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Input {
    /// Name on the wire.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// What fills it.
    pub pick: Pick,
    /// Whether the server refuses the call without it.
    #[serde(default)]
    pub required: bool,
    /// The words, for a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Any of these inner scopes is asked for when this field is sent (PATCH todo), beside the route's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The role permissions consulted when this field is sent, own one first (`edit_own_todos`, `edit_any_todo`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// An example value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub example: Option<String>,
}

/// One route of the provider's cross-app interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, JsonSchema)]
pub struct Route {
    /// Stable id, e.g. `list_todos`.
    pub id: String,
    /// Verb.
    pub method: String,
    /// Path with `:name` parts, from the host's root.
    pub path: String,
    /// Group: `team`, `sets`, `todos`, `comments`, `settings`, `permissions`, `realtime`.
    pub group: String,
    /// Any one of these inner scopes opens it.
    pub scopes: Vec<String>,
    /// Whether the bundle scope opens it, too.
    pub bundle: bool,
    /// Role permissions consulted, own one first; empty: none.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Whether the permission is looked up for the whole team only, so that a row of a set does nothing.
    #[serde(default)]
    pub team_level: bool,
    /// Values it takes.
    #[serde(default)]
    pub inputs: Vec<Input>,
    /// Whether it changes something.
    pub writes: bool,
    /// The provider's checks after membership in their real order, gate ids of `diagnosis`.
    pub order: Vec<String>,
}
