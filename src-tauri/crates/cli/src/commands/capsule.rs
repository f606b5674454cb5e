//! Calls that are passed on, and asked again.

use super::Ended;
use super::call::{print_report, usage};
use crate::args::PassOn;
use crate::out::{self, safe};
use crate::render::{self, Reply, items, problem_of, text};
use crate::same_file::is_same_file;
use crate::session::Session;
use crate::{Outcome, words};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::path::Path;

/// Refuses two outputs in one place, before anything is sent or written.
pub(super) fn check(wanted: &PassOn, lang: Lang) -> Result<(), Problem> {
    let (Some(capsule), Some(report)) = (&wanted.capsule, &wanted.report) else { return Ok(()) };
    if capsule == Path::new("-") && report == Path::new("-") {
        return Err(Problem::refused(
            "pass_on.one_output",
            say!(lang, "Only one of capsule and report can be printed.", "胶囊和报告只能打印其中一个。"),
        ));
    }
    if is_same_file(capsule, report) {
        let problem = Problem::refused(
            "pass_on.same_file",
            say!(lang, "Capsule and report name the same file.", "胶囊和报告指定了同一个文件。"),
        );
        return Err(problem.hinted(say!(lang, "Name two files.", "指定两个文件。")));
    }
    Ok(())
}

/// Where capsule and report go: each file with whether it may replace another.
pub(super) struct Outputs<'a>([Option<(&'a Path, bool)>; 2]);

/// Checks where capsule and report go, before anything is sent or read for them.
///
/// # Errors
/// When a file cannot be written there, or is the `input` that is read.
pub(super) fn outputs<'a>(
    session: &Session,
    wanted: &'a PassOn,
    input: Option<&Path>,
) -> Result<Outputs<'a>, Problem> {
    let files = [wanted.capsule.as_deref(), wanted.report.as_deref()];
    let [capsule, report] = files.map(|file| {
        file.map(|file| match file == Path::new("-") {
            true => Ok((file, false)),
            false => session.may_save(file, input, wanted.force).map(|replace| (file, replace)),
        })
        .transpose()
    });
    Ok(Outputs([capsule?, report?]))
}

/// Saves or prints capsule and report of a call; whether one was printed, so that nothing else may be. What goes in and
/// what was replaced is printed before anything is saved.
pub(super) async fn export(
    session: &Session,
    mut of: Value,
    wanted: &PassOn,
    outputs: &Outputs<'_>,
) -> Result<bool, Problem> {
    if let Some(members) = of.as_object_mut() {
        members.insert("minimised".into(), json!(wanted.minimise));
        members.insert("hide_hosts".into(), json!(wanted.hide_hosts));
        members.insert("save".into(), json!(false));
    }
    let sealed = session.ask("export_capsule", of).await?;
    print_contents(&sealed, session);
    let mut printed = false;
    for (output, content) in outputs.0.iter().zip([sealed.at("text"), sealed.at("report")]) {
        let Some((file, replace)) = *output else { continue };
        if file == Path::new("-") {
            out::raw(text(content));
            out::raw("\n");
            printed = true;
            continue;
        }
        session.save(file, text(content), replace)?;
        let name = safe(&file.display().to_string());
        out::error_line(&say!(session.lang, "saved: {name}", "已保存：{name}"));
    }
    Ok(printed)
}

/// What goes into the capsule, and what was replaced in it.
fn print_contents(sealed: &Value, session: &Session) {
    let (lang, contents) = (session.lang, sealed.at("contents"));
    for (number, exchange) in items(contents.at("exchanges")).iter().enumerate() {
        let kind = match number {
            0 => say!(lang, "call", "调用"),
            _ => say!(lang, "evidence", "证据"),
        };
        let exchange = safe(text(exchange));
        out::error_line(&say!(lang, "  {kind}: {exchange}", "  {kind}：{exchange}"));
    }
    let left_out = contents.at("left_out");
    let replaced: Vec<String> = items(contents.at("replaced"))
        .iter()
        .map(|one| format!("{} {}", one.at("count"), words::replaced(text(one.at("what")), lang)))
        .collect();
    let replaced = if replaced.is_empty() { say!(lang, "nothing", "无") } else { replaced.join(", ") };
    out::error_line(&say!(lang, "  replaced or removed: {replaced}", "  已替换或移除：{replaced}"));
    out::error_line(&say!(lang, "  other exchanges left out: {left_out}", "  未放入的其他请求：{left_out}"));
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
