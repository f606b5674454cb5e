//! Saved servers, and the identities of this run. The file never holds a secret.

mod file;
mod handout;

use crate::identities::Held;
use crate::operations::connections::{Connection, Environment, Transport};
use crate::operations::scopes::Consumer;
use crate::server::Server;
use scopes::lang::Lang;
use scopes::plan::Definition;
use scopes::problem::Problem;
use scopes::say;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use handout::sandbox;

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
    /// Glint's address.
    pub(crate) glint_url: Option<String>,
    /// The provider's client id.
    pub(crate) provider_client_id: Option<String>,
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
    /// The definitions as they were read last, for what must be answered while somebody types.
    pub(crate) live: Option<Arc<Vec<Definition>>>,
    /// The consumers as they were read last.
    pub(crate) consumers: Arc<Vec<Consumer>>,
    /// Names of teams and sets as they were picked from, by id.
    pub(crate) names: BTreeMap<String, String>,
}

impl Deployment {
    /// Whether this is the built-in one.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.saved.environment == Environment::Sandbox
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

    /// The identity that administration uses.
    pub(crate) fn admin(&self, lang: Lang) -> Result<Arc<Held>, Problem> {
        let found = self.admin.as_ref().and_then(|id| self.identities.iter().find(|held| held.id == *id));
        found.cloned().ok_or_else(|| {
            Problem::refused(
                "identity.none_for_admin",
                say!(
                    lang,
                    "No identity of this connection can administer the provider.",
                    "此连接没有可以管理提供方的身份。"
                ),
            )
            .hinted(say!(
                lang,
                "Add a personal access token with `apps:read` and `apps:write` in Connections.",
                "在“连接”面板添加带有 `apps:read` 和 `apps:write` 的个人访问令牌。"
            ))
        })
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
                "Add the connection again from the address of its Glint.",
                "用 Glint 的地址重新添加连接。"
            ))
        })
    }

    /// What the window sees.
    pub(crate) fn view(&self, lang: Lang) -> Connection {
        Connection {
            id: self.saved.id.clone(),
            name: self.name(lang),
            environment: self.saved.environment,
            prism_url: self.prism.base(),
            glint_url: self.glint.as_ref().map(Server::base),
            provider_client_id: self.saved.provider_client_id.clone(),
            identities: self.identities.iter().map(|held| held.view(self, lang)).collect(),
            admin_identity: self.admin.clone(),
            colour: None,
            transport: Transport::default(),
            redirect_uris: Vec::new(),
            saved: !self.is_sandbox(),
        }
    }
}

/// All connections; the saved ones are on disk as soon as they are here.
pub(crate) struct Store {
    file: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    deployments: Vec<Deployment>,
    /// Why the file is not written to: it is of a newer version, or cannot be read.
    fault: Option<file::Fault>,
    /// Saved connections whose address cannot be used; they stay in the file as they are.
    unusable: Vec<Saved>,
    counter: u64,
}

impl Store {
    /// Reads what is saved.
    pub(crate) fn open(data_dir: Option<PathBuf>) -> Self {
        let file = data_dir.map(|dir| dir.join("connections.json"));
        let (saved, fault) = file.as_deref().map_or((Vec::new(), None), file::load);
        let (usable, unusable): (Vec<Saved>, Vec<Saved>) =
            saved.into_iter().partition(|saved| deployment(saved.clone()).is_some());
        let deployments = usable.into_iter().filter_map(deployment).collect();
        Self { file, state: Mutex::new(State { deployments, fault, unusable, counter: 0 }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wrong with the file.
    pub(crate) fn problems(&self, lang: Lang) -> Vec<Problem> {
        let state = self.lock();
        let unusable = state.unusable.iter().map(|saved| {
            let (name, address) = (&saved.name, &saved.prism_url);
            Problem::risky(
                "connections.unusable_address",
                say!(
                    lang,
                    "The saved connection {name} is left out: its address `{address}` cannot be used.",
                    "已略去保存的连接 {name}：无法使用它的地址 `{address}`。"
                ),
            )
            .hinted(say!(
                lang,
                "Add it again with an address that has https.",
                "用 https 地址重新添加。"
            ))
        });
        state.fault.iter().map(|fault| fault.problem(lang)).chain(unusable).collect()
    }

    /// All of them, the sandbox first.
    pub(crate) fn all(&self) -> Vec<Deployment> {
        self.lock().deployments.clone()
    }

    /// One of them.
    pub(crate) fn get(&self, id: &str) -> Option<Deployment> {
        self.lock().deployments.iter().find(|d| d.saved.id == id).cloned()
    }

    /// Puts the sandbox in front.
    pub(crate) fn attach(&self, sandbox: Deployment) {
        let mut state = self.lock();
        state.deployments.retain(|d| !d.is_sandbox());
        state.deployments.insert(0, sandbox);
    }

    /// A new handle, `prefix` and a number that no handle of this run has.
    pub(crate) fn handle(&self, prefix: &str) -> String {
        let mut state = self.lock();
        loop {
            state.counter += 1;
            let id = format!("{prefix}{}", state.counter);
            let taken = state.deployments.iter().map(|d| &d.saved).chain(&state.unusable);
            if taken.into_iter().all(|saved| saved.id != id) {
                return id;
            }
        }
    }

    /// Adds a connection and saves; nothing is added when it cannot be saved.
    pub(crate) fn add(&self, deployment: Deployment, lang: Lang) -> Result<(), Problem> {
        let mut state = self.lock();
        let mut after = state.deployments.clone();
        after.push(deployment);
        self.save(&state, &after, lang)?;
        state.deployments = after;
        Ok(())
    }

    /// Removes a connection with its identities and saves; whether it was there.
    pub(crate) fn remove(&self, id: &str, lang: Lang) -> Result<bool, Problem> {
        let mut state = self.lock();
        let mut after = state.deployments.clone();
        after.retain(|d| d.saved.id != id);
        if after.len() == state.deployments.len() {
            return Ok(false);
        }
        self.save(&state, &after, lang)?;
        state.deployments = after;
        Ok(true)
    }

    /// Changes what is held in memory of a connection; nothing of it is saved.
    pub(crate) fn change(&self, id: &str, change: impl FnOnce(&mut Deployment)) {
        if let Some(deployment) = self.lock().deployments.iter_mut().find(|d| d.saved.id == id) {
            change(deployment);
        }
    }

    /// Changes what is saved of a connection and of its identities, and saves; nothing is changed when it cannot be saved.
    pub(crate) fn change_saved(
        &self,
        id: &str,
        lang: Lang,
        change: impl FnOnce(&mut Deployment),
    ) -> Result<(), Problem> {
        let mut state = self.lock();
        let mut after = state.deployments.clone();
        let Some(deployment) = after.iter_mut().find(|d| d.saved.id == id) else { return Ok(()) };
        change(deployment);
        if !deployment.is_sandbox() {
            self.save(&state, &after, lang)?;
        }
        state.deployments = after;
        Ok(())
    }

    fn save(&self, state: &State, after: &[Deployment], lang: Lang) -> Result<(), Problem> {
        if let Some(fault) = &state.fault {
            return Err(fault.problem(lang));
        }
        let Some(path) = &self.file else { return Ok(()) };
        let usable = after.iter().filter(|d| !d.is_sandbox()).map(|d| &d.saved);
        let saved = usable.chain(&state.unusable).cloned().collect();
        file::save(path, saved).map_err(|error| file::Fault::Write(error.to_string()).problem(lang))
    }
}

/// A saved connection with its addresses read; `None` when one of them cannot be used.
pub(crate) fn deployment(saved: Saved) -> Option<Deployment> {
    let prism = Server::parse(&saved.prism_url).ok()?;
    let glint = saved.glint_url.as_deref().map(Server::parse).transpose().ok()?;
    Some(Deployment {
        saved,
        prism,
        glint,
        provider_app_id: None,
        provider_name: None,
        identities: Vec::new(),
        admin: None,
        live: None,
        consumers: Arc::default(),
        names: BTreeMap::new(),
    })
}
