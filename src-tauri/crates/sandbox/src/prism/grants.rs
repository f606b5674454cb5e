//! Token pairs: what introspection, `/me/teams` and userinfo say about them (contract §6).

use serde_json::{Map, Value, json};

use super::state::{Grant, State, User};
use super::{Introspection, MyTeam};

impl State {
    /// The grant behind a live access token.
    pub(super) fn live_grant(&self, token: &str, now: i64) -> Option<&Grant> {
        let grant = self.by_access.get(token).and_then(|id| self.grants.get(id))?;
        (grant.expires_at > now).then_some(grant)
    }

    pub(super) fn introspect(&self, token: &str, now: i64) -> Option<Introspection> {
        self.live_grant(token, now).map(|grant| Introspection {
            active: true,
            scope: grant.scopes.join(" "),
            client_id: grant.client_id.clone(),
            username: grant.user_id.clone(),
            exp: grant.expires_at,
            iat: grant.created_at,
            sub: grant.user_id.clone(),
        })
    }

    /// The person a bearer of `/api/oauth/me/*` acts for: an access token or a PAT with the scope, of a live account.
    pub(super) fn me(&self, token: &str, scope: &str, now: i64) -> Option<&User> {
        let (user_id, scopes) = match self.pats.get(token) {
            Some(pat) if pat.expires_at.is_none_or(|end| end > now) => (&pat.user_id, &pat.scopes),
            Some(_) => return None,
            None => self.live_grant(token, now).map(|grant| (&grant.user_id, &grant.scopes))?,
        };
        scopes.iter().any(|s| s == scope).then(|| self.users.get(user_id).filter(|u| u.is_active)).flatten()
    }

    pub(super) fn my_teams(&self, token: &str, now: i64) -> Option<Vec<MyTeam>> {
        let user = self.me(token, "teams:read", now)?;
        Some(self.teams_of(&user.id))
    }

    /// The memberships of a person, the latest first.
    pub(super) fn teams_of(&self, user_id: &str) -> Vec<MyTeam> {
        let entry = |team: &super::state::Team| {
            team.members.get(user_id).map(|member| MyTeam {
                id: team.id.clone(),
                name: team.name.clone(),
                description: team.description.clone(),
                avatar_url: None,
                created_at: team.created_at,
                role: member.role.clone(),
                joined_at: member.joined_at,
                unproxied_avatar_url: None,
            })
        };
        let mut memberships: Vec<MyTeam> = self.teams.values().filter_map(entry).collect();
        memberships.sort_by_key(|team| std::cmp::Reverse(team.joined_at));
        memberships
    }

    pub(super) fn userinfo(&self, token: &str, now: i64) -> Option<Map<String, Value>> {
        let grant = self.live_grant(token, now)?;
        let user = self.users.get(&grant.user_id)?;
        Some(self.claims(user, &grant.scopes))
    }

    /// The claims about a person that these scopes open.
    pub(super) fn claims(&self, user: &User, scopes: &[String]) -> Map<String, Value> {
        let has = |scope: &str| scopes.iter().any(|s| s == scope);
        let mut claims = Map::new();
        claims.insert("sub".into(), json!(user.id));
        claims.insert("role".into(), json!(user.role()));
        if has("profile") {
            claims.insert("name".into(), json!(user.display_name));
            claims.insert("preferred_username".into(), json!(user.username));
            claims.insert("picture".into(), Value::Null);
        }
        if has("email") {
            claims.insert("email".into(), json!(user.email));
            claims.insert("email_verified".into(), json!(true));
        }
        if has("teams:read") {
            for team in self.teams_of(&user.id) {
                claims.insert(format!("in_team_{}", team.id), json!(true));
                claims.insert(format!("role_in_team_{}", team.id), json!(team.role));
            }
        }
        claims
    }
}

impl User {
    /// The site-wide role as the server spells it.
    pub(super) fn role(&self) -> &'static str {
        if self.is_site_admin { "admin" } else { "user" }
    }
}
