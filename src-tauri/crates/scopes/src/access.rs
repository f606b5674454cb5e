//! Access rules: who may request and who may register a provider's scopes (contract §4).
//!
//! `app_*` rules decide which consumers may request at consent; `owner_*` rules decide which people may add scopes to a
//! client. Deny beats allow; one allow rule shuts out everybody who is not listed.

mod index;
mod judge;
mod review;
mod target;
mod warnings;

pub use judge::{may_register, may_request, mode};
pub use review::{Review, ReviewInput, fingerprint, review};
pub use target::target_kind;

use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The four types of rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleType {
    /// Only these people may register.
    OwnerAllow,
    /// These people may not register.
    OwnerDeny,
    /// Only these consumers may request.
    AppAllow,
    /// These consumers may not request.
    AppDeny,
}

impl RuleType {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnerAllow => "owner_allow",
            Self::OwnerDeny => "owner_deny",
            Self::AppAllow => "app_allow",
            Self::AppDeny => "app_deny",
        }
    }

    /// Whether it is about consumers; else about people.
    #[must_use]
    pub fn is_app(self) -> bool {
        matches!(self, Self::AppAllow | Self::AppDeny)
    }

    /// Whether it shuts out those it does not name.
    #[must_use]
    pub fn is_allow(self) -> bool {
        matches!(self, Self::AppAllow | Self::OwnerAllow)
    }
}

/// A consumer or a person that rules may name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Party {
    /// Client id of a consumer, user id of a person: what a rule has to name.
    pub id: String,
    /// Name, where known.
    #[serde(default)]
    pub name: Option<String>,
    /// One more word for people: "confidential", "owner of Standup Bot".
    #[serde(default)]
    pub note: String,
    /// Other ids of the same party that get into rules by mistake: internal id, user name.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// A rule as Prism stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rule {
    /// Prism's id of the rule.
    pub id: String,
    /// Which of the four.
    pub rule_type: RuleType,
    /// Client id in `app_*`, user id in `owner_*`; Prism never checks it.
    pub target_id: String,
    /// Unix seconds.
    #[ts(type = "number | null")]
    pub created_at: Option<i64>,
}

/// A rule somebody wants to add.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct RuleDraft {
    /// Which of the four.
    pub rule_type: RuleType,
    /// Who it names.
    pub target_id: String,
}

/// Whether no allow rule exists, or only the listed pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccessMode {
    /// Everybody not denied passes.
    Open,
    /// Only who is listed and not denied passes.
    AllowList,
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// No rule applies.
    NoRule,
    /// A deny rule names the subject.
    DenyRule,
    /// An allow rule names the subject.
    AllowRule,
    /// Allow rules exist and none names the subject.
    NotListed,
}

/// How many ids of deciding rules a verdict carries: an allow list of a thousand shuts out everybody else.
pub const MAX_RULE_IDS: usize = 20;

/// A decision with the rules behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Verdict {
    /// Whether the subject may.
    pub allowed: bool,
    /// What decided.
    pub decided_by: DecidedBy,
    /// Ids of the rules that decided, at most 20 (for `not_listed`: the allow rules that shut the subject out; drafts have the
    /// id `draft:N`).
    pub rule_ids: Vec<String>,
    /// How many rules decided.
    pub rule_count: u32,
    /// One sentence in the language asked for.
    pub sentence: String,
}

/// What kind of thing a rule's target looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// `prism_…`.
    ClientId,
    /// 32 hex digits: a user id, or the internal id of an app or team.
    HexId,
    /// Neither.
    Other,
}

/// A rule, or a staged one, with what is known about its target.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RuleView {
    /// The rule; staged ones have the id `draft:N`.
    pub rule: Rule,
    /// Name of the consumer or person, where known.
    pub target_name: Option<String>,
    /// What the target looks like.
    pub target_kind: TargetKind,
    /// `kept`, `added` or `removed`.
    pub change: RuleChange,
    /// Wrong kind of target, no effect, contradiction.
    pub problems: Vec<Problem>,
}

/// What the staged changes do to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleChange {
    /// Stays.
    Kept,
    /// Will be added.
    Added,
    /// Will be removed.
    Removed,
}

/// One consumer or person with the decision today and after saving.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Effect {
    /// Client id or user id; `None` for "anybody else".
    pub id: Option<String>,
    /// Name; `None` for "anybody else".
    pub name: Option<String>,
    /// One more word: "confidential", "owner of Standup Bot", "you".
    pub note: String,
    /// Today.
    pub before: Verdict,
    /// After saving.
    pub after: Verdict,
    /// Whether the decision changes.
    pub changed: bool,
    /// Whether this is the identity that would save the change.
    pub is_self: bool,
}
