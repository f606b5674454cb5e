//! Headers that hold a credential, and how it is written there.

use super::foreign::said;
use super::kind::SecretKind;
use super::random::is_secret;

/// How a header holds its credential.
pub(super) enum HeaderForm {
    /// Behind a scheme.
    Scheme,
    /// As cookies.
    Cookie,
    /// As a list of protocols with the credential among them.
    Protocols,
    /// As its whole value.
    Whole,
}

/// Subprotocols of WebSocket that are no credentials.
const PROTOCOLS: [&str; 8] =
    ["v10.stomp", "v11.stomp", "v12.stomp", "wamp.2.json", "wamp.2.msgpack", "mqttv3.1", "mqttv5", "ocpp1.6"];

/// The form of a header that holds a credential.
pub(super) fn credential_header(name: &str) -> Option<HeaderForm> {
    let written = name.trim();
    let name = written.to_ascii_lowercase();
    match name.as_str() {
        // Proxies and gRPC gateways pass them on under longer names.
        name if name == "authorization" || name.ends_with("-authorization") => Some(HeaderForm::Scheme),
        "authorization-bin" => Some(HeaderForm::Whole),
        "cookie" | "set-cookie" | "cookie2" | "set-cookie2" => Some(HeaderForm::Cookie),
        name if name.ends_with("-cookie") => Some(HeaderForm::Cookie),
        "sec-websocket-protocol" => Some(HeaderForm::Protocols),
        name if [
            "token",
            "secret",
            "api-key",
            "apikey",
            "password",
            "-auth",
            "auth-key",
            "access-key",
            "session-id",
            "-jwt",
            "-jwt-assertion",
            "-session",
            "-sid",
        ]
        .iter()
        .any(|end| name.strip_suffix("-bin").unwrap_or(name).ends_with(end))
            || said(written).is_some_and(|named| !named.weak) =>
        {
            Some(HeaderForm::Whole)
        }
        _ => None,
    }
}

/// Whether the value of a header with an ambiguous name (`X-Key`, `Session`) is a credential by its form.
pub(super) fn is_credential(name: &str, value: &str) -> bool {
    let value = value.trim();
    said(name.trim()).is_some_and(|named| named.weak && value.len() >= named.least) && is_secret(value)
}

/// Whether one entry of `Sec-WebSocket-Protocol` is a credential and not the name of a protocol.
pub(super) fn is_credential_protocol(entry: &str) -> bool {
    let entry = entry.trim();
    !PROTOCOLS.contains(&entry) && entry.len() >= 8 && (is_secret(entry) || entry.len() >= 40)
}

/// `Bearer x` is `("Bearer ", "x")`; a value without blank is all credential.
pub(super) fn scheme_of(value: &str) -> (&str, &str) {
    match value.split_once(' ') {
        Some((scheme, rest)) if scheme.len() <= 12 && scheme.bytes().all(|b| b.is_ascii_alphabetic()) => {
            (value.get(..=scheme.len()).unwrap_or_default(), rest)
        }
        _ if value.eq_ignore_ascii_case("bearer") || value.eq_ignore_ascii_case("basic") => (value, ""),
        _ => ("", value),
    }
}

/// What a credential behind a scheme is.
pub(super) fn header_kind(scheme: &str, token: &str) -> SecretKind {
    if scheme.trim().eq_ignore_ascii_case("basic") {
        SecretKind::ClientCredentials
    } else {
        SecretKind::of_value(token)
    }
}
