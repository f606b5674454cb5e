//! What is shown across sets. None of it asks for `view_todos`, so restricted sets show through (contract §10.16).

use serde_json::{Value, json};

use super::Glint;
use super::gate::Member;
use super::refusal::Answer;
use super::state::{State, Todo, teams_json};
use crate::wire::{Call, Reply};

/// How many entries the feed has at most.
const FEED: usize = 20;

/// How many of one's own todos are listed at most.
const MINE: usize = 50;

/// `GET T/overview`: only top-level todos count.
pub(super) fn overview(state: &State, who: &Member) -> Answer {
    let top = || state.todos.iter().filter(|todo| todo.team == who.team && todo.parent.is_none());
    let (total, completed) = (top().count(), top().filter(|todo| todo.completed).count());
    let assigned = state.todos.iter().filter(|todo| todo.team == who.team);
    let answer = json!({
        "sets": state.sets_of(&who.team).len(),
        "total": total,
        "completed": completed,
        "pending": total - completed,
        "assignedToMe": assigned.filter(|todo| state.assigned(todo, &who.user)).count(),
    });
    Ok(Reply::json(200, &answer))
}

/// `GET T/my-todos`: not done, made by the caller or assigned to the caller, latest change first by its text.
pub(super) fn mine(state: &State, who: &Member) -> Answer {
    let own = |todo: &&Todo| todo.user == who.user || state.assigned(todo, &who.user);
    let shown = |todo: &Todo| {
        json!({
            "id": todo.id,
            "setId": todo.set,
            "setName": state.set_name(todo),
            "userId": todo.user,
            "title": todo.title,
            "completed": todo.completed,
            "isMyTodo": todo.user == who.user,
            "isAssignedToMe": state.assigned(todo, &who.user),
            "createdAt": todo.created_at,
            "updatedAt": todo.updated_at,
        })
    };
    let rows = latest(state, who).into_iter().filter(|todo| !todo.completed).filter(own);
    Ok(Reply::json(200, &json!({ "todos": rows.take(MINE).map(shown).collect::<Vec<Value>>() })))
}

/// `GET T/feed`: sorts the two forms of time as text, so changed items sink below those created the same day.
pub(super) fn feed(state: &State, who: &Member) -> Answer {
    let shown = |todo: &Todo| {
        json!({
            "id": todo.id,
            "title": todo.title,
            "completed": todo.completed,
            "userId": todo.user,
            "setId": todo.set,
            "setName": state.set_name(todo),
            "updatedAt": todo.updated_at,
        })
    };
    let rows = latest(state, who).into_iter().take(FEED);
    Ok(Reply::json(200, &json!({ "items": rows.map(shown).collect::<Vec<Value>>() })))
}

impl Glint {
    /// `GET /me`: the cached teams, whatever Prism says by now.
    pub(super) async fn me(&self, call: &Call) -> Answer {
        let caller = self.caller(call, &["read_todos"]).await?;
        let person = &caller.person;
        let answer = json!({
            "user": {
                "id": caller.user,
                "username": person.username,
                "displayName": person.name.as_ref().unwrap_or(&person.username),
                "avatarUrl": person.avatar_url,
                "teams": teams_json(&caller.teams),
            },
            "grantedScopes": caller.granted,
        });
        Ok(Reply::json(200, &answer))
    }

    /// `GET /assigned-to-me`
    pub(super) async fn assigned_everywhere(&self, call: &Call) -> Answer {
        let caller = self.caller(call, &["read_todos"]).await?;
        self.locked(|state| super::assignees::assigned_everywhere(state, &caller))
    }
}

/// The todos of the team, latest change first; of those changed at one time, the earlier row first.
fn latest<'a>(state: &'a State, who: &Member) -> Vec<&'a Todo> {
    let mut todos: Vec<&Todo> = state.todos.iter().filter(|todo| todo.team == who.team).collect();
    todos.sort_by(|a, b| b.updated_at.cmp(&a.updated_at));
    todos
}
