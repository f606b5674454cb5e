//! Which connection a command works on.

use super::{Session, Wants};
use crate::args::{Global, Variable};
use crate::names::{Noun, listed, pick, way_to_add};
use crate::render::{self, Reply, items, text};
use crate::terminal::TerminalHost;
use crate::{handout, out};
use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::sync::Arc;

/// The name of the variable that holds the credential of a connection given by address.
const TOKEN: &str = Variable::Token.name();

/// The name by which the running sandbox is asked for.
const SANDBOX: &str = "sandbox";

/// What the arguments and the environment say, in this order: `--sandbox`, `--prism` and `--glint`, `--connection`,
/// then the variables.
pub(super) enum Target {
    /// A sandbox for this command alone.
    OwnSandbox,
    /// Servers by their addresses, for this command alone.
    Addresses { prism: Option<String>, glint: Option<String> },
    /// A saved connection, or the running sandbox by its name.
    Named(String),
    /// Nothing was said.
    Unnamed,
}

impl Target {
    /// Reads the arguments.
    ///
    /// # Errors
    /// When the environment names two: which one is meant cannot be guessed.
    pub(super) fn of(global: &Global, lang: Lang) -> Result<Self, Problem> {
        if global.sandbox {
            return Ok(Self::OwnSandbox);
        }
        let (prism, glint) = global.addresses();
        let named = Variable::Connection.value();
        if global.prism.is_some() || global.glint.is_some() {
            return Ok(Self::Addresses { prism, glint });
        }
        if let Some(name) = &global.connection {
            return Ok(Self::Named(name.clone()));
        }
        match (named, prism.is_some() || glint.is_some()) {
            (Some(_), true) => Err(two_in_environment(lang)),
            (Some(name), false) => Ok(Self::Named(name)),
            (None, true) => Ok(Self::Addresses { prism, glint }),
            (None, false) => Ok(Self::Unnamed),
        }
    }
}

fn two_in_environment(lang: Lang) -> Problem {
    Problem::refused(
        "connection.ambiguous",
        say!(
            lang,
            "`SPECTROSCOPE_CONNECTION` and an address in the environment name two connections.",
            "环境中的 `SPECTROSCOPE_CONNECTION` 和地址指向两个连接。"
        ),
    )
    .hinted(say!(lang, "Unset one, or add `--connection`.", "取消其中一个，或加上 `--connection`。"))
}

fn token_without_address(lang: Lang) -> Problem {
    Problem::refused(
        "connection.token_without_address",
        say!(
            lang,
            "`{TOKEN}` is set, but no address says where to use it.",
            "已设置 `{TOKEN}`，但没有地址说明用于哪个服务器。"
        ),
    )
    .hinted(say!(
        lang,
        "Set `SPECTROSCOPE_PRISM` and `SPECTROSCOPE_GLINT`, name a connection with `--connection`, or unset `{TOKEN}`.",
        "设置 `SPECTROSCOPE_PRISM` 和 `SPECTROSCOPE_GLINT`，用 `--connection` 指定连接，或取消设置 `{TOKEN}`。"
    ))
}

impl Session {
    /// Finds the connection, or makes it.
    pub(super) async fn find(&mut self, target: Target, wants: Wants) -> Result<(), Problem> {
        match target {
            Target::OwnSandbox => {
                self.note_unused_token();
                self.start_sandbox()
            }
            Target::Addresses { prism, glint } => {
                self.in_passing = true;
                self.connect(prism.as_deref(), glint.as_deref()).await
            }
            Target::Named(name) => self.take_named(&name).await,
            Target::Unnamed if wants == Wants::Nothing => Ok(()),
            Target::Unnamed => self.take_unnamed(wants).await,
        }
    }

    /// Says that the credential of the environment is not used.
    fn note_unused_token(&self) {
        if Variable::Token.value().is_some() {
            out::error_line(&say!(
                self.lang,
                "`{TOKEN}` is for connections given by address and is not used",
                "`{TOKEN}` 仅用于以地址给出的连接，此处不使用"
            ));
        }
    }

    async fn take_named(&mut self, name: &str) -> Result<(), Problem> {
        if name == SANDBOX {
            if self.use_running_sandbox().await {
                self.note_unused_token();
                return Ok(());
            }
            return Err(Problem::refused(
                "sandbox.not_running",
                say!(self.lang, "No sandbox is running.", "没有正在运行的沙盒。"),
            )
            .hinted(say!(
                self.lang,
                "Start one with `spectroscope sandbox`.",
                "用 `spectroscope sandbox` 启动一个。"
            )));
        }
        let saved = self.saved().await?;
        let known: Vec<&Value> = saved.iter().collect();
        self.take(pick(Noun::Connection, &known, name, self.lang)?).await
    }

    /// Without a name: the running sandbox, else the only saved connection, else a sandbox of its own. Commands on what
    /// is kept ask for the saved one first.
    async fn take_unnamed(&mut self, wants: Wants) -> Result<(), Problem> {
        let saved = self.saved().await?;
        let lang = self.lang;
        let sandbox_first = wants == Wants::Connection || saved.is_empty();
        if sandbox_first && self.use_running_sandbox().await {
            if Variable::Token.value().is_some() {
                return Err(token_without_address(lang));
            }
            if !saved.is_empty() {
                out::error_line(&say!(lang, "the running sandbox is used", "使用正在运行的沙盒"));
            }
            return Ok(());
        }
        match saved.as_slice() {
            [] if wants == Wants::Kept => Err(Problem::refused(
                "connection.unnamed",
                say!(lang, "There is no saved connection.", "没有已保存的连接。"),
            )
            .hinted(way_to_add(Noun::Connection, lang))),
            [] if Variable::Token.value().is_some() => Err(token_without_address(lang)),
            [] => {
                out::error_line(&say!(
                    lang,
                    "no connection given: a sandbox of this command's own is used",
                    "没有指定连接：使用本命令自己的沙盒"
                ));
                self.start_sandbox()
            }
            [only] => {
                let name = out::safe(text(only.at("name")));
                out::error_line(&say!(
                    lang,
                    "the only saved connection is used: {name}",
                    "使用唯一保存的连接：{name}"
                ));
                self.take(only).await
            }
            several => {
                let known: Vec<&Value> = several.iter().collect();
                let known = listed(Noun::Connection, &known, lang);
                Err(Problem::refused(
                    "connection.unnamed",
                    say!(lang, "Say which connection is meant.", "需要指明是哪个连接。"),
                )
                .hinted(say!(
                    lang,
                    "Add `--connection` and one of {known}.",
                    "加上 `--connection` 和其中之一：{known}。"
                )))
            }
        }
    }

    /// The saved connections.
    pub(crate) async fn saved(&self) -> Result<Vec<Value>, Problem> {
        let list = self.ask("list_connections", json!({})).await?;
        render::problems(list.at("problems"), None, self.lang);
        Ok(items(list.at("connections")).iter().filter(|c| c.at("saved") == true).cloned().collect())
    }

    async fn take(&mut self, connection: &Value) -> Result<(), Problem> {
        self.connection = connection.at("id").as_str().map(str::to_owned);
        self.note_unused_token();
        self.choose_wanted().await
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
            self.connection = Some(SANDBOX.into());
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
        self.connection = Some(SANDBOX.into());
        self.is_sandbox = true;
        self._sandbox = Some(sandbox);
        Ok(())
    }

    async fn connect(&mut self, prism: Option<&str>, glint: Option<&str>) -> Result<(), Problem> {
        let address = glint.or(prism).unwrap_or_default();
        let args = json!({ "address": address, "prism_url": prism });
        let found = self.ask("discover_connection", args).await?;
        render::problems(found.at("problems"), None, self.lang);
        let guard = self.read_only_at(&found).await?;
        let added = self
            .ask(
                "add_connection",
                json!({
                    "name": guard.as_ref().unwrap_or(found.at("suggested_name")),
                    "environment": "production",
                    "prism_url": found.at("prism_url"),
                    // Where only Glint names its Prism the engine refuses the credential of the environment.
                    "prism_named_by": found.at("prism_named_by"),
                    "glint_url": found.at("glint_url"),
                    "provider_client_id": found.at("provider_client_id"),
                    "unsaved": true,
                    // Whoever names both addresses confirms each change with `--yes`, unless the same servers were saved
                    // read-only: an address does not lift that.
                    "read_only": guard.is_some(),
                }),
            )
            .await?;
        let newest = items(added.at("connections")).last();
        self.connection = newest.map(|connection| text(connection.at("id")).to_owned());
        match Variable::Token.value() {
            Some(secret) => self.take_in(&secret).await,
            None => Ok(()),
        }
    }

    /// The name of a saved read-only connection to one of these servers.
    async fn read_only_at(&self, found: &Value) -> Result<Option<Value>, Problem> {
        let home = Engine::new(Arc::new(TerminalHost::at_home()));
        let envelope =
            Envelope { operation: "list_connections".into(), args: json!({}), lang: self.lang, job: None };
        let list = home.handle(envelope, &|_| {}).await?;
        let same = |connection: &Value, name: &str| {
            connection.at(name).as_str().is_some_and(|url| found.at(name).as_str() == Some(url))
        };
        let guard = items(list.at("connections")).iter().find(|connection| {
            connection.at("read_only") == true
                && (same(connection, "prism_url") || same(connection, "glint_url"))
        });
        Ok(guard.map(|connection| connection.at("name").clone()))
    }

    /// Takes in the credential of the environment, and administers with it where it can.
    async fn take_in(&mut self, secret: &str) -> Result<(), Problem> {
        let args = json!({ "connection": self.connection, "secret": secret });
        let added = self.ask("add_identity", args).await?;
        render::problems(added.at("problems"), None, self.lang);
        self.identity = added.at("identity").at("id").as_str().map(str::to_owned);
        Ok(())
    }
}
