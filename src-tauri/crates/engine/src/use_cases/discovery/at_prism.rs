//! What Prism says about itself and about the provider's client.

use super::fault_of;
use super::findings::{APP_INFO, Findings, WELL_KNOWN};
use crate::answer::{Answer, Trouble};
use crate::engine::Engine;
use crate::glint::config::AuthConfig;
use crate::prism::consent::{self, Preview};
use crate::prism::oauth::{self, Discovery};
use crate::server::Server;
use scopes::problem::{Actor, Problem};
use scopes::say;
use url::Url;

impl Findings {
    pub(super) fn prism_alone(&mut self, server: &Server, discovery: &Answer<Discovery>) {
        let lang = self.lang;
        self.well_known(server, discovery);
        self.problems.push(Problem::note(
            "discovery.prism_alone",
            say!(
                lang,
                "This is a Prism; without the address of a Glint there is no provider to manage and nothing to call.",
                "这是一个 Prism；没有 Glint 的地址就没有可管理的提供方，也无从调用。"
            ),
        )
        .hinted(say!(
            lang,
            "Add it and edit the connection by hand: the address of its Glint and the provider's client id are missing.",
            "添加后手动编辑连接：还缺少 Glint 的地址和提供方的 client id。"
        )));
    }

    /// Discovery, and whether Prism knows the provider's client; the preview needs no credential.
    pub(super) async fn prism(
        &mut self,
        engine: &Engine,
        prism: &Server,
        config: Option<&AuthConfig>,
    ) -> Option<f64> {
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

    pub(super) fn well_known(&mut self, prism: &Server, discovery: &Answer<Discovery>) {
        let (lang, elapsed) = (self.lang, discovery.exchange.elapsed_ms);
        self.clock("Prism", prism, &discovery.exchange);
        if let Some(mut problem) = fault_of(discovery, lang) {
            problem.who = Some(Actor::Operator);
            self.problems.push(problem);
            return;
        }
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
                self.prism_version(prism, &discovery.exchange);
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

    pub(super) fn issuer(&mut self, prism: &Server, issuer: &str) {
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

    pub(super) fn known_client(&mut self, client_id: &str, client: &Answer<Preview>) {
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
            Err(Trouble::Refused { status: 400, error: Some(error), .. }) if error == "invalid_client" => {
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
