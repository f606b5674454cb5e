//! Texts of many calls: a row for each at once, the whole explanation of one when somebody looks at it.

use super::diagnose_text::{explain, named, too_many, verdict_of};
use super::known::Names;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::calls::Subject;
use crate::operations::desk::Done;
use crate::operations::texts::{CallRow, CloseText, ExplainEntry, OpenText, OpenedText, TextStep, Titles};
use crate::texts::{Archive, Placed};
use scopes::diagnosis::groups::{By, Standing, title};
use scopes::diagnosis::read::Hint;
use scopes::diagnosis::{Named, Verdict};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Redactor;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many calls of one text get a row: a row takes some 300 bytes, and all of them are one reply.
const MOST_ROWS: usize = 50_000;
/// How many calls lie between two reports.
const BETWEEN_REPORTS: usize = 250;

impl Operation for OpenText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<OpenedText, Problem> {
        let lang = cx.lang;
        let format = named(self.format.as_deref(), lang)?;
        let hint = Hint { method: self.method, url: self.url, status: self.status };
        let (archive, mut problems) = Archive::read(&self.text, format, &hint, lang)?;
        let archive = Arc::new(archive);
        let mut chosen = archive.subjects();
        if chosen.len() > MOST_ROWS {
            problems.push(too_many(chosen.len(), MOST_ROWS, lang));
            chosen.truncate(MOST_ROWS);
        }
        let around = archive.surroundings();
        let mut names = Names::of(engine, archive.capsule.as_ref());
        let mut titles = Titles::default();
        let mut rows = Vec::with_capacity(chosen.len());
        for (at, placed) in chosen.iter().filter_map(|position| archive.call(*position)).enumerate() {
            if at % BETWEEN_REPORTS == 0 {
                cx.report(&TextStep { done: count(at), total: count(chosen.len()) });
                tokio::task::yield_now().await;
            }
            let verdict = verdict_of(placed, &around, &mut names);
            titles.learn(&verdict, lang);
            rows.push(row(&placed, verdict));
        }
        let first = chosen.first().and_then(|position| archive.call(*position));
        let first = first.map(|placed| explain(placed, &around, &mut names, lang).1);
        let text = engine.texts().hold(archive.clone());
        Ok(OpenedText { text, rows, titles, first, problems })
    }
}

impl Operation for ExplainEntry {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Subject, Problem> {
        let lang = cx.lang;
        let archive = engine.texts().get(&self.text).ok_or_else(|| {
            Problem::refused(
                "text.closed",
                say!(lang, "This text is no longer held.", "这段文本已不再保留。"),
            )
            .hinted(say!(lang, "Open it again.", "重新打开它。"))
        })?;
        let placed = archive.call(archive.at(self.entry, lang)?).ok_or_else(|| {
            Problem::refused(
                "read.nothing",
                say!(lang, "The text holds no such call.", "文本中没有这个调用。"),
            )
        })?;
        let mut names = Names::of(engine, archive.capsule.as_ref());
        Ok(explain(placed, &archive.surroundings(), &mut names, lang).1)
    }
}

impl Operation for CloseText {
    async fn run(self, engine: &Engine, _: &Context<'_>) -> Result<Done, Problem> {
        engine.texts().close(&self.text);
        Ok(Done {})
    }
}

fn row(placed: &Placed<'_>, verdict: Verdict) -> CallRow {
    let mut redactor = Redactor::new();
    redactor.learn(placed.call);
    let request = &placed.call.request;
    CallRow {
        index: placed.index,
        method: request.method.clone(),
        url: redactor.clean(&request.url),
        status: verdict.status,
        standing: Standing::of(verdict.cause.as_str(), verdict.status),
        cause: verdict.cause.to_string(),
        certainty: verdict.certainty,
        route: verdict.route.map(str::to_owned),
        consumer: verdict.consumer.map(|consumer| consumer.id),
        person: verdict.person.map(|person| person.id),
    }
}

impl Titles {
    /// Takes over what a verdict names.
    fn learn(&mut self, verdict: &Verdict, lang: Lang) {
        let known = |titles: &mut BTreeMap<String, String>, by: By, key: &str| {
            if !titles.contains_key(key) {
                titles.extend(title(by, key, lang).map(|title| (key.to_owned(), title)));
            }
        };
        known(&mut self.cause, By::Cause, verdict.cause.as_str());
        if let Some(route) = verdict.route {
            known(&mut self.route, By::Route, route);
        }
        let named = |titles: &mut BTreeMap<String, String>, who: &Option<Named>| {
            let Some(Named { id, name: Some(name) }) = who else { return };
            if !titles.contains_key(id) {
                titles.insert(id.clone(), name.clone());
            }
        };
        named(&mut self.consumer, &verdict.consumer);
        named(&mut self.person, &verdict.person);
    }
}

fn count(calls: usize) -> u32 {
    u32::try_from(calls).unwrap_or(u32::MAX)
}
