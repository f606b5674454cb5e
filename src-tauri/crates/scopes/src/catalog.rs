//! The catalogue: a provider's known scopes merged with what its server says.

use crate::lang::Lang;
use crate::plan::Definition;
use crate::problem::Problem;
use crate::profile::{PlatformScope, Profile, ProfileScope, prism};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the profile knows about a scope beside its texts. A word, a shape and a colour each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// Broad old scope; more specific ones exist.
    Legacy,
    /// Only newer versions of the provider know it.
    Newer,
    /// Newer versions of the provider no longer know it.
    Gone,
    /// Opens everything but a few routes.
    Bundle,
}

/// One line of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CatalogScope {
    /// Platform scope (`teams:read`) or inner scope (`read_todos`).
    pub key: String,
    /// Title: Prism's definition where there is one, else the profile's, in the language asked for where it is ours.
    pub title: String,
    /// What it allows.
    pub description: String,
    /// Whether it is one of Prism's own scopes.
    pub platform: bool,
    /// Shown at first, or only on demand (less used platform scopes).
    pub common: bool,
    /// What the profile knows beside.
    pub badges: Vec<Badge>,
    /// The scope to use instead, for `gone` and `legacy`.
    pub replaced_by: Vec<String>,
    /// Whether the provider's integration guide lists it.
    pub in_guide: bool,
    /// Whether a definition exists at Prism; `None` when that could not be read, and for platform scopes.
    pub defined: Option<bool>,
}

/// A recommended set of inner scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Preset {
    /// Stable name: `read_only`, `write`, `full_automation`.
    pub name: String,
    /// Its title in the language asked for.
    pub title: String,
    /// Inner scopes.
    pub scopes: Vec<String>,
}

/// How a line of the built list relates to the list it is merged into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// There before and kept.
    Kept,
    /// New.
    Added,
    /// Nothing to compare with.
    Plain,
}

/// One entry of the built list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BuiltLine {
    /// Full scope as Prism stores it.
    pub scope: String,
    /// New, kept, or without comparison.
    pub state: LineState,
}

/// A remark on the built list with, where possible, the ticks that cure it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Lint {
    /// Code, sentence, consequence.
    pub problem: Problem,
    /// Label of the button, e.g. "Add it"; `None` when nothing can be ticked.
    pub fix_label: Option<String>,
    /// Keys to tick.
    pub tick: Vec<String>,
    /// Keys to untick.
    pub untick: Vec<String>,
}

/// The built `allowed_scopes`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BuiltScopes {
    /// The list in its final order.
    pub lines: Vec<BuiltLine>,
    /// JSON as Prism's import dialog takes it: two-space indent, no trailing line break.
    pub json: String,
    /// The same, as the `scope` parameter of an authorization request: separated by one space.
    pub scope_string: String,
    /// How many scopes.
    pub count: u32,
    /// What is wrong with the client id; the JSON is empty text then, if app scopes are ticked.
    pub client_id_problem: Option<Problem>,
    /// What is wrong with the pasted list; the built list is then the ticked one alone.
    pub merge_problem: Option<Problem>,
    /// Remarks with one-click cure.
    pub lints: Vec<Lint>,
}

/// Merges what a profile knows with what Prism really holds: platform scopes, then the profile's scopes in its order,
/// then scopes that are defined at Prism only. `live` is `None` when the definitions could not be read.
#[must_use]
pub fn merge(profile: &Profile, live: Option<&[Definition]>, lang: Lang) -> Vec<CatalogScope> {
    let platform = prism().scopes.iter().map(|scope| platform_line(scope, lang));
    let known = profile.scopes.iter().map(|scope| inner_line(scope, live, lang));
    let unknown =
        live.unwrap_or_default().iter().filter(|d| profile.scope(&d.scope).is_none()).map(live_line);
    platform.chain(known).chain(unknown).collect()
}

/// The recommended sets of a profile.
#[must_use]
pub fn presets(profile: &Profile, lang: Lang) -> Vec<Preset> {
    let preset = |p: &crate::profile::ProfilePreset| Preset {
        name: p.name.clone(),
        title: p.title.get(lang).to_owned(),
        scopes: p.scopes.clone(),
    };
    profile.presets.iter().map(preset).collect()
}

fn platform_line(scope: &PlatformScope, lang: Lang) -> CatalogScope {
    CatalogScope {
        key: scope.key.clone(),
        title: scope.title.get(lang).to_owned(),
        description: scope.description.as_ref().map(|text| text.get(lang).to_owned()).unwrap_or_default(),
        platform: true,
        common: scope.common,
        badges: Vec::new(),
        replaced_by: Vec::new(),
        in_guide: scope.common,
        defined: None,
    }
}

fn inner_line(scope: &ProfileScope, live: Option<&[Definition]>, lang: Lang) -> CatalogScope {
    let definition = live.and_then(|live| live.iter().find(|d| d.scope == scope.key));
    let (title, description) = match (definition, lang) {
        (Some(definition), _) => (definition.title.as_str(), definition.description.as_str()),
        (None, Lang::En) => (scope.title.as_str(), scope.description.as_str()),
        (None, Lang::Zh) => (scope.zh.title.as_str(), scope.zh.description.as_str()),
    };
    CatalogScope {
        key: scope.key.clone(),
        title: title.to_owned(),
        description: description.to_owned(),
        platform: false,
        common: true,
        badges: scope.badges.clone(),
        replaced_by: scope.replaced_by.clone(),
        in_guide: scope.in_guide,
        defined: live.map(|_| definition.is_some()),
    }
}

fn live_line(definition: &Definition) -> CatalogScope {
    CatalogScope {
        key: definition.scope.clone(),
        title: definition.title.clone(),
        description: definition.description.clone(),
        platform: false,
        common: true,
        badges: Vec::new(),
        replaced_by: Vec::new(),
        in_guide: false,
        defined: Some(true),
    }
}
