//! Calls by the hundred thousand: one line in, one answer out, and nothing remembered but counts.
//!
//! Every line stands for itself. What another line says about the same token is not looked at, so that the answer does
//! not depend on what was read before, memory stays flat and no token's evidence can serve another. A line may bring its
//! evidence along: a line that is a whole archive is explained like any archive.

mod memo;
mod shape;

use super::groups::{By, Counts};
use super::read::{self, Entry};
use super::{Diagnosis, Known, Surroundings, Verdict, diagnose_among, subjects, verdict};
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use crate::secret::Redactor;
use memo::Memo;

/// One explained call of a line.
pub struct Answer {
    /// Its index in the archive, where the line is one.
    pub entry: Option<u32>,
    /// Verb and URL of the call, secrets replaced.
    pub call: String,
    /// What it counts as.
    pub verdict: Verdict,
    /// The answer.
    pub diagnosis: Diagnosis,
}

/// One call of a line with what else the line says.
struct Call {
    entry: Option<u32>,
    subject: Exchange,
    others: Vec<Exchange>,
    known: Known,
}

/// Explains one line; an empty one is nothing.
///
/// # Errors
///
/// What [`read::line`] says of a line that is no entry, and `read.line` of one that is not UTF-8.
pub fn explain(line: &[u8], index: u64, lang: Lang) -> Result<Vec<Answer>, Box<Problem>> {
    let explained = |call: Call| {
        let around = Surroundings::of(&call.others);
        let (verdict, diagnosis) = diagnose_among(&call.subject, &around, None, &call.known, lang);
        let mut redactor = Redactor::new();
        redactor.learn(&call.subject);
        let request = &call.subject.request;
        let called = format!("{} {}", request.method, redactor.clean(&request.url));
        Answer { entry: call.entry, call: called, verdict, diagnosis }
    };
    Ok(calls(line, index, lang)?.into_iter().map(explained).collect())
}

/// The calls of one line.
fn calls(line: &[u8], index: u64, lang: Lang) -> Result<Vec<Call>, Box<Problem>> {
    let Ok(text) = std::str::from_utf8(line) else { return Err(read::unreadable(index, false, lang)) };
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.starts_with("{\"log\"") {
        return archive(text, index, lang);
    }
    let found = read::line(text, u32::try_from(index).unwrap_or(u32::MAX), lang);
    Ok(found.transpose()?.map(alone).into_iter().collect())
}

fn alone(entry: Entry) -> Call {
    let known = Known { headers_unknown: entry.headers_unknown, ..Known::default() };
    Call { entry: None, subject: entry.exchange, others: Vec::new(), known }
}

/// A line that is an archive: its entries are evidence for its calls.
fn archive(text: &str, index: u64, lang: Lang) -> Result<Vec<Call>, Box<Problem>> {
    let found = read::read(text, Some(read::Format::Har), &read::Hint::default(), lang);
    if found.entries.is_empty() {
        let number = index.saturating_add(1);
        let words = say!(lang, "Line {number} holds no call.", "第 {number} 行没有任何调用。");
        return Err(Box::new(Problem::risky("read.line", words).about(number.to_string())));
    }
    let exchanges: Vec<Exchange> = found.entries.iter().map(|entry| entry.exchange.clone()).collect();
    let of = |at: usize| {
        let entry = found.entries.get(at)?;
        let others =
            exchanges.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other.clone());
        Some(Call { entry: Some(entry.index), others: others.collect(), ..alone(entry.clone()) })
    };
    Ok(subjects(&exchanges).into_iter().filter_map(of).collect())
}

/// Counts calls by their answers, a line at a time.
pub struct Counter {
    counts: Counts,
    /// The shapes seen so far with the cell they count in; not where ids decide, too.
    memo: Option<Memo>,
    shape: Vec<u8>,
    lang: Lang,
}

impl Counter {
    /// A counter that groups by `by` those calls that `filter` lets through.
    #[must_use]
    pub fn new(by: By, filter: &str, lang: Lang) -> Self {
        let counts = Counts::new(by, filter);
        let memo = counts.by_shape().then(Memo::new);
        Self { counts, memo, shape: Vec::new(), lang }
    }

    /// Counts one line; an empty one is nothing.
    ///
    /// # Errors
    ///
    /// As [`explain`]; the line is not counted.
    pub fn line(&mut self, line: &[u8], index: u64) -> Result<(), Box<Problem>> {
        let shaped = self.memo.is_some() && shape::shape(line, &mut self.shape);
        let known = self.memo.as_ref().filter(|_| shaped).and_then(|memo| memo.cell(&self.shape));
        if let Some(cell) = known {
            self.counts.again(cell);
            return Ok(());
        }
        let calls = calls(line, index, self.lang)?;
        let alone = calls.len() == 1;
        for call in calls {
            let answer = verdict(&call.subject, &call.others, &call.known);
            let cell = self.counts.add(&answer);
            if let (true, Some(memo), Some(cell)) = (shaped && alone, self.memo.as_mut(), cell) {
                memo.keep(&self.shape, cell);
            }
        }
        Ok(())
    }

    /// What was counted.
    #[must_use]
    pub fn counts(self) -> Counts {
        self.counts
    }
}

#[cfg(test)]
mod tests;
