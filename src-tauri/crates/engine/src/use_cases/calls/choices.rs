//! What can be picked: as the chosen identity sees it, else as another one of the connection does.

use super::glint_of;
use crate::answer::{Answer, Trouble};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::glint::cross_app;
use crate::identities::{Held, Need, candidates};
use crate::operation::Operation;
use crate::operations::calls::{Choice, Choices, ListChoices};
use crate::server::Server;
use futures_util::future::join_all;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::routes::Pick;
use scopes::say;
use scopes::scope::app_scope;

/// How many other identities are tried before the list stays empty.
const MOST_OTHERS: usize = 6;

/// How many sets are looked into for their todos at once.
const MOST_SETS: usize = 12;

impl Operation for ListChoices {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Choices, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let glint = glint_of(&deployment, lang)?;
        let question = Question { engine, deployment: &deployment, glint, args: &self, lang };
        let choices = question.choices().await?;
        if matches!(self.pick, Pick::Team | Pick::Set) {
            engine.store().change(&self.connection, |kept| {
                kept.names.extend(choices.choices.iter().map(|c| (c.id.clone(), c.label.clone())));
            });
        }
        Ok(choices)
    }
}

/// Somebody in no team sees only their own space; a team is wanted to see what its server says then.
fn enough(pick: Pick, seen: &[Choice]) -> bool {
    match pick {
        Pick::Team => seen.iter().any(|choice| !choice.id.starts_with("personal:")),
        _ => !seen.is_empty(),
    }
}

fn nobody(lang: Lang) -> Problem {
    Problem::note("identity.none", say!(lang, "No identity is chosen.", "未选择身份。"))
}

struct Question<'a> {
    engine: &'a Engine,
    deployment: &'a Deployment,
    glint: &'a Server,
    args: &'a ListChoices,
    lang: Lang,
}

impl Question<'_> {
    /// What the chosen identity sees, completed by what another one does.
    async fn choices(&self) -> Result<Choices, Problem> {
        let chosen = if self.args.identity.is_empty() {
            Err(nobody(self.lang))
        } else {
            let held = self.deployment.identity(&self.args.identity, self.lang)?;
            self.ask(&held).await
        };
        let (mut choices, problem) = match chosen {
            Ok(seen) if enough(self.args.pick, &seen) => {
                return Ok(Choices { choices: seen, seen_by: None, problem: None });
            }
            Ok(seen) => (seen, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let (more, seen_by) = self.others().await;
        for choice in more {
            if !choices.iter().any(|known| known.id == choice.id) {
                choices.push(choice);
            }
        }
        Ok(Choices { choices, seen_by, problem })
    }

    /// The first other identity that can read the list, with its label.
    async fn others(&self) -> (Vec<Choice>, Option<String>) {
        let mut others = candidates(self.deployment, Need::CallGlint, self.engine.now());
        others.retain(|held| self.reads(held));
        for held in others.iter().take(MOST_OTHERS) {
            if let Ok(choices) = self.ask(held).await
                && enough(self.args.pick, &choices)
            {
                return (choices, Some(held.label_in(self.lang).to_owned()));
            }
        }
        (Vec::new(), None)
    }

    /// Whether another identity is worth asking: it lives and may read todos.
    fn reads(&self, held: &Held) -> bool {
        let provider = self.deployment.saved.provider_client_id.as_deref().unwrap_or_default().trim();
        held.id != self.args.identity
            && !held.has_ended(self.engine.now())
            && held.may_carry(&app_scope(provider, "read_todos"))
    }

    async fn ask(&self, held: &Held) -> Result<Vec<Choice>, Problem> {
        match self.args.pick {
            Pick::Team => self.teams(held).await,
            Pick::Set => {
                let sets = self.get(held, &cross_app::sets(&self.team()?)).await?.sets;
                Ok(sets.into_iter().map(|set| self.set(set)).collect())
            }
            Pick::Todo => match self.args.set.as_deref().filter(|set| !set.is_empty()) {
                Some(set) => self.todos(held, &self.team()?, set).await,
                None => self.todos_of_all_sets(held).await,
            },
            Pick::Comment => {
                let todo = self.given(&self.args.todo, "todo")?;
                let comments = self.get(held, &cross_app::comments(&self.team()?, &todo)).await?.comments;
                Ok(comments.into_iter().map(comment).collect())
            }
            Pick::User => self.users(held).await,
            Pick::Choice | Pick::Text | Pick::Bool | Pick::Number | Pick::Json => Ok(Vec::new()),
        }
    }

    async fn get<T: serde::de::DeserializeOwned>(
        &self,
        held: &Held,
        ask: &crate::ask::Ask<T>,
    ) -> Result<T, Problem> {
        let credential = super::credential(self.engine, self.deployment, held, self.lang).await?;
        let answer: Answer<T> = self.engine.ask(self.glint, ask, Some(&credential)).await;
        let refused = match &answer.value {
            Err(Trouble::Refused { status, error, .. }) => Some((*status, error.clone().unwrap_or_default())),
            _ => None,
        };
        let (who, lang) = (held.label_in(self.lang), self.lang);
        answer.or_problem(lang).map_err(|problem| match refused {
            None => problem,
            Some((status, text)) => {
                let said = say!(
                    lang,
                    "{who} may not see this list; Glint answered {status}: `{text}`.",
                    "{who} 不能查看此列表；Glint 返回了 {status}：`{text}`。"
                );
                Problem { exchange: problem.exchange, ..Problem::note("choices.refused", said) }
            }
        })
    }

    fn team(&self) -> Result<String, Problem> {
        self.given(&self.args.team, "team")
    }

    fn given(&self, value: &Option<String>, name: &str) -> Result<String, Problem> {
        value.clone().filter(|value| !value.is_empty()).ok_or_else(|| {
            Problem::note("choices.first", say!(self.lang, "Choose the `{name}` first.", "先选择 `{name}`。"))
                .about(name)
        })
    }

    async fn teams(&self, held: &Held) -> Result<Vec<Choice>, Problem> {
        let me = self.get(held, &cross_app::me()).await?.user;
        let teams = me.teams.into_iter().map(|t| Choice { id: t.id, label: t.name, note: t.role });
        let personal = Choice {
            id: format!("personal:{}", me.id),
            label: say!(self.lang, "Personal space", "个人空间"),
            note: me.username,
        };
        Ok(teams.chain([personal]).collect())
    }

    async fn todos(&self, held: &Held, team: &str, set: &str) -> Result<Vec<Choice>, Problem> {
        let todos = self.get(held, &cross_app::todos(team, set)).await?.todos;
        Ok(todos.into_iter().map(|todo| self.todo(todo)).collect())
    }

    /// Glint lists todos set by set; without one chosen, those of the sets that hold any. A set the identity may not
    /// view is left out, unless no other one answers.
    async fn todos_of_all_sets(&self, held: &Held) -> Result<Vec<Choice>, Problem> {
        let team = &self.team()?;
        let sets = self.get(held, &cross_app::sets(team)).await?.sets;
        let filled = sets.into_iter().filter(|set| set.total != Some(0)).take(MOST_SETS);
        let lists = join_all(filled.map(|set| async move {
            let mut todos = self.todos(held, team, &set.id).await?;
            for todo in &mut todos {
                let owner = &todo.note;
                todo.note = say!(self.lang, "{owner}, in {}", "{owner}，在 {} 中", set.name);
            }
            Ok(todos)
        }))
        .await;
        let (seen, refused): (Vec<_>, Vec<_>) = lists.into_iter().partition(Result::is_ok);
        match refused.into_iter().find_map(Result::err) {
            Some(problem) if seen.is_empty() => Err(problem),
            _ => Ok(seen.into_iter().flatten().flatten().collect()),
        }
    }

    /// Glint admits only to the caller (contract §10.14); everybody an identity acts for is offered beside.
    async fn users(&self, held: &Held) -> Result<Vec<Choice>, Problem> {
        let members = self.get(held, &cross_app::members(&self.team()?)).await?.members;
        let mut users: Vec<Choice> = members
            .into_iter()
            .map(|member| Choice { id: member.user_id, label: member.name, note: String::new() })
            .collect();
        for held in &self.deployment.identities {
            if let (Some(id), Some(name)) = (&held.user_id, &held.user_name)
                && !users.iter().any(|user| user.id == *id)
            {
                users.push(Choice { id: id.clone(), label: name.clone(), note: String::new() });
            }
        }
        Ok(users)
    }

    fn set(&self, set: cross_app::Set) -> Choice {
        let count = set.total.unwrap_or_default();
        let note = match (set.total, count) {
            (None, _) => String::new(),
            (_, 1) => say!(self.lang, "1 todo", "1 个待办"),
            _ => say!(self.lang, "{count} todos", "{count} 个待办"),
        };
        Choice { id: set.id, label: set.name, note }
    }

    fn todo(&self, todo: cross_app::Todo) -> Choice {
        let owner = self
            .deployment
            .identities
            .iter()
            .find(|held| held.user_id.as_ref() == Some(&todo.user_id))
            .and_then(|held| held.user_name.clone())
            .unwrap_or_else(|| todo.user_id.clone());
        let note =
            if todo.completed { say!(self.lang, "{owner}, done", "{owner}，已完成") } else { owner };
        Choice { id: todo.id, label: todo.title, note }
    }
}

fn comment(comment: cross_app::Comment) -> Choice {
    Choice { id: comment.id, label: comment.body, note: comment.username }
}
