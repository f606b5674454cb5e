//! Listening: one loop per address, every connection bounded.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// A loopback listener on `preferred`, or on any free port when that is taken or not asked for.
pub(crate) fn bind(preferred: Option<u16>) -> io::Result<TcpListener> {
    let at = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listener = match preferred.map(at) {
        Some(Ok(listener)) => listener,
        _ => at(0)?,
    };
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The base URL of a listener, without a slash at the end.
pub(crate) fn base_url(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}
