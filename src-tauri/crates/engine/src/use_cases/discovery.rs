//! Finding out what is at an address, and whether a connection still fits its servers.

use crate::answer::{Answer, Trouble};
use crate::context::Context;
use crate::engine::Engine;
use crate::glint::config::{self, AuthConfig};
use crate::operation::Operation;
use crate::operations::connections::{
    CheckConnection, ConnectionCheck, DiscoverConnection, Discovered, Found,
};
use crate::prism::consent::{self, Preview};
use crate::prism::oauth::{self, Discovery};
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use url::Url;

/// Where the findings of one address go.
struct Findings {
    lang: Lang,
    found: Vec<Found>,
    problems: Vec<Problem>,
}

const CONFIG: &str = "GET /api/auth/config";
const WELL_KNOWN: &str = "GET /.well-known/openid-configuration";
const APP_INFO: &str = "GET /api/oauth/app-info";

impl Operation for DiscoverConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Discovered, Problem> {
        let lang = cx.lang;
        let server = Server::parse(&self.address).map_err(|fault| fault.problem(&self.address, lang))?;
        let mut findings = Findings { lang, found: Vec::new(), problems: Vec::new() };
        findings.dropped_path(&self.address, &server);
        let (config, discovery) = (config::get(), oauth::discovery());
        let (config, discovery) =
            tokio::join!(engine.ask(&server, &config, None), engine.ask(&server, &discovery, None));
        let mut discovered = Discovered {
            glint_url: None,
            prism_url: None,
            provider_client_id: None,
            suggested_name: server.host(),
            found: Vec::new(),
            problems: Vec::new(),
        };
        if config.value.is_ok() {
            findings.glint(engine, &server, config, &mut discovered).await;
        } else if discovery.value.is_ok() {
            findings.prism_alone(&server, &discovery);
            discovered.prism_url = Some(server.base());
        } else {
            return Err(neither(&server, config, lang));
        }
        Ok(Discovered { found: findings.found, problems: findings.problems, ..discovered })
    }
}

/// The address belongs to neither; what the first question met says why.
fn neither(server: &Server, config: Answer<AuthConfig>, lang: Lang) -> Problem {
    let host = server.host();
    match &config.value {
        Err(trouble @ Trouble::Transport(..)) => trouble.problem(&config.exchange, lang),
        _ => Problem::refused(
            "discovery.neither",
            say!(lang, "`{host}` is neither a Glint nor a Prism.", "`{host}` 既不是 Glint 也不是 Prism。"),
        )
        .hinted(say!(
            lang,
            "Type the address people open Glint with; it tells the address of its Prism.",
            "输入人们打开 Glint 时用的地址；它会告知其 Prism 的地址。"
        ))
        .shown_by(scopes::exchange::view(&config.exchange)),
    }
}

impl Findings {
    fn add(&mut self, title: String, value: &str, source: &str, elapsed_ms: Option<f64>) {
        self.found.push(Found { title, value: value.to_owned(), source: source.to_owned(), elapsed_ms });
    }

    fn dropped_path(&mut self, typed: &str, server: &Server) {
        let Ok(url) = Url::parse(typed.trim()) else { return };
        if url.has_host() && url.path().trim_matches('/') != "" {
            let (path, base, lang) = (url.path(), server.base(), self.lang);
            self.problems.push(Problem::note(
                "discovery.path_dropped",
                say!(
                    lang,
                    "The path `{path}` is left out; the server is `{base}`.",
                    "路径 `{path}` 被略去；服务器是 `{base}`。"
                ),
            ));
        }
    }

    async fn glint(
        &mut self,
        engine: &Engine,
        server: &Server,
        config: Answer<AuthConfig>,
        discovered: &mut Discovered,
    ) {
        let (lang, elapsed) = (self.lang, config.exchange.elapsed_ms);
        discovered.glint_url = Some(server.base());
        self.add(say!(lang, "Glint", "Glint"), &server.base(), CONFIG, elapsed);
        let Ok(config) = config.value else { return };
        self.client_id(&config, elapsed);
        discovered.provider_client_id = Some(config.client_id.clone()).filter(|id| !id.trim().is_empty());
        let Some(prism) = self.prism_address(&config, elapsed) else { return };
        discovered.prism_url = Some(prism.base());
        self.prism(engine, &prism, Some(&config)).await;
    }

    fn client_id(&mut self, config: &AuthConfig, elapsed: Option<f64>) {
        let (lang, id) = (self.lang, &config.client_id);
        self.add(say!(lang, "Provider's client id", "提供方的 client id"), id, CONFIG, elapsed);
        if id.trim().is_empty() {
            self.problems.push(
                Problem::refused(
                    "discovery.not_configured",
                    say!(
                        lang,
                        "This Glint is not set up: it has no client id.",
                        "这个 Glint 尚未设置：没有 client id。"
                    ),
                )
                .for_actor(Actor::Operator),
            );
        } else if id.contains(char::is_whitespace) {
            self.problems.push(blank_in_client_id(id, lang));
        }
    }

    fn prism_address(&mut self, config: &AuthConfig, elapsed: Option<f64>) -> Option<Server> {
        let lang = self.lang;
        self.add(
            say!(lang, "Prism, as Glint has it", "Glint 所配置的 Prism"),
            &config.base_url,
            CONFIG,
            elapsed,
        );
        match Server::parse(&config.base_url) {
            Ok(prism) => {
                self.dropped_path(&config.base_url, &prism);
                Some(prism)
            }
            Err(fault) => {
                let problem = fault.problem(&config.base_url, lang).for_actor(Actor::Operator);
                self.problems.push(problem);
                None
            }
        }
    }

    fn prism_alone(&mut self, server: &Server, discovery: &Answer<Discovery>) {
        let lang = self.lang;
        self.well_known(server, discovery);
        self.problems.push(Problem::note(
            "discovery.prism_alone",
            say!(
                lang,
                "This is a Prism; without the address of a Glint there is no provider to manage and nothing to call.",
                "这是一个 Prism；没有 Glint 的地址就没有可管理的提供方，也无从调用。"
            ),
        ));
    }

    /// Discovery, and whether Prism knows the provider's client; the preview needs no credential.
    async fn prism(&mut self, engine: &Engine, prism: &Server, config: Option<&AuthConfig>) -> Option<f64> {
        let (client_id, redirect_uri) =
            config.map_or(("", ""), |c| (c.client_id.as_str(), c.redirect_uri.as_str()));
        let (well_known, client) =
            (oauth::discovery(), consent::preview(client_id, redirect_uri, &["openid"]));
        let (discovery, client) =
            tokio::join!(engine.ask(prism, &well_known, None), engine.ask(prism, &client, None));
        self.well_known(prism, &discovery);
        if config.is_some() && !matches!(discovery.value, Err(Trouble::Transport(..))) {
            self.known_client(client_id, &client);
        }
        discovery.exchange.response.as_ref().and(discovery.exchange.elapsed_ms)
    }

    fn well_known(&mut self, prism: &Server, discovery: &Answer<Discovery>) {
        let (lang, elapsed) = (self.lang, discovery.exchange.elapsed_ms);
        match &discovery.value {
            Ok(said) => {
                self.add(say!(lang, "Issuer", "签发者"), &said.issuer, WELL_KNOWN, elapsed);
                let endpoints = [
                    (say!(lang, "Authorization endpoint", "授权端点"), &said.authorization_endpoint),
                    (say!(lang, "Token endpoint", "令牌端点"), &said.token_endpoint),
                    (say!(lang, "Introspection endpoint", "内省端点"), &said.introspection_endpoint),
                ];
                for (title, endpoint) in endpoints {
                    if let Some(endpoint) = endpoint {
                        self.add(title, endpoint, WELL_KNOWN, elapsed);
                    }
                }
                self.issuer(prism, &said.issuer);
            }
            Err(trouble @ Trouble::Transport(..)) => {
                let mut problem = trouble.problem(&discovery.exchange, lang);
                problem.who = Some(Actor::Operator);
                self.problems.push(problem);
            }
            Err(_) => {
                let base = prism.base();
                self.problems.push(
                    Problem::risky(
                        "discovery.missing",
                        say!(
                            lang,
                            "`{base}` publishes no discovery document.",
                            "`{base}` 没有发布 discovery 文档。"
                        ),
                    )
                    .hinted(say!(
                        lang,
                        "Check that this is the address of a Prism.",
                        "检查这是否是 Prism 的地址。"
                    ))
                    .shown_by(scopes::exchange::view(&discovery.exchange)),
                );
            }
        }
    }

    fn issuer(&mut self, prism: &Server, issuer: &str) {
        let same = Url::parse(issuer).is_ok_and(|url| prism.owns(&url));
        if !same {
            let (lang, base) = (self.lang, prism.base());
            self.problems.push(
                Problem::risky(
                    "discovery.issuer_mismatch",
                    say!(
                        lang,
                        "The Prism at `{base}` calls itself `{issuer}`.",
                        "位于 `{base}` 的 Prism 自称 `{issuer}`。"
                    ),
                )
                .hinted(say!(
                    lang,
                    "Check whether both are the same server before a credential is added.",
                    "在添加凭据之前，确认两者是同一台服务器。"
                )),
            );
        }
    }

    fn known_client(&mut self, client_id: &str, client: &Answer<Preview>) {
        let (lang, elapsed) = (self.lang, client.exchange.elapsed_ms);
        match &client.value {
            Ok(preview) => {
                self.add(
                    say!(lang, "Provider at Prism", "Prism 上的提供方"),
                    &preview.app.name,
                    APP_INFO,
                    elapsed,
                );
            }
            Err(Trouble::Refused { status: 400, error: Some(error) }) if error == "invalid_client" => {
                self.problems.push(
                    Problem::risky(
                        "discovery.unknown_client",
                        say!(
                            lang,
                            "Prism does not know the client `{client_id}`, or it is switched off.",
                            "Prism 不认识客户端 `{client_id}`，或者它已停用。"
                        ),
                    )
                    .hinted(say!(
                        lang,
                        "Compare the client id in Glint's settings with the one at Prism.",
                        "对照 Glint 设置中的 client id 与 Prism 上的 client id。"
                    ))
                    .for_actor(Actor::Operator)
                    .shown_by(scopes::exchange::view(&client.exchange)),
                );
            }
            // Another redirect URI than the registered one still proves that the client is known.
            Err(_) => {}
        }
    }
}

fn blank_in_client_id(id: &str, lang: Lang) -> Problem {
    Problem::risky(
        "discovery.blank_in_client_id",
        say!(
            lang,
            "The client id `{id}` in Glint's settings holds a blank: every token will seem to miss its scope.",
            "Glint 设置中的 client id `{id}` 含有空白：每个令牌都会显得缺少范围。"
        ),
    )
    .hinted(say!(lang, "Remove the blank in Glint's settings.", "在 Glint 的设置中去掉空白。"))
    .for_actor(Actor::Operator)
    .about(id)
}

impl Operation for CheckConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ConnectionCheck, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let mut findings = Findings { lang, found: Vec::new(), problems: Vec::new() };
        let mut glint_ms = None;
        let mut live = None;
        if let Some(server) = &deployment.glint {
            let config = engine.ask(server, &config::get(), None).await;
            glint_ms = config.exchange.response.as_ref().and(config.exchange.elapsed_ms);
            let (elapsed, problem) = (config.exchange.elapsed_ms, config.value.as_ref().err());
            findings.problems.extend(problem.map(|trouble| trouble.problem(&config.exchange, lang)));
            live = config.value.ok();
            if let Some(config) = &live {
                findings.add(say!(lang, "Glint", "Glint"), &server.base(), CONFIG, elapsed);
                findings.client_id(config, elapsed);
                findings.moved(&deployment.saved.provider_client_id, &deployment.prism, config);
            }
        }
        let prism_ms = findings.prism(engine, &deployment.prism, live.as_ref()).await;
        Ok(ConnectionCheck { found: findings.found, problems: findings.problems, prism_ms, glint_ms })
    }
}

impl Findings {
    /// Glint talks to another Prism, or under another client id, than when the connection was added.
    fn moved(&mut self, saved: &Option<String>, prism: &Server, config: &AuthConfig) {
        let (lang, now) = (self.lang, &config.client_id);
        if let Some(before) = saved
            && before != now
        {
            self.problems.push(
                Problem::risky(
                    "connection.client_id_changed",
                    say!(
                        lang,
                        "Glint now uses the client id `{now}`; this connection was added with `{before}`.",
                        "Glint 现在使用 client id `{now}`；添加此连接时是 `{before}`。"
                    ),
                )
                .hinted(say!(lang, "Add the connection again.", "重新添加连接。")),
            );
        }
        if Server::parse(&config.base_url).as_ref() != Ok(prism) {
            let (there, here) = (&config.base_url, prism.base());
            self.problems.push(
                Problem::risky(
                    "connection.prism_changed",
                    say!(
                        lang,
                        "Glint uses the Prism at `{there}`; this connection talks to `{here}`.",
                        "Glint 使用位于 `{there}` 的 Prism；此连接访问的是 `{here}`。"
                    ),
                )
                .hinted(say!(lang, "Add the connection again.", "重新添加连接。")),
            );
        }
    }
}
