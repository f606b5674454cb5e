//! One client for each way of reaching a server. Connections are kept alive within a client only, so nothing that was
//! reached through one certificate authority is reused for another.

use super::authorities;
use super::wire::innermost;
use crate::private_file::{Stamp, stamp};
use crate::server::Server;
use reqwest::redirect::Policy;
use scopes::exchange::TransportFailure;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What makes one client another. A certificate file that was changed makes a new one.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
struct Way {
    https: bool,
    system_proxy: bool,
    ca_file: Option<(PathBuf, Option<Stamp>)>,
}

/// The clients made so far.
pub(super) struct Clients {
    connect: Duration,
    made: Mutex<HashMap<Way, reqwest::Client>>,
}

impl Clients {
    /// None yet.
    pub(super) fn new(connect: Duration) -> Self {
        // Fails only when a provider is installed already, which is the wanted state.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { connect, made: Mutex::default() }
    }

    /// The client for a server.
    ///
    /// # Errors
    /// When the certificate file cannot be used, or the system gives no certificate store.
    pub(super) fn of(&self, server: &Server) -> Result<reqwest::Client, (TransportFailure, String)> {
        let transport = server.transport();
        let way = Way {
            https: server.is_https(),
            // A proxy must not get what never leaves this computer.
            system_proxy: transport.system_proxy && !server.is_local(),
            ca_file: transport.ca_file.as_ref().map(|path| {
                let path = PathBuf::from(path);
                let stamp = stamp(&path);
                (path, stamp)
            }),
        };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(&way) {
            return Ok(client.clone());
        }
        let client = self.make(&way)?;
        // The one for an earlier state of the same certificate file is never asked for again.
        let same_file = |other: &Way| {
            other.ca_file.as_ref().map(|(path, _)| path) == way.ca_file.as_ref().map(|(path, _)| path)
        };
        made.retain(|other, _| !same_file(other) || other.ca_file == way.ca_file);
        made.insert(way, client.clone());
        Ok(client)
    }

    /// Lets go of all clients, and with them of connections that are open but idle: each keeps what it sent last.
    pub(super) fn close_idle(&self) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Certificates are read for https only.
    fn make(&self, way: &Way) -> Result<reqwest::Client, (TransportFailure, String)> {
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .user_agent(concat!("Spectroscope/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.connect);
        if !way.system_proxy {
            builder = builder.no_proxy();
        }
        if !way.https {
            // Without this the store of the system is read, which takes most of a short command's time.
            return builder.tls_certs_only([]).build().map_err(not_made);
        }
        if let Some((path, _)) = &way.ca_file {
            let certificates =
                authorities::read(path).map_err(|fault| (TransportFailure::CaFile, fault.to_string()))?;
            for certificate in certificates {
                let certificate = reqwest::Certificate::from_der(&certificate)
                    .map_err(|error| (TransportFailure::CaFile, innermost(&error)))?;
                builder = builder.tls_certs_merge([certificate]);
            }
        }
        builder.build().map_err(not_made)
    }
}

fn not_made(error: reqwest::Error) -> (TransportFailure, String) {
    (TransportFailure::NotSent, innermost(&error))
}
