//! Capsules: made of a call of this run or of an archive.

use super::investigate::Case;
use super::known::known_at;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::capsules::{ExportCapsule, SealedCall};
use scopes::diagnosis::capsule::{MAX_BYTES, Unsealed, Wanted, seal};
use scopes::diagnosis::read::{Hint, Read, read};
use scopes::diagnosis::report::report as report_of;
use scopes::diagnosis::{Known, diagnose, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

impl Operation for ExportCapsule {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<SealedCall, Problem> {
        let lang = cx.lang;
        let opened = match (&self.call, &self.text) {
            (Some(name), _) => {
                let sealed = engine.recent().call(name).ok_or_else(|| forgotten(lang))?;
                if sealed.is_empty() {
                    return Err(unsealed(Unsealed::AnswerDiffers, Wanted::default(), lang));
                }
                open(engine, &sealed, None, lang)?
            }
            (None, Some(text)) => open(engine, text, self.entry, lang)?,
            (None, None) => return Err(forgotten(lang)),
        };
        let Opened { call, others, known } = opened;
        let wanted = Wanted { minimised: self.minimised, hide_hosts: self.hide_hosts };
        let sealed = seal(&call, &others, &known, wanted).map_err(|why| unsealed(why, wanted, lang))?;
        let cause = diagnose(&call, &others, &known, lang).cause;
        let name = format!("{}.har", cause.as_str().replace('.', "-"));
        let report = report_of(&sealed.har);
        let path = if self.save { saved(engine, &name, &sealed.har, lang).await? } else { None };
        Ok(SealedCall {
            path,
            text: (!self.save).then_some(sealed.har),
            name,
            contents: sealed.contents,
            report,
            evidence: u32::try_from(sealed.evidence).unwrap_or(u32::MAX),
            cause: cause.to_string(),
        })
    }
}

/// Asks where to save a text; the path, or nothing when the person changed their mind.
pub(super) async fn saved(
    engine: &Engine,
    name: &str,
    text: &str,
    lang: Lang,
) -> Result<Option<String>, Problem> {
    let saved = engine.host().save(name, text).await.map_err(|words| {
        Problem::refused(
            "desk.save",
            say!(lang, "`{name}` was not saved: {words}.", "`{name}` 未能保存：{words}。"),
        )
    })?;
    Ok(saved.map(|path| path.display().to_string()))
}

impl Case<'_> {
    /// Keeps the call with its evidence, sealed, under a name.
    pub(super) fn keep(&self, asked: &[Exchange]) -> String {
        let sealed = seal(self.call, asked, &self.known_beside(), Wanted::default());
        // A call of which there is no capsule keeps its name, so that whoever exports it learns why.
        self.engine.recent().keep_call(sealed.map(|sealed| sealed.har).unwrap_or_default())
    }
}

fn unsealed(why: Unsealed, wanted: Wanted, lang: Lang) -> Problem {
    match why {
        Unsealed::AnswerDiffers => Problem::refused(
            "capsule.answer_differs",
            say!(
                lang,
                "No capsule was made: whoever opens it would get another answer.",
                "未生成胶囊：打开它的人会得到不同的结论。"
            ),
        )
        .hinted(match wanted.minimised || wanted.hide_hosts {
            true => say!(
                lang,
                "The answer rests on something that is replaced. Export it without replacing names and hosts, or send the answer as text.",
                "结论依赖被替换的内容。可以不替换姓名和主机名再导出，或以文本形式发送结论。"
            ),
            false => say!(
                lang,
                "The answer rests on a value that no capsule contains. Send the answer as text, or the archive itself to somebody who may see it.",
                "结论依赖胶囊从不包含的值。以文本形式发送结论，或把存档本身发给有权查看的人。"
            ),
        }),
        Unsealed::TooLarge => {
            let most = MAX_BYTES / 1024;
            Problem::refused(
                "capsule.too_large",
                say!(
                    lang,
                    "No capsule was made: it would be larger than {most} KiB.",
                    "未生成胶囊：它会超过 {most} KiB。"
                ),
            )
            .hinted(say!(
                lang,
                "Remove the exchanges that are not about this call from the archive.",
                "从存档中移除与该调用无关的请求。"
            ))
        }
    }
}

fn forgotten(lang: Lang) -> Problem {
    Problem::refused(
        "capsule.unknown_call",
        say!(lang, "This call is no longer kept.", "这次调用已不再保留。"),
    )
    .hinted(say!(lang, "Send it again, then export it.", "重新发送，然后再导出。"))
}

struct Opened {
    call: Exchange,
    others: Vec<Exchange>,
    known: Known,
}

/// One call of a text with everything around it. A capsule says itself which call it is about and what was known.
fn open(engine: &Engine, text: &str, entry: Option<u32>, lang: Lang) -> Result<Opened, Problem> {
    let Read { entries, problems, capsule } = read(text, None, &Hint::default(), lang);
    let wanted = entry.or(capsule.as_ref().map(|capsule| capsule.call));
    let exchanges: Vec<Exchange> = entries.iter().map(|entry| entry.exchange.clone()).collect();
    let at = match wanted {
        Some(index) => entries.iter().position(|entry| entry.index == index),
        None => subjects(&exchanges).first().copied(),
    };
    let Some((at, entry)) = at.and_then(|at| Some((at, entries.get(at)?))) else {
        let nothing = || {
            Problem::refused(
                "read.nothing",
                say!(lang, "The text holds no such call.", "文本中没有这个调用。"),
            )
        };
        return Err(problems.into_iter().next().unwrap_or_else(nothing));
    };
    let known = match &capsule {
        Some(capsule) => capsule.known(),
        None => Known { headers_unknown: entry.headers_unknown, ..known_at(engine, &entry.exchange) },
    };
    let mut others = exchanges;
    let call = others.remove(at);
    Ok(Opened { call, others, known })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_only_what_can_be_done() {
        let said = |minimised: bool, hide_hosts: bool, lang: Lang| {
            let problem = unsealed(Unsealed::AnswerDiffers, Wanted { minimised, hide_hosts }, lang);
            problem.hints.join(" ")
        };
        for (minimised, hide_hosts) in [(true, false), (false, true), (true, true)] {
            assert!(said(minimised, hide_hosts, Lang::En).contains("without replacing"));
            assert!(said(minimised, hide_hosts, Lang::Zh).contains("不替换"));
        }
        assert!(!said(false, false, Lang::En).contains("without replacing"));
        assert!(!said(false, false, Lang::Zh).contains("不替换"));
    }
}
