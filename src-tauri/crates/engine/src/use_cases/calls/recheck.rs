//! A call of somebody else's record, asked again now with one's own identity. Only reads are sent.

use super::matrix::Scene;
use super::test_call::carry_out;
use super::{credential, glint_of};
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::capsules::{RecheckCall, Rechecked};
use scopes::diagnosis::capsule::holds_replaced_id;
use scopes::diagnosis::matrix::AccessRow;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::routes::{Matched, Place, find, percent_decoded};
use scopes::say;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Operation for RecheckCall {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Rechecked, Problem> {
        let lang = cx.lang;
        if self.is_minimised() {
            return Err(minimised(lang));
        }
        let deployment = engine.connection(&self.connection, lang)?;
        let glint = glint_of(&deployment, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        let hit =
            find(&self.method.to_ascii_uppercase(), path_of(&self.url)).ok_or_else(|| no_route(lang))?;
        let values = self.values(&hit);
        let route = hit.route;
        if route.is_safe_read() {
            let sent = carry_out(engine, &deployment, glint, route, &values, Some(held), cx).await?;
            return Ok(Rechecked {
                route: route.id.clone(),
                report: Some(sent.report()),
                foretold: Vec::new(),
                problem: None,
            });
        }
        let credential = credential(engine, &deployment, &held, lang).await?;
        let scene = Scene { engine, deployment: &deployment, glint, held, credential, lang };
        let text = |name: &str| values.get(name).and_then(Value::as_str);
        let evidence = scene.evidence(text("team"), text("set").or(text("setId"))).await;
        let sent = |row: &AccessRow| {
            row.field.as_ref().is_none_or(|field| match values.get(field) {
                Some(mode) if field == "mode" => mode == "replace",
                value => value.is_some(),
            })
        };
        let mut foretold = scene.foresee(&evidence);
        foretold.retain(|row| row.route == route.id && sent(row));
        Ok(Rechecked { route: route.id.clone(), report: None, foretold, problem: Some(not_sent(lang)) })
    }
}

impl RecheckCall {
    /// Whether the call names something by a value that a capsule put in the place of an ID.
    fn is_minimised(&self) -> bool {
        let url = percent_decoded(&self.url);
        let path = path_of(&url);
        let body = self.body.as_deref().unwrap_or_default();
        holds_replaced_id(path) || path.contains('‹') || holds_replaced_id(body)
    }

    /// The values of the route: from path, query and body of the record.
    fn values(&self, hit: &Matched) -> BTreeMap<String, Value> {
        let mut values: BTreeMap<String, Value> =
            hit.values.iter().map(|(name, value)| (name.clone(), json!(percent_decoded(value)))).collect();
        let taken = |name: &str, place: Place| {
            hit.route.inputs.iter().any(|input| input.name == name && input.place == place)
        };
        let query = self.url.split_once('?').map_or("", |(_, query)| query).split('#').next();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if taken(&name, Place::Query) {
                values.insert(name.into_owned(), json!(value));
            }
        }
        let body = self.body.as_deref().and_then(|body| serde_json::from_str::<Value>(body).ok());
        for (name, value) in body.as_ref().and_then(Value::as_object).into_iter().flatten() {
            if taken(name, Place::Body) {
                values.insert(name.clone(), value.clone());
            }
        }
        values
    }
}

/// Path and query of an address, whosever it is: the call goes to the connection's own Glint.
fn path_of(url: &str) -> &str {
    let rest = url.find("://").and_then(|at| url.get(at + 3..));
    rest.map_or(url, |rest| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"))
}

fn minimised(lang: Lang) -> Problem {
    Problem::refused(
        "recheck.minimised",
        say!(
            lang,
            "This call cannot be sent again: its IDs were replaced.",
            "无法重新发送此调用：其中的 ID 已被替换。"
        ),
    )
    .hinted(say!(
        lang,
        "A minimised capsule holds fingerprints in place of IDs, which no server knows. Open the original record, or ask for a capsule that was not minimised.",
        "精简胶囊用指纹代替 ID，任何服务器都不认识它们。打开原始记录，或索取未精简的胶囊。"
    ))
}

fn no_route(lang: Lang) -> Problem {
    Problem::refused(
        "recheck.no_route",
        say!(lang, "This is no call to a route of Glint.", "这不是对 Glint 路由的调用。"),
    )
    .hinted(say!(lang, "Choose a call to `/api/cross-app`.", "选择一个对 `/api/cross-app` 的调用。"))
}

fn not_sent(lang: Lang) -> Problem {
    Problem::note(
        "recheck.not_sent",
        say!(
            lang,
            "This call changes something or never ends, so it was not sent; what is shown is foretold.",
            "这个调用会更改内容或没有终点，因此没有发送；所示为预测。"
        ),
    )
}
