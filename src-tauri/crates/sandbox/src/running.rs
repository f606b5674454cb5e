//! Starting and stopping a sandbox.

use std::io;
use std::net::TcpListener;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::runtime::{Builder, Runtime};

use crate::clock::Clock;
use crate::glint::Glint;
use crate::handout::Handout;
use crate::prism::Prism;
use crate::scenario::Scenario;
use crate::server;
use crate::wire::{Call, Reply};

/// The ports of `spectroscope sandbox`: Prism, Glint, admin.
const PREFERRED: [u16; 3] = [47310, 47311, 47312];

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// Try the well-known ports 47310 (Prism), 47311 (Glint) and 47312 (admin) first; free ports otherwise.
    pub preferred_ports: bool,
    /// What the servers hold at the start.
    pub scenario: Scenario,
}

impl Default for Options {
    fn default() -> Self {
        Self { preferred_ports: false, scenario: Scenario::lived_in() }
    }
}

/// A running sandbox; it stops when dropped.
pub struct Sandbox {
    runtime: Option<Runtime>,
    handout: Handout,
    clock: Clock,
    prism: Prism,
    glint: Glint,
}

/// Starts Prism, Glint and the admin controls on loopback ports, each answering when this returns.
///
/// Runs on threads of its own, so it can be called inside and outside an async runtime.
///
/// # Errors
/// The system's error when no loopback port or no thread can be had.
pub fn start(options: Options) -> io::Result<Sandbox> {
    let runtime =
        Builder::new_multi_thread().worker_threads(2).thread_name("sandbox").enable_all().build()?;
    let [prism_port, glint_port, admin_port] = PREFERRED.map(|port| options.preferred_ports.then_some(port));
    let prism_listener = server::bind(prism_port)?;
    let glint_listener = server::bind(glint_port)?;
    let admin_listener = server::bind(admin_port)?;
    let mut handout = Handout {
        prism_url: server::base_url(&prism_listener)?,
        glint_url: server::base_url(&glint_listener)?,
        admin_url: server::base_url(&admin_listener)?,
        ..Handout::default()
    };
    let clock = Clock::default();
    let prism = Prism::new(clock.clone(), handout.prism_url.clone());
    let glint = Glint::new(clock.clone(), prism.clone(), handout.glint_url.clone());
    prism.load(&options.scenario, &mut handout);
    glint.load(&options.scenario);
    serve(&runtime, prism_listener, Router::new().fallback(prism_route).with_state(prism.clone()))?;
    serve(&runtime, glint_listener, glint.router())?;
    serve(&runtime, admin_listener, Router::new())?;
    Ok(Sandbox { runtime: Some(runtime), handout, clock, prism, glint })
}

impl Sandbox {
    /// Addresses and credentials.
    pub fn handout(&self) -> &Handout {
        &self.handout
    }

    /// The clock of both servers.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Prism, for calls without a socket.
    pub fn prism(&self) -> &Prism {
        &self.prism
    }

    /// Glint, for its controls.
    pub fn glint(&self) -> &Glint {
        &self.glint
    }

    /// Stops both servers and closes their connections.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn serve(runtime: &Runtime, listener: TcpListener, router: Router) -> io::Result<()> {
    let _entered = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    Ok(())
}

async fn prism_route(State(prism): State<Prism>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, 16 * 1024 * 1024).await else {
        return Reply::error(413, "Payload too large").into_response();
    };
    let call = Call {
        method: parts.method,
        path: parts.uri.path().into(),
        query: parts.uri.query().unwrap_or_default().into(),
        headers: parts.headers,
        body,
    };
    prism.call(&call).into_response()
}
