//! Job 4: one call, sent and explained.

use scopes::diagnosis::groups::{By, Group, Standings};
use scopes::diagnosis::reference::ReasonEntry;
use scopes::diagnosis::{CachedList, Diagnosis, Named};
use scopes::exchange::ExchangeView;
use scopes::path_prefixes::PathPrefixes;
use scopes::problem::Problem;
use scopes::routes::{Pick, Route};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Lists the provider's routes.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListRoutes {}

/// The routes in display order.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Routes {
    /// All of them.
    pub routes: Vec<Route>,
    /// What their paths begin with, so that a list can leave it out.
    pub prefixes: PathPrefixes,
}

/// Asks the provider what can be picked, as the chosen identity sees it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListChoices {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// What is to be picked: `team`, `set`, `todo`, `comment` or `user`.
    pub pick: Pick,
    /// The team chosen so far.
    pub team: Option<String>,
    /// The set chosen so far.
    pub set: Option<String>,
    /// The todo chosen so far.
    pub todo: Option<String>,
}

/// Something to pick.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Choice {
    /// What goes on the wire.
    pub id: String,
    /// What a person calls it.
    pub label: String,
    /// One more word: role in the team, owner of the todo.
    pub note: String,
}

/// What can be picked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Choices {
    /// In the server's order; may hold what another readable identity of this connection sees, see `seen_by`.
    pub choices: Vec<Choice>,
    /// Label of the identity that could read the list, when it was not the chosen one.
    pub seen_by: Option<String>,
    /// Why the list is empty or incomplete; the value can be typed all the same.
    pub problem: Option<Problem>,
}

/// Sends one call and explains the answer with evidence gathered live.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct TestCall {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// Route id.
    pub route: String,
    /// Values by input name; body values are JSON.
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, serde_json::Value>,
}

/// Shows the request without sending it.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PreviewCall {
    /// Connection handle.
    pub connection: String,
    /// Route id.
    pub route: String,
    /// Values by input name.
    #[ts(type = "Record<string, unknown>")]
    pub values: BTreeMap<String, serde_json::Value>,
}

/// The request as it would be sent.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallPreview {
    /// `curl` command with `$TOKEN`.
    pub curl: String,
    /// Full URL.
    pub url: String,
    /// Values that are missing or cannot go on the wire; `related` names the input.
    pub problems: Vec<Problem>,
}

/// A call with its explanation.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallReport {
    /// By this name `export_capsule` finds the call.
    pub call: String,
    /// The call itself.
    pub exchange: ExchangeView,
    /// Why it was answered so.
    pub diagnosis: Diagnosis,
    /// The cached team list behind the answer, if one is.
    pub cached_list: Option<CachedList>,
    /// Every request that was made to gather evidence, in order.
    pub asked: Vec<ExchangeView>,
    /// What is odd about the token it was sent with: the app token warning.
    pub problems: Vec<Problem>,
}

/// Explains a pasted answer without sending anything.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DiagnoseText {
    /// A pasted answer (with or without status line and headers), `curl` output, or a HAR.
    pub text: String,
    /// How to read it; `None` finds out.
    pub format: Option<String>,
    /// Verb of the call, where the text does not say.
    pub method: Option<String>,
    /// URL or path of the call, where the text does not say.
    pub url: Option<String>,
    /// Status of the answer, where the text does not say.
    pub status: Option<u16>,
    /// Index of the one call to explain; `None`: every call that is not evidence.
    pub entry: Option<u32>,
    /// What to count the calls by.
    #[ts(optional)]
    pub group_by: Option<By>,
    /// Words that must stand in reason, status, route, consumer or person; the other calls are left out.
    #[ts(optional)]
    pub filter: Option<String>,
}

/// One explained call of a text.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Subject {
    /// Index in the archive, from 0.
    pub index: u32,
    /// The call.
    pub exchange: ExchangeView,
    /// Id of the provider's route.
    pub route: Option<String>,
    /// The client the token was issued to, where the evidence tells it.
    pub consumer: Option<Named>,
    /// The user the token acts for, where the evidence tells it.
    pub person: Option<Named>,
    /// The cached team list behind the answer, if one is.
    pub cached_list: Option<CachedList>,
    /// The answer.
    #[serde(flatten)]
    pub diagnosis: Diagnosis,
}

/// Everything that was explained.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DiagnosedText {
    /// In the order of the text; the first of them where there are too many for one reply.
    pub subjects: Vec<Subject>,
    /// Counts of all calls that the filter chose, where they were asked for.
    pub groups: Vec<Group>,
    /// How all calls stand that the filter chose, those beyond `subjects` as well.
    pub standings: Standings,
    /// Whether a part of the text could not be read, so that it may hold calls that nothing is known about.
    pub incomplete: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Lists every reason code a diagnosis can name.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListReasons {}

/// The reference of all reason codes.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Reasons {
    /// In the order of the table; a family stands in one piece.
    pub reasons: Vec<ReasonEntry>,
}
