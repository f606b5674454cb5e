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
    CheckConnection, ConnectionCheck, DiscoverConnection, Discovered, NamedBy,
};
use crate::prism::oauth;
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
            found: Vec::new(),
            problems: Vec::new(),
        };
        if config.value.is_ok() {
            findings.glint(engine, &server, named, config, &mut discovered).await;
        } else if discovery.value.is_ok() {
            findings.prism_alone(&server, &discovery);
            discovered.prism_url = Some(named.unwrap_or(server).base());
        } else {
            return Err(neither(&server, config, lang));
        }
        findings.judge_clocks();
        Ok(Discovered { found: findings.found, problems: findings.problems, ..discovered })
    }
}

/// The address belongs to neither; what the first question met says why.
fn neither(server: &Server, config: Answer<AuthConfig>, lang: Lang) -> Problem {
    let host = server.host();
    let status = config.status();
    match &config.value {
        Err(trouble @ Trouble::Transport(..)) => return trouble.problem(&config.exchange, lang),
        // A server that is down or limits requests now may well be a Glint, whatever page says so.
        Err(Trouble::WebPage) if matches!(status, 429 | 500..=599) => {
            return Trouble::Refused { status, error: None }.problem(&config.exchange, lang);
        }
        Err(trouble @ Trouble::Refused { status: 429 | 500..=599, .. }) => {
            return trouble.problem(&config.exchange, lang);
        }
        _ => {}
    }
    let problem = match redirected(&config.exchange) {
        Some(to) => Problem::refused(
            "discovery.redirected",
            say!(lang, "`{host}` sends its visitors on to `{to}`.", "`{host}` 把访问者转到 `{to}`。"),
        )
        .hinted(say!(lang, "Type that address, if you trust it.", "若信任该地址，输入它。")),
        None => Problem::refused(
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
