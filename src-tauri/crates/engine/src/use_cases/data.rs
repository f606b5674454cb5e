//! What the console keeps on this computer, listed and removed.

mod moving;

use crate::context::Context;
use crate::data_dir::{DataDir, not_used};
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::data::{
    DataContent, DataFile, DataFiles, DataKind, DeleteData, DeletedData, ListData,
};
use crate::private_file;
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::say;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// How deep directories below the data directory are looked into.
const MAX_DEPTH: usize = 4;

impl Operation for ListData {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<DataFiles, Problem> {
        listed(engine, cx.lang)
    }
}

impl Operation for DeleteData {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<DeletedData, Problem> {
        let before = listed(engine, cx.lang)?;
        let mut removed = Vec::new();
        let mut problems = Vec::new();
        for file in before.files.into_iter().filter(|file| file.removed_by == Some(self.kind)) {
            match private_file::remove(Path::new(&file.path)) {
                Ok(_) => removed.push(file),
                Err(error) => problems.push(not_removed(&file.path, &error, cx.lang)),
            }
        }
        let forgotten = match self.kind {
            DataKind::History => engine.recent().forget() + engine.texts().forget(),
            DataKind::Journal => engine.journal().forget(),
            DataKind::Drafts => 0,
        };
        let mut kept = listed(engine, cx.lang)?;
        kept.problems.extend(problems);
        Ok(DeletedData { removed, forgotten, kept })
    }
}

fn listed(engine: &Engine, lang: Lang) -> Result<DataFiles, Problem> {
    let refused =
        |error: io::Error| Problem { severity: Severity::Refused, ..not_used(&error.to_string(), lang) };
    let directory = engine.data_dir().map(DataDir::enter).transpose().map_err(refused)?.map(Path::to_owned);
    let mut found = DataFiles {
        directory: directory.as_ref().map(|dir| dir.display().to_string()),
        files: Vec::new(),
        in_memory: engine.recent().count() + engine.texts().count() + engine.journal().count(),
        problems: Vec::new(),
    };
    found.problems.extend(engine.data_dir().and_then(|dir| dir.note(lang)));
    let places = directory.iter().map(|dir| (dir.clone(), false));
    for (dir, of_window) in places.chain(engine.host().window_dirs().into_iter().map(|dir| (dir, true))) {
        walk(&dir, MAX_DEPTH, &mut |path, result| match result {
            Ok(bytes) => found.files.push(file(&dir, path, bytes, of_window)),
            Err(error) => found.problems.push(not_read(path, &error, lang)),
        });
    }
    found.files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Visits every file of a directory; links are counted and not followed.
fn walk(dir: &Path, depth: usize, visit: &mut impl FnMut(&Path, io::Result<u64>)) {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => return visit(dir, Err(error)),
        Ok(entries) => entries,
    };
    for entry in entries.flatten() {
        let path = entry.path();
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_dir() && depth > 0 => walk(&path, depth - 1, visit),
            Ok(found) => visit(&path, Ok(found.len())),
            Err(error) => visit(&path, Err(error)),
        }
    }
}

fn file(dir: &Path, path: &Path, bytes: u64, of_window: bool) -> DataFile {
    let content = if of_window { DataContent::WindowPreferences } else { content(dir, path) };
    let removed_by = match content {
        DataContent::History => Some(DataKind::History),
        DataContent::Journal => Some(DataKind::Journal),
        DataContent::Draft => Some(DataKind::Drafts),
        _ => None,
    };
    DataFile { path: path.display().to_string(), bytes, content, removed_by }
}

/// What a file of the data directory holds, by its name.
fn content(dir: &Path, path: &Path) -> DataContent {
    let below: PathBuf = path.strip_prefix(dir).unwrap_or(path).to_owned();
    let name = below.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let parent = below.parent().and_then(Path::to_str).unwrap_or_default();
    match (parent, name) {
        _ if draft_of(&below).is_some_and(|whole| content(dir, &dir.join(whole)) != DataContent::Unknown) => {
            DataContent::Draft
        }
        ("", "connections.json") => DataContent::Connections,
        ("", "vault.json") => DataContent::VaultChoice,
        ("", "sandbox.json") => DataContent::Sandbox,
        ("", "journal.sqlite" | "journal.sqlite-wal" | "journal.sqlite-shm") => DataContent::Journal,
        ("", "history.json") => DataContent::History,
        ("vault", "key.age") => DataContent::VaultKey,
        ("vault", name) if name.ends_with(".age") => DataContent::VaultSecret,
        ("locks", _) => DataContent::Lock,
        ("", name) if name.ends_with(".lock") => DataContent::Lock,
        _ => DataContent::Unknown,
    }
}

/// The file that a draft was to replace: `NAME.<process>-<number>.new`, as the console writes them.
fn draft_of(path: &Path) -> Option<PathBuf> {
    let (name, middle) = path.file_name()?.to_str()?.strip_suffix(".new")?.rsplit_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (process, number) = middle.split_once('-')?;
    (is_number(process) && is_number(number)).then(|| path.with_file_name(name))
}

fn not_read(path: &Path, error: &io::Error, lang: Lang) -> Problem {
    let path = path.display();
    Problem::risky(
        "data.unreadable",
        say!(lang, "`{path}` cannot be read: {error}.", "无法读取 `{path}`：{error}。"),
    )
}

fn not_removed(path: &str, error: &io::Error, lang: Lang) -> Problem {
    Problem::risky(
        "data.not_removed",
        say!(lang, "`{path}` was not removed: {error}.", "未能删除 `{path}`：{error}。"),
    )
    .hinted(say!(lang, "Remove the file yourself.", "自行删除该文件。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_names() {
        let dir = Path::new("/data");
        for (name, expected) in [
            ("connections.json", DataContent::Connections),
            ("connections.json.12-0.new", DataContent::Draft),
            ("connections.lock", DataContent::Lock),
            ("vault.json", DataContent::VaultChoice),
            ("vault/key.age", DataContent::VaultKey),
            ("vault/c-1.i-2.credential.age", DataContent::VaultSecret),
            ("vault/c-1.i-2.credential.age.7-1.new", DataContent::Draft),
            ("locks/i-1.turn", DataContent::Lock),
            ("sandbox.json", DataContent::Sandbox),
            ("journal.sqlite", DataContent::Journal),
            ("history.json", DataContent::History),
            ("photo.png", DataContent::Unknown),
            // Not the console's: nothing may remove them.
            ("invoice.new", DataContent::Unknown),
            ("project/invoice.7-1.new", DataContent::Unknown),
            ("photo.png.7-1.new", DataContent::Unknown),
            ("history.tex", DataContent::Unknown),
            ("journal.txt", DataContent::Unknown),
        ] {
            assert_eq!(content(dir, &dir.join(name)), expected, "{name}");
        }
    }
}
