//! `page-host [PORT] [DIST] [DATA] [SCENARIO]`: the window's pages and a fresh sandbox for a browser. Port 0, the default,
//! takes a free one. With a directory for DATA, connections are saved there and a vault can be made there; there is no
//! keychain. SCENARIO is the name of a shipped scenario.

use engine::Engine;
use std::error::Error;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use tests::{ScriptedHost, page_host};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let port: u16 = args.next().map_or(Ok(0), |port| port.parse())?;
    let built = tests::places::repository("ui/dist");
    let dist = args.next().map_or(built, PathBuf::from);
    let host = Arc::new(ScriptedHost::new(args.next().filter(|data| !data.is_empty()).map(PathBuf::from)));
    let mut options = sandbox::Options::default();
    if let Some(name) = args.next() {
        options.scenario = sandbox::Scenario::named(&name).ok_or("no such scenario")?;
    }
    let sandbox = sandbox::start(options)?;
    let engine = Engine::new(host.clone());
    let handout = serde_json::to_string(sandbox.handout())?;
    engine.attach_sandbox(&handout).map_err(|problem| problem.message)?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    axum::serve(listener, page_host::router(engine, host, dist)).await?;
    Ok(())
}
