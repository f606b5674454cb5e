//! Reading a source of scope definitions.

use crate::problem::Problem;
use serde::Serialize;
use ts_rs::TS;

/// One definition of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceItem {
    /// Inner scope, trimmed as Prism does.
    pub scope: String,
    /// Title, trimmed.
    pub title: String,
    /// Description, trimmed; `None` when the source has none (Prism would erase a stored one).
    pub description: Option<String>,
    /// Line where the item starts, from 1.
    pub line: u32,
}

/// What a source holds.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Source {
    /// The definitions that can be used.
    pub items: Vec<SourceItem>,
    /// Everything that is wrong, in order of place; a `refused` one blocks the import.
    pub problems: Vec<Problem>,
}
