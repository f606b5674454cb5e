//! Finding out what is at an address, and whether a connection still fits its servers.

mod at_prism;
mod clocks;
mod findings;
mod pinned;
mod versions;

use crate::answer::{Answer, Trouble};
use crate::context::Context;
use crate::engine::Engine;
use crate::glint::config::{self, AuthConfig};
use crate::operation::Operation;
use crate::operations::connections::{
    CheckConnection, ConnectionCheck, DiscoverConnection, Discovered, Environment, NamedBy,
};
use crate::prism::oauth::{self, Discovery};
use crate::server::Server;
use crate::use_cases::connections::usable_transport;
use findings::{CONFIG, Findings};
pub(super) use pinned::differences;
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use url::Url;

impl Operation for DiscoverConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Discovered, Problem> {
        let lang = cx.lang;
        let transport = usable_transport(self.transport, lang)?;
        let server = Server::parse(&self.address).map_err(|fault| fault.problem(&self.address, lang))?;
        let server = server.over(&transport);
        let named = match self.prism_url.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                let prism = Server::parse(text).map_err(|fault| fault.problem(text, lang))?;
                Some(prism.over(&transport))
            }
            None => None,
        };
        let mut findings = Findings::new(lang);
        findings.dropped_path(&self.address, &server);
        findings.foreign_name(&self.address, &server);
        let (config, discovery) = (config::get(), oauth::discovery());
        let (config, discovery) =
            tokio::join!(engine.ask(&server, &config, None), engine.ask(&server, &discovery, None));
        let mut discovered = Discovered {
            glint_url: None,
            prism_url: None,
            prism_named_by: NamedBy::Person,
            provider_client_id: None,
            suggested_name: server.host(),
            suggested_environment: Environment::Production,
            found: Vec::new(),
            problems: Vec::new(),
        };
        if config.value.is_ok() {
            findings.glint(engine, &server, named, config, &mut discovered).await;
        } else if discovery.value.is_ok() {
            findings.prism_alone(&server, &discovery);
            discovered.prism_url = Some(named.unwrap_or(server).base());
        } else {
            return Err(neither(&server, &config, &discovery, lang));
        }
        findings.judge_clocks();
        let prism = discovered.prism_url.as_deref().and_then(|url| Server::parse(url).ok());
        if prism.is_some_and(|prism| prism.is_local()) {
            discovered.suggested_environment = Environment::Staging;
        }
        Ok(Discovered { found: findings.found, problems: findings.problems, ..discovered })
    }
}

/// The address belongs to neither, or something stands before whatever is there: what the two questions met says which.
fn neither(
    server: &Server,
    config: &Answer<AuthConfig>,
    discovery: &Answer<Discovery>,
    lang: Lang,
) -> Problem {
    let host = server.host();
    // A server that is down, limits requests or sends on may well be a Glint or a Prism.
    let fault = fault_of(config, lang).or_else(|| fault_of(discovery, lang));
    let to = redirected(&config.exchange).or_else(|| redirected(&discovery.exchange));
    let problem = match (to, fault) {
        (Some(to), _) => Problem::refused(
            "discovery.redirected",
            say!(lang, "`{host}` redirects to `{to}`.", "`{host}` 重定向到 `{to}`。"),
        )
        .hinted(say!(lang, "Enter that address if you trust it.", "若信任该地址，填写它。")),
        (None, Some(fault)) => return fault,
        (None, None) => Problem::refused(
            "discovery.neither",
            say!(lang, "`{host}` is neither a Glint nor a Prism.", "`{host}` 既不是 Glint 也不是 Prism。"),
        )
        .hinted(say!(
            lang,
            "Type the address people open Glint with; it tells the address of its Prism.",
            "输入人们打开 Glint 时用的地址；它会告知其 Prism 的地址。"
        )),
    };
    problem.shown_by(scopes::exchange::view(&config.exchange))
}

/// A fault of the way to a server or of the server itself, which says nothing about what the server is.
pub(super) fn fault_of<T>(answer: &Answer<T>, lang: Lang) -> Option<Problem> {
    let trouble = answer.value.as_ref().err()?;
    let passing = match trouble {
        Trouble::Transport(..) => true,
        Trouble::Refused { status, .. } => matches!(status, 300..=399 | 429 | 500..=599),
        Trouble::WebPage | Trouble::Unreadable(_) => false,
    };
    passing.then(|| trouble.problem(&answer.exchange, lang))
}

/// Scheme, host and port of where a redirect leads to; the rest may carry what is nobody's business.
fn redirected(exchange: &Exchange) -> Option<String> {
    let response = exchange.response.as_ref().filter(|response| (300..400).contains(&response.status))?;
    let (_, to) = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    let to = Url::parse(&exchange.request.url).ok()?.join(to).ok()?.origin();
    to.is_tuple().then(|| to.ascii_serialization())
}

impl Operation for CheckConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ConnectionCheck, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let mut findings = Findings::new(lang);
        let mut glint_ms = None;
        let mut live = None;
        if let Some(server) = &deployment.glint {
            let config = engine.ask(server, &config::get(), None).await;
            findings.clock("Glint", server, &config.exchange);
            glint_ms = config.exchange.response.as_ref().and(config.exchange.elapsed_ms);
            let (elapsed, problem) = (config.exchange.elapsed_ms, config.value.as_ref().err());
            findings.problems.extend(problem.map(|trouble| trouble.problem(&config.exchange, lang)));
            if config.value.is_ok() {
                findings.glint_version(server, &config.exchange);
            }
            live = config.value.ok();
            if let Some(config) = &live {
                findings.add(say!(lang, "Glint", "Glint"), &server.base(), CONFIG, elapsed);
                findings.client_id(config, elapsed);
                findings.problems.extend(differences(&deployment, config, lang));
            }
        }
        let prism_ms = findings.prism(engine, &deployment.prism, live.as_ref()).await;
        findings.judge_clocks();
        Ok(ConnectionCheck { found: findings.found, problems: findings.problems, prism_ms, glint_ms })
    }
}
