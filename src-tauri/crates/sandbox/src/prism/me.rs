//! `/api/oauth/me/*`: a PAT or an access token, and one 403 for everything (contract §1, §2).

use serde_json::{Value, json};

use super::Prism;
use super::apps::{describe, new_app};
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::{PLATFORM, is_site};
use super::state::{App, Member, State, User};
use crate::js;
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn me_profile(&self, call: &Call) -> Answer {
        let user = self.by_me(call, "profile")?;
        let mut shown = json!({
            "id": user.id, "username": user.username, "display_name": user.display_name,
            "avatar_url": null, "unproxied_avatar_url": null,
            "role": user.role(), "created_at": user.created_at,
        });
        if let (Ok(_), Some(members)) = (self.by_me(call, "email"), shown.as_object_mut()) {
            members.insert("email".into(), json!(user.email));
            members.insert("email_verified".into(), json!(true));
        }
        Ok(Reply::json(200, &shown))
    }

    pub(super) fn me_teams(&self, call: &Call) -> Answer {
        let user = self.by_me(call, "teams:read")?;
        Ok(Reply::json(200, &json!({ "teams": self.read().teams_of(&user.id) })))
    }

    /// Always a 500 once the caller is let in (contract §10.2).
    pub(super) fn me_apps(&self, call: &Call) -> Answer {
        self.by_me(call, "apps:read")?;
        Err(Refusal::internal())
    }

    pub(super) fn me_team_apps(&self, call: &Call) -> Answer {
        let user = self.by_me(call, "apps:read")?;
        let state = self.read();
        let theirs = state
            .apps_where(|app| app.team_id.as_ref().is_some_and(|t| state.role_in(t, &user.id).is_some()));
        let shown: Vec<Value> = theirs.iter().map(|app| app.shown_in_team(false)).collect();
        Ok(Reply::json(200, &json!({ "apps": shown })))
    }

    pub(super) fn me_create_app(&self, call: &Call) -> Answer {
        let user = self.by_me(call, "apps:write")?;
        let fields = Fields::parse(&call.body)?;
        if fields.on("name") && !js::has_length(fields.get("redirect_uris")) {
            return Err(Refusal::new(400, "redirect_uris is required"));
        }
        let mut app = new_app(&fields, &user, self.clock().now())?;
        if let Some(wanted) = fields.list("allowed_scopes")? {
            app.allowed_scopes = platform_only(wanted);
        }
        let app = self.write().add_app(app);
        Ok(Reply::json(
            201,
            &json!({
                "id": app.id, "client_id": app.client_id, "client_secret": app.client_secret,
                "name": app.name, "description": app.description, "website_url": app.website_url,
                "redirect_uris": app.redirect_uris, "allowed_scopes": app.allowed_scopes,
                "is_public": app.is_public, "created_at": app.created_at,
            }),
        ))
    }

    /// Erases every app scope that was registered, because the list is filtered to platform scopes.
    pub(super) fn me_change_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_me(call, "apps:write")?;
        let now = self.clock().now();
        let mut state = self.write();
        let mut app = state.own_app(&user, id)?.clone();
        let fields = Fields::parse(&call.body)?;
        const KNOWN: [&str; 8] = [
            "name",
            "description",
            "website_url",
            "icon_url",
            "redirect_uris",
            "allowed_scopes",
            "is_public",
            "oidc_fields",
        ];
        if !KNOWN.iter().any(|key| fields.has(key)) {
            return Err(Refusal::new(400, "Nothing to update"));
        }
        describe(&mut app, &fields)?;
        if let Some(wanted) = fields.list("allowed_scopes")? {
            app.allowed_scopes = platform_only(wanted);
        }
        app.updated_at = now;
        let reply = Reply::json(200, &json!({ "app": app.raw_row() }));
        state.apps.insert(app.id.clone(), app);
        Ok(reply)
    }

    pub(super) fn me_delete_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_me(call, "apps:write")?;
        let mut state = self.write();
        state.own_app(&user, id)?;
        state.remove_app(id);
        Ok(Reply::json(200, &json!({ "message": "App deleted" })))
    }

    pub(super) fn me_add_member(&self, call: &Call, team: &str) -> Answer {
        let user = self.by_me(call, "teams:write")?;
        let now = self.clock().now();
        let mut state = self.write();
        if !state.role_in(team, &user.id).is_some_and(super::auth::is_team_admin) {
            return Err(Refusal::forbidden());
        }
        let fields = Fields::parse(&call.body)?;
        let name = fields.trimmed("username")?.unwrap_or_default();
        let role = fields.column("role")?.unwrap_or_else(|| "member".into());
        let joining = state.user_named(&name).ok_or_else(Refusal::not_found)?.id.clone();
        let row = state.next_row();
        let team = state.teams.get_mut(team).ok_or_else(Refusal::not_found)?;
        if team.members.contains_key(&joining) {
            return Err(Refusal::new(409, "User is already a team member"));
        }
        team.members.insert(joining, Member { row, role, joined_at: now });
        Ok(Reply::json(201, &json!({ "message": "Member added" })))
    }
}

impl State {
    /// The app of this internal id, when it is the person's own.
    fn own_app(&self, user: &User, id: &str) -> Result<&App, Refusal> {
        let own = self.apps.get(id).filter(|app| app.owner_id == user.id);
        own.ok_or_else(|| Refusal::new(404, "App not found"))
    }
}

fn platform_only(scopes: Vec<String>) -> Vec<String> {
    scopes.into_iter().filter(|scope| PLATFORM.contains(&scope.as_str()) || is_site(scope)).collect()
}
