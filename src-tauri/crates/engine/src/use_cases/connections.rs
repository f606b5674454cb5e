//! The list of connections, and choosing among identities.

mod edit;

use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, Need, candidates, forget, left_behind};
use crate::operation::Operation;
use crate::operations::connections::{
    Connection, Connections, Environment, Identity, ListConnections, Origin, RemoveIdentity, UseAdminIdentity,
};
use crate::operations::vault::VaultKind;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

pub(super) use edit::{checked, usable_transport};

/// A connection with where its secrets lie now.
fn view(deployment: &Deployment, open: Option<VaultKind>, now: i64, lang: Lang) -> Connection {
    let mut view = deployment.view(now, lang);
    for (identity, held) in view.identities.iter_mut().zip(&deployment.identities) {
        identity.kept = held.kept_now(open);
    }
    view
}

/// An identity with where its secrets lie now.
pub(super) fn shown(engine: &Engine, deployment: &Deployment, held: &Held, lang: Lang) -> Identity {
    Identity {
        kept: held.kept_now(engine.vault().open_now()),
        ..held.view_now(deployment, engine.now(), lang)
    }
}

/// The list as it is now.
pub(super) fn list(engine: &Engine, lang: Lang) -> Connections {
    let connections = engine.store().all();
    let open = engine.vault().open_now();
    let unwritten = engine.unkept(lang);
    Connections {
        connections: connections
            .iter()
            .map(|deployment| view(deployment, open, engine.now(), lang))
            .collect(),
        problems: engine.store().problems(lang).into_iter().chain(unwritten).collect(),
        read_only_environments: Environment::ALL.into_iter().filter(|one| one.is_read_only()).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// Takes an identity out of its connection; where it was the chosen one, the next that fits is chosen.
///
/// # Errors
/// When the connections cannot be saved.
pub(super) fn drop_identity(
    engine: &Engine,
    connection: &str,
    identity: &str,
    lang: Lang,
) -> Result<(), Problem> {
    engine.store().change_saved(connection, lang, |deployment| {
        deployment.identities.retain(|held| held.id != identity);
        if deployment.admin.as_deref() == Some(identity) {
            let next = candidates(deployment, Need::WriteApps, engine.now());
            deployment.admin = next.first().map(|held| held.id.clone());
        }
    })
}

impl Operation for ListConnections {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        Ok(list(engine, cx.lang))
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
            Err(problem) if matches!(problem.code.as_str(), "vault.locked" | "vault.keychain_locked") => {
                return Err(problem);
            }
            Err(problem) => Some(left_behind(&deployment, &held, &problem, lang)),
        };
        drop_identity(engine, &self.connection, &self.identity, lang)?;
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
        if self.for_this_run {
            engine.store().change(&self.connection, |deployment| deployment.admin_now = Some(self.identity));
            return Ok(list(engine, lang));
        }
        engine.store().change_saved(&self.connection, lang, |deployment| {
            deployment.admin = Some(self.identity);
            deployment.admin_now = None;
        })?;
        Ok(list(engine, lang))
    }
}
