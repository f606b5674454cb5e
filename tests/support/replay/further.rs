//! The second recording: exchanges that are played in order on one sandbox and compared value by value.

use super::exact::Comparison;
use super::stage::Stage;
use super::{Exchange, Ground, Report};
use serde::Deserialize;

const FILE: &str = "recorded-2";
const TEXT: &str = include_str!("../../recorded-2/exchanges.json");

/// One exchange with what this recording says beyond the first one.
#[derive(Clone, Debug, Deserialize)]
struct Further {
    #[serde(flatten)]
    exchange: Exchange,
    server: Asked,
    /// Seconds before the request.
    #[serde(default)]
    wait: f64,
    /// Whether lists are compared as sets.
    #[serde(default)]
    unordered: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asked {
    Prism,
    Glint,
}

/// Plays the second recording on a sandbox.
///
/// # Errors
/// A sentence when the file cannot be read, the sandbox cannot start, or a server does not answer.
pub async fn further() -> Result<Report, String> {
    let mut report = Report::default();
    let mut stage = Stage::start(&Ground::Sandbox, |_| ()).await?;
    stage.know_secrets();
    let exchanges: Vec<Further> = serde_json::from_str(TEXT).map_err(|e| format!("{FILE}: {e}"))?;
    for further in exchanges {
        let Further { exchange, server, wait, unordered } = further;
        stage.sandbox()?.clock().advance_ms((wait * 1000.0).ceil() as i64);
        let Some(request) = &exchange.request else { continue };
        let played = match server {
            Asked::Prism => stage.play_prism(request).await,
            Asked::Glint => stage.play_glint(request).await,
        };
        let present = played.map_err(|e| format!("{FILE} {}: {e}", exchange.name))?;
        let found = Comparison::new(&mut stage.names, unordered).answers(&exchange.response, &present);
        report.note(FILE, &exchange.name, &found);
    }
    Ok(report)
}
