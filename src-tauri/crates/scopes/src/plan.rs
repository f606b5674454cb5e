//! The import plan: what an import of scope definitions would change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A definition as Prism stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Definition {
    /// Inner scope.
    pub scope: String,
    /// What the consent page says.
    pub title: String,
    /// The second line on the consent page; Prism stores `""` for none.
    #[serde(default)]
    pub description: String,
}

/// What an import does with one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Not at Prism yet.
    Create,
    /// At Prism with other texts.
    Update,
    /// At Prism but not in the source, and switched to be deleted.
    Delete,
    /// Equal at both.
    Unchanged,
    /// At Prism but not in the source; left alone.
    OnlyAtPrism,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldDiff {
    /// `title` or `description`.
    pub field: String,
    /// At Prism now.
    pub before: String,
    /// In the source.
    pub after: String,
}

/// One line of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRow {
    /// Inner scope.
    pub scope: String,
    /// What happens to it.
    pub action: Action,
    /// Title after the import.
    pub title: String,
    /// Description after the import.
    pub description: String,
    /// What differs, for an update.
    pub changes: Vec<FieldDiff>,
    /// Line of the source, from 1.
    pub line: Option<u32>,
}

/// Where a row stands while the plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Its turn has not come.
    Waiting,
    /// The request is under way.
    Sending,
    /// Sent, and being read back.
    ReadingBack,
    /// Read back and equal.
    Verified,
    /// Refused by the server or by us.
    Refused,
    /// Not sent, because the person stopped or an earlier step failed.
    NotSent,
    /// The request was sent, and what became of it is not known.
    Unknown,
}
