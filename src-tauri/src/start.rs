//! What must be true before a window can open.

use std::process::ExitCode;

/// Checks for a display and prepares the renderer (Linux). Returns why no window can open.
pub(crate) fn prepare() -> Result<(), String> {
    #[cfg(unix)]
    unix::without_own_variables()?;
    #[cfg(target_os = "linux")]
    {
        linux::display()?;
        linux::renderer()?;
    }
    Ok(())
}

/// Says why there is no window, on the terminal the program was started from.
#[expect(clippy::print_stderr, reason = "without a window the terminal is the only place left to say why")]
pub(crate) fn refuse(reason: &str) -> ExitCode {
    eprintln!("spectroscope: {reason}");
    ExitCode::from(3)
}

/// Whether the page may go there: only to pages of the program itself.
pub(crate) fn is_own_page(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        // Windows serves the program's own pages under this name.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// The directory named by [`DATA_DIR`], otherwise the usual one.
pub(crate) fn data_dir() -> Option<std::path::PathBuf> {
    let named = std::env::args_os().skip_while(|argument| argument != DATA_DIR).nth(1);
    named.map(std::path::PathBuf::from).or_else(engine::host::usual_data_dir)
}

/// Names the data directory in place of its variable, which the processes of the web view would inherit.
const DATA_DIR: &str = "--data-dir";

#[cfg(unix)]
mod unix {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    /// The web view's processes inherit the environment, so that the program replaces itself once without its own
    /// variables; some of them hold secrets.
    pub(super) fn without_own_variables() -> Result<(), String> {
        let is_own = |name: &std::ffi::OsString| name.to_string_lossy().starts_with("SPECTROSCOPE_");
        let own: Vec<_> = env::vars_os().map(|(name, _)| name).filter(is_own).collect();
        if own.is_empty() {
            return Ok(());
        }
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        command.args(env::args_os().skip(1));
        if let Some(dir) = env::var_os("SPECTROSCOPE_DATA_DIR").filter(|dir| !dir.is_empty()) {
            command.arg(super::DATA_DIR).arg(dir);
        }
        for name in own {
            command.env_remove(name);
        }
        let error = command.exec();
        Err(format!("the program could not start itself again: {error}"))
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    pub(super) fn display() -> Result<(), String> {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        if set("DISPLAY") || set("WAYLAND_DISPLAY") {
            return Ok(());
        }
        Err("there is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set; `spectroscope tour` does the four jobs in the terminal".into())
    }

    /// Without a render device WebKit's buffer sharing only costs start-up time and memory. The variable must be there
    /// before GTK starts, so the program replaces itself once with the variable set.
    pub(super) fn renderer() -> Result<(), String> {
        if env::var_os(RENDERER).is_some() || has_render_device() {
            return Ok(());
        }
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let error = Command::new(program).args(env::args_os().skip(1)).env(RENDERER, "1").exec();
        Err(format!("the program could not start itself again: {error}"))
    }

    fn has_render_device() -> bool {
        Path::new("/dev/dri").read_dir().is_ok_and(|devices| {
            devices.flatten().any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn only_own_pages_open_in_the_window() {
        let own = ["tauri://localhost/", "http://tauri.localhost/index.html"];
        let foreign = [
            "https://example.com/",
            "file:///etc/passwd",
            "http://tauri.localhost.example.com/",
            "data:text/html,x",
        ];
        for (urls, expected) in [(&own[..], true), (&foreign[..], false)] {
            for url in urls {
                let url: tauri::Url = url.parse().unwrap();
                assert_eq!(is_own_page(&url), expected, "{url}");
            }
        }
    }

    fn file(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_page_may_do_nothing_but_call_and_answer_whether_to_quit() {
        let config = file(include_str!("../tauri.conf.json"));
        let security = &config["app"]["security"];
        assert_eq!(config["app"]["withGlobalTauri"], false);
        assert_eq!(security["freezePrototype"], true);
        assert_eq!(security["assetProtocol"]["enable"], false);
        assert_eq!(security["csp"]["default-src"], "'none'");
        let sources: Vec<&str> =
            security["csp"].as_object().unwrap().values().filter_map(|v| v.as_str()).collect();
        for source in sources.iter().flat_map(|list| list.split(' ')) {
            let own = ["'none'", "'self'", "ipc:", "http://ipc.localhost"];
            assert!(own.contains(&source), "{source}");
        }
        let capability = file(include_str!("../capabilities/main.json"));
        assert_eq!(security["capabilities"], serde_json::json!(["main"]));
        assert_eq!(
            capability["permissions"],
            serde_json::json!(["allow-call", "allow-watch-quit", "allow-answer-quit"])
        );
        assert!(capability.get("remote").is_none());
    }
}
