//! Which endpoint of which system a request goes to: one table of paths, asked once per exchange.
//!
//! The rows are data of the systems' profiles (`profiles/*.calls.json`); the first one that fits counts. A path is matched
//! segment by segment: `:name` stands for one segment, `*` at the end for any rest, `**` at the start for any beginning.

mod table;

pub(crate) use table::{Part, TokenPlace};

use crate::exchange::Exchange;
use serde::Deserialize;
use table::{NOWHERE, Row, TABLE};

/// What a request asks for, as far as the program names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// Introspection of a token (RFC 7662).
    Introspection,
    /// Preview of a consent page.
    Preview,
    /// Token request (RFC 6749 §3.2).
    Token,
    /// Authorization request (RFC 6749 §3.1).
    Authorize,
    /// Revocation of a token (RFC 7009).
    Revocation,
    /// User info (OpenID Connect Core §5.3).
    UserInfo,
    /// The teams of the token's user at the authorization server.
    OwnTeams,
    /// The profile of the token's user.
    OwnProfile,
    /// The apps of the token's user.
    OwnApps,
    /// One app of the token's user.
    OwnApp,
    /// Anything else of the token's user.
    Own,
    /// One consent.
    Consent,
    /// All consents.
    Consents,
    /// Sign-in with a password.
    Login,
    /// End of a session.
    Logout,
    /// All registrations.
    Apps,
    /// One registration.
    App,
    /// Scope definitions of an app.
    Definitions,
    /// One scope definition.
    Definition,
    /// Access rules of an app.
    Rules,
    /// One access rule.
    Rule,
    /// Anything else below an app.
    AppPart,
    /// One team.
    Team,
    /// All teams.
    Teams,
    /// One personal access token.
    PersonalToken,
    /// All personal access tokens.
    PersonalTokens,
    /// The account of a user.
    User,
    /// A discovery document (RFC 8414).
    Discovery,
    /// The configuration that names the provider's authorization server.
    Configuration,
    /// Whether the provider is set up.
    SetupStatus,
    /// Set-up of the provider.
    Setup,
    /// The token's user as the provider sees them.
    Me,
    /// What is in a team, counted.
    Overview,
    /// The sets of a team.
    Sets,
    /// The permission matrix of a team.
    Permissions,
    /// One's own permissions in a team.
    MyPermissions,
    /// The todos of a set.
    Todos,
    /// The comments of a todo.
    Comments,
    /// Any other route of the provider's interface; its id is found by `routes`.
    CrossApp,
    /// Any other path of the authorization server's interface.
    Interface,
    /// No endpoint of a known system.
    Other,
}

/// Whose interface a call went to, as far as its path alone tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Glint's cross-app interface.
    Glint,
    /// Prism's interface beside OAuth.
    Prism,
    /// Prism's (or any provider's) authorization and token endpoints.
    OAuth,
    /// The routes of Glint's own web application beside the cross-app interface: they take its cookie, no bearer token.
    Web,
    /// None of these, or not known.
    Other,
}

/// The endpoint of a request, with the values of its path.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    row: &'static Row,
    values: Vec<(&'static str, String)>,
}

impl std::ops::Deref for Hit {
    type Target = Row;

    fn deref(&self) -> &Row {
        self.row
    }
}

/// The endpoint at a path below the address of its server, without query.
pub(crate) fn at(path: &str) -> Hit {
    let found = TABLE.iter().find_map(|row| Some(Hit { row, values: row.values(path)? }));
    found.unwrap_or(Hit { row: &NOWHERE, values: Vec::new() })
}

/// Whose interface an endpoint belongs to.
pub(crate) fn kind_of(endpoint: Endpoint) -> Kind {
    TABLE.iter().find(|row| row.endpoint == endpoint).map_or(Kind::Other, |row| row.interface)
}

/// The endpoint of an address whose server may be below any path prefix.
#[must_use]
pub fn of_url(url: &str) -> Endpoint {
    let path = path_of(url);
    let whole = at(&path);
    let whole_known = !matches!(whole.endpoint, Endpoint::Other);
    let below = path.rfind("/api/").and_then(|start| path.get(start..));
    match below.filter(|_| !whole_known) {
        Some(below) => at(below).endpoint,
        None => whole.endpoint,
    }
}

/// Whether an exchange went to this endpoint, at whatever address its server is.
#[must_use]
pub fn is_to(exchange: &Exchange, endpoint: Endpoint) -> bool {
    of_url(&exchange.request.url) == endpoint
}

/// What is before the path of an endpoint: the path prefix of its server.
pub(crate) fn prefix(path: &str, endpoint: Endpoint) -> Option<&str> {
    TABLE.iter().filter(|row| row.endpoint == endpoint).find_map(|row| path.strip_suffix(row.path.as_str()))
}

impl Hit {
    /// A value of the path.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// Path of an absolute URL or of a bare path, without query.
pub(crate) fn path_of(url: &str) -> String {
    let rest = url
        .find("://")
        .and_then(|at| url.get(at + 3..))
        .map_or(url, |rest| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"));
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// Whether a verb only reads.
pub(crate) fn is_read(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

#[cfg(test)]
mod tests {
    use super::table::Table;
    use super::*;

    #[test]
    fn the_tables_are_read() {
        for text in
            [include_str!("../profiles/glint.calls.json"), include_str!("../profiles/prism.calls.json")]
        {
            serde_json::from_str::<Table>(text).map(|_| ()).unwrap();
        }
        assert!(TABLE.len() > 40);
    }

    #[test]
    fn every_row_is_reached() {
        for row in TABLE.iter() {
            let example = row.path.replace("**", "/some").replace('*', "");
            let example: Vec<&str> =
                example.split('/').map(|part| part.strip_prefix(':').unwrap_or(part)).collect();
            let hit = at(&example.join("/"));
            assert_eq!((hit.endpoint, hit.path.as_str()), (row.endpoint, row.path.as_str()));
        }
    }

    #[test]
    fn a_path_has_one_endpoint_and_its_values() {
        let rule = at("/api/apps/a1/scope-access-rules/r1");
        assert_eq!(
            (rule.endpoint, rule.value("app"), rule.value("rule")),
            (Endpoint::Rule, Some("a1"), Some("r1"))
        );
        assert_eq!(at("/api/apps/a1/x/y").endpoint, Endpoint::AppPart);
        assert_eq!(at("/api/user/me").endpoint, Endpoint::User);
        assert_eq!(at("/callback").endpoint, Endpoint::Other);
        assert_eq!(at("/x/authorize").endpoint, Endpoint::Authorize);
        assert_eq!(at("/api/oauth/introspect/").endpoint, Endpoint::Interface);
        assert_eq!(prefix("/base/api/auth/config", Endpoint::Configuration), Some("/base"));
        assert_eq!(of_url("https://h.test/base/api/oauth/introspect?x=/api/"), Endpoint::Introspection);
    }
}
