//! `connections.json`: versioned, written whole, readable by its owner only. Version 1 is read and becomes version 2 with
//! the next change.

use super::Saved;
use crate::data_dir::{DataDir, is_refusal, not_used};
use crate::offload::beside_others;
use crate::private_file::{self, Stamp};
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::say;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

const VERSION: u32 = 2;

/// How long another process may hold the lock before it counts as stuck; a few milliseconds are usual.
const PATIENCE: Duration = Duration::from_secs(5);

/// What stands in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Content {
    version: u32,
    /// The connections in their order.
    pub(super) connections: Vec<Saved>,
    /// Members this version does not know; they are written back as they were.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Default for Content {
    fn default() -> Self {
        Self { version: VERSION, connections: Vec::new(), rest: Map::new() }
    }
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
    /// Another process holds the lock.
    Locked,
    /// The data directory is a link, or open to others.
    Directory(String),
}

/// The file with its lock beside it.
pub(super) struct ConnectionsFile {
    dir: DataDir,
    path: PathBuf,
    lock: PathBuf,
}

impl ConnectionsFile {
    pub(super) fn in_dir(dir: DataDir) -> Self {
        Self { path: dir.join("connections.json"), lock: dir.join("connections.lock"), dir }
    }

    /// Its state now, for telling whether another process wrote it.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        private_file::stamp(&self.path)
    }

    /// What was mended about its directory.
    pub(super) fn note(&self, lang: Lang) -> Option<Problem> {
        self.dir.note(lang)
    }

    /// Reads it; a missing one is empty.
    pub(super) fn load(&self) -> Result<Content, Fault> {
        self.dir.enter().map_err(|error| Fault::Directory(error.to_string()))?;
        let read = private_file::read(&self.path).map_err(|error| Fault::Unreadable(error.to_string()))?;
        let Some(text) = read else { return Ok(Content::default()) };
        let unreadable = |error: serde_json::Error| Fault::Unreadable(error.to_string());
        let Versioned { version } = serde_json::from_slice(&text).map_err(unreadable)?;
        if version > VERSION {
            return Err(Fault::Newer(version));
        }
        serde_json::from_slice(&text).map_err(unreadable)
    }

    /// Waits until no other process changes it. To be called before anything else is locked: it may take its time, and
    /// others have to go on meanwhile.
    pub(super) fn hold(&self, lang: Lang) -> Result<Mine<'_>, Problem> {
        let not_written = |error: io::Error| Fault::Write(error.to_string()).problem(lang);
        self.dir.make().map_err(|error| match is_refusal(&error) {
            true => Problem { severity: Severity::Refused, ..not_used(&error.to_string(), lang) },
            false => not_written(error),
        })?;
        let lock = beside_others(|| private_file::lock(&self.lock, PATIENCE)).map_err(not_written)?;
        let lock = lock.ok_or_else(|| Fault::Locked.problem(lang))?;
        Ok(Mine { file: self, _lock: lock })
    }
}

/// The file while nobody else changes it.
pub(super) struct Mine<'f> {
    file: &'f ConnectionsFile,
    _lock: File,
}

impl Mine<'_> {
    /// Reads it, applies one change and writes it. A refused change writes nothing.
    pub(super) fn change<T>(
        &self,
        lang: Lang,
        change: impl FnOnce(&mut Content) -> Result<T, Problem>,
    ) -> Result<(T, Content, Option<Stamp>), Problem> {
        let not_written = |words: String| Fault::Write(words).problem(lang);
        private_file::remove_drafts(&self.file.path);
        let mut content = self.file.load().map_err(|fault| fault.problem(lang))?;
        let reply = change(&mut content)?;
        content.version = VERSION;
        let text = serde_json::to_vec_pretty(&content).map_err(|error| not_written(error.to_string()))?;
        private_file::write(&self.file.path, &text).map_err(|error| not_written(error.to_string()))?;
        Ok((reply, content, self.file.stamp()))
    }
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
            Self::Directory(words) => not_used(words, lang),
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
            Self::Locked => Problem::refused(
                "connections.locked",
                say!(
                    lang,
                    "Another Spectroscope is writing the connections and does not finish.",
                    "另一个 Spectroscope 正在写入连接，迟迟没有结束。"
                ),
            )
            .hinted(say!(lang, "End the other one, then try again.", "结束另一个程序，然后重试。")),
        }
    }
}
