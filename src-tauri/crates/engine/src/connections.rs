//! Saved servers, and the identities of this run. The file never holds a secret.

mod file;
mod handout;
mod read_only;
mod saved;
mod store;
mod trust;

use crate::identities::{Held, SavedIdentity, choices};
use crate::oauth;
use crate::operations::connections::{Colour, Connection, Environment, NamedBy, Transport};
use crate::operations::scopes::Consumer;
use crate::server::Server;
use scopes::lang::Lang;
use scopes::plan::Definition;
use scopes::problem::Problem;
use scopes::say;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use handout::sandbox;
pub(crate) use store::{Store, handle, unknown};

/// Handle of the built-in connection.
pub(crate) const SANDBOX: &str = "sandbox";

/// What is saved of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// Handle.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// What it is used for.
    pub(crate) environment: Environment,
    /// Prism's address.
    pub(crate) prism_url: String,
    /// Who named Prism's origin; a file that does not say was written after a person saved it.
    #[serde(default, skip_serializing_if = "NamedBy::is_person")]
    pub(crate) prism_named_by: NamedBy,
    /// Glint's address.
    pub(crate) glint_url: Option<String>,
    /// The provider's client id.
    pub(crate) provider_client_id: Option<String>,
    /// A colour people know it by.
    #[serde(default)]
    pub(crate) colour: Option<Colour>,
    /// How it is reached.
    #[serde(default)]
    pub(crate) transport: Transport,
    /// Whether changes of its servers are refused, where the person said so; see [`Saved::is_read_only`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<bool>,
    /// Handle of the identity that administration uses.
    #[serde(default)]
    pub(crate) admin: Option<String>,
    /// Its identities without their secrets.
    #[serde(default)]
    pub(crate) identities: Vec<SavedIdentity>,
    /// Members this version does not know; they are written back as they were.
    #[serde(flatten)]
    pub(crate) rest: Map<String, Value>,
}

impl Saved {
    /// A connection with nothing but its address.
    pub(crate) fn new(id: String, name: String, environment: Environment, prism_url: String) -> Self {
        Self {
            id,
            name,
            environment,
            prism_url,
            prism_named_by: NamedBy::Person,
            glint_url: None,
            provider_client_id: None,
            colour: None,
            transport: Transport::default(),
            read_only: None,
            admin: None,
            identities: Vec::new(),
            rest: Map::new(),
        }
    }
}

/// A pair of servers with the identities for it.
#[derive(Clone)]
pub(crate) struct Deployment {
    /// What is saved.
    pub(crate) saved: Saved,
    /// Prism.
    pub(crate) prism: Server,
    /// Glint.
    pub(crate) glint: Option<Server>,
    /// The provider's internal id, where known.
    pub(crate) provider_app_id: Option<String>,
    /// The provider's name, where known.
    pub(crate) provider_name: Option<String>,
    /// Identities in the order they came.
    pub(crate) identities: Vec<Arc<Held>>,
    /// Handle of the identity that administration uses.
    pub(crate) admin: Option<String>,
    /// Handle of the only identity that administration uses in this run.
    pub(crate) admin_now: Option<String>,
    /// The definitions as they were read last, for what must be answered while somebody types.
    pub(crate) live: Option<Arc<Vec<Definition>>>,
    /// The consumers as they were read last.
    pub(crate) consumers: Arc<Vec<Consumer>>,
    /// Names of teams and sets as they were picked from, by id.
    pub(crate) names: BTreeMap<String, String>,
    /// Whether it outlives this run. The secrets of one that does not stay in memory.
    pub(crate) lasting: bool,
}

impl Deployment {
    /// Whether this is the built-in one.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.saved.environment == Environment::Sandbox
    }

    /// Handle of the identity chosen for administration, for this run or for good.
    pub(crate) fn administers(&self) -> Option<&String> {
        self.admin_now.as_ref().or(self.admin.as_ref())
    }

    /// Every server of it.
    pub(crate) fn servers(&self) -> Vec<Server> {
        std::iter::once(self.prism.clone()).chain(self.glint.clone()).collect()
    }

    /// Its name, in the language asked for where it is ours.
    pub(crate) fn name(&self, lang: Lang) -> String {
        if self.is_sandbox() { say!(lang, "Sandbox", "沙盒") } else { self.saved.name.clone() }
    }

    /// An identity by its handle.
    pub(crate) fn identity(&self, id: &str, lang: Lang) -> Result<Arc<Held>, Problem> {
        self.identities.iter().find(|held| held.id == id).cloned().ok_or_else(|| {
            Problem::refused(
                "identity.unknown",
                say!(lang, "There is no identity `{id}` here.", "这里没有身份 `{id}`。"),
            )
            .hinted(say!(
                lang,
                "Choose another identity or add one.",
                "选择另一个身份或添加一个。"
            ))
        })
    }

    /// The provider's client id without the blanks around it that a configuration may have, where it is known.
    pub(crate) fn provider(&self) -> Option<&str> {
        self.saved.provider_client_id.as_deref().map(str::trim)
    }

    /// The provider's client id, needed for nearly everything.
    pub(crate) fn provider_client_id(&self, lang: Lang) -> Result<&str, Problem> {
        self.saved.provider_client_id.as_deref().ok_or_else(|| {
            Problem::refused(
                "connection.no_provider",
                say!(
                    lang,
                    "The provider's client id of this connection is not known.",
                    "此连接的提供方 client id 未知。"
                ),
            )
            .hinted(say!(
                lang,
                "Edit the connection and fill it in, or add the connection again from the address of its Glint.",
                "编辑连接并填写它，或用 Glint 的地址重新添加连接。"
            ))
        })
    }

    /// The loopback redirect URIs a client registers for signing in here, in the order they are tried.
    pub(crate) fn redirect_uris(&self) -> Vec<String> {
        let slug = oauth::slug(self);
        oauth::ports(self).into_iter().map(|port| oauth::uri(port, &slug)).collect()
    }

    /// What the window sees at a time, in Unix seconds.
    pub(crate) fn view(&self, now: i64, lang: Lang) -> Connection {
        Connection {
            id: self.saved.id.clone(),
            name: self.name(lang),
            environment: self.saved.environment,
            prism_url: self.prism.base(),
            glint_url: self.glint.as_ref().map(Server::base),
            provider_client_id: self.saved.provider_client_id.clone(),
            identities: self.identities.iter().map(|held| held.view_now(self, now, lang)).collect(),
            admin_identity: self.administers().cloned(),
            colour: self.saved.colour,
            transport: self.saved.transport.clone(),
            read_only: self.saved.is_read_only(),
            confirms_writes: self.saved.environment.confirms_writes(),
            choices: choices(self, now),
            redirect_uris: self.redirect_uris(),
            saved: self.lasting,
        }
    }
}

/// A saved connection with its addresses read; `None` when one of them cannot be used.
pub(crate) fn deployment(saved: Saved) -> Option<Deployment> {
    let server = |address: &str| Server::parse(address).map(|server| server.over(&saved.transport));
    let prism = server(&saved.prism_url).ok()?;
    let glint = saved.glint_url.as_deref().map(server).transpose().ok()?;
    let identities: Vec<Arc<Held>> =
        saved.identities.iter().cloned().map(|saved| Arc::new(Held::restored(saved))).collect();
    let admin = saved.admin.clone().filter(|id| identities.iter().any(|held| held.id == *id));
    Some(Deployment {
        saved,
        prism,
        glint,
        provider_app_id: None,
        provider_name: None,
        identities,
        admin,
        admin_now: None,
        live: None,
        consumers: Arc::default(),
        names: BTreeMap::new(),
        lasting: false,
    })
}
