//! What is shown across sets. None of it asks for `view_todos`, so restricted sets show through (contract §10.16).

use serde_json::{Value, json};

use super::gate::Member;
use super::refusal::Answer;
use super::state::{Set, State, TeamEntry, Todo, teams_json};
use super::{Glint, upstream};
use crate::wire::{Call, Reply};

/// How many entries the feed has at most. The contract does not say; none of its recordings comes near.
const FEED: usize = 50;

/// `GET T/overview`: only top-level todos count.
pub(super) fn overview(state: &State, who: &Member) -> Answer {
    let top = || state.todos.iter().filter(|todo| todo.team == who.team && todo.parent.is_none());
    let (total, completed) = (top().count(), top().filter(|todo| todo.completed).count());
    let answer = json!({
        "sets": state.sets_of(&who.team).len(),
        "total": total,
        "completed": completed,
        "pending": total - completed,
        "assignedToMe": assigned_rows(state, who).len(),
    });
    Ok(Reply::json(200, &answer))
}

/// `GET T/my-todos`: made by the caller or assigned to the caller, latest change first by its text.
pub(super) fn mine(state: &State, who: &Member) -> Answer {
    let mut rows = rows(state, &who.team);
    rows.retain(|(todo, _)| todo.user == who.user || todo.assignees.contains(&who.user));
    rows.sort_by(|(a, _), (b, _)| b.updated_at.cmp(&a.updated_at));
    let shown = |(todo, set): &(&Todo, &Set)| {
        json!({
            "id": todo.id,
            "setId": todo.set,
            "setName": set.name,
            "userId": todo.user,
            "title": todo.title,
            "completed": todo.completed,
            "isMyTodo": todo.user == who.user,
            "isAssignedToMe": todo.assignees.contains(&who.user),
            "createdAt": todo.created_at,
            "updatedAt": todo.updated_at,
        })
    };
    Ok(Reply::json(200, &json!({ "todos": rows.iter().map(shown).collect::<Vec<Value>>() })))
}

/// `GET T/feed`: sorts the two forms of time as text, so changed items sink below those created the same day.
pub(super) fn feed(state: &State, who: &Member) -> Answer {
    let mut rows = rows(state, &who.team);
    rows.sort_by(|(a, _), (b, _)| b.updated_at.cmp(&a.updated_at));
    let shown = |(todo, set): &(&Todo, &Set)| {
        json!({
            "id": todo.id,
            "title": todo.title,
            "completed": todo.completed,
            "userId": todo.user,
            "setId": todo.set,
            "setName": set.name,
            "updatedAt": todo.updated_at,
        })
    };
    Ok(Reply::json(200, &json!({ "items": rows.iter().take(FEED).map(shown).collect::<Vec<Value>>() })))
}

/// `GET T/assigned-to-me`, grouped by set.
pub(super) fn assigned(state: &State, who: &Member) -> Answer {
    let shown = |todo: &Todo| {
        json!({
            "id": todo.id,
            "setId": todo.set,
            "parentId": todo.parent,
            "title": todo.title,
            "completed": todo.completed,
            "createdAt": todo.created_at,
            "updatedAt": todo.updated_at,
        })
    };
    let assigned = assigned_rows(state, who);
    let group = |set: &Set| {
        let todos: Vec<Value> =
            assigned.iter().filter(|(todo, _)| todo.set == set.id).map(|(todo, _)| shown(todo)).collect();
        (!todos.is_empty()).then(|| json!({ "setId": set.id, "setName": set.name, "todos": todos }))
    };
    let groups: Vec<Value> = state.sets_of(&who.team).into_iter().filter_map(group).collect();
    Ok(Reply::json(200, &json!({ "groups": groups, "expand": {} })))
}

impl Glint {
    /// `GET /me`: the cached teams, whatever Prism says by now.
    pub(super) async fn me(&self, call: &Call) -> Answer {
        let caller = self.caller(call, &["read_todos"]).await?;
        self.learn_person(&caller.token).await;
        let person = self.locked(|state| state.person(&caller.user));
        let answer = json!({
            "user": {
                "id": caller.user,
                "username": person.username,
                "displayName": person.name,
                "avatarUrl": person.avatar_url,
                "teams": teams_json(&caller.teams),
            },
            "grantedScopes": caller.granted,
        });
        Ok(Reply::json(200, &answer))
    }

    /// `GET /assigned-to-me`: the same across the caller's teams and the personal space.
    pub(super) async fn assigned_everywhere(&self, call: &Call) -> Answer {
        let caller = self.caller(call, &["read_todos"]).await?;
        let personal = format!("personal:{}", caller.user);
        let own = TeamEntry { id: personal, name: "Personal".into(), role: "owner".into() };
        let workspaces: Vec<Value> = self.locked(|state| {
            let spaces = caller.teams.iter().map(|team| (team, "team")).chain([(&own, "personal")]);
            spaces.filter_map(|(team, kind)| workspace(state, &caller.user, team, kind)).collect()
        });
        Ok(Reply::json(200, &json!({ "workspaces": workspaces })))
    }

    /// Asks Prism for the caller's names and keeps them for later answers.
    pub(super) async fn learn_person(&self, token: &str) {
        let config = self.locked(|state| state.config.clone());
        if let Some((id, person)) = upstream::person(self.prism(), &config, token).await {
            self.locked(|state| state.people.insert(id, person));
        }
    }
}

fn workspace(state: &State, user: &str, team: &TeamEntry, kind: &str) -> Option<Value> {
    let who = Member { user: user.into(), team: team.id.clone(), role: team.role.clone() };
    let shown = |(todo, set): &(&Todo, &Set)| {
        json!({
            "id": todo.id,
            "setId": todo.set,
            "setName": set.name,
            "parentId": todo.parent,
            "title": todo.title,
            "updatedAt": todo.updated_at,
        })
    };
    let todos: Vec<Value> = assigned_rows(state, &who).iter().map(shown).collect();
    (!todos.is_empty()).then(|| json!({ "teamId": team.id, "name": team.name, "kind": kind, "todos": todos }))
}

/// Every todo of a team whose set exists, with that set.
fn rows<'a>(state: &'a State, team: &str) -> Vec<(&'a Todo, &'a Set)> {
    let set = |todo: &Todo| state.sets.iter().find(|set| set.id == todo.set);
    state.todos.iter().filter(|todo| todo.team == team).filter_map(|todo| Some((todo, set(todo)?))).collect()
}

/// Without the migration there is no table of assignees, which reads as nothing assigned.
fn assigned_rows<'a>(state: &'a State, who: &Member) -> Vec<(&'a Todo, &'a Set)> {
    let mut rows = rows(state, &who.team);
    rows.retain(|(todo, _)| state.deployment.migrations && todo.assignees.contains(&who.user));
    rows
}
