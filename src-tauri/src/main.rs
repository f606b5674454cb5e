//! The Spectroscope window: a host for the engine, one command for its operations, two for closing.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod bridge;
mod host;
mod quit;
mod start;

use engine::Engine;
use std::process::ExitCode;
use std::sync::Arc;
use tauri::{Manager, RunEvent, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;
use zeroizing_alloc::ZeroAlloc;

/// Memory is emptied when it is given back, so that no library leaves a copy of a secret behind.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    engine::harden_process();
    if let Err(reason) = start::prepare() {
        return start::refuse(&reason);
    }
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| raise(app)))
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![bridge::call, quit::watch_quit, quit::answer_quit])
        .manage(quit::Quit::default())
        .on_window_event(quit::on_event)
        .setup(|app| set_up(app))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let (RunEvent::Exit, Some(engine)) = (event, app.try_state::<Engine>()) {
                    engine.leave();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => start::refuse(&error.to_string()),
    }
}

fn set_up(app: &mut tauri::App) -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new(Arc::new(host::WindowHost::new(app.handle().clone())));
    let sandbox = sandbox::start(sandbox::Options::default())?;
    let handout = serde_json::to_string(sandbox.handout())?;
    engine.attach_sandbox(&handout).map_err(|problem| problem.message)?;
    app.manage(engine);
    app.manage(sandbox);
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Spectroscope")
        .inner_size(1280.0, 832.0)
        .min_inner_size(960.0, 640.0)
        // Files are dropped on the page itself; the system's own handler would swallow them.
        .disable_drag_drop_handler()
        .on_navigation(start::is_own_page)
        .build()?;
    Ok(())
}

fn raise(app: &tauri::AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // A window that cannot be raised is still there; nothing better can be done from here.
        let _ = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    }
}
