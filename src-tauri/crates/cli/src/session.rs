//! An engine with the connection a command works on.

use crate::args::{Global, Tongue};
use crate::out;
use crate::render::{self, Given, Reply, items, text};
use crate::terminal::TerminalHost;
use crate::{Outcome, handout};
use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// The variable that holds the credential of a connection given by address.
const TOKEN: &str = "SPECTROSCOPE_TOKEN";

/// Whether a command works on servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wants {
    /// It needs a connection.
    Connection,
    /// It uses one only where the arguments name one.
    Nothing,
}

/// One command's engine, connection and manners.
pub(crate) struct Session {
    engine: Engine,
    /// Handle of the connection.
    pub(crate) connection: Option<String>,
    /// Handle of the identity made from the environment.
    pub(crate) identity: Option<String>,
    /// Whether the servers are the built-in ones.
    pub(crate) is_sandbox: bool,
    /// Language of every sentence.
    pub(crate) lang: Lang,
    /// Whether replies are printed as JSON.
    pub(crate) json: bool,
    /// Whether changes are sent to real servers without asking.
    pub(crate) yes: bool,
    /// Keeps a sandbox of our own alive.
    _sandbox: Option<sandbox::Sandbox>,
}

impl Session {
    /// Makes the engine and finds the connection.
    pub(crate) async fn open(global: &Global, wants: Wants) -> Result<Self, Problem> {
        let mut session = Self {
            engine: Engine::new(Arc::new(TerminalHost)),
            connection: None,
            identity: None,
            is_sandbox: false,
            lang: language(global.lang),
            json: global.json,
            yes: global.yes,
            _sandbox: None,
        };
        let (prism, glint) = global.addresses();
        if global.sandbox {
            session.start_sandbox()?;
        } else if prism.is_some() || glint.is_some() {
            session.connect(prism.as_deref(), glint.as_deref()).await?;
        } else if wants == Wants::Connection && !session.use_running_sandbox().await {
            out::error_line(&say!(
                session.lang,
                "no connection given: a sandbox of this command's own is used",
                "没有指定连接：使用本命令自己的沙盒"
            ));
            session.start_sandbox()?;
        }
        Ok(session)
    }

    /// A session on a sandbox of its own.
    pub(crate) async fn on_own_sandbox(global: &Global) -> Result<Self, Problem> {
        let global = Global { sandbox: true, ..global.clone() };
        Self::open(&global, Wants::Connection).await
    }

    /// Carries out an operation.
    pub(crate) async fn ask(&self, operation: &str, args: Value) -> Result<Value, Problem> {
        self.ask_reporting(operation, args, &|_| {}).await
    }

    /// Carries out an operation that reports its steps.
    pub(crate) async fn ask_reporting(
        &self,
        operation: &str,
        args: Value,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        let envelope = Envelope { operation: operation.into(), args, lang: self.lang, job: None };
        self.engine.handle(envelope, progress).await.map_err(|problem| self.with_way_in(problem))
    }

    /// Says where a credential goes, beside a problem that asks for one: a command takes none as an argument.
    pub(crate) fn with_way_in(&self, problem: Problem) -> Problem {
        if self.is_sandbox || !problem.code.starts_with("identity.none") {
            return problem;
        }
        let lang = self.lang;
        problem.hinted(say!(lang, "Put the credential into `{TOKEN}`.", "把凭据放进 `{TOKEN}`。"))
    }

    /// The same for changes: Ctrl-C stops after the request in flight, and what was done is reported.
    pub(crate) async fn ask_stoppable(
        &self,
        operation: &str,
        args: Value,
        progress: &(dyn Fn(Value) + Send + Sync),
    ) -> Result<Value, Problem> {
        const JOB: &str = "command";
        let lang = self.lang;
        let envelope = Envelope { operation: operation.into(), args, lang, job: Some(JOB.into()) };
        let mut running = std::pin::pin!(self.engine.handle(envelope, progress));
        tokio::select! {
            ended = &mut running => return ended,
            _ = tokio::signal::ctrl_c() => {}
        }
        out::error_line(&say!(lang, "stopping after the request in flight", "将在当前请求结束后停止"));
        let stop = json!({ "job": JOB });
        let (ended, _) = tokio::join!(running, self.ask("cancel_job", stop));
        ended
    }

    /// Says what is wrong, in the form asked for.
    pub(crate) fn refuse(&self, problem: &Problem, given: Option<&Given<'_>>) -> Outcome {
        report(problem, given, self.lang, self.json)
    }

    /// Prints a reply as JSON.
    pub(crate) fn print_json(&self, value: &Value) {
        out::line(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    async fn use_running_sandbox(&mut self) -> bool {
        let Some(handout) = handout::read() else { return false };
        if self.engine.attach_sandbox(&handout).is_err() {
            return false;
        }
        let check = self.ask("check_connection", json!({ "connection": "sandbox" })).await;
        let answers =
            check.is_ok_and(|check| !check.at("prism_ms").is_null() && !check.at("glint_ms").is_null());
        if answers {
            self.connection = Some("sandbox".into());
            self.is_sandbox = true;
        }
        answers
    }

    fn start_sandbox(&mut self) -> Result<(), Problem> {
        let failed = |words: String| Problem::refused("sandbox.not_started", words);
        let sandbox =
            sandbox::start(sandbox::Options::default()).map_err(|error| failed(error.to_string()))?;
        let handout = serde_json::to_string(sandbox.handout()).map_err(|error| failed(error.to_string()))?;
        self.engine.attach_sandbox(&handout)?;
        self.connection = Some("sandbox".into());
        self.is_sandbox = true;
        self._sandbox = Some(sandbox);
        Ok(())
    }

    async fn connect(&mut self, prism: Option<&str>, glint: Option<&str>) -> Result<(), Problem> {
        let address = glint.or(prism).unwrap_or_default();
        let found = self.ask("discover_connection", json!({ "address": address })).await?;
        render::problems(found.at("problems"), None, self.lang);
        let prism = prism.map_or_else(|| found.at("prism_url").clone(), Value::from);
        let added = self
            .ask(
                "add_connection",
                json!({
                    "name": found.at("suggested_name"),
                    "environment": "production",
                    "prism_url": prism,
                    "glint_url": found.at("glint_url"),
                    "provider_client_id": found.at("provider_client_id"),
                }),
            )
            .await?;
        let newest =
            items(added.at("connections")).last().map(|connection| text(connection.at("id")).to_owned());
        self.connection.clone_from(&newest);
        if let (Ok(secret), Some(connection)) = (std::env::var(TOKEN), newest) {
            let args = json!({ "connection": connection, "secret": secret });
            let added = self.ask("add_identity", args).await?;
            render::problems(added.at("problems"), None, self.lang);
            self.identity = added.at("identity").at("id").as_str().map(str::to_owned);
            if let Some(identity) =
                self.identity.clone().filter(|_| added.at("identity").at("for_admin") == true)
            {
                let args = json!({ "connection": self.connection, "identity": identity });
                self.ask("use_admin_identity", args).await?;
            }
        }
        Ok(())
    }

    /// Whether a change may be sent: to the sandbox always, to real servers after a yes.
    pub(crate) fn may_write(&self) -> Result<(), Problem> {
        if self.is_sandbox || self.yes || asked(self.lang) {
            return Ok(());
        }
        Err(Problem::refused(
            "command.not_confirmed",
            say!(
                self.lang,
                "Nothing was sent: a real server is changed only after a yes.",
                "没有发送任何请求：修改真实服务器之前需要确认。"
            ),
        )
        .hinted(say!(self.lang, "Add `--yes`.", "加上 `--yes`。")))
    }
}

/// Asks on the terminal, where there is somebody to ask.
fn asked(lang: Lang) -> bool {
    use std::io::{BufRead, IsTerminal};
    if !std::io::stdin().is_terminal() {
        return false;
    }
    out::error_line(&say!(lang, "Send this to a real server? Type yes:", "把它发送到真实服务器？输入 yes："));
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).is_ok() && line.trim() == "yes"
}

/// Says what is wrong, in the form asked for.
pub(crate) fn report(problem: &Problem, given: Option<&Given<'_>>, lang: Lang, json: bool) -> Outcome {
    if json {
        let value = json!({ "problem": problem });
        out::line(&serde_json::to_string_pretty(&value).unwrap_or_default());
    } else {
        render::problem(problem, given, lang);
    }
    outcome_of(&problem.code)
}

/// How a command ends that a problem stopped.
fn outcome_of(code: &str) -> Outcome {
    const MISTYPED: [&str; 4] = ["address.", "scenario.", "read.format", "read.no_such_entry"];
    const OPEN: [&str; 7] = ["reach.", "sandbox.", "discovery.", "server.", "file.", "text.", "read."];
    let among = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
    if among(&MISTYPED) {
        Outcome::Usage
    } else if among(&OPEN) {
        Outcome::Unknown
    } else {
        Outcome::Refused
    }
}

/// The language asked for, or the system's.
pub(crate) fn language(asked: Option<Tongue>) -> Lang {
    match asked {
        Some(Tongue::En) => Lang::En,
        Some(Tongue::Zh) => Lang::Zh,
        None => {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
            if locale.is_some_and(|locale| locale.starts_with("zh")) { Lang::Zh } else { Lang::En }
        }
    }
}

/// Reads a file or, for `-`, standard input, as text of up to so many bytes. Answers its name, too.
pub(crate) fn read_text(path: &Path, longest: usize, lang: Lang) -> Result<(String, String), Problem> {
    use std::io::Read;
    let name = path.display().to_string();
    let most = longest as u64 + 1;
    let mut bytes = Vec::new();
    let read = if name == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => {
            let text = scopes::text::decode_up_to(longest, &bytes, lang)?;
            if text.trim().is_empty() {
                // What a failed command before a pipe leaves; taken for an empty list it would pass for done.
                let words = match name.as_str() {
                    "-" => say!(lang, "Nothing came on standard input.", "标准输入没有内容。"),
                    _ => say!(lang, "There is nothing in `{name}`.", "`{name}` 是空的。"),
                };
                return Err(Problem::refused("text.empty", words));
            }
            Ok((name, text))
        }
        Err(error) => Err(Problem::refused(
            "file.unreadable",
            say!(lang, "`{name}` cannot be read: {error}.", "无法读取 `{name}`：{error}。"),
        )),
    }
}
