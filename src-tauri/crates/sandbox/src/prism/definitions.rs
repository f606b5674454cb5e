//! `/api/apps/:x/scope-definitions`, by internal or client id (contract §3).

use serde_json::{Value, json};

use super::Prism;
use super::auth::basic;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::state::{App, Definition, State};
use crate::random;
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn list_definitions(&self, call: &Call, app: &str) -> Answer {
        let id = self.definitions_of(call, app, false)?;
        let state = self.read();
        let app = state.apps.get(&id).ok_or_else(Refusal::not_found)?;
        let shown: Vec<_> = app.definitions.iter().map(|(scope, d)| show(app, scope, d)).collect();
        Ok(Reply::json(200, &json!({ "definitions": shown })))
    }

    pub(super) fn put_definition(&self, call: &Call, app: &str) -> Answer {
        let id = self.definitions_of(call, app, true)?;
        let fields = Fields::parse(&call.body)?;
        let (scope, title) = names(&fields)?;
        let description = fields.trimmed("description")?.unwrap_or_default();
        let now = self.clock().now();
        let mut state = self.write();
        let app = state.apps.get_mut(&id).ok_or_else(Refusal::not_found)?;
        let definition = app.definitions.entry(scope.clone()).or_insert_with(|| Definition {
            id: random::hex_id(),
            title: String::new(),
            description: String::new(),
            created_at: now,
            updated_at: now,
        });
        definition.title = title;
        definition.description = description;
        definition.updated_at = now;
        let definition = definition.clone();
        Ok(Reply::json(201, &json!({ "definition": show(app, &scope, &definition) })))
    }

    pub(super) fn change_definition(&self, call: &Call, app: &str, definition_id: &str) -> Answer {
        let id = self.definitions_of(call, app, true)?;
        let now = self.clock().now();
        let mut state = self.write();
        let app = state.apps.get_mut(&id).ok_or_else(Refusal::not_found)?;
        let found = app.definitions.iter_mut().find(|(_, d)| d.id == definition_id);
        let (scope, definition) = found.ok_or_else(Refusal::not_found)?;
        let fields = Fields::parse(&call.body)?;
        let (title, description) = (fields.trimmed("title")?, fields.trimmed("description")?);
        definition.title = title.unwrap_or_else(|| definition.title.clone());
        definition.description = description.unwrap_or_else(|| definition.description.clone());
        definition.updated_at = now;
        let (scope, definition) = (scope.clone(), definition.clone());
        Ok(Reply::json(200, &json!({ "definition": show(app, &scope, &definition) })))
    }

    pub(super) fn delete_definition(&self, call: &Call, app: &str, definition_id: &str) -> Answer {
        let id = self.definitions_of(call, app, true)?;
        if let Some(app) = self.write().apps.get_mut(&id) {
            app.definitions.retain(|_, d| d.id != definition_id);
        }
        Ok(Reply::json(200, &json!({ "message": "Deleted" })))
    }

    /// The internal id of the app whose definitions the caller may read or write.
    fn definitions_of(&self, call: &Call, app: &str, write: bool) -> Result<String, Refusal> {
        if let Some(credentials) = basic(call) {
            return credentials
                .and_then(|(id, secret)| self.read().self_managed(app, &id, &secret?))
                .ok_or_else(Refusal::unauthorized);
        }
        let user = self.by_session_or_pat(call, if write { "apps:write" } else { "apps:read" })?;
        let state = self.read();
        let app = state.app_of_either_id(app).ok_or_else(Refusal::not_found)?;
        let allowed = if write { state.may_write(&user, app) } else { state.may_read(&user, app) };
        if allowed { Ok(app.id.clone()) } else { Err(Refusal::forbidden()) }
    }
}

impl State {
    fn app_of_either_id(&self, id: &str) -> Option<&App> {
        self.apps.get(id).or_else(|| self.client(id))
    }

    /// The app that may manage its own definitions with these client credentials.
    fn self_managed(&self, app: &str, client_id: &str, secret: &str) -> Option<String> {
        let app = self.app_of_either_id(app)?;
        let itself = app.client_id == client_id && app.client_secret == secret;
        (itself && app.is_active && !app.is_public && app.self_manage).then(|| app.id.clone())
    }
}

/// The scope and title of a POST, trimmed.
fn names(fields: &Fields) -> Result<(String, String), Refusal> {
    let scope = fields.trimmed("scope")?.filter(|s| !s.is_empty());
    let scope = scope.ok_or_else(|| Refusal::new(400, "scope is required"))?;
    let title = fields.trimmed("title")?.filter(|s| !s.is_empty());
    let title = title.ok_or_else(|| Refusal::new(400, "title is required"))?;
    if !scope.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) {
        let text = "scope must be an alphanumeric identifier (a-z, 0-9, _, -, .)";
        return Err(Refusal::new(400, text));
    }
    Ok((scope, title))
}

fn show(app: &App, scope: &str, definition: &Definition) -> Value {
    json!({
        "id": definition.id, "app_id": app.id, "scope": scope,
        "title": definition.title, "description": definition.description,
        "created_at": definition.created_at, "updated_at": definition.updated_at,
    })
}
