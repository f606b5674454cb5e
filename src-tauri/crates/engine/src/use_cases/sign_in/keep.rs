//! Keeping what a sign-in brought.

use super::{Ground, granted};
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::identities::{Held, Material, NewIdentity, TokenSet, draft, keep_held};
use crate::oauth::{self, Claims, Client, Tokens};
use crate::operations::connections::{CredentialKind, Origin};
use crate::operations::sign_in::SignedIn;
use crate::use_cases::identities::looks;
use scopes::lang::Lang;
use scopes::problem::Problem;

/// What there is to keep.
pub(super) struct Kept {
    pub(super) tokens: Tokens,
    pub(super) claims: Option<Claims>,
    pub(super) granted: Vec<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) label: Option<String>,
}

/// Keeps the tokens as an identity and compares granted with requested.
pub(super) async fn keep(
    engine: &Engine,
    deployment: &Deployment,
    ground: &Ground,
    kept: Kept,
    lang: Lang,
) -> Result<SignedIn, Problem> {
    let (tokens, granted) = (kept.tokens.clone(), kept.granted.clone());
    let label = kept.label.clone().map(|label| label.trim().to_owned()).unwrap_or_default();
    let mut held = identity(engine, ground, kept);
    let mut problems = Vec::new();
    // Prism knows more about a person than the token; any other server has its own ways.
    if ground.is_prism() {
        looks::look(engine, deployment, &mut held, &mut problems, lang).await;
    }
    held.label = label;
    let secret = ground.client.secret.clone();
    let identity = match keep_held(engine, &deployment.saved.id, held, secret, lang).await {
        Ok(identity) => identity,
        Err(problem) => {
            discard(engine, deployment, &ground.client, &tokens, lang).await;
            return Err(problem);
        }
    };
    let client = client_name(ground).unwrap_or_else(|| ground.client.id.clone());
    let dropped = granted::dropped(&ground.scopes, &granted, &ground.probes, &client, lang);
    problems.extend(granted::nothing(&ground.scopes, &granted, lang));
    problems.extend(granted::surplus(&ground.scopes, &granted, lang));
    Ok(SignedIn { identity, requested: ground.scopes.clone(), granted, dropped, problems })
}

fn client_name(ground: &Ground) -> Option<String> {
    ground.probes.iter().find_map(|probe| probe.preview.as_ref()).map(|preview| preview.app.name.clone())
}

fn identity(engine: &Engine, ground: &Ground, kept: Kept) -> Held {
    let Kept { tokens, claims, granted, redirect_uri, .. } = kept;
    let now = engine.host().now_ms() / 1000;
    let lifetime = tokens.expires_in.and_then(|seconds| i64::try_from(seconds).ok());
    let (user_id, user_name) = match claims {
        Some(claims) => (Some(claims.sub), claims.preferred_username.or(claims.name)),
        None => (None, None),
    };
    draft(NewIdentity {
        label: String::new(),
        kind: CredentialKind::AccessToken,
        origin: Origin::SignedIn,
        material: Material::Tokens(TokenSet {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            id_token: tokens.id_token,
            issued_at: Some(now),
            expires_at: lifetime.map(|seconds| now.saturating_add(seconds)),
            rotates: None,
        }),
        client_secret: None,
        user_name,
        user_id,
        client_id: Some(ground.client.id.clone()),
        client_name: client_name(ground),
        scopes: granted,
        scopes_are_complete: true,
        redirect_uri,
        used_for: Some(ground.client.id.clone()),
    })
}

/// Revokes tokens that are not kept; where that does not work they end by themselves.
pub(super) async fn discard(
    engine: &Engine,
    deployment: &Deployment,
    client: &Client,
    tokens: &Tokens,
    lang: Lang,
) {
    let (token, hint) = match &tokens.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&tokens.access_token, "access_token"),
    };
    drop(oauth::revoke(engine, deployment, client, token, hint, lang).await);
}
