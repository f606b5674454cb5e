//! Job 3: access rules and whom they hit.

use scopes::access::{AccessMode, Rule, RuleDraft, Verdict};
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
    /// The rules as they are now.
    pub review: AccessReview,
}
