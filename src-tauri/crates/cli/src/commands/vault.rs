//! Where secrets are kept, and forgetting them.

use super::Ended;
use crate::args::{Global, Vault, VaultCommand, VaultKind};
use crate::out::{self, Tone, paint};
use crate::render::{self, Reply, items, problem_of, text};
use crate::session::Session;
use crate::{Outcome, words};
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Vault) -> Ended {
    let session = Session::at_home(global)?;
    match command.command.unwrap_or(VaultCommand::Status) {
        VaultCommand::Status => {
            session.unlock_unasked().await?;
            let vault = session.ask("read_vault", json!({ "probe": true })).await?;
            Ok(report(&session, &vault))
        }
        VaultCommand::Use(chosen) => choose(&session, chosen.place).await,
        VaultCommand::Forget(forget) => self::forget(&session, forget.connections).await,
    }
}

async fn choose(session: &Session, place: VaultKind) -> Ended {
    let lang = session.lang;
    if place == VaultKind::Memory {
        let problem = Problem::refused(
            "vault.this_run",
            say!(
                lang,
                "A command's memory ends with the command, so there is nothing to choose for later.",
                "命令的内存随命令结束，因此无法为以后选择。"
            ),
        )
        .hinted(say!(
            lang,
            "Add `--vault memory` to the command that is to keep nothing.",
            "在不应保存任何内容的命令上加 `--vault memory`。"
        ));
        session.refuse(&problem, None);
        return Ok(Outcome::Usage);
    }
    let now = session.ask("read_vault", json!({})).await?;
    // What lies in the passphrase vault has to be read to be moved.
    if now.at("kind") == "passphrase" && now.at("state") == "locked" && place == VaultKind::Keychain {
        session.unlock().await?;
    }
    let vault = session.choose_vault(place, &now).await?;
    Ok(report(session, &vault))
}

/// Prints where secrets are kept; a place that does not work is a refusal.
fn report(session: &Session, vault: &Value) -> Outcome {
    if session.json {
        session.print_json(vault);
    } else {
        print(session, vault);
    }
    if vault.at("state") == "ready" { Outcome::Done } else { Outcome::Refused }
}

fn print(session: &Session, vault: &Value) {
    let lang = session.lang;
    let (word, tone) = match text(vault.at("state")) {
        "ready" => (say!(lang, "ready", "可用"), Tone::Pass),
        "locked" => (say!(lang, "locked", "已锁定"), Tone::Warn),
        "absent" => (say!(lang, "not there", "不可用"), Tone::Fail),
        _ => (say!(lang, "nothing chosen yet", "尚未选择"), Tone::Fail),
    };
    let kind = vault.at("kind").as_str().map(|kind| words::place(Some(kind), lang));
    let kind = kind.map(|kind| say!(lang, "{kind}, ", "{kind}，")).unwrap_or_default();
    let word = paint(tone, &word);
    out::line(&say!(lang, "Secrets: {kind}{word}", "密钥：{kind}{word}"));
    let kept = vault.at("kept").as_u64().unwrap_or_default();
    out::line(&say!(lang, "Kept beyond this run: {kept}", "长期保存：{kept}"));
    let name = out::safe(text(vault.at("keychain_name")));
    let keychain = problem_of(vault.at("keychain_problem"));
    out::line(&match keychain {
        Some(_) => say!(lang, "Keychain: {name}, cannot be used", "钥匙串：{name}，无法使用"),
        None => say!(lang, "Keychain: {name}, works", "钥匙串：{name}，可用"),
    });
    let problems: Vec<Problem> = items(vault.at("problems")).iter().filter_map(problem_of).collect();
    // What is wrong with the place in use says what is wrong with the keychain where that is the reason; where another
    // place is in use, it stops nothing.
    let other = matches!(text(vault.at("kind")), "passphrase" | "memory");
    for problem in problems.iter().chain(keychain.iter().filter(|_| problems.is_empty() && !other)) {
        render::problem(&session.with_way_in(problem.clone()), None, lang);
    }
}

async fn forget(session: &Session, connections: bool) -> Ended {
    let lang = session.lang;
    session.after_a_yes(
        &say!(
            lang,
            "Forget every secret and every identity? Type yes:",
            "忘记所有密钥和所有身份？输入 yes："
        ),
        say!(lang, "Nothing was forgotten.", "没有忘记任何内容。"),
    )?;
    let forgotten = session.ask("forget_everything", json!({ "connections": connections })).await?;
    Ok(forgot(session, &forgotten))
}

/// Revokes every token that can be revoked.
pub(crate) async fn sign_out(global: &Global) -> Ended {
    let session = Session::at_home(global)?;
    let lang = session.lang;
    session.after_a_yes(
        &say!(
            lang,
            "Revoke every token of every connection? Type yes:",
            "撤销所有连接的所有令牌？输入 yes："
        ),
        say!(lang, "Nothing was revoked.", "没有撤销任何令牌。"),
    )?;
    session.ready_vault().await?;
    let forgotten = session.ask("sign_out_everywhere", json!({})).await?;
    Ok(forgot(&session, &forgotten))
}

fn forgot(session: &Session, forgotten: &Value) -> Outcome {
    if session.json {
        session.print_json(forgotten);
    } else {
        let count = |name: &str| forgotten.at(name).as_u64().unwrap_or_default();
        let (revoked, deleted) = (count("revoked"), count("deleted"));
        out::line(&say!(
            session.lang,
            "Tokens revoked: {revoked}; secrets deleted: {deleted}",
            "已撤销令牌 {revoked} 个，已删除密钥 {deleted} 个"
        ));
        render::problems(forgotten.at("problems"), None, session.lang);
    }
    let refused = items(forgotten.at("problems")).iter().any(super::connections::is_refusal);
    if refused { Outcome::Refused } else { Outcome::Done }
}
