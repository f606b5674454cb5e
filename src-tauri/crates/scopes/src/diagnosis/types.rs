//! The shape of an answer.

use super::code::{Code, GateId};
use crate::problem::Actor;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How sure an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// No evidence beyond the answer itself.
    Possible,
    /// The evidence fits; another cause is not excluded.
    Likely,
    /// Only this explains the evidence.
    Proven,
}

/// What became of one gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// The call passed it.
    Passed,
    /// The call was stopped here.
    Failed,
    /// Nothing says.
    Unknown,
    /// An earlier gate stopped the call.
    NotReached,
}

/// Whether a fact was seen or concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// An exchange says so.
    Observed,
    /// Concluded from other facts.
    Inferred,
}

/// One fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Evidence {
    /// Seen or concluded.
    pub kind: EvidenceKind,
    /// The fact, one line, never a secret.
    pub text: String,
    /// Where it is from, e.g. `introspection`, `consent preview`, `the answer`.
    pub source: String,
}

/// One check of the server, in its real order for this route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Gate {
    /// Stable id: `reach`, `header`, `token`, `scope`, `membership`, `resource`, `role`, `request`, `server`; for Prism also `credential`, `app`.
    #[ts(type = "string")]
    pub id: GateId,
    /// Its name in the language asked for.
    pub title: String,
    /// What it asks, e.g. "does it carry `delete_todos`?".
    pub question: String,
    /// What became of it.
    pub state: GateState,
    /// For a gate that was not reached: whether the evidence says it would stop the call. `None`: unknown.
    pub would_pass: Option<bool>,
    /// The facts about it.
    pub evidence: Vec<Evidence>,
}

/// Another code the evidence does not exclude.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Alternative {
    /// Reason code.
    #[ts(type = "string")]
    pub code: Code,
    /// Its meaning in a few words.
    pub title: String,
    /// The one question that would settle it.
    pub question: String,
}

/// What was missing, as data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct Needs {
    /// Any of these scopes; inner names for Glint, plain names for Prism.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub scopes: Option<Vec<String>>,
    /// The body field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
    /// The role permission.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub permission: Option<String>,
    /// The resource: `todo`, `set`, `parent`, `comment`, `todo_or_comment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub resource: Option<String>,
}

/// What the console itself can prepare for a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fix {
    /// Open the scope builder with these inner or platform scopes ticked for this consumer.
    TickScopes {
        /// Inner or platform scopes.
        scopes: Vec<String>,
        /// Client id of the consumer, where known.
        consumer: Option<String>,
    },
    /// Open the access rules with the rule for this client id selected.
    OpenRules {
        /// Client id or user id the rule is about.
        target: Option<String>,
    },
    /// Open the definitions.
    OpenDefinitions,
    /// Send the same call again.
    SendAgain,
    /// Choose another identity or paste another token.
    ChooseIdentity,
}

/// One step of the cure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Remedy {
    /// Who acts.
    pub who: Actor,
    /// Their name, only where the evidence names them.
    pub who_name: Option<String>,
    /// What they do, e.g. "Register `delete_todos`".
    pub action: String,
    /// One line more, may be empty.
    pub detail: String,
    /// Whether a new authorization by the end user is part of this step.
    pub reauthorize: bool,
    /// What the console can prepare.
    pub fix: Option<Fix>,
}

/// One row of the table of refusals of a route; the one that applies is lit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Refusal {
    /// Status code.
    pub status: u16,
    /// The server's text, shortened.
    pub text: String,
    /// Reason code or family, e.g. `scope.not_registered` when lit, `scope.*` otherwise.
    pub code: String,
    /// What it means, in the language asked for.
    pub meaning: String,
    /// Whether this row applies.
    pub lit: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Diagnosis {
    /// Status of the call; 0 when no answer came.
    pub status: u16,
    /// Reason code of the first failed gate, `allowed` when nothing was refused.
    #[ts(type = "string")]
    pub cause: Code,
    /// How sure.
    pub certainty: Certainty,
    /// The code behind the cause, where one is (`membership.unavailable`, `oauth.scopes_narrowed`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "string")]
    pub because: Option<Code>,
    /// The answer in one sentence, e.g. "Standup Bot never registered `delete_todos`.".
    pub headline: String,
    /// One line more: what happened and at which gate.
    pub detail: String,
    /// What else the evidence allows, best first.
    pub alternatives: Vec<Alternative>,
    /// What was missing.
    pub needs: Needs,
    /// The cure, in order.
    pub remedies: Vec<Remedy>,
    /// Whether the user has to approve again before the call can succeed.
    pub reauthorize: bool,
    /// The checks in their real order.
    pub gates: Vec<Gate>,
    /// Every fact used.
    pub evidence: Vec<Evidence>,
    /// What would stop the call next once this is cured, one sentence, where the evidence tells.
    pub next_obstacle: Option<String>,
    /// All refusals of this route with the one that applies lit.
    pub refusals: Vec<Refusal>,
}
