//! `connections.json`: versioned, written whole, readable by its owner only.

use super::Saved;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    connections: Vec<Saved>,
}

/// Only the version, so that a newer file is told from a broken one.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Why the file is not used.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// Written by a newer version.
    Newer(u32),
    /// Not readable, or not of the known form.
    Unreadable(String),
    /// It could not be written.
    Write(String),
}

/// Reads the file; a missing one is empty.
pub(super) fn load(path: &Path) -> (Vec<Saved>, Option<Fault>) {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Vec::new(), None),
        Err(error) => return (Vec::new(), Some(Fault::Unreadable(error.to_string()))),
    };
    match serde_json::from_str::<Versioned>(&text) {
        Ok(Versioned { version }) if version > VERSION => (Vec::new(), Some(Fault::Newer(version))),
        Err(error) => (Vec::new(), Some(Fault::Unreadable(error.to_string()))),
        Ok(_) => match serde_json::from_str::<File>(&text) {
            Ok(file) => (file.connections, None),
            Err(error) => (Vec::new(), Some(Fault::Unreadable(error.to_string()))),
        },
    }
}

/// Writes the file beside its place, syncs it, and moves it there.
pub(super) fn save(path: &Path, connections: Vec<Saved>) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&File { version: VERSION, connections })?;
    let dir = path.parent().unwrap_or_else(|| Path::new("."));
    if !dir.exists() {
        create_private_dir(dir)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = write_private(&draft, &text).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The draft is of no use to anybody; that it cannot be removed changes nothing about the failure.
        let _ = fs::remove_file(&draft);
    }
    written
}

#[cfg(unix)]
fn create_private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn create_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl Fault {
    /// What a person sees.
    pub(super) fn problem(&self, lang: Lang) -> Problem {
        match self {
            Self::Newer(version) => Problem::risky(
                "connections.newer_version",
                say!(
                    lang,
                    "The saved connections are of version {version}, which is newer than this program; they are left alone.",
                    "已保存的连接是版本 {version}，比本程序新；未作改动。"
                ),
            )
            .hinted(say!(lang, "Use the newer version of Spectroscope.", "使用更新版本的 Spectroscope。")),
            Self::Unreadable(words) => Problem::risky(
                "connections.unreadable",
                say!(
                    lang,
                    "The saved connections cannot be read and are left alone: {words}.",
                    "无法读取已保存的连接，未作改动：{words}。"
                ),
            )
            .hinted(say!(
                lang,
                "Repair or move `connections.json` in the data directory, then start again.",
                "修复或移走数据目录中的 `connections.json`，然后重新启动。"
            )),
            Self::Write(words) => Problem::refused(
                "connections.not_saved",
                say!(
                    lang,
                    "The connections could not be saved: {words}.",
                    "无法保存连接：{words}。"
                ),
            )
            .hinted(say!(
                lang,
                "Check that the data directory can be written to and is not full.",
                "检查数据目录是否可写且未满。"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::connections::Environment;

    fn saved() -> Saved {
        Saved {
            id: "c1".into(),
            name: "Staging".into(),
            environment: Environment::Staging,
            prism_url: "https://prism.example".into(),
            glint_url: None,
            provider_client_id: None,
        }
    }

    fn scratch(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("spectroscope-{name}-{}", std::process::id()))
    }

    #[test]
    fn what_is_saved_is_read_back_and_private() {
        let dir = scratch("saved");
        let path = dir.join("connections.json");
        save(&path, vec![saved()]).unwrap();
        let (read, fault) = load(&path);
        assert_eq!(read, vec![saved()]);
        assert!(fault.is_none());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
        }
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no draft is left behind");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn newer_and_broken_files_are_told_apart() {
        let dir = scratch("broken");
        fs::create_dir_all(&dir).unwrap();
        let path = dir.join("connections.json");
        fs::write(&path, r#"{"version": 2, "shape": "unknown"}"#).unwrap();
        assert!(matches!(load(&path), (_, Some(Fault::Newer(2)))));
        fs::write(&path, r#"{"version": 1, "connections": ["#).unwrap();
        assert!(matches!(load(&path), (_, Some(Fault::Unreadable(_)))));
        assert!(load(&dir.join("missing.json")).1.is_none());
        fs::remove_dir_all(dir).unwrap();
    }
}
