//! The same read under several identities, side by side.

use super::test_call::{Sent, carry_out};
use super::{glint_of, route};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::matrix::{CompareCalls, Compared, ComparedCall};
use crate::server::Server;
use futures_util::stream::{self, StreamExt};
use scopes::diagnosis::GateState;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::routes::Route;
use scopes::say;

/// The most identities of one comparison.
const MOST: usize = 24;
/// How many calls are under way at once; each asks for evidence in parallel itself.
const AT_ONCE: usize = 4;

impl Operation for CompareCalls {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Compared, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let glint = glint_of(&deployment, lang)?;
        let route = route(&self.route, lang)?;
        may_compare(route, lang)?;
        if self.identities.is_empty() || self.identities.len() > MOST {
            return Err(wrong_number(self.identities.len(), lang));
        }
        let one = |identity: &String| self.one(engine, &deployment, glint, route, identity.clone(), cx);
        let calls: Vec<_> = self.identities.iter().map(one).collect();
        let calls = stream::iter(calls).buffered(AT_ONCE).collect().await;
        Ok(Compared { route: route.id.clone(), calls })
    }
}

impl CompareCalls {
    /// What keeps one identity from calling keeps none of the others.
    async fn one(
        &self,
        engine: &Engine,
        deployment: &Deployment,
        glint: &Server,
        route: &'static Route,
        identity: String,
        cx: &Context<'_>,
    ) -> ComparedCall {
        let mut compared = ComparedCall {
            label: identity.clone(),
            identity,
            call: None,
            problem: None,
            diagnosis: None,
            gate: None,
            elapsed_ms: None,
        };
        let held = match deployment.identity(&compared.identity, cx.lang) {
            Ok(held) => held,
            Err(problem) => return ComparedCall { problem: Some(problem), ..compared },
        };
        held.label_in(cx.lang).clone_into(&mut compared.label);
        match carry_out(engine, deployment, glint, route, &self.values, Some(held), cx).await {
            Ok(Sent { call, diagnosis, name, .. }) => {
                let failed = diagnosis.gates.iter().find(|gate| gate.state == GateState::Failed);
                compared.gate = failed.map(|gate| gate.id);
                compared.elapsed_ms = call.elapsed_ms;
                compared.call = Some(name);
                compared.diagnosis = Some(diagnosis);
            }
            Err(problem) => compared.problem = Some(problem),
        }
        compared
    }
}

/// Only what changes nothing is sent more than once.
fn may_compare(route: &Route, lang: Lang) -> Result<(), Problem> {
    if route.is_safe_read() {
        return Ok(());
    }
    let (code, words) = if route.writes {
        (
            "compare.writes",
            say!(
                lang,
                "`{}` changes something; only reads are sent under several identities.",
                "`{}` 会更改内容；只有读取会以多个身份发送。",
                route.id
            ),
        )
    } else {
        (
            "compare.stream",
            say!(
                lang,
                "`{}` is a stream without an end; its answer cannot be compared.",
                "`{}` 是没有终点的流，无法比较它的应答。",
                route.id
            ),
        )
    };
    Err(Problem::refused(code, words).hinted(say!(
        lang,
        "Use the access matrix to see what each identity may do.",
        "用访问矩阵查看每个身份可以做什么。"
    )))
}

fn wrong_number(count: usize, lang: Lang) -> Problem {
    Problem::refused(
        "compare.identities",
        say!(
            lang,
            "{count} identities were named; between 1 and {MOST} can be compared.",
            "指定了 {count} 个身份；可以比较 1 到 {MOST} 个。"
        ),
    )
    .hinted(say!(lang, "Choose other identities.", "选择其他身份。"))
}
