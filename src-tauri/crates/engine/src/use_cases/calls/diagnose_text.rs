//! Calls made elsewhere, explained without sending anything.

use super::known::known_of;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::calls::{DiagnoseText, DiagnosedText, Subject};
use scopes::diagnosis::read::{Entry, Format, Hint, Read, read};
use scopes::diagnosis::{Known, diagnose, is_evidence, subjects};
use scopes::exchange::{Exchange, view};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use url::Url;

/// How many calls of one text are explained.
const MOST_SUBJECTS: usize = 300;
/// Up to this many entries every other call may be evidence; beyond, only those that are nothing else.
const FEW_ENTRIES: usize = 400;

impl Operation for DiagnoseText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<DiagnosedText, Problem> {
        let lang = cx.lang;
        let format = self.format.as_deref().map(|name| named(name, lang)).transpose()?;
        let hint = Hint { method: self.method, url: self.url, status: self.status };
        let Read { entries, mut problems, .. } = read(&self.text, format, &hint, lang);
        if entries.is_empty() {
            return Err(problems.into_iter().next().unwrap_or_else(|| nothing(lang)));
        }
        let chosen = match self.entry {
            Some(index) => vec![at(&entries, index, lang)?],
            None => {
                let exchanges: Vec<Exchange> = entries.iter().map(|entry| entry.exchange.clone()).collect();
                subjects(&exchanges)
            }
        };
        if chosen.len() > MOST_SUBJECTS {
            problems.push(too_many(chosen.len(), lang));
        }
        let mut archive = Archive::of(entries);
        let mut explained = Vec::new();
        for position in chosen.into_iter().take(MOST_SUBJECTS) {
            explained.extend(archive.explain(engine, position, lang));
            tokio::task::yield_now().await;
        }
        Ok(DiagnosedText { subjects: explained, problems })
    }
}

fn named(name: &str, lang: Lang) -> Result<Format, Problem> {
    Format::named(name).ok_or_else(|| {
        Problem::refused(
            "read.format",
            say!(lang, "There is no format `{name}`.", "没有名为 `{name}` 的格式。"),
        )
        .hinted(say!(
            lang,
            "Use `har`, `jsonl`, `curl` or `answer`, or leave it out.",
            "使用 `har`、`jsonl`、`curl` 或 `answer`，或不指定。"
        ))
    })
}

fn nothing(lang: Lang) -> Problem {
    Problem::refused("read.nothing", say!(lang, "The text holds no calls.", "文本中没有调用。"))
}

/// The place of the entry with this index; entries that could not be read keep theirs.
fn at(entries: &[Entry], index: u32, lang: Lang) -> Result<usize, Problem> {
    entries.iter().position(|entry| entry.index == index).ok_or_else(|| {
        let count = entries.len();
        Problem::refused(
            "read.no_such_entry",
            say!(
                lang,
                "There is no entry {index}; the text holds {count}.",
                "没有第 {index} 项；文本中共有 {count} 项。"
            ),
        )
        .hinted(say!(lang, "Count from 0.", "从 0 开始计数。"))
    })
}

fn too_many(all: usize, lang: Lang) -> Problem {
    Problem::risky(
        "read.too_many",
        say!(
            lang,
            "The text holds {all} calls; the first {MOST_SUBJECTS} are explained.",
            "文本中有 {all} 个调用；只解释前 {MOST_SUBJECTS} 个。"
        ),
    )
}

/// The calls of one text. The parts of an entry stand beside one another, so that the exchanges are one slice.
struct Archive {
    exchanges: Vec<Exchange>,
    beside: Vec<(u32, bool)>,
    /// In a large text, the only calls that count as evidence.
    evidence: Option<Vec<Exchange>>,
}

impl Archive {
    fn of(entries: Vec<Entry>) -> Self {
        let (exchanges, beside): (Vec<Exchange>, Vec<(u32, bool)>) =
            entries.into_iter().map(|entry| (entry.exchange, (entry.index, entry.headers_unknown))).unzip();
        let many = exchanges.len() > FEW_ENTRIES;
        let evidence = many.then(|| exchanges.iter().filter(|call| is_evidence(call)).cloned().collect());
        Self { exchanges, beside, evidence }
    }

    fn explain(&mut self, engine: &Engine, position: usize, lang: Lang) -> Option<Subject> {
        let (index, headers_unknown) = *self.beside.get(position)?;
        // While a call is the subject, it is no evidence for itself.
        let subject = std::mem::take(self.exchanges.get_mut(position)?);
        let known = Known { headers_unknown, ..known_at(engine, &subject) };
        let others = self.evidence.as_deref().unwrap_or(&self.exchanges);
        let diagnosis = diagnose(&subject, others, &known, lang);
        let exchange = view(&subject);
        *self.exchanges.get_mut(position)? = subject;
        Some(Subject { index, exchange, diagnosis })
    }
}

/// Names from the connection whose server was called, if it is one of ours.
fn known_at(engine: &Engine, call: &Exchange) -> Known {
    let Ok(url) = Url::parse(&call.request.url) else { return Known::default() };
    let all = engine.store().all();
    let owner = all.iter().find(|deployment| deployment.servers().iter().any(|server| server.owns(&url)));
    owner.map(known_of).unwrap_or_default()
}
