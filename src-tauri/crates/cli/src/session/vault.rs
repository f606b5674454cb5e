//! Opening the place where the secrets of a connection are kept.

use super::{Session, passphrase};
use crate::args::{Global, Variable, VaultKind};
use crate::render::{Reply, items, problem_of, text};
use clap::ValueEnum;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

/// The place asked for by option or environment.
pub(super) fn wanted(global: &Global, lang: Lang) -> Result<Option<VaultKind>, Problem> {
    if global.vault.is_some() {
        return Ok(global.vault);
    }
    let Some(word) = Variable::Vault.value() else { return Ok(None) };
    VaultKind::from_str(&word, true).map(Some).map_err(|_| {
        Problem::refused(
            "vault.unknown",
            say!(
                lang,
                "`SPECTROSCOPE_VAULT` names no place: `{word}`.",
                "`SPECTROSCOPE_VAULT` 的值无效：`{word}`。"
            ),
        )
        .hinted(say!(
            lang,
            "Write keychain, passphrase or memory.",
            "写 keychain、passphrase 或 memory。"
        ))
    })
}

impl Session {
    /// Takes the place asked for by option or environment; without one, the vault is opened when it is needed.
    pub(super) async fn choose_wanted(&self) -> Result<(), Problem> {
        match self.vault {
            Some(_) => self.ready_vault().await.map(drop),
            None => Ok(()),
        }
    }

    /// Makes the vault ready for a new secret: chosen as asked for, and unlocked.
    ///
    /// # Errors
    /// When there is no place for it; whoever types a secret is told so before.
    pub(crate) async fn ready_vault(&self) -> Result<Value, Problem> {
        let now = self.ask("read_vault", json!({})).await?;
        let kind = now.at("kind").as_str();
        let vault = match self.vault {
            Some(wanted) if kind != Some(wanted.word()) => {
                // What is kept elsewhere would have to move; that is a command of its own. Nothing moves to memory.
                if kind.is_some() && now.at("kept") != 0 && wanted != VaultKind::Memory {
                    return Err(other_in_use(text(now.at("kind")), wanted, self.lang));
                }
                self.choose_vault(wanted, &now).await?
            }
            _ if now.at("state") == "locked" && kind == Some("passphrase") => self.unlock().await?,
            _ => now,
        };
        let fault = items(vault.at("problems")).iter().find_map(problem_of);
        match fault.filter(|_| vault.at("state") != "ready") {
            Some(problem) => Err(self.with_way_in(problem)),
            None => Ok(vault),
        }
    }

    /// Opens a locked passphrase vault where its passphrase is in the environment; nobody is asked. `None`: there was
    /// nothing to open it with, or it is not locked.
    ///
    /// # Errors
    /// When the passphrase does not open it.
    pub(crate) async fn unlock_unasked(&self) -> Result<Option<Value>, Problem> {
        if Variable::VaultPassphrase.value().is_none() {
            return Ok(None);
        }
        let now = self.ask("read_vault", json!({})).await?;
        if now.at("kind") != "passphrase" || now.at("state") != "locked" {
            return Ok(None);
        }
        self.unlock().await.map(Some)
    }

    /// Opens the passphrase vault.
    pub(crate) async fn unlock(&self) -> Result<Value, Problem> {
        let passphrase = passphrase(false, self.lang)?;
        self.run_once("unlock_vault", json!({ "passphrase": passphrase.expose() }), None, &|_| {}).await
    }

    /// Chooses the place, and moves what is kept.
    pub(crate) async fn choose_vault(&self, kind: VaultKind, now: &Value) -> Result<Value, Problem> {
        let passphrase = match kind {
            VaultKind::Passphrase => Some(passphrase(now.at("passphrase_exists") == false, self.lang)?),
            _ => None,
        };
        let passphrase = passphrase.as_ref().map(|secret| secret.expose());
        self.ask("choose_vault", json!({ "kind": kind.word(), "passphrase": passphrase })).await
    }
}

fn other_in_use(kind: &str, wanted: VaultKind, lang: Lang) -> Problem {
    let wanted = wanted.word();
    Problem::refused(
        "vault.other_in_use",
        say!(lang, "Secrets are kept in another place already: {kind}.", "密钥已保存在另一处：{kind}。"),
    )
    .hinted(say!(
        lang,
        "Move them with `spectroscope vault use {wanted}`, or leave `--vault` out.",
        "用 `spectroscope vault use {wanted}` 移动，或去掉 `--vault`。"
    ))
}
