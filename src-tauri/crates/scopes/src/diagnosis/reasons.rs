//! The table of reason codes: titles, headlines, questions and cures in both languages, as data of the profile.

use super::types::Fix;
use crate::lang::Text;
use crate::problem::Actor;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Debug, Deserialize)]
struct Table {
    reasons: Vec<Reason>,
}

/// One code. Texts may hold `{consumer}`, `{person}`, `{scopes}`, `{permission}`, `{role}`, `{resource}`.
#[derive(Debug, Clone, Deserialize)]
pub struct Reason {
    /// The code, e.g. `scope.not_registered`.
    pub code: String,
    /// Its meaning in a few words.
    pub title: Text,
    /// The answer in one sentence.
    pub headline: Text,
    /// The question that would settle whether it is this one.
    pub question: Option<Text>,
    /// The cure in order.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// One step of a cure.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// Who acts.
    pub who: Actor,
    /// What they do.
    pub action: Text,
    /// One line more.
    pub detail: Option<Text>,
    /// Whether a new authorization is part of it.
    #[serde(default)]
    pub reauthorize: bool,
    /// What the console can prepare: the name of a [`Fix`].
    pub fix: Option<String>,
}

/// All codes in the order of the reference page.
#[must_use]
pub fn all() -> &'static [Reason] {
    static REASONS: OnceLock<Vec<Reason>> = OnceLock::new();
    REASONS.get_or_init(|| {
        // The file is part of the program and a test reads it: an error cannot reach a user.
        serde_json::from_str::<Table>(include_str!("../../profiles/reasons.json"))
            .map(|table| table.reasons)
            .unwrap_or_default()
    })
}

/// The entry of a code.
#[must_use]
pub fn of(code: &str) -> Option<&'static Reason> {
    static BY_CODE: OnceLock<BTreeMap<&'static str, &'static Reason>> = OnceLock::new();
    BY_CODE
        .get_or_init(|| all().iter().map(|reason| (reason.code.as_str(), reason)).collect())
        .get(code)
        .copied()
}

/// The fix of that name for these scopes and this consumer.
pub(crate) fn fix(name: &str, scopes: &[String], consumer: Option<&str>) -> Option<Fix> {
    let consumer = consumer.map(str::to_owned);
    Some(match name {
        "tick_scopes" => Fix::TickScopes { scopes: scopes.to_vec(), consumer },
        "open_rules" => Fix::OpenRules { target: consumer },
        "open_definitions" => Fix::OpenDefinitions,
        "send_again" => Fix::SendAgain,
        "choose_identity" => Fix::ChooseIdentity,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_once_and_every_fix_known() {
        let codes: BTreeSet<&str> = all().iter().map(|reason| reason.code.as_str()).collect();
        assert_eq!(codes.len(), all().len());
        assert!(codes.len() > 80);
        for step in all().iter().flat_map(|reason| &reason.steps) {
            if let Some(name) = &step.fix {
                assert!(fix(name, &[], None).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn the_house_words_are_kept() {
        let steps = all()
            .iter()
            .flat_map(|reason| &reason.steps)
            .flat_map(|step| [Some(&step.action), step.detail.as_ref()]);
        let own = all()
            .iter()
            .flat_map(|reason| [Some(&reason.title), Some(&reason.headline), reason.question.as_ref()]);
        for text in own.chain(steps).flatten() {
            let begs = text.zh.replace("请求", "").replace("申请", "").contains('请');
            assert!(
                !begs && !text.zh.contains("登记") && !text.en.to_lowercase().contains("please"),
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_code_the_program_says_has_an_entry() {
        let sources = [
            include_str!("glint.rs"),
            include_str!("token.rs"),
            include_str!("scope.rs"),
            include_str!("membership.rs"),
            include_str!("role.rs"),
            include_str!("hidden.rs"),
            include_str!("prism.rs"),
            include_str!("oauth.rs"),
        ];
        let families = [
            "reach.",
            "header.",
            "token.",
            "scope.",
            "membership.",
            "role.",
            "resource.",
            "request.",
            "server.",
            "hidden.",
            "credential.",
            "app.",
            "registration.",
            "definition.",
            "rule.",
            "oauth.",
        ];
        for word in sources.iter().flat_map(|source| source.split('"')) {
            let is_code = families.iter().any(|family| word.starts_with(family))
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_')
                && !word.ends_with('.');
            assert!(!is_code || word == "server.prism" || of(word).is_some(), "{word}");
        }
    }
}
