//! Who a credential is: introspection, profile, teams; and discovery (contract §1, §6).

use crate::ask::Ask;
use serde::Deserialize;
use serde_json::Value;

/// What introspection says (RFC 7662). Everything but a live access token is `active: false`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Introspection {
    /// Whether the token is live.
    pub(crate) active: bool,
    /// Granted scopes, joined by blanks.
    #[serde(default)]
    pub(crate) scope: Option<String>,
    /// The client it was issued to.
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    /// User id.
    #[serde(default)]
    pub(crate) sub: Option<String>,
    /// End of the lifetime, Unix seconds.
    #[serde(default)]
    pub(crate) exp: Option<i64>,
}

/// Who the caller is.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Profile {
    /// User id.
    pub(crate) id: String,
    /// Sign-in name.
    #[serde(default)]
    pub(crate) username: Option<String>,
}

/// `{"user":{…}}` of `GET /api/user/me`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) user: Profile,
}

/// What discovery says (RFC 8414, OpenID Connect Discovery 1.0).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Discovery {
    /// The issuer.
    pub(crate) issuer: String,
    /// Where authorizations start.
    #[serde(default)]
    pub(crate) authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    #[serde(default)]
    pub(crate) token_endpoint: Option<String>,
    /// Where tokens are looked at.
    #[serde(default)]
    pub(crate) introspection_endpoint: Option<String>,
}

/// Looks at a token. Needs no authentication; a form body only, JSON gives `active: false`.
pub(crate) fn introspect(token: &str) -> Ask<Introspection> {
    Ask::new("POST", ["api", "oauth", "introspect"]).form(&[("token", token)])
}

/// Who a personal access token or access token acts for; needs `profile`.
pub(crate) fn profile() -> Ask<Profile> {
    Ask::get(["api", "oauth", "me", "profile"])
}

/// Who a session token acts for.
pub(crate) fn signed_in() -> Ask<SignedIn> {
    Ask::get(["api", "user", "me"])
}

/// The live memberships; needs `teams:read`.
pub(crate) fn teams() -> Ask<Value> {
    Ask::get(["api", "oauth", "me", "teams"])
}

/// The discovery document.
pub(crate) fn discovery() -> Ask<Discovery> {
    Ask::get([".well-known", "openid-configuration"])
}
