//! Asking Prism about each redirect URI. The consent preview needs no credential (contract §5).

use crate::answer::Trouble;
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::oauth;
use crate::prism::consent::{self, Preview};
use crate::use_cases::provider::preview_refusal;
use futures_util::future::join_all;
use scopes::lang::Lang;
use scopes::problem::Problem;

/// A redirect URI and what is known about it.
pub(super) struct Probe {
    /// The whole text.
    pub(super) uri: String,
    /// Its port.
    pub(super) port: u16,
    /// Whether the client has it registered; `None`: the server does not tell.
    pub(super) registered: Option<bool>,
    /// What a consent would show today.
    pub(super) preview: Option<Preview>,
}

/// The redirect URIs of the connection for this client, in the order they are tried: the one that worked last goes first.
///
/// # Errors
/// When Prism does not know the client.
pub(super) async fn all(
    engine: &Engine,
    deployment: &Deployment,
    client_id: &str,
    scopes: &[String],
    lang: Lang,
) -> Result<Vec<Probe>, Problem> {
    let mut uris = deployment.redirect_uris();
    let last = deployment.identities.iter().rev().find(|held| held.client_id.as_deref() == Some(client_id));
    let last = last.and_then(|held| held.redirect_uri.clone());
    uris.sort_by_key(|uri| Some(uri) != last.as_ref());
    let probes = uris.into_iter().filter_map(|uri| Some((oauth::port(&uri)?, uri)));
    join_all(probes.map(|(port, uri)| one(engine, deployment, client_id, uri, port, scopes, lang)))
        .await
        .into_iter()
        .collect()
}

async fn one(
    engine: &Engine,
    deployment: &Deployment,
    client_id: &str,
    uri: String,
    port: u16,
    scopes: &[String],
    lang: Lang,
) -> Result<Probe, Problem> {
    let answer = engine.ask(&deployment.prism, &consent::preview(client_id, &uri, scopes), None).await;
    let registered = match &answer.value {
        Ok(_) => Some(true),
        Err(Trouble::Refused { status: 400, error: Some(error), .. }) => match error.as_str() {
            "invalid_redirect_uri" => Some(false),
            "invalid_client" => {
                let unknown = preview_refusal(&answer, lang);
                return unknown.map_or(Ok(Probe { uri, port, registered: None, preview: None }), Err);
            }
            _ => None,
        },
        // A server without this preview is no Prism; whether the redirect URI is registered shows in the browser.
        Err(_) => None,
    };
    Ok(Probe { uri, port, registered, preview: answer.value.ok() })
}
