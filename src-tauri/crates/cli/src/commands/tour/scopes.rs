//! Job 1: the least list for a consumer, and what its users would see.

use super::{Tour, entry};
use crate::render::{Reply, items, text};
use scopes::problem::Problem;
use scopes::say;
use serde_json::json;

const PLATFORM: [&str; 4] = ["openid", "profile", "teams:read", "offline_access"];

pub(super) async fn take(tour: &mut Tour) -> Result<(), Problem> {
    let lang = tour.lang();
    tour.job(&say!(lang, "Scopes: the list a consumer registers", "范围：消费方要注册的列表"));
    let catalog = tour.ask("open_catalog", json!({})).await?;
    let (all, name) = (items(catalog.at("scopes")).len(), text(catalog.at("provider_name")));
    tour.show(&say!(lang, "{name} and Prism offer {all} scopes.", "{name} 和 Prism 共提供 {all} 个范围。"));
    let preset = entry(catalog.at("presets"), "name", "read_only");
    let client_id = text(catalog.at("provider_client_id"));
    let args =
        json!({ "client_id": client_id, "platform": PLATFORM, "inner": preset.at("scopes"), "merge": null });
    let built = tour.ask("build_scopes", args).await?;
    tour.show(text(built.at("json")));
    let expected: Vec<String> =
        PLATFORM.iter().map(ToString::to_string).chain([format!("app:{client_id}:read_todos")]).collect();
    let list: Vec<String> = serde_json::from_str(text(built.at("json"))).unwrap_or_default();
    tour.check(
        &say!(
            lang,
            "5 scopes, in catalogue order, nothing to remark",
            "5 个范围，按目录顺序，没有需要提示的问题"
        ),
        list == expected && items(built.at("lints")).is_empty(),
    );
    let consumer = entry(catalog.at("consumers"), "name", "Standup Bot");
    preview(tour, text(consumer.at("client_id")), &expected).await
}

/// Prism itself is asked what a user of the consumer would see.
async fn preview(tour: &mut Tour, consumer: &str, scopes: &[String]) -> Result<(), Problem> {
    let lang = tour.lang();
    let never_registered = scopes.last().map(|scope| scope.replace("read_todos", "delete_todos"));
    let asked: Vec<&String> = scopes.iter().chain(&never_registered).collect();
    let preview = tour
        .ask("preview_consent", json!({ "consumer": consumer, "redirect_uri": null, "scopes": asked }))
        .await?;
    for granted in items(preview.at("granted")) {
        let title = granted.at("title").as_str().unwrap_or(text(granted.at("key")));
        tour.show(&say!(lang, "Users would see: {title}", "用户会看到：{title}"));
    }
    let refused = items(preview.at("refused"));
    for refusal in refused {
        let (key, reason) = (text(refusal.at("key")), text(refusal.at("reason")));
        tour.show(&say!(lang, "Prism would leave out: {key} ({reason})", "Prism 会略去：{key}（{reason}）"));
    }
    tour.check(
        &say!(
            lang,
            "Prism would grant what Standup Bot registered and leave out what it did not",
            "Prism 会授予 Standup Bot 已注册的，略去未注册的"
        ),
        items(preview.at("granted")).len() == scopes.len()
            && refused.len() == 1
            && refused.iter().all(|r| r.at("reason") == "not_allowed" && r.at("key") == "delete_todos"),
    );
    Ok(())
}
