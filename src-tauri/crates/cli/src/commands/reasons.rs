//! The reference of the reason codes.

use super::Ended;
use super::diagnose::actor;
use crate::Outcome;
use crate::args::{Global, Reasons};
use crate::out::{self, safe};
use crate::render::{Reply, Table, cell, items, text};
use crate::session::{Session, Wants};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::scope::did_you_mean;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Reasons) -> Ended {
    let session = Session::open(global, Wants::Nothing).await?;
    let lang = session.lang;
    let reply = session.ask("list_reasons", json!({})).await?;
    let all = items(reply.at("reasons"));
    let wanted = command.code.as_deref();
    let of = |name: &str| all.iter().filter(|reason| reason.at(name) == wanted.unwrap_or_default()).collect();
    let mut chosen: Vec<&Value> = of("code");
    // A code that is its own family is meant as the code.
    let one = chosen.first().copied();
    if chosen.is_empty() {
        chosen = if wanted.is_some() { of("family") } else { all.iter().collect() };
    }
    if chosen.is_empty() {
        session.refuse(&unknown(wanted.unwrap_or_default(), all, lang), None);
        return Ok(Outcome::Usage);
    }
    if session.json {
        session.print_json(&json!({ "reasons": chosen }));
    } else if let Some(reason) = one {
        explain(reason, lang);
    } else {
        list(&chosen, lang);
    }
    Ok(Outcome::Done)
}

fn list(reasons: &[&Value], lang: Lang) {
    let mut table = Table::new(&[say!(lang, "CODE", "代码"), say!(lang, "MEANING", "含义")]);
    for reason in reasons {
        table.row(vec![cell(text(reason.at("code"))), cell(text(reason.at("title")))]);
    }
    table.print();
}

fn explain(reason: &Value, lang: Lang) {
    let said = |name: &str| safe(text(reason.at(name)));
    out::line(&format!("{}  {}", said("code"), said("title")));
    out::line(&said("headline"));
    if !reason.at("question").is_null() {
        out::line(&said("question"));
    }
    for (at, step) in items(reason.at("steps")).iter().enumerate() {
        let who = actor(text(step.at("who")), lang);
        let action = safe(text(step.at("action")));
        out::line(&say!(lang, "  {}. {action} ({who})", "  {}. {action}（{who}）", at + 1));
        if let Some(detail) = step.at("detail").as_str() {
            out::line(&format!("     {}", safe(detail)));
        }
        if step.at("reauthorize") == true {
            out::line(&say!(lang, "     Needs a new approval.", "     需要重新授权。"));
        }
    }
}

fn unknown(wanted: &str, all: &[Value], lang: Lang) -> Problem {
    let problem = Problem::refused(
        "reason.unknown",
        say!(lang, "There is no reason code `{wanted}`.", "没有名为 `{wanted}` 的原因代码。"),
    );
    match did_you_mean(wanted, all.iter().map(|reason| text(reason.at("code")))) {
        Some(meant) => problem.hinted(say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？")),
        None => problem.hinted(say!(
            lang,
            "List them with `spectroscope reasons`.",
            "用 `spectroscope reasons` 列出。"
        )),
    }
}
