//! Taking a credential in: its kind by its form, who it is by asking, and what looks odd about it.

use crate::answer::{Answer, Trouble};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, kind_word};
use crate::operation::Operation;
use crate::operations::connections::{AddIdentity, AddedIdentity, CredentialKind};
use crate::prism::{apps, oauth, scope_definitions};
use scopes::lang::{Lang, Text};
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Secret;
use std::sync::Arc;

impl Operation for AddIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<AddedIdentity, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let mut problems = Vec::new();
        let text = cleaned(self.secret.expose(), &mut problems, lang)?;
        let form = kind_of(&text);
        let kind = self.kind.unwrap_or(form);
        if kind != form {
            problems.push(mistaken(kind, form, lang));
        }
        let mut held = held(engine, &text, kind, lang)?;
        match kind {
            CredentialKind::PersonalAccessToken => {
                personal(engine, &deployment, &mut held, &mut problems, lang).await
            }
            CredentialKind::SessionToken => {
                session(engine, &deployment, &mut held, &mut problems, lang).await
            }
            CredentialKind::AccessToken => access(engine, &deployment, &mut held, &mut problems, lang).await,
            CredentialKind::ClientCredentials => {
                client(engine, &deployment, &mut held, &mut problems, lang).await
            }
        }
        held.label = match self.label.map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()) {
            Some(label) => label,
            None if held.user_name.is_none() && held.client_name.is_none() => kind_word(kind, lang),
            None => held.in_words(lang),
        };
        let held = Arc::new(held);
        engine.store().change(&self.connection, |kept| {
            kept.identities.push(held.clone());
            if kept.admin.is_none() && held.view(kept, lang).for_admin {
                kept.admin = Some(held.id.clone());
            }
        });
        Ok(AddedIdentity { identity: held.view(&deployment, lang), problems })
    }
}

/// Without the blanks and quotes that copying leaves around a credential; they are reported, because an integration
/// that sends them gets a dead token (contract §6).
fn cleaned(given: &str, problems: &mut Vec<Problem>, lang: Lang) -> Result<String, Problem> {
    let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
    let text = given.trim_matches(around);
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim_matches(around);
    if text.is_empty() {
        return Err(Problem::refused("identity.empty", say!(lang, "There is no credential.", "没有凭据。"))
            .about("secret"));
    }
    if text.chars().any(char::is_control) || text.contains(char::is_whitespace) {
        return Err(Problem::refused(
            "token.whitespace",
            say!(lang, "There is a blank or line break inside the credential.", "凭据中间有空白或换行。"),
        )
        .hinted(say!(lang, "Copy it again as one piece.", "重新完整复制。"))
        .about("secret"));
    }
    if text != given {
        problems.push(
            Problem::risky(
                "token.whitespace",
                say!(
                    lang,
                    "There were blanks, quotes or the word Bearer around the credential; they are left out here.",
                    "凭据前后有空白、引号或 Bearer 字样；这里已去掉。"
                ),
            )
            .hinted(say!(
                lang,
                "Check the place it was copied from: sent like that, Prism calls it inactive.",
                "检查复制来源：照那样发送，Prism 会视为无效。"
            )),
        );
    }
    Ok(text.to_owned())
}

/// The kind by its form. Access and refresh tokens cannot be told apart.
fn kind_of(text: &str) -> CredentialKind {
    if text.starts_with("prism_pat_") {
        CredentialKind::PersonalAccessToken
    } else if text.starts_with("prism_") && text.contains(':') {
        CredentialKind::ClientCredentials
    } else if text.split('.').count() == 3 && text.starts_with("ey") {
        CredentialKind::SessionToken
    } else {
        CredentialKind::AccessToken
    }
}

fn mistaken(kind: CredentialKind, form: CredentialKind, lang: Lang) -> Problem {
    let (said, looks) = (kind_word(kind, lang), kind_word(form, lang));
    Problem::risky(
        "identity.kind_mismatch",
        say!(
            lang,
            "It is added as {said}, but looks like: {looks}.",
            "它被添加为{said}，但看起来是{looks}。"
        ),
    )
    .hinted(say!(lang, "Let the kind be found out by its form.", "让程序根据形式判断类型。"))
}

fn held(engine: &Engine, text: &str, kind: CredentialKind, lang: Lang) -> Result<Held, Problem> {
    let (client_id, secret) = match (kind, text.split_once(':')) {
        (CredentialKind::ClientCredentials, Some((id, secret))) => (Some(id.to_owned()), secret),
        (CredentialKind::ClientCredentials, None) => {
            return Err(Problem::refused(
                "identity.no_client_secret",
                say!(
                    lang,
                    "Client credentials are the client id and the client secret with a colon between.",
                    "客户端凭据由 client id 和 client secret 组成，中间用冒号分隔。"
                ),
            )
            .hinted(say!(lang, "Write `client_id:client_secret`.", "写成 `client_id:client_secret`。"))
            .about("secret"));
        }
        _ => (None, text),
    };
    Ok(Held {
        id: engine.store().handle("i"),
        label: kind_word(kind, lang),
        label_zh: None,
        kind,
        secret: Secret::new(secret),
        user_name: None,
        user_id: None,
        client_id,
        client_name: None,
        scopes: Vec::new(),
        scopes_are_complete: false,
        lacks: Vec::new(),
        expires_at: None,
        note: Some(Text {
            en: "Pasted; held in memory for this run.".into(),
            zh: "粘贴而来；仅在本次运行期间保存在内存中。".into(),
        }),
        pasted: true,
    })
}

/// A failed look at a credential: dead is a warning, an unreachable Prism a remark.
fn failed<T>(answer: &Answer<T>, lang: Lang) -> Option<Problem> {
    let mut problem = answer.value.as_ref().err()?.problem(&answer.exchange, lang);
    problem.severity = scopes::problem::Severity::Risky;
    Some(problem)
}

async fn personal(
    engine: &Engine,
    at: &Deployment,
    held: &mut Held,
    problems: &mut Vec<Problem>,
    lang: Lang,
) {
    let credential = held.credential(vec![at.prism.clone()]);
    let (apps, profile, teams) = (apps::list(), oauth::profile(), oauth::teams());
    let (apps, profile, teams) = tokio::join!(
        engine.ask(&at.prism, &apps, Some(&credential)),
        engine.ask(&at.prism, &profile, Some(&credential)),
        engine.ask(&at.prism, &teams, Some(&credential)),
    );
    // `/api/oauth/me/*` answers the same for dead tokens (contract §1), so what is lacking is known of live ones only.
    let lives = apps.value.is_ok() || matches!(&apps.value, Err(Trouble::Refused { status: 403, .. }));
    let probed = [
        ("profile", profile.value.is_ok()),
        ("apps:read", apps.value.is_ok()),
        ("teams:read", teams.value.is_ok()),
    ];
    for (scope, carried) in probed {
        if carried {
            held.scopes.push(scope.to_owned());
        } else if lives {
            held.lacks.push(scope.to_owned());
        }
    }
    if let Ok(profile) = profile.value {
        held.user_id = Some(profile.id);
        held.user_name = profile.username;
    }
    problems.extend(failed(&apps, lang).map(|problem| problem.for_actor(Actor::ProviderOwner)));
    if held.user_id.is_none() && apps.value.is_ok() {
        problems.push(
            Problem::note(
                "identity.nameless",
                say!(
                    lang,
                    "Without `profile` Prism does not tell whose token this is.",
                    "没有 `profile` 时 Prism 不会说明这是谁的令牌。"
                ),
            )
            .hinted(say!(
                lang,
                "Add `profile` when the token is made, to see who registers and who is locked out.",
                "创建令牌时加上 `profile`，以便看到谁在注册、谁会被挡住。"
            )),
        );
    }
}

async fn session(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    let credential = held.credential(vec![at.prism.clone()]);
    let who = engine.ask(&at.prism, &oauth::signed_in(), Some(&credential)).await;
    problems.extend(failed(&who, lang));
    if let Ok(who) = who.value {
        held.user_id = Some(who.user.id);
        held.user_name = who.user.username;
    }
}

async fn access(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    let credential = held.credential(vec![at.prism.clone()]);
    let (introspect, profile) = (oauth::introspect(held.secret.expose()), oauth::profile());
    let (seen, profile) = tokio::join!(
        engine.ask(&at.prism, &introspect, None),
        engine.ask(&at.prism, &profile, Some(&credential)),
    );
    problems.extend(failed(&seen, lang));
    if let Ok(profile) = profile.value {
        held.user_name = profile.username;
    }
    let Ok(seen) = seen.value else { return };
    if !seen.active {
        problems.push(
            Problem::risky(
                "token.inactive",
                say!(
                    lang,
                    "Prism calls this token inactive: expired, revoked, replaced by a refresh, a refresh token, or not an access token of this Prism.",
                    "Prism 认为此令牌无效：已过期、被撤销、被刷新替换、是刷新令牌，或不是此 Prism 的访问令牌。"
                ),
            )
            .hinted(say!(lang, "Authorize again, or paste the current access token.", "重新授权，或粘贴当前的访问令牌。")),
        );
        return;
    }
    held.scopes = seen.scope.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    held.scopes_are_complete = true;
    held.client_id = seen.client_id;
    held.user_id = seen.sub;
    held.expires_at = seen.exp;
    let known = at.consumers.iter().find(|consumer| Some(&consumer.client_id) == held.client_id.as_ref());
    let relative = at.identities.iter().find(|other| other.client_id == held.client_id);
    held.client_name =
        known.map(|consumer| consumer.name.clone()).or(relative.and_then(|other| other.client_name.clone()));
    problems.extend(provenance(at, held, lang));
}

/// A token that was issued to the provider itself, or whose scopes belong to another provider.
fn provenance(at: &Deployment, held: &Held, lang: Lang) -> Vec<Problem> {
    let Some(provider) = at.saved.provider_client_id.as_deref().map(str::trim) else { return Vec::new() };
    let mut problems = Vec::new();
    if held.client_id.as_deref() == Some(provider) {
        problems.push(
            Problem::risky(
                "token.issued_to_provider",
                say!(
                    lang,
                    "This token was issued to the provider itself, not to a consumer.",
                    "此令牌签发给了提供方自身，而不是消费方。"
                ),
            )
            .hinted(say!(
                lang,
                "Use a token that the consumer obtained.",
                "使用消费方取得的令牌。"
            )),
        );
    }
    let inside = |scope: &&String| scope.starts_with("app:");
    let own = format!("app:{provider}:");
    if held.scopes.iter().any(|s| inside(&s))
        && held.scopes.iter().filter(inside).all(|s| !s.starts_with(&own))
    {
        problems.push(
            Problem::risky(
                "scope.other_namespace",
                say!(
                    lang,
                    "Its app scopes belong to another client than this provider.",
                    "它的应用范围属于另一个客户端，而不是这个提供方。"
                ),
            )
            .hinted(say!(
                lang,
                "Compare the client id inside its scopes with `{provider}`.",
                "对照其范围中的 client id 与 `{provider}`。"
            )),
        );
    }
    problems
}

async fn client(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    held.scopes_are_complete = true;
    let Some(client_id) = held.client_id.clone() else { return };
    held.client_name = at.consumers.iter().find(|c| c.client_id == client_id).map(|c| c.name.clone());
    if at.saved.provider_client_id.as_deref().map(str::trim) == Some(client_id.as_str()) {
        held.client_name.clone_from(&at.provider_name);
    }
    let credential = held.credential(vec![at.prism.clone()]);
    let answer = engine.ask(&at.prism, &scope_definitions::list(&client_id), Some(&credential)).await;
    if let Some(problem) = failed(&answer, lang) {
        problems.push(problem.hinted(say!(
            lang,
            "Check the secret, that the client is confidential and active, and that it may manage its exported permissions itself; Prism answers the same for all of these.",
            "检查密钥、客户端是否为机密且已启用，以及是否允许自行管理导出权限；Prism 对这些情况的应答都相同。"
        )));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_form() {
        for (text, kind) in [
            ("prism_pat_abc", CredentialKind::PersonalAccessToken),
            ("prism_abc:secret", CredentialKind::ClientCredentials),
            ("eyJhbGciOi.eyJzdWIi.c2ln", CredentialKind::SessionToken),
            ("qq-JUPk0YkeLNACVBVNFlorh_wZ5ezlG", CredentialKind::AccessToken),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
    }

    #[test]
    fn what_copying_leaves_around_is_taken_off_and_said() {
        for (given, clean, said) in
            [("abc", "abc", 0), (" abc\n", "abc", 1), ("\"abc\"", "abc", 1), ("Bearer abc", "abc", 1)]
        {
            let mut problems = Vec::new();
            assert_eq!(cleaned(given, &mut problems, Lang::En).unwrap(), clean, "{given:?}");
            assert_eq!(problems.len(), said, "{given:?}");
        }
        for given in ["", "  \n", "a b", "a\nb"] {
            assert!(cleaned(given, &mut Vec::new(), Lang::En).is_err(), "{given:?}");
        }
    }
}
