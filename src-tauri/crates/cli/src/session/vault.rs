//! Opening the place where the secrets of a connection are kept.

use super::{Session, passphrase};
use crate::args::{Global, VaultKind, set};
use crate::render::{Reply, items, text};
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
    let Some(word) = set("SPECTROSCOPE_VAULT") else { return Ok(None) };
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
    /// Makes the vault ready for the secrets of a connection: chosen as asked for, and unlocked.
    pub(super) async fn open_vault(&self, connection: &Value) -> Result<(), Problem> {
        // A keychain opens by itself; whoever has no identity yet needs no vault.
        let closed = items(connection.at("identities")).iter().any(|i| i.at("kept") != "keychain");
        if self.vault.is_none() && !closed {
            return Ok(());
        }
        self.ready_vault().await.map(drop)
    }

    /// Where secrets are kept, after the choice asked for and the passphrase.
    pub(crate) async fn ready_vault(&self) -> Result<Value, Problem> {
        let vault = self.ask("read_vault", json!({})).await?;
        let kind = vault.at("kind").as_str();
        match self.vault {
            Some(wanted) if kind != Some(wanted.word()) => {
                if kind.is_some() && vault.at("kept") != 0 {
                    return Err(other_in_use(text(vault.at("kind")), wanted, self.lang));
                }
                self.choose_vault(wanted, &vault).await
            }
            _ if vault.at("state") == "locked" && kind == Some("passphrase") => {
                let passphrase = passphrase(false, self.lang)?;
                self.ask("unlock_vault", json!({ "passphrase": passphrase.expose() })).await
            }
            _ => Ok(vault),
        }
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
