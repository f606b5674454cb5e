//! The table of reason codes: titles, headlines, questions and cures in both languages, as data of the profile.

use super::code::{Code, FamilyRow, GateRow};
use super::types::Fix;
use crate::lang::Text;
use crate::problem::Actor;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
struct Table {
    gates: Vec<GateRow>,
    families: Vec<FamilyRow>,
    reasons: Vec<Reason>,
}

/// One code. Texts may hold `{consumer}`, `{person}`, `{scopes}`, `{permission}`, `{role}`, `{resource}`.
#[derive(Debug, Clone, Deserialize)]
pub struct Reason {
    /// The code, e.g. `scope.not_registered`.
    pub code: Code,
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

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // The file is part of the program and a test reads it: an error cannot reach a user.
    let table = serde_json::from_str(include_str!("../../profiles/reasons.json"));
    table.unwrap_or(Table { gates: Vec::new(), families: Vec::new(), reasons: Vec::new() })
});

/// All codes in the order of the reference page.
#[must_use]
pub fn all() -> &'static [Reason] {
    &TABLE.reasons
}

/// All families of codes.
pub(crate) fn families() -> &'static [FamilyRow] {
    &TABLE.families
}

/// All gates.
pub(crate) fn gates() -> &'static [GateRow] {
    &TABLE.gates
}

/// The entry of a code.
#[must_use]
pub fn of(code: Code) -> Option<&'static Reason> {
    static BY_CODE: LazyLock<BTreeMap<Code, &'static Reason>> =
        LazyLock::new(|| all().iter().map(|reason| (reason.code, reason)).collect());
    BY_CODE.get(&code).copied()
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
        let codes: BTreeSet<Code> = all().iter().map(|reason| reason.code).collect();
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
}
