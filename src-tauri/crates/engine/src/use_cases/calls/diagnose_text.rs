//! Calls made elsewhere, explained without sending anything.

use super::known::known_at;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::calls::{DiagnoseText, DiagnosedText, Subject};
use scopes::diagnosis::groups::group;
use scopes::diagnosis::read::{Format, Hint, Read, read};
use scopes::diagnosis::{Diagnosis, Known, Surroundings, Verdict, diagnose_among, is_evidence, subjects};
use scopes::exchange::{Exchange, view};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

/// How many calls of one text are explained: an answer takes some ten kilobytes, and all of them are one reply.
const MOST_SUBJECTS: usize = 5000;
/// Up to this many entries every other call may be evidence; beyond, only those that are nothing else.
const FEW_ENTRIES: usize = 5000;

impl Operation for DiagnoseText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<DiagnosedText, Problem> {
        let lang = cx.lang;
        let format = self.format.as_deref().map(|name| named(name, lang)).transpose()?;
        let hint = Hint { method: self.method, url: self.url, status: self.status };
        let Read { entries, mut problems, capsule } = read(&self.text, format, &hint, lang);
        if entries.is_empty() {
            return Err(problems.into_iter().next().unwrap_or_else(|| nothing(lang)));
        }
        let (exchanges, beside): (Vec<Exchange>, Vec<(u32, bool)>) =
            entries.into_iter().map(|entry| (entry.exchange, (entry.index, entry.headers_unknown))).unzip();
        // A capsule says itself which call it is about, and what its maker knew: with it the answer is the same.
        let chosen = match self.entry.or(capsule.as_ref().map(|capsule| capsule.call)) {
            Some(index) => vec![at(&beside, index, lang)?],
            None => subjects(&exchanges),
        };
        if chosen.len() > MOST_SUBJECTS {
            problems.push(too_many(chosen.len(), lang));
        }
        let around = surroundings(&exchanges);
        let filter = self.filter.unwrap_or_default();
        let mut explained = Vec::new();
        let mut verdicts = Vec::new();
        for position in chosen.into_iter().take(MOST_SUBJECTS) {
            let (Some(call), Some(&(index, headers_unknown))) =
                (exchanges.get(position), beside.get(position))
            else {
                continue;
            };
            let known = match &capsule {
                Some(capsule) if capsule.call == index => capsule.known(),
                _ => Known { headers_unknown, ..known_at(engine, call) },
            };
            let (verdict, diagnosis) = diagnose_among(call, &around, Some(position), &known, lang);
            if verdict.passes(&filter) {
                explained.push(subject(index, call, &verdict, diagnosis));
                verdicts.push(verdict);
            }
            tokio::task::yield_now().await;
        }
        let groups = self.group_by.map(|by| group(&verdicts, by, "", lang)).unwrap_or_default();
        Ok(DiagnosedText { subjects: explained, groups, problems })
    }
}

fn subject(index: u32, call: &Exchange, verdict: &Verdict, diagnosis: Diagnosis) -> Subject {
    let route = verdict.route.map(str::to_owned);
    let (consumer, person) = (verdict.consumer.clone(), verdict.person.clone());
    Subject { index, exchange: view(call), route, consumer, person, diagnosis }
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
fn at(entries: &[(u32, bool)], index: u32, lang: Lang) -> Result<usize, Problem> {
    entries.iter().position(|(own, _)| *own == index).ok_or_else(|| {
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
    .hinted(say!(
        lang,
        "Save them as JSON lines: a stream has no limit.",
        "保存为 JSON Lines：流式读取没有上限。"
    ))
}

/// What is around the calls of one text.
fn surroundings(exchanges: &[Exchange]) -> Surroundings<'_> {
    let few = exchanges.len() <= FEW_ENTRIES;
    Surroundings::among(exchanges, |other| few || is_evidence(other))
}
