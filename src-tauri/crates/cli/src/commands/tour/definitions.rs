//! Job 2: an import, planned, applied, read back; and one with a mistake.

use super::Tour;
use crate::render::{Reply, items, problem_of, text};
use scopes::plan::Definition;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

pub(super) async fn take(tour: &mut Tour) -> Result<(), Problem> {
    let lang = tour.lang();
    tour.job(&say!(lang, "Definitions: planned, applied, read back", "定义：先计划，再应用，再回读"));
    mistake(tour).await?;
    let guide = tour.session.ask("export_definitions", json!({ "connection": null })).await?;
    let source = changed(text(guide.at("text")));
    let plan = tour.ask("plan_import", json!({ "text": source })).await?;
    for row in items(plan.at("rows")).iter().filter(|row| row.at("action") != "unchanged") {
        tour.show(&format!("{} {}", text(row.at("action")), text(row.at("scope"))));
    }
    let counts = plan.at("counts");
    tour.check(
        &say!(
            lang,
            "the guide's list with one title changed and `assign_todos` added: 1 to create, 1 to update, 12 unchanged",
            "在指南列表中改一个标题并加入 `assign_todos`：新建 1，更新 1，不变 12"
        ),
        *counts == json!({ "create": 1, "update": 1, "delete": 0, "unchanged": 12, "only_at_prism": 0 }),
    );
    let result = tour.ask("apply_import", json!({ "text": source, "base": plan.at("base") })).await?;
    tour.show(text(result.at("summary")));
    tour.check(
        &say!(lang, "both changes were sent, read back and equal", "两处改动都已发送、回读并一致"),
        result.at("verified") == 2 && result.at("refused") == 0,
    );
    let again = tour.ask("plan_import", json!({ "text": source })).await?;
    tour.check(
        &say!(lang, "planned again: nothing left to do", "再次计划：没有需要改动的"),
        again.at("counts").at("unchanged") == 14,
    );
    stale(tour, &source, &plan).await
}

/// The list of the guide with one title changed and one definition more.
fn changed(guide: &str) -> String {
    let mut list: Vec<Definition> = serde_json::from_str(guide).unwrap_or_default();
    for definition in list.iter_mut().filter(|definition| definition.scope == "comment") {
        definition.title = "Write comments".into();
    }
    list.push(Definition {
        scope: "assign_todos".into(),
        title: "Assign todos".into(),
        description: "Assign or unassign a todo to/from team members (or yourself).".into(),
    });
    scopes::plan::export(&list)
}

async fn mistake(tour: &mut Tour) -> Result<(), Problem> {
    let lang = tour.lang();
    let broken = "[\n  {\"scope\": \"read_todos\", \"title\": \"Read todos\"}\n  {\"scope\": \"comment\", \"title\": \"Post comments\"}\n]";
    let plan = tour.ask("plan_import", json!({ "text": broken })).await?;
    let found =
        items(plan.at("problems")).iter().filter_map(problem_of).find(|p| p.code == "json.missing_comma");
    if let Some(problem) = &found {
        let place = problem.span.map(|span| format!("{}:{}", span.line, span.column)).unwrap_or_default();
        tour.show(&format!("{place} {} {}", problem.message, problem.hints.join(" ")));
    }
    let place = found.and_then(|problem| problem.span).map(|span| (span.line, span.column));
    tour.check(
        &say!(
            lang,
            "a missing comma is found at line 2, column 49, and nothing is sent",
            "在第 2 行第 49 列发现缺少逗号，没有发送任何请求"
        ),
        place == Some((2, 49)) && !plan.at("blocked").is_null(),
    );
    Ok(())
}

/// The old plan no longer fits: it is refused instead of being applied.
async fn stale(tour: &mut Tour, source: &str, plan: &Value) -> Result<(), Problem> {
    let lang = tour.lang();
    let refused = tour.ask("apply_import", json!({ "text": source, "base": plan.at("base") })).await;
    tour.check(
        &say!(
            lang,
            "applying the first plan again is refused: the definitions moved",
            "再次应用第一个计划会被拒绝：定义已经变了"
        ),
        refused.is_err_and(|problem| problem.code == "stale_plan"),
    );
    Ok(())
}
