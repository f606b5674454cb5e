//! Job 4: calls as several people, each answer explained with evidence gathered live.

use super::{Tour, entry};
use crate::render::{Reply, items, text};
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Map, Value, json};

/// One call: route, identity, what fills its values, and what has to come of it.
struct Call {
    route: &'static str,
    identity: &'static str,
    set: &'static str,
    title: Option<&'static str>,
    todo: Option<&'static str>,
    status: u64,
    cause: &'static str,
}

const fn read(identity: &'static str, set: &'static str, status: u64, cause: &'static str) -> Call {
    Call { route: "list_todos", identity, set, title: None, todo: None, status, cause }
}

const fn create(identity: &'static str, title: &'static str, status: u64, cause: &'static str) -> Call {
    Call { route: "create_todo", identity, set: "Pantry", title: Some(title), todo: None, status, cause }
}

/// Names of the sandbox's own people, sets and credentials.
const CALLS: [Call; 15] = [
    read("mia_full", "Pantry", 200, "allowed"),
    create("mia_full", "Buy biscuits", 201, "allowed"),
    create("mia_full", "Buy biscuits", 409, "request.conflict"),
    create("mia_legacy", "Buy scones", 201, "allowed"),
    create("mia_predates", "Buy jam", 403, "scope.token_predates"),
    Call {
        route: "delete_todo",
        identity: "mia_reader",
        set: "Pantry",
        title: None,
        todo: Some("Label the tea tins"),
        status: 403,
        cause: "scope.not_registered",
    },
    read("mia_legacy", "Pantry", 403, "scope.legacy_does_not_cover"),
    read("mia_other_namespace", "Pantry", 403, "scope.other_namespace"),
    read("mia_denied_by_rule", "Pantry", 403, "scope.denied_by_rule"),
    read("mia_full", "Board", 403, "role.set_override"),
    read("nora_no_team", "Pantry", 403, "membership.not_member"),
    read("quinn_no_teams", "Pantry", 403, "membership.unavailable"),
    read("ivy_stale_denial", "Pantry", 403, "membership.stale_denial"),
    read("bob_pat", "Pantry", 401, "token.personal_access_token"),
    read("mia_revoked", "Pantry", 401, "token.inactive"),
];

pub(super) async fn take(tour: &mut Tour) -> Result<(), Problem> {
    let lang = tour.lang();
    tour.job(&say!(
        lang,
        "Test call: the same routes as different people",
        "测试调用：以不同的人调用相同的路由"
    ));
    let routes = tour.session.ask("list_routes", json!({})).await?;
    let count = items(routes.at("routes")).len();
    tour.show(&say!(lang, "{count} cross-app routes are known.", "已知 {count} 条跨应用路由。"));
    let team = choice(tour, "team", &json!({}), "Tea Party").await?;
    for call in &CALLS {
        let set = choice(tour, "set", &json!({ "team": team }), call.set).await?;
        let todo = match call.todo {
            Some(title) => Some(choice(tour, "todo", &json!({ "team": team, "set": set }), title).await?),
            None => None,
        };
        let route = entry(routes.at("routes"), "id", call.route);
        let values =
            values(route, &[("team", Some(&team)), ("set", Some(&set)), ("todo", todo.as_ref())], call.title);
        let args = json!({ "identity": call.identity, "route": call.route, "values": values });
        let report = tour.ask("test_call", args).await?;
        judge(tour, call, &report);
    }
    Ok(())
}

/// The id of what the owner of everything calls so.
async fn choice(tour: &Tour, pick: &str, chosen: &Value, name: &str) -> Result<Value, Problem> {
    let args = json!({ "identity": "olivia_full", "pick": pick, "team": chosen.at("team"), "set": chosen.at("set") });
    let choices = tour.ask("list_choices", args).await?;
    Ok(entry(choices.at("choices"), "label", name).at("id").clone())
}

fn values(route: &Value, picks: &[(&str, Option<&Value>)], title: Option<&str>) -> Map<String, Value> {
    let mut values = Map::new();
    for input in items(route.at("inputs")) {
        let (name, pick) = (text(input.at("name")), text(input.at("pick")));
        let in_path = input.at("place") == "path";
        let picked = picks.iter().find(|(known, _)| *known == pick && in_path).and_then(|(_, id)| *id);
        let value = picked.cloned().or_else(|| title.filter(|_| name == "title").map(Value::from));
        values.extend(value.map(|value| (name.to_owned(), value)));
    }
    values
}

fn judge(tour: &mut Tour, call: &Call, report: &Value) {
    let diagnosis = report.at("diagnosis");
    let status = report.at("exchange").at("status").as_u64();
    let cause = text(diagnosis.at("cause"));
    let shown = status.map_or_else(|| "–".to_owned(), |status| status.to_string());
    tour.show(&format!("{} {} {}: {}", call.route, call.identity, call.set, text(diagnosis.at("headline"))));
    let (identity, route, expected) = (call.identity, call.route, call.cause);
    let what = format!("{route} {identity} {} → {shown} {cause}", call.set);
    let found = status == Some(call.status) && cause == expected;
    let what = if found {
        what
    } else {
        let lang = tour.lang();
        let wanted = format!("{} {expected}", call.status);
        say!(lang, "{what}, expected {wanted}", "{what}，预期 {wanted}")
    };
    tour.check(&what, found);
}
