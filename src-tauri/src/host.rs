//! What the engine needs from a window.

use engine::Host;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::{SystemTime, UNIX_EPOCH};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;

/// The window's surroundings: system clipboard, save dialog, browser, data directory.
pub(crate) struct WindowHost {
    app: AppHandle,
}

impl WindowHost {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

impl Host for WindowHost {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn data_dir(&self) -> Option<PathBuf> {
        crate::start::data_dir()
    }

    fn open_url(&self, url: &str) -> Result<(), String> {
        engine::host::open_in_browser(url)
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        self.app.clipboard().write_text(text).map_err(|error| error.to_string())
    }

    /// The hint is KDE's and those who read it on Linux, the system's own on Windows and macOS.
    fn copy_secret(&self, text: &str) -> Result<(), String> {
        self.app.clipboard().write_secret(text).map_err(|error| error.to_string())
    }

    fn clear_clipboard_if(&self, text: &str) -> Result<bool, String> {
        let clipboard = self.app.clipboard();
        let same = clipboard.read_text().map_err(|error| error.to_string())? == text;
        if same {
            clipboard.clear().map_err(|error| error.to_string())?;
        }
        Ok(same)
    }

    fn save<'a>(
        &'a self,
        name: &'a str,
        text: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Option<PathBuf>, String>> + Send + 'a>> {
        Box::pin(async move {
            let (chosen, choice) = tokio::sync::oneshot::channel();
            self.app.dialog().file().set_file_name(name).save_file(move |path| {
                // Nobody waits any more when the window was closed meanwhile.
                let _ = chosen.send(path);
            });
            let Some(path) = choice.await.map_err(|error| error.to_string())? else { return Ok(None) };
            let path = path.into_path().map_err(|error| error.to_string())?;
            // The dialog asked before it named a file that exists.
            engine::files::save(&path, text.as_bytes(), true).map_err(|error| match error {
                engine::files::SaveError::Io(error) | engine::files::SaveError::NoFile(error) => {
                    format!("{}: {error}", path.display())
                }
                engine::files::SaveError::Exists => format!("{}: it exists already", path.display()),
            })?;
            Ok(Some(path))
        })
    }
}
