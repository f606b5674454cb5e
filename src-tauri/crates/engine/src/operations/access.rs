//! Job 3: access rules and whom they hit.

use scopes::access::{AccessMode, RuleDraft};
pub use scopes::access::{Effect, RuleChange, RuleView, TargetKind};
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Reads the rules and judges everybody known; with staged changes it judges before and after. Sends nothing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReviewAccess {
    /// Connection handle.
    pub connection: String,
    /// Rules to be added.
    #[serde(default)]
    pub add: Vec<RuleDraft>,
    /// Ids of rules to be removed.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Client IDs to judge although no consumer of this ID can be read.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub consumers: Vec<String>,
    /// User IDs to judge although no person of this ID is known.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub people: Vec<String>,
}

/// The rules with their effect.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AccessReview {
    /// All rules, staged ones marked, `app_*` first.
    pub rules: Vec<RuleView>,
    /// Who may request: every known consumer, then anybody else.
    pub consumers: Vec<Effect>,
    /// Who may register: every known person, then anybody else.
    pub people: Vec<Effect>,
    /// Mode for consumers today.
    pub app_mode: AccessMode,
    /// Mode for consumers after saving.
    pub app_mode_after: AccessMode,
    /// Mode for people today.
    pub owner_mode: AccessMode,
    /// Mode for people after saving.
    pub owner_mode_after: AccessMode,
    /// Lockouts and other consequences, heaviest first.
    pub warnings: Vec<Problem>,
    /// What saving will not do (live tokens go on, registered scopes stay, POST is unchecked).
    pub limits: Vec<String>,
    /// Why the change cannot be saved, if so.
    pub blocked: Option<Problem>,
    /// Fingerprint of the live rules; saving refuses when they moved.
    pub base: String,
    /// The identity that reads and writes, in words.
    pub acts_as: Option<String>,
}

/// Saves staged rule changes: adds, removes, reads back. Reports [`RuleProgress`] while it runs.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ApplyRules {
    /// Connection handle.
    pub connection: String,
    /// Rules to be added.
    #[serde(default)]
    pub add: Vec<RuleDraft>,
    /// Ids of rules to be removed.
    #[serde(default)]
    pub remove: Vec<String>,
    /// `base` of the review that was looked at.
    pub base: String,
}

/// One step of [`ApplyRules`].
#[derive(Debug, Clone, Serialize, TS)]
pub struct RuleProgress {
    /// The rule.
    pub draft: RuleDraft,
    /// Whether it is added or removed.
    pub change: RuleChange,
    /// Where it stands.
    pub state: scopes::plan::RowState,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

/// What became of the change.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RulesResult {
    /// Every change with its final state.
    pub rows: Vec<RuleProgress>,
    /// One sentence: what is done and what is not.
    pub summary: String,
    /// Why the rest was not sent, if so.
    pub halted: Option<Problem>,
    /// The rules as they are now.
    pub review: AccessReview,
}
