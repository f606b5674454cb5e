//! The loopback redirect URIs (RFC 8252 §7.3): fixed ports, because Prism compares the whole text, and one path per
//! server, so that the answer of one cannot be taken for that of another (RFC 9700 §4.4.2).

use crate::connections::Deployment;
use std::net::{Ipv4Addr, TcpListener};

/// The usual ports, in the order they are tried.
pub(crate) const USUAL: [u16; 3] = [47831, 47832, 47833];

/// The ports of a connection, in the order they are tried.
pub(crate) fn ports(deployment: &Deployment) -> Vec<u16> {
    let own = &deployment.saved.transport.redirect_ports;
    if own.is_empty() { USUAL.to_vec() } else { own.clone() }
}

/// The last part of the path: Prism's host, with its port where it has one of its own; `sandbox` for the built-in one.
pub(crate) fn slug(deployment: &Deployment) -> String {
    if deployment.is_sandbox() {
        return "sandbox".to_owned();
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let host = deployment.prism.host();
    host.trim_start_matches('[').replace("]:", "-").trim_end_matches(']').chars().map(plain).collect()
}

/// The whole redirect URI for a port.
pub(crate) fn uri(port: u16, slug: &str) -> String {
    format!("http://127.0.0.1:{port}/callback/{slug}")
}

/// The port of a redirect URI.
pub(crate) fn port(uri: &str) -> Option<u16> {
    url::Url::parse(uri).ok()?.port()
}

/// Whether nobody listens on the port now.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
