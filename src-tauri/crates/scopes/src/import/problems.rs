//! The problems of a source: the first ones by place, and how many others there are.

use super::MOST_PROBLEMS;
use crate::lang::Lang;
use crate::problem::{Problem, Severity};
use crate::say;
use std::collections::BTreeMap;

/// Line, column and number of a problem.
type Place = (u32, u32, u64);

/// Holds at most [`MOST_PROBLEMS`], however many are added.
#[derive(Default)]
pub(super) struct Problems {
    kept: BTreeMap<Place, Problem>,
    added: u64,
    refused: u64,
    worst_of_rest: Option<Severity>,
}

impl Problems {
    /// Adds one.
    pub(super) fn push(&mut self, problem: Problem) {
        let (line, column) = problem.span.map_or((0, 0), |span| (span.line, span.column));
        self.added += 1;
        self.refused += u64::from(problem.severity == Severity::Refused);
        self.kept.insert((line, column, self.added), problem);
        if self.kept.len() > MOST_PROBLEMS
            && let Some((_, last)) = self.kept.pop_last()
        {
            self.worst_of_rest = self.worst_of_rest.max(Some(last.severity));
        }
    }

    /// Adds several.
    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// The problems in order of place, with one more that counts the rest, and how many of all are refused.
    pub(super) fn finish(self, lang: Lang) -> (Vec<Problem>, u64) {
        let more = self.added.saturating_sub(self.kept.len() as u64);
        let mut problems: Vec<Problem> = self.kept.into_values().collect();
        if let Some(worst) = self.worst_of_rest {
            let message = say!(lang, "{more} more are not listed.", "另有 {more} 处未列出。");
            let mut rest = Problem::note("import.more_problems", message);
            rest.severity = worst;
            problems.push(rest);
        }
        (problems, self.refused)
    }
}
