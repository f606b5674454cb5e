//! Sending a plan: one request per changed row, four at a time, then everything is read back.

use super::Desk;
use super::outcome::{Applied, Fault, Outcome};
use crate::answer::Answer;
use crate::context::Context;
use crate::engine::Engine;
use crate::http::Credential;
use crate::prism::scope_definitions::{self, Stored};
use crate::use_cases::provider::at_prism;
use futures_util::StreamExt as _;
use futures_util::stream;
use scopes::plan::{Action, Definition, PlanRow, RowState};
use scopes::problem::Problem;
use std::collections::HashMap;
use std::sync::Arc;

/// How many requests are under way at once: Prism's throughput flattens early, and its answers slow down for others.
const AT_ONCE: usize = 4;

struct Sender<'a> {
    engine: &'a Engine,
    desk: &'a Desk,
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
        credential: at_prism(engine, &desk.deployment, &desk.held, cx.lang).await?,
        app: desk.deployment.saved.provider_client_id.as_deref().unwrap_or_default().trim().to_owned(),
        cx,
    };
    let sender = &sender;
    let numbered = rows.into_iter().enumerate();
    let sending = stream::iter(numbered).map(|(at, row)| async move { (at, sender.send(row).await) });
    // A slow row holds nobody up; the plan's order is restored afterwards.
    let mut rows: Vec<(usize, Outcome)> = sending.buffer_unordered(AT_ONCE).collect().await;
    rows.sort_by_key(|(at, _)| *at);
    let mut rows: Vec<Outcome> = rows.into_iter().map(|(_, row)| row).collect();
    let sent = rows.iter().any(|row| row.state != RowState::NotSent);
    let after = if sent { sender.read_back(&mut rows).await } else { Some(desk.stored.clone()) };
    for row in &rows {
        cx.report(&row.progress(cx.lang));
    }
    let stopped = rows.iter().any(|row| row.state == RowState::NotSent);
    Ok(Applied { rows, after, stopped })
}

impl Sender<'_> {
    async fn send(&self, row: PlanRow) -> Outcome {
        if self.cx.cancel.is_set() {
            return Outcome { row, state: RowState::NotSent, fault: Some(Fault::Stopped) };
        }
        let mut outcome = Outcome { row, state: RowState::Sending, fault: None };
        self.report(&outcome);
        match outcome.row.action {
            Action::Delete => {
                let id = self.desk.stored.iter().find(|stored| stored.scope == outcome.row.scope);
                let id = id.map(|stored| stored.id.clone()).unwrap_or_default();
                let ask = scope_definitions::delete(&self.app, &id);
                settle(&mut outcome, self.ask(&ask).await);
            }
            _ => {
                let ask = scope_definitions::save(&self.app, &wanted(&outcome.row));
                settle(&mut outcome, self.ask(&ask).await);
            }
        }
        if outcome.state == RowState::ReadingBack {
            self.report(&outcome);
        }
        outcome
    }

    /// Saving and deleting a definition twice has the effect of doing it once, so a lost answer is asked again.
    async fn ask<T: serde::de::DeserializeOwned>(&self, ask: &crate::ask::Ask<T>) -> Answer<T> {
        let prism = &self.desk.deployment.prism;
        self.engine.ask_again(prism, ask, Some(&self.credential), &self.cx.cancel).await
    }

    fn report(&self, outcome: &Outcome) {
        self.cx.report(&outcome.progress(self.cx.lang));
    }

    /// Compares what Prism holds now with what was sent. A row whose answer was lost is settled here, too.
    async fn read_back(&self, rows: &mut [Outcome]) -> Option<Vec<Stored>> {
        let answer = self.ask(&scope_definitions::list(&self.app)).await;
        let sent = |row: &&mut Outcome| matches!(row.state, RowState::ReadingBack | RowState::Unknown);
        match answer.or_refusal() {
            Ok(list) => {
                let there: HashMap<&str, &Stored> =
                    list.definitions.iter().map(|stored| (stored.scope.as_str(), stored)).collect();
                for row in rows.iter_mut().filter(sent) {
                    let found = there.get(row.row.scope.as_str()).map(|stored| stored.plain());
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
fn settle<T>(outcome: &mut Outcome, answer: Answer<T>) {
    let status = answer.status();
    match answer.or_refusal() {
        Ok(_) => outcome.state = RowState::ReadingBack,
        Err(refusal) => {
            let certain = (400..500).contains(&status);
            outcome.state = if certain { RowState::Refused } else { RowState::Unknown };
            outcome.fault = Some(Fault::Refused(refusal));
        }
    }
}

fn verify(row: &mut Outcome, there: Option<Definition>) {
    let done = match row.row.action {
        Action::Delete => there.is_none(),
        _ => there.as_ref() == Some(&wanted(&row.row)),
    };
    if done {
        row.state = RowState::Verified;
        row.fault = None;
        return;
    }
    row.state = RowState::Refused;
    // The refusal of the write says more than the difference it left.
    row.fault.get_or_insert(Fault::NotAsSent(there));
}
