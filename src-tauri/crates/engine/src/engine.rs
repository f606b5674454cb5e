//! The one door: an envelope in, a reply or a problem out.

use crate::activity::Journal;
use crate::answer::{Answer, read};
use crate::ask::Ask;
use crate::clipboard::Clipboard;
use crate::connections::{Deployment, Store};
use crate::context::Context;
use crate::data_dir::DataDir;
use crate::effects::{self, Effect, Effects};
use crate::governor::Governor;
use crate::host::Host;
use crate::http::{Credential, Http, Limits, describe};
use crate::jobs::{Cancel, Jobs};
use crate::oauth::SignIns;
use crate::operation::{Asked, Envelope, Operation, carry_out, start};
use crate::prism;
use crate::recent::Recent;
use crate::server::Server;
use crate::texts::Texts;
use crate::vault::Vault;
use scopes::exchange::{Exchange, Request, TransportFailure};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// Connections, identities and everything that can be done with them. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    /// Of the job this value was made for; each call of [`Engine::handle`] has its own.
    governor: Arc<Governor>,
    /// Of the same job.
    effects: Effects,
}

struct Inner {
    host: Arc<dyn Host>,
    http: Http,
    data_dir: Option<DataDir>,
    store: Store,
    vault: Vault,
    journal: Journal,
    recent: Recent,
    texts: Texts,
    jobs: Jobs,
    sign_ins: SignIns,
    clipboard: Clipboard,
    limits: Limits,
    changes_sent: AtomicU64,
    renewing: watch::Sender<usize>,
}

/// A refresh under way.
pub(crate) struct Renewing(Engine);

impl Drop for Renewing {
    fn drop(&mut self) {
        self.0.inner.renewing.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Engine {
    /// An engine with the connections saved in the host's data directory.
    pub fn new(host: Arc<dyn Host>) -> Self {
        Self::with_limits(host, Limits::default())
    }

    /// The same with other limits on waiting.
    pub fn with_limits(host: Arc<dyn Host>, limits: Limits) -> Self {
        let data_dir = host.data_dir().map(|path| DataDir::new(&path));
        let store = Store::open(data_dir.clone());
        let vault = Vault::new(data_dir.clone(), host.keychain());
        let inner = Inner {
            host,
            http: Http::new(limits),
            data_dir,
            store,
            vault,
            journal: Journal::default(),
            recent: Recent::default(),
            texts: Texts::default(),
            jobs: Jobs::default(),
            sign_ins: SignIns::default(),
            clipboard: Clipboard::default(),
            limits,
            changes_sent: AtomicU64::new(0),
            renewing: watch::Sender::new(0),
        };
        let governor = Arc::new(Governor::new(inner.host.clone()));
        let effects = Effects::new(inner.host.clone());
        Self { inner: Arc::new(inner), governor, effects }
    }

    /// Adds the built-in connection from the sandbox's handout (JSON); replaces an earlier one.
    ///
    /// # Errors
    /// When the text is not a handout.
    pub fn attach_sandbox(&self, handout: &str) -> Result<(), Problem> {
        let deployment = crate::connections::sandbox(handout)?;
        self.store().attach(deployment);
        Ok(())
    }

    /// Carries out an operation under the name `job`, by which `cancel_job` can stop it. Its steps, where it has any, go to
    /// `progress`.
    ///
    /// # Errors
    /// Every refusal is a [`Problem`] in the language asked for.
    pub async fn run<O: Operation>(
        &self,
        operation: O,
        lang: Lang,
        job: Option<String>,
        progress: &(dyn Fn(&O::Progress) + Send + Sync),
    ) -> Result<O::Reply, Problem> {
        let entered = self.inner.jobs.enter(job);
        let report = |step: &dyn Any| {
            if let Some(step) = step.downcast_ref() {
                progress(step);
            }
        };
        let cx = Context::new(lang, entered.cancel.clone(), &report);
        let own = Self {
            inner: self.inner.clone(),
            governor: Arc::new(Governor::new(self.inner.host.clone())),
            effects: Effects::new(self.inner.host.clone()),
        };
        // A problem may quote what it was about, and what it was about may be anything.
        carry_out(operation, &own, &cx).await.map_err(Problem::redacted)
    }

    /// The same for an operation that is named and whose arguments, reply and steps are JSON.
    ///
    /// # Errors
    /// Those of [`Self::run`], and when there is no such operation or it has other arguments.
    pub async fn handle(
        &self,
        envelope: Envelope,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        let args =
            if envelope.args.is_null() { Value::Object(serde_json::Map::new()) } else { envelope.args };
        let asked = Asked { lang: envelope.lang, job: envelope.job, progress };
        start(&envelope.operation, args, self, asked)
            .map_err(Problem::redacted)?
            .await
            .map_err(Problem::redacted)
    }

    /// What must not outlive the program: a secret of ours that is still on the clipboard. To be called at its end.
    pub fn leave(&self) {
        if let Some(secret) = self.clipboard().take() {
            // Nobody is left who could be told that the clipboard does not answer.
            let _ = self.host().clear_clipboard_if(secret.expose());
        }
    }

    /// How many requests that change something at a server have left so far; token requests are among them.
    pub fn changes_sent(&self) -> u64 {
        self.inner.changes_sent.load(Ordering::SeqCst)
    }

    /// What is lost when the program ends now: new tokens that could not be written to the vault.
    pub fn unkept(&self, lang: Lang) -> Vec<Problem> {
        let connections = self.store().all();
        let identities = connections.iter().flat_map(|deployment| &deployment.identities);
        identities.filter_map(|held| held.unwritten_warning(lang)).collect()
    }

    /// Waits until no refresh is under way: its answer holds the only copy of the new tokens.
    pub async fn renewals_ended(&self) {
        let mut renewing = self.inner.renewing.subscribe();
        // The sender lives in `self`, so that waiting ends with the last refresh.
        let _ = renewing.wait_for(|count| *count == 0).await;
    }

    /// Counts a refresh until the value is dropped.
    pub(crate) fn renewing(&self) -> Renewing {
        self.inner.renewing.send_modify(|count| *count += 1);
        Renewing(self.clone())
    }

    pub(crate) fn clipboard(&self) -> &Clipboard {
        &self.inner.clipboard
    }

    pub(crate) fn host(&self) -> &dyn Host {
        self.inner.host.as_ref()
    }

    /// Where files are kept; `None`: nothing outlives this run.
    pub(crate) fn data_dir(&self) -> Option<&DataDir> {
        self.inner.data_dir.as_ref()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    pub(crate) fn recent(&self) -> &Recent {
        &self.inner.recent
    }

    /// The texts that are looked through.
    pub(crate) fn texts(&self) -> &Texts {
        &self.inner.texts
    }

    /// What this job may still send.
    pub(crate) fn governor(&self) -> &Governor {
        &self.governor
    }

    /// What this job has changed.
    pub(crate) fn effects(&self) -> &Effects {
        &self.effects
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    /// The sign-ins that wait for the browser.
    pub(crate) fn sign_ins(&self) -> &SignIns {
        &self.inner.sign_ins
    }

    /// How long and how much is waited for.
    pub(crate) fn limits(&self) -> Limits {
        self.inner.limits
    }

    /// Closes connections nothing is under way on, because they remember the credential they sent last.
    pub(crate) fn close_idle(&self) {
        self.inner.http.close_idle();
    }

    /// A connection by its handle.
    pub(crate) fn connection(&self, id: &str, lang: Lang) -> Result<Deployment, Problem> {
        self.store().get(id).ok_or_else(|| crate::connections::unknown(id, lang))
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
    ) -> Answer<T> {
        read(self.send(server, ask, credential, None).await)
    }

    /// The request as it would be sent, without an answer.
    pub(crate) fn exchange_of<T>(&self, server: &Server, ask: &Ask<T>) -> Exchange {
        let url = server.url(&ask.segments, &ask.query).map(String::from).unwrap_or_default();
        Exchange {
            request: describe(ask, &url),
            started_at: Some(self.host().now_ms()),
            ..Exchange::default()
        }
    }

    /// Carries out one exchange; what must never be called is not.
    pub(crate) async fn exchange<T>(
        &self,
        server: &Server,
        ask: &Ask<T>,
        credential: Option<&Credential>,
        cancel: Option<&Cancel>,
    ) -> Exchange {
        if prism::is_blocked(&ask.segments) {
            let words = "`/api/oauth/me/apps` is never called: it erases app scopes".to_owned();
            return Exchange {
                failure: Some((TransportFailure::NotSent, words)),
                ..self.exchange_of(server, ask)
            };
        }
        let _effect = ask.changes().then(|| self.change_begins());
        let exchange = self.inner.http.send(server, ask, credential, self.host().now_ms(), cancel).await;
        if let Some(credential) = credential {
            credential.note(ask, &exchange);
        }
        exchange
    }

    /// The same as [`Self::send_prepared`] for what changes something there: tokens, revocations, registrations.
    pub(crate) async fn send_change(&self, server: &Server, request: Request) -> Exchange {
        let _effect = self.change_begins();
        self.send_prepared(server, request).await
    }

    fn change_begins(&self) -> effects::UnderWay {
        self.inner.changes_sent.fetch_add(1, Ordering::SeqCst);
        effects::begin(Effect::Request)
    }

    /// Carries out one exchange whose request was made whole elsewhere, its credential included.
    pub(crate) async fn exchange_prepared(&self, server: &Server, request: Request) -> Exchange {
        self.inner.http.send_prepared(server, request, self.host().now_ms()).await
    }
}
