//! Texts of many calls: opened once, told in rows, explained call by call.

use super::calls::Subject;
use scopes::diagnosis::Certainty;
use scopes::diagnosis::groups::Standing;
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Reads a text and says of each of its calls why it was answered so, in a row; nothing is sent. The text is held until
/// it is closed or others are opened.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct OpenText {
    /// As `diagnose_text` takes it.
    pub text: String,
    /// How to read it; `None` finds out.
    pub format: Option<String>,
    /// Verb of the call, where the text does not say.
    pub method: Option<String>,
    /// URL or path of the call, where the text does not say.
    pub url: Option<String>,
    /// Status of the answer, where the text does not say.
    pub status: Option<u16>,
}

/// One call in a row: what lists, groups and filters need of it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallRow {
    /// Index in the text, from 0.
    pub index: u32,
    /// Verb.
    pub method: String,
    /// URL, secrets replaced.
    pub url: String,
    /// Status of the call; 0 when no answer came.
    pub status: u16,
    /// Reason code.
    pub cause: String,
    /// How sure.
    pub certainty: Certainty,
    /// Whether it was refused.
    pub standing: Standing,
    /// Id of the provider's route.
    pub route: Option<String>,
    /// Id of the client the token was issued to.
    pub consumer: Option<String>,
    /// Id of the user the token acts for.
    pub person: Option<String>,
}

/// What people call what the rows name by codes and ids.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct Titles {
    /// By reason code.
    pub cause: BTreeMap<String, String>,
    /// By client id, where the evidence or the console knows a name.
    pub consumer: BTreeMap<String, String>,
    /// By route id.
    pub route: BTreeMap<String, String>,
    /// By user id, where the evidence or the console knows a name.
    pub person: BTreeMap<String, String>,
}

/// A text that is held.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OpenedText {
    /// By this name `explain_entry` finds it.
    pub text: String,
    /// Every call that is not evidence, in the order of the text; the one call, where the text is a capsule.
    pub rows: Vec<CallRow>,
    /// Names for them.
    pub titles: Titles,
    /// The first of them, explained.
    pub first: Option<Subject>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// How far the rows are.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TextStep {
    /// Calls whose reason is found.
    pub done: u32,
    /// Calls in all.
    pub total: u32,
}

/// Explains one call of a text that is held.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExplainEntry {
    /// Name of the text.
    pub text: String,
    /// Index of the call in it, from 0.
    pub entry: u32,
}

/// Lets go of a text; one that is no longer held is no problem.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CloseText {
    /// Name of the text.
    pub text: String,
}
