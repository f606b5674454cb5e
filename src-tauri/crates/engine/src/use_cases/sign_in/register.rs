//! Registering a client for this console, where the server offers it.

use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Material, NewIdentity, keep};
use crate::oauth;
use crate::operation::Operation;
use crate::operations::connections::{CredentialKind, Identity, Origin};
use crate::operations::sign_in::{RegisterClient, RegisteredClient};
use scopes::lang::{Lang, list};
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;

impl Operation for RegisterClient {
    fn changes(&self) -> Option<&str> {
        Some(&self.connection)
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<RegisteredClient, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        deployment.confirmed(lang)?;
        let name = self.name.trim();
        if name.is_empty() {
            return Err(nameless(lang));
        }
        let at = oauth::endpoints(engine, &deployment, lang).await?;
        let uris = deployment.redirect_uris();
        let registered = oauth::register(engine, &at, name, &uris, &self.scopes, lang).await?;
        let mut problems = Vec::new();
        let left_out: Vec<&String> =
            uris.iter().filter(|uri| !registered.redirect_uris.contains(uri)).collect();
        if !registered.redirect_uris.is_empty() && !left_out.is_empty() {
            problems.push(shortened(&left_out, lang));
        }
        let client_id = registered.client_id;
        let identity = match registered.client_secret {
            Some(secret) => Some(kept(engine, &deployment, name, &client_id, secret, lang).await?),
            None => None,
        };
        Ok(RegisteredClient { client_id, identity, problems })
    }
}

async fn kept(
    engine: &Engine,
    deployment: &Deployment,
    name: &str,
    client_id: &str,
    secret: Secret,
    lang: Lang,
) -> Result<Identity, Problem> {
    let new = NewIdentity {
        label: String::new(),
        kind: CredentialKind::ClientCredentials,
        origin: Origin::SignedIn,
        material: Material::Credential(secret),
        client_secret: None,
        user_name: None,
        user_id: None,
        client_id: Some(client_id.to_owned()),
        client_name: Some(name.to_owned()),
        scopes: Vec::new(),
        scopes_are_complete: false,
        redirect_uri: None,
        used_for: None,
    };
    keep(engine, &deployment.saved.id, new, lang).await
}

fn nameless(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.no_name",
        say!(lang, "The client needs a name people see at consent.", "客户端需要一个在授权页上显示的名称。"),
    )
    .hinted(say!(lang, "Write a name.", "填写名称。"))
    .about("name")
}

fn shortened(left_out: &[&String], lang: Lang) -> Problem {
    let shown = list(lang, left_out);
    Problem::risky(
        "sign_in.redirect_left_out",
        say!(lang, "The server did not take {shown}.", "服务器没有接受 {shown}。"),
    )
    .hinted(say!(
        lang,
        "Add them at the client's page, or the sign-in needs the first port to be free.",
        "在客户端的页面添加它们；否则登录时需要第一个端口空闲。"
    ))
}
