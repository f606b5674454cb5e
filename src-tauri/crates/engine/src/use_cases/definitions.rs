//! Job 2: planning an import, applying it, and single changes.

mod apply;
mod outcome;

use super::provider::{self, Need, identity_for};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::Held;
use crate::operation::Operation;
use crate::operations::definitions::{
    ApplyImport, CheckDefinition, DefinitionCheck, Definitions, DeleteDefinition, ExportDefinitions,
    ImportPlan, ImportResult, PlanCounts, PlanImport, SaveDefinition, TextFile,
};
use crate::prism::scope_definitions::Stored;
use outcome::Applied;
pub(super) use outcome::summary;
use scopes::import::{self, Source, SourceItem, check_definition};
use scopes::lang::Lang;
use scopes::plan::{self, Action, Definition, PlanRow, RowState};
use scopes::problem::{Problem, Severity};
use scopes::profile::glint;
use scopes::say;
use std::sync::Arc;

/// Everything a change of definitions starts from.
struct Desk {
    deployment: Deployment,
    held: Arc<Held>,
    stored: Vec<Stored>,
    live: Vec<Definition>,
}

impl Desk {
    async fn open(engine: &Engine, connection: &str, lang: Lang) -> Result<Self, Problem> {
        let deployment = engine.connection(connection, lang)?;
        let held = identity_for(engine, &deployment, Need::Definitions, lang)?;
        let stored = provider::definitions(engine, &deployment, &held, lang).await?;
        let live = provider::plain(&stored);
        Ok(Self { deployment, held, stored, live })
    }

    fn plan(&self, text: &str, source: Source, delete: &[String], lang: Lang) -> ImportPlan {
        let rows = plan::plan(&source.items, &self.live, delete);
        let blocked = import::blocked(&source, lang);
        let mut problems = source.problems;
        let fixes = import::fixes(text, &problems, &glint().guide_definitions());
        problems.extend(plan::remarks(&rows, glint(), lang));
        ImportPlan {
            counts: counts(&rows),
            rows,
            problems,
            fixes,
            blocked,
            base: plan::fingerprint(&self.live),
            source_count: u32::try_from(source.items.len()).unwrap_or(u32::MAX),
            acts_as: Some(self.held.in_words(lang)),
        }
    }
}

fn counts(rows: &[PlanRow]) -> PlanCounts {
    let count =
        |action| u32::try_from(rows.iter().filter(|row| row.action == action).count()).unwrap_or(u32::MAX);
    PlanCounts {
        create: count(Action::Create),
        update: count(Action::Update),
        delete: count(Action::Delete),
        unchanged: count(Action::Unchanged),
        only_at_prism: count(Action::OnlyAtPrism),
    }
}

impl Operation for PlanImport {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ImportPlan, Problem> {
        let source = import::read_text(&self.text, cx.lang);
        let desk = Desk::open(engine, &self.connection, cx.lang).await?;
        Ok(desk.plan(&self.text, source, &self.delete, cx.lang))
    }
}

impl Operation for ApplyImport {
    const STOPS_BY_ITSELF: bool = true;

    fn changes(&self) -> Option<&str> {
        Some(&self.connection)
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<ImportResult, Problem> {
        let lang = cx.lang;
        let source = import::read_text(&self.text, lang);
        if let Some(blocked) = import::blocked(&source, lang) {
            return Err(blocked);
        }
        let mut desk = Desk::open(engine, &self.connection, lang).await?;
        if plan::fingerprint(&desk.live) != self.base {
            return Err(stale(lang));
        }
        let rows = changed(plan::plan(&source.items, &desk.live, &self.delete));
        let applied = apply::apply(engine, &desk, rows, cx).await?;
        applied.record(engine, &desk, "apply_import");
        if let Some(after) = &applied.after {
            desk.live = provider::plain(after);
        }
        let plan = desk.plan(&self.text, source, &self.delete, lang);
        let count = |state| {
            u32::try_from(applied.rows.iter().filter(|row| row.state == state).count()).unwrap_or(u32::MAX)
        };
        let halted = applied.halted(lang);
        Ok(ImportResult {
            summary: summary(&applied.states(), lang),
            rows: applied.rows.iter().map(|row| row.progress(lang)).collect(),
            verified: count(RowState::Verified),
            refused: count(RowState::Refused),
            not_sent: count(RowState::NotSent),
            unclear: count(RowState::Unknown),
            stopped: halted.is_some(),
            halted,
            plan,
        })
    }
}

fn changed(rows: Vec<PlanRow>) -> Vec<PlanRow> {
    let sends = |row: &PlanRow| matches!(row.action, Action::Create | Action::Update | Action::Delete);
    rows.into_iter().filter(sends).collect()
}

/// The definitions moved since the plan was made.
fn stale(lang: Lang) -> Problem {
    Problem::refused(
        "stale_plan",
        say!(
            lang,
            "The definitions at Prism changed after this plan was made; nothing was sent.",
            "制定计划之后 Prism 上的定义发生了变化；没有发送任何请求。"
        ),
    )
    .hinted(say!(lang, "Look at the plan again, then apply it.", "重新查看计划，然后再应用。"))
}

impl Operation for CheckDefinition {
    async fn run(self, _: &Engine, cx: &Context<'_>) -> Result<DefinitionCheck, Problem> {
        Ok(DefinitionCheck { problems: check_definition(&self.definition, cx.lang) })
    }
}

impl Operation for SaveDefinition {
    fn changes(&self) -> Option<&str> {
        Some(&self.connection)
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Definitions, Problem> {
        let refused = |problem: &Problem| problem.severity == Severity::Refused;
        if let Some(problem) = check_definition(&self.definition, cx.lang).into_iter().find(refused) {
            return Err(problem);
        }
        let desk = Desk::open(engine, &self.connection, cx.lang).await?;
        let Definition { scope, title, description } = self.definition;
        let trimmed = |text: String| text.trim().to_owned();
        let item = SourceItem {
            scope: trimmed(scope),
            title: trimmed(title),
            description: Some(trimmed(description)),
            line: 1,
        };
        let rows = changed(plan::plan(&[item], &desk.live, &[]));
        single(engine, &desk, rows, "save_definition", cx).await
    }
}

impl Operation for DeleteDefinition {
    fn changes(&self) -> Option<&str> {
        Some(&self.connection)
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Definitions, Problem> {
        let desk = Desk::open(engine, &self.connection, cx.lang).await?;
        let scope = &self.scope;
        if desk.live.iter().all(|definition| definition.scope != *scope) {
            return Err(Problem::refused(
                "definition.missing",
                say!(cx.lang, "Prism holds no definition of `{scope}`.", "Prism 上没有 `{scope}` 的定义。"),
            )
            .about(scope));
        }
        let rows = changed(plan::plan(&[], &desk.live, std::slice::from_ref(scope)));
        single(engine, &desk, rows, "delete_definition", cx).await
    }
}

/// One change, verified; what is not verified is a refusal.
async fn single(
    engine: &Engine,
    desk: &Desk,
    rows: Vec<PlanRow>,
    operation: &'static str,
    cx: &Context<'_>,
) -> Result<Definitions, Problem> {
    let acts_as = Some(desk.held.in_words(cx.lang));
    if rows.is_empty() {
        return Ok(Definitions { definitions: desk.live.clone(), acts_as });
    }
    let applied: Applied = apply::apply(engine, desk, rows, cx).await?;
    applied.record(engine, desk, operation);
    let open = applied.rows.iter().find(|row| row.state != RowState::Verified);
    if let Some(problem) = open.and_then(|row| row.problem(cx.lang)) {
        return Err(problem);
    }
    let after = applied.after.as_deref().unwrap_or_default();
    Ok(Definitions { definitions: provider::plain(after), acts_as })
}

impl Operation for ExportDefinitions {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<TextFile, Problem> {
        let (name, definitions) = match &self.connection {
            None => (glint().id.clone(), glint().guide_definitions()),
            Some(connection) => {
                let desk = Desk::open(engine, connection, cx.lang).await?;
                (desk.deployment.saved.id.clone(), desk.live)
            }
        };
        let text = scopes::text::pretty_json(&definitions) + "\n";
        Ok(TextFile { name: format!("{name}-scope-definitions.json"), text })
    }
}
