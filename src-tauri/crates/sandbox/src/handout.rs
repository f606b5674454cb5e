//! What a person or a test needs in order to use a running sandbox: addresses, ids and ready-made credentials.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Addresses and credentials of one run. Ids are fixed by the scenario, secrets are new in every run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Handout {
    /// Prism's base URL, without a slash at the end.
    pub prism_url: String,
    /// Glint's base URL, without a slash at the end.
    pub glint_url: String,
    /// The base URL of the admin controls: its path is the token of this run, without which they do not answer.
    pub admin_url: String,
    /// The provider: Glint's own client at Prism.
    pub provider: HandoutProvider,
    /// Every ready-made credential, in the scenario's order.
    pub credentials: Vec<HandoutCredential>,
}

/// Glint's own client at Prism.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HandoutProvider {
    /// `prism_…`, the middle part of every app scope.
    pub client_id: String,
    /// Prism's internal id, the one in `/api/apps/:id`.
    pub app_id: String,
    /// The name shown at consent.
    pub name: String,
    /// The user who owns it; `null` where a team does.
    pub owner_id: Option<String>,
}

/// One ready-made credential.
#[derive(Clone, Debug, Serialize)]
pub struct HandoutCredential {
    /// Stable handle, such as `olivia_pat`.
    pub id: String,
    /// Short name for lists.
    pub label: String,
    /// The same in Simplified Chinese, where the scenario gives it.
    pub label_zh: Option<String>,
    /// What it is, which decides where it is accepted.
    pub kind: CredentialKind,
    /// The secret itself; for client credentials the client secret.
    pub secret: String,
    /// The person it acts for.
    pub user_id: Option<String>,
    /// That person's user name.
    pub username: Option<String>,
    /// That person's standing in a few words.
    pub standing: String,
    /// The client it was issued to, or whose secret it is.
    pub client_id: Option<String>,
    /// That client's name.
    pub client_name: Option<String>,
    /// The scopes it carries.
    pub scopes: Vec<String>,
    /// End of its lifetime in Unix seconds; `null` when it has none.
    pub expires_at: Option<i64>,
    /// One sentence: what it is good for, or which denial it shows.
    pub note: Bilingual,
}

/// The four kinds of credential of contract §1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A personal access token.
    Pat,
    /// A session JWT.
    Session,
    /// An opaque OAuth access token.
    AccessToken,
    /// An opaque OAuth refresh token.
    RefreshToken,
    /// Client id and client secret.
    ClientCredentials,
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bilingual {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}
