//! What Prism holds, as plain values. Times are Unix seconds.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

/// Everything Prism holds.
#[derive(Default)]
pub(super) struct State {
    /// Signs session tokens.
    pub(super) session_key: Vec<u8>,
    pub(super) logins: Limiter,
    pub(super) registrations: Limiter,
    pub(super) users: BTreeMap<String, User>,
    pub(super) teams: BTreeMap<String, Team>,
    pub(super) apps: HashMap<String, App>,
    /// Client id to internal id.
    pub(super) clients: HashMap<String, String>,
    /// Personal access tokens by their text.
    pub(super) pats: HashMap<String, Pat>,
    /// Signed-in sessions by session id.
    pub(super) sessions: HashMap<String, Session>,
    /// Grants by their id; a grant is one pair of tokens.
    pub(super) grants: HashMap<String, Grant>,
    /// Access token to grant.
    pub(super) by_access: HashMap<String, String>,
    /// Refresh token to grant.
    pub(super) by_refresh: HashMap<String, String>,
    /// Unused authorization codes by their text.
    pub(super) codes: HashMap<String, Code>,
    /// Consents by user and client id.
    pub(super) consents: BTreeMap<(String, String), Consent>,
    /// Counts up with every row, so that equal seconds still have an order.
    pub(super) rows: u64,
}

/// One person.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) display_name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) is_site_admin: bool,
    pub(super) is_active: bool,
    pub(super) profile_is_public: bool,
    pub(super) created_at: i64,
}

/// One team.
#[derive(Clone)]
pub(super) struct Team {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) created_at: i64,
    /// Memberships by user id.
    pub(super) members: BTreeMap<String, Member>,
}

/// One membership.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) row: u64,
    pub(super) role: String,
    pub(super) joined_at: i64,
}

/// One client.
#[derive(Clone)]
pub(super) struct App {
    pub(super) row: u64,
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) owner_id: String,
    pub(super) team_id: Option<String>,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) website_url: Option<String>,
    pub(super) icon_url: Option<String>,
    /// A list of texts, or what a change put there unchecked.
    pub(super) redirect_uris: Value,
    pub(super) allowed_scopes: Vec<String>,
    pub(super) optional_scopes: Vec<String>,
    /// As unchecked.
    pub(super) oidc_fields: Value,
    pub(super) is_public: bool,
    pub(super) is_active: bool,
    pub(super) use_jwt_tokens: bool,
    pub(super) self_manage: bool,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    /// Scope definitions by inner scope.
    pub(super) definitions: BTreeMap<String, Definition>,
    pub(super) rules: Vec<Rule>,
}

/// One scope definition.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

/// One access rule.
#[derive(Clone)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) rule_type: String,
    pub(super) target_id: String,
    pub(super) created_at: i64,
}

/// One personal access token.
#[derive(Clone)]
pub(super) struct Pat {
    pub(super) row: u64,
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: Option<i64>,
    pub(super) last_used_at: Option<i64>,
    pub(super) created_at: i64,
}

/// One signed-in session.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) user_id: String,
    pub(super) expires_at: i64,
}

/// One pair of tokens.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) row: u64,
    pub(super) id: String,
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) user_id: String,
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) refresh_expires_at: Option<i64>,
}

impl Grant {
    /// Whether either of its tokens can still be used.
    pub(super) fn is_alive(&self, now: i64) -> bool {
        self.expires_at > now || self.refresh_expires_at.is_some_and(|end| end > now)
    }
}

/// One authorization code.
#[derive(Clone)]
pub(super) struct Code {
    pub(super) user_id: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<(String, String)>,
    pub(super) nonce: Option<String>,
    pub(super) expires_at: i64,
}

/// What a person approved for a client.
#[derive(Clone)]
pub(super) struct Consent {
    pub(super) scopes: Vec<String>,
    pub(super) granted_at: i64,
}

/// At most so many admissions within a sliding window. Every caller comes from the loopback address, so one is enough.
pub(super) struct Limiter {
    most: usize,
    window: i64,
    recent: std::collections::VecDeque<i64>,
}

impl Limiter {
    /// `most` admissions within `window` seconds.
    pub(super) fn new(most: usize, window: i64) -> Self {
        Self { most, window, recent: std::collections::VecDeque::new() }
    }

    /// Whether one more is admitted now.
    pub(super) fn admit(&mut self, now: i64) -> bool {
        self.recent.retain(|then| now - then < self.window);
        let admitted = self.recent.len() < self.most;
        if admitted {
            self.recent.push_back(now);
        }
        admitted
    }

    /// Forgets every admission.
    pub(super) fn clear(&mut self) {
        self.recent.clear();
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new(usize::MAX, 0)
    }
}

impl State {
    /// Nothing but the key of this run and the rate limits of contract §1.
    pub(super) fn new(run_key: &[u8]) -> Self {
        Self {
            session_key: run_key.to_vec(),
            logins: Limiter::new(10, 60),
            registrations: Limiter::new(5, 300),
            ..Self::default()
        }
    }

    /// The next row number.
    pub(super) fn next_row(&mut self) -> u64 {
        self.rows += 1;
        self.rows
    }

    /// The client behind a client id.
    pub(super) fn client(&self, client_id: &str) -> Option<&App> {
        self.clients.get(client_id).and_then(|id| self.apps.get(id))
    }

    /// The person behind what was typed at a login: an address when it has an `@`; case and blanks around do not count.
    pub(super) fn user_typed(&self, typed: &str) -> Option<&User> {
        let name = crate::js::trim(&typed.to_lowercase()).to_owned();
        let by_address = typed.contains('@');
        self.users.values().find(|u| if by_address { u.email == name } else { u.username == name })
    }

    /// The person with this user name or address.
    pub(super) fn user_named(&self, name: &str) -> Option<&User> {
        self.users.values().find(|u| u.username == name || u.email == name)
    }
}
