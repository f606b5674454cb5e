//! Calls made elsewhere, explained without sending anything.

use super::known::Names;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::calls::{DiagnoseText, DiagnosedText, Subject};
use crate::texts::{Archive, Placed};
use scopes::diagnosis::groups::group;
use scopes::diagnosis::read::{Format, Hint};
use scopes::diagnosis::{Surroundings, Verdict, diagnose_among};
use scopes::exchange::view;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

/// How many calls of one text are explained: an answer takes some ten kilobytes, and all of them are one reply.
const MOST_SUBJECTS: usize = 5000;

impl Operation for DiagnoseText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<DiagnosedText, Problem> {
        let lang = cx.lang;
        let format = named(self.format.as_deref(), lang)?;
        let hint = Hint { method: self.method, url: self.url, status: self.status };
        let (archive, mut problems) = Archive::read(&self.text, format, &hint, lang)?;
        let chosen = match self.entry {
            Some(index) => vec![archive.at(index, lang)?],
            None => archive.subjects(),
        };
        if chosen.len() > MOST_SUBJECTS {
            problems.push(too_many(chosen.len(), MOST_SUBJECTS, lang));
        }
        let around = archive.surroundings();
        let mut names = Names::of(engine, archive.capsule.as_ref());
        let filter = self.filter.unwrap_or_default();
        let mut explained = Vec::new();
        let mut verdicts = Vec::new();
        for placed in chosen.into_iter().take(MOST_SUBJECTS).filter_map(|position| archive.call(position)) {
            let (verdict, subject) = explain(placed, &around, &mut names, lang);
            if verdict.passes(&filter) {
                explained.push(subject);
                verdicts.push(verdict);
            }
            tokio::task::yield_now().await;
        }
        let groups = self.group_by.map(|by| group(&verdicts, by, "", lang)).unwrap_or_default();
        Ok(DiagnosedText { subjects: explained, groups, problems })
    }
}

/// One call of an archive, explained.
pub(super) fn explain(
    placed: Placed<'_>,
    around: &Surroundings<'_>,
    names: &mut Names<'_>,
    lang: Lang,
) -> (Verdict, Subject) {
    let Placed { position, index, call, .. } = placed;
    let (verdict, diagnosis) = diagnose_among(call, around, Some(position), names.known(&placed), lang);
    let route = verdict.route.map(str::to_owned);
    let (consumer, person) = (verdict.consumer.clone(), verdict.person.clone());
    let subject = Subject { index, exchange: view(call), route, consumer, person, diagnosis };
    (verdict, subject)
}

/// The format of this name; `None` where none is named.
pub(super) fn named(name: Option<&str>, lang: Lang) -> Result<Option<Format>, Problem> {
    let Some(name) = name else { return Ok(None) };
    Format::named(name).map(Some).ok_or_else(|| {
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

/// Said where only the first `most` of `all` calls are explained.
pub(super) fn too_many(all: usize, most: usize, lang: Lang) -> Problem {
    Problem::risky(
        "read.too_many",
        say!(
            lang,
            "The text holds {all} calls; the first {most} are explained.",
            "文本中有 {all} 个调用；只解释前 {most} 个。"
        ),
    )
    .hinted(say!(
        lang,
        "Save them as JSON lines: a stream has no limit.",
        "保存为 JSON Lines：流式读取没有上限。"
    ))
}
