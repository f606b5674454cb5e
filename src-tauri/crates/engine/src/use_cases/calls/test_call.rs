//! One call: filled in, sent, explained, and recorded when it may have changed something.

use super::investigate::Case;
use super::{credential, glint_of, request, route};
use crate::answer::read;
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::Held;
use crate::operation::Operation;
use crate::operations::calls::{CallReport, TestCall};
use crate::operations::desk::ActivityEntry;
use crate::prism::oauth::Introspection;
use crate::server::Server;
use scopes::diagnosis::{Diagnosis, cached_list};
use scopes::endpoint::{Endpoint, is_to};
use scopes::exchange::{Exchange, TransportFailure, view, views};
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::routes::{Route, by_id};
use scopes::say;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Operation for TestCall {
    // A stopped call may have been carried out all the same, so it is reported, not dropped.
    const STOPS_BY_ITSELF: bool = true;

    fn changes(&self) -> Option<&str> {
        by_id(&self.route).is_some_and(|route| route.writes).then_some(self.connection.as_str())
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<CallReport, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let glint = glint_of(&deployment, lang)?;
        let route = route(&self.route, lang)?;
        let held = match self.identity.as_str() {
            "" => None,
            id => Some(deployment.identity(id, lang)?),
        };
        Ok(carry_out(engine, &deployment, glint, route, &self.values, held, cx).await?.report())
    }
}

/// A call that was sent and explained.
pub(super) struct Sent {
    pub(super) call: Exchange,
    pub(super) diagnosis: Diagnosis,
    asked: Vec<Exchange>,
    /// What is odd about the token.
    problems: Vec<Problem>,
    /// By this name a capsule of it can be made.
    pub(super) name: String,
}

impl Sent {
    /// What may leave the engine.
    pub(super) fn report(self) -> CallReport {
        // Shown together, a secret of one is replaced in all.
        let mut shown = views(std::iter::once(&self.call).chain(&self.asked));
        let asked = shown.split_off(1);
        let exchange = shown.pop().unwrap_or_else(|| view(&self.call));
        let cached_list = cached_list(self.diagnosis.cause, self.call.started_at);
        let Self { name: call, diagnosis, problems, .. } = self;
        CallReport { call, exchange, diagnosis, cached_list, asked, problems }
    }
}

/// Fills in, sends and explains one call, and keeps it for a capsule.
///
/// # Errors
/// What keeps it from being sent: a missing value, an identity that is not for calls.
pub(super) async fn carry_out(
    engine: &Engine,
    deployment: &Deployment,
    glint: &Server,
    route: &Route,
    values: &BTreeMap<String, Value>,
    held: Option<Arc<Held>>,
    cx: &Context<'_>,
) -> Result<Sent, Problem> {
    let lang = cx.lang;
    let filled = request::fill(route, values, lang);
    if let Some(problem) = filled.problems.into_iter().find(|p| p.severity == Severity::Refused) {
        return Err(problem);
    }
    let credential = match &held {
        Some(held) => Some(credential(engine, deployment, held, lang).await?),
        None => None,
    };
    let call = engine.send(glint, &filled.ask, credential.as_ref(), Some(&cx.cancel)).await;
    let ours = matches!(call.failure, Some((TransportFailure::CaFile | TransportFailure::NotSent, _)));
    if ours {
        // Nothing was sent, so there is nothing to explain: the mistake is on this side.
        read::<Value>(call.clone()).or_problem(lang)?;
    }
    if route.writes {
        record(engine, deployment, held.clone(), route, &call);
    }
    let case = Case {
        engine,
        deployment,
        glint,
        held: held.as_deref(),
        credential: credential.as_ref(),
        route,
        values,
        call: &call,
        lang,
    };
    let (diagnosis, asked) = tokio::select! {
        explained = case.explain() => explained,
        () = cx.cancel.wait() => (case.diagnose(&[]), Vec::new()),
    };
    let name = case.keep(&asked);
    // A call is never sent twice; it is the next one that goes with a new token.
    if let Some(held) = held.as_ref().filter(|_| is_called_dead(&asked)) {
        engine.doubt(deployment, held);
    }
    let problems = held.and_then(|held| held.foreign_warning(deployment, lang)).into_iter().collect();
    Ok(Sent { call, diagnosis, asked, problems, name })
}

/// Whether introspection called the token of the call dead: it was replaced by a refresh somewhere else, or revoked.
fn is_called_dead(asked: &[Exchange]) -> bool {
    let introspections = asked.iter().filter(|exchange| is_to(exchange, Endpoint::Introspection));
    introspections
        .map(|exchange| read::<Introspection>(exchange.clone()))
        .any(|seen| seen.value.is_ok_and(|seen| !seen.active))
}

/// What was sent, and what the server said to it. Nothing is read back, so nothing more is claimed.
fn record(engine: &Engine, deployment: &Deployment, held: Option<Arc<Held>>, route: &Route, call: &Exchange) {
    let at = engine.host().now_ms();
    let status = call.response.as_ref().map_or(0, |response| response.status);
    let (deployment, method) = (deployment.clone(), route.method.clone());
    let path = url::Url::parse(&call.request.url).map(|url| url.path().to_owned()).unwrap_or_default();
    engine.journal().record(move |lang: Lang| ActivityEntry {
        id: 0,
        at,
        connection: deployment.name(lang),
        identity: held.as_ref().map(|held| held.in_words(lang)).unwrap_or_default(),
        operation: "test_call".to_owned(),
        summary: match status {
            0 => {
                say!(lang, "{method} {path} was sent and not answered.", "已发送 {method} {path}，没有应答。")
            }
            _ => say!(lang, "{method} {path} was answered {status}.", "{method} {path} 的应答是 {status}。"),
        },
        items: Vec::new(),
        complete: (200..300).contains(&status),
    });
}
