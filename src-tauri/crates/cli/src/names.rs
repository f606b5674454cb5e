//! Finding a connection or an identity by what a person types: handle, name, or the beginning of either.

use crate::render::{Reply, text};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::scope::did_you_mean;
use serde_json::Value;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    /// A connection, called by its `name`.
    Connection,
    /// An identity, called by its `label`.
    Identity,
}

impl Noun {
    /// The member of a reply that holds the name.
    fn member(self) -> &'static str {
        match self {
            Self::Connection => "name",
            Self::Identity => "label",
        }
    }
}

/// The one that is meant: by handle, by name, or by the beginning of either where only one begins so.
///
/// # Errors
/// When none or several are meant; the problem lists what there is.
pub(crate) fn pick<'a>(
    noun: Noun,
    known: &[&'a Value],
    wanted: &str,
    lang: Lang,
) -> Result<&'a Value, Problem> {
    let wanted = wanted.trim();
    let name = |entry: &Value| text(entry.at(noun.member())).to_owned();
    if let Some(found) = known.iter().find(|entry| entry.at("id") == wanted) {
        return Ok(found);
    }
    let lower = wanted.to_lowercase();
    let begins = |word: &str| !lower.is_empty() && word.to_lowercase().starts_with(&lower);
    let called: Vec<&Value> = known.iter().copied().filter(|entry| name(entry) == wanted).collect();
    let beginning = || -> Vec<&Value> {
        known.iter().copied().filter(|e| begins(&name(e)) || begins(text(e.at("id")))).collect()
    };
    let meant = if called.is_empty() { beginning() } else { called };
    match meant.as_slice() {
        [only] => Ok(only),
        [] => Err(unknown(noun, known, wanted, lang)),
        several => Err(ambiguous(noun, several, wanted, lang)),
    }
}

fn unknown(noun: Noun, known: &[&Value], wanted: &str, lang: Lang) -> Problem {
    let problem = match noun {
        Noun::Connection => Problem::refused(
            "connection.unknown",
            say!(lang, "There is no connection `{wanted}`.", "没有名为 `{wanted}` 的连接。"),
        ),
        Noun::Identity => Problem::refused(
            "identity.unknown",
            say!(lang, "There is no identity `{wanted}` here.", "这里没有身份 `{wanted}`。"),
        ),
    };
    if known.is_empty() {
        return problem.hinted(way_to_add(noun, lang));
    }
    let names = || known.iter().map(|entry| text(entry.at(noun.member())));
    let problem = match did_you_mean(wanted, names()) {
        Some(meant) => problem.hinted(say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？")),
        None => problem,
    };
    let known = listed(noun, known, lang);
    problem.hinted(say!(lang, "Choose one of {known}.", "从 {known} 中选择。"))
}

fn ambiguous(noun: Noun, several: &[&Value], wanted: &str, lang: Lang) -> Problem {
    let several = listed(noun, several, lang);
    let problem = match noun {
        Noun::Connection => Problem::refused(
            "connection.ambiguous",
            say!(lang, "`{wanted}` can be several connections.", "`{wanted}` 可能指多个连接。"),
        ),
        Noun::Identity => Problem::refused(
            "identity.ambiguous",
            say!(lang, "`{wanted}` can be several identities.", "`{wanted}` 可能指多个身份。"),
        ),
    };
    problem.hinted(say!(lang, "Choose one of {several}.", "从 {several} 中选择。"))
}

/// How the first one comes into being.
pub(crate) fn way_to_add(noun: Noun, lang: Lang) -> String {
    match noun {
        Noun::Connection => say!(
            lang,
            "Add one with `spectroscope connect ADDRESS`.",
            "用 `spectroscope connect ADDRESS` 添加一个。"
        ),
        Noun::Identity => say!(
            lang,
            "Add one with `spectroscope identity add` or `spectroscope identity sign-in`.",
            "用 `spectroscope identity add` 或 `spectroscope identity sign-in` 添加一个。"
        ),
    }
}

/// Names, and handles where a name stands twice.
pub(crate) fn listed(noun: Noun, known: &[&Value], lang: Lang) -> String {
    let names: Vec<&str> = known.iter().map(|entry| text(entry.at(noun.member()))).collect();
    let shown: Vec<&str> = known
        .iter()
        .zip(&names)
        .map(|(entry, name)| {
            let twice = names.iter().filter(|other| other == &name).count() > 1;
            if twice { text(entry.at("id")) } else { name }
        })
        .collect();
    scopes::lang::list(lang, &shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn handles_names_and_their_beginnings_are_understood() {
        let all = json!([
            { "id": "c-11", "name": "Our Glint" },
            { "id": "c-12", "name": "Our Glint, trial" },
            { "id": "c-23", "name": "Elsewhere" },
            { "id": "c-24", "name": "Twin" },
            { "id": "c-25", "name": "Twin" },
        ]);
        let known: Vec<&Value> = all.as_array().map(|all| all.iter().collect()).unwrap_or_default();
        let found = |wanted: &str| {
            pick(Noun::Connection, &known, wanted, Lang::En)
                .map(|entry| text(entry.at("id")).to_owned())
                .map_err(|problem| (problem.code, problem.hints.join(" ")))
        };
        for (wanted, id) in [("c-12", "c-12"), ("Our Glint", "c-11"), ("else", "c-23"), (" c-23 ", "c-23")] {
            assert_eq!(found(wanted), Ok(id.to_owned()), "{wanted}");
        }
        for (wanted, code, hint) in [
            ("our", "connection.ambiguous", "`Our Glint, trial`"),
            ("Twin", "connection.ambiguous", "`c-24` and `c-25`"),
            ("c-1", "connection.ambiguous", "`Our Glint`"),
            ("Elsewere", "connection.unknown", "Did you mean `Elsewhere`?"),
            ("", "connection.unknown", "Choose one of"),
        ] {
            let (said, hints) = found(wanted).expect_err(wanted);
            assert!(said == code && hints.contains(hint), "{wanted}: {said} {hints}");
        }
        let nothing = pick(Noun::Identity, &[], "x", Lang::En).expect_err("nothing to choose from");
        assert!(nothing.hints.join("").contains("identity add"));
    }
}
