//! What the console knows about a connection without asking.

use crate::connections::Deployment;
use crate::engine::Engine;
use crate::texts::Placed;
use scopes::diagnosis::Known;
use scopes::diagnosis::capsule::Capsule;
use scopes::exchange::Exchange;
use std::collections::HashMap;
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
    Known {
        names,
        provider_client_id: provider,
        token_expires_at: None,
        headers_unknown: false,
        endpoint: None,
    }
}

/// Names from the connection whose server was called, if it is one of ours.
pub(super) fn known_at(engine: &Engine, call: &Exchange) -> Known {
    let Ok(url) = Url::parse(&call.request.url) else { return Known::default() };
    let all = engine.store().all();
    let owner = all.iter().find(|deployment| deployment.servers().iter().any(|server| server.owns(&url)));
    owner.map(known_of).unwrap_or_default()
}

/// What is known about the calls of one archive, gathered once for each server they went to.
pub(super) struct Names<'a> {
    engine: &'a Engine,
    /// The call a capsule is about, with what its maker knew: with it the answer is the same.
    told: Option<(u32, Known)>,
    by_origin: HashMap<(String, bool), Known>,
}

impl<'a> Names<'a> {
    /// For the calls of an archive; `capsule` is what it says about itself.
    pub(super) fn of(engine: &'a Engine, capsule: Option<&Capsule>) -> Self {
        let told = capsule.map(|capsule| (capsule.call, capsule.known()));
        Self { engine, told, by_origin: HashMap::new() }
    }

    /// What is known about one of them.
    pub(super) fn known(&mut self, placed: &Placed<'_>) -> &Known {
        if let Some((_, known)) = self.told.as_ref().filter(|(index, _)| *index == placed.index) {
            return known;
        }
        let url = &placed.call.request.url;
        // Scheme, host and port are all that tells a connection; a text without them is a server of its own.
        let end =
            url.find("://").and_then(|at| url.get(at + 3..)?.find(['/', '?', '#']).map(|to| at + 3 + to));
        let origin = url.get(..end.unwrap_or(url.len())).unwrap_or_default().to_owned();
        let headers_unknown = placed.headers_unknown;
        self.by_origin
            .entry((origin, headers_unknown))
            .or_insert_with(|| Known { headers_unknown, ..known_at(self.engine, placed.call) })
    }
}
