//! A recorded or pasted call, explained without sending anything; and how an explanation looks in a terminal.

mod stream;

use super::Ended;
use crate::Outcome;
use crate::args::{Diagnose, Global};
use crate::out::{self, Tone, paint, safe};
use crate::render::{self, Given, Reply, Table, cell, items, problem_of, prose, text};
use crate::session::{Session, Wants, read_text};
use scopes::diagnosis::read::MOST_ARCHIVE;
use scopes::diagnosis::reference;
use scopes::lang::Lang;
use scopes::say;
use serde_json::{Value, json};
use std::path::Path;

pub(crate) async fn run(global: &Global, command: Diagnose) -> Ended {
    let wants = if command.recheck.is_some() { Wants::Connection } else { Wants::Nothing };
    let session = Session::open(global, wants).await?;
    let lang = session.lang;
    super::capsule::check(&command.pass_on, lang)?;
    let path = command.file.as_deref().unwrap_or(Path::new("-"));
    let outputs = super::capsule::outputs(&session, &command.pass_on, Some(path))?;
    if command.format.as_deref() == Some("jsonl") {
        return stream::run(&session, path, &command);
    }
    let (name, source) = read_text(path, MOST_ARCHIVE, lang)?;
    let args = json!({
        "text": source, "format": command.format, "method": command.method, "url": command.url,
        "status": command.status, "entry": command.entry,
        "group_by": command.group_by, "filter": command.filter,
    });
    let place_only = command.pass_on.minimise || command.pass_on.hide_hosts;
    let given = Given { name: &name, text: &source, place_only };
    let explained = match session.ask("diagnose_text", args).await {
        Ok(explained) => explained,
        Err(problem) => return Ok(session.refuse(&problem, Some(&given))),
    };
    let subjects = items(explained.at("subjects"));
    if let Some(identity) = &command.recheck {
        return super::capsule::recheck(&session, subjects, identity).await;
    }
    if command.pass_on.is_wanted() {
        let entry =
            command.entry.map_or_else(|| subjects.first().map(|s| s.at("index").clone()), |n| Some(json!(n)));
        let of = json!({ "text": source, "entry": entry });
        if super::capsule::export(&session, of, &command.pass_on, &outputs).await? {
            return Ok(outcome(&explained, &command));
        }
    }
    if session.json {
        session.print_json(&explained);
    } else if command.group_by.is_some() {
        print_problems(&explained, &given, lang);
        print_groups(items(explained.at("groups")), lang);
    } else {
        print_problems(&explained, &given, lang);
        for (number, subject) in subjects.iter().enumerate() {
            if number > 0 {
                out::line("");
            }
            let (method, url) =
                (text(subject.at("exchange").at("method")), text(subject.at("exchange").at("url")));
            if !url.is_empty() {
                out::line(&format!("#{}  {} {}", subject.at("index"), safe(method), safe(url)));
            }
            if !lacks_its_status(subject) {
                print_diagnosis(subject, lang);
            }
        }
    }
    if let Some(filter) = command.filter.as_deref().filter(|_| !session.json && answered(&explained) == 0) {
        let filter = safe(filter);
        out::error_line(&say!(
            lang,
            "No call fits `--filter {filter}`.",
            "没有调用符合 `--filter {filter}`。"
        ));
    }
    Ok(outcome(&explained, &command))
}

/// How many calls were explained.
fn answered(explained: &Value) -> u64 {
    ["allowed", "denied", "open"].iter().filter_map(|name| explained.at("standings").at(name).as_u64()).sum()
}

/// Prints what could not be read; what a person may add is named by its option.
fn print_problems(explained: &Value, given: &Given<'_>, lang: Lang) {
    for mut problem in items(explained.at("problems")).iter().filter_map(problem_of) {
        if problem.code == "read.status_unknown" {
            problem.hints = vec![say!(lang, "Add `--status`.", "加上 `--status`。")];
        }
        render::problem(&problem, Some(given), lang);
    }
}

/// Prints counts, the largest first, with the reasons of each.
fn print_groups(groups: &[Value], lang: Lang) {
    let words = match lang {
        Lang::En => ["calls", "refused", "open", "what", "reasons"],
        Lang::Zh => ["调用", "被拒绝", "未定", "对象", "原因"],
    };
    let mut table = Table::new(&words.map(str::to_owned));
    for group in groups {
        let number = |name: &str| group.at(name).as_u64().unwrap_or(0);
        let refused = number("count").saturating_sub(number("allowed") + number("open"));
        let causes: Vec<String> = items(group.at("causes"))
            .iter()
            .map(|one| {
                let sure = certainty(text(one.at("certainty")), lang);
                format!("{} {} ({sure})", one.at("count"), text(one.at("cause")))
            })
            .collect();
        let tone = if refused > 0 { Tone::Fail } else { Tone::Plain };
        table.row(vec![
            cell(number("count").to_string()),
            (refused.to_string(), tone),
            cell(number("open").to_string()),
            prose(text(group.at("title"))),
            cell(causes.join(", ")),
        ]);
    }
    table.print();
}

/// How the recorded calls stand together; what could not be read stays open.
fn outcome(explained: &Value, command: &Diagnose) -> Outcome {
    let count = |name: &str| explained.at("standings").at(name).as_u64().unwrap_or(0);
    let (denied, open) = (count("denied"), count("open"));
    let all = answered(explained);
    let none_chosen = all == 0 && command.filter.is_some();
    let left_open = open > 0 || none_chosen || explained.at("incomplete") == true;
    Outcome::of_record(all > 0 || none_chosen, denied > 0, left_open)
}

/// An answer without its status tells nothing yet; a problem says what to add.
fn lacks_its_status(subject: &Value) -> bool {
    subject.at("status") == 0 && subject.at("exchange").at("body_bytes") != 0
}

/// Prints an explanation: verdict first, then the gates with their evidence, then who does what.
pub(super) fn print_diagnosis(diagnosis: &Value, lang: Lang) {
    let (cause, tone) = (text(diagnosis.at("cause")), tone(diagnosis));
    let because = diagnosis.at("because").as_str().map(|code| format!(" ← {code}")).unwrap_or_default();
    let sure = certainty(text(diagnosis.at("certainty")), lang);
    let (cause, because) = (paint(tone, &safe(cause)), safe(&because));
    out::line(&say!(lang, "{cause}{because}  ({sure})", "{cause}{because}  （{sure}）"));
    for field in ["headline", "detail"] {
        let sentence = text(diagnosis.at(field));
        if !sentence.is_empty() {
            out::line(&safe(sentence));
        }
    }
    for gate in items(diagnosis.at("gates")) {
        print_gate(gate, lang);
    }
    print_remedies(diagnosis, lang);
    for other in items(diagnosis.at("alternatives")) {
        let (code, title) = (safe(text(other.at("code"))), safe(text(other.at("title"))));
        let question = safe(text(other.at("question")));
        out::line(&say!(
            lang,
            "Also possible: {code}, {title}. {question}",
            "也可能：{code}，{title}。{question}"
        ));
    }
    if let Some(next) = diagnosis.at("next_obstacle").as_str() {
        out::line(&safe(next));
    }
}

fn tone(diagnosis: &Value) -> Tone {
    if diagnosis.at("cause") == "allowed" { Tone::Pass } else { Tone::Fail }
}

pub(super) fn certainty(word: &str, lang: Lang) -> String {
    match word {
        "proven" => say!(lang, "proven", "已证实"),
        "likely" => say!(lang, "likely", "很可能"),
        _ => say!(lang, "possible", "可能"),
    }
}

fn print_gate(gate: &Value, lang: Lang) {
    let (mark, tone, word) = match text(gate.at("state")) {
        "passed" => ("✓", Tone::Pass, say!(lang, "passed", "通过")),
        "failed" => ("✗", Tone::Fail, say!(lang, "failed", "未通过")),
        "unknown" => ("?", Tone::Warn, say!(lang, "unknown", "未知")),
        _ => ("·", Tone::Plain, say!(lang, "not reached", "未到达")),
    };
    let title = safe(text(gate.at("title")));
    let question = safe(text(gate.at("question")));
    let mark = paint(tone, mark);
    out::line(&say!(lang, "  {mark} {title}: {word}  {question}", "  {mark} {title}：{word}  {question}"));
    for fact in items(gate.at("evidence")) {
        let kind = if fact.at("kind") == "observed" {
            say!(lang, "seen", "所见")
        } else {
            say!(lang, "inferred", "推断")
        };
        let (fact, source) = (safe(text(fact.at("text"))), safe(text(fact.at("source"))));
        out::line(&say!(lang, "      {kind}: {fact} ({source})", "      {kind}：{fact}（{source}）"));
    }
}

fn print_remedies(diagnosis: &Value, lang: Lang) {
    for (number, remedy) in items(diagnosis.at("remedies")).iter().enumerate() {
        let who = remedy.at("who_name").as_str().map_or_else(|| actor(text(remedy.at("who")), lang), safe);
        let action = safe(text(remedy.at("action")));
        let again = if remedy.at("reauthorize") == true && remedy.at("who") != "end_user" {
            say!(lang, " (users approve again)", "（用户需重新授权）")
        } else {
            String::new()
        };
        out::line(&say!(lang, "  {}. {who}: {action}{again}", "  {}. {who}：{action}{again}", number + 1));
        let detail = text(remedy.at("detail"));
        if !detail.is_empty() {
            out::line(&format!("     {}", safe(detail)));
        }
    }
}

/// Who acts, as a reader says it.
pub(super) fn actor(word: &str, lang: Lang) -> String {
    serde_json::from_value(word.into()).map_or_else(|_| safe(word), |who| reference::actor(who, lang))
}
