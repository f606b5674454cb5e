//! Who is calling and what they may do here: the checks every cross-app route starts with (contract §8, steps 1 to 6).

use super::refusal::Refusal;
use super::seed::GlintVersion;
use super::state::{Person, Session, State, TeamEntry, TeamList};
use super::{Glint, upstream};
use crate::wire::Call;

/// How long a team list is served from the cache.
const HOUR_MS: i64 = 60 * 60 * 1000;

const BUNDLE: &str = "workbench";

const UNAVAILABLE: &str = "Team membership is unavailable: add teams:read to the bearer token scope, or the user must log \
                           in to Glint at least once.";

/// A caller whose token is active and carries a scope the route takes.
pub(super) struct Caller {
    pub(super) user: String,
    pub(super) person: Person,
    /// Inner scopes granted for this Glint.
    pub(super) granted: Vec<String>,
    /// The cached team list.
    pub(super) teams: Vec<TeamEntry>,
    version: GlintVersion,
}

/// A caller inside one team.
pub(super) struct Member {
    pub(super) user: String,
    pub(super) person: Person,
    pub(super) team: String,
    pub(super) role: String,
}

impl Glint {
    /// Steps 1 to 4: bearer token, introspection, scope, team list; then the caller's names.
    pub(super) async fn caller(&self, call: &Call, scopes: &[&str]) -> Result<Caller, Refusal> {
        let token = bearer(call).ok_or_else(|| Refusal::Said(401, "Unauthorized".into()))?;
        let (config, version) = self.locked(|state| (state.config.clone(), state.version));
        let live = upstream::introspect(self.prism(), &config, &token)
            .await?
            .ok_or_else(|| Refusal::Said(401, "Token inactive or expired".into()))?;
        let prefix = format!("app:{}:", config.prism_client_id);
        let granted: Vec<String> =
            live.scopes.iter().filter_map(|scope| scope.strip_prefix(&prefix)).map(Into::into).collect();
        if !holds(&granted, scopes, version) {
            return Err(Refusal::forbidden(missing(scopes, version)));
        }
        let teams = self.team_list(&live, &config, &token).await?;
        // Without the scope `profile`, or without an answer, the user id that introspection calls `username` is the name.
        let known = upstream::person(self.prism(), &config, &token).await.ok();
        let person = known.map(|(_, person)| person).unwrap_or_default();
        let username = if person.username.is_empty() { live.username } else { person.username };
        Ok(Caller { user: live.user, person: Person { username, ..person }, granted, teams, version })
    }

    /// Steps 1 to 6 of every route but `PATCH` todo, whose body comes before the membership.
    pub(super) async fn member(&self, call: &Call, team: &str, scopes: &[&str]) -> Result<Member, Refusal> {
        self.caller(call, scopes).await?.enter(team)
    }

    /// The cached list, else the live one, which is then cached, however empty it came out.
    async fn team_list(
        &self,
        live: &upstream::Live,
        config: &super::state::Config,
        token: &str,
    ) -> Result<Vec<TeamEntry>, Refusal> {
        if let Some(teams) = self.locked(|state| cached(state, &live.user, self.clock().now_ms())) {
            return Ok(teams);
        }
        if !live.scopes.iter().any(|scope| scope == "teams:read") {
            return Err(Refusal::forbidden(UNAVAILABLE));
        }
        let teams = upstream::teams(self.prism(), config, token).await;
        self.remember_teams(&live.user, &teams);
        Ok(teams)
    }

    /// Caches a team list for an hour.
    pub(super) fn remember_teams(&self, user: &str, teams: &[TeamEntry]) {
        let list = TeamList { teams: teams.to_vec(), cached_at_ms: self.clock().now_ms() };
        self.locked(|state| state.team_lists.insert(user.to_owned(), list));
    }
}

impl Caller {
    /// Step 6: the role in a team.
    pub(super) fn enter(self, team: &str) -> Result<Member, Refusal> {
        let role = State::role_in(team, &self.user, &self.teams);
        let role = role.ok_or_else(|| Refusal::forbidden("Not a member of this team"))?;
        Ok(Member { user: self.user, person: self.person, team: team.into(), role })
    }

    /// Whether one of these scopes, or the bundle, is held.
    pub(super) fn holds(&self, scopes: &[&str]) -> bool {
        holds(&self.granted, scopes, self.version)
    }
}

impl Member {
    /// Somebody who is signed in to Glint's web app, inside one team.
    pub(super) fn of_session(session: &Session, team: &str) -> Result<Self, Refusal> {
        let role = State::role_in(team, &session.user, &session.teams);
        let role = role.ok_or_else(|| Refusal::forbidden("Not a member of this team"))?;
        let (user, person) = (session.user.clone(), session.person.clone());
        Ok(Self { user, person, team: team.into(), role })
    }

    /// Whether the role allows `permission`, in one set or (`None`) in the team.
    pub(super) fn may(&self, state: &State, permission: &str, set: Option<&str>) -> bool {
        state.allows(&self.team, &self.role, permission, set)
    }

    /// Refuses with `text` unless the role allows `permission`.
    pub(super) fn must(
        &self,
        state: &State,
        permission: &str,
        set: Option<&str>,
        text: &str,
    ) -> Result<(), Refusal> {
        if self.may(state, permission, set) { Ok(()) } else { Err(Refusal::forbidden(text)) }
    }
}

/// The cached list of a user while its hour lasts.
pub(super) fn cached(state: &State, user: &str, now_ms: i64) -> Option<Vec<TeamEntry>> {
    let list = state.team_lists.get(user)?;
    (now_ms.saturating_sub(list.cached_at_ms) < HOUR_MS).then(|| list.teams.clone())
}

/// The token after `Bearer `, as sent: a blank behind it belongs to it.
fn bearer(call: &Call) -> Option<String> {
    call.header_text("authorization")?.strip_prefix("Bearer ").map(ToOwned::to_owned)
}

fn holds(granted: &[String], scopes: &[&str], version: GlintVersion) -> bool {
    let bundled = bundle_helps(scopes, version) && granted.iter().any(|held| held == BUNDLE);
    bundled || granted.iter().any(|held| scopes.contains(&held.as_str()))
}

fn missing(scopes: &[&str], version: GlintVersion) -> String {
    let list = scopes.join(", ");
    let bundle = if bundle_helps(scopes, version) { " (or the bundle scope \"workbench\")" } else { "" };
    format!("Missing required scope. Token must include one of: {list}{bundle}")
}

fn bundle_helps(scopes: &[&str], version: GlintVersion) -> bool {
    version == GlintVersion::Measured && !scopes.contains(&"manage_permissions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_opens_everything_but_the_permission_matrix() {
        let held = vec![BUNDLE.to_owned()];
        assert!(holds(&held, &["delete_todos"], GlintVersion::Measured));
        assert!(!holds(&held, &["manage_permissions"], GlintVersion::Measured));
        assert!(!holds(&held, &["delete_todos"], GlintVersion::Document));
    }

    #[test]
    fn the_denial_names_the_scopes_and_the_bundle_where_it_helps() {
        let text = |scopes: &[&str]| missing(scopes, GlintVersion::Measured);
        let create = "Missing required scope. Token must include one of: create_todos, write_todos (or the bundle scope \
                      \"workbench\")";
        assert_eq!(text(&["create_todos", "write_todos"]), create);
        let matrix = "Missing required scope. Token must include one of: manage_permissions";
        assert_eq!(text(&["manage_permissions"]), matrix);
    }
}
