//! Saved connections and their identities as a text for another computer. It holds no secret: those stay in the vault.

use crate::connections::{Saved, handle};
use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::data::{ExportData, ImportData, ImportedConnection, ImportedData};
use crate::operations::definitions::TextFile;
use crate::use_cases::connections::{checked, list};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde::{Deserialize, Serialize};
use serde_json::Map;

/// The form this version writes; one it does not know is refused.
const VERSION: u32 = 1;
/// Most connections of one import; a person has a few.
const MOST: usize = 200;
/// What tells such a text from any other JSON.
const KIND: &str = "spectroscope-data";

#[derive(Serialize, Deserialize)]
struct Content {
    kind: String,
    version: u32,
    connections: Vec<Saved>,
}

/// Only what tells a newer text, or another one, from a broken one.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u32,
}

impl Operation for ExportData {
    async fn run(self, engine: &Engine, _: &Context<'_>) -> Result<TextFile, Problem> {
        let saved = engine.store().all().into_iter().filter(|deployment| deployment.lasting);
        let connections = saved.map(|one| without_unknown(one.saved)).collect();
        let content = Content { kind: KIND.to_owned(), version: VERSION, connections };
        Ok(TextFile {
            name: "spectroscope-data.json".to_owned(),
            text: format!("{}\n", scopes::text::pretty_json(&content)),
        })
    }
}

impl Operation for ImportData {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ImportedData, Problem> {
        let lang = cx.lang;
        let content = read(&self.text, lang)?;
        let count = content.connections.len();
        if count > MOST {
            return Err(Problem::refused(
                "data.too_many",
                say!(
                    lang,
                    "The export holds {count} connections; at most {MOST} are imported at once. Nothing was imported.",
                    "该导出含 {count} 个连接；一次最多导入 {MOST} 个。未导入任何内容。"
                ),
            )
            .hinted(say!(lang, "Split the file.", "拆分该文件。")));
        }
        let mut known: Vec<(String, String)> =
            engine.store().all().into_iter().map(|one| (one.saved.name, one.saved.prism_url)).collect();
        let (mut connections, mut problems, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for from in content.connections {
            let name = from.name.clone();
            if known.contains(&(name.clone(), from.prism_url.clone())) {
                connections.push(ImportedConnection { name, added_as: None });
                continue;
            }
            let taken =
                |name: &str| known.iter().any(|(other, _)| other.to_lowercase() == name.to_lowercase());
            let added_as = free_name(&name, taken);
            let (saved, left_out) = checked(fresh(Saved { name: added_as.clone(), ..from }), lang)?;
            problems.extend(left_out);
            known.push((added_as.clone(), saved.prism_url.clone()));
            new.push(saved);
            connections.push(ImportedConnection { name, added_as: Some(added_as) });
        }
        if !new.is_empty() {
            engine.store().add_all(new, true, lang)?;
        }
        Ok(ImportedData { connections, problems, list: list(engine, lang) })
    }
}

/// The same without the members that this version does not know: they may hold anything.
fn without_unknown(mut saved: Saved) -> Saved {
    saved.rest = Map::new();
    for identity in &mut saved.identities {
        identity.rest = Map::new();
    }
    saved
}

fn read(text: &str, lang: Lang) -> Result<Content, Problem> {
    let not_ours = |words: String| {
        Problem::refused(
            "data.not_an_export",
            say!(
                lang,
                "This is no export of Spectroscope's data: {words}.",
                "这不是 Spectroscope 的数据导出：{words}。"
            ),
        )
        .hinted(say!(
            lang,
            "Use a file that `spectroscope data export` wrote.",
            "使用 `spectroscope data export` 写出的文件。"
        ))
    };
    let Head { kind, version } = serde_json::from_str(text).map_err(|error| not_ours(error.to_string()))?;
    if kind != KIND {
        return Err(not_ours(say!(lang, "its `kind` is another one", "其 `kind` 不同")));
    }
    if version > VERSION {
        return Err(Problem::refused(
            "data.newer_version",
            say!(
                lang,
                "The export is of version {version}, which is newer than this program; nothing was imported.",
                "该导出为版本 {version}，比本程序新；未导入任何内容。"
            ),
        )
        .hinted(say!(
            lang,
            "Use the newer version of Spectroscope.",
            "使用更新版本的 Spectroscope。"
        )));
    }
    serde_json::from_str(text).map_err(|error| not_ours(error.to_string()))
}

/// The same with handles of its own: secrets are kept under handles, and one of this computer must not come to belong to a
/// connection from elsewhere.
fn fresh(mut saved: Saved) -> Saved {
    saved.id = handle("c");
    // That changes are allowed at production is said on each computer.
    saved.read_only = saved.read_only.filter(|read_only| *read_only);
    for identity in &mut saved.identities {
        let new = handle("i");
        if saved.admin.as_ref() == Some(&identity.id) {
            saved.admin = Some(new.clone());
        }
        identity.id = new;
        identity.imported = true;
    }
    saved
}

/// The name, or the first of `name 2`, `name 3` … that is free.
fn free_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|number| format!("{name} {number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = |name: &str| ["Tea", "Tea 2"].contains(&name);
        assert_eq!(free_name("Tea", taken), "Tea 3");
        assert_eq!(free_name("Coffee", taken), "Coffee");
    }

    #[test]
    fn what_is_no_export_or_a_newer_one_is_told_apart() {
        let code = |text: &str| read(text, Lang::En).err().map(|problem| problem.code);
        assert_eq!(code(r#"{"kind":"spectroscope-data","version":1,"connections":[]}"#), None);
        let newer = r#"{"kind":"spectroscope-data","version":2,"places":[]}"#;
        assert_eq!(code(newer).as_deref(), Some("data.newer_version"));
        for other in
            ["", "[]", "{}", r#"{"kind":"x","version":1}"#, r#"{"kind":"spectroscope-data","version":1}"#]
        {
            assert_eq!(code(other).as_deref(), Some("data.not_an_export"), "{other}");
        }
    }
}
