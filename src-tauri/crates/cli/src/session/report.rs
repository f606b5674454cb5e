//! How a command ends that a problem stopped, and the language it speaks.

use crate::args::{Tongue, locale};
use crate::render::{self, Given};
use crate::{Outcome, out};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::json;

/// Says what is wrong, in the form asked for.
pub(crate) fn report(problem: &Problem, given: Option<&Given<'_>>, lang: Lang, json: bool) -> Outcome {
    // It may quote what was typed, and that may be a secret in the wrong place.
    let problem = &problem.clone().redacted();
    if json {
        let value = json!({ "problem": problem });
        out::line(&scopes::text::pretty_json(&value));
    } else {
        render::problem(problem, given, lang);
    }
    Outcome::of_problem(problem)
}

/// The language asked for, or the system's.
pub(crate) fn language(asked: Option<Tongue>) -> Lang {
    match asked {
        Some(Tongue::En) => Lang::En,
        Some(Tongue::Zh) => Lang::Zh,
        None => {
            if locale().is_some_and(|locale| locale.starts_with("zh")) {
                Lang::Zh
            } else {
                Lang::En
            }
        }
    }
}
