//! A scenario: everything the two servers hold when they start. Files of this form are data with a published schema.

mod shipped;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::glint::GlintSeed;
use crate::handout::{Bilingual, CredentialKind};

/// Everything the two servers hold when they start.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A short name.
    pub name: String,
    /// One sentence about what it is for.
    #[serde(default)]
    pub description: String,
    /// Client id of the provider: Glint's own client at Prism.
    pub provider: String,
    /// What Prism holds.
    pub prism: PrismSeed,
    /// What Glint holds.
    #[serde(default)]
    pub glint: GlintSeed,
    /// Ready-made credentials for the handout.
    #[serde(default)]
    pub credentials: Vec<CredentialSeed>,
}

/// What Prism holds at the start.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrismSeed {
    /// People.
    #[serde(default)]
    pub users: Vec<UserSeed>,
    /// Teams.
    #[serde(default)]
    pub teams: Vec<TeamSeed>,
    /// Clients.
    #[serde(default)]
    pub apps: Vec<AppSeed>,
    /// Made-up bulk, for large scenarios.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkSeed>,
}

/// One person.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserSeed {
    /// 32 hex digits.
    pub id: String,
    /// Sign-in name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// Address, also good for signing in.
    pub email: String,
    /// Password of the sign-in page.
    pub password: String,
    /// Whether the person is a site administrator.
    #[serde(default)]
    pub is_site_admin: bool,
    /// Whether the account is switched on.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// The person's standing in a few words, for the handout.
    #[serde(default)]
    pub standing: String,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// One team.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamSeed {
    /// 32 hex digits.
    pub id: String,
    /// Name.
    pub name: String,
    /// One sentence.
    #[serde(default)]
    pub description: String,
    /// Who is in it.
    #[serde(default)]
    pub members: Vec<MemberSeed>,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// One membership.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberSeed {
    /// User name of a person of this scenario.
    pub user: String,
    /// `owner`, `co-owner`, `admin` or `member`.
    pub role: String,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// One client registered at Prism.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppSeed {
    /// Internal id, 32 hex digits.
    pub id: String,
    /// `prism_` and 22 base64url characters.
    pub client_id: String,
    /// Name shown at consent.
    pub name: String,
    /// One sentence.
    #[serde(default)]
    pub description: String,
    /// User name of its owner.
    pub owner: String,
    /// Id of the owning team, for a team app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Client secret; random when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// Redirect URIs, compared as whole texts. `{glint_url}` stands for Glint's base URL.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Registered scopes.
    #[serde(default)]
    pub allowed_scopes: Vec<String>,
    /// Registered scopes a person may untick.
    #[serde(default)]
    pub optional_scopes: Vec<String>,
    /// Public client: no secret, PKCE required.
    #[serde(default)]
    pub is_public: bool,
    /// Whether the client is switched on.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// The broken setting of contract §10.1.
    #[serde(default)]
    pub use_jwt_tokens: bool,
    /// Lets the client manage its own scope definitions with Basic.
    #[serde(default)]
    pub allow_self_manage_exported_permissions: bool,
    /// Scope definitions of this client as a provider.
    #[serde(default)]
    pub definitions: Vec<DefinitionSeed>,
    /// Access rules of this client as a provider.
    #[serde(default)]
    pub rules: Vec<RuleSeed>,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// One scope definition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinitionSeed {
    /// Inner scope.
    pub scope: String,
    /// Title shown at consent.
    pub title: String,
    /// Text shown at consent.
    #[serde(default)]
    pub description: String,
}

/// One access rule; the target is as unchecked as at Prism.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSeed {
    /// `owner_allow`, `owner_deny`, `app_allow` or `app_deny`.
    pub rule_type: String,
    /// A Prism user id or a client id.
    pub target_id: String,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// Made-up bulk: definitions of the provider and consumers that ask for some of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkSeed {
    /// How many more scope definitions the provider gets.
    #[serde(default)]
    pub definitions: u32,
    /// How many more consumers there are.
    #[serde(default)]
    pub consumers: u32,
    /// User name of the consumers' owner.
    pub owner: String,
}

/// One ready-made credential.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialSeed {
    /// Stable handle.
    pub id: String,
    /// Short name for lists.
    pub label: String,
    /// The same in Simplified Chinese; as it is when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_zh: Option<String>,
    /// What it is.
    pub kind: CredentialKind,
    /// User name of the person it acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Client id it is issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Scopes it carries.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Whether it works.
    #[serde(default)]
    pub state: CredentialState,
    /// Lifetime of an access token in seconds, 3600 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_seconds: Option<u32>,
    /// Fixed secret, for replaying recordings; random when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// One sentence: what it is good for, or which denial it shows.
    #[serde(default)]
    pub note: Bilingual,
    /// How many seconds before the start it came to be.
    #[serde(default)]
    pub age_seconds: u32,
}

/// Whether a ready-made credential works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// It works.
    #[default]
    Live,
    /// Its lifetime is over.
    Expired,
    /// It was revoked (an access or refresh token), or signed out (a session).
    Revoked,
}

fn yes() -> bool {
    true
}
