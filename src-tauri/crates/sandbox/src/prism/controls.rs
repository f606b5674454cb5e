//! What the admin controls may change at Prism without a credential.

use super::Prism;
use super::state::Member;

impl Prism {
    /// Switches an account, by user name or id; false when there is none.
    pub fn switch_user(&self, name: &str, is_active: Option<bool>, profile_is_public: Option<bool>) -> bool {
        let mut state = self.write();
        let id = state.user_named(name).map_or_else(|| name.to_owned(), |user| user.id.clone());
        let Some(user) = state.users.get_mut(&id) else { return false };
        user.is_active = is_active.unwrap_or(user.is_active);
        user.profile_is_public = profile_is_public.unwrap_or(user.profile_is_public);
        true
    }

    /// Switches a client, by client id; false when there is none.
    pub fn switch_client(
        &self,
        client_id: &str,
        is_active: Option<bool>,
        use_jwt_tokens: Option<bool>,
    ) -> bool {
        let mut state = self.write();
        let id = state.client(client_id).map(|app| app.id.clone());
        let Some(app) = id.and_then(|id| state.apps.get_mut(&id)) else { return false };
        app.is_active = is_active.unwrap_or(app.is_active);
        app.use_jwt_tokens = use_jwt_tokens.unwrap_or(app.use_jwt_tokens);
        true
    }

    /// Adds a person to a team or changes the role; without a role removes. False when team or person is unknown.
    pub fn set_member(&self, team: &str, name: &str, role: Option<&str>) -> bool {
        let now = self.clock().now();
        let mut state = self.write();
        let id = state.user_named(name).map_or_else(|| name.to_owned(), |user| user.id.clone());
        if !state.users.contains_key(&id) {
            return false;
        }
        let row = state.next_row();
        let Some(team) = state.teams.get_mut(team) else { return false };
        match role {
            Some(role) => {
                let member =
                    team.members.entry(id).or_insert(Member { row, role: String::new(), joined_at: now });
                role.clone_into(&mut member.role);
            }
            None => {
                team.members.remove(&id);
            }
        }
        true
    }

    /// Forgets who signed in or registered lately.
    pub fn forget_rate_limits(&self) {
        let mut state = self.write();
        state.logins.clear();
        state.registrations.clear();
    }
}
