//! Job 4: one call, sent and explained.

use super::diagnose::print_diagnosis;
use super::{Ended, connected};
use crate::Outcome;
use crate::args::{Call, Global, Routes};
use crate::names::{Noun, listed};
use crate::out::{self, Tone, safe, safe_block};
use crate::render::{self, Reply, Table, cell, items, text};
use crate::session::{Session, Wants};
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
    super::capsule::check(&command.pass_on, session.lang)?;
    let list = session.ask("list_routes", json!({})).await?;
    let route = match route(&session, &list, &command.route) {
        Ok(route) => route,
        Err(problem) => return usage(&session, &problem),
    };
    let caller = command.caller.as_deref().or(command.compare.first().map(String::as_str));
    let identity = match identity(&session, caller).await {
        Ok(identity) => identity,
        Err(problem) if problem.code.starts_with("identity.") => return usage(&session, &problem),
        Err(problem) => return Err(problem),
    };
    let values = match values(&session, route, &identity, &command.values).await? {
        Ok(values) => values,
        Err(problem) => return usage(&session, &problem),
    };
    let id = text(route.at("id"));
    if !command.compare.is_empty() {
        return super::compare::run(&session, id, &values, &command.compare).await;
    }
    if command.curl {
        return preview(&session, id, &values).await;
    }
    let outputs = super::capsule::outputs(&session, &command.pass_on, None)?;
    if route.at("writes") == true {
        session.may_write().await?;
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
    let printed = match command.pass_on.is_wanted() {
        true => {
            let of = json!({ "call": report.at("call") });
            super::capsule::export(&session, of, &command.pass_on, &outputs).await?
        }
        false => false,
    };
    if printed {
        // The capsule itself went to standard output.
    } else if session.json {
        session.print_json(&report);
    } else {
        print_report(&report, &session);
    }
    Ok(Outcome::of_call(&report, route.at("writes") == true))
}

pub(super) fn usage(session: &Session, problem: &Problem) -> Ended {
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

/// The handle of the identity to call with: the one named, or the one of the environment.
pub(super) async fn identity(session: &Session, wanted: Option<&str>) -> Result<String, Problem> {
    let lang = session.lang;
    if let Some(wanted) = wanted {
        return session.identity_called(wanted).await;
    }
    if let Some(identity) = &session.identity {
        return Ok(identity.clone());
    }
    let all = session.identities().await?;
    let known: Vec<&Value> = all.iter().filter(|identity| identity.at("for_calls") == true).collect();
    let problem = Problem::refused(
        "identity.none_named",
        say!(lang, "Say as whom to call.", "需要指明以谁的身份调用。"),
    );
    let problem = if known.is_empty() {
        problem
    } else {
        let known = listed(Noun::Identity, &known, lang);
        problem.hinted(say!(lang, "Add `--as` and one of {known}.", "加上 `--as` 和其中之一：{known}。"))
    };
    Err(session.with_way_in(problem))
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
pub(super) async fn by_name(
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
    let Ok(choices) = choices(session, args).await else { return word.to_owned() };
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

/// The things there are to choose from. That the vault is locked is told inside the reply: nothing was asked yet.
async fn choices(session: &Session, args: Value) -> Result<Value, Problem> {
    let found = session.ask("list_choices", args.clone()).await?;
    if found.at("problem").at("code") != "vault.locked" {
        return Ok(found);
    }
    session.unlock().await?;
    session.ask("list_choices", args).await
}

pub(super) fn print_report(report: &Value, session: &Session) {
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
    render::problems(report.at("problems"), None, lang);
    out::line("");
    print_diagnosis(report.at("diagnosis"), lang);
    let asked = items(report.at("asked")).len();
    if asked > 0 {
        let requests = if asked == 1 { "request" } else { "requests" };
        out::line(&say!(lang, "Evidence: {asked} more {requests}.", "为取证另发送了 {asked} 个请求。"));
    }
}
