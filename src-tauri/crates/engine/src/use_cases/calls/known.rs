//! What the console knows about a connection without asking.

use crate::connections::Deployment;
use crate::engine::Engine;
use scopes::diagnosis::Known;
use scopes::exchange::Exchange;
use url::Url;

/// Names and ids of a connection.
pub(super) fn known_of(deployment: &Deployment) -> Known {
    let mut names = deployment.names.clone();
    for held in &deployment.identities {
        let pairs = [(&held.user_id, &held.user_name), (&held.client_id, &held.client_name)];
        names.extend(pairs.into_iter().filter_map(|(id, name)| Some((id.clone()?, name.clone()?))));
    }
    names.extend(deployment.consumers.iter().map(|c| (c.client_id.clone(), c.name.clone())));
    let provider = deployment.saved.provider_client_id.clone();
    names.extend(provider.clone().zip(deployment.provider_name.clone()));
    Known { names, provider_client_id: provider, token_expires_at: None, headers_unknown: false }
}

/// Names from the connection whose server was called, if it is one of ours.
pub(super) fn known_at(engine: &Engine, call: &Exchange) -> Known {
    let Ok(url) = Url::parse(&call.request.url) else { return Known::default() };
    let all = engine.store().all();
    let owner = all.iter().find(|deployment| deployment.servers().iter().any(|server| server.owns(&url)));
    owner.map(known_of).unwrap_or_default()
}
