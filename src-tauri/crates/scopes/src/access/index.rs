//! Rules and parties by what is looked up, made once per review: nothing is searched one by one.

use super::{Party, Rule, RuleType};
use crate::work;
use std::collections::HashMap;

/// Consumers or people by their ids.
pub(super) struct Parties<'a> {
    by_id: HashMap<&'a str, &'a Party>,
    by_alias: HashMap<&'a str, &'a Party>,
    all: &'a [Party],
}

impl<'a> Parties<'a> {
    pub(super) fn of(parties: &'a [Party]) -> Self {
        let mut found =
            Self { by_id: HashMap::with_capacity(parties.len()), by_alias: HashMap::new(), all: parties };
        for party in parties {
            work::steps(1 + party.aliases.len());
            found.by_id.entry(&party.id).or_insert(party);
            for alias in &party.aliases {
                found.by_alias.entry(alias).or_insert(party);
            }
        }
        found
    }

    /// The party with this id.
    pub(super) fn with_id(&self, id: &str) -> Option<&'a Party> {
        work::steps(1);
        self.by_id.get(id).copied()
    }

    /// The party that has this other id.
    pub(super) fn with_alias(&self, alias: &str) -> Option<&'a Party> {
        work::steps(1);
        self.by_alias.get(alias).copied()
    }

    /// All of them.
    pub(super) fn all(&self) -> &'a [Party] {
        self.all
    }
}

/// The rules about consumers, or those about people.
#[derive(Default)]
pub(super) struct Side<'a> {
    /// Deny rules by target.
    denying: HashMap<&'a str, Vec<&'a Rule>>,
    /// Allow rules by target.
    allowing: HashMap<&'a str, Vec<&'a Rule>>,
    /// All allow rules in order.
    pub(super) list: Vec<&'a Rule>,
}

impl<'a> Side<'a> {
    /// The rules of one kind that name a target.
    pub(super) fn naming(&self, allow: bool, target: &str) -> &[&'a Rule] {
        work::steps(1);
        let by_target = if allow { &self.allowing } else { &self.denying };
        by_target.get(target).map_or(&[], Vec::as_slice)
    }
}

/// All rules.
#[derive(Default)]
pub(super) struct Rules<'a> {
    app: Side<'a>,
    owner: Side<'a>,
    /// By type and trimmed target.
    equal: HashMap<(RuleType, &'a str), Vec<&'a Rule>>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(rules: &'a [Rule]) -> Self {
        let mut found = Self::default();
        for rule in rules {
            work::steps(1);
            let side = if rule.rule_type.is_app() { &mut found.app } else { &mut found.owner };
            if rule.rule_type.is_allow() {
                side.list.push(rule);
                side.allowing.entry(&rule.target_id).or_default().push(rule);
            } else {
                side.denying.entry(&rule.target_id).or_default().push(rule);
            }
            found.equal.entry((rule.rule_type, rule.target_id.trim())).or_default().push(rule);
        }
        found
    }

    /// The rules about consumers (`app`) or about people.
    pub(super) fn side(&self, app: bool) -> &Side<'a> {
        if app { &self.app } else { &self.owner }
    }

    /// Another rule of the same type and target.
    pub(super) fn equal_to(&self, rule: &Rule) -> Option<&'a Rule> {
        work::steps(1);
        let equal = self.equal.get(&(rule.rule_type, rule.target_id.trim()))?;
        // Ids are unique, so one of the first two is another one.
        equal.iter().take(2).find(|other| other.id != rule.id).copied()
    }
}
