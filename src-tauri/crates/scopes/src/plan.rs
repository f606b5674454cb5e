//! The import plan: what an import of scope definitions would change.

use crate::catalog::Badge;
use crate::digest;
use crate::import::SourceItem;
use crate::lang::{Lang, list};
use crate::problem::Problem;
use crate::profile::Profile;
use crate::say;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
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

/// Compares a source with the live definitions. Rows come in order of weight: create, update, delete, unchanged, only at
/// Prism; inside a weight in the order of the source, then of the live list.
///
/// A source item without description keeps the stored one: sending none would erase it (contract §3). `delete` names
/// definitions to delete; those the source holds stay.
#[must_use]
pub fn plan(source: &[SourceItem], live: &[Definition], delete: &[String]) -> Vec<PlanRow> {
    let stored: HashMap<&str, &Definition> = live.iter().map(|d| (d.scope.as_str(), d)).collect();
    let wanted: HashSet<&str> = source.iter().map(|item| item.scope.as_str()).collect();
    let delete: HashSet<&str> = delete.iter().map(String::as_str).collect();
    let desired = source.iter().map(|item| desired_row(item, stored.get(item.scope.as_str()).copied()));
    let others = live.iter().filter(|d| !wanted.contains(d.scope.as_str()));
    let mut rows: Vec<PlanRow> =
        desired.chain(others.map(|d| other_row(d, delete.contains(d.scope.as_str())))).collect();
    rows.sort_by_key(|row| row.action);
    rows
}

fn desired_row(item: &SourceItem, stored: Option<&Definition>) -> PlanRow {
    let kept = stored.map(|d| d.description.clone()).unwrap_or_default();
    let description = item.description.clone().unwrap_or(kept);
    let changes = stored.map(|d| differences(d, &item.title, &description)).unwrap_or_default();
    let action = match stored {
        None => Action::Create,
        Some(_) if changes.is_empty() => Action::Unchanged,
        Some(_) => Action::Update,
    };
    PlanRow {
        scope: item.scope.clone(),
        action,
        title: item.title.clone(),
        description,
        changes,
        line: Some(item.line),
    }
}

fn differences(stored: &Definition, title: &str, description: &str) -> Vec<FieldDiff> {
    let fields = [("title", stored.title.as_str(), title), ("description", &stored.description, description)];
    fields
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| FieldDiff {
            field: field.into(),
            before: before.into(),
            after: after.into(),
        })
        .collect()
}

fn other_row(stored: &Definition, delete: bool) -> PlanRow {
    PlanRow {
        scope: stored.scope.clone(),
        action: if delete { Action::Delete } else { Action::OnlyAtPrism },
        title: stored.title.clone(),
        description: stored.description.clone(),
        changes: Vec::new(),
        line: None,
    }
}

/// Remarks on a plan: a scope the provider renamed is created or left behind.
#[must_use]
pub fn remarks(rows: &[PlanRow], profile: &Profile, lang: Lang) -> Vec<Problem> {
    let present = |key: &str| rows.iter().any(|row| row.scope == key && row.action != Action::Delete);
    let renamed =
        profile.scopes.iter().filter(|scope| scope.badges.contains(&Badge::Gone) && present(&scope.key));
    renamed.map(|scope| rename_hint(&scope.key, &scope.replaced_by, &profile.name, lang)).collect()
}

fn rename_hint(old: &str, new: &[String], provider: &str, lang: Lang) -> Problem {
    let names = list(lang, new);
    let mut problem = Problem::note(
        "import.renamed",
        say!(
            lang,
            "In newer versions of {provider} {names} took the place of `{old}`: a token with the old one opens nothing there.",
            "较新的 {provider} 用 {names} 取代了 `{old}`：只带有旧范围的令牌在那里不起作用。"
        ),
    )
    .hinted(say!(lang, "Add {names}.", "添加 {names}。"))
    .hinted(say!(
        lang,
        "Have consumers register it and users consent again, then delete `{old}`.",
        "让消费方注册新范围、用户重新授权，然后删除 `{old}`。"
    ))
    .about(old);
    problem.related.extend(new.iter().cloned());
    problem
}

/// A short text that changes when any definition does; the order does not matter.
#[must_use]
pub fn fingerprint(live: &[Definition]) -> String {
    let mut sorted: Vec<[&str; 3]> =
        live.iter().map(|d| [d.scope.as_str(), d.title.as_str(), d.description.as_str()]).collect();
    sorted.sort_unstable();
    digest::of_parts(sorted.iter().flatten().copied())
}

/// Definitions in the form the importer reads: a JSON array, two-space indent, one line break at the end.
#[must_use]
pub fn export(definitions: &[Definition]) -> String {
    let mut text = crate::text::pretty_json(&definitions);
    text.push('\n');
    text
}
