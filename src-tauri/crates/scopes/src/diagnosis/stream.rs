//! Calls by the hundred thousand: one line in, one answer out, and nothing remembered but counts.
//!
//! Every line stands for itself. What another line says about the same token is not looked at, so that the answer does
//! not depend on what was read before, memory stays flat and no token's evidence can serve another. A line may bring its
//! evidence along: a line that is a whole archive is explained like any archive.

mod memo;
mod shape;

use super::groups::{By, Counts};
use super::read;
use super::{Diagnosis, Known, Surroundings, Verdict, diagnose_among, subjects, verdict_among};
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use crate::secret::Redactor;
use memo::Memo;

/// The most entries of an archive that stands on one line; a larger one belongs into a file of its own.
pub const MAX_LINE_ENTRIES: usize = 10_000;

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

/// The exchanges of one line, read once for all its calls.
struct Scene {
    exchanges: Vec<Exchange>,
    /// Of each exchange its index in the archive, and whether its request headers are unknown.
    beside: Vec<(Option<u32>, bool)>,
    /// The positions of the calls.
    calls: Vec<usize>,
}

/// One call of a scene.
struct Call<'a> {
    entry: Option<u32>,
    position: usize,
    subject: &'a Exchange,
    known: Known,
}

impl Scene {
    fn calls(&self) -> impl Iterator<Item = Call<'_>> {
        self.calls.iter().filter_map(|position| {
            let subject = self.exchanges.get(*position)?;
            let (entry, headers_unknown) = *self.beside.get(*position)?;
            let known = Known { headers_unknown, ..Known::default() };
            Some(Call { entry, position: *position, subject, known })
        })
    }
}

/// Explains one line; an empty one is nothing.
///
/// # Errors
///
/// What [`read::line`] says of a line that is no entry, and `read.line` of one that is not UTF-8 or that holds too many
/// entries.
pub fn explain(line: &[u8], index: u64, lang: Lang) -> Result<Vec<Answer>, Box<Problem>> {
    let Some(scene) = scene(line, index, lang)? else { return Ok(Vec::new()) };
    let around = Surroundings::of(&scene.exchanges);
    let explained = |call: Call<'_>| {
        let (verdict, diagnosis) =
            diagnose_among(call.subject, &around, Some(call.position), &call.known, lang);
        let mut redactor = Redactor::new();
        redactor.learn(call.subject);
        let request = &call.subject.request;
        let called = format!("{} {}", request.method, redactor.clean(&request.url));
        Answer { entry: call.entry, call: called, verdict, diagnosis }
    };
    Ok(scene.calls().map(explained).collect())
}

/// What one line holds; an empty one is nothing.
fn scene(line: &[u8], index: u64, lang: Lang) -> Result<Option<Scene>, Box<Problem>> {
    let Ok(text) = std::str::from_utf8(line) else { return Err(read::unreadable(index, false, lang)) };
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.starts_with("{\"log\"") {
        return archive(text, index, lang).map(Some);
    }
    let found = read::line(text, u32::try_from(index).unwrap_or(u32::MAX), lang).transpose()?;
    Ok(found.map(|entry| Scene {
        exchanges: vec![entry.exchange],
        beside: vec![(None, entry.headers_unknown)],
        calls: vec![0],
    }))
}

/// A line that is an archive: its entries are evidence for its calls.
fn archive(text: &str, index: u64, lang: Lang) -> Result<Scene, Box<Problem>> {
    let found = read::read(text, Some(read::Format::Har), &read::Hint::default(), lang);
    let (number, count) = (index.saturating_add(1), found.entries.len());
    let refused = |words: String| Box::new(Problem::risky("read.line", words).about(number.to_string()));
    if count == 0 {
        return Err(refused(say!(lang, "Line {number} holds no call.", "第 {number} 行没有任何调用。")));
    }
    if count > MAX_LINE_ENTRIES {
        let words = say!(
            lang,
            "Line {number} is an archive of {count} entries; at most {MAX_LINE_ENTRIES} are read from one line.",
            "第 {number} 行是含 {count} 个条目的归档；一行最多读取 {MAX_LINE_ENTRIES} 个。"
        );
        return Err(Box::new(refused(words).hinted(say!(
            lang,
            "Save it as a file of its own, or split it.",
            "另存为单独的文件，或将其拆分。"
        ))));
    }
    let parts = found.entries.into_iter();
    let parts = parts.map(|entry| (entry.exchange, (Some(entry.index), entry.headers_unknown)));
    let (exchanges, beside): (Vec<Exchange>, Vec<_>) = parts.unzip();
    let calls = subjects(&exchanges);
    Ok(Scene { exchanges, beside, calls })
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
        let Some(scene) = scene(line, index, self.lang)? else { return Ok(()) };
        let around = Surroundings::of(&scene.exchanges);
        let alone = scene.calls.len() == 1;
        for call in scene.calls() {
            let answer = verdict_among(call.subject, &around, Some(call.position), &call.known).redacted();
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
