//! How identities look in a terminal.

use super::{Ended, headline};
use crate::names::{Noun, pick, way_to_add};
use crate::out::{self, Tone, paint, safe};
use crate::render::{Reply, Table, cell, items, text};
use crate::session::Session;
use crate::terminal::now_ms;
use crate::{Outcome, words};
use scopes::lang::Lang;
use scopes::say;
use serde_json::{Value, json};

/// "in 42 min".
pub(super) fn expires(identity: &Value, lang: Lang) -> String {
    identity.at("expires_at").as_i64().map_or_else(
        || say!(lang, "at a time unknown", "时间未知，之后"),
        |at| words::from_now(at, now_ms(), lang),
    )
}

/// Below this a token is as good as gone, in seconds.
const SOON: i64 = 300;

fn expiry(identity: &Value, lang: Lang) -> (String, Tone) {
    let Some(at) = identity.at("expires_at").as_i64() else { return cell("–") };
    let left = at - now_ms().div_euclid(1000);
    let tone = match left {
        ..=0 => Tone::Fail,
        1..SOON => Tone::Warn,
        _ => Tone::Plain,
    };
    (words::from_now(at, now_ms(), lang), tone)
}

pub(super) async fn list(session: &Session) -> Ended {
    let lang = session.lang;
    open_if_possible(session).await;
    let connection = session.whole().await?;
    let (identities, choices) = (items(connection.at("identities")), connection.at("choices"));
    if session.json {
        session.print_json(&json!({ "identities": identities, "choices": choices }));
        return Ok(Outcome::Done);
    }
    if identities.is_empty() {
        out::error_line(&say!(lang, "There is no identity here.", "这里没有身份。"));
        out::error_line(&format!("  → {}", way_to_add(Noun::Identity, lang)));
        return Ok(Outcome::Done);
    }
    let mut table = Table::new(&[
        say!(lang, "NAME", "名称"),
        say!(lang, "HANDLE", "代号"),
        say!(lang, "KIND", "类型"),
        say!(lang, "WHO", "谁"),
        say!(lang, "CLIENT", "客户端"),
        say!(lang, "EXPIRES", "过期"),
        say!(lang, "KEPT IN", "保存在"),
    ]);
    for identity in identities {
        let said = |name: &str| identity.at(name).as_str();
        let label = text(identity.at("label"));
        let flagged = identity.at("foreign") == true;
        table.row(vec![
            (
                if flagged { say!(lang, "{label} (!)", "{label}（!）") } else { label.to_owned() },
                if flagged { Tone::Warn } else { Tone::Plain },
            ),
            cell(text(identity.at("id"))),
            cell(words::kind(text(identity.at("kind")), lang)),
            cell(said("user_name").unwrap_or("–")),
            cell(said("client_name").or(said("client_id")).unwrap_or("–")),
            expiry(identity, lang),
            cell(words::place(said("kept"), lang)),
        ]);
    }
    table.print();
    if identities.iter().any(|identity| identity.at("foreign") == true) {
        out::line(&say!(
            lang,
            "(!) issued to another client than the one it is used for",
            "（!）签发给了另一个客户端，而不是使用它的客户端"
        ));
    }
    print_choices(identities, choices, lang);
    Ok(Outcome::Done)
}

/// "Taken where none is named:", and what each identity is taken for.
fn print_choices(identities: &[Value], choices: &Value, lang: Lang) {
    let taken = |identity: &Value| {
        let is_for = |ability: &&Value| choices.at(text(ability.at("id"))) == identity.at("id");
        let titles = items(identity.at("abilities")).iter().filter(is_for).map(|a| safe(text(a.at("title"))));
        let titles: Vec<String> = titles.collect();
        (!titles.is_empty()).then(|| (safe(text(identity.at("label"))), titles.join(&say!(lang, ", ", "、"))))
    };
    let mut chosen = identities.iter().filter_map(taken).peekable();
    if chosen.peek().is_some() {
        out::line(&say!(lang, "Taken where none is named:", "未指明身份时采用："));
    }
    for (label, titles) in chosen {
        out::line(&say!(lang, "  {label}: {titles}", "  {label}：{titles}"));
    }
}

/// Opens the vault where nobody has to be asked, so that it can be said where a secret lies. A vault that stays closed is
/// said beside each identity.
async fn open_if_possible(session: &Session) {
    drop(session.unlock_unasked().await);
}

pub(super) async fn one(session: &Session, name: &str) -> Ended {
    open_if_possible(session).await;
    let all = session.identities().await?;
    let known: Vec<&Value> = all.iter().collect();
    let identity =
        pick(Noun::Identity, &known, name, session.lang).map_err(|problem| session.with_way_in(problem))?;
    if session.json {
        session.print_json(identity);
    } else {
        print(identity, session.lang);
        print_abilities(identity, session.lang);
    }
    Ok(Outcome::Done)
}

/// Prints what is known about an identity.
pub(super) fn print(identity: &Value, lang: Lang) {
    let said = |name: &str| identity.at(name).as_str().map(safe);
    out::line(&headline(identity, lang));
    let row = |name: String, value: Option<String>| {
        if let Some(value) = value {
            out::line(&format!("  {name}  {value}"));
        }
    };
    row(say!(lang, "handle ", "代号  "), said("id"));
    row(say!(lang, "person ", "人    "), said("user_name"));
    row(say!(lang, "client ", "客户端"), client(identity));
    row(say!(lang, "scopes ", "范围  "), scopes(identity));
    let refreshes = if identity.at("refreshable") == true {
        say!(lang, ", renewed by its refresh token", "，由刷新令牌续期")
    } else {
        String::new()
    };
    let expires = identity.at("expires_at").as_i64().map(|_| expiry(identity, lang));
    row(
        say!(lang, "expires", "过期  "),
        expires.map(|(word, tone)| format!("{}{refreshes}", paint(tone, &word))),
    );
    row(say!(lang, "kept in", "保存在"), Some(words::place(identity.at("kept").as_str(), lang)));
    row(say!(lang, "note   ", "备注  "), said("note").filter(|note| !note.is_empty()));
    if identity.at("foreign") == true {
        let used_for = said("used_for").unwrap_or_default();
        let warning = say!(
            lang,
            "issued to another client than {used_for}, for which it is used",
            "签发给了另一个客户端，而不是使用它的 {used_for}"
        );
        row(say!(lang, "careful", "注意  "), Some(paint(Tone::Warn, &warning)));
    }
}

fn client(identity: &Value) -> Option<String> {
    let id = identity.at("client_id").as_str().map(safe);
    match identity.at("client_name").as_str().map(safe) {
        Some(name) => Some(id.map_or(name.clone(), |id| format!("{name} ({id})"))),
        None => id,
    }
}

fn scopes(identity: &Value) -> Option<String> {
    let scopes: Vec<String> = items(identity.at("scopes")).iter().map(|scope| safe(text(scope))).collect();
    (!scopes.is_empty()).then(|| scopes.join(" "))
}

fn print_abilities(identity: &Value, lang: Lang) {
    for ability in items(identity.at("abilities")) {
        let (mark, tone) = match (ability.at("can") == true, ability.at("known") == true) {
            (true, true) => ("✓", Tone::Pass),
            (true, false) => ("?", Tone::Warn),
            (false, _) => ("✗", Tone::Fail),
        };
        let (mark, title) = (paint(tone, mark), safe(text(ability.at("title"))));
        let note = safe(text(ability.at("note")));
        let note = if note.is_empty() { note } else { say!(lang, ": {note}", "：{note}") };
        out::line(&format!("  {mark} {title}{note}"));
    }
}
