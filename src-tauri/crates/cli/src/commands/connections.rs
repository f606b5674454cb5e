//! Saved connections: listed, asked, changed.

use super::Ended;
use crate::args::{Colour, Connections, ConnectionsCommand, ConnectionsEdit, Global};
use crate::names::{Noun, pick, way_to_add};
use crate::out::{self, Tone, safe};
use crate::render::{self, Reply, Table, cell, items, text};
use crate::session::Session;
use crate::{Outcome, words};
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::say;
use serde_json::{Map, Value, json};

pub(crate) async fn run(global: &Global, command: Connections) -> Ended {
    let session = Session::at_home(global)?;
    match command.command.unwrap_or(ConnectionsCommand::List) {
        ConnectionsCommand::List => list(&session).await,
        ConnectionsCommand::Check(one) => check(&session, &one.name).await,
        ConnectionsCommand::Rename(named) => {
            let connection = called(&session, &named.name).await?;
            let args = json!({ "connection": connection.at("id"), "name": named.new_name });
            let list = session.ask("edit_connection", args).await?;
            Ok(changed(&session, &list, connection.at("id")))
        }
        ConnectionsCommand::Edit(edit) => self::edit(&session, global, &edit).await,
        ConnectionsCommand::Duplicate(named) => duplicate(&session, &named.name, &named.new_name).await,
        ConnectionsCommand::Remove(one) => remove(&session, &one.name).await,
    }
}

/// The saved connection that is meant.
async fn called(session: &Session, wanted: &str) -> Result<Value, Problem> {
    let saved = session.saved().await?;
    let known: Vec<&Value> = saved.iter().collect();
    pick(Noun::Connection, &known, wanted, session.lang).cloned()
}

async fn list(session: &Session) -> Ended {
    let list = session.ask("list_connections", json!({})).await?;
    let lang = session.lang;
    if !session.json {
        render::problems(list.at("problems"), None, lang);
    }
    let saved: Vec<&Value> =
        items(list.at("connections")).iter().filter(|connection| connection.at("saved") == true).collect();
    if saved.is_empty() && !items(list.at("problems")).is_empty() {
        // Whether there is any cannot be told.
        if session.json {
            session.print_json(&list);
        }
        return Ok(Outcome::Nothing);
    }
    if session.json {
        session.print_json(&list);
        return Ok(Outcome::Done);
    }
    if saved.is_empty() {
        out::error_line(&say!(lang, "There is no saved connection.", "没有已保存的连接。"));
        out::error_line(&format!("  → {}", way_to_add(Noun::Connection, lang)));
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&[
        say!(lang, "NAME", "名称"),
        say!(lang, "HANDLE", "代号"),
        say!(lang, "USE", "用途"),
        say!(lang, "IDENTITIES", "身份"),
        "GLINT".to_owned(),
        "PRISM".to_owned(),
    ]);
    for connection in saved {
        table.row(vec![
            cell(text(connection.at("name"))),
            cell(text(connection.at("id"))),
            environment(connection, lang),
            cell(items(connection.at("identities")).len().to_string()),
            cell(connection.at("glint_url").as_str().unwrap_or("–")),
            cell(text(connection.at("prism_url"))),
        ]);
    }
    table.print();
    Ok(Outcome::Done)
}

fn environment(connection: &Value, lang: Lang) -> (String, Tone) {
    let (word, tone) = match text(connection.at("environment")) {
        "production" => (say!(lang, "production", "生产"), Tone::Warn),
        "staging" => cell(say!(lang, "staging", "测试")),
        _ => cell(say!(lang, "sandbox", "沙盒")),
    };
    if connection.at("read_only") == true {
        (say!(lang, "{word}, read-only", "{word}，只读"), tone)
    } else {
        (word, tone)
    }
}

async fn check(session: &Session, name: &str) -> Ended {
    let connection = called(session, name).await?;
    let check = session.ask("check_connection", json!({ "connection": connection.at("id") })).await?;
    if session.json {
        session.print_json(&check);
    } else {
        print_found(check.at("found"), session.lang);
        render::problems(check.at("problems"), None, session.lang);
    }
    let silent = |ms: &str| check.at(ms).is_null();
    let refused = items(check.at("problems")).iter().any(is_refusal);
    let has_glint = !connection.at("glint_url").is_null();
    Ok(match (silent("prism_ms"), has_glint && silent("glint_ms"), refused) {
        (true, true, _) => Outcome::Nothing,
        (true, false, _) if !has_glint => Outcome::Nothing,
        (true, _, _) | (_, true, _) => Outcome::Unknown,
        (false, false, true) => Outcome::Refused,
        (false, false, false) => Outcome::Done,
    })
}

/// Whether a problem of a reply stops the work.
pub(super) fn is_refusal(problem: &Value) -> bool {
    render::problem_of(problem).is_some_and(|problem| problem.severity == Severity::Refused)
}

/// Prints facts with where each was read.
pub(super) fn print_found(found: &Value, lang: Lang) {
    let mut table =
        Table::new(&[say!(lang, "WHAT", "内容"), say!(lang, "VALUE", "值"), say!(lang, "READ FROM", "来源")]);
    for fact in items(found) {
        let took = fact.at("elapsed_ms").as_f64().map(|ms| format!("  {ms:.0} ms")).unwrap_or_default();
        table.row(vec![
            cell(text(fact.at("title"))),
            cell(text(fact.at("value"))),
            cell(format!("{}{took}", text(fact.at("source")))),
        ]);
    }
    table.print();
}

async fn edit(session: &Session, global: &Global, edit: &ConnectionsEdit) -> Ended {
    let connection = called(session, &edit.name).await?;
    let changes = changes(&connection, global, edit);
    if changes.is_empty() {
        let problem = Problem::refused(
            "connection.no_change",
            say!(session.lang, "Nothing to change was given.", "没有给出要更改的内容。"),
        )
        .hinted(say!(
            session.lang,
            "See `spectroscope connections edit --help`.",
            "查看 `spectroscope connections edit --help`。"
        ));
        session.refuse(&problem, None);
        return Ok(Outcome::Usage);
    }
    let moved = changes.contains_key("prism_url") || changes.contains_key("glint_url");
    if moved && !items(connection.at("identities")).is_empty() {
        session.after_a_yes(
            &say!(
                session.lang,
                "A new address forgets the identities. Go on? Type yes:",
                "更换地址会忘记所有身份。继续？输入 yes："
            ),
            say!(
                session.lang,
                "Nothing was changed: a new address forgets the identities, which belong to the old one.",
                "没有更改：更换地址会忘记属于旧地址的身份。"
            ),
        )?;
    }
    let mut args = changes;
    args.insert("connection".into(), connection.at("id").clone());
    let list = session.ask("edit_connection", Value::Object(args)).await?;
    Ok(changed(session, &list, connection.at("id")))
}

/// What was typed, as the operation takes it.
fn changes(connection: &Value, global: &Global, edit: &ConnectionsEdit) -> Map<String, Value> {
    let glint = if edit.no_glint { Some("") } else { global.glint.as_deref() };
    let typed = [
        ("environment", edit.environment.map(|environment| environment.word())),
        ("colour", edit.looks.colour.and_then(Colour::word)),
        ("prism_url", global.prism.as_deref()),
        ("glint_url", glint),
        ("provider_client_id", edit.client_id.as_deref()),
    ];
    let mut changes: Map<String, Value> =
        typed.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect();
    if let Some(read_only) = edit.changes.read_only() {
        changes.insert("read_only".into(), json!(read_only));
    }
    if edit.looks.colour == Some(Colour::None) {
        changes.insert("no_colour".into(), json!(true));
    }
    let transport = transport(connection.at("transport"), edit);
    if transport != *connection.at("transport") {
        changes.insert("transport".into(), transport);
    }
    changes
}

fn transport(now: &Value, edit: &ConnectionsEdit) -> Value {
    let mut transport = now.clone();
    let mut set = |name: &str, value: Value| {
        if let Some(members) = transport.as_object_mut() {
            members.insert(name.to_owned(), value);
        }
    };
    match &edit.way.ca_file {
        Some(file) => set("ca_file", json!(words::whole_path(file))),
        None if edit.no_ca_file => set("ca_file", Value::Null),
        None => {}
    }
    if edit.way.system_proxy || edit.no_system_proxy {
        set("system_proxy", json!(edit.way.system_proxy));
    }
    if edit.usual_redirect_ports || !edit.way.redirect_port.is_empty() {
        set("redirect_ports", json!(edit.way.redirect_port));
    }
    transport
}

async fn duplicate(session: &Session, name: &str, copy: &str) -> Ended {
    let connection = called(session, name).await?;
    let before = session.saved().await?;
    let args = json!({ "connection": connection.at("id"), "name": copy });
    let list = session.ask("duplicate_connection", args).await?;
    let is_new = |c: &&Value| before.iter().all(|known| known.at("id") != c.at("id"));
    let id = items(list.at("connections")).iter().filter(|c| c.at("saved") == true).find(is_new);
    Ok(changed(session, &list, id.map_or(&Value::Null, |new| new.at("id"))))
}

async fn remove(session: &Session, name: &str) -> Ended {
    let connection = called(session, name).await?;
    let list = session.ask("remove_connection", json!({ "connection": connection.at("id") })).await?;
    if session.json {
        session.print_json(&list);
    } else {
        let name = safe(text(connection.at("name")));
        out::line(&say!(session.lang, "Removed: {name}", "已移除：{name}"));
        render::problems(list.at("problems"), None, session.lang);
    }
    Ok(Outcome::Done)
}

/// Prints a connection after a change.
fn changed(session: &Session, list: &Value, id: &Value) -> Outcome {
    let found = items(list.at("connections")).iter().find(|connection| connection.at("id") == id);
    let connection = found.unwrap_or(&Value::Null);
    if session.json {
        session.print_json(connection);
    } else {
        print_saved(connection, session.lang);
        render::problems(list.at("problems"), None, session.lang);
    }
    Outcome::Done
}

/// "Saved: NAME (c-…), production", with the servers and the redirect URIs.
pub(super) fn print_saved(connection: &Value, lang: Lang) {
    let said = |name: &str| safe(text(connection.at(name)));
    let (name, id, environment) = (said("name"), said("id"), environment(connection, lang).0);
    out::line(&say!(lang, "Saved: {name} ({id}), {environment}", "已保存：{name}（{id}），{environment}"));
    out::line(&format!("  Prism  {}", said("prism_url")));
    if !connection.at("glint_url").is_null() {
        out::line(&format!("  Glint  {}", said("glint_url")));
    }
    if connection.at("read_only") == true {
        out::line(&say!(
            lang,
            "Changes of its servers are refused; `spectroscope connections edit \"{name}\" --allow-changes` allows them.",
            "会拒绝更改其服务器；用 `spectroscope connections edit \"{name}\" --allow-changes` 允许更改。"
        ));
    }
    let uris = items(connection.at("redirect_uris"));
    if !uris.is_empty() {
        out::line(&say!(
            lang,
            "To sign in here, the client at Prism needs these redirect URIs, letter by letter:",
            "要在此登录，Prism 上的客户端需要逐字注册这些重定向 URI："
        ));
        for uri in uris {
            out::line(&format!("  {}", safe(text(uri))));
        }
    }
}
