//! The call to explain, taken apart: which server, which route, what it said.

use super::facts::Sites;
use super::types::Certainty;
use crate::exchange::Exchange;
use crate::routes::{Matched, find};
use serde_json::Value;

/// Whose interface a call went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Glint's cross-app interface.
    Glint,
    /// Prism's interface beside OAuth.
    Prism,
    /// Prism's (or any provider's) authorization and token endpoints.
    OAuth,
    /// The routes of Glint's own web application beside the cross-app interface: they take its cookie, no bearer token.
    Web,
    /// None of these, or not known.
    Other,
}

/// Tells whose interface an exchange went to, by its path alone: hosts differ between deployments.
#[must_use]
pub fn kind_of(exchange: &Exchange) -> Kind {
    kind_of_path(&path_of(&exchange.request.url))
}

/// Whether an exchange only tells something about other calls: discovery, introspection, preview, lists of one's own.
#[must_use]
pub fn is_evidence(exchange: &Exchange) -> bool {
    let path = path_of(&exchange.request.url);
    let read = matches!(exchange.request.method.as_str(), "GET" | "HEAD");
    let answered = exchange.response.as_ref().is_some_and(|r| r.status < 400);
    match path.as_str() {
        "/api/oauth/introspect" => true,
        "/api/oauth/app-info" | "/api/auth/config" | "/api/init/status" => read,
        "/api/oauth/me/teams" | "/api/oauth/me/profile" | "/api/cross-app/me" => read && answered,
        path if path.starts_with("/.well-known/") => read,
        path if path.starts_with("/api/cross-app/") => {
            read && answered && path.ends_with("/permissions") | path.ends_with("/permissions/me")
        }
        path if path.starts_with("/api/apps") => read && answered,
        _ => false,
    }
}

fn kind_of_path(path: &str) -> Kind {
    match path {
        path if path.starts_with("/api/cross-app") => Kind::Glint,
        path if path.starts_with("/api/init/") => Kind::Web,
        "/api/oauth/token"
        | "/api/oauth/authorize"
        | "/oauth/authorize"
        | "/api/oauth/app-info"
        | "/oauth/token"
        | "/api/oauth/introspect"
        | "/api/oauth/revoke" => Kind::OAuth,
        path if path.starts_with("/api/") => Kind::Prism,
        _ => Kind::Other,
    }
}

/// Path of an absolute URL or of a bare path, without query.
pub(crate) fn path_of(url: &str) -> String {
    let rest = url
        .find("://")
        .and_then(|at| url.get(at + 3..))
        .map_or(url, |rest| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"));
    rest.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// Scheme, host and port of an absolute URL in lower case.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// The call to explain.
pub(crate) struct Call<'a> {
    pub(crate) exchange: &'a Exchange,
    pub(crate) kind: Kind,
    pub(crate) path: String,
    pub(crate) method: &'a str,
    /// 0: no answer came.
    pub(crate) status: u16,
    pub(crate) body: &'a str,
    pub(crate) json: Option<Value>,
    pub(crate) route: Option<Matched>,
    pub(crate) sent: Option<Value>,
    /// The text of `error` in a body that was cut off, and whether the text itself is whole.
    pub(crate) cut: Option<(String, bool)>,
}

impl<'a> Call<'a> {
    pub(crate) fn of(exchange: &'a Exchange, sites: &Sites) -> Self {
        let response = exchange.response.as_ref();
        let body = response.and_then(|r| r.body.as_deref()).unwrap_or_default();
        let path = sites.path_of(&exchange.request.url);
        let method = exchange.request.method.as_str();
        let mut kind = kind_of_path(&path);
        if matches!(kind, Kind::Prism | Kind::OAuth) && sites.is_glint(&exchange.request.url) {
            kind = Kind::Web;
        }
        let json: Option<Value> = serde_json::from_str(body).ok();
        let url = &exchange.request.url;
        let returned =
            ["code", "error"].iter().any(|name| query(url, name).or_else(|| fragment(url, name)).is_some());
        if kind == Kind::Other && returned {
            kind = Kind::OAuth;
        }
        if kind == Kind::Other && path.is_empty() {
            kind = kind_of_answer(response.map_or(0, |r| r.status), json.as_ref());
        }
        let route = (kind == Kind::Glint).then(|| find(method, &path)).flatten();
        Self {
            exchange,
            kind,
            route,
            method,
            status: response.map_or(0, |r| r.status),
            body,
            cut: if json.is_none() { cut_error(body) } else { None },
            json,
            sent: exchange.request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()),
            path,
        }
    }

    /// A text without secrets, in its full length.
    pub(crate) fn quoted_whole(&self, words: &str) -> String {
        let mut redactor = crate::secret::Redactor::new();
        redactor.learn(self.exchange);
        redactor.clean(words)
    }

    /// The server's words fit to be shown: it may say back a credential it was sent, and it may never end.
    pub(crate) fn quoted(&self, words: &str) -> String {
        const MOST: usize = 160;
        let mut redactor = crate::secret::Redactor::new();
        redactor.learn(self.exchange);
        let clean = redactor.clean(words);
        match clean.char_indices().nth(MOST) {
            Some((end, _)) => format!("{}…", clean.get(..end).unwrap_or_default()),
            None => clean,
        }
    }

    /// The text of the answer's `error` member, as far as the body was recorded.
    pub(crate) fn error(&self) -> Option<&str> {
        match &self.json {
            Some(json) => json.get("error")?.as_str(),
            None => self.cut.as_ref().map(|(text, _)| text.as_str()),
        }
    }

    /// Whether a web page came back.
    pub(crate) fn is_page(&self) -> bool {
        let Some(response) = &self.exchange.response else { return false };
        let start = self.body.trim_start().get(..15).unwrap_or(self.body.trim_start()).to_ascii_lowercase();
        let said = header(&response.headers, "content-type")
            .is_some_and(|value| value.to_ascii_lowercase().contains("text/html"));
        start.starts_with("<!doctype html") || start.starts_with("<html") || (said && self.json.is_none())
    }

    /// How sure it is that the request carried no credential when none was recorded. Browsers leave credentials out of
    /// the archives they save; where a cookie is left, or no browser was at work, nothing was left out.
    pub(crate) fn lacks_credential(&self) -> Certainty {
        let headers = &self.exchange.request.headers;
        let browser = headers
            .iter()
            .any(|(name, value)| name.to_ascii_lowercase().starts_with("sec-") || value.contains("Mozilla/"));
        if headers.is_empty() || self.method.is_empty() {
            Certainty::Possible
        } else if browser && header(headers, "cookie").is_none() {
            Certainty::Likely
        } else {
            Certainty::Proven
        }
    }

    /// A value of the route's path.
    pub(crate) fn part(&self, name: &str) -> Option<&str> {
        self.route.as_ref().and_then(|route| route.value(name))
    }

    /// The set the call is about, from the path, the query or the body.
    pub(crate) fn set(&self) -> Option<String> {
        let in_body = || {
            self.sent.as_ref().and_then(|sent| sent.get("setId")).and_then(Value::as_str).map(str::to_owned)
        };
        let in_query = || query(&self.exchange.request.url, "setId");
        self.part("set").map(str::to_owned).or_else(in_query).or_else(in_body)
    }
}

/// The text of `error` where a JSON body breaks off, and whether the text itself is whole.
pub(crate) fn cut_error(body: &str) -> Option<(String, bool)> {
    let rest = body.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"error\"")?;
    let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = rest.char_indices().find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let text = rest.get(..end.map_or(rest.len(), |(at, _)| at))?;
    let whole = |text: &str| serde_json::from_str::<String>(&format!("\"{text}\"")).ok();
    // An escape may have been cut as well.
    let text = whole(text).or_else(|| whole(text.get(..text.rfind('\\')?)?))?;
    (!text.is_empty()).then_some((text, end.is_some()))
}

/// A pasted answer without its request still tells a little.
fn kind_of_answer(status: u16, json: Option<&Value>) -> Kind {
    let error = json.and_then(|json| json.get("error")).and_then(Value::as_str).unwrap_or_default();
    let described = json.is_some_and(|json| json.get("error_description").is_some());
    let oauth = [
        "invalid_grant",
        "invalid_client",
        "invalid_request",
        "invalid_redirect_uri",
        "unsupported_grant_type",
        "access_denied",
        "invalid_scope",
    ];
    match error {
        error if described || oauth.contains(&error) => Kind::OAuth,
        "insufficient_scope" | "Forbidden" | "Token expired" | "invalid_token" => Kind::Prism,
        error if error.contains("app's scopes") || error.starts_with("App with client_id") => Kind::Prism,
        _ if json.is_some_and(|json| json.get("access_token").is_some()) => Kind::OAuth,
        _ if status == 0 => Kind::Other,
        _ => Kind::Glint,
    }
}

/// A header by name, in any case.
pub(crate) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The first value of a query parameter, decoded.
pub(crate) fn query(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1.split('#').next()?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The first value of a parameter in the fragment, decoded.
pub(crate) fn fragment(url: &str, name: &str) -> Option<String> {
    form(url.split_once('#')?.1, name)
}

/// The value of a member of a form body, decoded.
pub(crate) fn form(body: &str, name: &str) -> Option<String> {
    url::form_urlencoded::parse(body.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
