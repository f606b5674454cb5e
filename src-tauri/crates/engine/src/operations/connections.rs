//! Connections and identities. Identities are handles: secrets travel inward once and never back.

mod kinds;

use super::vault::VaultKind;
pub use kinds::{Colour, CredentialKind, Environment, NamedBy, Origin, Transport};
use scopes::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// One thing an identity can or cannot do, by the measured matrix.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Ability {
    /// Stable id: `read_apps`, `write_apps`, `definitions`, `rules`, `call_glint`, `read_teams`.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// Whether this identity can, as far as known.
    pub can: bool,
    /// Whether that is certain; otherwise `note` names the condition that was not observed.
    pub known: bool,
    /// Why not, or under which condition; may be empty.
    pub note: String,
}

/// A credential by its handle.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Identity {
    /// Handle.
    pub id: String,
    /// What people call it, e.g. "mia".
    pub label: String,
    /// Kind of credential.
    pub kind: CredentialKind,
    /// Name of the person it acts for.
    pub user_name: Option<String>,
    /// User id.
    pub user_id: Option<String>,
    /// Client it was issued to.
    pub client_id: Option<String>,
    /// That client's name.
    pub client_name: Option<String>,
    /// Scopes it carries, as far as known.
    pub scopes: Vec<String>,
    /// Unix seconds.
    #[ts(type = "number | null")]
    pub expires_at: Option<i64>,
    /// One sentence: what it is good for or shows.
    pub note: String,
    /// What it can and cannot do.
    pub abilities: Vec<Ability>,
    /// Whether it can be used for calls to Glint.
    pub for_calls: bool,
    /// Whether it can be used for administration at Prism.
    pub for_admin: bool,
    /// Whether it may be removed (all but the sandbox's own).
    pub removable: bool,
    /// How it came here.
    pub origin: Origin,
    /// Where its secret lies; `None`: the secret is gone or locked away, and using the identity says what to do.
    pub kept: Option<VaultKind>,
    /// Whether it has a refresh token.
    pub refreshable: bool,
    /// The client it is used for, where the person said so. When it differs from `client_id` the token was issued to
    /// somebody else: the app token warning.
    pub used_for: Option<String>,
    /// Whether that warning applies and was not answered with "continue".
    pub foreign: bool,
}

/// A fact about a server and where it was read.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Found {
    /// What, in words.
    pub title: String,
    /// The value, verbatim.
    pub value: String,
    /// Where from, e.g. `GET /api/auth/config`.
    pub source: String,
    /// Milliseconds the answer took.
    pub elapsed_ms: Option<f64>,
}

/// A pair of servers.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Connection {
    /// Handle; `sandbox` for the built-in one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// Prism's address.
    pub prism_url: String,
    /// Glint's address; `None` for a Prism alone.
    pub glint_url: Option<String>,
    /// The provider's client id.
    pub provider_client_id: Option<String>,
    /// Its identities.
    pub identities: Vec<Identity>,
    /// The identity that administration uses.
    pub admin_identity: Option<String>,
    /// A colour people know it by; `None`: that of its environment.
    pub colour: Option<Colour>,
    /// How it is reached.
    pub transport: Transport,
    /// Whether every change of its servers is refused with `connection.read_only`.
    pub read_only: bool,
    /// Whether every write asks a person first: everywhere but in the sandbox.
    pub confirms_writes: bool,
    /// The identity that a panel takes by itself, by the id of the ability it is needed for; none where none fits. It may
    /// have ended, when there is no other.
    pub choices: BTreeMap<String, String>,
    /// The loopback redirect URIs a client has to register for signing in here, in the order they are tried.
    pub redirect_uris: Vec<String>,
    /// Whether it is saved; one given on the command line is not.
    pub saved: bool,
}

/// Lists the connections.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListConnections {}

/// The connections.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Connections {
    /// The sandbox first.
    pub connections: Vec<Connection>,
    /// What is wrong with the saved connections, if anything.
    pub problems: Vec<Problem>,
    /// The environments whose connections are read-only until somebody chooses otherwise.
    pub read_only_environments: Vec<Environment>,
    /// The product's version.
    pub version: String,
}

/// Asks both servers of a connection what they are.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CheckConnection {
    /// Connection handle.
    pub connection: String,
}

/// What the servers said.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConnectionCheck {
    /// Facts with their sources.
    pub found: Vec<Found>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// Milliseconds Prism took; `None`: no answer.
    pub prism_ms: Option<f64>,
    /// Milliseconds Glint took; `None`: no answer.
    pub glint_ms: Option<f64>,
}

/// Finds a deployment from the address of its Glint, or of a Prism. Saves nothing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DiscoverConnection {
    /// Address as typed.
    pub address: String,
    /// Prism's address, where the person named it too; what Glint's configuration says otherwise is a finding.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub prism_url: Option<String>,
    /// How it is reached.
    #[serde(default)]
    #[ts(optional, as = "Option<Transport>")]
    pub transport: Transport,
}

/// What was found at an address.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Discovered {
    /// The address, made whole.
    pub glint_url: Option<String>,
    /// Prism's address.
    pub prism_url: Option<String>,
    /// Who named it. With `configuration` the person is asked before the connection is added: only a Prism that a person
    /// confirmed gets a credential.
    pub prism_named_by: NamedBy,
    /// The provider's client id, unchanged.
    pub provider_client_id: Option<String>,
    /// A name to start with: the host.
    pub suggested_name: String,
    /// An environment to start with: nobody's production is on this computer.
    pub suggested_environment: Environment,
    /// Facts with their sources.
    pub found: Vec<Found>,
    /// What is wrong; a `refused` one means it cannot be added.
    pub problems: Vec<Problem>,
}

/// Adds a connection found before. Saved without secrets.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AddConnection {
    /// Its name.
    pub name: String,
    /// What it is used for.
    pub environment: Environment,
    /// Prism's address.
    pub prism_url: String,
    /// Who named it; with `configuration` every credential is refused until Prism's address is edited, which names it.
    #[serde(default)]
    #[ts(optional, as = "Option<NamedBy>")]
    pub prism_named_by: NamedBy,
    /// Glint's address.
    pub glint_url: Option<String>,
    /// The provider's client id.
    pub provider_client_id: Option<String>,
    /// A colour people know it by.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub colour: Option<Colour>,
    /// How it is reached.
    #[serde(default)]
    #[ts(optional, as = "Option<Transport>")]
    pub transport: Transport,
    /// Whether it is for this run only and never saved.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub unsaved: bool,
    /// Whether changes of its servers are refused; absent: in production only.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub read_only: Option<bool>,
}

/// Changes a connection; what is `None` or absent stays. A changed address drops what the credentials are bound to: they are
/// forgotten, because a credential belongs to one scheme, host and port.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct EditConnection {
    /// Connection handle.
    pub connection: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is used for.
    #[serde(default)]
    pub environment: Option<Environment>,
    /// A colour people know it by.
    #[serde(default)]
    pub colour: Option<Colour>,
    /// Whether its colour is taken away, so that it has that of its environment; a colour given beside it goes first.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub no_colour: bool,
    /// Prism's address; giving it, also unchanged, confirms that it may get credentials.
    #[serde(default)]
    pub prism_url: Option<String>,
    /// Glint's address; an empty text: none.
    #[serde(default)]
    pub glint_url: Option<String>,
    /// The provider's client id; an empty text: not known.
    #[serde(default)]
    pub provider_client_id: Option<String>,
    /// How it is reached.
    #[serde(default)]
    pub transport: Option<Transport>,
    /// Whether changes of its servers are refused. A connection that becomes production without it is read-only.
    #[serde(default)]
    pub read_only: Option<bool>,
}

/// Makes a copy of a connection without its identities.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DuplicateConnection {
    /// Connection handle.
    pub connection: String,
    /// Name of the copy.
    pub name: String,
}

/// Removes a connection and forgets its identities.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RemoveConnection {
    /// Connection handle.
    pub connection: String,
}

/// Takes a credential in, keeps it in the vault, and never hands it out again.
#[derive(Clone, Deserialize, TS)]
pub struct AddIdentity {
    /// Connection handle.
    pub connection: String,
    /// What to call it; `None` derives a name from what the servers say.
    pub label: Option<String>,
    /// The credential as pasted; for client credentials `client_id:client_secret`.
    #[ts(type = "string")]
    pub secret: scopes::secret::Secret,
    /// Its kind; `None` tells it from its form.
    pub kind: Option<CredentialKind>,
    /// The client it is used for; a token issued to another one is flagged.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub used_for: Option<String>,
}

/// A credential that was taken in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AddedIdentity {
    /// The identity.
    pub identity: Identity,
    /// What looks odd: blanks, dead token, issued to another client.
    pub problems: Vec<Problem>,
}

/// Forgets a pasted credential.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RemoveIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
}

/// Chooses the identity administration uses.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct UseAdminIdentity {
    /// Connection handle.
    pub connection: String,
    /// Identity handle.
    pub identity: String,
    /// Whether it is chosen for this run only, and then no other one stands in for it.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub for_this_run: bool,
}
