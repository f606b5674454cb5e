//! What a sign-in takes, before anybody starts one.

use super::granted;
use super::probe::{self, Probe};
use crate::context::Context;
use crate::engine::Engine;
use crate::oauth;
use crate::operation::Operation;
use crate::operations::sign_in::{PrepareSignIn, RedirectUri, SignInPlan};
use scopes::lang::{Lang, list};
use scopes::problem::{Actor, Problem};
use scopes::say;

impl Operation for PrepareSignIn {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<SignInPlan, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let client_id = self.client_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let probed = async {
            match client_id {
                Some(id) => probe::all(engine, &deployment, id, &self.scopes, lang).await,
                None => Ok(Vec::new()),
            }
        };
        let (at, probed) = tokio::join!(oauth::endpoints(engine, &deployment, lang), probed);
        let mut problems = Vec::new();
        let at = at.map_err(|problem| problems.push(problem)).ok();
        let probes = probed.map_err(|problem| problems.push(problem)).unwrap_or_default();
        let redirect_uris = redirect_uris(&deployment.redirect_uris(), &probes);
        problems.extend(in_the_way(&redirect_uris, &probes, lang));
        let client_name = probes.iter().find_map(|p| p.preview.as_ref()).map(|p| p.app.name.clone());
        let client = client_name.as_deref().or(client_id).unwrap_or_default();
        Ok(SignInPlan {
            dropped: granted::foreseen(&probes, client, lang),
            issuer: at.as_ref().map(|at| at.issuer.clone()),
            can_register: at.is_some_and(|at| at.registration.is_some()),
            redirect_uris,
            client_name,
            problems,
        })
    }
}

fn redirect_uris(all: &[String], probes: &[Probe]) -> Vec<RedirectUri> {
    all.iter()
        .map(|uri| RedirectUri {
            uri: uri.clone(),
            registered: probes.iter().find(|probe| probe.uri == *uri).and_then(|probe| probe.registered),
            free: oauth::port(uri).is_some_and(oauth::is_free),
        })
        .collect()
}

fn in_the_way(uris: &[RedirectUri], probes: &[Probe], lang: Lang) -> Option<Problem> {
    let usable: Vec<&RedirectUri> = uris.iter().filter(|uri| uri.registered != Some(false)).collect();
    if usable.is_empty() {
        return Some(not_registered(probes, lang));
    }
    let ports: Vec<u16> = usable.iter().filter_map(|uri| oauth::port(&uri.uri)).collect();
    (!usable.iter().any(|uri| uri.free)).then(|| ports_busy(&ports, lang))
}

/// The client has none of the redirect URIs: which texts to register, letter by letter.
pub(super) fn not_registered(probes: &[Probe], lang: Lang) -> Problem {
    let uris: Vec<&str> = probes.iter().map(|probe| probe.uri.as_str()).collect();
    let shown = list(lang, &uris);
    let mut problem = Problem::refused(
        "sign_in.not_registered",
        say!(
            lang,
            "The client has none of the redirect URIs of this connection registered, so Prism would not send the browser back.",
            "该客户端没有注册此连接的任何 redirect URI，因此 Prism 不会让浏览器返回。"
        ),
    )
    .hinted(say!(
        lang,
        "Register {shown} at the client's page at Prism, at least the first.",
        "在 Prism 上客户端的页面注册 {shown}，至少注册第一个。"
    ))
    .hinted(say!(
        lang,
        "Copy the whole text: Prism compares every letter, port and slash included, and `localhost` is not `127.0.0.1`.",
        "复制整段文本：Prism 逐字比较，包括端口和斜杠；`localhost` 与 `127.0.0.1` 不同。"
    ))
    .for_actor(Actor::ConsumerDeveloper);
    for uri in uris {
        problem = problem.about(uri);
    }
    problem
}

/// Somebody else listens on every port.
pub(super) fn ports_busy(ports: &[u16], lang: Lang) -> Problem {
    let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
    let shown = list(lang, &ports);
    let mut problem = Problem::refused(
        "sign_in.ports_busy",
        say!(
            lang,
            "Another program listens on every port the browser may come back to: {shown}.",
            "浏览器可以返回的端口都被其他程序占用：{shown}。"
        ),
    )
    .hinted(say!(
        lang,
        "End that program, or another sign-in that still waits, and try again.",
        "结束那个程序或仍在等待的另一次登录，然后再试。"
    ))
    .hinted(say!(
        lang,
        "Choose other redirect ports for this connection and register them at Prism, or add a personal access token or a pasted access token instead.",
        "为此连接选择其他 redirect 端口并在 Prism 注册，或改为添加个人访问令牌或粘贴访问令牌。"
    ));
    for port in ports {
        problem = problem.about(port);
    }
    problem
}
