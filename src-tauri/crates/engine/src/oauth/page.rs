//! What the browser shows when it comes back: one page without script and without anything from elsewhere.

use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use oauth2::CsrfToken;
use scopes::lang::{Lang, brief};
use scopes::problem::Problem;
use scopes::say;
use scopes::text::invisible;

const STYLE: &str = include_str!("page.css");
const MARK: &str = include_str!("page.svg");

/// Why a request is answered and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ignored {
    /// For a host of another name.
    OtherHost,
    /// For another path.
    OtherPath,
    /// Not a `GET`.
    Method,
    /// Without the state of this sign-in.
    State,
    /// Without code and without error, or with a parameter twice.
    Unclear,
    /// A one-time address that was used before.
    Opened,
    /// The sign-in has its answer already.
    Used,
    /// The sign-in was stopped meanwhile.
    Stopped,
}

#[derive(Debug, Clone, Copy)]
enum Tone {
    Pass,
    Warn,
    Fail,
}

/// A page in one language.
#[derive(Debug)]
pub(crate) struct Page {
    status: u16,
    tone: Tone,
    title: String,
    lines: Vec<String>,
}

impl Page {
    /// The sign-in worked; `granted` says what came of it. `worth`: whether it is of any use.
    pub(crate) fn done(connection: &str, granted: &str, worth: bool, lang: Lang) -> Self {
        let name = brief(connection);
        let title = say!(lang, "You are signed in to {name}", "已登录到 {name}");
        let close = close(lang);
        let tone = if worth { Tone::Pass } else { Tone::Warn };
        Self { status: 200, tone, title, lines: vec![granted.to_owned(), close] }
    }

    /// The sign-in came to nothing.
    pub(crate) fn failed(connection: &str, problem: &Problem, lang: Lang) -> Self {
        let name = brief(connection);
        let title = say!(lang, "Not signed in to {name}", "没有登录到 {name}");
        let cure = problem.hints.iter().cloned();
        let lines = std::iter::once(problem.message.clone()).chain(cure).chain([close(lang)]).collect();
        Self { status: 400, tone: Tone::Fail, title, lines }
    }

    /// The request is none of the sign-in's.
    pub(crate) fn ignored(why: Ignored, lang: Lang) -> Self {
        let (status, line) = match why {
            Ignored::OtherHost => {
                (421, say!(lang, "This address belongs to another name.", "这个地址属于另一个主机名。"))
            }
            Ignored::OtherPath => (404, say!(lang, "There is nothing here.", "这里没有内容。")),
            Ignored::Method => {
                (405, say!(lang, "Only a browser that comes back is answered.", "只应答返回的浏览器。"))
            }
            Ignored::State => (
                400,
                say!(
                    lang,
                    "This answer does not belong to the sign-in that waits, so it was ignored.",
                    "这个应答不属于正在等待的登录，已忽略。"
                ),
            ),
            Ignored::Unclear => (
                400,
                say!(
                    lang,
                    "This answer says neither yes nor no, so it was ignored.",
                    "这个应答既不是同意也不是拒绝，已忽略。"
                ),
            ),
            Ignored::Opened => (
                410,
                say!(
                    lang,
                    "This address was used already. Open the sign-in again in Spectroscope.",
                    "这个地址已经使用过。在 Spectroscope 中重新打开登录。"
                ),
            ),
            Ignored::Used => (
                410,
                say!(
                    lang,
                    "This sign-in has its answer already. An answer is for one use.",
                    "这次登录已经收到应答。每个应答只能使用一次。"
                ),
            ),
            Ignored::Stopped => {
                (410, say!(lang, "The sign-in was stopped meanwhile.", "登录在此期间已停止。"))
            }
        };
        let title = match why {
            Ignored::Opened | Ignored::Used | Ignored::Stopped => say!(lang, "Too late", "已经太晚"),
            _ => say!(lang, "Not for here", "与此处无关"),
        };
        let tone = if why == Ignored::Stopped { Tone::Fail } else { Tone::Warn };
        Self { status, tone, title, lines: vec![line, close(lang)] }
    }

    /// The page as it goes to the browser.
    pub(super) fn response(&self, lang: Lang) -> Response<Full<Bytes>> {
        let nonce = CsrfToken::new_random();
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            nonce.secret()
        );
        let mut response = Response::new(Full::from(self.html(nonce.secret(), lang)));
        *response.status_mut() = hyper::StatusCode::from_u16(self.status).unwrap_or_default();
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::ALLOW, "GET"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(
            header::HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin"),
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn html(&self, nonce: &str, lang: Lang) -> String {
        let code = match lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        };
        let (tone, sign) = match self.tone {
            Tone::Pass => ("pass", "✓"),
            Tone::Warn => ("warn", "!"),
            Tone::Fail => ("fail", "✕"),
        };
        let (style, mark) = (STYLE.trim_end(), MARK.trim_end());
        let title = escape(&self.title);
        let lines: String = self.lines.iter().map(|line| format!("<p>{}</p>", escape(line))).collect();
        format!(
            "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{title} · Spectroscope</title><style nonce=\"{nonce}\">{style}</style></head>\
             <body><main class=\"{tone}\"><div class=\"mark\">{mark}<span>Spectroscope</span></div>\
             <h1><span class=\"sign\" aria-hidden=\"true\">{sign}</span>{title}</h1>{lines}</main></body></html>"
        )
    }
}

/// Sends the browser on to the authorization server, which does not learn from where.
pub(super) fn to_authorization(url: &url::Url) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = hyper::StatusCode::FOUND;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Ok(location) = HeaderValue::from_str(url.as_str()) {
        headers.insert(header::LOCATION, location);
    }
    response
}

fn close(lang: Lang) -> String {
    say!(lang, "You can close this tab and go back to Spectroscope.", "可以关闭此标签页，回到 Spectroscope。")
}

/// Text as text; backticks of our sentences become nothing, because a page has no code style here.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => {}
            c if c.is_control() => out.push(' '),
            // Marks that turn text around or hide it (T13).
            c if invisible(c).is_some() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_stay_text() {
        let problem = Problem::refused("x", "`<script>alert(1)</script>` & \"more\" \u{202e}back\u{7}");
        let html = Page::failed("<b>me</b>", &problem, Lang::En).html("n", Lang::En);
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains('\u{202e}'), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"), "{html}");
    }

    #[test]
    fn the_page_brings_everything_along() {
        let html = Page::done("Prism", "Two scopes were granted.", true, Lang::Zh).html("n", Lang::Zh);
        assert!(html.contains("lang=\"zh-CN\"") && html.contains("可以关闭此标签页"), "{html}");
        for outside in ["<script", "src=", "href=", "url(", "@import", " style="] {
            assert!(!html.contains(outside), "{outside}");
        }
        let response = Page::done("Prism", "", true, Lang::En).response(Lang::En);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
    }
}
