//! The list of connections, and choosing among identities.

use crate::connections::{SANDBOX, Saved, handle};
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Need, candidates, forget};
use crate::operation::Operation;
use crate::operations::connections::{
    AddConnection, Connections, Environment, ListConnections, Origin, RemoveConnection, RemoveIdentity,
    UseAdminIdentity,
};
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

/// The list as it is now.
pub(super) fn list(engine: &Engine, lang: Lang) -> Connections {
    Connections {
        connections: engine.store().all().iter().map(|deployment| deployment.view(lang)).collect(),
        problems: engine.store().problems(lang),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

impl Operation for ListConnections {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        Ok(list(engine, cx.lang))
    }
}

impl Operation for AddConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(Problem::refused(
                "connection.no_name",
                say!(lang, "The connection needs a name.", "连接需要一个名称。"),
            )
            .about("name"));
        }
        if self.environment == Environment::Sandbox {
            return Err(Problem::refused(
                "connection.sandbox",
                say!(lang, "The sandbox is built in and cannot be added.", "沙盒是内置的，不能添加。"),
            )
            .about("environment"));
        }
        let address = |text: &str| Server::parse(text).map_err(|fault| fault.problem(text, lang));
        let prism_url = address(&self.prism_url)?.base();
        let glint_url = self.glint_url.as_deref().map(address).transpose()?.map(|server| server.base());
        let mut saved = Saved::new(handle("c"), name, self.environment, prism_url);
        saved.glint_url = glint_url;
        saved.provider_client_id = self.provider_client_id;
        saved.colour = self.colour;
        saved.transport = self.transport;
        engine.store().add(saved, !self.unsaved, lang)?;
        Ok(list(engine, lang))
    }
}

impl Operation for RemoveConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        if self.connection == SANDBOX {
            return Err(Problem::refused(
                "connection.sandbox",
                say!(lang, "The sandbox is built in and cannot be removed.", "沙盒是内置的，不能移除。"),
            ));
        }
        engine.connection(&self.connection, lang)?;
        engine.store().remove(&self.connection, lang)?;
        Ok(list(engine, lang))
    }
}

impl Operation for RemoveIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        if held.origin == Origin::BuiltIn {
            return Err(Problem::refused(
                "identity.built_in",
                say!(lang, "Identities of the sandbox cannot be removed.", "沙盒自带的身份不能移除。"),
            ));
        }
        let kept_on = match forget(engine, &deployment, &held, lang).await {
            Ok(_) => None,
            // It can be opened, so nothing has to be left behind.
            Err(problem) if problem.code == "vault.locked" => return Err(problem),
            Err(problem) => Some(problem),
        };
        engine.store().change_saved(&self.connection, lang, |deployment| {
            deployment.identities.retain(|held| held.id != self.identity);
            if deployment.admin.as_ref() == Some(&self.identity) {
                let next = candidates(deployment, Need::WriteApps, engine.now());
                deployment.admin = next.first().map(|held| held.id.clone());
            }
        })?;
        let mut connections = list(engine, lang);
        connections.problems.extend(kept_on);
        Ok(connections)
    }
}

impl Operation for UseAdminIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        if !held.view(&deployment, lang).for_admin {
            let who = held.in_words(lang);
            return Err(Problem::refused(
                "identity.not_for_admin",
                say!(lang, "{who} cannot administer at Prism.", "{who} 不能在 Prism 上做管理。"),
            )
            .hinted(say!(
                lang,
                "Use a personal access token with `apps:read` and `apps:write`.",
                "使用带有 `apps:read` 和 `apps:write` 的个人访问令牌。"
            )));
        }
        engine.store().change_saved(&self.connection, lang, |deployment| {
            deployment.admin = Some(self.identity);
        })?;
        Ok(list(engine, lang))
    }
}
