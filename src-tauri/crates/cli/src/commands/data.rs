//! What the console keeps on this computer.

use super::Ended;
use crate::Outcome;
use crate::args::{Data, DataExport, DataImport, Global};
use crate::out::{self, safe};
use crate::render::{self, Reply, Table, cell, items, text};
use crate::session::{Session, read_text};
use scopes::lang::Lang;
use scopes::say;
use scopes::text::MAX_BYTES;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Data) -> Ended {
    let session = Session::at_home(global)?;
    match command {
        Data::List => {
            let listed = session.ask("list_data", json!({})).await?;
            if session.json {
                session.print_json(&listed)
            } else {
                print(&listed, &session)
            }
            Ok(Outcome::Done)
        }
        Data::Export(command) => export(&session, &command).await,
        Data::Import(command) => import(&session, &command).await,
        Data::Delete(delete) => {
            let lang = session.lang;
            let kind = delete.kind.word();
            let word = kind_word(kind, lang);
            session.after_a_yes(
                &say!(lang, "Remove {word}? Type yes:", "删除{word}？输入 yes："),
                say!(lang, "Nothing was removed.", "没有删除任何内容。"),
            )?;
            let deleted = session.ask("delete_data", json!({ "kind": kind })).await?;
            if session.json {
                session.print_json(&deleted);
            } else {
                for file in items(deleted.at("removed")) {
                    let path = safe(text(file.at("path")));
                    out::line(&say!(lang, "removed: {path}", "已删除：{path}"));
                }
                if items(deleted.at("removed")).is_empty() {
                    out::line(&say!(lang, "There is nothing to remove.", "没有可删除的内容。"));
                }
                render::problems(deleted.at("kept").at("problems"), None, lang);
            }
            let failed = !items(deleted.at("kept").at("problems")).is_empty();
            Ok(if failed { Outcome::Unknown } else { Outcome::Done })
        }
    }
}

async fn export(session: &Session, command: &DataExport) -> Ended {
    let file = command.file.as_deref().filter(|path| path.as_os_str() != "-");
    let replace = file.map(|path| session.may_save(path, None, command.force)).transpose()?;
    let exported = session.ask("export_data", json!({})).await?;
    match file {
        None => out::raw(text(exported.at("text"))),
        Some(path) => session.save(path, text(exported.at("text")), replace == Some(true))?,
    }
    Ok(Outcome::Done)
}

async fn import(session: &Session, command: &DataImport) -> Ended {
    let lang = session.lang;
    let (_, content) = read_text(&command.file, MAX_BYTES, lang)?;
    let imported = session.ask("import_data", json!({ "text": content })).await?;
    if session.json {
        session.print_json(&imported);
        return Ok(Outcome::Done);
    }
    for one in items(imported.at("connections")) {
        let name = safe(text(one.at("name")));
        out::line(&match one.at("added_as").as_str().map(safe) {
            None => say!(lang, "= {name}: is here already", "= {name}：此处已有"),
            Some(here) if here == name => say!(lang, "+ {name}", "+ {name}"),
            Some(here) => say!(lang, "+ {name}, as {here}", "+ {name}，名为 {here}"),
        });
    }
    render::problems(imported.at("problems"), None, lang);
    if items(imported.at("connections")).iter().any(|one| !one.at("added_as").is_null()) {
        out::line(&say!(
            lang,
            "Secrets were not part of the export: add each with `spectroscope identity add`, or sign in.",
            "导出不含密钥：用 `spectroscope identity add` 逐个添加，或重新登录。"
        ));
    }
    Ok(Outcome::Done)
}

fn kind_word(kind: &str, lang: Lang) -> String {
    match kind {
        "history" => say!(lang, "history", "历史记录"),
        "drafts" => say!(lang, "drafts", "草稿"),
        _ => say!(lang, "journal", "日志"),
    }
}

fn print(listed: &Value, session: &Session) {
    let lang = session.lang;
    if let Some(directory) = listed.at("directory").as_str() {
        let directory = safe(directory);
        out::line(&say!(lang, "Data directory: {directory}", "数据目录：{directory}"));
    }
    let files = items(listed.at("files"));
    if files.is_empty() {
        out::line(&say!(lang, "No files are kept.", "没有保存任何文件。"));
    } else {
        let mut table = Table::new(&[
            say!(lang, "BYTES", "字节"),
            say!(lang, "CONTENT", "内容"),
            say!(lang, "REMOVED BY", "删除方式"),
            say!(lang, "FILE", "文件"),
        ]);
        for file in files {
            let removed_by = file.at("removed_by").as_str().map(|kind| format!("data delete {kind}"));
            table.row(vec![
                cell(file.at("bytes").to_string()),
                cell(content(text(file.at("content")), lang)),
                cell(removed_by.unwrap_or_else(|| other_way(text(file.at("content"))).to_owned())),
                cell(text(file.at("path"))),
            ]);
        }
        table.print();
    }
    render::problems(listed.at("problems"), None, lang);
}

/// The command that removes what `data delete` does not.
fn other_way(content: &str) -> &'static str {
    match content {
        "connections" => "connections remove",
        "vault_choice" | "vault_key" | "vault_secret" => "vault forget",
        _ => "–",
    }
}

fn content(word: &str, lang: Lang) -> String {
    match word {
        "connections" => say!(lang, "connections", "连接"),
        "vault_choice" => say!(lang, "place of secrets", "密钥存放位置"),
        "vault_key" => say!(lang, "vault key, encrypted", "保险库密钥（加密）"),
        "vault_secret" => say!(lang, "secret, encrypted", "密钥（加密）"),
        "lock" => say!(lang, "lock", "锁"),
        "sandbox" => say!(lang, "running sandbox", "运行中的沙盒"),
        "history" => say!(lang, "history", "历史记录"),
        "journal" => say!(lang, "journal", "日志"),
        "draft" => say!(lang, "draft", "草稿"),
        "window_preferences" => say!(lang, "window preferences", "窗口偏好设置"),
        _ => say!(lang, "not written by Spectroscope", "并非由 Spectroscope 写入"),
    }
}
