//! Starting and stopping a sandbox.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use crate::admin::Admin;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::glint::Glint;
use crate::handout::Handout;
use crate::har::Log;
use crate::prism::Prism;
use crate::random;
use crate::scenario::Scenario;
use crate::server::{self, Answerer, Site};

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
    admin: Admin,
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
    let token = random::hex(&random::bytes::<16>());
    let handout = Handout {
        prism_url: server::base_url(&prism_listener)?,
        glint_url: server::base_url(&glint_listener)?,
        admin_url: format!("{}/{token}", server::base_url(&admin_listener)?),
        ..Handout::default()
    };
    let clock = Clock::default();
    let faults = Faults::default();
    let log = Log::default();
    let prism = Prism::new(clock.clone(), handout.prism_url.clone(), faults.clone());
    let glint = Glint::new(clock.clone(), prism.clone(), handout.glint_url.clone());
    let admin = Admin::new(clock.clone(), prism.clone(), glint.clone(), faults.clone(), log.clone(), handout);
    let guarded = Answerer::Admin { admin: admin.clone(), token };
    let handout = admin.load(options.scenario);
    let large_bodies = server::large_bodies();
    for (listener, base_url, answerer) in [
        (prism_listener, &handout.prism_url, Answerer::Prism(prism.clone())),
        (glint_listener, &handout.glint_url, Answerer::Glint(glint.clone())),
        (admin_listener, &handout.admin_url, guarded),
    ] {
        let site = Site {
            answerer,
            base_url: base_url.clone(),
            faults: faults.clone(),
            log: log.clone(),
            clock: clock.clone(),
            large_bodies: Arc::clone(&large_bodies),
        };
        spawn(&runtime, listener, site)?;
    }
    Ok(Sandbox { runtime: Some(runtime), handout, clock, prism, glint, admin })
}

impl Sandbox {
    /// Addresses and credentials as they were at the start; a reset leaves them valid.
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

    /// The admin controls, without a socket.
    pub fn admin(&self) -> &Admin {
        &self.admin
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

fn spawn(runtime: &Runtime, listener: TcpListener, site: Site) -> io::Result<()> {
    let _entered = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    runtime.spawn(server::serve(listener, Arc::new(site)));
    Ok(())
}
