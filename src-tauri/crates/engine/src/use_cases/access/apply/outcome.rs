//! What became of each change of rules, said in either language.

use crate::answer::Refusal;
use crate::governor::NotSent;
use crate::operations::access::{RuleChange, RuleProgress};
use scopes::access::{Rule, RuleDraft, RuleType};
use scopes::lang::Lang;
use scopes::plan::RowState;
use scopes::problem::Problem;
use scopes::say;
use std::collections::{HashMap, HashSet};

/// Why a change is not verified, or what is odd although it is.
#[derive(Clone)]
pub(in crate::use_cases::access) enum Fault {
    /// Prism refused, or there was no connection to it.
    Refused(Refusal),
    /// Sent; no answer came, and the change was not found when it was read back.
    Unclear(Refusal),
    /// Read back, the added rule is not there.
    NotThere,
    /// Read back, the removed rule is still there.
    StillThere,
    /// Read back, there is an equal rule with another id: another client created it.
    Recreated,
    /// It could not be read back; the refusal where there was an answer.
    NotReadBack(Option<Refusal>),
    /// It was not sent.
    NotSent(NotSent),
}

/// One change with its state.
#[derive(Clone)]
pub(in crate::use_cases::access) struct Outcome {
    pub(super) draft: RuleDraft,
    /// Prism's id, for a removal.
    pub(super) removes: Option<String>,
    /// Prism's id as its answer gave it, for an addition.
    pub(super) added: Option<String>,
    /// Where it ended.
    pub(in crate::use_cases::access) state: RowState,
    pub(super) fault: Option<Fault>,
}

/// All changes of one application.
pub(in crate::use_cases::access) struct Applied {
    /// In the order they were sent.
    pub(in crate::use_cases::access) rows: Vec<Outcome>,
    /// The rules as read back; `None` when that failed.
    pub(in crate::use_cases::access) after: Option<Vec<Rule>>,
}

/// Rules by id and by what they say.
pub(super) struct Index<'a> {
    ids: HashSet<&'a str>,
    by_content: HashMap<(RuleType, &'a str), &'a Rule>,
}

impl<'a> Index<'a> {
    /// Made once per list.
    pub(super) fn of(rules: &'a [Rule]) -> Self {
        Self {
            ids: rules.iter().map(|rule| rule.id.as_str()).collect(),
            by_content: rules.iter().map(|rule| ((rule.rule_type, rule.target_id.as_str()), rule)).collect(),
        }
    }
}

/// The rule that says what the draft says.
pub(super) fn find<'a>(rules: &'a [Rule], draft: &RuleDraft) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.rule_type == draft.rule_type && rule.target_id == draft.target_id)
}

impl Applied {
    /// Why the rest was not sent, if so.
    pub(in crate::use_cases::access) fn halted(&self, lang: Lang) -> Option<Problem> {
        let stop = self.rows.iter().find_map(|row| match &row.fault {
            Some(Fault::NotSent(stop)) => Some(*stop),
            _ => None,
        })?;
        Some(stop.problem(lang))
    }
}

impl Outcome {
    /// A change that is found is done. One that is not found was not carried out if the server said that it was; without
    /// an answer it may come later.
    pub(super) fn verify(&mut self, index: &Index<'_>) {
        let found = index.by_content.get(&(self.draft.rule_type, self.draft.target_id.as_str()));
        let (done, fault) = match (&self.removes, found) {
            (None, Some(rule)) => {
                let other = self.added.as_ref().is_some_and(|id| *id != rule.id);
                (true, other.then_some(Fault::Recreated))
            }
            (None, None) => (false, Some(Fault::NotThere)),
            (Some(id), _) if index.ids.contains(id.as_str()) => (false, Some(Fault::StillThere)),
            (Some(_), Some(_)) => (false, Some(Fault::Recreated)),
            (Some(_), None) => (true, None),
        };
        if done {
            self.state = RowState::Verified;
            self.fault = fault;
        } else if self.state == RowState::ReadingBack {
            self.state = RowState::Refused;
            self.fault = fault;
        }
    }

    pub(super) fn change(&self) -> RuleChange {
        if self.removes.is_some() { RuleChange::Removed } else { RuleChange::Added }
    }

    /// The change as it is reported.
    pub(in crate::use_cases::access) fn progress(&self, lang: Lang) -> RuleProgress {
        RuleProgress {
            draft: self.draft.clone(),
            change: self.change(),
            state: self.state,
            problem: self.problem(lang),
        }
    }

    pub(super) fn problem(&self, lang: Lang) -> Option<Problem> {
        let target = &self.draft.target_id;
        let problem = match self.fault.as_ref()? {
            Fault::Refused(refusal) => refusal.problem(lang),
            Fault::NotThere => Problem::refused(
                "rule.not_stored",
                say!(
                    lang,
                    "Prism does not hold the rule for `{target}` after the change.",
                    "更改之后 Prism 上没有针对 `{target}` 的规则。"
                ),
            ),
            Fault::StillThere => Problem::refused(
                "rule.still_there",
                say!(
                    lang,
                    "Prism still holds the rule for `{target}`.",
                    "Prism 上仍有针对 `{target}` 的规则。"
                ),
            ),
            Fault::Recreated => Problem::risky(
                "rule.recreated",
                say!(
                    lang,
                    "Another client deleted and created the rule for `{target}` meanwhile: its ID changed.",
                    "其间另一个客户端删除并重新创建了针对 `{target}` 的规则：它的 ID 变了。"
                ),
            )
            .hinted(look_again(lang)),
            Fault::Unclear(refusal) => {
                let mut problem = Problem::refused(
                    "rule.unclear",
                    say!(
                        lang,
                        "The rule for `{target}` was sent and not answered; Prism may still carry it out.",
                        "针对 `{target}` 的规则已发送，但没有应答；Prism 仍可能执行它。"
                    ),
                )
                .hinted(look_again(lang));
                problem.exchange = refusal.problem(lang).exchange;
                problem
            }
            Fault::NotReadBack(refusal) => {
                let mut problem = Problem::refused(
                    "rule.not_read_back",
                    say!(
                        lang,
                        "The rule for `{target}` was sent, but could not be read back, so what became of it is not known.",
                        "针对 `{target}` 的规则已发送，但无法读回，因此不知道结果。"
                    ),
                )
                .hinted(look_again(lang));
                problem.exchange = refusal.as_ref().and_then(|refusal| refusal.problem(lang).exchange);
                problem
            }
            Fault::NotSent(stop) => stop.problem(lang),
        };
        Some(problem.about(target))
    }
}

fn look_again(lang: Lang) -> String {
    say!(lang, "Look at the rules again.", "重新查看规则。")
}
