//! Which clients are known, as far as the identities of a connection let us see.

use super::provider::at_prism;
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::identities::{Held, Need, candidates};
use crate::operations::connections::CredentialKind;
use crate::operations::scopes::Consumer;
use crate::prism::apps::{self, App};
use futures_util::future::join_all;
use scopes::lang::Lang;
use scopes::problem::Problem;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads every list the identities may read, and keeps the result.
///
/// Personal apps come from `/api/apps`, team apps from `/api/oauth/me/team-apps` (contract §1); a client that only
/// appears as the issuer of somebody's token is listed by its id. The problem is that of the chosen identity.
pub(super) async fn read(
    engine: &Engine,
    deployment: &Deployment,
    lang: Lang,
) -> (Arc<Vec<Consumer>>, Vec<Problem>) {
    let now = engine.now();
    let is_chosen = |held: &Held| deployment.administers() == Some(&held.id);
    let mut readers = candidates(deployment, Need::ReadApps, now);
    readers.retain(|held| !held.has_ended(now) || is_chosen(held));
    let lists = join_all(readers.iter().map(|held| list(engine, deployment, held, lang))).await;
    let mut known: BTreeMap<String, Consumer> = BTreeMap::new();
    let mut problems = Vec::new();
    for (held, apps, problem) in lists {
        for (app, owner) in apps {
            known.entry(app.client_id.clone()).or_insert_with(|| consumer(app, owner));
        }
        if deployment.administers() == Some(&held) {
            problems.extend(problem);
        }
    }
    for held in &deployment.identities {
        if let Some(client_id) = &held.client_id {
            known.entry(client_id.clone()).or_insert_with(|| unread(client_id, held));
        }
    }
    let provider = deployment.saved.provider_client_id.as_deref().and_then(|id| known.remove(id.trim()));
    let mut consumers: Vec<Consumer> = known.into_values().collect();
    consumers.sort_by_key(|consumer| consumer.name.to_lowercase());
    let consumers = Arc::new(consumers);
    engine.store().change(&deployment.saved.id, |kept| {
        kept.consumers = consumers.clone();
        if let Some(Consumer { app_id: Some(app_id), name, .. }) = provider {
            kept.provider_app_id = Some(app_id);
            kept.provider_name = Some(name);
        }
    });
    (consumers, problems)
}

type Listed = (String, Vec<(App, Option<String>)>, Option<Problem>);

/// The personal apps of one identity with their owner, then those of its teams, whose owner is the team.
async fn list(engine: &Engine, deployment: &Deployment, held: &Held, lang: Lang) -> Listed {
    let credential = match at_prism(engine, deployment, held, lang).await {
        Ok(credential) => credential,
        Err(problem) => return (held.id.clone(), Vec::new(), Some(problem)),
    };
    let own = apps::list();
    let of_teams = apps::list_of_teams();
    let teams = async {
        // The route takes no session token (contract §1).
        if held.kind == CredentialKind::PersonalAccessToken {
            engine.ask_patiently(&deployment.prism, &of_teams, Some(&credential)).await.value.ok()
        } else {
            None
        }
    };
    let (own, of_teams) =
        tokio::join!(engine.ask_patiently(&deployment.prism, &own, Some(&credential)), teams);
    let team_apps = of_teams.into_iter().flat_map(|list| list.apps).map(|app| (app, None));
    match own.or_problem(lang) {
        Ok(own) => {
            let own = own.apps.into_iter().map(|app| (app, held.user_id.clone()));
            (held.id.clone(), own.chain(team_apps).collect(), None)
        }
        Err(problem) => (held.id.clone(), team_apps.collect(), Some(problem)),
    }
}

fn consumer(app: App, owner_id: Option<String>) -> Consumer {
    Consumer {
        client_id: app.client_id,
        app_id: Some(app.id),
        name: app.name,
        is_public: app.is_public,
        allowed_scopes: Some(app.allowed_scopes),
        redirect_uri: app.redirect_uris.into_iter().next(),
        owner_id: owner_id.filter(|_| app.team_id.is_none()),
    }
}

fn unread(client_id: &str, held: &Held) -> Consumer {
    Consumer {
        client_id: client_id.to_owned(),
        app_id: None,
        name: held.client_name.clone().unwrap_or_else(|| client_id.to_owned()),
        is_public: false,
        allowed_scopes: None,
        redirect_uri: None,
        owner_id: None,
    }
}
