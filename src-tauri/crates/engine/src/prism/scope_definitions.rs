//! `/api/apps/:x/scope-definitions`, where `:x` is the internal id or the client id (contract §3).

use crate::ask::Ask;
use scopes::plan::Definition;
use serde::Deserialize;
use serde_json::{Value, json};

/// A definition as stored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Stored {
    /// Prism's id of the definition.
    pub(crate) id: String,
    /// Internal id of the provider.
    pub(crate) app_id: String,
    /// Inner scope.
    pub(crate) scope: String,
    /// Title.
    pub(crate) title: String,
    /// Description; `""` for none.
    #[serde(default)]
    pub(crate) description: Option<String>,
}

impl Stored {
    /// Without Prism's ids.
    pub(crate) fn plain(&self) -> Definition {
        Definition {
            scope: self.scope.clone(),
            title: self.title.clone(),
            description: self.description.clone().unwrap_or_default(),
        }
    }
}

/// `{"definitions":[…]}`, ordered by scope.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Definitions {
    /// The list.
    pub(crate) definitions: Vec<Stored>,
}

/// All definitions.
pub(crate) fn list(app: &str) -> Ask<Definitions> {
    Ask::get(["api", "apps", app, "scope-definitions"])
}

/// Creates, or updates in place; 201 for both. An omitted description erases a stored one, so whole objects are sent.
/// What was stored is read back, not taken from the answer.
pub(crate) fn save(app: &str, definition: &Definition) -> Ask<Value> {
    Ask::new("POST", ["api", "apps", app, "scope-definitions"]).json(json!({
        "scope": definition.scope,
        "title": definition.title,
        "description": definition.description,
    }))
}

/// Deletes; 200 also when there was nothing to delete.
pub(crate) fn delete(app: &str, id: &str) -> Ask<Value> {
    Ask::new("DELETE", ["api", "apps", app, "scope-definitions", id])
}
