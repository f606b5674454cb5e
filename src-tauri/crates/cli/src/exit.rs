//! How a command ends: one enum, and one mapping from problems and replies to it.

mod codes;

use crate::render::{Reply, items, problem_of, text};
use scopes::diagnosis::groups::Standing;
use scopes::problem::Problem;
use serde_json::Value;
use std::process::ExitCode;

/// The meaning of each exit code, as help and documents print it.
pub(crate) const EXIT_CODES: &str = "Exit codes: 0 done or allowed · 1 refused, denied or different · 2 usage · 3 could not tell, or partly done · 4 nothing was done: the input could not be read or the server could not be reached. After a signal: 3 if something was sent, else 128 + its number.";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or allowed.
    Done,
    /// Refused, denied, or different from what was expected.
    Refused,
    /// The command was not typed right.
    Usage,
    /// Nothing can be said, or only a part was done.
    Unknown,
    /// Nothing was done: the input could not be read, or the server could not be reached.
    Nothing,
}

impl Outcome {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
            Self::Nothing => 4,
        }
    }

    /// Of a command that a problem stopped.
    pub(crate) fn of_problem(problem: &Problem) -> Self {
        Self::of_code(&problem.code)
    }

    fn of_code(code: &str) -> Self {
        codes::outcome(code).unwrap_or(Self::Refused)
    }

    /// Of a job by its rows, each with `state` and `problem`.
    pub(crate) fn of_rows(rows: &Value) -> Self {
        let rows = items(rows);
        let count = |state: &str| rows.iter().filter(|row| row.at("state") == state).count();
        let (verified, refused, not_sent) = (count("verified"), count("refused"), count("not_sent"));
        if verified == rows.len() {
            return Self::Done;
        }
        // What is neither done nor refused nor unsent is unknown.
        if verified > 0 || verified + refused + not_sent < rows.len() {
            return Self::Unknown;
        }
        if refused > 0 {
            return Self::Refused;
        }
        let reason = rows.iter().find_map(|row| problem_of(row.at("problem")));
        reason.map_or(Self::Nothing, |problem| Self::of_problem(&problem))
    }

    /// Of a call that was sent now, by its report. `writes`: it may have been carried out although no answer came.
    pub(crate) fn of_call(report: &Value, writes: bool) -> Self {
        let exchange = report.at("exchange");
        let failure = exchange.at("failure").as_str();
        match failure {
            // Where no connection was made, nothing was sent.
            Some("timeout" | "reset" | "other" | "cancelled") if writes => Self::Unknown,
            Some("cancelled") => Self::Unknown,
            Some(_) => Self::Nothing,
            None => Self::of_explained(report.at("diagnosis"), exchange.at("status")),
        }
    }

    /// Of a call that was answered.
    fn of_explained(diagnosis: &Value, status: &Value) -> Self {
        let cause = text(diagnosis.at("cause"));
        let status = status.as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
        match (cause, status) {
            ("allowed", _) => Self::Done,
            // A gateway answered, or nobody can read it: whether the call may pass is open.
            ("reach.unreadable" | "reach.not_api", _) | (_, 429 | 502..=504) => Self::Unknown,
            _ => match Standing::of(cause, status) {
                Standing::Allowed => Self::Done,
                Standing::Denied => Self::Refused,
                Standing::Open => Self::Unknown,
            },
        }
    }

    /// Of several calls side by side: how all of them ended, or that they differ.
    pub(crate) fn of_calls(calls: &Value) -> Self {
        let one = |call: &Value| match problem_of(call.at("problem")) {
            Some(problem) => Self::of_problem(&problem),
            None => {
                let found = call.at("diagnosis");
                match found.at("status").as_u64() {
                    Some(0) | None => Self::Nothing,
                    _ => Self::of_explained(found, found.at("status")),
                }
            }
        };
        let outcomes: Vec<Self> = items(calls).iter().map(one).collect();
        if outcomes.contains(&Self::Refused) {
            return Self::Refused;
        }
        match outcomes.as_slice() {
            [] => Self::Done,
            [first, rest @ ..] if rest.iter().all(|other| other == first) => *first,
            _ => Self::Unknown,
        }
    }

    /// Of recorded calls: nothing where none could be read, refused if any was for a known reason, unknown if the reason of
    /// any is open.
    pub(crate) fn of_record(read: bool, denied: bool, open: bool) -> Self {
        match (read, denied, open) {
            (false, _, _) => Self::Nothing,
            (true, true, _) => Self::Refused,
            (true, false, true) => Self::Unknown,
            (true, false, false) => Self::Done,
        }
    }
}

/// The exit code of a command that a problem with this code ends; `None` where no row of the table says it.
#[must_use]
pub fn of_problem_code(code: &str) -> Option<Option<u8>> {
    codes::is_known(code).then(|| codes::outcome(code).map(Outcome::code))
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_code_of_a_problem_has_one_outcome() {
        for (code, outcome) in [
            ("address.invalid", Outcome::Usage),
            ("read.format", Outcome::Usage),
            ("read.malformed", Outcome::Nothing),
            ("file.unreadable", Outcome::Nothing),
            ("file.unwritable", Outcome::Unknown),
            ("reach.refused", Outcome::Nothing),
            ("reach.unreadable", Outcome::Unknown),
            ("transport.ca_file", Outcome::Nothing),
            ("request.not_sent", Outcome::Nothing),
            ("server.error", Outcome::Unknown),
            ("definition.unclear", Outcome::Unknown),
            ("rule.not_read_back", Outcome::Unknown),
            ("stale_plan", Outcome::Refused),
            ("import.blocked", Outcome::Nothing),
            ("connection.no_provider", Outcome::Usage),
            ("identity.none_for_rules", Outcome::Usage),
            ("no.such_code", Outcome::Refused),
            ("vault.locked", Outcome::Refused),
            ("credential.invalid", Outcome::Refused),
        ] {
            assert_eq!(Outcome::of_code(code), outcome, "{code}");
        }
    }

    #[test]
    fn a_job_ends_by_what_became_of_its_rows() {
        let rows = |states: &[&str], code: &str| {
            let row = |state: &&str| json!({ "state": state, "problem": problem(code) });
            Outcome::of_rows(&json!(states.iter().map(row).collect::<Vec<_>>()))
        };
        assert_eq!(rows(&[], "x"), Outcome::Done);
        assert_eq!(rows(&["verified", "verified"], "x"), Outcome::Done);
        assert_eq!(rows(&["verified", "refused"], "x"), Outcome::Unknown);
        assert_eq!(rows(&["verified", "not_sent"], "x"), Outcome::Unknown);
        assert_eq!(rows(&["refused", "unknown"], "x"), Outcome::Unknown);
        assert_eq!(rows(&["refused", "not_sent"], "x"), Outcome::Refused);
        assert_eq!(rows(&["not_sent", "not_sent"], "job.unreachable"), Outcome::Nothing);
        assert_eq!(rows(&["not_sent"], "reach.refused"), Outcome::Nothing);
    }

    fn problem(code: &str) -> Value {
        serde_json::to_value(Problem::refused(code, "words")).expect("a problem")
    }

    #[test]
    fn a_call_that_may_have_been_carried_out_is_unknown_and_one_that_never_left_is_nothing() {
        let report = |failure: Option<&str>, status: u16, cause: &str| {
            json!({
                "exchange": { "failure": failure, "status": if failure.is_some() { None } else { Some(status) } },
                "diagnosis": { "cause": cause, "status": status },
            })
        };
        for (failure, status, cause, read, write) in [
            (Some("refused"), 0, "reach.refused", Outcome::Nothing, Outcome::Nothing),
            (Some("timeout"), 0, "reach.timeout", Outcome::Nothing, Outcome::Unknown),
            (Some("reset"), 0, "reach.refused", Outcome::Nothing, Outcome::Unknown),
            (None, 200, "allowed", Outcome::Done, Outcome::Done),
            (None, 403, "scope.not_granted", Outcome::Refused, Outcome::Refused),
            (None, 200, "reach.unreadable", Outcome::Unknown, Outcome::Unknown),
            (None, 503, "server.error", Outcome::Unknown, Outcome::Unknown),
            (None, 429, "server.rate_limited", Outcome::Unknown, Outcome::Unknown),
            (None, 500, "server.error", Outcome::Refused, Outcome::Refused),
        ] {
            let report = report(failure, status, cause);
            assert_eq!(Outcome::of_call(&report, false), read, "{cause} {status}");
            assert_eq!(Outcome::of_call(&report, true), write, "{cause} {status}");
        }
    }

    #[test]
    fn the_codes_are_those_of_the_help() {
        let all = [Outcome::Done, Outcome::Refused, Outcome::Usage, Outcome::Unknown, Outcome::Nothing];
        for (number, outcome) in all.into_iter().enumerate() {
            assert_eq!(usize::from(outcome.code()), number);
            assert!(EXIT_CODES.contains(&format!("{number} ")), "{number}");
        }
    }
}
