//! The call to explain, taken apart: which server, which route, what it said.

use super::denials;
use super::facts::Sites;
use super::types::Certainty;
use crate::endpoint::{self, Endpoint};
use crate::exchange::Exchange;
use crate::routes::{Matched, find};
use serde_json::Value;

pub use crate::endpoint::Kind;
pub(crate) use crate::endpoint::path_of;

/// Tells whose interface an exchange went to, by its path alone: hosts differ between deployments.
#[must_use]
pub fn kind_of(exchange: &Exchange) -> Kind {
    endpoint::at(&path_of(&exchange.request.url)).interface
}

/// Whether an exchange only tells something about other calls: discovery, introspection, preview, lists of one's own.
#[must_use]
pub fn is_evidence(exchange: &Exchange) -> bool {
    let status = exchange.response.as_ref().map(|response| response.status);
    endpoint::at(&path_of(&exchange.request.url)).tells(&exchange.request.method, status)
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
    /// The endpoint, decided once by the path.
    pub(crate) at: endpoint::Hit,
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
    pub(crate) fn of(exchange: &'a Exchange, sites: &Sites, named: Option<Endpoint>) -> Self {
        let response = exchange.response.as_ref();
        let body = response.and_then(|r| r.body.as_deref()).unwrap_or_default();
        let path = sites.path_of(&exchange.request.url);
        let method = exchange.request.method.as_str();
        let at = endpoint::at(&path);
        let mut kind = named.map_or(at.interface, endpoint::kind_of);
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
            at,
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

    /// Whether it went to this endpoint.
    pub(crate) fn is_to(&self, endpoint: Endpoint) -> bool {
        self.at.endpoint == endpoint
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
    match denials::system_of(error) {
        _ if described => Kind::OAuth,
        Some(kind) => kind,
        None if json.is_some_and(|json| json.get("access_token").is_some()) => Kind::OAuth,
        None if status == 0 => Kind::Other,
        None => Kind::Glint,
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
