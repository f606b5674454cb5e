//! Saving a staged change of rules: additions first, then removals, one after the other, then everything is read back.

mod record;

use super::{Desk, known};
use crate::answer::{Answer, Refusal};
use crate::context::Context;
use crate::engine::Engine;
use crate::http::Credential;
use crate::operations::access::{RuleChange, RuleProgress};
use crate::prism::access_rules::{self, Rules};
use crate::use_cases::provider::at_prism;
use scopes::access::{Rule, RuleDraft};
use scopes::lang::Lang;
use scopes::plan::RowState;
use scopes::problem::Problem;
use scopes::say;

/// How often a rule is sent when the answer gets lost and the rule is not there.
const ATTEMPTS: u32 = 3;

/// Why a change is not verified.
#[derive(Clone)]
enum Fault {
    Refused(Refusal),
    NotThere,
    StillThere,
    NotReadBack(Refusal),
    Stopped,
}

/// One change with its state.
#[derive(Clone)]
pub(super) struct Outcome {
    draft: RuleDraft,
    /// Prism's id, for a removal.
    id: Option<String>,
    /// Where it ended.
    pub(super) state: RowState,
    fault: Option<Fault>,
}

/// All changes of one application.
pub(super) struct Applied {
    /// In the order they were sent.
    pub(super) rows: Vec<Outcome>,
    /// The rules as read back; `None` when that failed.
    pub(super) after: Option<Vec<Rule>>,
}

struct Sender<'a> {
    engine: &'a Engine,
    desk: &'a Desk,
    credential: Credential,
    cx: &'a Context<'a>,
}

/// Sends the change. After a stop the request under way is awaited and read back, the others are not sent.
///
/// # Errors
/// When the credential cannot be had; then nothing was sent.
pub(super) async fn apply(
    engine: &Engine,
    desk: &Desk,
    add: &[RuleDraft],
    remove: &[String],
    cx: &Context<'_>,
) -> Result<Applied, Problem> {
    let credential = at_prism(engine, &desk.deployment, &desk.held, cx.lang).await?;
    let sender = Sender { engine, desk, credential, cx };
    let mut rows = planned(desk, add, remove);
    for row in &mut rows {
        if cx.cancel.is_set() {
            row.state = RowState::NotSent;
            row.fault = Some(Fault::Stopped);
            continue;
        }
        row.state = RowState::Sending;
        sender.report(row);
        match row.id.clone() {
            Some(id) => sender.remove(row, &id).await,
            None => sender.add(row).await,
        }
    }
    let sent = rows.iter().any(|row| row.state != RowState::NotSent);
    let after = if sent { sender.read_back(&mut rows).await } else { Some(desk.rules.clone()) };
    for row in &rows {
        sender.report(row);
    }
    Ok(Applied { rows, after })
}

fn planned(desk: &Desk, add: &[RuleDraft], remove: &[String]) -> Vec<Outcome> {
    let row = |draft: RuleDraft, id| Outcome { draft, id, state: RowState::Waiting, fault: None };
    let added = add.iter().map(|draft| {
        let target_id = draft.target_id.trim().to_owned();
        row(RuleDraft { rule_type: draft.rule_type, target_id }, None)
    });
    let removed = desk.rules.iter().filter(|rule| remove.contains(&rule.id)).map(|rule| {
        let draft = RuleDraft { rule_type: rule.rule_type, target_id: rule.target_id.clone() };
        row(draft, Some(rule.id.clone()))
    });
    added.chain(removed).collect()
}

impl Sender<'_> {
    fn report(&self, row: &Outcome) {
        self.cx.report(&row.progress(self.cx.lang));
    }

    async fn list(&self) -> Answer<Rules> {
        let ask = access_rules::list(&self.desk.app_id);
        self.engine
            .ask_again(&self.desk.deployment.prism, &ask, Some(&self.credential), &self.cx.cancel)
            .await
    }

    /// A rule whose answer got lost is looked for before it is sent again; a 409 then means that it was stored.
    async fn add(&self, row: &mut Outcome) {
        let ask = access_rules::add(&self.desk.app_id, &row.draft);
        let mut lost = false;
        for attempt in 1..=ATTEMPTS {
            let answer = self.engine.ask(&self.desk.deployment.prism, &ask, Some(&self.credential)).await;
            let status = answer.status();
            let Err(refusal) = answer.or_refusal() else {
                row.state = RowState::ReadingBack;
                row.fault = None;
                return;
            };
            row.fault = Some(Fault::Refused(refusal));
            if (400..500).contains(&status) {
                row.state = if lost && status == 409 { RowState::ReadingBack } else { RowState::Refused };
                return;
            }
            lost = true;
            row.state = RowState::Unknown;
            let there = self.list().await.value.is_ok_and(|list| holds(&known(&list.rules), &row.draft));
            if there || attempt == ATTEMPTS || self.cx.cancel.is_set() {
                return;
            }
        }
    }

    /// Removing twice does the same as removing once.
    async fn remove(&self, row: &mut Outcome, id: &str) {
        let ask = access_rules::remove(&self.desk.app_id, id);
        let prism = &self.desk.deployment.prism;
        let answer = self.engine.ask_again(prism, &ask, Some(&self.credential), &self.cx.cancel).await;
        let status = answer.status();
        match answer.or_refusal() {
            Ok(_) => row.state = RowState::ReadingBack,
            Err(refusal) => {
                let certain = (400..500).contains(&status);
                row.state = if certain { RowState::Refused } else { RowState::Unknown };
                row.fault = Some(Fault::Refused(refusal));
            }
        }
    }

    async fn read_back(&self, rows: &mut [Outcome]) -> Option<Vec<Rule>> {
        let answer = self.list().await;
        let sent = |row: &&mut Outcome| matches!(row.state, RowState::ReadingBack | RowState::Unknown);
        match answer.or_refusal() {
            Ok(list) => {
                let rules = known(&list.rules);
                rows.iter_mut().filter(sent).for_each(|row| row.verify(&rules));
                Some(rules)
            }
            Err(refusal) => {
                for row in rows.iter_mut().filter(sent) {
                    row.state = RowState::Unknown;
                    row.fault = Some(Fault::NotReadBack(refusal.clone()));
                }
                None
            }
        }
    }
}

fn holds(rules: &[Rule], draft: &RuleDraft) -> bool {
    rules.iter().any(|rule| rule.rule_type == draft.rule_type && rule.target_id == draft.target_id)
}

impl Outcome {
    fn verify(&mut self, rules: &[Rule]) {
        let (done, otherwise) = match &self.id {
            None => (holds(rules, &self.draft), Fault::NotThere),
            Some(id) => (rules.iter().all(|rule| rule.id != *id), Fault::StillThere),
        };
        if done {
            self.state = RowState::Verified;
            self.fault = None;
        } else {
            self.state = RowState::Refused;
            self.fault.get_or_insert(otherwise);
        }
    }

    fn change(&self) -> RuleChange {
        if self.id.is_some() { RuleChange::Removed } else { RuleChange::Added }
    }

    /// The change as it is reported.
    pub(super) fn progress(&self, lang: Lang) -> RuleProgress {
        RuleProgress {
            draft: self.draft.clone(),
            change: self.change(),
            state: self.state,
            problem: self.problem(lang),
        }
    }

    fn problem(&self, lang: Lang) -> Option<Problem> {
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
            Fault::NotReadBack(refusal) => {
                let mut problem = Problem::refused(
                    "rule.not_read_back",
                    say!(
                        lang,
                        "The rule for `{target}` was sent, but could not be read back, so what became of it is not known.",
                        "针对 `{target}` 的规则已发送，但无法读回，因此不知道结果。"
                    ),
                )
                .hinted(say!(lang, "Look at the rules again.", "重新查看规则。"));
                problem.exchange = refusal.problem(lang).exchange;
                problem
            }
            Fault::Stopped => Problem::note(
                "cancelled",
                say!(lang, "Not sent, because it was stopped before.", "未发送，因为在此之前已停止。"),
            ),
        };
        Some(problem.about(target))
    }
}
