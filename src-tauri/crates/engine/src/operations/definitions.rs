//! Job 2: scope definitions, planned before they are sent and read back afterwards.

use scopes::import::SourceFix;
use scopes::plan::{Action, Definition, PlanRow, RowState};
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Compares a source with the provider's live definitions. An empty text lists what is there.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PlanImport {
    /// Connection handle.
    pub connection: String,
    /// Source text: JSON array, or `{"definitions":[…]}`.
    pub text: String,
    /// Inner scopes to delete that the source does not hold.
    #[serde(default)]
    pub delete: Vec<String>,
}

/// How many rows of each action.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct PlanCounts {
    /// To be created.
    pub create: u32,
    /// To be updated.
    pub update: u32,
    /// To be deleted.
    pub delete: u32,
    /// Equal.
    pub unchanged: u32,
    /// Only at Prism.
    pub only_at_prism: u32,
}

/// What an import would do.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportPlan {
    /// Rows in order of weight: create, update, delete, unchanged, only at Prism.
    pub rows: Vec<PlanRow>,
    /// Rows of each action.
    pub counts: PlanCounts,
    /// What is wrong with the source, in order of place.
    pub problems: Vec<Problem>,
    /// Edits of the source that settle one of these problems.
    pub fixes: Vec<SourceFix>,
    /// Why nothing may be applied, if so.
    pub blocked: Option<Problem>,
    /// Fingerprint of the live definitions the plan was made against; applying refuses when they moved.
    pub base: String,
    /// How many definitions the source holds.
    pub source_count: u32,
    /// The identity that reads and writes, in words.
    pub acts_as: Option<String>,
}

/// Applies a plan: one request per changed row, then everything is read back.
///
/// Reports [`RowProgress`] values while it runs.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ApplyImport {
    /// Connection handle.
    pub connection: String,
    /// The same source text the plan was made from.
    pub text: String,
    /// Inner scopes to delete.
    #[serde(default)]
    pub delete: Vec<String>,
    /// `base` of the plan that was looked at.
    pub base: String,
}

/// One step of progress, and one row of the result.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RowProgress {
    /// Inner scope.
    pub scope: String,
    /// What is done to it.
    pub action: Action,
    /// Where it stands.
    pub state: RowState,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

/// What became of an import.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportResult {
    /// Every row that was to be changed, with its final state.
    pub rows: Vec<RowProgress>,
    /// How many were verified by reading back.
    pub verified: u32,
    /// How many were refused.
    pub refused: u32,
    /// How many were not sent.
    pub not_sent: u32,
    /// How many were sent with an unknown result: no answer came, and reading back did not show them.
    pub unclear: u32,
    /// Whether it was stopped before everything was sent, by the person or by the governor.
    pub stopped: bool,
    /// Why the rest was not sent, if so.
    pub halted: Option<Problem>,
    /// One sentence: what is done and what is not.
    pub summary: String,
    /// The plan against the definitions as they are now.
    pub plan: ImportPlan,
}

/// Creates or updates one definition, read back.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveDefinition {
    /// Connection handle.
    pub connection: String,
    /// The definition as it shall be.
    pub definition: Definition,
}

/// Deletes one definition, read back.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DeleteDefinition {
    /// Connection handle.
    pub connection: String,
    /// Inner scope.
    pub scope: String,
}

/// The definitions after a single change.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Definitions {
    /// All definitions at Prism, ordered by scope.
    pub definitions: Vec<Definition>,
    /// The identity that did it, in words.
    pub acts_as: Option<String>,
}

/// Checks one definition without sending it: what Prism would refuse, field by field (`related` names the field).
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CheckDefinition {
    /// The definition as typed.
    pub definition: Definition,
}

/// The answer of [`CheckDefinition`].
#[derive(Debug, Clone, Serialize, TS)]
pub struct DefinitionCheck {
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Prints the live definitions in the form the importer reads.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportDefinitions {
    /// Connection handle; `None` exports the profile's built-in definitions (those of the guide).
    pub connection: Option<String>,
}

/// A text to save or print.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TextFile {
    /// Suggested file name.
    pub name: String,
    /// Content.
    pub text: String,
}
