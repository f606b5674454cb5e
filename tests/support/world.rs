//! A sandbox, an engine on it, and a scripted host.

use crate::host::ScriptedHost;
use engine::{Engine, Envelope, Limits};
use sandbox::{Handout, Sandbox};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// One world per test; everything stops when it is dropped.
pub struct World {
    /// The servers.
    pub sandbox: Sandbox,
    /// The engine, with the sandbox attached.
    pub engine: Engine,
    /// The host.
    pub host: Arc<ScriptedHost>,
}

impl World {
    /// The shipped scenario, nothing saved.
    ///
    /// # Panics
    /// When no loopback port can be had.
    pub fn start() -> Self {
        Self::with(sandbox::Options::default(), None, Limits::default())
    }

    /// A world of one's own.
    ///
    /// # Panics
    /// When no loopback port can be had.
    #[expect(clippy::expect_used, reason = "a test cannot go on without its servers")]
    pub fn with(options: sandbox::Options, data_dir: Option<PathBuf>, limits: Limits) -> Self {
        let sandbox = sandbox::start(options).expect("a loopback port");
        let host = Arc::new(ScriptedHost::new(data_dir));
        let engine = Engine::with_limits(host.clone(), limits);
        let handout = serde_json::to_string(sandbox.handout()).expect("a handout");
        engine.attach_sandbox(&handout).expect("a handout the engine reads");
        Self { sandbox, engine, host }
    }

    /// Addresses and credentials.
    pub fn handout(&self) -> &Handout {
        self.sandbox.handout()
    }

    /// Carries out an operation in English.
    ///
    /// # Errors
    /// The problem it ended in.
    pub async fn call(&self, operation: &str, args: Value) -> Result<Value, Problem> {
        self.call_in(Lang::En, operation, args).await
    }

    /// Carries out an operation in a language.
    ///
    /// # Errors
    /// The problem it ended in.
    pub async fn call_in(&self, lang: Lang, operation: &str, args: Value) -> Result<Value, Problem> {
        self.engine.handle(Envelope { operation: operation.into(), args, lang, job: None }, &|_| {}).await
    }

    /// Carries out an operation and gathers its progress.
    ///
    /// # Errors
    /// The problem it ended in.
    pub async fn call_with_progress(
        &self,
        operation: &str,
        args: Value,
    ) -> Result<(Value, Vec<Value>), Problem> {
        let steps = Mutex::new(Vec::new());
        let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
        let report = |step| steps.lock().unwrap_or_else(PoisonError::into_inner).push(step);
        let reply = self.engine.handle(envelope, &report).await?;
        Ok((reply, steps.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Puts a fault in force (see `sandbox::faults::Fault` for its members).
    ///
    /// # Panics
    /// When the description is not a fault.
    #[expect(clippy::expect_used, reason = "a test with a wrong fault would prove nothing")]
    pub fn fault(&self, description: Value) {
        let fault = serde_json::from_value(description).expect("a fault");
        self.sandbox.admin().faults().inject(fault);
    }

    /// Verb, path and status of every request since the log was forgotten, both servers, in order.
    pub fn requests(&self) -> Vec<(String, String, u64)> {
        let archive = self.sandbox.admin().log().archive();
        let entries = archive.pointer("/log/entries").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |entry: &Value, at: &str| {
            entry.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let path = |url: String| url.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let status = entry.pointer("/response/status").and_then(Value::as_u64).unwrap_or_default();
                (text(entry, "/request/method"), path(text(entry, "/request/url")), status)
            })
            .collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.sandbox.admin().log().clear();
    }

    /// An operation on the sandbox connection: `connection` is filled in.
    ///
    /// # Errors
    /// The problem it ended in.
    pub async fn on_sandbox(&self, operation: &str, mut args: Value) -> Result<Value, Problem> {
        if let Some(members) = args.as_object_mut() {
            members.insert("connection".into(), json!("sandbox"));
        }
        self.call(operation, args).await
    }
}
