//! Refusals of an authorization server in words: what the token endpoint and the browser's answer can say instead of yes.

use super::callback::Denied;
use super::discovery::MOST_BYTES;
use crate::answer::{Trouble, looks_like_html, read};
use scopes::diagnosis::{Meaning, meaning, meaning_of_redirect};
use scopes::endpoint::Endpoint;
use scopes::exchange::{Exchange, Response, view};
use scopes::lang::{Lang, brief, list};
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Redactor;
use serde_json::Value;

/// The refusal of an answer that is larger than any real one.
pub(super) fn too_large(exchange: &Exchange, lang: Lang) -> Option<Problem> {
    let size = exchange.response.as_ref()?.body.as_ref().map_or(0, String::len);
    (size > MOST_BYTES).then(|| {
        let kib = size / 1024;
        Problem::refused(
            "oauth.too_large",
            say!(
                lang,
                "The answer has {kib} KiB; no such answer is that long.",
                "应答有 {kib} KiB；这类应答不会这么长。"
            ),
        )
        .hinted(say!(
            lang,
            "Check that the address is Prism's own; something else answers there.",
            "检查地址是否为 Prism 本身的地址；那里应答的是别的程序。"
        ))
        .for_actor(Actor::Operator)
        .shown_by(view(exchange))
    })
}

/// Why the answer of a token endpoint is no tokens; `None` when it is (RFC 6749 §5).
pub(super) fn at_token_endpoint(exchange: &Exchange, lang: Lang) -> Option<Problem> {
    let plain = |trouble: Trouble| Some(trouble.problem(exchange, lang));
    let Some(response) = &exchange.response else {
        return read::<Value>(exchange.clone()).value.err().and_then(plain);
    };
    if (300..400).contains(&response.status) {
        return Some(redirected(response.status, lang).shown_by(view(exchange)));
    }
    let body = response.body.as_deref().unwrap_or_default();
    if looks_like_html(exchange, body) && !matches!(response.status, 429 | 500..=599) {
        return plain(Trouble::WebPage);
    }
    if let Some(problem) = too_large(exchange, lang) {
        return Some(problem);
    }
    if response.status >= 400 {
        return Some(refused(response, exchange, lang));
    }
    let problem = match response.status {
        200 if body.trim().is_empty() => empty(lang),
        200 => match serde_json::from_str::<Value>(body) {
            Ok(value) => wrong_members(&value, lang)?,
            Err(error) => return plain(Trouble::Unreadable(error.to_string())),
        },
        status => other_status(status, lang),
    };
    Some(problem.shown_by(view(exchange)))
}

fn refused(response: &Response, exchange: &Exchange, lang: Lang) -> Problem {
    let body = response.body.as_deref().unwrap_or_default();
    let value = serde_json::from_str::<Value>(body).unwrap_or_default();
    // The request held a code or a refresh token, and a client secret: the answer may say them back.
    let mut redactor = Redactor::new();
    redactor.learn(exchange);
    let member = |name: &str| value.get(name).and_then(Value::as_str).map(|words| redactor.clean(words));
    let meaning = meaning(exchange, Some(Endpoint::Token));
    match member("error") {
        Some(error) if response.status < 500 && response.status != 429 => {
            let denied = Denied { error, description: member("error_description") };
            let host =
                url::Url::parse(&exchange.request.url).ok().and_then(|url| url.host_str().map(str::to_owned));
            let source = Source::Server(host.unwrap_or_default());
            worded(&denied, meaning, &source, lang).shown_by(view(exchange))
        }
        error => {
            let status = response.status;
            let problem = Trouble::Refused { status, error, meaning }.problem(exchange, lang);
            if status == 429 {
                return problem;
            }
            problem.hinted(if matches!(status, 502..=504) {
                say!(
                    lang,
                    "Sign in again once the authorization server is back; a gateway answered in its place.",
                    "等授权服务器恢复后重新登录；应答的是它前面的网关。"
                )
            } else if status >= 500 {
                say!(
                    lang,
                    "If this is Prism: switch off `use_jwt_tokens` of the client; with it every exchange fails.",
                    "如果是 Prism：关闭该客户端的 `use_jwt_tokens`；打开它时每次换取都会失败。"
                )
            } else {
                say!(
                    lang,
                    "Check that the address is Prism's own; look at the server's log.",
                    "检查地址是否为 Prism 本身的地址，并查看服务器日志。"
                )
            })
        }
    }
}

fn redirected(status: u16, lang: Lang) -> Problem {
    Problem::refused(
        "oauth.redirected",
        say!(
            lang,
            "The server answered {status}, a redirect; no credential is sent on to another address.",
            "服务器返回了 {status}（重定向）；不会把凭据转发到另一个地址。"
        ),
    )
    .hinted(say!(
        lang,
        "Use the address the server really has, without a redirect in front.",
        "使用服务器真正的地址，前面不要有重定向。"
    ))
    .for_actor(Actor::Operator)
}

fn empty(lang: Lang) -> Problem {
    Problem::refused(
        "oauth.empty_answer",
        say!(lang, "The server answered 200 with nothing in it.", "服务器返回了 200，但没有内容。"),
    )
    .hinted(say!(
        lang,
        "Sign in again; look at the server's log if it stays so.",
        "重新登录；如果仍然如此，查看服务器日志。"
    ))
    .for_actor(Actor::Operator)
}

fn other_status(status: u16, lang: Lang) -> Problem {
    Problem::refused(
        "oauth.unexpected_status",
        say!(
            lang,
            "The server answered {status}; tokens come with 200 and nothing else.",
            "服务器返回了 {status}；令牌只随 200 返回。"
        ),
    )
    .hinted(say!(
        lang,
        "Check that the address is Prism's own; look at the server's log.",
        "检查地址是否为 Prism 本身的地址，并查看服务器日志。"
    ))
    .for_actor(Actor::Operator)
}

/// The members of a token answer that are missing or of the wrong type, by name; their values are never repeated.
fn wrong_members(value: &Value, lang: Lang) -> Option<Problem> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let odd = |name: &str, is: fn(&Value) -> bool| value.get(name).is_some_and(|v| !v.is_null() && !is(v));
    let mut wrong = Vec::new();
    if text("access_token").is_none_or(|token| token.trim().is_empty() || token.chars().any(char::is_control))
    {
        wrong.push("access_token");
    }
    if text("token_type").is_none_or(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        wrong.push("token_type");
    }
    wrong.extend(odd("expires_in", Value::is_u64).then_some("expires_in"));
    for name in ["refresh_token", "scope", "id_token"] {
        wrong.extend(odd(name, Value::is_string).then_some(name));
    }
    if wrong.is_empty() {
        return None;
    }
    let names = list(lang, &wrong);
    Some(
        Problem::refused(
            "oauth.token_answer",
            say!(
                lang,
                "The token answer cannot be used: {names} is missing or not of the documented form.",
                "无法使用令牌应答：{names} 缺失，或不符合文档规定的形式。"
            ),
        )
        .hinted(say!(
            lang,
            "Check that the address is Prism's own; paste an access token if it cannot be mended.",
            "检查地址是否为 Prism 本身的地址；无法修复时改为粘贴访问令牌。"
        ))
        .for_actor(Actor::Operator),
    )
}

/// `error=` of the browser's answer.
pub(crate) fn at_authorization(denied: &Denied, lang: Lang) -> Problem {
    let meaning = meaning_of_redirect(&denied.error, denied.description.as_deref().unwrap_or_default());
    worded(denied, meaning, &Source::Redirect, lang)
}

/// Where quoted words come from.
enum Source {
    /// The redirect that the browser or a person brought; whoever knows the state can write it.
    Redirect,
    /// The answer of a server.
    Server(String),
}

/// The words of somebody else as a quotation that names its source; quotation marks and backticks inside cannot end it.
fn quotation(denied: &Denied, source: &Source, lang: Lang) -> String {
    let plain = |text: &str| -> String {
        let quote = |c| matches!(c, '“' | '”' | '„' | '«' | '»' | '「' | '」' | '`');
        brief(text).chars().map(|c| if quote(c) { '\'' } else { c }).collect()
    };
    let word = plain(&denied.error);
    let words = denied.description.as_deref().map_or(word.clone(), |more| format!("{word}: {}", plain(more)));
    match source {
        Source::Redirect => {
            say!(lang, " The redirect in the browser says: “{words}”.", "浏览器收到的重定向写道：“{words}”。")
        }
        Source::Server(host) => say!(lang, " `{host}` says: “{words}”.", "`{host}` 写道：“{words}”。"),
    }
}

/// What the diagnosis says, in words for whoever signs in here, with the server's own as a quotation.
fn worded(denied: &Denied, meaning: Meaning, source: &Source, lang: Lang) -> Problem {
    let (words, cure, who) = sentences(meaning.cause.as_str(), lang);
    let said = quotation(denied, source, lang);
    Problem::refused(meaning.cause.as_str(), format!("{words}{said}")).hinted(cure).for_actor(who)
}

fn sentences(code: &str, lang: Lang) -> (String, String, Actor) {
    match code {
        "oauth.access_denied" => (
            say!(lang, "Consent was refused in the browser.", "在浏览器中拒绝了授权。"),
            say!(
                lang,
                "Sign in again and approve, or ask for fewer scopes.",
                "重新登录并同意，或请求更少的权限范围。"
            ),
            Actor::EndUser,
        ),
        "oauth.invalid_client" => (
            say!(
                lang,
                "The server does not take this client: unknown, switched off, or the client secret is wrong or missing.",
                "服务器不接受该客户端：未知、已停用，或 client secret 错误或缺失。"
            ),
            say!(
                lang,
                "Compare client id and secret with the client's page at Prism.",
                "对照 Prism 上客户端页面中的 client id 和 secret。"
            ),
            Actor::ConsumerDeveloper,
        ),
        "oauth.invalid_grant" | "oauth.code_expired" | "oauth.refresh_expired" => (
            say!(
                lang,
                "The server does not take the code or refresh token: used, expired, revoked, or issued to another client.",
                "服务器不接受该授权码或刷新令牌：已使用、已过期、已撤销，或发给了另一个客户端。"
            ),
            say!(lang, "Sign in again.", "重新登录。"),
            Actor::EndUser,
        ),
        "oauth.unauthorized_client" | "oauth.unsupported_grant_type" => (
            say!(
                lang,
                "The server does not offer this kind of sign-in to this client.",
                "服务器不向该客户端提供这种登录方式。"
            ),
            say!(
                lang,
                "Use a client that may use the authorization code, or paste an access token.",
                "使用允许授权码方式的客户端，或粘贴访问令牌。"
            ),
            Actor::ConsumerDeveloper,
        ),
        "oauth.invalid_scope" => (
            say!(lang, "The server refuses one of the scopes.", "服务器拒绝了其中一个权限范围。"),
            say!(lang, "Ask for scopes the client has registered.", "请求该客户端已注册的权限范围。"),
            Actor::ConsumerDeveloper,
        ),
        "oauth.invalid_redirect_uri" => (
            say!(
                lang,
                "The redirect URI is not registered for this client.",
                "该客户端没有注册这个 redirect URI。"
            ),
            say!(
                lang,
                "Register the redirect URIs of this connection, letter by letter.",
                "逐字注册此连接的 redirect URI。"
            ),
            Actor::ConsumerDeveloper,
        ),
        "oauth.interaction_required" => (
            say!(lang, "The server wants an answer from the person first.", "服务器需要先由本人操作。"),
            say!(
                lang,
                "Sign in at Prism in the browser, then try again.",
                "先在浏览器中登录 Prism，然后再试。"
            ),
            Actor::EndUser,
        ),
        "oauth.server_error" => (
            say!(lang, "The server could not carry out the sign-in.", "服务器无法完成登录。"),
            say!(lang, "Wait a minute, then sign in again.", "等待一分钟，然后重新登录。"),
            Actor::Operator,
        ),
        _ => (
            say!(lang, "The server refused the sign-in.", "服务器拒绝了登录。"),
            say!(lang, "Look at the server's word for it, and at its log.", "查看服务器给出的原因及其日志。"),
            Actor::Operator,
        ),
    }
}
