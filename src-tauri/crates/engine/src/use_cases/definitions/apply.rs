//! Sending a plan: one request per changed row through the job's governor, then everything is read back.

use super::Desk;
use super::outcome::{Applied, Fault, Outcome};
use crate::ask::Ask;
use crate::context::Context;
use crate::engine::Engine;
use crate::governor::{Asked, Fate, Manner, NotSent};
use crate::http::Credential;
use crate::prism::scope_definitions::{self, Stored};
use crate::use_cases::provider::at_prism;
use futures_util::StreamExt as _;
use futures_util::stream;
use scopes::plan::{Action, Definition, PlanRow, RowState};
use scopes::problem::Problem;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// How many rows wait for the governor at once; it decides how many of them are sent.
const WAITING: usize = 64;

struct Sender<'a> {
    engine: &'a Engine,
    desk: &'a Desk,
    stored: HashMap<&'a str, &'a Stored>,
    credential: Credential,
    app: String,
    cx: &'a Context<'a>,
}

/// Applies the rows. After a stop the requests under way are awaited and read back, the others are not sent.
///
/// # Errors
/// When the credential cannot be had; then nothing was sent.
pub(super) async fn apply(
    engine: &Engine,
    desk: &Desk,
    rows: Vec<PlanRow>,
    cx: &Context<'_>,
) -> Result<Applied, Problem> {
    let sender = Sender {
        engine,
        desk,
        stored: desk.stored.iter().map(|stored| (stored.scope.as_str(), stored)).collect(),
        credential: at_prism(engine, &desk.deployment, &desk.held, cx.lang).await?,
        app: desk.deployment.saved.provider_client_id.as_deref().unwrap_or_default().trim().to_owned(),
        cx,
    };
    let sender = &sender;
    let numbered = rows.into_iter().enumerate();
    let sending = stream::iter(numbered).map(|(at, row)| async move { (at, sender.send(row).await) });
    // A slow row holds nobody up; the plan's order is restored afterwards.
    let mut rows: Vec<(usize, Outcome)> = sending.buffer_unordered(WAITING).collect().await;
    rows.sort_by_key(|(at, _)| *at);
    let mut rows: Vec<Outcome> = rows.into_iter().map(|(_, row)| row).collect();
    let sent = rows.iter().any(|row| row.state != RowState::NotSent);
    let after = if sent { sender.read_back(&mut rows).await } else { Some(desk.stored.clone()) };
    for row in &rows {
        cx.report(&row.progress(cx.lang));
    }
    Ok(Applied { rows, after })
}

impl Sender<'_> {
    async fn send(&self, row: PlanRow) -> Outcome {
        let known = self.stored.get(row.scope.as_str()).map(|stored| stored.id.clone());
        let mut outcome = Outcome { row, state: RowState::Sending, fault: None, id: known };
        if !self.cx.cancel.is_set() {
            self.report(&outcome);
        }
        let asked = match outcome.row.action {
            Action::Delete => {
                let id = outcome.id.clone().unwrap_or_default();
                self.ask(&scope_definitions::delete(&self.app, &id)).await
            }
            _ => self.ask(&scope_definitions::save(&self.app, &wanted(&outcome.row))).await,
        };
        settle(&mut outcome, asked);
        if outcome.state == RowState::ReadingBack {
            self.report(&outcome);
        }
        outcome
    }

    /// Saving and deleting a definition twice has the effect of doing it once, so a lost answer is asked again.
    async fn ask(&self, ask: &Ask<Value>) -> Result<Asked<Value>, NotSent> {
        let (prism, cancel) = (&self.desk.deployment.prism, &self.cx.cancel);
        self.engine.ask_in_batch(prism, ask, &self.credential, Manner::IDEMPOTENT, cancel, 1).await
    }

    fn report(&self, outcome: &Outcome) {
        self.cx.report(&outcome.progress(self.cx.lang));
    }

    /// Compares what Prism holds now with what was sent. A row whose answer was lost is settled here, too, where the change
    /// is found; where it is not, it may still come.
    async fn read_back(&self, rows: &mut [Outcome]) -> Option<Vec<Stored>> {
        let (prism, cancel) = (&self.desk.deployment.prism, &self.cx.cancel);
        let list = scope_definitions::list(&self.app);
        let read =
            self.engine.ask_in_batch(prism, &list, &self.credential, Manner::READ_BACK, cancel, 1).await;
        let read = read.map_err(|_| None).and_then(|asked| asked.answer.or_refusal().map_err(Some));
        let sent = |row: &&mut Outcome| matches!(row.state, RowState::ReadingBack | RowState::Unknown);
        match read {
            Ok(list) => {
                let there: HashMap<&str, &Stored> =
                    list.definitions.iter().map(|stored| (stored.scope.as_str(), stored)).collect();
                for row in rows.iter_mut().filter(sent) {
                    let found = there.get(row.row.scope.as_str()).copied();
                    verify(row, found);
                }
                let plain = super::provider::plain(&list.definitions);
                self.engine.store().change(&self.desk.deployment.saved.id, |kept| {
                    kept.live = Some(Arc::new(plain));
                });
                Some(list.definitions)
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

fn wanted(row: &PlanRow) -> Definition {
    Definition { scope: row.scope.clone(), title: row.title.clone(), description: row.description.clone() }
}

/// What the answer to the write says; without an answer the write may have happened all the same.
fn settle(outcome: &mut Outcome, asked: Result<Asked<Value>, NotSent>) {
    let asked = match asked {
        Ok(asked) => asked,
        Err(stop) => {
            outcome.state = RowState::NotSent;
            outcome.fault = Some(Fault::NotSent(stop));
            return;
        }
    };
    outcome.state = match asked.fate() {
        Fate::Accepted => RowState::ReadingBack,
        Fate::Refused => RowState::Refused,
        Fate::NotSent => RowState::NotSent,
        Fate::Unclear => RowState::Unknown,
    };
    let unclear = outcome.state == RowState::Unknown;
    match asked.answer.or_refusal() {
        Ok(answer) => {
            let id = answer.pointer("/definition/id").and_then(Value::as_str);
            outcome.id = id.map(str::to_owned).or(outcome.id.take());
        }
        Err(refusal) if unclear => outcome.fault = Some(Fault::Unclear(refusal)),
        Err(refusal) => outcome.fault = Some(Fault::Refused(refusal)),
    }
}

/// A change that is found is done. One that is not found was not carried out if the server said that it was; without an
/// answer it may come later.
fn verify(row: &mut Outcome, there: Option<&Stored>) {
    let other_id = there.is_some_and(|there| row.id.as_ref().is_some_and(|id| *id != there.id));
    let (done, otherwise) = match (row.row.action, there) {
        (Action::Delete, None) => (true, None),
        (Action::Delete, Some(_)) if other_id => (false, Some(Fault::Recreated)),
        (Action::Delete, Some(_)) => (false, Some(Fault::StillThere)),
        (_, there) => {
            let there = there.map(Stored::plain);
            (there.as_ref() == Some(&wanted(&row.row)), Some(Fault::NotAsSent(there)))
        }
    };
    if done {
        row.state = RowState::Verified;
        // It is as it was sent, and somebody else has deleted and created it meanwhile.
        row.fault = other_id.then_some(Fault::Recreated);
    } else if row.state == RowState::ReadingBack {
        row.state = RowState::Refused;
        row.fault = otherwise;
    }
}
