//! Job 3: a rule, its effect before it is saved, and what Prism then really says.

use super::{Tour, entry};
use crate::render::{Reply, items, problem_of, text};
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

pub(super) async fn take(tour: &mut Tour) -> Result<(), Problem> {
    let lang = tour.lang();
    tour.job(&say!(lang, "Access rules: who may, before and after", "访问规则：保存前后，谁可以"));
    let today = tour.ask("review_access", json!({})).await?;
    for effect in items(today.at("consumers")) {
        tour.show(text(effect.at("before").at("sentence")));
    }
    let board = entry(today.at("consumers"), "name", "Tea Board").at("id").clone();
    first_allow(tour, &board).await?;
    let add = json!([{ "rule_type": "app_deny", "target_id": board }]);
    let staged = tour.ask("review_access", json!({ "add": add })).await?;
    let effect = entry(staged.at("consumers"), "name", "Tea Board");
    tour.show(text(effect.at("after").at("sentence")));
    let saved = tour.ask("apply_rules", json!({ "add": add, "base": staged.at("base") })).await?;
    tour.check(
        &say!(
            lang,
            "an `app_deny` for Tea Board is saved and read back",
            "给 Tea Board 加一条 `app_deny`，已保存并回读"
        ),
        items(saved.at("rows")).iter().all(|row| row.at("state") == "verified"),
    );
    let denied = prism_says(tour, text(&board)).await?;
    tour.check(
        &say!(
            lang,
            "Prism itself now refuses Tea Board: `app_denied`",
            "Prism 自己现在拒绝 Tea Board：`app_denied`"
        ),
        denied.as_deref() == Some("app_denied"),
    );
    take_back(tour, &saved, text(&board)).await
}

/// The first allow rule would shut out everybody else; it is looked at and not sent.
async fn first_allow(tour: &mut Tour, board: &Value) -> Result<(), Problem> {
    let lang = tour.lang();
    let add = json!([{ "rule_type": "app_allow", "target_id": board }]);
    let review = tour.ask("review_access", json!({ "add": add })).await?;
    let warning = items(review.at("warnings"))
        .iter()
        .filter_map(problem_of)
        .find(|p| p.code == "access.allow_list_starts");
    if let Some(warning) = &warning {
        tour.show(&warning.message);
    }
    tour.check(
        &say!(
            lang,
            "a first `app_allow` is warned about before it is sent",
            "第一条 `app_allow` 在发送前会得到警告"
        ),
        warning.is_some() && entry(review.at("consumers"), "name", "Standup Bot").at("changed") == true,
    );
    Ok(())
}

/// The reason Prism gives for leaving `read_todos` out, if it does.
async fn prism_says(tour: &Tour, consumer: &str) -> Result<Option<String>, Problem> {
    let catalog = tour.ask("open_catalog", json!({})).await?;
    let scope = format!("app:{}:read_todos", text(catalog.at("provider_client_id")));
    let args = json!({ "consumer": consumer, "redirect_uri": null, "scopes": [scope] });
    let preview = tour.ask("preview_consent", args).await?;
    Ok(items(preview.at("refused")).first().map(|refusal| text(refusal.at("reason")).to_owned()))
}

async fn take_back(tour: &mut Tour, saved: &Value, consumer: &str) -> Result<(), Problem> {
    let lang = tour.lang();
    let review = saved.at("review");
    let rule =
        items(review.at("rules")).iter().find(|view| text(view.at("rule").at("target_id")) == consumer);
    let ids: Vec<&Value> = rule.iter().map(|view| view.at("rule").at("id")).collect();
    let result = tour.ask("apply_rules", json!({ "remove": ids, "base": review.at("base") })).await?;
    let verified = items(result.at("rows")).iter().all(|row| row.at("state") == "verified");
    let open = prism_says(tour, consumer).await?.is_none();
    tour.check(
        &say!(
            lang,
            "the rule is taken back, and Prism lets Tea Board ask again",
            "规则已撤回，Prism 又允许 Tea Board 请求"
        ),
        verified && !ids.is_empty() && open,
    );
    Ok(())
}
