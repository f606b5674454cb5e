//! Where secrets are kept, and letting go of all of them.

use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, forget, left_behind, moved, revoke};
use crate::operation::Operation;
use crate::operations::connections::{CredentialKind, Origin};
use crate::operations::vault::{
    ChooseVault, ForgetEverything, Forgotten, LockVault, ReadVault, SignOutEverywhere, UnlockVault, Vault,
};
use crate::vault::{Part, SecretName, keychain_name};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::sync::Arc;

impl Operation for ReadVault {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Vault, Problem> {
        Ok(view(engine, self.probe, cx.lang).await)
    }
}

impl Operation for ChooseVault {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Vault, Problem> {
        let names = names(engine);
        engine.vault().expect_words(words(engine));
        let left = engine.vault().choose(self.kind, self.passphrase.as_ref(), &names, cx.lang).await?;
        let moved = moved(engine, self.kind, cx.lang);
        let mut vault = view(engine, false, cx.lang).await;
        vault.problems.extend(left);
        vault.problems.extend(moved);
        Ok(vault)
    }
}

impl Operation for UnlockVault {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Vault, Problem> {
        engine.vault().expect_words(words(engine));
        engine.vault().unlock(&self.passphrase, cx.lang).await?;
        Ok(view(engine, false, cx.lang).await)
    }
}

impl Operation for LockVault {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Vault, Problem> {
        engine.vault().lock();
        engine.close_idle();
        for (_, held) in lasting(engine) {
            // What is only in memory has nowhere to be read from again.
            if !engine.vault().is_in_memory(&held.id) && !held.cache.is_unwritten() {
                held.cache.clear();
            }
        }
        Ok(view(engine, false, cx.lang).await)
    }
}

impl Operation for SignOutEverywhere {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Forgotten, Problem> {
        let mut forgotten = Forgotten { revoked: 0, deleted: 0, problems: Vec::new() };
        for (deployment, held) in taken_in(engine) {
            if held.kind == CredentialKind::AccessToken {
                sign_out(engine, &deployment, &held, &mut forgotten, cx.lang).await;
            }
        }
        Ok(forgotten)
    }
}

impl Operation for ForgetEverything {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Forgotten, Problem> {
        let lang = cx.lang;
        let mut forgotten = Forgotten { revoked: 0, deleted: 0, problems: Vec::new() };
        for (deployment, held) in taken_in(engine) {
            let deleted = forget(engine, &deployment, &held, lang).await;
            let deleted = deleted.map_err(|problem| left_behind(&deployment, &held, &problem, lang));
            note(deleted, &mut forgotten);
            drop_identity(engine, &deployment, &held, &mut forgotten, lang);
        }
        note(engine.vault().forget(lang).await, &mut forgotten);
        if self.connections {
            for deployment in engine.store().all().iter().filter(|deployment| !deployment.is_sandbox()) {
                let removed = engine.store().remove(&deployment.saved.id, lang);
                forgotten.problems.extend(removed.err());
            }
        }
        Ok(forgotten)
    }
}

/// Revokes a token at its server, then forgets it. One that could not be revoked is forgotten all the same, and it is said.
async fn sign_out(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    forgotten: &mut Forgotten,
    lang: Lang,
) {
    let failed = match revoke(engine, deployment, held, lang).await {
        Ok(Some(false)) => Some(say!(lang, "The server still takes it.", "服务器仍然接受它。")),
        Ok(_) => None,
        // Forgetting it now would leave a live token that nobody can revoke any more.
        Err(problem) if problem.code == "vault.locked" => return forgotten.problems.push(problem),
        Err(problem) => Some(problem.message),
    };
    match failed {
        None => forgotten.revoked += 1,
        Some(reason) => forgotten.problems.push(not_revoked(held, &reason, lang)),
    }
    let deleted = forget(engine, deployment, held, lang).await;
    note(deleted.map_err(|problem| left_behind(deployment, held, &problem, lang)), forgotten);
    drop_identity(engine, deployment, held, forgotten, lang);
}

fn not_revoked(held: &Held, reason: &str, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::risky(
        "vault.not_revoked",
        say!(
            lang,
            "The token of {label} was forgotten, but not revoked: {reason}",
            "已忘记 {label} 的令牌，但未能撤销：{reason}"
        ),
    )
    .hinted(say!(lang, "Revoke the consent at Prism.", "在 Prism 上撤销授权。"))
    .about(held.id.clone())
}

fn note(deleted: Result<usize, Problem>, forgotten: &mut Forgotten) {
    match deleted {
        Ok(count) => forgotten.deleted += count,
        Err(problem) => forgotten.problems.push(problem),
    }
}

fn drop_identity(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    forgotten: &mut Forgotten,
    lang: Lang,
) {
    let saved = engine.store().change_saved(&deployment.saved.id, lang, |deployment| {
        deployment.identities.retain(|other| other.id != held.id);
        if deployment.admin.as_ref() == Some(&held.id) {
            deployment.admin =
                deployment.identities.iter().find(|h| h.can_write_apps()).map(|h| h.id.clone());
        }
    });
    forgotten.problems.extend(saved.err());
}

/// Every identity somebody added, of the sandbox, too.
fn taken_in(engine: &Engine) -> Vec<(Deployment, Arc<Held>)> {
    let of = |deployment: Deployment| {
        let identities = deployment.identities.clone();
        let added = identities.into_iter().filter(|held| held.origin != Origin::BuiltIn);
        added.map(move |held| (deployment.clone(), held)).collect::<Vec<_>>()
    };
    engine.store().all().into_iter().flat_map(of).collect()
}

/// The identities whose secrets are kept beyond this run.
fn lasting(engine: &Engine) -> Vec<(Deployment, Arc<Held>)> {
    taken_in(engine).into_iter().filter(|(deployment, _)| !deployment.is_sandbox()).collect()
}

/// The names of everything that may be kept beyond this run.
fn names(engine: &Engine) -> Vec<SecretName> {
    let of = |(deployment, held): (Deployment, Arc<Held>)| {
        let (connection, identity, both) = (deployment.saved.id, held.id.clone(), held.has_client_secret);
        let parts = Part::ALL.into_iter().filter(move |part| *part == Part::Credential || both);
        parts.map(move |part| SecretName { connection: connection.clone(), identity: identity.clone(), part })
    };
    lasting(engine).into_iter().flat_map(of).collect()
}

/// What somebody who knows the person would try as a passphrase: names, hosts and accounts.
fn words(engine: &Engine) -> Vec<String> {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|name| std::env::var(name).ok());
    let of = |deployment: Deployment| {
        let saved = &deployment.saved;
        let urls = [Some(saved.prism_url.as_str()), saved.glint_url.as_deref()];
        let hosts = urls
            .into_iter()
            .flatten()
            .filter_map(|url| Some(url::Url::parse(url).ok()?.host_str()?.to_owned()));
        let mut words: Vec<String> = hosts.collect();
        words.push(saved.name.clone());
        words.extend(deployment.identities.iter().map(|held| held.label_in(Lang::En).to_owned()));
        words
    };
    let hosts =
        ["SPECTROSCOPE_PRISM", "SPECTROSCOPE_GLINT"].iter().filter_map(|name| std::env::var(name).ok());
    user.chain(hosts).chain(engine.store().all().into_iter().flat_map(of)).collect()
}

async fn view(engine: &Engine, probe: bool, lang: Lang) -> Vault {
    let standing = engine.vault().standing(&names(engine), probe, lang).await;
    Vault {
        kind: standing.kind,
        state: standing.state,
        keychain_name: keychain_name(lang),
        keychain_problem: standing.keychain.map(|fault| fault.problem(lang)),
        passphrase_exists: standing.passphrase_exists,
        kept: standing.kept,
        problems: standing
            .problems
            .into_iter()
            .chain(engine.data_dir().and_then(|dir| dir.note(lang)))
            .collect(),
    }
}
