//! The access matrix of an identity: evidence gathered, rows foretold, and on request proven by reads.

use super::capsules::saved;
use super::investigate::Case;
use super::questions::Question;
use super::{credential, glint_of, request};
use crate::answer::read;
use crate::ask::Ask;
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::glint::cross_app::{Me, Sets, Todos};
use crate::http::Credential;
use crate::identities::Held;
use crate::operation::Operation;
use crate::operations::matrix::{AccessMatrix, Matrix, MatrixStep, SaveMatrix, SavedTable, TableFormat};
use crate::prism::oauth::Introspection;
use crate::server::Server;
use futures_util::stream::{self, StreamExt};
use scopes::diagnosis::diagnose;
use scopes::diagnosis::matrix::{AccessRow, Place, as_csv, foresee};
use scopes::endpoint::{Endpoint, is_to};
use scopes::exchange::{Exchange, views};
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::routes::{Pick, Route, by_id};
use scopes::say;
use scopes::secret::Secret;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many reads are under way at once.
const AT_ONCE: usize = 6;

impl Operation for AccessMatrix {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Matrix, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let glint = glint_of(&deployment, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        let credential = credential(engine, &deployment, &held, lang).await?;
        let scene = Scene { engine, deployment: &deployment, glint, held, credential, lang };
        let mut evidence = scene.evidence(self.team.as_deref(), self.set.as_deref()).await;
        let mut rows = scene.foresee(&evidence);
        if self.prove {
            scene.prove(&mut rows, &mut evidence, cx).await;
        }
        Ok(Matrix::clone(&engine.recent().keep_matrix(scene.told(rows, &evidence))))
    }
}

impl Operation for SaveMatrix {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<SavedTable, Problem> {
        let lang = cx.lang;
        let matrix = engine.recent().matrix(&self.matrix).ok_or_else(|| {
            Problem::refused(
                "matrix.unknown",
                say!(lang, "This matrix is no longer kept.", "这个矩阵已不再保留。"),
            )
            .hinted(say!(lang, "Make it again, then save it.", "重新生成，然后再保存。"))
        })?;
        let (name, text) = match self.format {
            TableFormat::Csv => ("access-matrix.csv", as_csv(&matrix.rows)),
            TableFormat::Json => ("access-matrix.json", scopes::text::pretty_json(&matrix.rows)),
        };
        let path = if self.save { saved(engine, name, &text, lang).await? } else { None };
        let hidden =
            self.format == TableFormat::Csv && text.chars().any(|c| scopes::text::invisible(c).is_some());
        let note = hidden.then(|| {
            Problem::note(
                "table.hidden_characters",
                say!(
                    lang,
                    "The table holds characters that cannot be seen; CSV keeps them as they are.",
                    "表格中有不可见的字符；CSV 原样保留它们。"
                ),
            )
        });
        Ok(SavedTable { path, text: (!self.save).then_some(text), name: name.to_owned(), note })
    }
}

/// What was asked for one matrix, and where.
pub(super) struct Evidence {
    pub(super) team: String,
    set: Option<String>,
    asked: Vec<Exchange>,
}

/// Whose matrix it is.
pub(super) struct Scene<'a> {
    pub(super) engine: &'a Engine,
    pub(super) deployment: &'a Deployment,
    pub(super) glint: &'a Server,
    pub(super) held: Arc<Held>,
    pub(super) credential: Credential,
    pub(super) lang: Lang,
}

impl Scene<'_> {
    /// Everything the gates ask about, by reads that change nothing.
    pub(super) async fn evidence(&self, team: Option<&str>, set: Option<&str>) -> Evidence {
        let call = Exchange::default();
        let no_values = BTreeMap::new();
        let Some(route) = by_id("list_todos") else {
            return Evidence { team: String::new(), set: None, asked: Vec::new() };
        };
        let about_token = [
            Question::Introspection,
            Question::Configuration,
            Question::TeamsAtPrism,
            Question::TeamsAtGlint,
        ];
        let mut asked = self.case(route, &no_values, &call).ask_all(&about_token).await;
        let team = team.filter(|team| !team.is_empty()).map(str::to_owned);
        let team = team.or_else(|| first_team(&asked)).or_else(|| self.own_space(&asked)).unwrap_or_default();
        let set = set.filter(|set| !set.is_empty()).map(str::to_owned);
        let mut values = BTreeMap::from([("team".to_owned(), json!(team))]);
        if let Some(set) = &set {
            values.insert("set".to_owned(), json!(set));
        }
        let case = self.case(route, &values, &call);
        if !team.is_empty() {
            let of_team = [Question::MyPermissions, Question::Matrix, Question::Overview];
            let more = case.ask_all(&of_team).await;
            asked.extend(more);
            asked.extend(case.sets(&asked).await);
        }
        asked.extend(case.preview_all(&asked).await);
        Evidence { team, set, asked }
    }

    fn case<'c>(
        &'c self,
        route: &'c Route,
        values: &'c BTreeMap<String, Value>,
        call: &'c Exchange,
    ) -> Case<'c> {
        Case {
            engine: self.engine,
            deployment: self.deployment,
            glint: self.glint,
            held: Some(&self.held),
            credential: Some(&self.credential),
            route,
            values,
            call,
            lang: self.lang,
        }
    }

    fn own_space(&self, asked: &[Exchange]) -> Option<String> {
        let seen = introspection(asked).and_then(|seen| seen.sub);
        seen.or_else(|| self.held.user_id.clone()).map(|user| format!("personal:{user}"))
    }

    pub(super) fn foresee(&self, evidence: &Evidence) -> Vec<AccessRow> {
        let place = Place {
            glint: self.glint.base(),
            authorization: Some(Secret::new(self.credential.header())),
            team: evidence.team.clone(),
            set: evidence.set.clone(),
            now: self.engine.host().now_ms(),
        };
        let call = Exchange::default();
        let values = BTreeMap::new();
        let known =
            by_id("me").map(|route| self.case(route, &values, &call).known_beside()).unwrap_or_default();
        foresee(&place, &evidence.asked, &known, self.lang)
    }

    /// Sends every read for which there are values, and puts what it shows beside its row.
    async fn prove(&self, rows: &mut [AccessRow], evidence: &mut Evidence, cx: &Context<'_>) {
        let mut values = self.things(evidence).await;
        let lists_sets = evidence.asked.iter().any(|asked| is_to(asked, Endpoint::Sets));
        let sendable = |row: &AccessRow| row.provable && (row.route != "list_sets" || lists_sets);
        let wanted: Vec<usize> =
            rows.iter().enumerate().filter(|(_, row)| sendable(row)).map(|(at, _)| at).collect();
        let mut asks = Vec::new();
        values.insert("format".to_owned(), json!("md"));
        for at in wanted {
            let Some(route) = rows.get(at).and_then(|row| by_id(&row.route)) else { continue };
            let filled = request::fill(route, &values, self.lang);
            if filled.problems.iter().all(|problem| problem.severity != Severity::Refused) {
                asks.push((at, route, filled.ask));
            }
        }
        let total = u32::try_from(asks.len()).unwrap_or(u32::MAX);
        let send = |(at, route, ask): (usize, &'static Route, Ask<Value>)| async move {
            let sent = self.engine.send(self.glint, &ask, Some(&self.credential), Some(&cx.cancel)).await;
            (at, route, sent)
        };
        let calls: Vec<_> = asks.into_iter().map(send).collect();
        let mut answers = stream::iter(calls).buffered(AT_ONCE);
        let mut done = 0;
        let mut proofs = Vec::new();
        while let Some((at, route, sent)) = answers.next().await {
            done += 1;
            cx.report(&MatrixStep { done, total });
            let case = self.case(route, &values, &sent);
            let found = diagnose(&sent, &evidence.asked, &case.known_beside(), self.lang);
            if let Some(row) = rows.get_mut(at) {
                row.observe(&found, self.lang);
            }
            proofs.push(sent);
        }
        evidence.asked.extend(proofs);
    }

    /// A team, a set and a todo that this identity sees, for the reads that need one.
    async fn things(&self, evidence: &Evidence) -> BTreeMap<String, Value> {
        let mut values = BTreeMap::new();
        if evidence.team.is_empty() {
            return values;
        }
        values.insert("team".to_owned(), json!(evidence.team));
        let listed = evidence.asked.iter().filter(|asked| is_to(asked, Endpoint::Sets));
        let sets = listed.filter_map(|asked| read::<Sets>(asked.clone()).value.ok()).next();
        let first = || sets.as_ref()?.sets.iter().max_by_key(|set| set.total).map(|set| set.id.clone());
        let Some(set) = evidence.set.clone().or_else(first) else { return values };
        values.insert("set".to_owned(), json!(set));
        let Some(route) = by_id("list_todos") else { return values };
        let call = Exchange::default();
        let asked = self.case(route, &values, &call).todos_of_set().await;
        let todo = asked
            .and_then(|asked| read::<Todos>(asked).value.ok())
            .and_then(|list| list.todos.into_iter().map(|todo| todo.id).next());
        values.extend(todo.map(|todo| ("todo".to_owned(), json!(todo))));
        values
    }

    fn told(&self, rows: Vec<AccessRow>, evidence: &Evidence) -> Matrix {
        let me = evidence.asked.iter().filter(|asked| is_to(asked, Endpoint::Me));
        let teams = me.filter_map(|asked| read::<Me>(asked.clone()).value.ok()).next();
        let team = teams.and_then(|me| me.user.teams.into_iter().find(|team| team.id == evidence.team));
        let mine = evidence.asked.iter().filter(|asked| is_to(asked, Endpoint::MyPermissions));
        let role = mine
            .filter_map(|asked| {
                let body = asked.response.as_ref()?.body.as_deref()?;
                let value: Value = serde_json::from_str(body).ok()?;
                value.get("role").and_then(Value::as_str).map(str::to_owned)
            })
            .next();
        let scopes = introspection(&evidence.asked).filter(|seen| seen.active).and_then(|seen| seen.scope);
        let differs = rows.iter().filter_map(|row| row.observed.as_ref()?.differs.as_ref()).count();
        Matrix {
            id: String::new(),
            identity: self.held.label_in(self.lang).to_owned(),
            team_name: team.as_ref().map(|team| team.name.clone()),
            role: role.or_else(|| team.map(|team| team.role)).filter(|role| !role.is_empty()),
            team: evidence.team.clone(),
            set: evidence.set.clone(),
            scopes: scopes.map(|scope| scope.split_whitespace().map(str::to_owned).collect()),
            differ: u32::try_from(differs).unwrap_or(u32::MAX),
            rows,
            asked: views(&evidence.asked),
            problems: self.open_questions(evidence),
        }
    }

    /// What keeps the matrix from telling more.
    fn open_questions(&self, evidence: &Evidence) -> Vec<Problem> {
        let lang = self.lang;
        let mut open = Vec::new();
        let asked = |end| evidence.asked.iter().any(|asked| is_to(asked, end));
        if evidence.team.is_empty() {
            open.push(
                Problem::note(
                    "matrix.no_team",
                    say!(lang, "No team of this user is known.", "不知道这位用户属于哪个团队。"),
                )
                .hinted(say!(lang, "Name a team.", "指定一个团队。")),
            );
        }
        if !asked(Endpoint::Me) {
            open.push(Problem::note(
                "matrix.blind",
                say!(
                    lang,
                    "Without `read_todos` this token cannot ask Glint for its team list and permissions.",
                    "没有 `read_todos`，此令牌无法向 Glint 询问团队列表和权限。"
                ),
            ));
        }
        open
    }
}

/// The first team of Glint's list.
fn first_team(asked: &[Exchange]) -> Option<String> {
    let me = asked.iter().find(|asked| is_to(asked, Endpoint::Me))?;
    let me = read::<Me>(me.clone()).value.ok()?;
    me.user.teams.into_iter().map(|team| team.id).next()
}

fn introspection(asked: &[Exchange]) -> Option<Introspection> {
    let seen = asked.iter().find(|asked| is_to(asked, Endpoint::Introspection))?;
    read::<Introspection>(seen.clone()).value.ok()
}

impl Case<'_> {
    /// The todos of the chosen set.
    async fn todos_of_set(&self) -> Option<Exchange> {
        let (team, set) = (self.picked(Pick::Team)?, self.set()?);
        self.at_glint(self.held?, &crate::glint::cross_app::todos(team, set)).await
    }
}
