//! The one door between the page and the core.

use engine::Engine;
use engine::operation::Envelope;
use scopes::problem::Problem;
use serde_json::Value;
use tauri::State;
use tauri::ipc::Channel;

/// Runs one operation. Takes the envelope and a channel for progress; returns the reply or a [`Problem`].
#[tauri::command]
pub(crate) async fn call(
    engine: State<'_, Engine>,
    envelope: Envelope,
    progress: Channel<Value>,
) -> Result<Value, Problem> {
    engine
        .handle(envelope, &move |step| {
            // The page may be gone by now; the operation goes on and records what it did.
            let _ = progress.send(step);
        })
        .await
}
