//! Job 1: which scopes, and the list Prism takes.

use scopes::catalog::{BuiltScopes, CatalogScope, Preset};
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A client that may ask for the provider's scopes, as far as the connection lets us see.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Consumer {
    /// Client id at Prism.
    pub client_id: String,
    /// Internal id at Prism.
    pub app_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Whether it has no client secret.
    pub is_public: bool,
    /// Its `allowed_scopes` as Prism stores them; `None` when they could not be read.
    pub allowed_scopes: Option<Vec<String>>,
    /// First redirect URI, needed to ask for a consent preview.
    pub redirect_uri: Option<String>,
    /// User id of its owner, where known.
    pub owner_id: Option<String>,
}

/// Opens the catalogue: profile, live definitions and known consumers in one answer.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct OpenCatalog {
    /// Connection handle.
    pub connection: String,
}

/// The catalogue of a connection.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Catalog {
    /// The provider's client id, from Glint's `/api/auth/config`, unchanged; `None` when it could not be asked.
    pub provider_client_id: Option<String>,
    /// Its name.
    pub provider_name: String,
    /// Scopes in catalogue order, platform scopes first.
    pub scopes: Vec<CatalogScope>,
    /// Recommended sets.
    pub presets: Vec<Preset>,
    /// Consumers that could be read.
    pub consumers: Vec<Consumer>,
    /// What could not be read and why; the catalogue is complete without it.
    pub problems: Vec<Problem>,
}

/// Builds `allowed_scopes` from what is ticked.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct BuildScopes {
    /// Connection whose catalogue is meant; `None` uses the built-in one.
    pub connection: Option<String>,
    /// The provider's client id as typed.
    pub client_id: String,
    /// Ticked platform scopes.
    pub platform: Vec<String>,
    /// Ticked inner scopes.
    pub inner: Vec<String>,
    /// A list to merge into: JSON array or scope string as pasted; kept first, in its order.
    pub merge: Option<String>,
}

/// The answer of [`BuildScopes`].
pub type Built = BuiltScopes;

/// Asks Prism what a user would see and what it would leave out today (contract §5).
#[derive(Debug, Clone, Deserialize, TS)]
pub struct PreviewConsent {
    /// Connection handle.
    pub connection: String,
    /// Client id of the consumer.
    pub consumer: String,
    /// Redirect URI of the consumer; `None` takes the first known one.
    pub redirect_uri: Option<String>,
    /// Full scopes.
    pub scopes: Vec<String>,
}

/// A scope the user would be asked for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PreviewScope {
    /// Full scope.
    pub scope: String,
    /// Inner or platform scope.
    pub key: String,
    /// Title on the consent page; `None`: the bare scope is shown.
    pub title: Option<String>,
    /// Description on the consent page.
    pub description: Option<String>,
}

/// A scope Prism would leave out.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PreviewRefusal {
    /// Full scope.
    pub scope: String,
    /// Inner or platform scope.
    pub key: String,
    /// Prism's reason: `unknown`, `not_allowed`, `target_missing`, `app_denied`.
    pub reason: String,
    /// What that means and who acts.
    pub problem: Problem,
}

/// What the user would see.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConsentPreview {
    /// The consumer's name at Prism.
    pub consumer_name: String,
    /// Scopes that would be granted on approval.
    pub granted: Vec<PreviewScope>,
    /// Scopes that would be left out without a word.
    pub refused: Vec<PreviewRefusal>,
    /// When Prism was asked, Unix milliseconds.
    #[ts(type = "number")]
    pub asked_at: i64,
}
