//! `/api/apps` (contract §2).

use crate::ask::Ask;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A client as Prism tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct App {
    /// Internal id, 32 hex digits.
    pub(crate) id: String,
    /// `prism_…`.
    pub(crate) client_id: String,
    /// Name.
    pub(crate) name: String,
    /// Redirect URIs, compared as whole texts.
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    /// Registered scopes.
    #[serde(default)]
    pub(crate) allowed_scopes: Vec<String>,
    /// Whether it has no client secret.
    #[serde(default)]
    pub(crate) is_public: bool,
    /// The owning team, for a team app.
    #[serde(default)]
    pub(crate) team_id: Option<String>,
}

/// `{"apps":[…]}`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Apps {
    /// The list.
    pub(crate) apps: Vec<App>,
}

/// The caller's personal apps. Takes a session token, or a personal access token with `apps:read`.
pub(crate) fn list() -> Ask<Apps> {
    Ask::get(["api", "apps"])
}

/// The apps of the caller's teams. Takes a personal access token with `apps:read`, not a session token.
pub(crate) fn list_of_teams() -> Ask<Apps> {
    Ask::get(["api", "oauth", "me", "team-apps"])
}

/// One app by its internal id; a client id gives 404. The answer carries `client_secret` (contract §2), so it is never read
/// as a whole: it serves as evidence, redacted.
pub(crate) fn get(app_id: &str) -> Ask<IgnoredAny> {
    Ask::get(["api", "apps", app_id])
}
