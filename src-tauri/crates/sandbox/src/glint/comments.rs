//! Comments (contract §8.1). A comment keeps the user name its author had; only the caller's display name is known.

use serde_json::{Value, json};

use super::gate::Member;
use super::input::Input;
use super::refusal::{Answer, Refusal};
use super::sets::ok;
use super::state::{Comment, State};
use super::time;
use crate::random;
use crate::wire::{Call, Reply};

/// `GET T/todos/:t/comments`
pub(super) fn list(state: &State, who: &Member, todo: &str) -> Answer {
    let todo = state.todo(&who.team, todo).ok_or_else(|| Refusal::missing("Todo not found"))?;
    who.must(state, "view_todos", Some(&todo.set), "No permission to view todos")?;
    let mut comments: Vec<&Comment> =
        state.comments.iter().filter(|comment| comment.todo == todo.id).collect();
    comments.sort_by(|a, b| a.created_at.cmp(&b.created_at));
    let comments: Vec<Value> = comments.into_iter().map(|comment| shown(who, comment)).collect();
    Ok(Reply::json(200, &json!({ "comments": comments })))
}

/// `POST T/todos/:t/comments`
pub(super) fn create(state: &mut State, who: &Member, todo: &str, call: &Call, now_ms: i64) -> Answer {
    let todo = state.todo(&who.team, todo).ok_or_else(|| Refusal::missing("Todo not found"))?;
    who.must(state, "comment", Some(&todo.set), "No permission to comment")?;
    let text = Input::destructured(call, "body")?
        .required("body", "body")?
        .ok_or_else(|| Refusal::bad("Body is required"))?;
    let comment = Comment {
        id: random::uuid(),
        todo: todo.id.clone(),
        user: who.user.clone(),
        username: who.person.username.clone(),
        body: text,
        created_at: time::iso(now_ms),
    };
    let answer = Reply::json(201, &json!({ "comment": shown(who, &comment) }));
    state.comments.push(comment);
    Ok(answer)
}

/// `DELETE T/todos/:t/comments/:c`
pub(super) fn delete(state: &mut State, who: &Member, todo: &str, id: &str) -> Answer {
    let gone = || Refusal::missing("Not found");
    let todo = state.todo(&who.team, todo).ok_or_else(gone)?;
    let comment =
        state.comments.iter().find(|comment| comment.id == id && comment.todo == todo.id).ok_or_else(gone)?;
    let permission = if comment.user == who.user { "delete_own_comments" } else { "delete_any_comment" };
    who.must(state, permission, Some(&todo.set), "No permission to delete comment")?;
    state.comments.retain(|comment| comment.id != id);
    ok()
}

fn shown(who: &Member, comment: &Comment) -> Value {
    let own = comment.user == who.user;
    json!({
        "id": comment.id,
        "userId": comment.user,
        "username": comment.username,
        "displayName": if own { who.person.shown() } else { &comment.username },
        "avatarUrl": who.person.avatar_url.as_ref().filter(|_| own),
        "body": comment.body,
        "createdAt": comment.created_at,
    })
}
