//! Refreshing, looking at and revoking the tokens of one identity.

use super::looks;
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, forget, left_behind, revoke, update};
use crate::oauth;
use crate::operation::Operation;
use crate::operations::connections::{CredentialKind, Identity, Origin};
use crate::operations::identities::{
    IdentityReport, IntrospectIdentity, RefreshIdentity, RevokeIdentity, Revoked,
};
use crate::prism::oauth::Introspection;
use crate::use_cases::connections::{drop_identity, list, shown};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

impl Operation for RefreshIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<IdentityReport, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        let seen = engine.loaded(&deployment, &held, lang).await?.credential().clone();
        let renewal = engine.renew(&deployment, &held, &seen, self.force, lang).await?;
        Ok(IdentityReport {
            identity: now(engine, &deployment, &held, lang),
            done: renewal.asked,
            exchange: renewal.exchange,
            problems: renewal.problems,
        })
    }
}

/// The identity as it is after a change.
fn now(engine: &Engine, deployment: &Deployment, held: &Held, lang: Lang) -> Identity {
    let after = engine.store().get(&deployment.saved.id);
    let known =
        after.and_then(|after| Some(shown(engine, &after, &*after.identity(&held.id, lang).ok()?, lang)));
    known.unwrap_or_else(|| shown(engine, deployment, held, lang))
}

impl Operation for IntrospectIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<IdentityReport, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        if held.kind != CredentialKind::AccessToken {
            return look_again(engine, &deployment, &held, lang).await;
        }
        let material = engine.loaded(&deployment, &held, lang).await?;
        let client = engine.client_of(&deployment, &held, lang).await?;
        let seen = oauth::introspect(engine, &deployment, &client, material.credential(), lang).await?;
        let mut problems = Vec::new();
        if seen.value.active {
            learn(engine, &deployment, &held, &seen.value, lang);
        } else {
            engine.doubt(&deployment, &held);
            problems.push(looks::inactive(held.refreshable, lang));
        }
        let after = engine.connection(&self.connection, lang)?;
        let known = after.identity(&self.identity, lang)?;
        problems.extend(known.foreign_warning(&after, lang));
        Ok(IdentityReport {
            identity: shown(engine, &after, &known, lang),
            done: seen.value.active,
            exchange: Some(seen.exchange),
            problems,
        })
    }
}

/// What introspection says is kept; that it cannot be saved changes nothing about the answer.
fn learn(engine: &Engine, deployment: &Deployment, held: &Held, seen: &Introspection, lang: Lang) {
    if held.origin == Origin::BuiltIn {
        return;
    }
    drop(update(engine, &deployment.saved.id, &held.id, lang, |held| {
        if let Some(scope) = &seen.scope {
            held.scopes = scope.split_whitespace().map(str::to_owned).collect();
            held.scopes_are_complete = true;
        }
        held.client_id = seen.client_id.clone().or(held.client_id.take());
        held.user_id = seen.sub.clone().or(held.user_id.take());
        held.expires_at = seen.exp.or(held.expires_at);
    }));
}

/// Introspection knows access tokens only (contract §6); another kind is asked what it may ask.
async fn look_again(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<IdentityReport, Problem> {
    engine.loaded(deployment, held, lang).await?;
    let mut seen = Held { scopes: Vec::new(), lacks: Vec::new(), owns: Vec::new(), ..held.clone() };
    let mut problems = Vec::new();
    looks::look(engine, deployment, &mut seen, &mut problems, lang).await;
    let done = problems.iter().all(|problem| problem.severity == scopes::problem::Severity::Note);
    if done && held.origin != Origin::BuiltIn {
        let learnt = seen.clone();
        drop(update(engine, &deployment.saved.id, &held.id, lang, |held| {
            held.scopes = learnt.scopes;
            held.lacks = learnt.lacks;
            held.owns = learnt.owns;
            held.user_id = learnt.user_id;
            held.user_name = learnt.user_name;
        }));
    }
    Ok(IdentityReport { identity: now(engine, deployment, held, lang), done, exchange: None, problems })
}

impl Operation for RevokeIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Revoked, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        let dead = revoke(engine, &deployment, &held, lang).await?;
        let mut problems = Vec::new();
        if dead == Some(false) {
            problems.push(still_alive(&held, lang));
        } else if held.origin != Origin::BuiltIn {
            let left = forget(engine, &deployment, &held, lang).await.err();
            problems.extend(left.map(|problem| left_behind(&deployment, &held, &problem, lang)));
            drop_identity(engine, &self.connection, &self.identity, lang)?;
        }
        Ok(Revoked { connections: list(engine, lang), dead, problems })
    }
}

fn still_alive(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::risky(
        "identity.still_alive",
        say!(
            lang,
            "The server answered that the token of {label} is revoked, and still calls it active.",
            "服务器回答 {label} 的令牌已撤销，但仍视其为有效。"
        ),
    )
    .hinted(say!(
        lang,
        "Revoke the consent at Prism; it ends every token of this client.",
        "在 Prism 上撤销授权；这会终止该客户端的所有令牌。"
    ))
    .about(held.id.clone())
}
