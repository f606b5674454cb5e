//! From what somebody saved or pasted to exchanges: HTTP archives, answers, `curl` with its output, JSON lines.
//!
//! Pure: takes text, gives values. What cannot be read becomes a [`Problem`] that says where and what is missing; what
//! can be read beside it is kept.

mod answer;
mod building;
mod curl;
mod har;
mod httpie;
mod lines;
mod output;
mod powershell;
mod programs;
mod prose;
mod relaxed;
mod script;
mod time;
mod transport;
mod words;

pub use har::entry;
pub use lines::{LONGEST, Lines, line, lines, unreadable};
pub(crate) use time::unix_ms;

use super::capsule::Capsule;
use super::facts::is_masked;
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::problem::{Problem, Severity};
use crate::say;

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HTTP archive, HAR 1.2.
    Har,
    /// JSON lines, one HAR entry each.
    Jsonl,
    /// A `curl` command and what it printed.
    Curl,
    /// An answer with or without status line and headers.
    Answer,
}

/// The largest archive that is read as a whole, in bytes.
pub const MOST_ARCHIVE: usize = 256 * 1024 * 1024;

impl Format {
    /// The largest text of this format, in bytes.
    #[must_use]
    pub fn most_bytes(self) -> usize {
        match self {
            Self::Har | Self::Jsonl => MOST_ARCHIVE,
            Self::Curl | Self::Answer => crate::text::MAX_BYTES,
        }
    }

    /// The format of this name: `har`, `jsonl`, `curl`, `answer`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "har" => Some(Self::Har),
            "jsonl" => Some(Self::Jsonl),
            "curl" => Some(Self::Curl),
            "answer" => Some(Self::Answer),
            _ => None,
        }
    }
}

/// What the person says about a text that does not say it itself.
#[derive(Debug, Clone, Default)]
pub struct Hint {
    /// Verb of the call.
    pub method: Option<String>,
    /// URL or path of the call.
    pub url: Option<String>,
    /// Status of the answer.
    pub status: Option<u16>,
}

/// One exchange of a text.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its index in the text, from 0; entries that could not be read keep theirs.
    pub index: u32,
    /// The exchange.
    pub exchange: Exchange,
    /// Whether the text leaves the request's headers out, so that a missing credential proves nothing.
    pub headers_unknown: bool,
}

impl Entry {
    /// An exchange as read. A credential that somebody blacked out together with its scheme is unknown, not malformed.
    fn of(index: u32, mut exchange: Exchange) -> Self {
        let headers = &mut exchange.request.headers;
        let mut headers_unknown = headers.is_empty();
        headers.retain(|(name, value)| {
            let masked =
                name.eq_ignore_ascii_case("authorization") && !value.contains(' ') && is_masked(value);
            headers_unknown |= masked;
            !masked
        });
        Self { index, exchange, headers_unknown }
    }
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// In the order of the text.
    pub entries: Vec<Entry>,
    /// What could not be read, or is missing.
    pub problems: Vec<Problem>,
    /// What the archive says about itself when it is a capsule.
    pub capsule: Option<Capsule>,
}

/// Whether a problem says that a call of the text is missing from what was read, so that nothing is known about it.
#[must_use]
pub fn leaves_gap(problem: &Problem) -> bool {
    // These are about a call that was read, or about all of them.
    const ABOUT_READ: [&str; 3] = ["read.status_unknown", "read.no_url", "read.too_many"];
    problem.severity > Severity::Note
        && problem.code.starts_with("read.")
        && !ABOUT_READ.contains(&problem.code.as_str())
}

/// Reads a text; without a format it finds out which it is.
#[must_use]
pub fn read(text: &str, format: Option<Format>, hint: &Hint, lang: Lang) -> Read {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Read { problems: vec![nothing(lang)], ..Read::default() };
    }
    let format = format.unwrap_or_else(|| detect(text));
    let most = format.most_bytes();
    if text.len() > most {
        return Read { problems: vec![too_large(text.len(), most, lang)], ..Read::default() };
    }
    let mut read = match format {
        Format::Har => har::archive(text, lang),
        Format::Jsonl => lines::all(text, lang),
        Format::Curl => curl::commands(text, hint, lang),
        Format::Answer => {
            programs::read(text, hint, lang).unwrap_or_else(|| answer::pasted(text, hint, lang))
        }
    };
    if read.entries.is_empty() && read.problems.is_empty() {
        read.problems.push(nothing(lang));
    }
    read
}

fn nothing(lang: Lang) -> Problem {
    Problem::refused("read.empty", say!(lang, "There is nothing to read.", "没有可读的内容。"))
}

fn too_large(size: usize, most: usize, lang: Lang) -> Problem {
    let (size, most) = (size.div_ceil(1024 * 1024), most / (1024 * 1024));
    let words = say!(
        lang,
        "The text is {size} MiB long; at most {most} MiB are read.",
        "文本有 {size} MiB；最多读取 {most} MiB。"
    );
    Problem::refused("read.too_large", words).hinted(say!(
        lang,
        "Save only the calls in question.",
        "只保存相关的调用。"
    ))
}

/// The most likely format of a text.
#[must_use]
pub fn detect(text: &str) -> Format {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(4096).filter(|c| !c.is_whitespace()).collect();
    if head.starts_with("[{") && head.contains("\"request\":{") {
        return Format::Har;
    }
    let archive = head.starts_with("{\"log\":") || head.contains("\"entries\":[");
    if !archive && start.lines().take(MOST_PROBED).any(is_entry_line) {
        return Format::Jsonl;
    }
    if !start.starts_with('{') {
        let is_curl = !start.starts_with(['<', '[']) && !start.starts_with("HTTP/");
        let is_curl = is_curl && words::next_command(start).is_some();
        return if is_curl { Format::Curl } else { Format::Answer };
    }
    let first = start.lines().next().unwrap_or_default();
    let entry_like = |line: &str| line.contains("\"request\"") && line.contains("\"response\"");
    if archive {
        Format::Har
    } else if entry_like(first)
        || serde_json::from_str::<serde_json::Value>(start).is_ok_and(|v| is_entry(&v))
    {
        Format::Jsonl
    } else {
        Format::Answer
    }
}

/// How many lines are read to find out whether a text is JSON lines.
const MOST_PROBED: usize = 100;

/// Whether a line is a whole HAR entry. One such line makes a text JSON lines, whatever the lines before it are.
fn is_entry_line(line: &str) -> bool {
    line.trim_start().starts_with('{')
        && line.contains("\"request\"")
        && line.contains("\"response\"")
        && serde_json::from_str::<serde_json::Value>(line).is_ok_and(|value| is_entry(&value))
}

fn is_entry(value: &serde_json::Value) -> bool {
    value.get("request").is_some_and(serde_json::Value::is_object)
}
