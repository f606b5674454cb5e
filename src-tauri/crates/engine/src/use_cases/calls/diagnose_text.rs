//! Calls made elsewhere, explained without sending anything.

use super::known::Names;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::calls::{DiagnoseText, DiagnosedText, Subject};
use crate::texts::{Archive, Placed};
use scopes::diagnosis::groups::{Standing, Standings, group};
use scopes::diagnosis::read::{Format, Hint, leaves_gap};
use scopes::diagnosis::{Surroundings, Verdict, cached_list, diagnose_among, verdict_among};
use scopes::exchange::{Exchange, view};
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
        let incomplete = self.entry.is_none() && problems.iter().any(leaves_gap);
        let around = archive.surroundings();
        let mut names = Names::of(engine, archive.capsule.as_ref());
        let filter = self.filter.unwrap_or_default();
        let (mut subjects, mut verdicts) = (Vec::new(), Vec::new());
        let mut standings = Standings::default();
        for placed in chosen.into_iter().filter_map(|position| archive.call(position)) {
            let verdict = if subjects.len() < MOST_SUBJECTS {
                let (verdict, subject) = explain(placed, &around, &mut names, lang);
                subjects.extend(verdict.passes(&filter).then_some(subject));
                verdict
            } else {
                verdict_of(placed, &around, &mut names)
            };
            if verdict.passes(&filter) {
                standings.add(standing(&verdict, placed.call));
                verdicts.push(verdict);
            }
            tokio::task::yield_now().await;
        }
        if verdicts.len() > subjects.len() {
            problems.push(
                Problem::risky(
                    "read.too_many",
                    say!(
                        lang,
                        "The text holds {} calls; all are counted, the first {} are explained.",
                        "文本中有 {} 个调用；全部计入，只解释前 {} 个。",
                        verdicts.len(),
                        subjects.len()
                    ),
                )
                .hinted(as_stream(lang)),
            );
        }
        let groups = self.group_by.map(|by| group(&verdicts, by, "", lang)).unwrap_or_default();
        Ok(DiagnosedText { subjects, groups, standings, incomplete, problems })
    }
}

/// How a call stands. An answer without its status decides nothing: a problem says what to add.
fn standing(verdict: &Verdict, call: &Exchange) -> Standing {
    let body = call.response.as_ref().and_then(|response| response.body.as_deref());
    if verdict.status == 0 && body.is_some_and(|body| !body.is_empty()) {
        return Standing::Open;
    }
    Standing::of(verdict.cause.as_str(), verdict.status)
}

/// The verdict on one call of an archive.
pub(super) fn verdict_of(placed: Placed<'_>, around: &Surroundings<'_>, names: &mut Names<'_>) -> Verdict {
    let Placed { position, call, .. } = placed;
    verdict_among(call, around, Some(position), names.known(&placed)).redacted()
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
    let cached_list = cached_list(diagnosis.cause, call.started_at);
    let subject = Subject { index, exchange: view(call), route, consumer, person, cached_list, diagnosis };
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
    .hinted(as_stream(lang))
}

fn as_stream(lang: Lang) -> String {
    say!(
        lang,
        "Save the calls as JSON lines and run `spectroscope diagnose --format jsonl FILE`: it has no limit.",
        "将调用保存为 JSON Lines，然后运行 `spectroscope diagnose --format jsonl FILE`：没有数量上限。"
    )
}
