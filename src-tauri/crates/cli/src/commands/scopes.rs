//! Job 1: the list for a consumer.

use super::Ended;
use crate::Outcome;
use crate::args::{Global, ListFormat, Scopes, ScopesBuild};
use crate::out;
use crate::render::{self, Given, Reply, items, problem_of, text};
use crate::session::{Session, Wants, read_text};
use scopes::problem::{Problem, Severity};
use scopes::profile::glint;
use scopes::say;
use scopes::text::MAX_BYTES;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Scopes) -> Ended {
    let Scopes::Build(build) = command;
    let session = Session::open(global, Wants::Nothing).await?;
    let merge = build.merge.as_deref().map(|path| read_text(path, MAX_BYTES, session.lang)).transpose()?;
    if let Some(connection) = &session.connection {
        // Reads the live definitions, so that the remarks know what is defined.
        session.ask("open_catalog", json!({ "connection": connection })).await?;
    }
    let inner = match inner(&build, &session) {
        Ok(inner) => inner,
        Err(problem) => {
            session.refuse(&problem, None);
            return Ok(Outcome::Usage);
        }
    };
    let built = session
        .ask(
            "build_scopes",
            json!({
                "connection": session.connection,
                "client_id": build.client_id,
                "platform": build.platform,
                "inner": inner,
                "merge": merge.as_ref().map(|(_, text)| text),
            }),
        )
        .await?;
    let given = merge.as_ref().map(|(name, text)| Given { name, text, place_only: false });
    Ok(print(&session, &built, build.format, given.as_ref()))
}

/// Prints the list, and on standard error everything worth saying about it.
fn print(session: &Session, built: &Value, format: ListFormat, given: Option<&Given<'_>>) -> Outcome {
    let trouble: Vec<Problem> = [built.at("client_id_problem"), built.at("merge_problem")]
        .into_iter()
        .filter_map(problem_of)
        .collect();
    let refused = trouble.iter().any(|problem| problem.severity == Severity::Refused);
    if session.json {
        session.print_json(built);
    } else {
        for problem in &trouble {
            render::problem(problem, given, session.lang);
        }
        for problem in items(built.at("lints")).iter().filter_map(|lint| problem_of(lint.at("problem"))) {
            render::problem(&problem, None, session.lang);
        }
        if !refused {
            match format {
                ListFormat::Json => out::line(text(built.at("json"))),
                // What no scope may hold (RFC 6749 §3.3) does not reach the terminal unseen.
                ListFormat::ScopeString => out::line(&out::safe(text(built.at("scope_string")))),
            }
        }
    }
    let first = trouble.iter().find(|problem| problem.severity == Severity::Refused);
    first.map_or(Outcome::Done, Outcome::of_problem)
}

/// What is named one by one and what the presets hold.
fn inner(build: &ScopesBuild, session: &Session) -> Result<Vec<String>, Problem> {
    let mut inner = Vec::new();
    for name in &build.preset {
        let preset = glint().presets.iter().find(|preset| preset.name == *name).ok_or_else(|| {
            let known: Vec<&str> = glint().presets.iter().map(|preset| preset.name.as_str()).collect();
            let known = scopes::lang::list(session.lang, &known);
            Problem::refused(
                "preset.unknown",
                say!(session.lang, "There is no preset `{name}`.", "没有名为 `{name}` 的推荐组合。"),
            )
            .hinted(say!(session.lang, "Choose one of {known}.", "从 {known} 中选择。"))
        })?;
        inner.extend(preset.scopes.iter().cloned());
    }
    inner.extend(build.scope.iter().cloned());
    Ok(inner)
}
