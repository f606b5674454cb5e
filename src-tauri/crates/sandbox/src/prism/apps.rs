//! `/api/apps` (contract §2).

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::Prism;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::registrable;
use super::state::{App, State, User};
use crate::js;
use crate::random;
use crate::wire::{Call, Reply};

/// Registered scopes of an app that names none.
const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

impl Prism {
    pub(super) fn list_apps(&self, call: &Call) -> Answer {
        let user = self.by_session_or_pat(call, "apps:read")?;
        let state = self.read();
        let mine = state.apps_where(|app| app.owner_id == user.id && app.team_id.is_none());
        let apps: Vec<_> = mine.iter().map(|app| app.shown(false)).collect();
        Ok(Reply::json(200, &json!({ "apps": apps })))
    }

    pub(super) fn create_app(&self, call: &Call) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let fields = Fields::parse(&call.body)?;
        let mut app = new_app(&fields, &user, self.clock().now())?;
        if let Some(wanted) = fields.list("allowed_scopes")? {
            app.allowed_scopes = registrable(wanted);
        }
        if let Some(wanted) = js::present(fields.get("optional_scopes")) {
            app.optional_scopes = within(wanted, &app.allowed_scopes)?;
        }
        let app = self.write().add_app(app);
        Ok(Reply::json(201, &json!({ "app": app.shown(true) })))
    }

    pub(super) fn read_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:read")?;
        let state = self.read();
        let app = state.apps.get(id).ok_or_else(Refusal::not_found)?;
        if !state.may_read(&user, app) {
            return Err(Refusal::forbidden());
        }
        Ok(Reply::json(200, &json!({ "app": app.shown(true) })))
    }

    pub(super) fn change_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let now = self.clock().now();
        let mut state = self.write();
        let app = state.writable_app(&user, id)?;
        let fields = Fields::parse(&call.body)?;
        let mut changed = app.clone();
        describe(&mut changed, &fields)?;
        if fields.on("allowed_scopes") {
            let wanted = fields.list("allowed_scopes")?.unwrap_or_default();
            state.check_owner_rules(app, &wanted, &user)?;
            changed.allowed_scopes = registrable(wanted);
        }
        if let Some(wanted) = fields.get("optional_scopes") {
            changed.optional_scopes = within(wanted, &changed.allowed_scopes)?;
        }
        changed.updated_at = now;
        let reply = Reply::json(200, &json!({ "app": changed.shown(true) }));
        state.apps.insert(changed.id.clone(), changed);
        Ok(reply)
    }

    pub(super) fn delete_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let mut state = self.write();
        state.writable_app(&user, id)?;
        state.remove_app(id);
        Ok(Reply::json(200, &json!({ "message": "App deleted" })))
    }

    pub(super) fn rotate_secret(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session_or_pat(call, "apps:write")?;
        let mut state = self.write();
        state.writable_app(&user, id)?;
        let secret = random::client_secret();
        let now = self.clock().now();
        if let Some(app) = state.apps.get_mut(id) {
            app.client_secret.clone_from(&secret);
            app.updated_at = now;
        }
        Ok(Reply::json(200, &json!({ "client_secret": secret })))
    }
}

impl State {
    /// The apps that pass, newest first.
    pub(super) fn apps_where(&self, pass: impl Fn(&App) -> bool) -> Vec<&App> {
        let mut apps: Vec<&App> = self.apps.values().filter(|app| pass(app)).collect();
        apps.sort_by_key(|app| (Reverse(app.created_at), app.row));
        apps
    }

    /// The app of this internal id, when the person may change it.
    pub(super) fn writable_app(&self, user: &User, id: &str) -> Result<&App, Refusal> {
        let app = self.apps.get(id).ok_or_else(Refusal::not_found)?;
        if self.may_write(user, app) { Ok(app) } else { Err(Refusal::forbidden()) }
    }

    pub(super) fn add_app(&mut self, mut app: App) -> App {
        app.row = self.next_row();
        self.clients.insert(app.client_id.clone(), app.id.clone());
        self.apps.insert(app.id.clone(), app.clone());
        app
    }

    pub(super) fn remove_app(&mut self, id: &str) {
        if let Some(app) = self.apps.remove(id) {
            self.clients.remove(&app.client_id);
            self.drop_grants(|grant| grant.client_id == app.client_id);
            self.consents.retain(|(_, client_id), _| *client_id != app.client_id);
        }
    }
}

/// A new app of this person from the members of a POST.
///
/// # Errors
/// The three 400s of contract §2, or the bare 500 for wrong types.
pub(super) fn new_app(fields: &Fields, owner: &User, now: i64) -> Result<App, Refusal> {
    let name = Some(fields.column("name")).filter(|_| fields.on("name"));
    let name = name.ok_or_else(|| Refusal::new(400, "name is required"))??.unwrap_or_default();
    let redirect_uris = fields.get("redirect_uris").filter(|uris| js::has_length(Some(uris)));
    let redirect_uris =
        redirect_uris.ok_or_else(|| Refusal::new(400, "At least one redirect_uri required"))?;
    let each = each(redirect_uris)?;
    if let Some(bad) = each.iter().find(|uri| url::Url::parse(uri).is_err()) {
        return Err(Refusal::new(400, format!("Invalid redirect_uri: {bad}")));
    }
    Ok(App {
        row: 0,
        id: random::hex_id(),
        client_id: random::client_id(),
        client_secret: random::client_secret(),
        owner_id: owner.id.clone(),
        team_id: None,
        name,
        description: fields.column("description")?.unwrap_or_default(),
        website_url: fields.column("website_url")?,
        icon_url: None,
        redirect_uris: redirect_uris.clone(),
        allowed_scopes: DEFAULT_SCOPES.map(str::to_owned).to_vec(),
        optional_scopes: Vec::new(),
        oidc_fields: js::present(fields.get("oidc_fields")).cloned().unwrap_or_else(|| json!([])),
        is_public: fields.on("is_public"),
        is_active: true,
        use_jwt_tokens: false,
        self_manage: false,
        created_at: now,
        updated_at: now,
        definitions: std::collections::BTreeMap::new(),
        rules: Vec::new(),
    })
}

/// The elements that a loop over a list or a text visits, as texts.
fn each(value: &Value) -> Result<Vec<String>, Refusal> {
    match value {
        Value::Array(items) => Ok(items.iter().map(|item| js::string(Some(item))).collect()),
        Value::String(text) => Ok(text.chars().map(String::from).collect()),
        _ => Err(Refusal::internal()),
    }
}

/// Takes over everything of a PATCH but the scopes; redirect URIs are not validated here.
pub(super) fn describe(app: &mut App, fields: &Fields) -> Result<(), Refusal> {
    if let Some(name) = fields.column("name")? {
        app.name = name;
    }
    if let Some(description) = fields.column("description")? {
        app.description = description;
    }
    if fields.has("website_url") {
        app.website_url = fields.column("website_url")?;
    }
    if fields.on("icon_url") {
        check_icon(&js::string(fields.get("icon_url")))?;
    } else if fields.has("icon_url") {
        app.icon_url = fields.column("icon_url")?;
    }
    let truthy = |key| fields.get(key).filter(|value| js::truthy(Some(value))).cloned();
    app.redirect_uris = truthy("redirect_uris").unwrap_or_else(|| app.redirect_uris.clone());
    app.oidc_fields = truthy("oidc_fields").unwrap_or_else(|| app.oidc_fields.clone());
    app.is_public = fields.flag("is_public").unwrap_or(app.is_public);
    app.use_jwt_tokens = fields.flag("use_jwt_tokens").unwrap_or(app.use_jwt_tokens);
    app.self_manage = fields.flag("allow_self_manage_exported_permissions").unwrap_or(app.self_manage);
    Ok(())
}

/// The server fetches a picture before it keeps its address; nothing can be reached from here.
fn check_icon(address: &str) -> Result<(), Refusal> {
    let why = match url::Url::parse(address) {
        Err(_) => "icon_url: Invalid URL format",
        Ok(address) if address.scheme() != "https" => "icon_url: Image URL must use HTTPS",
        Ok(_) => "icon_url: Could not reach the image URL",
    };
    Err(Refusal::new(400, why))
}

/// The part of `wanted` that is registered; other values than texts are dropped.
fn within(wanted: &Value, allowed: &[String]) -> Result<Vec<String>, Refusal> {
    let wanted = wanted.as_array().ok_or_else(Refusal::internal)?;
    let texts = wanted.iter().filter_map(Value::as_str).map(str::to_owned);
    Ok(texts.filter(|scope| allowed.contains(scope)).collect())
}
