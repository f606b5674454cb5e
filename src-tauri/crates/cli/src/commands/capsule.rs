//! Calls that are passed on, and asked again.

use super::Ended;
use super::call::{print_report, usage};
use crate::Outcome;
use crate::out::{self, safe};
use crate::render::{self, Reply, items, problem_of, text};
use crate::session::Session;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::path::Path;

/// Saves or prints the capsule of a call; whether it was printed, so that nothing else may be.
pub(super) async fn export(
    session: &Session,
    mut of: Value,
    file: &Path,
    minimised: bool,
) -> Result<bool, Problem> {
    if let Some(members) = of.as_object_mut() {
        members.insert("minimised".into(), json!(minimised));
        members.insert("save".into(), json!(false));
    }
    let sealed = session.ask("export_capsule", of).await?;
    let har = text(sealed.at("text"));
    if file == Path::new("-") {
        out::raw(har);
        out::raw("\n");
        return Ok(true);
    }
    let name = file.display().to_string();
    std::fs::write(file, har).map_err(|error| {
        Problem::refused(
            "file.unwritable",
            say!(session.lang, "`{name}` was not saved: {error}.", "`{name}` 未能保存：{error}。"),
        )
    })?;
    let (evidence, shown) = (sealed.at("evidence"), safe(&name));
    out::error_line(&say!(
        session.lang,
        "saved the call and {evidence} exchanges of evidence without secrets: {shown}",
        "已保存这次调用和 {evidence} 个取证请求，不含机密：{shown}"
    ));
    Ok(false)
}

/// Asks the first call of a record again, now and as another identity.
pub(super) async fn recheck(session: &Session, subjects: &[Value], identity: &str) -> Ended {
    let identity = match session.identity_called(identity).await {
        Ok(identity) => identity,
        Err(problem) => return usage(session, &problem),
    };
    let exchange = subjects.first().map(|subject| subject.at("exchange")).unwrap_or(&Value::Null);
    let args = json!({
        "connection": session.connection, "identity": identity, "method": text(exchange.at("method")),
        "url": text(exchange.at("url")), "body": exchange.at("request_body"),
    });
    let now = session.ask("recheck_call", args).await?;
    if session.json {
        session.print_json(&now);
    } else if let Some(problem) = problem_of(now.at("problem")) {
        render::problem(&problem, None, session.lang);
        super::matrix::print_rows(items(now.at("foretold")), session.lang);
    } else {
        print_report(now.at("report"), session);
    }
    let rows = items(now.at("foretold"));
    let all = |access: &str| rows.iter().all(|row| row.at("access") == access);
    Ok(if !now.at("report").is_null() {
        // Only reads are sent.
        Outcome::of_call(now.at("report"), false)
    } else if rows.iter().any(|row| row.at("access") == "denied") {
        Outcome::Refused
    } else if all("allowed") {
        Outcome::Done
    } else {
        Outcome::Unknown
    })
}
