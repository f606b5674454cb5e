//! The same read under several identities, side by side.

use super::Ended;
use super::call::usage;
use super::diagnose::certainty;
use crate::Outcome;
use crate::out::{Tone, safe};
use crate::render::{Reply, Table, cell, items, text};
use crate::session::Session;
use scopes::say;
use serde_json::{Map, Value, json};

pub(super) async fn run(
    session: &Session,
    route: &str,
    values: &Map<String, Value>,
    wanted: &[String],
) -> Ended {
    let lang = session.lang;
    let mut identities = Vec::new();
    for name in wanted {
        match session.identity_called(name).await {
            Ok(identity) => identities.push(identity),
            Err(problem) => return usage(session, &problem),
        }
    }
    let args = json!({
        "connection": session.connection, "route": route, "values": values, "identities": identities,
    });
    let found = match session.ask("compare_calls", args).await {
        Err(problem) if problem.code.starts_with("compare.") => return usage(session, &problem),
        found => found?,
    };
    let calls = items(found.at("calls"));
    if session.json {
        session.print_json(&found);
    } else {
        let mut table = Table::new(&[
            say!(lang, "IDENTITY", "身份"),
            say!(lang, "STATUS", "状态"),
            say!(lang, "GATE", "关卡"),
            say!(lang, "CAUSE", "原因"),
            say!(lang, "WHAT TO DO", "怎么办"),
        ]);
        for call in calls {
            table.row(row(call, lang));
        }
        table.print();
    }
    Ok(Outcome::of_calls(found.at("calls")))
}

fn row(call: &Value, lang: scopes::lang::Lang) -> Vec<(String, Tone)> {
    let found = call.at("diagnosis");
    let label = cell(safe(text(call.at("label"))));
    if found.is_null() {
        let why = safe(text(call.at("problem").at("message")));
        return vec![
            label,
            cell("–"),
            cell("–"),
            (text(call.at("problem").at("code")).to_owned(), Tone::Warn),
            cell(why),
        ];
    }
    let cause = text(found.at("cause"));
    let (tone, sure) = match cause {
        "allowed" => (Tone::Pass, cause.to_owned()),
        _ => (Tone::Fail, format!("{cause} ({})", certainty(text(found.at("certainty")), lang))),
    };
    let first = items(found.at("remedies")).first().map(|step| safe(text(step.at("action"))));
    let gate = call.at("gate").as_str().unwrap_or("–");
    vec![
        label,
        (found.at("status").to_string(), tone),
        cell(gate),
        (sure, tone),
        cell(first.unwrap_or_default()),
    ]
}
