//! Job 2: definitions, planned before they are sent.

use super::{Ended, administering};
use crate::Outcome;
use crate::args::{Definitions, DefinitionsExport, DefinitionsSource, Global};
use crate::out::{self, Tone};
use crate::render::{self, Given, Reply, Table, cell, items, problem_of, prose, text};
use crate::session::{Session, Wants, read_text};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::text::MAX_BYTES;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Definitions) -> Ended {
    match command {
        Definitions::Plan(source) => plan(&administering(global).await?, &source).await,
        Definitions::Apply(source) => apply(&administering(global).await?, &source).await,
        Definitions::Export(command) => export(global, &command).await,
    }
}

/// The text of a source with its name.
async fn source(session: &Session, source: &DefinitionsSource) -> Result<(String, String), Problem> {
    match &source.file {
        Some(path) => read_text(path, MAX_BYTES, session.lang),
        None => {
            let guide = session.ask("export_definitions", json!({ "connection": null })).await?;
            Ok((text(guide.at("name")).to_owned(), text(guide.at("text")).to_owned()))
        }
    }
}

async fn planned(session: &Session, text: &str, delete: &[String]) -> Result<Value, Problem> {
    let args = json!({ "connection": session.connection, "text": text, "delete": delete });
    let plan = session.ask("plan_import", args).await?;
    session.say_who(&plan);
    check_deletions(&plan, delete, session.lang)?;
    Ok(plan)
}

/// Refuses names in `--delete` for which the plan deletes nothing. A plan of a source with an error has no rows to check.
fn check_deletions(plan: &Value, delete: &[String], lang: Lang) -> Result<(), Problem> {
    if !plan.at("blocked").is_null() {
        return Ok(());
    }
    let rows = items(plan.at("rows"));
    let action_of = |name: &str| rows.iter().find(|row| row.at("scope") == name).map(|row| row.at("action"));
    let ignored = |name: &&str| action_of(name).is_none_or(|action| action != "delete");
    let names: Vec<&str> = delete.iter().map(String::as_str).filter(ignored).collect();
    if names.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = names.iter().map(|name| format!("`{}`", out::safe(name))).collect();
    let list = list.join(&say!(lang, ", ", "、"));
    let words = say!(
        lang,
        "Names in `--delete` that cannot be deleted: {list}.",
        "`--delete` 中有无法删除的名称：{list}。"
    );
    let hint = say!(
        lang,
        "A name must be the scope of a definition at Prism, and the source must not hold it. \
         `spectroscope definitions export` prints the definitions at Prism.",
        "名称必须是 Prism 上某个定义的权限范围，并且不在来源中。\
         `spectroscope definitions export` 输出 Prism 上的定义。"
    );
    Err(Problem::refused("definition.unknown_name", words).hinted(hint))
}

async fn plan(session: &Session, command: &DefinitionsSource) -> Ended {
    let (name, text) = source(session, command).await?;
    let plan = planned(session, &text, &command.delete).await?;
    if session.json {
        session.print_json(&plan);
    } else {
        show(&plan, &Given { name: &name, text: &text, place_only: false }, session.lang);
    }
    let changes = ["create", "update", "delete"].iter().any(|kind| plan.at("counts").at(kind) != 0);
    Ok(match () {
        () if !plan.at("blocked").is_null() => Outcome::Nothing,
        () if changes => Outcome::Refused,
        () => Outcome::Done,
    })
}

/// Prints what would change, and what is wrong with the source.
pub(super) fn show(plan: &Value, given: &Given<'_>, lang: Lang) {
    render::problems(plan.at("problems"), Some(given), lang);
    if let Some(blocked) = problem_of(plan.at("blocked")) {
        render::problem(&blocked, None, lang);
    }
    let mut table =
        Table::new(&[say!(lang, "ACTION", "操作"), say!(lang, "SCOPE", "范围"), say!(lang, "TITLE", "标题")]);
    for row in items(plan.at("rows")) {
        let (word, tone) = action(text(row.at("action")), lang);
        table.row(vec![(word, tone), cell(text(row.at("scope"))), prose(text(row.at("title")))]);
        for change in items(row.at("changes")) {
            table.row(vec![
                cell(""),
                cell(format!("  {}", text(change.at("field")))),
                prose(&format!("− {}", text(change.at("before")))),
            ]);
            table.row(vec![cell(""), cell(""), prose(&format!("+ {}", text(change.at("after"))))]);
        }
    }
    table.print();
    out::line(&counts(plan, lang));
}

fn counts(plan: &Value, lang: Lang) -> String {
    let count = |kind: &str| plan.at("counts").at(kind).as_u64().unwrap_or(0);
    let (create, update, delete) = (count("create"), count("update"), count("delete"));
    let (same, only) = (count("unchanged"), count("only_at_prism"));
    say!(
        lang,
        "{create} to create, {update} to update, {delete} to delete, {same} unchanged, {only} only at Prism",
        "新建 {create}，更新 {update}，删除 {delete}，不变 {same}，仅在 Prism {only}"
    )
}

fn action(action: &str, lang: Lang) -> (String, Tone) {
    match action {
        "create" => (say!(lang, "+ create", "+ 新建"), Tone::Pass),
        "update" => (say!(lang, "~ update", "~ 更新"), Tone::Warn),
        "delete" => (say!(lang, "− delete", "− 删除"), Tone::Fail),
        "unchanged" => (say!(lang, "= unchanged", "= 不变"), Tone::Plain),
        _ => (say!(lang, "i only at Prism", "i 仅在 Prism"), Tone::Plain),
    }
}

async fn apply(session: &Session, command: &DefinitionsSource) -> Ended {
    let (name, text) = source(session, command).await?;
    let plan = planned(session, &text, &command.delete).await?;
    let given = Given { name: &name, text: &text, place_only: false };
    if !session.json {
        show(&plan, &given, session.lang);
    }
    if !plan.at("blocked").is_null() {
        // In words it has been said below the plan already.
        if session.json {
            session.print_json(&plan);
        }
        return Ok(Outcome::Nothing);
    }
    session.may_write().await?;
    let result = send(session, &text, &command.delete, &plan).await?;
    if session.json {
        session.print_json(&result);
    } else {
        print_result(&result, session.lang);
    }
    Ok(Outcome::of_rows(result.at("rows")))
}

/// Applies a plan and reports each step on standard error.
pub(super) async fn send(
    session: &Session,
    text: &str,
    delete: &[String],
    plan: &Value,
) -> Result<Value, Problem> {
    let args = json!({
        "connection": session.connection, "text": text, "delete": delete, "base": plan.at("base"),
    });
    let (lang, quiet) = (session.lang, session.json);
    let step = move |step: Value| {
        if !quiet {
            let state = state(render::text(step.at("state")), lang).0;
            out::error_line(&format!("  {} {state}", out::safe(render::text(step.at("scope")))));
        }
    };
    session.ask_stoppable("apply_import", args, &step).await
}

/// Prints what became of an import.
pub(super) fn print_result(result: &Value, lang: Lang) {
    let mut table = Table::new(&[
        say!(lang, "RESULT", "结果"),
        say!(lang, "ACTION", "操作"),
        say!(lang, "SCOPE", "范围"),
    ]);
    for row in items(result.at("rows")) {
        let action = action(text(row.at("action")), lang).0;
        table.row(vec![state(text(row.at("state")), lang), cell(action), cell(text(row.at("scope")))]);
    }
    table.print();
    for row in items(result.at("rows")) {
        // That a row was not sent stands in the table; why, once below it.
        let halted = |problem: &Problem| problem.code == text(result.at("halted").at("code"));
        if let Some(problem) = problem_of(row.at("problem")).filter(|problem| !halted(problem)) {
            render::problem_with(text(row.at("scope")), &problem, lang);
        }
    }
    print_halted(result, lang);
    out::line(&out::safe(text(result.at("summary"))));
}

/// Prints why the rest of a job was not sent.
pub(super) fn print_halted(result: &Value, lang: Lang) {
    if let Some(problem) = problem_of(result.at("halted")).filter(|problem| problem.code != "cancelled") {
        render::problem(&problem, None, lang);
    }
}

/// Where a row stands, as a word.
pub(super) fn state(state: &str, lang: Lang) -> (String, Tone) {
    match state {
        "waiting" => (say!(lang, "waiting", "等待"), Tone::Plain),
        "sending" => (say!(lang, "sending", "发送中"), Tone::Plain),
        "reading_back" => (say!(lang, "reading back", "回读中"), Tone::Plain),
        "verified" => (say!(lang, "✓ verified", "✓ 已核实"), Tone::Pass),
        "refused" => (say!(lang, "✗ refused", "✗ 被拒绝"), Tone::Fail),
        "not_sent" => (say!(lang, "– not sent", "– 未发送"), Tone::Warn),
        _ => (say!(lang, "? unknown", "? 未知"), Tone::Warn),
    }
}

async fn export(global: &Global, command: &DefinitionsExport) -> Ended {
    let wants = if command.guide { Wants::Nothing } else { Wants::Connection };
    let session = Session::open(global, wants).await?;
    let file = command.file.as_deref().filter(|path| path.as_os_str() != "-");
    let replace = file.map(|path| session.may_save(path, None, command.force)).transpose()?;
    if !command.guide {
        session.administer().await?;
    }
    let connection = if command.guide { None } else { session.connection.clone() };
    let exported = session.ask("export_definitions", json!({ "connection": connection })).await?;
    let content = text(exported.at("text"));
    match file {
        None if session.json => session.print_json(&exported),
        None => out::raw(content),
        Some(path) => {
            let name = path.display();
            session.save(path, content, replace == Some(true))?;
            if session.json {
                session.print_json(&json!({ "written": name.to_string() }));
            }
        }
    }
    Ok(Outcome::Done)
}
