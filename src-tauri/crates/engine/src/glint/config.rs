//! `GET /api/auth/config`: which Prism, and under which client id (contract §7).

use crate::ask::Ask;
use serde::Deserialize;

/// Glint's public configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuthConfig {
    /// Prism's address as configured; its path is ignored by Glint.
    pub(crate) base_url: String,
    /// Glint's client id as configured, stray blanks included.
    pub(crate) client_id: String,
    /// Glint's own redirect URI.
    #[serde(default)]
    pub(crate) redirect_uri: String,
}

/// Asks for it; public.
pub(crate) fn get() -> Ask<AuthConfig> {
    Ask::get(["api", "auth", "config"])
}
