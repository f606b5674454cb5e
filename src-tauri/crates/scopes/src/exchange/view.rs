//! From a raw exchange to what may be shown.

use super::pretty::{capped, pretty_json, visible};
use super::{BodyKind, Exchange, ExchangeView, HeaderView, Request};
use crate::secret::Redactor;

/// The most of a body that is shown, in bytes.
pub const SHOWN_BODY: usize = 64 * 1024;
/// The most of a body that is redacted, in bytes: far more than is shown, so that no secret is cut where it shows.
const CLEANED_BODY: usize = 4 * SHOWN_BODY;

/// The redacted form of one exchange. Its own secrets are replaced wherever they recur in it.
#[must_use]
pub fn view(exchange: &Exchange) -> ExchangeView {
    let mut redactor = Redactor::new();
    redactor.learn(exchange);
    view_with(exchange, &redactor)
}

/// The redacted forms of exchanges that belong together: a secret of one is replaced in all.
#[must_use]
pub fn views<'a>(exchanges: impl IntoIterator<Item = &'a Exchange> + Clone) -> Vec<ExchangeView> {
    let mut redactor = Redactor::new();
    for exchange in exchanges.clone() {
        redactor.learn(exchange);
    }
    exchanges.into_iter().map(|exchange| view_with(exchange, &redactor)).collect()
}

/// The redacted form of one exchange with what a redactor knows; it should have learned the exchange itself, too.
#[must_use]
pub fn view_with(exchange: &Exchange, redactor: &Redactor) -> ExchangeView {
    let response = exchange.response.as_ref();
    let raw = response.and_then(|response| response.body.as_deref());
    let kind = body_kind(raw.unwrap_or_default(), response.map_or(&[][..], |response| &response.headers));
    let body = raw.map(|raw| redactor.clean(capped(raw, CLEANED_BODY)));
    let shown = body.as_deref().map(|body| capped(&visible(body), SHOWN_BODY).to_owned());
    let pretty = body.as_deref().filter(|_| kind == BodyKind::Json).map(|body| pretty_json(body, SHOWN_BODY));
    ExchangeView {
        method: visible(&exchange.request.method),
        url: visible(&redactor.clean(&exchange.request.url)),
        request_headers: headers(&exchange.request.headers, redactor),
        request_body: exchange
            .request
            .body
            .as_deref()
            .map(|body| capped(&visible(&redactor.clean(capped(body, CLEANED_BODY))), SHOWN_BODY).to_owned()),
        status: response.map(|response| response.status),
        response_headers: headers(response.map_or(&[][..], |response| &response.headers), redactor),
        body: shown,
        body_pretty: pretty.map(|pretty| capped(&visible(&pretty), SHOWN_BODY).to_owned()),
        body_kind: kind,
        body_bytes: raw.map_or(0, |raw| raw.len() as u64),
        failure: exchange.failure.as_ref().map(|(kind, _)| *kind),
        failure_text: exchange.failure.as_ref().map(|(_, words)| visible(&redactor.clean(words))),
        started_at: exchange.started_at,
        elapsed_ms: exchange.elapsed_ms,
        curl: visible(&curl(&exchange.request, redactor)),
    }
}

fn headers(headers: &[(String, String)], redactor: &Redactor) -> Vec<HeaderView> {
    headers
        .iter()
        .map(|(name, value)| HeaderView {
            name: visible(&redactor.clean(name)),
            value: visible(&redactor.clean_header(name, value)),
        })
        .collect()
}

/// What a body is, by its content type and its first characters.
fn body_kind(body: &str, headers: &[(String, String)]) -> BodyKind {
    let start = body.trim_start_matches('\u{feff}').trim_start();
    let html = ["<!doctype", "<html", "<head", "<body"];
    let begins = |word: &&str| {
        start.as_bytes().get(..word.len()).is_some_and(|b| b.eq_ignore_ascii_case(word.as_bytes()))
    };
    let declared = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.to_ascii_lowercase());
    if start.is_empty() {
        BodyKind::Empty
    } else if html.iter().any(begins) {
        BodyKind::Html
    } else if serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok() {
        BodyKind::Json
    } else if declared.is_some_and(|kind| kind.contains("html")) && start.starts_with('<') {
        BodyKind::Html
    } else {
        BodyKind::Text
    }
}

/// The request as a `curl` command for a POSIX shell; the credential is `$TOKEN`.
fn curl(request: &Request, redactor: &Redactor) -> String {
    let url = redactor.clean(&request.url);
    let mut out = "curl".to_owned();
    // Brackets and braces are patterns to curl.
    if url.contains(['[', ']', '{', '}']) {
        out.push_str(" --globoff");
    }
    let plain = !request.method.is_empty() && request.method.bytes().all(|b| b.is_ascii_alphabetic());
    let method = if plain { request.method.clone() } else { quoted(&request.method) };
    out.push_str(&format!(" -X {method} "));
    if url.starts_with('-') {
        out.push_str("--url ");
    }
    out.push_str(&quoted(&url));
    for (name, value) in &request.headers {
        if let Some(header) = curl_header(name, value, redactor) {
            out.push_str(&format!(" \\\n  -H {header}"));
        }
    }
    if let Some(body) = &request.body {
        let clean = redactor.clean(capped(body, CLEANED_BODY));
        out.push_str(&format!(" \\\n  --data-raw {}", quoted(capped(&clean, SHOWN_BODY))));
    }
    out
}

/// A header as the shell takes it. `None`: curl makes it itself, or the name is none.
fn curl_header(name: &str, value: &str, redactor: &Redactor) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if !is_name
        || redactor.clean(name) != name
        || ["host", "content-length", "connection", "user-agent"].contains(&&*lower)
    {
        return None;
    }
    let shown = redactor.clean_header(name, value);
    let lead = shown.split_once('‹').map(|(lead, _)| lead);
    let credential = ["authorization", "x-session-token"].contains(&&*lower);
    let plain = |lead: &&str| lead.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
    Some(match lead.filter(|_| credential).filter(plain) {
        Some(lead) => format!("\"{name}: {lead}$TOKEN\""),
        None => quoted(&format!("{name}: {shown}")),
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Response;

    const TOKEN: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
    const REFRESH: &str = "Qjlm1AAWbyEvDFTMjO8JkKfvscAfh2mguBnV_JV2TjIgVrPyA3QnXG2gWwUWpdIC";

    fn exchange(url: &str, headers: &[(&str, &str)], body: &str, answer: &str) -> Exchange {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Exchange {
            request: Request {
                method: "POST".into(),
                url: url.into(),
                headers,
                body: (!body.is_empty()).then(|| body.to_owned()),
            },
            response: Some(Response {
                status: 200,
                headers: Vec::new(),
                body: Some(answer.into()),
                truncated: false,
            }),
            ..Exchange::default()
        }
    }

    fn everything(view: &ExchangeView) -> String {
        serde_json::to_string(view).unwrap()
    }

    #[test]
    fn a_token_is_replaced_wherever_it_recurs_and_keeps_its_fingerprint() {
        let answer = format!("{{\"echo\":\"x {TOKEN} y\"}}");
        let view = view(&exchange(
            &format!("https://a.test/p?access_token={TOKEN}#x"),
            &[("Authorization", &format!("Bearer {TOKEN}")), ("Cookie", "session=29a124e1-e477-44c7-846c")],
            &format!("token={TOKEN}&hint=1"),
            &answer,
        ));
        let text = everything(&view);
        assert!(!text.contains(TOKEN) && !text.contains("29a124e1"), "{text}");
        let shown = view.request_headers[0].value.strip_prefix("Bearer ").unwrap();
        assert!(shown.starts_with("‹access token "), "{shown}");
        assert_eq!(view.body.as_deref(), Some(format!("{{\"echo\":\"x {shown} y\"}}").as_str()));
        assert_eq!(view.request_body.as_deref(), Some(format!("token={shown}&hint=1").as_str()));
        assert!(view.curl.contains("\"Authorization: Bearer $TOKEN\""), "{}", view.curl);
    }

    #[test]
    fn secrets_go_by_name_in_forms_json_and_queries() {
        let view = view(&exchange(
            "https://app.test/callback?code=ON3BVPp5UhV7SSbracPetXNO9hJQLFO&state=s1",
            &[("Authorization", "Basic cHJpc21fYTpTZWNyZXQtMTIz")],
            "grant_type=authorization_code&code=ON3BVPp5UhV7SSbracPetXNO9hJQLFO&client_secret=p%26ss%20word&code_verifier=abcDEF123456",
            &format!(
                "{{\"refresh_token\" : \"{REFRESH}\", \"id_token\":\"eyJh.eyJhdWQiOiJ4In0.c2lnbg\", \"error\":\"Secret-123\", \"code\":\"not_found\"}}"
            ),
        ));
        let text = everything(&view);
        for secret in [REFRESH, "ON3BVPp5", "p%26ss", "abcDEF123456", "eyJhdWQ", "Secret-123", "cHJpc21f"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        for kept in [
            "‹refresh token ",
            "‹code ",
            "‹client secret ",
            "‹client credentials ",
            "‹id token ",
            "not_found",
            "state=s1",
            "grant_type=authorization_code",
        ] {
            assert!(text.contains(kept), "{kept} not in {text}");
        }
    }

    #[test]
    fn a_secret_of_one_exchange_is_replaced_in_the_others() {
        let first =
            exchange("https://a.test/token", &[], "", &format!("{{\"refresh_token\":\"{REFRESH}\"}}"));
        let second =
            exchange("https://a.test/x", &[("Authorization", &format!("bearer  {REFRESH}"))], "", "short");
        let views = views([&first, &second]);
        let shown = &views[1].request_headers[0].value;
        assert!(shown.starts_with("bearer  ‹refresh token "), "{shown}");
        assert!(views[0].body.as_deref().unwrap().contains(shown.trim_start_matches("bearer  ")));
    }

    #[test]
    fn placeholders_of_nothing_stay_readable_and_shown_text_is_stable() {
        for value in ["Bearer ", "Bearer undefined", "Bearer null", "Bearer ‹access token 3f9a12›"] {
            let view = view(&exchange("https://a.test", &[("Authorization", value)], "", "{}"));
            assert_eq!(view.request_headers[0].value, value);
        }
    }

    #[test]
    fn bodies_are_cut_and_a_cut_secret_is_gone() {
        let long = "a".repeat(SHOWN_BODY + 10);
        let seen = view(&exchange("https://a.test", &[], "", &long));
        assert_eq!(seen.body.as_deref().map(str::len), Some(SHOWN_BODY));
        assert_eq!(seen.body_bytes as usize, SHOWN_BODY + 10);
        let bearer = format!("Bearer {TOKEN}");
        let cut = format!("{{\"t\":\"{}", &TOKEN[..40]);
        let seen = view(&exchange("https://a.test", &[("Authorization", &bearer)], "", &cut));
        let body = seen.body.expect("a body");
        assert!(body.starts_with("{\"t\":\"‹access token ") && !body.contains(&TOKEN[..16]), "{body}");
    }

    #[test]
    fn curl_survives_quotes_and_control_characters() {
        let view = view(&exchange("https://a.test/it's", &[("X-A", "\u{1b}[0m")], "{\"a\":\"it's\"}", ""));
        assert!(view.curl.contains("'https://a.test/it'\\''s'"), "{}", view.curl);
        assert!(view.curl.contains("\\u{1b}[0m") && !view.curl.contains('\u{1b}'));
        assert!(view.curl.contains("--data-raw '{\"a\":\"it'\\''s\"}'"));
        assert_eq!(view.body_kind, BodyKind::Empty);
    }
}
