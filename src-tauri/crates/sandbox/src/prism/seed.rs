//! From a scenario to Prism's state and the handout's credentials.

use crate::clock::Clock;
use crate::handout::{Bilingual, CredentialKind, Handout, HandoutCredential, HandoutProvider};
use crate::random;
use crate::scenario::{
    AppSeed, BulkSeed, CredentialSeed, CredentialState, DefinitionSeed, MemberSeed, RuleSeed, Scenario,
    TeamSeed, UserSeed,
};

use super::state::{App, Consent, Definition, Grant, Member, Pat, Rule, State, Team, User};

/// Lifetime of an access token, in seconds.
pub(super) const ACCESS_LIFETIME: i64 = 3600;
/// Lifetime of a refresh token and of a session, in seconds.
pub(super) const LONG_LIFETIME: i64 = 30 * 24 * 3600;

/// Builds the state and fills in provider and credentials of the handout.
pub(super) fn plant(scenario: &Scenario, handout: &mut Handout, clock: &Clock, run_key: &[u8]) -> State {
    let now = clock.now();
    let mut state = State::new(run_key);
    for user in &scenario.prism.users {
        state.users.insert(user.id.clone(), plant_user(user, now));
    }
    for team in &scenario.prism.teams {
        let planted = plant_team(&mut state, team, now);
        state.teams.insert(team.id.clone(), planted);
    }
    for app in &scenario.prism.apps {
        plant_app(&mut state, app, &handout.glint_url, now);
    }
    if let Some(bulk) = &scenario.prism.bulk {
        plant_bulk(&mut state, bulk, &scenario.provider, now);
    }
    handout.provider =
        state.client(&scenario.provider).map_or_else(HandoutProvider::default, |app| HandoutProvider {
            client_id: app.client_id.clone(),
            app_id: app.id.clone(),
            name: app.name.clone(),
            owner_id: app.team_id.is_none().then(|| app.owner_id.clone()),
        });
    handout.credentials =
        scenario.credentials.iter().filter_map(|seed| issue(&mut state, scenario, seed, now)).collect();
    state
}

impl State {
    /// A secret of this run, the same after every reset.
    fn secret(&self, kind: &str, id: &str) -> String {
        random::derived_token(&self.session_key, &format!("{kind} {id}"))
    }
}

fn plant_user(seed: &UserSeed, now: i64) -> User {
    User {
        id: seed.id.clone(),
        username: seed.username.clone(),
        display_name: seed.display_name.clone(),
        email: seed.email.clone(),
        password: seed.password.clone(),
        is_site_admin: seed.is_site_admin,
        is_active: seed.is_active,
        profile_is_public: false,
        created_at: ago(now, seed.age_seconds),
    }
}

fn plant_team(state: &mut State, seed: &TeamSeed, now: i64) -> Team {
    let mut member = |m: &MemberSeed| {
        let id = state.user_named(&m.user)?.id.clone();
        Some((id, Member { row: state.next_row(), role: m.role.clone(), joined_at: ago(now, m.age_seconds) }))
    };
    Team {
        id: seed.id.clone(),
        name: seed.name.clone(),
        description: seed.description.clone(),
        created_at: ago(now, seed.age_seconds),
        members: seed.members.iter().filter_map(&mut member).collect(),
    }
}

fn plant_app(state: &mut State, seed: &AppSeed, glint_url: &str, start: i64) {
    let now = ago(start, seed.age_seconds);
    let app = App {
        row: state.next_row(),
        id: seed.id.clone(),
        client_id: seed.client_id.clone(),
        client_secret: seed
            .client_secret
            .clone()
            .unwrap_or_else(|| state.secret("client", &seed.id).split_off(21)),
        owner_id: state.user_named(&seed.owner).map(|u| u.id.clone()).unwrap_or_default(),
        team_id: seed.team.clone(),
        name: seed.name.clone(),
        description: seed.description.clone(),
        website_url: None,
        icon_url: None,
        redirect_uris: seed.redirect_uris.iter().map(|u| u.replace("{glint_url}", glint_url)).collect(),
        allowed_scopes: seed.allowed_scopes.clone(),
        optional_scopes: seed.optional_scopes.clone(),
        oidc_fields: serde_json::json!([]),
        is_public: seed.is_public,
        is_active: seed.is_active,
        use_jwt_tokens: seed.use_jwt_tokens,
        self_manage: seed.allow_self_manage_exported_permissions,
        created_at: now,
        updated_at: now,
        definitions: seed.definitions.iter().map(|d| plant_definition(d, now)).collect(),
        rules: seed.rules.iter().map(|rule| plant_rule(rule, start)).collect(),
    };
    state.clients.insert(app.client_id.clone(), app.id.clone());
    state.apps.insert(app.id.clone(), app);
}

fn plant_definition(seed: &DefinitionSeed, now: i64) -> (String, Definition) {
    let definition = Definition {
        id: random::hex_id(),
        title: seed.title.clone(),
        description: seed.description.clone(),
        created_at: now,
        updated_at: now,
    };
    (seed.scope.clone(), definition)
}

fn plant_rule(seed: &RuleSeed, start: i64) -> Rule {
    Rule {
        id: random::hex_id(),
        rule_type: seed.rule_type.clone(),
        target_id: seed.target_id.clone(),
        created_at: ago(start, seed.age_seconds),
    }
}

/// Bulk rows have ids derived from their number, so that they are the same in every run.
fn plant_bulk(state: &mut State, bulk: &BulkSeed, provider: &str, now: i64) {
    for n in 0..bulk.consumers {
        let digest = random::sha256(format!("consumer {n}").as_bytes());
        let seed = AppSeed {
            id: random::hex(digest.get(..16).unwrap_or_default()),
            client_id: format!("prism_{}", random::base64url(digest.get(16..).unwrap_or_default())),
            name: format!("Consumer {n:03}"),
            owner: bulk.owner.clone(),
            redirect_uris: vec![format!("http://127.0.0.1:8899/consumer/{n}")],
            allowed_scopes: vec![
                "openid".into(),
                "teams:read".into(),
                format!("app:{provider}:bulk_{:05}", u64::from(n) % u64::from(bulk.definitions.max(1))),
            ],
            is_active: true,
            ..AppSeed::default()
        };
        plant_app(state, &seed, "", now);
    }
    let Some(app) = state.clients.get(provider).cloned().and_then(|id| state.apps.get_mut(&id)) else {
        return;
    };
    for n in 0..bulk.definitions {
        let definition = Definition {
            id: random::hex(
                random::sha256(format!("definition {n}").as_bytes()).get(..16).unwrap_or_default(),
            ),
            title: format!("Bulk scope {n}"),
            description: format!("Made-up scope number {n}."),
            created_at: now,
            updated_at: now,
        };
        app.definitions.insert(format!("bulk_{n:05}"), definition);
    }
}

/// Issues one credential and describes it; `None` when the seed names somebody or something that is not there.
fn issue(
    state: &mut State,
    scenario: &Scenario,
    seed: &CredentialSeed,
    now: i64,
) -> Option<HandoutCredential> {
    let user = match &seed.user {
        Some(name) => Some(state.user_named(name)?.clone()),
        None => None,
    };
    let client = match &seed.client {
        Some(id) => Some(state.client(id)?.clone()),
        None => None,
    };
    let (secret, expires_at) = match seed.kind {
        CredentialKind::Pat => issue_pat(state, seed, user.as_ref()?, now),
        CredentialKind::Session => issue_session(state, seed, user.as_ref()?, now),
        CredentialKind::AccessToken => issue_grant(state, seed, user.as_ref()?, client.as_ref()?, now).0,
        CredentialKind::RefreshToken => issue_grant(state, seed, user.as_ref()?, client.as_ref()?, now).1,
        CredentialKind::ClientCredentials => (client.as_ref()?.client_secret.clone(), None),
    };
    let standing =
        |name: &String| scenario.prism.users.iter().find(|u| &u.username == name).map(|u| u.standing.clone());
    Some(HandoutCredential {
        id: seed.id.clone(),
        label: seed.label.clone(),
        label_zh: seed.label_zh.clone(),
        kind: seed.kind,
        secret,
        standing: seed.user.as_ref().and_then(standing).unwrap_or_default(),
        user_id: user.as_ref().map(|u| u.id.clone()),
        username: user.map(|u| u.username),
        client_id: client.as_ref().map(|c| c.client_id.clone()),
        client_name: client.map(|c| c.name),
        scopes: seed.scopes.clone(),
        expires_at,
        note: Bilingual { en: seed.note.en.clone(), zh: seed.note.zh.clone() },
    })
}

fn issue_pat(state: &mut State, seed: &CredentialSeed, user: &User, now: i64) -> (String, Option<i64>) {
    let text = seed.secret.clone().unwrap_or_else(|| format!("prism_pat_{}", state.secret("pat", &seed.id)));
    let expires_at = (seed.state == CredentialState::Expired).then(|| now - 3600);
    let pat = Pat {
        row: state.next_row(),
        id: random::hex_id(),
        user_id: user.id.clone(),
        name: seed.label.clone(),
        scopes: seed.scopes.clone(),
        expires_at,
        last_used_at: None,
        created_at: ago(now, seed.age_seconds),
    };
    if seed.state != CredentialState::Revoked {
        state.pats.insert(text.clone(), pat);
    }
    (text, expires_at)
}

fn issue_session(state: &mut State, seed: &CredentialSeed, user: &User, now: i64) -> (String, Option<i64>) {
    let end = if seed.state == CredentialState::Expired { now - 60 } else { now + LONG_LIFETIME };
    let id = random::hex(&random::sha256(state.secret("session", &seed.id).as_bytes()));
    let token = state.open_session(user, &id, end - LONG_LIFETIME, end);
    if seed.state == CredentialState::Revoked {
        state.close_session(&token);
    }
    (token, Some(end))
}

/// The time so many seconds before `now`.
fn ago(now: i64, seconds: u32) -> i64 {
    now - i64::from(seconds)
}

type Issued = (String, Option<i64>);

fn issue_grant(
    state: &mut State,
    seed: &CredentialSeed,
    user: &User,
    client: &App,
    now: i64,
) -> (Issued, Issued) {
    let fixed = |kind| seed.secret.clone().filter(|_| seed.kind == kind);
    let access = fixed(CredentialKind::AccessToken).unwrap_or_else(|| state.secret("access", &seed.id));
    let offline = seed.scopes.iter().any(|s| s == "offline_access");
    let refresh = fixed(CredentialKind::RefreshToken).unwrap_or_else(|| state.secret("refresh", &seed.id));
    let expired = seed.state == CredentialState::Expired;
    let lifetime = seed.lifetime_seconds.map_or(ACCESS_LIFETIME, i64::from);
    let issued = ago(now, seed.age_seconds);
    let end = if expired { now - 60 } else { issued + lifetime };
    let refresh_end = if expired { now - 60 } else { issued + LONG_LIFETIME };
    let grant = Grant {
        row: state.next_row(),
        id: random::hex_id(),
        access_token: access.clone(),
        refresh_token: offline.then(|| refresh.clone()),
        user_id: user.id.clone(),
        client_id: client.client_id.clone(),
        scopes: seed.scopes.clone(),
        created_at: issued.min(end - lifetime),
        expires_at: end,
        refresh_expires_at: offline.then_some(refresh_end),
    };
    if seed.state != CredentialState::Revoked {
        let key = (user.id.clone(), client.client_id.clone());
        state.consents.insert(key, Consent { scopes: seed.scopes.clone(), granted_at: grant.created_at });
        state.add_grant(grant);
    }
    ((access, Some(end)), (refresh, Some(refresh_end)))
}
