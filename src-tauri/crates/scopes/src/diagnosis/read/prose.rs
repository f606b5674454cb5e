//! An answer quoted inside other words: what a program printed when its call failed, or the address a browser ended at.

use super::relaxed;
use crate::endpoint::{self, Endpoint};
use crate::exchange::{Exchange, Request, Response};
use serde_json::Value;
use std::borrow::Cow;

/// The address of a redirect that carries an error (RFC 6749 §4.1.2.1) or a code in its fragment, or that of an
/// authorization request, as an exchange.
pub(super) fn redirect(text: &str) -> Option<Exchange> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']);
    let web = text.starts_with("https://") || text.starts_with("http://");
    let at = text.find(['?', '#']).filter(|_| web && !text.contains(char::is_whitespace))?;
    let (path, query) = text.split_at_checked(at)?;
    let pairs = || query.split(['?', '&', '#']);
    if endpoint::of_url(path) == Endpoint::Authorize && pairs().any(|pair| pair.starts_with("response_type="))
    {
        let request = Request { method: "GET".to_owned(), url: text.to_owned(), ..Request::default() };
        return Some(Exchange { request, ..Exchange::default() });
    }
    let in_fragment = || {
        query
            .split_once('#')
            .is_some_and(|(_, fragment)| fragment.split('&').any(|pair| pair.starts_with("code=")))
    };
    if !pairs().any(|pair| pair.starts_with("error=")) && !in_fragment() {
        return None;
    }
    let request = Request { method: "GET".to_owned(), url: text.to_owned(), headers: Vec::new(), body: None };
    // A browser is there because the page answered; what it showed is not told.
    let response = Response { status: 200, headers: Vec::new(), body: None, truncated: false };
    Some(Exchange { request, response: Some(response), ..Exchange::default() })
}

/// The first object of a text that says `error`, as JSON or as Python prints it, with the status the words around it name.
pub(super) fn quoted(text: &str) -> Option<(Option<u16>, Cow<'_, str>)> {
    // Every brace is tried once, and a text of nothing but braces ends here.
    let starts = text.match_indices(['{']).map(|(at, _)| at).take(100);
    let (at, object) = starts.filter_map(|at| Some((at, object_at(text, at)?))).next()?;
    Some((named_status(text).or_else(|| status_before(text.get(..at)?)), object))
}

fn object_at(text: &str, at: usize) -> Option<Cow<'_, str>> {
    let rest = text.get(at..)?;
    if rest.starts_with("{'") {
        let (value, _) = relaxed::literal(rest)?;
        value.get("error").filter(|error| error.is_string())?;
        return Some(Cow::Owned(value.to_string()));
    }
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
    let value = values.next()?.ok()?;
    value.get("error").filter(|error| error.is_string())?;
    rest.get(..values.byte_offset()).map(Cow::Borrowed)
}

/// `(403, {`, `403: {`, and `403 Client Error` of Python's requests anywhere before the object.
fn status_before(before: &str) -> Option<u16> {
    let of_requests = [" Client Error", " Server Error"].iter().find_map(|words| before.split_once(words));
    let lead = of_requests.map_or(before, |(lead, _)| lead).trim_end_matches([' ', ':', ',', '-']);
    let digits = lead.get(lead.len().checked_sub(3)?..)?;
    let alone = !lead.get(..lead.len() - 3)?.ends_with(|c: char| c.is_alphanumeric() || c == '.');
    let status = digits.parse().ok().filter(|_| alone && digits.bytes().all(|byte| byte.is_ascii_digit()));
    status.filter(|status| (400..600).contains(status))
}

/// `status code 403`, `status: 403`, `HTTP 403`.
fn named_status(text: &str) -> Option<u16> {
    let lower = text.to_ascii_lowercase();
    ["status code", "statuscode", "status", "http"].iter().find_map(|word| {
        lower.match_indices(word).find_map(|(at, _)| {
            let rest = lower.get(at + word.len()..)?.trim_start_matches([':', '=', ' ', '"', '\'', '(']);
            let digits = rest.get(..3).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
            let ends = rest.get(3..)?.chars().next().is_none_or(|c| !c.is_ascii_alphanumeric());
            digits.parse().ok().filter(|status| ends && (400..600).contains(status))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_inside_a_stack_trace_is_found() {
        let text = "AxiosError: Request failed with status code 403\n  data: {\"error\":\"Not a member of this team\"} at x";
        assert_eq!(quoted(text), Some((Some(403), "{\"error\":\"Not a member of this team\"}".into())));
        assert_eq!(quoted("log {\"a\":1} {\"error\":\"x\"}"), Some((None, "{\"error\":\"x\"}".into())));
        assert_eq!(quoted("status: 4031 {\"error\":\"x\"}"), Some((None, "{\"error\":\"x\"}".into())));
        for text in ["no json", "{\"error\":", "{\"error\": {}}", &"{\"".repeat(100_000)] {
            assert_eq!(quoted(text), None, "{}", text.get(..9).unwrap_or(text));
        }
    }

    #[test]
    fn the_answer_inside_a_python_traceback_is_found() {
        let body = "{\"error\":\"Not a member of this team\"}";
        for (text, status) in [
            ("RuntimeError: (403, {'error': 'Not a member of this team'})", Some(403)),
            ("Exception: 403: {'error': 'Not a member of this team'}", Some(403)),
            ("ApiError: {'status': 403, 'body': {'error': 'Not a member of this team'}}", Some(403)),
            ("HTTPError: 403 Client Error: Forbidden\n{'error': 'Not a member of this team'}", Some(403)),
            ("  File \"a.py\", line 403, in main\nApiError: {'error': 'Not a member of this team'}", None),
        ] {
            assert_eq!(quoted(text), Some((status, body.into())), "{text}");
        }
        assert_eq!(quoted("KeyError: 'error' in {'name': 'x', 'id': 3}"), None);
        assert_eq!(quoted(&"{'".repeat(100_000)), None);
    }

    #[test]
    fn a_redirect_with_an_error_is_an_address() {
        let url = "https://app.example/callback?state=s&error=access_denied";
        assert_eq!(redirect(&format!(" <{url}>\n")).unwrap().request.url, url);
        for text in ["https://app.example/callback?code=c", "error=access_denied", "https://a b?error=x"] {
            assert!(redirect(text).is_none(), "{text}");
        }
    }
}
