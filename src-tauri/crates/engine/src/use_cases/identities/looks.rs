//! Looking at a credential with the questions its kind allows.

use crate::answer::{Answer, Trouble};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::http::Credential;
use crate::identities::{Held, kind_word};
use crate::operations::connections::CredentialKind;
use crate::prism::{apps, oauth, scope_definitions};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::profile::glint;
use scopes::say;

/// Asks what its kind allows, fills in what was learnt, and adds what looks odd.
pub(in crate::use_cases) async fn look(
    engine: &Engine,
    at: &Deployment,
    held: &mut Held,
    problems: &mut Vec<Problem>,
    lang: Lang,
) {
    match held.kind {
        CredentialKind::PersonalAccessToken => personal(engine, at, held, problems, lang).await,
        CredentialKind::SessionToken => session(engine, at, held, problems, lang).await,
        CredentialKind::AccessToken => access(engine, at, held, problems, lang).await,
        CredentialKind::ClientCredentials => client(engine, at, held, problems, lang).await,
    }
}

/// A failed look at a credential: dead is a warning, an unreachable Prism a remark.
fn failed<T>(answer: &Answer<T>, lang: Lang) -> Option<Problem> {
    let mut problem = answer.value.as_ref().err()?.problem(&answer.exchange, lang);
    problem.severity = scopes::problem::Severity::Risky;
    Some(problem)
}

/// How many owned apps are kept with an identity.
const MAX_OWNED: usize = 500;

/// The code of [`not_accepted`].
pub(in crate::use_cases) const NOT_ACCEPTED: &str = "identity.not_accepted";

/// 401 to a credential for administration: Prism answers the same for an unknown one, a revoked one and one of a user
/// who is switched off (contract §1).
fn not_accepted<T>(answer: &Answer<T>, kind: CredentialKind, lang: Lang) -> Option<Problem> {
    let Err(Trouble::Refused { status: 401, .. }) = &answer.value else { return None };
    let kind = kind_word(kind, lang);
    let words = say!(
        lang,
        "Prism does not accept this {kind}: it is unknown, over or revoked, or its user is switched off.",
        "Prism 不接受此{kind}：它未知、已过期、已被撤销，或其用户已停用。"
    );
    let hint = say!(lang, "Make a new one at Prism and paste it whole.", "在 Prism 上新建一个并完整粘贴。");
    Some(
        Problem::refused(NOT_ACCEPTED, words).hinted(hint).shown_by(scopes::exchange::view(&answer.exchange)),
    )
}

/// What it sends to Prism. The secret of an identity that is being added is in memory; of another one it may be gone.
async fn credential(
    engine: &Engine,
    at: &Deployment,
    held: &Held,
    problems: &mut Vec<Problem>,
    lang: Lang,
) -> Option<Credential> {
    match engine.credential(at, held, vec![at.prism.clone()], lang).await {
        Ok(credential) => Some(credential),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

async fn personal(
    engine: &Engine,
    at: &Deployment,
    held: &mut Held,
    problems: &mut Vec<Problem>,
    lang: Lang,
) {
    let Some(credential) = credential(engine, at, held, problems, lang).await else { return };
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
    held.owns = owned(&apps);
    if let Ok(profile) = profile.value {
        held.user_id = Some(profile.id);
        held.user_name = profile.username;
    }
    let failed = not_accepted(&apps, held.kind, lang).or_else(|| failed(&apps, lang));
    problems.extend(failed.map(|problem| problem.for_actor(Actor::ProviderOwner)));
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

/// Client ids of the personal apps in an answer; `GET /api/apps` lists the caller's own only (contract §1).
fn owned(apps: &Answer<apps::Apps>) -> Vec<String> {
    let listed = apps.value.iter().flat_map(|list| &list.apps);
    listed.filter(|app| app.team_id.is_none()).map(|app| app.client_id.clone()).take(MAX_OWNED).collect()
}

async fn session(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    let Some(credential) = credential(engine, at, held, problems, lang).await else { return };
    let (signed_in, apps) = (oauth::signed_in(), apps::list());
    let (who, apps) = tokio::join!(
        engine.ask(&at.prism, &signed_in, Some(&credential)),
        engine.ask(&at.prism, &apps, Some(&credential)),
    );
    held.owns = owned(&apps);
    problems.extend(not_accepted(&who, held.kind, lang).or_else(|| failed(&who, lang)));
    if let Ok(who) = who.value {
        held.user_id = Some(who.user.id);
        held.user_name = who.user.username;
    }
}

async fn access(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    let Some(credential) = credential(engine, at, held, problems, lang).await else { return };
    let (introspect, profile) = (oauth::introspect(credential.token().unwrap_or_default()), oauth::profile());
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
        problems.push(inactive(held.refreshable, lang));
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
    problems.extend(held.foreign_warning(at, lang));
    problems.extend(held.namespace_warning(at, lang));
}

/// Introspection calls it inactive.
pub(super) fn inactive(refreshable: bool, lang: Lang) -> Problem {
    let problem = Problem::risky(
        "token.inactive",
        say!(
            lang,
            "Prism calls this token inactive: expired, revoked, replaced by a refresh, a refresh token, or not an access token of this Prism.",
            "Prism 认为此令牌无效：已过期、被撤销、被刷新替换、是刷新令牌，或不是此 Prism 的访问令牌。"
        ),
    );
    if refreshable {
        return problem.hinted(say!(
            lang,
            "Force a refresh, even if the token has time left; sign in again if the server refuses.",
            "即使令牌仍在有效期内也强制刷新；如果服务器拒绝，重新登录。"
        ));
    }
    problem.hinted(say!(
        lang,
        "Authorize again, or paste the current access token.",
        "重新授权，或粘贴当前的访问令牌。"
    ))
}

async fn client(engine: &Engine, at: &Deployment, held: &mut Held, problems: &mut Vec<Problem>, lang: Lang) {
    held.scopes_are_complete = true;
    let Some(client_id) = held.client_id.clone() else { return };
    held.client_name = at.consumers.iter().find(|c| c.client_id == client_id).map(|c| c.name.clone());
    if at.provider() == Some(client_id.as_str()) {
        let name = at.provider_name.clone().unwrap_or_else(|| glint().name.clone());
        held.client_name = Some(name);
    }
    let Some(credential) = credential(engine, at, held, problems, lang).await else { return };
    let answer = engine.ask(&at.prism, &scope_definitions::list(&client_id), Some(&credential)).await;
    if let Some(problem) = failed(&answer, lang) {
        problems.push(problem.hinted(say!(
            lang,
            "Check the secret, that the client is confidential and active, and that it may manage its exported permissions itself; Prism answers the same for all of these.",
            "检查密钥、客户端是否为机密且已启用，以及是否允许自行管理导出权限；Prism 对这些情况的应答都相同。"
        )));
    }
}
