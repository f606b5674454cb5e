//! `GET /api/oauth/app-info`: the consent preview, which needs no credential (contract §5).

use crate::ask::Ask;
use serde::Deserialize;

/// The consumer as the preview names it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PreviewApp {
    /// Name.
    pub(crate) name: String,
}

/// An app scope that would be granted.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct AppScope {
    /// Full scope.
    pub(crate) scope: String,
    /// Its last part.
    pub(crate) inner_scope: String,
    /// Title of the definition; none when there is no definition.
    #[serde(default)]
    pub(crate) scope_title: Option<String>,
    /// Description of the definition.
    #[serde(default)]
    pub(crate) scope_desc: Option<String>,
}

/// A scope that would be left out.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rejected {
    /// As it was asked for.
    pub(crate) scope: String,
    /// `unknown`, `not_allowed`, `target_missing` or `app_denied`.
    pub(crate) reason: String,
}

/// The preview.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Preview {
    /// The consumer.
    pub(crate) app: PreviewApp,
    /// Every scope that would be granted.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// Texts of the app scopes among them.
    #[serde(default)]
    pub(crate) app_scopes: Vec<AppScope>,
    /// What would be left out.
    #[serde(default)]
    pub(crate) rejected_scopes: Vec<Rejected>,
}

/// Asks what an authorization of these scopes would show today.
pub(crate) fn preview<S: AsRef<str>>(client_id: &str, redirect_uri: &str, scopes: &[S]) -> Ask<Preview> {
    let joined = scopes.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" ");
    Ask::get(["api", "oauth", "app-info"])
        .query("response_type", "code")
        .query("client_id", client_id)
        .query("redirect_uri", redirect_uri)
        .query("scope", &joined)
}
