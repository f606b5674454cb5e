//! What can go wrong with the secrets of an identity, in words.

use super::Held;
use crate::connections::Deployment;
use crate::operations::connections::Origin;
use crate::vault::{Part, SecretName};
use scopes::lang::Lang;
use scopes::problem::{Actor, IdentityWay, Problem};
use scopes::say;
use std::io;

/// The secret is no longer where it was kept.
pub(super) fn gone(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    let problem = Problem::refused(
        "identity.secret_gone",
        say!(
            lang,
            "The secret of {label} is no longer where it was kept.",
            "{label} 的密钥已不在原来保存的位置。"
        ),
    )
    .about(held.id.clone());
    if held.origin == Origin::SignedIn {
        problem.hinted(sign_in_again(lang)).cured_by(IdentityWay::SignIn)
    } else {
        problem.cured_by(IdentityWay::Token).hinted(say!(
            lang,
            "Add the credential again in Connections, and remove this identity.",
            "在“连接”面板重新添加凭据，并移除此身份。"
        ))
    }
}

fn sign_in_again(lang: Lang) -> String {
    say!(lang, "Sign in again in Connections.", "在“连接”面板重新登录。")
}

/// The refresh token is refused for good.
pub(super) fn dead(held: &Held, shown: &Problem, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    let mut problem = Problem::refused(
        "identity.refresh_dead",
        say!(
            lang,
            "The sign-in of {label} has ended: the server takes its refresh token no more. It expired, or the consent was revoked.",
            "{label} 的登录已结束：服务器不再接受它的刷新令牌。它已过期，或授权已被撤销。"
        ),
    )
    .hinted(sign_in_again(lang))
    .cured_by(IdentityWay::SignIn)
    .for_actor(Actor::EndUser)
    .about(held.id.clone());
    problem.exchange.clone_from(&shown.exchange);
    problem
}

/// The token has ended, and the refresh token was refused before.
pub(super) fn ended(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::refused(
        "identity.refresh_dead",
        say!(
            lang,
            "The sign-in of {label} has ended, and the server takes its refresh token no more.",
            "{label} 的登录已结束，且服务器不再接受它的刷新令牌。"
        ),
    )
    .hinted(sign_in_again(lang))
    .cured_by(IdentityWay::SignIn)
    .for_actor(Actor::EndUser)
    .about(held.id.clone())
}

/// There is nothing to refresh it by.
pub(super) fn not_refreshable(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::refused(
        "identity.not_refreshable",
        say!(
            lang,
            "{label} has no refresh token; one comes with a sign-in that asks for `offline_access`.",
            "{label} 没有刷新令牌；登录时请求 `offline_access` 才会得到。"
        ),
    )
    .hinted(say!(
        lang,
        "Sign in with `offline_access`, or add a new token when this one ends.",
        "用 `offline_access` 登录，或在此令牌到期后添加新的令牌。"
    ))
    .about(held.id.clone())
}

/// Somebody else refreshes for too long.
pub(super) fn busy(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::refused(
        "identity.refresh_busy",
        say!(
            lang,
            "Another window or command line is refreshing {label} and does not come to an end.",
            "另一个窗口或命令行正在刷新 {label}，一直没有结束。"
        ),
    )
    .hinted(say!(lang, "Try again, or end the other one.", "重试，或结束另一个程序。"))
    .about(held.id.clone())
}

/// The data directory allows no lock.
pub(super) fn no_lock(error: &io::Error, lang: Lang) -> Problem {
    Problem::refused(
        "identity.no_lock",
        say!(
            lang,
            "The token was not refreshed: the data directory allows no lock, so two programs could spend it at once: {error}.",
            "未刷新令牌：数据目录不支持加锁，两个程序可能同时用掉它：{error}。"
        ),
    )
    .hinted(say!(
        lang,
        "Check that the data directory can be written to and lies on a local disk.",
        "检查数据目录是否可写，且位于本地磁盘。"
    ))
}

/// A refresh was sent, and its answer is lost.
pub(super) fn lost(held: &Held, shown: Problem, lang: Lang) -> Problem {
    let (label, reason) = (held.label_in(lang), shown.message);
    let mut problem = Problem::refused(
        "identity.refresh_lost",
        say!(
            lang,
            "The token of {label} may or may not be renewed: the request was sent, and the answer is lost. {reason}",
            "{label} 的令牌不确定是否已刷新：请求已发送，但应答丢失。{reason}"
        ),
    )
    .hinted(say!(
        lang,
        "Try again; sign in again if the server refuses then.",
        "重试；如果服务器拒绝，重新登录。"
    ))
    .about(held.id.clone());
    problem.exchange = shown.exchange;
    problem
}

/// The server failed while it refreshed: the previous token may be inactive by now.
pub(super) fn doubtful(problem: Problem, lang: Lang) -> Problem {
    problem.hinted(say!(
        lang,
        "Try again: the server may have refreshed the token before it failed, so the next use asks it first.",
        "重试：服务器可能在出错之前已刷新令牌，因此下次使用时会先询问服务器。"
    ))
}

/// The data directory cannot be written, so the refresh token was not spent.
pub(super) fn not_begun(held: &Held, error: &io::Error, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::refused(
        "identity.refresh_not_begun",
        say!(
            lang,
            "The token of {label} was not refreshed: the data directory cannot be written: {error}.",
            "没有刷新 {label} 的令牌：无法写入数据目录：{error}。"
        ),
    )
    .hinted(say!(
        lang,
        "Make room on the disk or make the data directory writable, then try again.",
        "腾出磁盘空间或让数据目录可写，然后重试。"
    ))
    .about(held.id.clone())
}

/// New tokens came and are in memory only.
pub(super) fn not_written(held: &Held, why: &Problem, lang: Lang) -> Problem {
    let (label, reason) = (held.label_in(lang), &why.message);
    Problem::risky(
        "identity.refresh_not_kept",
        say!(
            lang,
            "The new token of {label} could not be kept and lives in memory for this run only: {reason}",
            "{label} 的新令牌未能保存，仅在本次运行期间保存在内存中：{reason}"
        ),
    )
    .hinted(say!(
        lang,
        "Open the vault, then refresh once more before this program ends.",
        "打开密钥库，并在本程序结束前再刷新一次。"
    ))
    .about(held.id.clone())
}

/// The same, as long as it is so.
pub(super) fn unwritten(held: &Held, lang: Lang) -> Problem {
    let label = held.label_in(lang);
    Problem::risky(
        "identity.refresh_not_kept",
        say!(
            lang,
            "The newest token of {label} is in memory only; when this program ends, it is lost.",
            "{label} 的最新令牌仅在内存中；本程序结束时会丢失。"
        ),
    )
    .hinted(say!(
        lang,
        "Open the vault, then refresh the identity once more.",
        "打开密钥库，然后再刷新一次该身份。"
    ))
    .about(held.id.clone())
}

/// The task of a refresh did not come to its end.
pub(super) fn ended_early(error: &tokio::task::JoinError, lang: Lang) -> Problem {
    Problem::refused(
        "identity.refresh_failed",
        say!(lang, "The refresh ended early: {error}.", "刷新提前结束：{error}。"),
    )
    .hinted(say!(lang, "Try again.", "重试。"))
}

/// The identity goes, and its secret stays: by which names somebody finds it.
pub(crate) fn left_behind(deployment: &Deployment, held: &Held, cause: &Problem, lang: Lang) -> Problem {
    let entry = |part| {
        let (connection, identity) = (deployment.saved.id.clone(), held.id.clone());
        SecretName { connection, identity, part }.to_string()
    };
    let mut entries = vec![entry(Part::Credential)];
    if held.has_client_secret {
        entries.push(entry(Part::ClientSecret));
    }
    let (who, why, names) = (held.label_in(lang), &cause.message, entries.join("`, `"));
    let problem = Problem::risky(
        "vault.entry_left",
        say!(
            lang,
            "The secret of {who} could not be deleted and stays where it is kept: {why}",
            "无法删除 {who} 的密钥，它仍留在原处：{why}"
        ),
    )
    .hinted(say!(
        lang,
        "Delete the entry `{names}` of the service `spectroscope` with the tool of your keychain; in a passphrase vault, forget everything.",
        "用钥匙串工具删除服务 `spectroscope` 的条目 `{names}`；若使用口令保险库，用“忘记一切”删除。"
    ));
    entries.into_iter().fold(problem, Problem::about)
}

/// Only access tokens can be revoked here.
pub(super) fn not_revocable(held: &Held, lang: Lang) -> Problem {
    let who = held.in_words(lang);
    Problem::refused(
        "identity.not_revocable",
        say!(
            lang,
            "{who}, cannot be revoked from here: revocation is for access tokens.",
            "无法在这里撤销 {who}：只有访问令牌可以撤销。"
        ),
    )
    .hinted(say!(
        lang,
        "Delete it on your account page at Prism, then remove it here.",
        "在 Prism 的账户页面删除它，然后在这里移除。"
    ))
    .about(held.id.clone())
}
