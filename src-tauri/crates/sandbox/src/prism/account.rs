//! Setting up, registering, signing in and out (contract §1).

use serde_json::{Value, json};

use super::Prism;
use super::auth::bearer;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::state::{State, User};
use crate::js;
use crate::random;
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn init_status(&self) -> Answer {
        Ok(Reply::json(200, &json!({ "initialized": !self.read().users.is_empty() })))
    }

    /// The first account becomes the site administrator.
    pub(super) fn init(&self, call: &Call) -> Answer {
        let now = self.clock().now();
        let mut state = self.write();
        if !state.users.is_empty() {
            return Err(Refusal::new(409, "Platform already initialized"));
        }
        let user = state.enroll(&Fields::parse(&call.body)?, true, now)?;
        drop(state);
        let shown =
            json!({ "id": user.id, "email": user.email, "username": user.username, "role": user.role() });
        Ok(Reply::json(201, &json!({ "token": self.sign_in(&user), "user": shown })))
    }

    pub(super) fn register(&self, call: &Call) -> Answer {
        let now = self.clock().now();
        let mut state = self.write();
        if !state.registrations.admit(now) {
            return Err(Refusal::new(429, "Too many requests"));
        }
        let user = state.enroll(&Fields::parse(&call.body)?, false, now)?;
        drop(state);
        Ok(Reply::json(201, &json!({ "token": self.sign_in(&user), "user": user.shown() })))
    }

    pub(super) fn login(&self, call: &Call) -> Answer {
        let now = self.clock().now();
        if !self.write().logins.admit(now) {
            return Err(Refusal::new(429, "Too many requests"));
        }
        let fields = Fields::parse(&call.body)?;
        let name = fields.get("identifier").and_then(Value::as_str).ok_or_else(Refusal::internal)?;
        let user = self.recognise(name, &js::string(fields.get("password")))?;
        Ok(Reply::json(200, &json!({ "token": self.sign_in(&user), "user": user.shown() })))
    }

    pub(super) fn logout(&self, call: &Call) -> Answer {
        self.by_session(call)?;
        if let Some(token) = bearer(call).or_else(|| call.text_header("x-session-token")) {
            self.write().close_session(token);
        }
        Ok(Reply::json(200, &json!({ "message": "Logged out" })))
    }

    /// The person with this name or address and password.
    pub(super) fn recognise(&self, name: &str, password: &str) -> Result<User, Refusal> {
        let state = self.read();
        let wrong = || Refusal::new(401, "Invalid credentials");
        let user = state.user_typed(name).ok_or_else(wrong)?;
        if !user.is_active {
            return Err(Refusal::new(403, "Account is disabled"));
        }
        if user.password == password { Ok(user.clone()) } else { Err(wrong()) }
    }

    pub(super) fn user_me(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let mut shown = user.shown();
        if let Some(members) = shown.as_object_mut() {
            for key in ["alt_email_login", "access_token_ttl_minutes", "refresh_token_ttl_days"] {
                members.insert(key.into(), Value::Null);
            }
            members.insert("profile_is_public".into(), json!(user.profile_is_public));
            for part in PROFILE_SWITCHES {
                members.insert(format!("profile_show_{part}"), Value::Null);
            }
            for (key, value) in [
                ("profile_readme", Value::Null),
                ("profile_readme_updated_at", Value::Null),
                ("profile_readme_source", json!("manual")),
                ("profile_readme_source_meta", Value::Null),
                ("profile_readme_synced_at", Value::Null),
                ("github_readme_token_set", json!(false)),
                ("created_at", json!(user.created_at)),
            ] {
                members.insert(key.into(), value);
            }
        }
        Ok(Reply::json(
            200,
            &json!({
                "user": shown, "totp_enabled": false, "passkey_count": 0,
                "site_access_token_ttl_minutes": 60, "site_refresh_token_ttl_days": 30,
            }),
        ))
    }

    /// A public profile, or one's own; everybody else's is a 404.
    pub(super) fn user_profile(&self, call: &Call, name: &str) -> Answer {
        let viewer = self.by_session(call).ok();
        let state = self.read();
        let name = name.to_lowercase();
        let user = state
            .users
            .values()
            .find(|user| user.username == name && user.is_active)
            .filter(|user| user.profile_is_public || viewer.as_ref().is_some_and(|v| v.id == user.id))
            .ok_or_else(Refusal::not_found)?;
        let owned = state.apps_where(|app| app.owner_id == user.id && app.team_id.is_none());
        let app = |app: &&super::state::App| {
            json!({
                "id": app.id, "client_id": app.client_id, "name": app.name, "description": app.description,
                "icon_url": app.icon_url, "website_url": app.website_url, "created_at": app.created_at,
            })
        };
        let profile = json!({
            "username": user.username, "display_name": user.display_name, "avatar_url": null,
            "unproxied_avatar_url": null, "email": null, "joined_at": user.created_at, "gpg_keys": [],
            "authorized_apps": null, "owned_apps": owned.iter().map(app).collect::<Vec<_>>(), "domains": [],
            "joined_teams": null, "readme": null, "readme_updated_at": null, "readme_source": "manual",
        });
        Ok(Reply::json(200, &json!({ "profile": profile })))
    }
}

/// The parts of a profile that can be shown or hidden.
const PROFILE_SWITCHES: [&str; 10] = [
    "display_name",
    "avatar",
    "email",
    "joined_at",
    "gpg_keys",
    "authorized_apps",
    "owned_apps",
    "domains",
    "joined_teams",
    "readme",
];

impl State {
    fn enroll(&mut self, fields: &Fields, first: bool, now: i64) -> Result<User, Refusal> {
        if !["email", "username", "password"].iter().all(|key| fields.on(key)) {
            return Err(Refusal::new(400, "email, username and password are required"));
        }
        let short = match fields.get("password") {
            Some(Value::String(text)) => text.encode_utf16().count() < 8,
            Some(Value::Array(items)) => items.len() < 8,
            _ => false,
        };
        if short {
            return Err(Refusal::new(400, "Password must be at least 8 characters"));
        }
        let sent = |key| js::string(fields.get(key));
        let named = (2..=32).contains(&sent("username").len())
            && sent("username").bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        if !first && !named {
            return Err(Refusal::new(400, "Username must be 2-32 alphanumeric characters"));
        }
        let kept = |key| {
            let text = fields.get(key).and_then(Value::as_str).map(str::to_lowercase);
            text.map(|text| js::trim(&text).to_owned()).ok_or_else(Refusal::internal)
        };
        let (email, username, password) = (kept("email")?, kept("username")?, sent("password"));
        if self.users.values().any(|user| user.email == email || user.username == username) {
            return Err(Refusal::new(409, "Email or username already taken"));
        }
        let user = User {
            id: random::hex_id(),
            display_name: fields.column("display_name")?.unwrap_or_else(|| sent("username")),
            username,
            email,
            password,
            is_site_admin: first,
            is_active: true,
            profile_is_public: false,
            created_at: now,
        };
        self.users.insert(user.id.clone(), user.clone());
        Ok(user)
    }
}

impl User {
    fn shown(&self) -> Value {
        json!({
            "id": self.id, "email": self.email, "username": self.username,
            "display_name": self.display_name, "avatar_url": null, "unproxied_avatar_url": null,
            "role": self.role(), "email_verified": true,
        })
    }
}
