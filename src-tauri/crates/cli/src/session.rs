//! An engine with the connection a command works on.

mod input;
mod report;
mod target;
mod vault;

pub(crate) use input::{confirmed, passphrase, read_text, secret};
pub(crate) use report::{language, report};

use crate::args::{Global, VaultKind};
use crate::names::{Noun, pick, way_to_add};
use crate::render::{Given, Reply, items};
use crate::signals::{self, UnderWay};
use crate::terminal::TerminalHost;
use crate::{Outcome, out};
use engine::files::{self, SaveError};
use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use target::Target;

/// Whether a command works on servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// It needs a connection.
    Connection,
    /// It works on what is kept of a connection; a sandbox of its own would be of no use.
    Kept,
    /// It uses one only where the arguments name one.
    Nothing,
}

/// A name by which an operation of this command can be stopped.
fn own_job() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    format!("command-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// One command's engine, connection and manners.
pub(crate) struct Session {
    engine: Engine,
    /// Handle of the connection.
    pub(crate) connection: Option<String>,
    /// Handle of the identity named by an option or made from the environment.
    pub(crate) identity: Option<String>,
    /// Whether the servers are the built-in ones.
    pub(crate) is_sandbox: bool,
    /// Whether the connection was given by address, for this command alone.
    in_passing: bool,
    /// Language of every sentence.
    pub(crate) lang: Lang,
    /// Whether replies are printed as JSON.
    pub(crate) json: bool,
    /// Whether changes are sent to real servers without asking.
    pub(crate) yes: bool,
    /// Where secrets are to be kept.
    vault: Option<VaultKind>,
    /// How many tokens that could not be kept were said.
    unkept: AtomicUsize,
    /// Keeps a sandbox of our own alive.
    _sandbox: Option<sandbox::Sandbox>,
}

impl Session {
    /// Makes the engine and finds the connection.
    pub(crate) async fn open(global: &Global, wants: Wants) -> Result<Self, Problem> {
        let lang = language(global.lang);
        let target = Target::of(global, lang)?;
        let in_passing = matches!(target, Target::Addresses { .. } | Target::OwnSandbox);
        let host = if in_passing { TerminalHost::in_passing() } else { TerminalHost::at_home() };
        let mut session = Self::with(global, host)?;
        session.find(target, wants).await?;
        if let Some(wanted) = global.identity().filter(|_| session.connection.is_some()) {
            session.identity = Some(session.identity_called(&wanted).await?);
        }
        Ok(session)
    }

    /// A session on what is saved, with no connection chosen.
    pub(crate) fn at_home(global: &Global) -> Result<Self, Problem> {
        Self::with(global, TerminalHost::at_home())
    }

    /// A session on a sandbox of its own.
    pub(crate) async fn on_own_sandbox(global: &Global) -> Result<Self, Problem> {
        let global = Global { sandbox: true, connection: None, identity: None, ..global.clone() };
        Self::open(&global, Wants::Connection).await
    }

    fn with(global: &Global, host: TerminalHost) -> Result<Self, Problem> {
        let lang = language(global.lang);
        Ok(Self {
            engine: Engine::new(Arc::new(host)),
            connection: None,
            identity: None,
            is_sandbox: false,
            in_passing: false,
            lang,
            json: global.json,
            yes: global.yes,
            vault: vault::wanted(global, lang)?,
            unkept: AtomicUsize::new(0),
            _sandbox: None,
        })
    }

    /// Carries out an operation.
    pub(crate) async fn ask(&self, operation: &str, args: Value) -> Result<Value, Problem> {
        self.run(operation, args, None, &|_| {}).await
    }

    /// Carries out an operation that can be stopped by the name of its job and reports its steps.
    pub(crate) async fn run(
        &self,
        operation: &str,
        args: Value,
        job: Option<&str>,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        match self.run_once(operation, args.clone(), job, progress).await {
            // Nothing was sent: the credential could not be read yet.
            Err(problem) if problem.code == "vault.locked" => {
                self.unlock().await?;
                self.run_once(operation, args, job, progress).await
            }
            ended => ended,
        }
    }

    async fn run_once(
        &self,
        operation: &str,
        args: Value,
        job: Option<&str>,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        let lang = self.lang;
        let job = job.map_or_else(own_job, str::to_owned);
        let envelope = Envelope { operation: operation.into(), args, lang, job: Some(job.clone()) };
        let _under_way = UnderWay::begin();
        let mut running = std::pin::pin!(self.engine.handle(envelope, progress));
        let ended = tokio::select! {
            ended = &mut running => ended,
            () = signals::received() => {
                out::error_line(&say!(lang, "stopping after the request in flight", "将在当前请求结束后停止"));
                let (ended, _) = tokio::join!(running, self.stop(&job));
                ended
            }
        };
        if signals::came() {
            // A refresh under way holds the only copy of the new tokens.
            self.engine.renewals_ended().await;
        }
        if self.engine.changes_sent() > 0 {
            signals::note_sent();
        }
        self.report_unkept();
        ended.map_err(|problem| self.with_way_in(problem))
    }

    /// Says which tokens could not be written to the vault; each is said once.
    fn report_unkept(&self) {
        let unkept = self.engine.unkept(self.lang);
        let said = self.unkept.swap(unkept.len(), Ordering::Relaxed);
        for problem in unkept.iter().skip(said) {
            crate::render::problem(problem, None, self.lang);
        }
        if !unkept.is_empty() {
            crate::note_incomplete();
        }
    }

    /// Says which command or variable helps, beside a problem that asks for a credential or a vault.
    pub(crate) fn with_way_in(&self, problem: Problem) -> Problem {
        let lang = self.lang;
        match problem.code.as_str() {
            "vault.unchosen" => problem.hinted(say!(
                lang,
                "Add `--vault passphrase` or `--vault memory`, or choose with `spectroscope vault use`.",
                "加上 `--vault passphrase` 或 `--vault memory`，或用 `spectroscope vault use` 选择。"
            )),
            code if self.is_sandbox || !code.starts_with("identity.none") => problem,
            _ if self.in_passing => problem.hinted(say!(
                lang,
                "Put the credential into `SPECTROSCOPE_TOKEN`.",
                "把凭据放进 `SPECTROSCOPE_TOKEN`。"
            )),
            _ => problem.hinted(way_to_add(Noun::Identity, lang)),
        }
    }

    /// The same for changes, which report their steps. A signal stops after the request in flight.
    pub(crate) async fn ask_stoppable(
        &self,
        operation: &str,
        args: Value,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        self.run(operation, args, None, progress).await
    }

    /// Stops a job.
    async fn stop(&self, job: &str) -> Result<Value, Problem> {
        let args = json!({ "job": job });
        let envelope = Envelope { operation: "cancel_job".into(), args, lang: self.lang, job: None };
        self.engine.handle(envelope, &|_| {}).await
    }

    /// Says what is wrong, in the form asked for.
    pub(crate) fn refuse(&self, problem: &Problem, given: Option<&Given<'_>>) -> Outcome {
        report(problem, given, self.lang, self.json)
    }

    /// Prints a reply as JSON.
    pub(crate) fn print_json(&self, value: &Value) {
        out::line(&scopes::text::pretty_json(value));
    }

    /// Checks where a file is to be written, before anything is done for it; whether one may be replaced: with `--force`
    /// or after a yes on the terminal. `input`: the file that the command reads, which is never replaced.
    ///
    /// # Errors
    /// When there is one already, what has the name is no file, or it is the input.
    pub(crate) fn may_save(&self, path: &Path, input: Option<&Path>, force: bool) -> Result<bool, Problem> {
        crate::same_file::refuse_input(path, input, self.lang)?;
        match files::check(path, force) {
            Ok(_) => Ok(force),
            Err(SaveError::Exists) => {
                let name = out::safe(&path.display().to_string());
                let question = say!(self.lang, "Replace `{name}`? Type yes:", "替换 `{name}`？输入 yes：");
                let yes = confirmed(&question);
                yes.then_some(true).ok_or_else(|| SaveError::Exists.problem(path, self.lang))
            }
            Err(error) => Err(error.problem(path, self.lang)),
        }
    }

    /// Writes a file for the person; `replace` as [`Self::may_save`] answered.
    pub(crate) fn save(&self, path: &Path, text: &str, replace: bool) -> Result<(), Problem> {
        files::save(path, text.as_bytes(), replace).map_err(|error| error.problem(path, self.lang))
    }

    /// The identities of the connection.
    pub(crate) async fn identities(&self) -> Result<Vec<Value>, Problem> {
        Ok(items(self.whole().await?.at("identities")).to_vec())
    }

    /// The connection in use as the engine shows it; `Null` where there is none.
    pub(crate) async fn whole(&self) -> Result<Value, Problem> {
        let list = self.ask("list_connections", json!({})).await?;
        let mine = items(list.at("connections"))
            .iter()
            .find(|connection| connection.at("id").as_str() == self.connection.as_deref());
        Ok(mine.cloned().unwrap_or_default())
    }

    /// The handle of the identity that is meant.
    pub(crate) async fn identity_called(&self, wanted: &str) -> Result<String, Problem> {
        let all = self.identities().await?;
        let known: Vec<&Value> = all.iter().collect();
        let found = pick(Noun::Identity, &known, wanted, self.lang).map_err(|p| self.with_way_in(p))?;
        Ok(crate::render::text(found.at("id")).to_owned())
    }

    /// Administers as the identity that was named, and as no other.
    pub(crate) async fn administer(&self) -> Result<(), Problem> {
        let Some(identity) = &self.identity else { return Ok(()) };
        let args = json!({ "connection": self.connection, "identity": identity, "for_this_run": true });
        self.ask("use_admin_identity", args).await.map(drop)
    }

    /// Says as whom a real server was asked.
    pub(crate) fn say_who(&self, reply: &Value) {
        if let Some(who) = reply.at("acts_as").as_str().filter(|_| !self.is_sandbox && !self.json) {
            let who = out::safe(who);
            out::error_line(&say!(self.lang, "as {who}", "身份：{who}"));
        }
    }

    /// Whether a change may be sent: to the sandbox always, to real servers after a yes. On a read-only connection nothing
    /// is asked: the engine refuses.
    pub(crate) async fn may_write(&self) -> Result<(), Problem> {
        if self.is_sandbox || self.whole().await?.at("read_only") == true {
            return Ok(());
        }
        self.after_a_yes(
            &say!(self.lang, "Send this to a real server? Type yes:", "把它发送到真实服务器？输入 yes："),
            say!(
                self.lang,
                "Nothing was sent: a real server is changed only after a yes.",
                "没有发送任何请求：修改真实服务器之前需要确认。"
            ),
        )
    }

    /// Goes on after `--yes` or a yes on the terminal.
    pub(crate) fn after_a_yes(&self, question: &str, otherwise: String) -> Result<(), Problem> {
        if self.yes || confirmed(question) {
            return Ok(());
        }
        Err(Problem::refused("command.not_confirmed", otherwise).hinted(say!(
            self.lang,
            "Add `--yes`.",
            "加上 `--yes`。"
        )))
    }
}
