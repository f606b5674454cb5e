//! Job 4: one call, sent and explained.

mod capsules;
mod choices;
mod compare;
mod diagnose_text;
mod investigate;
mod known;
mod matrix;
mod open_text;
mod questions;
mod recheck;
mod request;
mod test_call;

use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::http::{Credential, describe};
use crate::identities::Held;
use crate::operation::Operation;
use crate::operations::calls::{CallPreview, ListReasons, ListRoutes, PreviewCall, Reasons, Routes};
use crate::operations::connections::CredentialKind;
use crate::server::Server;
use scopes::diagnosis::reference;
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::path_prefixes::path_prefixes;
use scopes::problem::Problem;
use scopes::routes::{self, Route};
use scopes::say;

impl Operation for ListRoutes {
    async fn run(self, _: &Engine, _: &Context<'_>) -> Result<Routes, Problem> {
        let routes = routes::glint().to_vec();
        let prefixes = path_prefixes(routes.iter().map(|route| route.path.as_str()));
        Ok(Routes { routes, prefixes })
    }
}

impl Operation for ListReasons {
    async fn run(self, _: &Engine, cx: &Context<'_>) -> Result<Reasons, Problem> {
        Ok(Reasons { reasons: reference::entries(cx.lang) })
    }
}

impl Operation for PreviewCall {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<CallPreview, Problem> {
        let deployment = engine.connection(&self.connection, cx.lang)?;
        let glint = glint_of(&deployment, cx.lang)?;
        let filled = request::fill(route(&self.route, cx.lang)?, &self.values, cx.lang);
        let url = glint.url(&filled.ask.segments, &filled.ask.query).map(String::from).unwrap_or_default();
        let mut request = describe(&filled.ask, &url);
        request.headers.push(("Authorization".into(), "Bearer $TOKEN".into()));
        let view = scopes::exchange::view(&Exchange { request, ..Exchange::default() });
        Ok(CallPreview { curl: view.curl, url: view.url, problems: filled.problems })
    }
}

/// A route by its id.
fn route(id: &str, lang: Lang) -> Result<&'static Route, Problem> {
    routes::by_id(id).ok_or_else(|| {
        Problem::refused("route.unknown", say!(lang, "There is no route `{id}`.", "没有名为 `{id}` 的路由。"))
    })
}

/// The Glint of a connection.
fn glint_of(deployment: &Deployment, lang: Lang) -> Result<&Server, Problem> {
    deployment.glint.as_ref().ok_or_else(|| {
        Problem::refused(
            "connection.no_glint",
            say!(lang, "This connection has no Glint to call.", "此连接没有可调用的 Glint。"),
        )
        .hinted(say!(
            lang,
            "Add a connection from the address of a Glint.",
            "用 Glint 的地址添加连接。"
        ))
    })
}

/// The credential for a call. Only access tokens are sent to a real Glint: any other kind would be handed to a server it
/// is not meant for.
async fn credential(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<Credential, Problem> {
    if held.kind == CredentialKind::AccessToken || deployment.is_sandbox() {
        return engine.credential(deployment, held, deployment.servers(), lang).await;
    }
    let who = held.in_words(lang);
    Err(Problem::refused(
        "identity.not_for_calls",
        say!(
            lang,
            "{who}, is not sent to Glint: it takes only OAuth access tokens, and this credential is not meant for it.",
            "不会把 {who} 发送给 Glint：它只接受 OAuth 访问令牌，而此凭据不是给它的。"
        ),
    )
    .hinted(say!(lang, "Choose an access token.", "选择一个访问令牌。")))
}
