//! `/api/cross-app`: what the pickers and the investigation read (contract §8.1).

use crate::ask::Ask;
use serde::Deserialize;
use serde_json::Value;

/// A cached membership.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CachedTeam {
    /// Team id, or `personal:<user id>`.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// Role.
    #[serde(default)]
    pub(crate) role: String,
}

/// The user as Glint knows them.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct MeUser {
    /// User id.
    pub(crate) id: String,
    /// Sign-in name.
    #[serde(default)]
    pub(crate) username: String,
    /// Teams of the hour-long cache.
    #[serde(default)]
    pub(crate) teams: Vec<CachedTeam>,
}

/// `GET /me`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Me {
    /// The user.
    pub(crate) user: MeUser,
}

/// A set.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Set {
    /// UUID.
    pub(crate) id: String,
    /// Name.
    pub(crate) name: String,
    /// How many todos.
    #[serde(default)]
    pub(crate) total: Option<i64>,
}

/// `GET T/sets`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Sets {
    /// The sets, restricted ones included.
    pub(crate) sets: Vec<Set>,
}

/// `GET T/overview`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Overview {
    /// How many sets the team has.
    pub(crate) sets: i64,
}

/// A todo.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Todo {
    /// UUID.
    pub(crate) id: String,
    /// Creator.
    pub(crate) user_id: String,
    /// Title.
    pub(crate) title: String,
    /// Whether it is done.
    #[serde(default)]
    pub(crate) completed: bool,
}

/// `GET T/sets/:s/todos`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Todos {
    /// The todos; empty for a missing or foreign set.
    pub(crate) todos: Vec<Todo>,
}

/// A comment.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Comment {
    /// UUID.
    pub(crate) id: String,
    /// Who wrote it.
    #[serde(default)]
    pub(crate) username: String,
    /// Text.
    pub(crate) body: String,
}

/// `GET T/todos/:t/comments`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Comments {
    /// The comments.
    pub(crate) comments: Vec<Comment>,
}

/// A member.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// User id.
    pub(crate) user_id: String,
    /// Shown name.
    #[serde(default)]
    pub(crate) name: String,
}

/// `GET T/members`: only the caller (contract §10.14).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Members {
    /// The list.
    pub(crate) members: Vec<Member>,
}

fn team_path(team: &str, rest: &[&str]) -> Vec<String> {
    ["api", "cross-app", "teams", team].iter().chain(rest).map(|part| (*part).to_owned()).collect()
}

/// The user and the cached teams.
pub(crate) fn me() -> Ask<Me> {
    Ask::get(["api", "cross-app", "me"])
}

/// How much there is in a team.
pub(crate) fn overview(team: &str) -> Ask<Overview> {
    Ask::get(team_path(team, &["overview"]))
}

/// The sets of a team; the default set is made where there is none.
pub(crate) fn sets(team: &str) -> Ask<Sets> {
    Ask::get(team_path(team, &["sets"]))
}

/// The todos of a set.
pub(crate) fn todos(team: &str, set: &str) -> Ask<Todos> {
    Ask::get(team_path(team, &["sets", set, "todos"]))
}

/// The comments of a todo.
pub(crate) fn comments(team: &str, todo: &str) -> Ask<Comments> {
    Ask::get(team_path(team, &["todos", todo, "comments"]))
}

/// The members Glint admits to.
pub(crate) fn members(team: &str) -> Ask<Members> {
    Ask::get(team_path(team, &["members"]))
}

/// The role permissions of the caller, for the team or one set.
pub(crate) fn my_permissions(team: &str, set: Option<&str>) -> Ask<Value> {
    let ask = Ask::get(team_path(team, &["permissions", "me"]));
    match set {
        Some(set) => ask.query("setId", set),
        None => ask,
    }
}

/// The permission matrix.
pub(crate) fn permissions(team: &str) -> Ask<Value> {
    Ask::get(team_path(team, &["permissions"]))
}
