//! A connection pins both origins and the provider's client ID. A configuration that differs is a finding, never followed.

use crate::connections::Deployment;
use crate::glint::config::AuthConfig;
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;

/// What Glint's configuration says otherwise than the connection.
pub(in crate::use_cases) fn differences(
    deployment: &Deployment,
    config: &AuthConfig,
    lang: Lang,
) -> Vec<Problem> {
    let client_id = deployment
        .saved
        .provider_client_id
        .as_ref()
        .filter(|pinned| **pinned != config.client_id)
        .map(|pinned| other_client_id(pinned, &config.client_id, lang));
    client_id.into_iter().chain(other_prism(&deployment.prism, config, lang)).collect()
}

/// The finding that Glint's configuration names another Prism than the one in use.
pub(in crate::use_cases) fn other_prism(prism: &Server, config: &AuthConfig, lang: Lang) -> Option<Problem> {
    if Server::parse(&config.base_url).as_ref() == Ok(prism) {
        return None;
    }
    let shown: String = config.base_url.chars().take(120).collect();
    let here = prism.base();
    Some(
        Problem::risky(
            "connection.prism_changed",
            say!(
                lang,
                "Glint's configuration names another Prism, `{shown}`; this connection stays with `{here}`.",
                "Glint 的配置指向另一个 Prism `{shown}`；此连接仍使用 `{here}`。"
            ),
        )
        .hinted(say!(
            lang,
            "Ask Glint's operator whether the move is intended; if so, edit Prism's address of the connection yourself.",
            "向 Glint 的运维人员确认这次变更；确认后自行编辑此连接的 Prism 地址。"
        ))
        .for_actor(Actor::Operator),
    )
}

fn other_client_id(pinned: &str, now: &str, lang: Lang) -> Problem {
    let shown: String = now.chars().take(120).collect();
    Problem::risky(
        "connection.client_id_changed",
        say!(
            lang,
            "Glint's configuration names another client ID, `{shown}`; this connection stays with `{pinned}`.",
            "Glint 的配置使用另一个客户端 ID `{shown}`；此连接仍使用 `{pinned}`。"
        ),
    )
    .hinted(say!(
        lang,
        "Ask Glint's operator whether the change is intended; if so, edit the client ID of the connection yourself.",
        "向 Glint 的运维人员确认这次变更；确认后自行编辑此连接的客户端 ID。"
    ))
    .for_actor(Actor::Operator)
}
