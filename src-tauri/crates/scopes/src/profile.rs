//! What a provider profile can say: a provider's scopes and what is known about them, as data.
//!
//! A profile is one JSON file in `profiles/`, checked against `profiles/profile.schema.json`, which is made from the types
//! of this file. Texts of the console stand in it in both languages; texts the provider itself uses stand verbatim.

use crate::catalog::Badge;
use crate::id::ClientIdForm;
use crate::lang::Text;
use crate::plan::Definition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A provider: a resource server whose scopes other clients may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The schema this file keeps to, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Stable name, also the file's: `glint`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where the facts of this file are from.
    pub source: String,
    /// Stable name of the authorization server's own file, `prism`.
    pub authorization_server: String,
    /// The inner scopes, in the order people see them.
    pub scopes: Vec<ProfileScope>,
    /// Recommended sets of inner scopes.
    pub presets: Vec<ProfilePreset>,
    /// What nearly every consumer needs beside the scopes it wants.
    pub always_with: AlwaysWith,
}

/// An inner scope of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileScope {
    /// Inner scope, e.g. `read_todos`.
    pub key: String,
    /// Title of the definition the provider recommends, verbatim.
    pub title: String,
    /// Description of that definition, verbatim.
    pub description: String,
    /// The same for Chinese readers of the console; never sent anywhere.
    pub zh: TitleAndDescription,
    /// Whether the provider's integration guide lists it.
    #[serde(default)]
    pub in_guide: bool,
    /// What is special about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<Badge>,
    /// Inner scopes to use instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced_by: Vec<String>,
    /// Inner scopes whose checks it passes, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<String>,
}

/// A title with its description in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TitleAndDescription {
    /// A few words.
    pub title: String,
    /// One sentence.
    pub description: String,
}

/// A recommended set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePreset {
    /// Stable name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Inner scopes.
    pub scopes: Vec<String>,
}

/// Scopes without which most calls fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlwaysWith {
    /// The platform scope the provider reads memberships with.
    pub membership: Option<String>,
    /// The inner scope that opens the lists everything else starts from.
    pub base: Option<String>,
    /// The platform scope a server integration needs to go on without its user.
    pub offline: Option<String>,
}

/// An authorization server: its own scopes and what its client ids look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// The schema this file keeps to, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Stable name, also the file's: `prism`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where the facts of this file are from.
    pub source: String,
    /// The form of its client ids.
    pub client_id: ClientIdForm,
    /// Its own scopes, the common ones first.
    pub scopes: Vec<PlatformScope>,
}

/// A scope of the authorization server itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformScope {
    /// The scope, e.g. `teams:read`.
    pub key: String,
    /// Whether it is shown at first.
    #[serde(default)]
    pub common: bool,
    /// A few words.
    pub title: Text,
    /// One sentence; may be left out where the title says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
}

/// Either kind of file, told apart by its fields. This is what the schema describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ProfileFile {
    /// A provider.
    Provider(Profile),
    /// An authorization server.
    Platform(Platform),
}

static GLINT: LazyLock<Profile> = LazyLock::new(|| built_in(include_str!("../profiles/glint.json")));
static PRISM: LazyLock<Platform> = LazyLock::new(|| built_in(include_str!("../profiles/prism.json")));

#[expect(clippy::expect_used, reason = "the file is part of the program and a test reads it")]
fn built_in<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).expect("a built-in profile keeps to its schema")
}

/// The profile of Glint.
#[must_use]
pub fn glint() -> &'static Profile {
    &GLINT
}

/// Prism's own scopes.
#[must_use]
pub fn prism() -> &'static Platform {
    &PRISM
}

impl Profile {
    /// What is known about an inner scope.
    #[must_use]
    pub fn scope(&self, key: &str) -> Option<&ProfileScope> {
        self.scopes.iter().find(|scope| scope.key == key)
    }

    /// The definitions the provider's guide asks its owner to import, in the guide's order.
    #[must_use]
    pub fn guide_definitions(&self) -> Vec<Definition> {
        self.scopes
            .iter()
            .filter(|scope| scope.in_guide)
            .map(|scope| Definition {
                scope: scope.key.clone(),
                title: scope.title.clone(),
                description: scope.description.clone(),
            })
            .collect()
    }
}

/// The text of `profiles/profile.schema.json`: JSON Schema 2020-12, two-space indent, one line break at the end.
#[must_use]
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(ProfileFile)).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_files_are_whole() {
        let known: Vec<&str> = glint().scopes.iter().map(|scope| scope.key.as_str()).collect();
        let named = glint().scopes.iter().flat_map(|s| s.replaced_by.iter().chain(&s.covers));
        for key in named.chain(glint().presets.iter().flat_map(|p| &p.scopes)) {
            assert!(known.contains(&key.as_str()), "{key} is named but not described");
        }
        assert_eq!(known.iter().collect::<std::collections::BTreeSet<_>>().len(), known.len());
        assert_eq!(glint().guide_definitions().len(), 13);
        assert_eq!(prism().scopes.iter().filter(|s| s.common).count(), 5);
        assert_eq!(glint().authorization_server, prism().id);
    }
}
