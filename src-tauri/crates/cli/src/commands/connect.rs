//! A new connection, found from an address.

use super::Ended;
use super::connections::{is_refusal, print_found, print_saved};
use crate::args::{Colour, Connect, Global};
use crate::out::{self, safe};
use crate::render::{self, Reply, items, problem_of, text};
use crate::session::{Session, confirmed};
use crate::{Outcome, words};
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Connect) -> Ended {
    let session = Session::at_home(global)?;
    let transport = json!({
        "ca_file": command.way.ca_file.as_deref().map(words::whole_path),
        "system_proxy": command.way.system_proxy,
        "redirect_ports": command.way.redirect_port,
    });
    let prism = global.addresses().0;
    let args = json!({ "address": command.address, "transport": transport, "prism_url": prism });
    let found = session.ask("discover_connection", args).await?;
    let usable = !items(found.at("problems")).iter().any(is_refusal) && !found.at("prism_url").is_null();
    if !session.json {
        print_found(found.at("found"), session.lang);
        render::problems(found.at("problems"), None, session.lang);
    }
    if !usable || command.dry_run {
        if session.json {
            session.print_json(&json!({ "discovered": found, "connection": null }));
        } else {
            out::line(&say!(session.lang, "Nothing was saved.", "没有保存任何内容。"));
        }
        let reason =
            items(found.at("problems")).iter().filter(|problem| is_refusal(problem)).find_map(problem_of);
        let refused = reason.map_or(Outcome::Refused, |problem| Outcome::of_problem(&problem));
        return Ok(if usable { Outcome::Done } else { refused });
    }
    let name = command.name.clone().unwrap_or_else(|| text(found.at("suggested_name")).to_owned());
    let saved = session.saved().await?;
    is_new(&saved, &name, &found, &session)?;
    confirm_prism(&session, &found)?;
    let connection = save(&session, &command, &name, &found, &transport, &saved).await?;
    if session.json {
        session.print_json(&json!({ "discovered": found, "connection": connection }));
    } else {
        print_saved(&connection, session.lang);
        let name = safe(&name);
        out::line(&say!(
            session.lang,
            "Next: `spectroscope identity add --kind pat --connection \"{name}\"`",
            "下一步：`spectroscope identity add --kind pat --connection \"{name}\"`"
        ));
    }
    Ok(Outcome::Done)
}

/// Where only Glint's configuration names the Prism, a person confirms it before credentials can go there. `--yes`
/// answers questions about changes, not this one.
///
/// # Errors
/// `connection.prism_unconfirmed` when nobody confirms it.
fn confirm_prism(session: &Session, found: &Value) -> Result<(), Problem> {
    if found.at("prism_named_by") != "configuration" {
        return Ok(());
    }
    let (lang, prism) = (session.lang, text(found.at("prism_url")));
    let (glint, shown) = (safe(text(found.at("glint_url"))), safe(prism));
    let question = say!(
        lang,
        "{glint} names {shown} as its Prism. May it get your credentials? Type yes:",
        "{glint} 把 {shown} 称作它的 Prism。允许把凭据发送给它吗？输入 yes："
    );
    if confirmed(&question) {
        return Ok(());
    }
    Err(Problem::refused(
        "connection.prism_unconfirmed",
        say!(
            lang,
            "Nothing was saved: only the configuration of `{glint}` names `{shown}` as its Prism.",
            "没有保存：只有 `{glint}` 的配置把 `{shown}` 称作它的 Prism。"
        ),
    )
    .hinted(say!(
        lang,
        "Check that `{shown}` is your Prism, then add `--prism {shown}`.",
        "确认 `{shown}` 是你的 Prism，然后加上 `--prism {shown}`。"
    ))
    .about(prism))
}

/// A name says one connection; the same servers twice are meant only as a copy.
fn is_new(saved: &[Value], name: &str, found: &Value, session: &Session) -> Result<(), Problem> {
    let lang = session.lang;
    let same = |known: &&Value| {
        known.at("prism_url") == found.at("prism_url") && known.at("glint_url") == found.at("glint_url")
    };
    if let Some(known) = saved.iter().find(same) {
        let known = text(known.at("name"));
        return Err(Problem::refused(
            "connection.known",
            say!(lang, "These servers are saved already, as `{known}`.", "这些服务器已保存为 `{known}`。"),
        )
        .hinted(say!(
            lang,
            "Use `--connection \"{known}\"`, or make a copy with `spectroscope connections duplicate`.",
            "使用 `--connection \"{known}\"`，或用 `spectroscope connections duplicate` 复制。"
        )));
    }
    if saved.iter().any(|known| text(known.at("name")) == name.trim()) {
        return Err(Problem::refused(
            "connection.name_taken",
            say!(lang, "There is a connection `{name}` already.", "已有名为 `{name}` 的连接。"),
        )
        .hinted(say!(lang, "Give another one with `--name`.", "用 `--name` 换一个名称。")));
    }
    Ok(())
}

async fn save(
    session: &Session,
    command: &Connect,
    name: &str,
    found: &Value,
    transport: &Value,
    before: &[Value],
) -> Result<Value, Problem> {
    let args = json!({
        "name": name,
        "environment": command.environment.word(),
        "prism_url": found.at("prism_url"),
        "glint_url": found.at("glint_url"),
        "provider_client_id": found.at("provider_client_id"),
        "colour": command.looks.colour.and_then(Colour::word),
        "transport": transport,
        "read_only": command.changes.read_only(),
    });
    let added = session.ask("add_connection", args).await?;
    let new = items(added.at("connections"))
        .iter()
        .filter(|connection| connection.at("saved") == true)
        .find(|connection| before.iter().all(|known| known.at("id") != connection.at("id")));
    Ok(new.cloned().unwrap_or_default())
}
