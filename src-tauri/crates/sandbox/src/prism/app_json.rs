//! The three forms in which an app is shown: full, team list, and raw row (contract §2).

use serde_json::{Map, Value, json};

use super::state::App;

impl App {
    /// The form of `/api/apps`; `secret` adds `client_secret`.
    pub(super) fn shown(&self, secret: bool) -> Value {
        let mut app = self.head();
        put(&mut app, "allowed_scopes", json!(self.allowed_scopes));
        put(&mut app, "optional_scopes", json!(self.optional_scopes));
        put(&mut app, "oidc_fields", json!(self.oidc_fields));
        self.marks(&mut app);
        put(&mut app, "use_jwt_tokens", json!(self.use_jwt_tokens));
        put(&mut app, "allow_self_manage_exported_permissions", json!(self.self_manage));
        self.tail(&mut app, secret);
        Value::Object(app)
    }

    /// The shorter form of `/api/teams/:id/apps`.
    pub(super) fn shown_in_team(&self, secret: bool) -> Value {
        let mut app = self.head();
        put(&mut app, "allowed_scopes", json!(self.allowed_scopes));
        self.marks(&mut app);
        self.tail(&mut app, secret);
        Value::Object(app)
    }

    /// The raw row that `PATCH /api/oauth/me/apps/:id` lets out: lists as JSON text, switches as numbers.
    pub(super) fn raw_row(&self) -> Value {
        let list = |items: &[String]| json!(items).to_string();
        json!({
            "id": self.id, "owner_id": self.owner_id, "name": self.name, "description": self.description,
            "icon_url": self.icon_url, "website_url": self.website_url,
            "client_id": self.client_id, "client_secret": self.client_secret,
            "redirect_uris": self.redirect_uris.to_string(), "allowed_scopes": list(&self.allowed_scopes),
            "is_public": u8::from(self.is_public), "is_active": u8::from(self.is_active), "is_verified": 0,
            "created_at": self.created_at, "updated_at": self.updated_at,
            "is_official": 0, "is_first_party": 0, "team_id": self.team_id,
            "oidc_fields": self.oidc_fields.to_string(), "use_jwt_tokens": u8::from(self.use_jwt_tokens),
            "optional_scopes": list(&self.optional_scopes),
            "allow_self_manage_exported_permissions": u8::from(self.self_manage),
        })
    }

    /// The form at the top of a consent preview.
    pub(super) fn shown_at_consent(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "description": self.description,
            "icon_url": self.icon_url, "unproxied_icon_url": self.icon_url, "website_url": self.website_url,
            "is_verified": false, "is_official": false, "is_first_party": false, "is_public": self.is_public,
        })
    }

    fn head(&self) -> Map<String, Value> {
        let mut app = Map::new();
        put(&mut app, "id", json!(self.id));
        put(&mut app, "name", json!(self.name));
        put(&mut app, "description", json!(self.description));
        put(&mut app, "icon_url", json!(self.icon_url));
        put(&mut app, "unproxied_icon_url", json!(self.icon_url));
        put(&mut app, "website_url", json!(self.website_url));
        put(&mut app, "client_id", json!(self.client_id));
        put(&mut app, "redirect_uris", json!(self.redirect_uris));
        app
    }

    fn marks(&self, app: &mut Map<String, Value>) {
        put(app, "is_public", json!(self.is_public));
        put(app, "is_active", json!(self.is_active));
        for mark in ["is_verified", "is_official", "is_first_party"] {
            put(app, mark, json!(false));
        }
    }

    fn tail(&self, app: &mut Map<String, Value>, secret: bool) {
        put(app, "team_id", json!(self.team_id));
        put(app, "created_at", json!(self.created_at));
        put(app, "updated_at", json!(self.updated_at));
        if secret {
            put(app, "client_secret", json!(self.client_secret));
        }
    }
}

fn put(app: &mut Map<String, Value>, key: &str, value: Value) {
    app.insert(key.to_owned(), value);
}
