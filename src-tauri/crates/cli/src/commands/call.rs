//! Job 4: one call, sent and explained.

use super::diagnose::print_diagnosis;
use super::{Ended, connected};
use crate::Outcome;
use crate::args::{Call, Global, Routes};
use crate::out::{self, Tone, safe, safe_block};
use crate::render::{self, Reply, Table, cell, items, text};
use crate::session::{Session, Wants};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::scope::did_you_mean;
use serde_json::{Map, Value, json};

pub(crate) async fn routes(global: &Global, command: Routes) -> Ended {
    let session = Session::open(global, Wants::Nothing).await?;
    let lang = session.lang;
    let list = session.ask("list_routes", json!({})).await?;
    let wanted = |route: &&Value| {
        command
            .filter
            .as_deref()
            .is_none_or(|filter| route.to_string().to_lowercase().contains(&filter.to_lowercase()))
    };
    let chosen: Vec<&Value> = items(list.at("routes")).iter().filter(wanted).collect();
    if session.json {
        session.print_json(&json!({ "routes": chosen }));
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&[
        say!(lang, "ROUTE", "路由"),
        say!(lang, "SCOPE (ANY OF)", "范围（任一）"),
        say!(lang, "ROLE PERMISSION", "角色权限"),
        say!(lang, "CALL", "调用"),
    ]);
    for route in chosen {
        table.row(vec![
            cell(text(route.at("id"))),
            cell(words(route.at("scopes"))),
            cell(words(route.at("permissions"))),
            cell(format!("{} {}", text(route.at("method")), text(route.at("path")))),
        ]);
    }
    table.print();
    Ok(Outcome::Done)
}

fn words(list: &Value) -> String {
    let words: Vec<&str> = items(list).iter().map(text).collect();
    if words.is_empty() { "–".into() } else { words.join(", ") }
}

pub(crate) async fn run(global: &Global, command: Call) -> Ended {
    let session = connected(global).await?;
    let list = session.ask("list_routes", json!({})).await?;
    let route = match route(&session, &list, &command.route) {
        Ok(route) => route,
        Err(problem) => return usage(&session, &problem),
    };
    let identity = match identity(&session, command.identity.as_deref()).await? {
        Ok(identity) => identity,
        Err(problem) => return usage(&session, &problem),
    };
    let values = match values(&session, route, &identity, &command.values).await? {
        Ok(values) => values,
        Err(problem) => return usage(&session, &problem),
    };
    let id = text(route.at("id"));
    if command.curl {
        return preview(&session, id, &values).await;
    }
    if route.at("writes") == true {
        session.may_write()?;
    }
    let args =
        json!({ "connection": session.connection, "identity": identity, "route": id, "values": values });
    let report = match session.ask("test_call", args).await {
        Err(problem) if problem.code == "call.missing_value" => {
            let name = problem.related.first().cloned().unwrap_or_default();
            let hint = say!(session.lang, "Add `--set {name}=…`.", "加上 `--set {name}=…`。");
            return usage(&session, &problem.hinted(hint));
        }
        answered => answered?,
    };
    if session.json {
        session.print_json(&report);
    } else {
        print_report(&report, &session);
    }
    let cause = text(report.at("diagnosis").at("cause"));
    Ok(match (cause, report.at("exchange").at("status").is_null()) {
        ("allowed", _) => Outcome::Done,
        (_, true) => Outcome::Unknown,
        (_, false) => Outcome::Refused,
    })
}

fn usage(session: &Session, problem: &Problem) -> Ended {
    session.refuse(problem, None);
    Ok(Outcome::Usage)
}

async fn preview(session: &Session, route: &str, values: &Map<String, Value>) -> Ended {
    let args = json!({ "connection": session.connection, "route": route, "values": values });
    let preview = session.ask("preview_call", args).await?;
    if session.json {
        session.print_json(&preview);
    } else {
        render::problems(preview.at("problems"), None, session.lang);
        out::line(&safe_block(text(preview.at("curl"))));
    }
    Ok(if items(preview.at("problems")).is_empty() { Outcome::Done } else { Outcome::Refused })
}

fn route<'a>(session: &Session, list: &'a Value, wanted: &str) -> Result<&'a Value, Problem> {
    let routes = items(list.at("routes"));
    routes.iter().find(|route| route.at("id") == wanted).ok_or_else(|| {
        let lang = session.lang;
        let problem = Problem::refused(
            "route.unknown",
            say!(lang, "There is no route `{wanted}`.", "没有名为 `{wanted}` 的路由。"),
        );
        match did_you_mean(wanted, routes.iter().map(|route| text(route.at("id")))) {
            Some(meant) => problem.hinted(say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？")),
            None => problem.hinted(say!(
                lang,
                "List them with `spectroscope routes`.",
                "用 `spectroscope routes` 列出。"
            )),
        }
    })
}

/// The handle of the identity to call with: by id, by label where only one has it, or the one of the environment.
async fn identity(session: &Session, wanted: Option<&str>) -> Result<Result<String, Problem>, Problem> {
    let lang = session.lang;
    let list = session.ask("list_connections", json!({})).await?;
    let mine =
        items(list.at("connections")).iter().find(|c| c.at("id").as_str() == session.connection.as_deref());
    let identities = mine.map(|connection| items(connection.at("identities"))).unwrap_or_default();
    let known: Vec<&str> = identities.iter().map(|identity| text(identity.at("id"))).collect();
    let Some(wanted) = wanted else {
        let unnamed = || session.with_way_in(unnamed_identity(&known, lang));
        return Ok(session.identity.clone().ok_or_else(unnamed));
    };
    let labelled: Vec<&str> = identities
        .iter()
        .filter(|i| i.at("label") == wanted)
        .map(|identity| text(identity.at("id")))
        .collect();
    Ok(match labelled.as_slice() {
        _ if known.contains(&wanted) => Ok(wanted.to_owned()),
        [only] => Ok((*only).to_owned()),
        [] => Err(unknown_identity(wanted, &known, lang)),
        several => Err(ambiguous_identity(wanted, several, lang)),
    })
}

fn unnamed_identity(known: &[&str], lang: Lang) -> Problem {
    let problem = Problem::refused(
        "identity.none_named",
        say!(lang, "Say as whom to call.", "需要指明以谁的身份调用。"),
    );
    if known.is_empty() {
        return problem;
    }
    let known = scopes::lang::list(lang, known);
    problem.hinted(say!(lang, "Add `--as` and one of {known}.", "加上 `--as` 和其中之一：{known}。"))
}

fn unknown_identity(wanted: &str, known: &[&str], lang: Lang) -> Problem {
    let problem = Problem::refused(
        "identity.unknown",
        say!(lang, "There is no identity `{wanted}` here.", "这里没有身份 `{wanted}`。"),
    );
    if known.is_empty() {
        return problem;
    }
    let known = scopes::lang::list(lang, known);
    problem.hinted(say!(lang, "Choose one of {known}.", "从 {known} 中选择。"))
}

fn ambiguous_identity(wanted: &str, several: &[&str], lang: Lang) -> Problem {
    let several = scopes::lang::list(lang, several);
    Problem::refused(
        "identity.ambiguous",
        say!(lang, "`{wanted}` is the label of several identities.", "有多个身份的标签是 `{wanted}`。"),
    )
    .hinted(say!(lang, "Choose one of {several}.", "从 {several} 中选择。"))
}

/// Picks in the order in which one needs the other.
const PICKS: [&str; 5] = ["team", "set", "todo", "comment", "user"];

/// The values by input name; names of teams, sets, todos, comments and members become ids.
async fn values(
    session: &Session,
    route: &Value,
    identity: &str,
    given: &[(String, String)],
) -> Result<Result<Map<String, Value>, Problem>, Problem> {
    let inputs = items(route.at("inputs"));
    let pick_of = |name: &str| inputs.iter().find(|i| i.at("name") == name).map(|i| text(i.at("pick")));
    // A set that the call itself does not take may still say where a todo is to be looked for.
    let place_of = |name: &str| pick_of(name).or_else(|| PICKS.into_iter().find(|pick| *pick == name));
    let mut ordered: Vec<(&str, &str, &str)> = Vec::new();
    for (name, value) in given {
        match place_of(name) {
            Some(pick) => ordered.push((pick, name, value)),
            None => return Ok(Err(unknown_input(session, inputs, name))),
        }
    }
    ordered.sort_by_key(|(pick, _, _)| PICKS.iter().position(|known| known == pick).unwrap_or(PICKS.len()));
    let (mut values, mut chosen) = (Map::new(), Map::new());
    for (pick, name, value) in ordered {
        let value = match pick {
            _ if PICKS.contains(&pick) => json!(by_name(session, &chosen, identity, pick, value).await),
            "bool" | "number" | "json" => serde_json::from_str(value).unwrap_or_else(|_| json!(value)),
            _ => json!(value),
        };
        chosen.entry(pick).or_insert_with(|| value.clone());
        if pick_of(name).is_some() {
            values.insert(name.to_owned(), value);
        }
    }
    Ok(Ok(values))
}

fn unknown_input(session: &Session, inputs: &[Value], name: &str) -> Problem {
    let lang = session.lang;
    let names: Vec<&str> = inputs.iter().map(|input| text(input.at("name"))).collect();
    let known = scopes::lang::list(lang, &names);
    let problem = Problem::refused(
        "call.unknown_value",
        say!(lang, "The call takes no `{name}`.", "该调用没有 `{name}` 这个值。"),
    );
    match names.is_empty() {
        true => problem.hinted(say!(lang, "Leave it out.", "不要填写它。")),
        false => problem.hinted(say!(lang, "It takes {known}.", "可以填写 {known}。")),
    }
}

/// The id of what is called so, if exactly one is; otherwise the word as typed.
async fn by_name(
    session: &Session,
    chosen: &Map<String, Value>,
    identity: &str,
    pick: &str,
    word: &str,
) -> String {
    let args = json!({
        "connection": session.connection, "identity": identity, "pick": pick,
        "team": chosen.get("team"), "set": chosen.get("set"), "todo": chosen.get("todo"),
    });
    let Ok(choices) = session.ask("list_choices", args).await else { return word.to_owned() };
    let choices = items(choices.at("choices"));
    if choices.iter().any(|choice| choice.at("id") == word) {
        return word.to_owned();
    }
    let called: Vec<&str> =
        choices.iter().filter(|c| c.at("label") == word).map(|c| text(c.at("id"))).collect();
    match called.as_slice() {
        [only] => (*only).to_owned(),
        _ => word.to_owned(),
    }
}

fn print_report(report: &Value, session: &Session) {
    let exchange = report.at("exchange");
    let lang = session.lang;
    let status = exchange.at("status").as_u64();
    let tone = if status.is_some_and(|status| status < 400) { Tone::Pass } else { Tone::Fail };
    let answer = status.map_or_else(|| say!(lang, "no answer", "没有回复"), |status| status.to_string());
    let elapsed = exchange.at("elapsed_ms").as_f64().map(|ms| format!("  {ms:.0} ms")).unwrap_or_default();
    let call = format!("{} {}", text(exchange.at("method")), text(exchange.at("url")));
    out::line(&format!("{}  {}{elapsed}", out::paint(tone, &answer), safe(&call)));
    let body =
        exchange.at("body_pretty").as_str().or_else(|| exchange.at("body").as_str()).unwrap_or_default();
    if !body.is_empty() {
        out::line(&safe_block(body));
    }
    if let Some(words) = exchange.at("failure_text").as_str() {
        out::line(&safe(words));
    }
    out::line("");
    print_diagnosis(report.at("diagnosis"), lang);
    let asked = items(report.at("asked")).len();
    if asked > 0 {
        let requests = if asked == 1 { "request" } else { "requests" };
        out::line(&say!(lang, "Evidence: {asked} more {requests}.", "为取证另发送了 {asked} 个请求。"));
    }
}
