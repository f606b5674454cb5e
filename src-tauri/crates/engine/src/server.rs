//! The address of a server: scheme, host and port. A credential is bound to exactly that.

use crate::operations::connections::Transport;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::text::invisible;
use std::fmt;
use std::sync::Arc;
use url::{Host, Url};

/// A server's origin, and how it is reached. Only https, or http to a literal loopback address. Two are the same when
/// their origins are.
#[derive(Clone)]
pub(crate) struct Server {
    origin: Url,
    transport: Arc<Transport>,
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        self.origin == other.origin
    }
}

impl Eq for Server {}

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressFault {
    /// Not an absolute URL.
    NotAnAddress,
    /// A scheme other than http and https.
    Scheme,
    /// http to a host that is not a literal loopback address.
    Cleartext,
    /// A user name or password in front of the host.
    Credentials,
}

impl Server {
    /// Reads an address; one without a scheme is taken as https, or as http when it is a literal loopback address.
    ///
    /// Path, query and fragment are dropped: Glint ignores the path of Prism's address, too (contract §10.21).
    pub(crate) fn parse(text: &str) -> Result<Self, AddressFault> {
        let text = text.trim();
        // What the parser would drop, or read as something else than people see.
        if text.contains(|c: char| c == '\\' || c.is_whitespace() || invisible(c).is_some()) {
            return Err(AddressFault::NotAnAddress);
        }
        let mut url = match Url::parse(text) {
            Ok(url) if url.has_host() && text.contains("://") => url,
            // `host:8080` parses as the scheme `host`.
            _ if text.contains("://") => return Err(AddressFault::NotAnAddress),
            _ => Self::guess(text)?,
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressFault::Scheme);
        }
        // `http:/host` would be the host `http`.
        if authority(text).ends_with(':') {
            return Err(AddressFault::NotAnAddress);
        }
        if authority(text).contains('@') {
            return Err(AddressFault::Credentials);
        }
        if url.port() == Some(0) {
            return Err(AddressFault::NotAnAddress);
        }
        if url.scheme() == "http" && !(is_loopback(&url) && is_literal(&url, text)) {
            return Err(AddressFault::Cleartext);
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { origin: url, transport: Arc::default() })
    }

    /// The same server, reached in this way.
    #[must_use]
    pub(crate) fn over(mut self, transport: &Transport) -> Self {
        self.transport = Arc::new(transport.clone());
        self
    }

    /// How it is reached.
    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Whether it is reached over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.origin.scheme() == "https"
    }

    /// Whether it is on this computer.
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.origin)
    }

    /// The name as it is asked for, where it was written in other letters: those of another script look alike.
    pub(crate) fn foreign_name(&self, typed: &str) -> Option<&str> {
        let foreign = !authority(typed.trim()).is_ascii() || self.host_name().contains("xn--");
        foreign.then(|| self.host_name())
    }

    fn host_name(&self) -> &str {
        self.origin.host_str().unwrap_or_default()
    }

    fn guess(text: &str) -> Result<Url, AddressFault> {
        let with = |scheme: &str| Url::parse(&format!("{scheme}://{text}")).ok().filter(Url::has_host);
        match with("http") {
            Some(url) if is_loopback(&url) => Ok(url),
            _ => with("https").ok_or(AddressFault::NotAnAddress),
        }
    }

    /// Whether a URL goes to this very scheme, host and port.
    pub(crate) fn owns(&self, url: &Url) -> bool {
        self.origin.scheme() == url.scheme()
            && self.origin.host() == url.host()
            && self.origin.port_or_known_default() == url.port_or_known_default()
    }

    /// The base address without a slash at the end.
    pub(crate) fn base(&self) -> String {
        self.origin.as_str().trim_end_matches('/').to_owned()
    }

    /// Host, and the port where it is not the scheme's own.
    pub(crate) fn host(&self) -> String {
        let host = self.host_name();
        self.origin.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// A URL on this server from raw path segments and query pairs, everything percent-encoded. `None` when a segment
    /// is empty or a dot segment, which no encoding can carry (RFC 3986 §5.2.4).
    pub(crate) fn url(&self, segments: &[String], query: &[(String, String)]) -> Option<Url> {
        let mut url = self.origin.clone();
        if segments.iter().any(|s| matches!(s.as_str(), "" | "." | "..")) {
            return None;
        }
        url.path_segments_mut().ok()?.clear().extend(segments);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Some(url)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base())
    }
}

/// What stands between the scheme and the path.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether the host is written as it is asked for: `0x7f.1` is the same address as `127.0.0.1`, but nobody sees that.
fn is_literal(url: &Url, text: &str) -> bool {
    let host = url.host_str().unwrap_or_default();
    authority(text).strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// Whether the host is a literal loopback address. The name `localhost` is not: it can resolve to anything.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

impl AddressFault {
    /// The refusal a person sees.
    pub(crate) fn problem(self, address: &str, lang: Lang) -> Problem {
        let shown: String = address.trim().chars().take(120).collect();
        match self {
            Self::NotAnAddress => Problem::refused(
                "address.invalid",
                say!(lang, "`{shown}` is not an address.", "`{shown}` 不是一个地址。"),
            )
            .hinted(say!(
                lang,
                "Write a host name such as `glint.example.org`, or a whole address with https.",
                "写主机名（例如 `glint.example.org`）或以 https 开头的完整地址。"
            )),
            Self::Scheme => Problem::refused(
                "address.scheme",
                say!(lang, "`{shown}` is not an http address.", "`{shown}` 不是 http 地址。"),
            )
            .hinted(say!(lang, "Use an address with https.", "使用以 https 开头的地址。")),
            Self::Cleartext => Problem::refused(
                "address.cleartext",
                say!(
                    lang,
                    "`{shown}` is http on a host that is not this computer; a credential sent there could be read on the way.",
                    "`{shown}` 是非本机主机上的 http 地址；发往那里的凭据可能在途中被读取。"
                ),
            )
            .hinted(say!(
                lang,
                "Use https; for a server on this computer write `127.0.0.1` instead of a name.",
                "使用 https；如果服务器在本机，写 `127.0.0.1` 而不是主机名。"
            )),
            Self::Credentials => Problem::refused(
                "address.credentials",
                say!(
                    lang,
                    "The address holds a user name or password.",
                    "地址里带有用户名或密码。"
                ),
            )
            .hinted(say!(
                lang,
                "Leave them out; add an identity instead.",
                "去掉它们，改为添加身份。"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Result<String, AddressFault> {
        Server::parse(text).map(|server| server.base())
    }

    #[test]
    fn addresses_are_made_whole() {
        assert_eq!(base(" glint.example.org/a?b#c ").unwrap(), "https://glint.example.org");
        assert_eq!(base("glint.example.org:8443").unwrap(), "https://glint.example.org:8443");
        assert_eq!(base("127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(base("http://[::1]:9/x").unwrap(), "http://[::1]:9");
    }

    #[test]
    fn unusable_addresses_are_refused() {
        for (text, fault) in [
            ("http://glint.example.org", AddressFault::Cleartext),
            ("http://localhost:8080", AddressFault::Cleartext),
            ("http://127.0.0.1.example.org", AddressFault::Cleartext),
            ("ftp://127.0.0.1", AddressFault::Scheme),
            ("https://a:b@example.org", AddressFault::Credentials),
            ("https://", AddressFault::NotAnAddress),
            ("", AddressFault::NotAnAddress),
            ("a b", AddressFault::NotAnAddress),
        ] {
            assert_eq!(base(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn segments_cannot_leave_their_place() {
        let server = Server::parse("https://prism.example").unwrap();
        let url = |id: &str| server.url(&["api".into(), id.into()], &[]).map(|u| u.to_string());
        assert_eq!(url("a/../b?c#d%").unwrap(), "https://prism.example/api/a%2F..%2Fb%3Fc%23d%25");
        assert_eq!(url("..").as_deref(), None);
        assert_eq!(url(""), None);
    }

    #[test]
    fn ownership_is_exact() {
        let server = Server::parse("https://prism.example").unwrap();
        for (url, owned) in [
            ("https://prism.example:443/x", true),
            ("http://prism.example/x", false),
            ("https://prism.example:444/x", false),
            ("https://prism.example.evil/x", false),
            ("https://evil@prism.example/x", true),
        ] {
            assert_eq!(server.owns(&Url::parse(url).unwrap()), owned, "{url}");
        }
    }
}
