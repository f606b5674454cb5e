//! Job 1: the catalogue, the built list, the consent preview.

use super::consumers;
use super::discovery::differences;
use super::provider::{self, Need, definitions, identity_for};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::glint::config;
use crate::operation::Operation;
use crate::operations::scopes::{
    BuildScopes, Built, Catalog, ConsentPreview, OpenCatalog, PreviewConsent, PreviewRefusal, PreviewScope,
};
use crate::prism::consent::{self, Preview};
use scopes::build::{BuildInput, build};
use scopes::catalog;
use scopes::lang::Lang;
use scopes::plan::Definition;
use scopes::problem::{Actor, Problem};
use scopes::profile::{glint, prism};
use scopes::say;
use scopes::scope::{Scope, split};

impl Operation for OpenCatalog {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Catalog, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let (client_id, live, (consumers, more)) = tokio::join!(
            provider_client_id(engine, &deployment, lang),
            live_definitions(engine, &deployment, lang),
            consumers::read(engine, &deployment, lang),
        );
        let mut problems = Vec::new();
        let client_id = noted(client_id, &mut problems).map(|(client_id, findings)| {
            problems.extend(findings);
            client_id
        });
        let live = noted(live, &mut problems);
        problems.extend(more.into_iter().map(as_note));
        Ok(Catalog {
            provider_client_id: client_id,
            provider_name: deployment.provider_name.clone().unwrap_or_else(|| glint().name.clone()),
            scopes: catalog::merge(glint(), live.as_deref(), lang),
            presets: catalog::presets(glint(), lang),
            consumers: consumers.to_vec(),
            problems,
        })
    }
}

/// The catalogue is complete without what could not be read.
fn as_note(mut problem: Problem) -> Problem {
    problem.severity = scopes::problem::Severity::Note;
    problem
}

fn noted<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(as_note(problem))).ok()
}

/// The provider's client ID as the connection pins it, and what Glint's configuration says otherwise; where none is
/// pinned, the configuration's, stray blanks included.
async fn provider_client_id(
    engine: &Engine,
    deployment: &Deployment,
    lang: Lang,
) -> Result<(String, Vec<Problem>), Problem> {
    let Some(server) = &deployment.glint else {
        return deployment.provider_client_id(lang).map(|id| (id.to_owned(), Vec::new()));
    };
    let config = engine.ask(server, &config::get(), None).await.or_problem(lang)?;
    let findings = differences(deployment, &config, lang);
    Ok((deployment.saved.provider_client_id.clone().unwrap_or(config.client_id), findings))
}

async fn live_definitions(
    engine: &Engine,
    deployment: &Deployment,
    lang: Lang,
) -> Result<Vec<Definition>, Problem> {
    let held = identity_for(engine, deployment, Need::Definitions, lang)?;
    Ok(provider::plain(&definitions(engine, deployment, &held, lang).await?))
}

impl Operation for BuildScopes {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Built, Problem> {
        let deployment = self.connection.as_deref().map(|id| engine.connection(id, cx.lang)).transpose()?;
        let live = deployment.as_ref().and_then(|d| d.live.clone());
        Ok(build(&BuildInput {
            profile: glint(),
            provider_client_id_known: deployment
                .as_ref()
                .and_then(|d| d.saved.provider_client_id.as_deref())
                .map(str::trim),
            live: live.as_ref().map(|live| live.as_slice()),
            client_id: &self.client_id,
            platform: &self.platform,
            inner: &self.inner,
            merge: self.merge.as_deref().filter(|text| !text.trim().is_empty()),
            lang: cx.lang,
        }))
    }
}

impl Operation for PreviewConsent {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ConsentPreview, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let redirect_uri = match self.redirect_uri {
            Some(uri) => uri,
            None => redirect_uri(engine, &deployment, &self.consumer, lang).await?,
        };
        let asked_at = engine.host().now_ms();
        let ask = consent::preview(&self.consumer, &redirect_uri, &self.scopes);
        let answer = engine.ask(&deployment.prism, &ask, None).await;
        if let Some(problem) = provider::preview_refusal(&answer, lang) {
            return Err(problem);
        }
        let preview = answer.or_problem(lang)?;
        Ok(shown(preview, asked_at, lang))
    }
}

/// Prism wants one of the registered redirect URIs; they are known for consumers an identity may read.
async fn redirect_uri(
    engine: &Engine,
    deployment: &Deployment,
    consumer: &str,
    lang: Lang,
) -> Result<String, Problem> {
    let known = |consumers: &[crate::operations::scopes::Consumer]| {
        consumers.iter().find(|c| c.client_id == consumer).and_then(|c| c.redirect_uri.clone())
    };
    if let Some(uri) = known(&deployment.consumers) {
        return Ok(uri);
    }
    let (consumers, _) = consumers::read(engine, deployment, lang).await;
    known(&consumers).ok_or_else(|| {
        Problem::refused(
            "preview.no_redirect_uri",
            say!(
                lang,
                "No redirect URI of `{consumer}` is known, and Prism previews only with one of them.",
                "不知道 `{consumer}` 的任何 redirect URI，而 Prism 需要其中一个才能预览。"
            ),
        )
        .hinted(say!(
            lang,
            "Type one of its redirect URIs, or add a personal access token of the consumer's owner.",
            "填写它的一个 redirect URI，或添加消费方所有者的个人访问令牌。"
        ))
    })
}

fn shown(preview: Preview, asked_at: i64, lang: Lang) -> ConsentPreview {
    let name = preview.app.name.clone();
    let granted = preview.scopes.iter().map(|scope| granted(scope, &preview, lang)).collect();
    let refused = preview.rejected_scopes.iter().map(|rejected| PreviewRefusal {
        scope: rejected.scope.clone(),
        key: key(&rejected.scope),
        reason: rejected.reason.clone(),
        problem: refusal(&rejected.reason, &key(&rejected.scope), &name, lang),
    });
    ConsentPreview { refused: refused.collect(), consumer_name: preview.app.name, granted, asked_at }
}

fn granted(scope: &str, preview: &Preview, lang: Lang) -> PreviewScope {
    let of_app = preview.app_scopes.iter().find(|app| app.scope == scope);
    let platform = prism().scopes.iter().find(|known| known.key == scope);
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    PreviewScope {
        scope: scope.to_owned(),
        key: of_app.map_or_else(|| key(scope), |app| app.inner_scope.clone()),
        title: of_app
            .map_or_else(|| platform.map(|p| p.title.get(lang).to_owned()), |app| text(&app.scope_title)),
        description: of_app.map_or_else(
            || platform.and_then(|p| p.description.as_ref()).map(|d| d.get(lang).to_owned()),
            |app| text(&app.scope_desc),
        ),
    }
}

/// The inner scope of an app scope, a platform scope as it is.
pub(super) fn key(scope: &str) -> String {
    match split(scope) {
        Some(Scope::App { inner, .. }) => inner.to_owned(),
        _ => scope.to_owned(),
    }
}

/// Prism's four reasons in words (contract §5).
pub(super) fn refusal(reason: &str, key: &str, consumer: &str, lang: Lang) -> Problem {
    match reason {
        "not_allowed" => Problem::refused(
            "scope.not_registered",
            say!(lang, "{consumer} has not registered `{key}`.", "{consumer} 没有注册 `{key}`。"),
        )
        .hinted(say!(
            lang,
            "Add it to the consumer's `allowed_scopes`, then authorize again.",
            "把它加入消费方的 `allowed_scopes`，然后重新授权。"
        ))
        .for_actor(Actor::ConsumerDeveloper),
        "app_denied" => Problem::refused(
            "scope.denied_by_rule",
            say!(
                lang,
                "An access rule of the provider keeps {consumer} from `{key}`.",
                "提供方的访问规则不让 {consumer} 请求 `{key}`。"
            ),
        )
        .hinted(say!(
            lang,
            "Look at the access rules: a deny rule names it, or an allow list omits it.",
            "查看访问规则：有拒绝规则点名了它，或允许列表里没有它。"
        ))
        .for_actor(Actor::ProviderOwner),
        "target_missing" => Problem::refused(
            "scope.target_missing",
            say!(
                lang,
                "The client that `{key}` belongs to does not exist or is switched off.",
                "`{key}` 所属的客户端不存在或已停用。"
            ),
        )
        .hinted(say!(
            lang,
            "Compare the client id inside the scope with the provider's.",
            "对照权限范围中的 client id 与提供方的 client id。"
        ))
        .for_actor(Actor::ProviderOwner),
        "unknown" => Problem::refused(
            "scope.misspelt",
            say!(lang, "Prism does not know the scope `{key}`.", "Prism 不认识权限范围 `{key}`。"),
        )
        .hinted(say!(
            lang,
            "Check the spelling and the form `app:<client id>:<inner scope>`.",
            "检查拼写和格式 `app:<client id>:<inner scope>`。"
        ))
        .for_actor(Actor::ConsumerDeveloper),
        other => Problem::refused(
            "scope.undetermined",
            say!(lang, "Prism leaves `{key}` out: `{other}`.", "Prism 略去 `{key}`：`{other}`。"),
        ),
    }
}
