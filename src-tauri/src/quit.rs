//! Closing the window: the page is asked first, because it knows what is staged.

use std::sync::Mutex;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State, WindowEvent};

/// Who answers whether the window may close, and whether that question is open.
#[derive(Default)]
pub(crate) struct Quit(Mutex<Asking>);

#[derive(Default)]
struct Asking {
    /// Where the page is asked; `None` until the page listens.
    page: Option<Channel<()>>,
    /// A request that the page has not answered yet.
    unanswered: bool,
}

impl Quit {
    /// Asks the page. Returns whether the window stays open meanwhile: not while no page listens, and not when the page left the last request unanswered.
    fn ask(&self) -> bool {
        let Ok(mut asking) = self.0.lock() else { return false };
        let sent = asking.page.as_ref().is_some_and(|page| page.send(()).is_ok());
        let stays = sent && !asking.unanswered;
        asking.unanswered = stays;
        stays
    }
}

/// Registers the page as the one that is asked before the window closes.
#[tauri::command]
pub(crate) fn watch_quit(quit: State<'_, Quit>, asked: Channel<()>) {
    if let Ok(mut asking) = quit.0.lock() {
        *asking = Asking { page: Some(asked), unanswered: false };
    }
}

/// The page's answer: `true` closes the window, `false` keeps it open.
#[tauri::command]
pub(crate) fn answer_quit(app: AppHandle, quit: State<'_, Quit>, close: bool) {
    if let Ok(mut asking) = quit.0.lock() {
        asking.unanswered = false;
    }
    if let Some(window) = app.get_webview_window("main").filter(|_| close) {
        // A window that cannot be closed is still there, and can be closed again.
        let _ = window.destroy();
    }
}

/// Keeps the window open until the page has answered.
pub(crate) fn on_event(window: &tauri::Window, event: &WindowEvent) {
    if let (WindowEvent::CloseRequested { api, .. }, Some(quit)) = (event, window.try_state::<Quit>())
        && quit.ask()
    {
        api.prevent_close();
    }
}

#[cfg(test)]
mod tests {
    use super::{Asking, Quit};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};
    use tauri::ipc::Channel;

    fn watched() -> (Quit, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let page = Channel::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        (Quit(Mutex::new(Asking { page: Some(page), unanswered: false })), asked)
    }

    #[test]
    fn without_a_page_the_window_closes() {
        assert!(!Quit::default().ask());
    }

    #[test]
    fn the_page_is_asked_and_the_window_stays() {
        let (quit, asked) = watched();
        assert!(quit.ask());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        quit.0.lock().unwrap().unanswered = false;
        assert!(quit.ask(), "an answered question is asked again");
    }

    #[test]
    fn a_page_that_does_not_answer_cannot_hold_the_window() {
        let (quit, _) = watched();
        assert!(quit.ask());
        assert!(!quit.ask());
    }
}
