//! `/api/teams`, session only (contract §1, §2).

use serde_json::{Value, json};

use super::Prism;
use super::apps::new_app;
use super::auth::is_team_admin;
use super::body::Fields;
use super::refusal::{Answer, Refusal};
use super::scopes::TEAM_APP;
use super::state::{State, Team, User};
use crate::wire::{Call, Reply};

impl Prism {
    pub(super) fn list_teams(&self, call: &Call) -> Answer {
        let user = self.by_session(call)?;
        let state = self.read();
        let mut mine: Vec<&Team> =
            state.teams.values().filter(|team| team.members.contains_key(&user.id)).collect();
        mine.sort_by_key(|team| std::cmp::Reverse(team.created_at));
        let shown: Vec<Value> = mine.into_iter().map(|team| listed(team, &user)).collect();
        Ok(Reply::json(200, &json!({ "teams": shown })))
    }

    pub(super) fn read_team(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session(call)?;
        let state = self.read();
        let team = state.team_for(&user, id)?;
        Ok(Reply::json(200, &json!({ "team": show(team, &user), "members": state.members_of(team) })))
    }

    pub(super) fn team_apps(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session(call)?;
        let state = self.read();
        state.team_for(&user, id)?;
        let apps = state.apps_where(|app| app.team_id.as_deref() == Some(id));
        let shown: Vec<Value> = apps.iter().map(|app| app.shown_in_team(false)).collect();
        Ok(Reply::json(200, &json!({ "apps": shown })))
    }

    /// Keeps only a handful of platform scopes of what is asked for (contract §2).
    pub(super) fn create_team_app(&self, call: &Call, id: &str) -> Answer {
        let user = self.by_session(call)?;
        let now = self.clock().now();
        let mut state = self.write();
        state.team_for(&user, id)?;
        if !state.role_in(id, &user.id).is_some_and(is_team_admin) {
            return Err(Refusal::forbidden());
        }
        let fields = Fields::parse(&call.body)?;
        let mut app = new_app(&fields, &user, now)?;
        if let Some(wanted) = fields.list("allowed_scopes")? {
            app.allowed_scopes = wanted.into_iter().filter(|s| TEAM_APP.contains(&s.as_str())).collect();
        }
        app.team_id = Some(id.to_owned());
        let app = state.add_app(app);
        Ok(Reply::json(201, &json!({ "app": app.shown_in_team(true) })))
    }
}

impl State {
    fn team_for(&self, user: &User, id: &str) -> Result<&Team, Refusal> {
        let team = self.teams.get(id).ok_or_else(Refusal::not_found)?;
        if team.members.contains_key(&user.id) { Ok(team) } else { Err(Refusal::not_found()) }
    }

    fn members_of(&self, team: &Team) -> Vec<Value> {
        let mut members: Vec<_> = team.members.iter().collect();
        members.sort_by_key(|(_, member)| (member.joined_at, member.row));
        let show = |(id, member): (&String, &super::state::Member)| {
            let user = self.users.get(id)?;
            Some(json!({
                "user_id": id, "role": member.role, "joined_at": member.joined_at,
                "username": user.username, "display_name": user.display_name,
                "avatar_url": null, "unproxied_avatar_url": null,
            }))
        };
        members.into_iter().filter_map(show).collect()
    }
}

/// A team in the list: the caller's role and whether the membership is shown, in place of `my_role`.
fn listed(team: &Team, user: &User) -> Value {
    let mut shown = show(team, user);
    if let Some(members) = shown.as_object_mut() {
        let role = members.remove("my_role").unwrap_or_default();
        members.insert("role".into(), role);
        members.insert("show_on_profile".into(), Value::Null);
    }
    shown
}

fn show(team: &Team, user: &User) -> Value {
    json!({
        "id": team.id, "name": team.name, "description": team.description, "avatar_url": null,
        "created_at": team.created_at, "updated_at": team.created_at,
        "profile_is_public": 0, "profile_show_description": null, "profile_show_avatar": null,
        "profile_show_owner": null, "profile_show_member_count": null, "profile_show_apps": null,
        "profile_show_domains": null, "profile_show_members": null, "unproxied_avatar_url": null,
        "my_role": team.members.get(&user.id).map(|member| &member.role),
    })
}
