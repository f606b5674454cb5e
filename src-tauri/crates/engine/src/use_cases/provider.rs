//! What is read about the provider by several use cases: its definitions, its internal id, and who may do what.

use crate::answer::{Answer, Trouble};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::http::Credential;
use crate::identities::{Held, choose};
use crate::prism::{apps, consent, scope_definitions};
use scopes::lang::Lang;
use scopes::plan::Definition;
use scopes::problem::{IdentityWay, Problem};
use scopes::say;
use std::sync::Arc;

pub(super) use crate::identities::Need;

/// The identity for a need, now.
///
/// # Errors
/// `identity.none_for_…`, which says what kind it takes.
pub(super) fn identity_for(
    engine: &Engine,
    deployment: &Deployment,
    need: Need,
    lang: Lang,
) -> Result<Arc<Held>, Problem> {
    choose(deployment, need, engine.now(), lang)
}

/// The credential of an identity for Prism.
pub(super) async fn at_prism(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<Credential, Problem> {
    engine.credential(deployment, held, vec![deployment.prism.clone()], lang).await
}

/// Reads the definitions; what was read is kept for answers while somebody types.
pub(super) async fn definitions(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<Vec<scope_definitions::Stored>, Problem> {
    let client_id = deployment.provider_client_id(lang)?.trim().to_owned();
    let credential = at_prism(engine, deployment, held, lang).await?;
    let answer = engine
        .ask_patiently(&deployment.prism, &scope_definitions::list(&client_id), Some(&credential))
        .await;
    let stored = answer.or_problem(lang)?.definitions;
    let plain = Arc::new(plain(&stored));
    let app_id = stored.first().map(|definition| definition.app_id.clone());
    engine.store().change(&deployment.saved.id, |kept| {
        kept.live = Some(plain);
        kept.provider_app_id = app_id.or(kept.provider_app_id.take());
    });
    Ok(stored)
}

/// Without Prism's ids.
pub(super) fn plain(stored: &[scope_definitions::Stored]) -> Vec<Definition> {
    stored.iter().map(scope_definitions::Stored::plain).collect()
}

/// The provider's internal id: known already, or told by a definition, by the list of apps, or by the preview.
pub(super) async fn app_id(
    engine: &Engine,
    deployment: &Deployment,
    held: &Held,
    lang: Lang,
) -> Result<String, Problem> {
    if let Some(id) = &deployment.provider_app_id {
        return Ok(id.clone());
    }
    let client_id = deployment.provider_client_id(lang)?.trim().to_owned();
    let from_definition = definitions(engine, deployment, held, lang).await?;
    if let Some(definition) = from_definition.first() {
        return Ok(definition.app_id.clone());
    }
    let credential = at_prism(engine, deployment, held, lang).await?;
    let (own, of_teams, ask) = (apps::list(), apps::list_of_teams(), &deployment.prism);
    let (own, of_teams) =
        tokio::join!(engine.ask(ask, &own, Some(&credential)), engine.ask(ask, &of_teams, Some(&credential)));
    let lists = [own.value, of_teams.value];
    let found = lists.into_iter().flatten().flat_map(|list| list.apps).find(|app| app.client_id == client_id);
    found.map(|app| app.id).ok_or_else(|| {
        Problem::refused(
            "app.not_found",
            say!(
                lang,
                "The provider `{client_id}` has no definition yet and is not among the apps this identity can list, so its internal id is not known.",
                "提供方 `{client_id}` 还没有定义，也不在此身份能列出的应用中，因此不知道它的内部 id。"
            ),
        )
        .hinted(say!(
            lang,
            "Import the definitions first, or use an identity of the provider's owner.",
            "先导入定义，或使用提供方所有者的身份。"
        ))
        .cured_by(IdentityWay::Pat)
    })
}

/// Asks what the user would see. `invalid_client` and `invalid_redirect_uri` get codes of their own (contract §5).
pub(super) fn preview_refusal(answer: &Answer<consent::Preview>, lang: Lang) -> Option<Problem> {
    let trouble = answer.value.as_ref().err()?;
    let problem = trouble.problem(&answer.exchange, lang);
    let Trouble::Refused { status: 400, error: Some(error), .. } = trouble else { return Some(problem) };
    let known = match error.as_str() {
        "invalid_client" => Problem::refused(
            "oauth.invalid_client",
            say!(
                lang,
                "Prism does not know this client id, or the client is switched off.",
                "Prism 不认识这个 client id，或者该客户端已停用。"
            ),
        )
        .hinted(say!(
            lang,
            "Copy the client id (`prism_…`) from the consumer's page at Prism; the internal id does not work here.",
            "从 Prism 上消费方的页面复制 client id（`prism_…`）；内部 id 在这里无效。"
        )),
        "invalid_redirect_uri" => Problem::refused(
            "oauth.invalid_redirect_uri",
            say!(
                lang,
                "This redirect URI is not registered for the consumer; Prism compares the whole text.",
                "该消费方没有注册这个 redirect URI；Prism 按整段文本比较。"
            ),
        )
        .hinted(say!(
            lang,
            "Copy one of the registered redirect URIs; a slash at the end or another port makes a difference.",
            "复制一个已注册的 redirect URI；末尾的斜杠或端口不同都算不同。"
        )),
        _ => return Some(problem),
    };
    Some(known.shown_by(scopes::exchange::view(&answer.exchange)))
}
