//! Job 4: one call, sent and explained.

mod choices;
mod request;

use crate::connections::Deployment;
use crate::http::Credential;
use crate::identities::Held;
use crate::operations::connections::CredentialKind;
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

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
fn credential(deployment: &Deployment, held: &Held, lang: Lang) -> Result<Credential, Problem> {
    if held.kind == CredentialKind::AccessToken || deployment.is_sandbox() {
        return Ok(held.credential(deployment.servers()));
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
