//! Every call for one identity: foretold, and proven on request.

use super::call::{by_name, identity, usage};
use super::{Ended, connected};
use crate::Outcome;
use crate::args::{Global, Matrix};
use crate::out::{self, Tone, safe};
use crate::render::{self, Reply, Table, cell, items, text};
use crate::session::Session;
use scopes::lang::Lang;
use scopes::say;
use serde_json::{Map, Value, json};

pub(crate) async fn run(global: &Global, command: Matrix) -> Ended {
    let session = connected(global).await?;
    let identity = match identity(&session, command.caller.as_deref()).await {
        Ok(identity) => identity,
        Err(problem) if problem.code.starts_with("identity.") => return usage(&session, &problem),
        Err(problem) => return Err(problem),
    };
    let mut place = Map::new();
    for (pick, word) in [("team", &command.team), ("set", &command.set)] {
        if let Some(word) = word {
            let id = by_name(&session, &place, &identity, pick, word).await;
            place.insert(pick.to_owned(), json!(id));
        }
    }
    let args = json!({
        "connection": session.connection, "identity": identity, "team": place.get("team"),
        "set": place.get("set"), "prove": command.prove,
    });
    let matrix = session.ask("access_matrix", args).await?;
    if session.json {
        session.print_json(&matrix);
    } else if command.csv {
        let args = json!({ "matrix": matrix.at("id"), "format": "csv", "save": false });
        let table = session.ask("save_matrix", args).await?;
        out::raw(text(table.at("text")));
        if let Some(note) = render::problem_of(table.at("note")) {
            render::problem(&note, None, session.lang);
        }
    } else {
        print(&matrix, &session);
    }
    Ok(if matrix.at("differ") == 0 { Outcome::Done } else { Outcome::Refused })
}

fn print(matrix: &Value, session: &Session) {
    let lang = session.lang;
    let (who, team) = (safe(text(matrix.at("identity"))), text(matrix.at("team")));
    let team = safe(matrix.at("team_name").as_str().unwrap_or(team));
    let role = safe(matrix.at("role").as_str().unwrap_or("?"));
    out::line(&say!(lang, "{who}, role `{role}` in {team}", "{who}，在 {team} 中的角色是 `{role}`"));
    render::problems(matrix.at("problems"), None, lang);
    print_rows(items(matrix.at("rows")), lang);
    let differ = matrix.at("differ").as_u64().unwrap_or(0);
    if differ > 0 {
        let word = say!(
            lang,
            "{differ} reads showed something else than was foretold:",
            "有 {differ} 个读取的结果与预测不同："
        );
        out::line(&out::paint(Tone::Fail, &word));
        for row in items(matrix.at("rows")) {
            if let Some(differs) = row.at("observed").at("differs").as_str() {
                out::line(&format!("  {}: {}", text(row.at("route")), safe(differs)));
            }
        }
    }
}

/// The rows as a table.
pub(super) fn print_rows(rows: &[Value], lang: Lang) {
    let mut table = Table::new(&[
        say!(lang, "CALL", "调用"),
        say!(lang, "ACCESS", "访问"),
        say!(lang, "GATE", "关卡"),
        say!(lang, "CAUSE", "原因"),
        say!(lang, "SEEN", "实际"),
    ]);
    for row in rows {
        let field = row.at("field").as_str().map(|field| format!(" {{{field}}}")).unwrap_or_default();
        let (word, tone) = access(text(row.at("access")), lang);
        let cause = text(row.at("cause"));
        let sure = super::diagnose::certainty(text(row.at("certainty")), lang);
        let seen = row.at("observed");
        let seen = match (seen.is_null(), seen.at("differs").is_null()) {
            (true, _) => cell("–"),
            (_, true) => cell(seen.at("status").to_string()),
            (_, false) => (format!("{} ✗", seen.at("status")), Tone::Fail),
        };
        table.row(vec![
            cell(format!("{}{field}", text(row.at("route")))),
            (word, tone),
            cell(row.at("gate").as_str().unwrap_or("–")),
            cell(if cause == "allowed" { sure } else { format!("{cause} ({sure})") }),
            seen,
        ]);
    }
    table.print();
}

fn access(word: &str, lang: Lang) -> (String, Tone) {
    match word {
        "allowed" => (say!(lang, "✓ allowed", "✓ 允许"), Tone::Pass),
        "own_only" => (say!(lang, "◐ own only", "◐ 仅自己的"), Tone::Warn),
        "denied" => (say!(lang, "✗ denied", "✗ 拒绝"), Tone::Fail),
        _ => (say!(lang, "? unknown", "? 未知"), Tone::Warn),
    }
}
