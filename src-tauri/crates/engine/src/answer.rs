//! An answer read as what was asked for, or the reason why it could not be. The server's own words are kept whole.

mod refused;
mod wait;

use crate::http::cure_of_ca_file;
use refused::refused;
use scopes::diagnosis::{Meaning, meaning};
use scopes::exchange::{Exchange, ExchangeView, Response, TransportFailure, view};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use scopes::secret::Redactor;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No answer came.
    Transport(TransportFailure, String),
    /// A web page came back where JSON was expected.
    WebPage,
    /// The answer is too large, cut off, or not of the documented form; the parser's words.
    Unreadable(String),
    /// The server refused; its own text where it gave one.
    Refused {
        /// Status code.
        status: u16,
        /// `error` of the body, or the body itself when it is short text.
        error: Option<String>,
        /// What the diagnosis of the exchange says.
        meaning: Meaning,
    },
}

/// Why a request came to nothing, fit to be kept: the trouble with the redacted exchange.
#[derive(Debug, Clone)]
pub(crate) struct Refusal(Trouble, Box<ExchangeView>);

impl Refusal {
    /// What a person sees.
    pub(crate) fn problem(&self, lang: Lang) -> Problem {
        self.0.shown((*self.1).clone(), lang)
    }
}

/// An exchange and what was read from it.
#[derive(Debug, Clone)]
pub(crate) struct Answer<T> {
    /// The exchange, raw.
    pub(crate) exchange: Exchange,
    /// What was read.
    pub(crate) value: Result<T, Trouble>,
}

impl<T> Answer<T> {
    /// The value, or the refusal in words with the exchange attached.
    pub(crate) fn or_problem(self, lang: Lang) -> Result<T, Problem> {
        let Self { exchange, value } = self;
        value.map_err(|trouble| trouble.problem(&exchange, lang))
    }

    /// The value, or the refusal fit to be kept.
    pub(crate) fn or_refusal(self) -> Result<T, Refusal> {
        let Self { exchange, value } = self;
        value.map_err(|trouble| Refusal(trouble, Box::new(view(&exchange))))
    }

    /// Status of the answer; 0 when none came.
    pub(crate) fn status(&self) -> u16 {
        self.exchange.response.as_ref().map_or(0, |response| response.status)
    }
}

/// Reads an exchange. Unknown fields are ignored; depth is limited to 128 by the parser.
pub(crate) fn read<T: DeserializeOwned>(exchange: Exchange) -> Answer<T> {
    let value = read_value(&exchange).map_err(|trouble| trouble.redacted(&exchange));
    Answer { exchange, value }
}

fn read_value<T: DeserializeOwned>(exchange: &Exchange) -> Result<T, Trouble> {
    let Some(response) = &exchange.response else {
        let (failure, words) = exchange.failure.clone().unwrap_or((TransportFailure::Other, String::new()));
        return Err(Trouble::Transport(failure, words));
    };
    let body = response.body.as_deref().unwrap_or_default();
    if looks_like_html(exchange, body) {
        // A page changes nothing about what these statuses say.
        return Err(match response.status {
            status @ (300..=399 | 429 | 500..=599) => {
                Trouble::Refused { status, error: None, meaning: meaning(exchange, None) }
            }
            _ => Trouble::WebPage,
        });
    }
    if !(200..300).contains(&response.status) {
        let error = compressed(response).is_none().then(|| error_text(body)).flatten();
        return Err(Trouble::Refused { status: response.status, error, meaning: meaning(exchange, None) });
    }
    if response.truncated {
        return Err(Trouble::Unreadable("the answer is larger than 8 MiB".into()));
    }
    if let Some(coding) = compressed(response) {
        return Err(Trouble::Unreadable(format!("it is compressed (`{coding}`), which nobody asked for")));
    }
    serde_json::from_str(body).map_err(|error| Trouble::Unreadable(error.to_string()))
}

/// Nothing is decompressed, so that no answer grows beyond what was sent; and nothing compressed is asked for.
fn compressed(response: &Response) -> Option<&str> {
    let mut codings =
        response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    codings.find_map(|(_, value)| {
        Some(value.trim()).filter(|v| !v.is_empty() && !v.eq_ignore_ascii_case("identity"))
    })
}

pub(crate) fn looks_like_html(exchange: &Exchange, body: &str) -> bool {
    let typed = exchange.response.iter().flat_map(|response| &response.headers).any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.to_ascii_lowercase().contains("html")
    });
    let start: String = body.trim_start().chars().take(9).collect();
    typed || start.eq_ignore_ascii_case("<!doctype") || start.to_ascii_lowercase().starts_with("<html")
}

/// The server's words, the first 4096 characters of them; all of them stand in the exchange.
fn error_text(body: &str) -> Option<String> {
    let text = whole_error_text(body)?;
    Some(text.chars().take(4096).collect())
}

fn whole_error_text(body: &str) -> Option<String> {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => {
            let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            member("error_description").or_else(|| member("message")).or_else(|| member("error"))
        }
        Err(_) => Some(body.trim().to_owned()).filter(|text| !text.is_empty()),
    }
}

impl Trouble {
    /// The same without a credential in the server's own words: it may say back what it was sent.
    fn redacted(self, exchange: &Exchange) -> Self {
        let mut redactor = Redactor::new();
        redactor.learn(exchange);
        // Cut afterwards: the first half of a credential is none that is known.
        let clean = |text: &str| redactor.clean(text).chars().take(400).collect();
        match self {
            Self::Unreadable(words) => Self::Unreadable(clean(&words)),
            Self::Refused { status, error, meaning } => {
                Self::Refused { status, error: error.map(|text| clean(&text)), meaning }
            }
            other => other,
        }
    }

    /// What a person sees, with the exchange that showed it.
    pub(crate) fn problem(&self, exchange: &Exchange, lang: Lang) -> Problem {
        self.shown(view(exchange), lang)
    }

    /// The same for an exchange that is redacted already.
    pub(crate) fn shown(&self, view: ExchangeView, lang: Lang) -> Problem {
        let host = url::Url::parse(&view.url)
            .ok()
            .and_then(|url| url.host_str().map(|h| url.port().map_or(h.to_owned(), |p| format!("{h}:{p}"))))
            .unwrap_or_default();
        let mut problem = self.words(&host, lang);
        if let Self::Refused { status: status @ (429 | 503), .. } = self
            && let Some(wait) = wait::of(&view)
        {
            // What the server asks for takes the place of "later".
            problem.hints.retain(|_| *status == 503);
            problem.hints.insert(0, wait::words(wait, lang));
        }
        problem.shown_by(view)
    }

    fn words(&self, host: &str, lang: Lang) -> Problem {
        match self {
            Self::Transport(failure, words) => transport(*failure, words, host, lang),
            Self::WebPage => Problem::refused(
                "reach.not_api",
                say!(lang, "`{host}` answered with a web page.", "`{host}` 返回的是网页。"),
            )
            .hinted(say!(
                lang,
                "Check the address: it must be the server itself, not a page in front of it.",
                "检查地址：应当是服务器本身，而不是它前面的网页。"
            ))
            .for_actor(Actor::Operator),
            Self::Unreadable(words) => Problem::refused(
                "reach.unreadable",
                say!(
                    lang,
                    "The answer of `{host}` cannot be read: {words}.",
                    "无法读取 `{host}` 的应答：{words}。"
                ),
            )
            .hinted(say!(
                lang,
                "Check whether the address belongs to a Prism or Glint of a version that is supported.",
                "检查该地址是否属于受支持版本的 Prism 或 Glint。"
            )),
            Self::Refused { status, error, meaning } => {
                refused(*status, error.as_deref(), *meaning, host, lang)
            }
        }
    }
}

fn transport(failure: TransportFailure, words: &str, host: &str, lang: Lang) -> Problem {
    let (code, message) = match failure {
        TransportFailure::Dns => {
            ("reach.dns", say!(lang, "The name `{host}` does not resolve.", "无法解析主机名 `{host}`。"))
        }
        TransportFailure::Refused => {
            ("reach.refused", say!(lang, "Nobody listens at `{host}`.", "`{host}` 没有服务在监听。"))
        }
        TransportFailure::Timeout => {
            ("reach.timeout", say!(lang, "`{host}` did not answer in time.", "`{host}` 没有及时应答。"))
        }
        TransportFailure::Tls => (
            "reach.tls",
            say!(lang, "No secure channel to `{host}`: {words}.", "无法与 `{host}` 建立安全连接：{words}。"),
        ),
        TransportFailure::CaFile => (
            "transport.ca_file",
            say!(
                lang,
                "The connection's file of certificate authorities cannot be used, so nothing was sent to `{host}`: {words}.",
                "无法使用此连接的证书颁发机构文件，因此没有向 `{host}` 发送任何内容：{words}。"
            ),
        ),
        TransportFailure::Reset => (
            "reach.reset",
            say!(lang, "The connection to `{host}` ended in the middle.", "与 `{host}` 的连接中途断开。"),
        ),
        TransportFailure::Cancelled => {
            ("cancelled", say!(lang, "Stopped before the answer came.", "在应答到达之前已停止。"))
        }
        TransportFailure::NotSent => (
            "request.not_sent",
            say!(
                lang,
                "The request to `{host}` was not sent: {words}.",
                "没有向 `{host}` 发送请求：{words}。"
            ),
        ),
        TransportFailure::Other => {
            ("reach.failed", say!(lang, "No answer from `{host}`: {words}.", "`{host}` 没有应答：{words}。"))
        }
    };
    let problem = Problem::refused(code, message);
    match failure {
        TransportFailure::Cancelled => return problem,
        TransportFailure::NotSent => {
            return problem.hinted(say!(
                lang,
                "Check the values of the request and the identity; the server was not asked.",
                "检查请求的各项值和所用身份；没有询问服务器。"
            ));
        }
        TransportFailure::CaFile => return problem.hinted(cure_of_ca_file(lang)),
        // What rustls says where the first bytes are no TLS at all.
        TransportFailure::Tls if words.contains("InvalidContentType") => return without_tls(host, lang),
        TransportFailure::Tls => return untrusted(problem, lang),
        _ => {}
    }
    problem.hinted(say!(
        lang,
        "Check that the server runs and that the address of the connection is right.",
        "检查服务器是否在运行，以及连接的地址是否正确。"
    ))
}

/// Somebody answers there, and speaks http.
fn without_tls(host: &str, lang: Lang) -> Problem {
    Problem::refused(
        "reach.tls",
        say!(lang, "`{host}` answers without TLS.", "`{host}` 的应答没有使用 TLS。"),
    )
    .hinted(say!(
        lang,
        "For a server on this computer write `http://127.0.0.1` and its port.",
        "若是本机上的服务器，写 `http://127.0.0.1` 加端口。"
    ))
    .hinted(say!(
        lang,
        "Anywhere else, use the port where the server offers https.",
        "其他情况下，使用服务器提供 https 的端口。"
    ))
}

/// What the library says names the fault of the certificate; who mends it depends on that.
fn untrusted(problem: Problem, lang: Lang) -> Problem {
    problem
        .hinted(say!(
            lang,
            "Have the server's certificate renewed if it expired or is for another name.",
            "如果服务器证书已过期或属于另一个主机名，让运维更新证书。"
        ))
        .hinted(say!(
            lang,
            "Name the file of the certificate authority in the connection if it is your own.",
            "如果证书由自有机构签发，在连接中填写该机构的证书文件。"
        ))
        .for_actor(Actor::Operator)
}
