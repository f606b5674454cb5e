//! Saving a staged change of rules: additions first, then removals, one after the other, then everything is read back.

mod outcome;
mod record;

use super::{Desk, known};
use crate::answer::Refusal;
use crate::context::Context;
use crate::engine::Engine;
use crate::governor::{Asked, Fate, Manner, NotSent};
use crate::http::Credential;
use crate::prism::access_rules::{self, Rules};
use crate::use_cases::provider::at_prism;
use outcome::Fault;
pub(super) use outcome::{Applied, Outcome};
use scopes::access::{Rule, RuleDraft};
use scopes::plan::RowState;
use scopes::problem::Problem;
use serde_json::Value;
use std::collections::HashSet;

/// How often a rule is sent when the answer gets lost and the rule is not there.
const ATTEMPTS: u32 = 3;

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
        row.state = RowState::Sending;
        if !cx.cancel.is_set() {
            sender.report(row);
        }
        match row.removes.clone() {
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
    let remove: HashSet<&String> = remove.iter().collect();
    let row = |draft: RuleDraft, removes| Outcome {
        draft,
        removes,
        added: None,
        state: RowState::Waiting,
        fault: None,
    };
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

    async fn list(&self) -> Result<Asked<Rules>, NotSent> {
        let ask = access_rules::list(&self.desk.app_id);
        let (prism, cancel) = (&self.desk.deployment.prism, &self.cx.cancel);
        self.engine.ask_in_batch(prism, &ask, &self.credential, Manner::READ_BACK, cancel, 1).await
    }

    /// A rule whose answer got lost is looked for before it is sent again; a 409 then means that it was stored. A refused
    /// connection, 429 and 503 store nothing.
    async fn add(&self, row: &mut Outcome) {
        let ask = access_rules::add(&self.desk.app_id, &row.draft);
        let (prism, cancel) = (&self.desk.deployment.prism, &self.cx.cancel);
        let mut lost = false;
        for attempt in 1..=ATTEMPTS {
            let manner = Manner::WITH_A_LOOK;
            let asked = match self
                .engine
                .ask_in_batch(prism, &ask, &self.credential, manner, cancel, attempt)
                .await
            {
                Ok(asked) => asked,
                Err(stop) => return row.not_sent(stop, lost),
            };
            let (fate, status) = (asked.fate(), asked.answer.status());
            let refusal = match asked.answer.or_refusal() {
                Ok(answer) => return row.accepted(&answer),
                Err(refusal) => refusal,
            };
            let conflict = lost && status == 409;
            row.settle(fate, refusal, lost);
            if conflict {
                row.state = RowState::ReadingBack;
                return;
            }
            let again = match fate {
                Fate::Unclear => {
                    lost = true;
                    attempt < ATTEMPTS && self.is_there(row).await != Some(true)
                }
                Fate::Refused => matches!(status, 429 | 503),
                Fate::NotSent => true,
                Fate::Accepted => false,
            };
            if !again {
                return;
            }
        }
    }

    /// Whether the rule is stored; `None` when that cannot be read.
    async fn is_there(&self, row: &Outcome) -> Option<bool> {
        let rules = self.list().await.ok()?.answer.value.ok()?.rules;
        Some(outcome::find(&known(&rules), &row.draft).is_some())
    }

    /// Removing twice does the same as removing once.
    async fn remove(&self, row: &mut Outcome, id: &str) {
        let ask = access_rules::remove(&self.desk.app_id, id);
        let (prism, cancel) = (&self.desk.deployment.prism, &self.cx.cancel);
        let manner = Manner::IDEMPOTENT;
        match self.engine.ask_in_batch::<Value>(prism, &ask, &self.credential, manner, cancel, 1).await {
            Err(stop) => row.not_sent(stop, false),
            Ok(asked) => {
                let fate = asked.fate();
                match asked.answer.or_refusal() {
                    Ok(answer) => row.accepted(&answer),
                    Err(refusal) => row.settle(fate, refusal, false),
                }
            }
        }
    }

    async fn read_back(&self, rows: &mut [Outcome]) -> Option<Vec<Rule>> {
        let read = self.list().await.map_err(|_| None);
        let read = read.and_then(|asked| asked.answer.or_refusal().map_err(Some));
        let sent = |row: &&mut Outcome| matches!(row.state, RowState::ReadingBack | RowState::Unknown);
        match read {
            Ok(list) => {
                let rules = known(&list.rules);
                let index = outcome::Index::of(&rules);
                rows.iter_mut().filter(sent).for_each(|row| row.verify(&index));
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

impl Outcome {
    fn accepted(&mut self, answer: &Value) {
        self.state = RowState::ReadingBack;
        self.fault = None;
        self.added = answer.pointer("/rule/id").and_then(Value::as_str).map(str::to_owned);
    }

    fn settle(&mut self, fate: Fate, refusal: Refusal, lost: bool) {
        let (state, fault) = match fate {
            Fate::Refused if !lost => (RowState::Refused, Fault::Refused(refusal)),
            Fate::NotSent if !lost => (RowState::NotSent, Fault::Refused(refusal)),
            _ => (RowState::Unknown, Fault::Unclear(refusal)),
        };
        self.state = state;
        self.fault = Some(fault);
    }

    /// Nothing more is sent. What was sent before stays as it is.
    fn not_sent(&mut self, stop: NotSent, lost: bool) {
        if !lost && self.fault.is_none() {
            self.state = RowState::NotSent;
            self.fault = Some(Fault::NotSent(stop));
        }
    }
}
