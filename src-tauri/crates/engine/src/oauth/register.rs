//! Dynamic client registration (RFC 7591), for servers that offer it. Prism does not.

use super::discovery::Endpoints;
use crate::answer::read;
use crate::engine::Engine;
use scopes::exchange::{Request, view};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Secret;
use serde::Deserialize;
use serde_json::json;

/// What the server made of the request.
#[derive(Deserialize)]
pub(crate) struct Registered {
    /// The client id.
    pub(crate) client_id: String,
    /// The secret, where the server made the client a confidential one.
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
    /// The redirect URIs it took.
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
}

/// Registers a native, public client with these redirect URIs.
///
/// # Errors
/// When the server offers no registration, and every refusal.
pub(crate) async fn register(
    engine: &Engine,
    at: &Endpoints,
    name: &str,
    redirect_uris: &[String],
    scopes: &[String],
    lang: Lang,
) -> Result<Registered, Problem> {
    let Some(url) = &at.registration else { return Err(none(redirect_uris, lang)) };
    let mut body = json!({
        "client_name": name, "redirect_uris": redirect_uris, "application_type": "native",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    if let (Some(members), false) = (body.as_object_mut(), scopes.is_empty()) {
        members.insert("scope".to_owned(), json!(scopes.join(" ")));
    }
    let typed = |name: &str| (name.to_owned(), "application/json".to_owned());
    let request = Request {
        method: "POST".to_owned(),
        url: url.to_string(),
        headers: vec![typed("Accept"), typed("Content-Type")],
        body: Some(body.to_string()),
    };
    let exchange = engine.send_change(&at.server, request).await;
    let shown = view(&exchange);
    let registered = read::<Registered>(exchange).or_problem(lang)?;
    if registered.client_id.is_empty() {
        return Err(nameless(lang).shown_by(shown));
    }
    Ok(registered)
}

/// Nobody but a person can register the client there.
pub(crate) fn none(redirect_uris: &[String], lang: Lang) -> Problem {
    let uris = scopes::lang::list(lang, redirect_uris);
    Problem::refused(
        "sign_in.no_registration",
        say!(lang, "This server takes no registration from programs.", "此服务器不接受程序自行注册。"),
    )
    .hinted(say!(
        lang,
        "Create the app at Prism, register {uris} there, and enter its client id here.",
        "在 Prism 创建应用，在那里注册 {uris}，然后在此输入它的 client id。"
    ))
    .for_actor(Actor::ConsumerDeveloper)
}

fn nameless(lang: Lang) -> Problem {
    Problem::refused(
        "oauth.registration_answer",
        say!(lang, "The answer to the registration has no client id.", "注册的应答里没有 client id。"),
    )
    .hinted(say!(lang, "Register the client at the server by hand.", "在服务器上手动注册该客户端。"))
    .for_actor(Actor::Operator)
}
