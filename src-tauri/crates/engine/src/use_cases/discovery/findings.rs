//! What was found, and what is wrong with it.

use super::clocks::Clock;
use super::pinned::other_prism;
use crate::answer::Answer;
use crate::engine::Engine;
use crate::glint::config::AuthConfig;
use crate::operations::connections::{Discovered, Found, NamedBy};
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use url::Url;

/// Where the findings of one address go.
pub(super) struct Findings {
    pub(super) lang: Lang,
    pub(super) found: Vec<Found>,
    pub(super) problems: Vec<Problem>,
    pub(super) clocks: Vec<Clock>,
}

pub(super) const CONFIG: &str = "GET /api/auth/config";
pub(super) const WELL_KNOWN: &str = "GET /.well-known/openid-configuration";
pub(super) const APP_INFO: &str = "GET /api/oauth/app-info";

impl Findings {
    /// Nothing yet.
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, found: Vec::new(), problems: Vec::new(), clocks: Vec::new() }
    }

    pub(super) fn add(&mut self, title: String, value: &str, source: &str, elapsed_ms: Option<f64>) {
        self.found.push(Found { title, value: value.to_owned(), source: source.to_owned(), elapsed_ms });
    }

    pub(super) fn dropped_path(&mut self, typed: &str, server: &Server) {
        let Ok(url) = Url::parse(typed.trim()) else { return };
        if url.has_host() && !url.path().trim_matches('/').is_empty() {
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

    /// The address was written with letters of another script, which look like those of the name people mean.
    pub(super) fn foreign_name(&mut self, typed: &str, server: &Server) {
        let Some(name) = server.foreign_name(typed) else { return };
        let lang = self.lang;
        self.problems.push(
            Problem::risky(
                "address.foreign_letters",
                say!(
                    lang,
                    "The host name holds letters that can look like others; it is really `{name}`.",
                    "主机名含有可能与其他字母相似的字符；实际是 `{name}`。"
                ),
            )
            .hinted(say!(
                lang,
                "Compare this name with the one you were given before you add a credential.",
                "在添加凭据之前，核对此名称与你得到的名称。"
            ))
            .about(name),
        );
    }

    /// Glint cuts the path off its Prism's address (contract §10.21).
    fn ignored_path(&mut self, configured: &str, prism: &Server) {
        let Ok(url) = Url::parse(configured.trim()) else { return };
        if url.path().trim_matches('/').is_empty() {
            return;
        }
        let (path, base, lang) = (url.path(), prism.base(), self.lang);
        self.problems.push(
            Problem::note(
                "discovery.prism_path_ignored",
                say!(
                    lang,
                    "Glint's settings name its Prism with the path `{path}`; Glint ignores the path and talks to `{base}`.",
                    "Glint 设置中的 Prism 地址带有路径 `{path}`；Glint 会忽略路径，访问 `{base}`。"
                ),
            )
            .hinted(say!(
                lang,
                "Leave the path out of Glint's settings; if Prism really lies below a path, give it a host of its own.",
                "在 Glint 的设置中去掉路径；如果 Prism 确实部署在某个路径下，为它单独设置主机名。"
            ))
            .for_actor(Actor::Operator),
        );
    }

    pub(super) async fn glint(
        &mut self,
        engine: &Engine,
        server: &Server,
        named: Option<Server>,
        config: Answer<AuthConfig>,
        discovered: &mut Discovered,
    ) {
        let (lang, elapsed) = (self.lang, config.exchange.elapsed_ms);
        discovered.glint_url = Some(server.base());
        self.clock("Glint", server, &config.exchange);
        self.add(say!(lang, "Glint", "Glint"), &server.base(), CONFIG, elapsed);
        self.glint_version(server, &config.exchange);
        let Ok(config) = config.value else { return };
        self.client_id(&config, elapsed);
        discovered.provider_client_id = Some(config.client_id.clone()).filter(|id| !id.trim().is_empty());
        let found = self.prism_address(&config, elapsed);
        if let Some(named) = &named {
            self.problems.extend(other_prism(named, &config, lang));
        } else {
            discovered.prism_named_by = NamedBy::Configuration;
        }
        let Some(prism) = named.or(found) else { return };
        let prism = prism.over(server.transport());
        discovered.prism_url = Some(prism.base());
        self.prism(engine, &prism, Some(&config)).await;
    }

    pub(super) fn client_id(&mut self, config: &AuthConfig, elapsed: Option<f64>) {
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

    pub(super) fn prism_address(&mut self, config: &AuthConfig, elapsed: Option<f64>) -> Option<Server> {
        let lang = self.lang;
        self.add(
            say!(lang, "Prism, as Glint has it", "Glint 所配置的 Prism"),
            &config.base_url,
            CONFIG,
            elapsed,
        );
        if config.base_url.trim().is_empty() {
            self.problems.push(
                Problem::refused(
                    "discovery.not_configured",
                    say!(
                        lang,
                        "This Glint is not set up: it has no address of a Prism.",
                        "这个 Glint 尚未设置：没有 Prism 的地址。"
                    ),
                )
                .for_actor(Actor::Operator),
            );
            return None;
        }
        match Server::parse(&config.base_url) {
            Ok(prism) => {
                self.ignored_path(&config.base_url, &prism);
                self.foreign_name(&config.base_url, &prism);
                Some(prism)
            }
            Err(fault) => {
                let problem = fault.problem(&config.base_url, lang).for_actor(Actor::Operator);
                self.problems.push(problem);
                None
            }
        }
    }
}

fn blank_in_client_id(id: &str, lang: Lang) -> Problem {
    Problem::risky(
        "discovery.blank_in_client_id",
        say!(
            lang,
            "The client id `{id}` in Glint's settings holds a blank: every token will seem to miss its scope.",
            "Glint 设置中的 client id `{id}` 含有空白：每个令牌都会显得缺少权限范围。"
        ),
    )
    .hinted(say!(lang, "Remove the blank in Glint's settings.", "在 Glint 的设置中去掉空白。"))
    .for_actor(Actor::Operator)
    .about(id)
}
