//! How a command ends that a problem stopped, and the language it speaks.

use crate::args::{Tongue, set};
use crate::render::{self, Given};
use crate::{Outcome, out};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::json;

/// Says what is wrong, in the form asked for.
pub(crate) fn report(problem: &Problem, given: Option<&Given<'_>>, lang: Lang, json: bool) -> Outcome {
    if json {
        let value = json!({ "problem": problem });
        out::line(&serde_json::to_string_pretty(&value).unwrap_or_default());
    } else {
        render::problem(problem, given, lang);
    }
    outcome_of(&problem.code)
}

/// How a command ends that a problem stopped.
fn outcome_of(code: &str) -> Outcome {
    const MISTYPED: [&str; 11] = [
        "address.",
        "scenario.",
        "read.format",
        "read.no_such_entry",
        "connection.unknown",
        "connection.ambiguous",
        "connection.unnamed",
        "identity.unknown",
        "identity.ambiguous",
        "identity.unnamed",
        "vault.unknown",
    ];
    const OPEN: [&str; 7] = ["reach.", "sandbox.", "discovery.", "server.", "file.", "text.", "read."];
    let among = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
    if among(&MISTYPED) {
        Outcome::Usage
    } else if among(&OPEN) {
        Outcome::Unknown
    } else {
        Outcome::Refused
    }
}

/// The language asked for, or the system's.
pub(crate) fn language(asked: Option<Tongue>) -> Lang {
    match asked {
        Some(Tongue::En) => Lang::En,
        Some(Tongue::Zh) => Lang::Zh,
        None => {
            let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
            if locale.is_some_and(|locale| locale.starts_with("zh")) { Lang::Zh } else { Lang::En }
        }
    }
}
