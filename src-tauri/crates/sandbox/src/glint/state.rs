//! What Glint holds, as plain values.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::permission::Matrix;
use super::seed::{DeploymentSeed, GlintVersion};
use super::time;
use super::value;

/// Everything Glint holds.
#[derive(Default)]
pub(super) struct State {
    pub(super) version: GlintVersion,
    pub(super) configured: bool,
    pub(super) config: Config,
    pub(super) deployment: DeploymentSeed,
    /// Names by user id.
    pub(super) people: HashMap<String, Person>,
    pub(super) sets: Vec<Set>,
    pub(super) todos: Vec<Todo>,
    pub(super) comments: Vec<Comment>,
    /// Permission rows by team id.
    pub(super) matrices: HashMap<String, Matrix>,
    /// Changed settings by team id.
    pub(super) settings: HashMap<String, Map<String, Value>>,
    /// Cached team lists by user id (contract §8.3).
    pub(super) team_lists: HashMap<String, TeamList>,
    /// Glint logins by session id.
    pub(super) sessions: HashMap<String, Session>,
}

/// The configuration of contract §7.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Base URL of Prism; its path is ignored (contract §10.21).
    pub prism_base_url: String,
    /// Glint's own client id, taken literally, blanks included.
    pub prism_client_id: String,
    /// Glint's own client secret.
    pub prism_client_secret: String,
    /// Where Prism sends the browser after a Glint login.
    pub prism_redirect_uri: String,
    /// Whether a Glint login uses PKCE.
    pub use_pkce: bool,
    /// The only team whose members may log in; empty for everybody.
    pub allowed_team_id: String,
    /// The team whose owners manage this Glint.
    pub owner_team_id: String,
    /// Length of a Glint session in seconds; 0 stands for a day.
    pub session_ttl: u64,
    /// Text shown after a login.
    pub welcome_message: String,
}

/// Somebody's names.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) avatar_url: Option<String>,
}

/// One team of somebody's list.
#[derive(Clone, Debug)]
pub(super) struct TeamEntry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: String,
}

/// A cached team list.
#[derive(Clone, Debug)]
pub(super) struct TeamList {
    pub(super) teams: Vec<TeamEntry>,
    pub(super) cached_at_ms: i64,
}

/// A Glint login.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: String,
    pub(super) teams: Vec<TeamEntry>,
    pub(super) expires_at_ms: i64,
}

/// One set.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) id: String,
    pub(super) team: String,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) sort_order: Value,
    pub(super) auto_renew: bool,
    pub(super) renew_time: String,
    pub(super) timezone: String,
    pub(super) split_completed: bool,
    pub(super) created_at: String,
}

/// One todo. Its set may belong to another team (contract §9, import).
#[derive(Clone, Debug)]
pub(super) struct Todo {
    pub(super) id: String,
    pub(super) team: String,
    pub(super) set: String,
    pub(super) user: String,
    pub(super) parent: Option<String>,
    pub(super) title: String,
    pub(super) completed: bool,
    pub(super) sort_order: Value,
    pub(super) assignees: Vec<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

/// One comment.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) todo: String,
    pub(super) user: String,
    pub(super) body: String,
    pub(super) created_at: String,
}

impl State {
    /// Whether `role` of `team` may do `permission`, in one set or (`None`) in the team.
    pub(super) fn allows(&self, team: &str, role: &str, permission: &str, set: Option<&str>) -> bool {
        match self.matrices.get(team) {
            Some(matrix) => matrix.allows(role, permission, set),
            None => Matrix::default().allows(role, permission, set),
        }
    }

    /// The settings of a team, defaults included.
    pub(super) fn settings_of(&self, team: &str) -> BTreeMap<String, Value> {
        let mut settings: BTreeMap<String, Value> = BTreeMap::new();
        for (key, default) in setting_defaults() {
            let changed = self.settings.get(team).and_then(|changed| changed.get(key));
            settings.insert(key.into(), changed.cloned().unwrap_or(default));
        }
        settings
    }

    /// The sets of a team in their order.
    pub(super) fn sets_of(&self, team: &str) -> Vec<&Set> {
        let mut sets: Vec<&Set> = self.sets.iter().filter(|set| set.team == team).collect();
        sets.sort_by(|a, b| value::by_order(&a.sort_order, &b.sort_order));
        sets
    }

    /// A set of this team.
    pub(super) fn set(&self, team: &str, id: &str) -> Option<&Set> {
        self.sets.iter().find(|set| set.id == id && set.team == team)
    }

    /// A todo of this team.
    pub(super) fn todo(&self, team: &str, id: &str) -> Option<&Todo> {
        self.todos.iter().find(|todo| todo.id == id && todo.team == team)
    }

    /// The todos of a set that belong to this team, in their order.
    pub(super) fn todos_of(&self, team: &str, set: &str) -> Vec<&Todo> {
        let mut todos: Vec<&Todo> =
            self.todos.iter().filter(|todo| todo.set == set && todo.team == team).collect();
        todos.sort_by(|a, b| {
            value::by_order(&a.sort_order, &b.sort_order).then_with(|| a.created_at.cmp(&b.created_at))
        });
        todos
    }

    /// Whether a sibling of this title is there, `except` the todo itself.
    pub(super) fn title_taken(
        &self,
        set: &str,
        parent: Option<&str>,
        title: &str,
        except: Option<&str>,
    ) -> bool {
        self.todos.iter().any(|todo| {
            todo.set == set
                && todo.parent.as_deref() == parent
                && todo.title == title
                && Some(todo.id.as_str()) != except
        })
    }

    /// Whether the team has a set of this name, `except` one.
    pub(super) fn name_taken(&self, team: &str, name: &str, except: Option<&str>) -> bool {
        self.sets.iter().any(|set| set.team == team && set.name == name && Some(set.id.as_str()) != except)
    }

    /// The sort order of the next todo under `parent`.
    pub(super) fn next_order(&self, set: &str, parent: Option<&str>) -> Value {
        let siblings = self.todos.iter().filter(|todo| todo.set == set && todo.parent.as_deref() == parent);
        value::next_order(siblings.map(|todo| &todo.sort_order))
    }

    /// Removes todos with everything under them and their comments.
    pub(super) fn remove_todos(&mut self, roots: impl Iterator<Item = String>) {
        let mut doomed: HashSet<String> = roots.collect();
        loop {
            let known = doomed.len();
            let below = |todo: &&Todo| todo.parent.as_ref().is_some_and(|parent| doomed.contains(parent));
            let found: Vec<String> = self.todos.iter().filter(below).map(|todo| todo.id.clone()).collect();
            doomed.extend(found);
            if doomed.len() == known {
                break;
            }
        }
        self.todos.retain(|todo| !doomed.contains(&todo.id));
        self.comments.retain(|comment| !doomed.contains(&comment.todo));
    }

    /// Removes every todo of a set, whatever team its row names.
    pub(super) fn empty_set(&mut self, set: &str) {
        let roots: Vec<String> =
            self.todos.iter().filter(|todo| todo.set == set).map(|todo| todo.id.clone()).collect();
        self.remove_todos(roots.into_iter());
    }

    /// How many comments every todo has that has any.
    pub(super) fn comment_counts(&self) -> HashMap<&str, usize> {
        let mut counts = HashMap::new();
        for comment in &self.comments {
            *counts.entry(comment.todo.as_str()).or_insert(0) += 1;
        }
        counts
    }

    /// Somebody's names; an unknown person is called by the id.
    pub(super) fn person(&self, id: &str) -> Person {
        let unknown = || Person { username: id.into(), name: id.into(), avatar_url: None };
        self.people.get(id).cloned().unwrap_or_else(unknown)
    }

    /// The role in a team: from the list, or owner of one's own personal space.
    pub(super) fn role_in(team: &str, user: &str, teams: &[TeamEntry]) -> Option<String> {
        if team.strip_prefix("personal:") == Some(user) {
            return Some("owner".into());
        }
        teams.iter().find(|entry| entry.id == team).map(|entry| entry.role.clone())
    }
}

impl Todo {
    /// A new todo as Glint's own code makes it.
    pub(super) fn created(id: String, team: &str, set: &str, user: &str, title: String, now_ms: i64) -> Self {
        Self {
            id,
            team: team.into(),
            set: set.into(),
            user: user.into(),
            parent: None,
            title,
            completed: false,
            sort_order: Value::from(1),
            assignees: Vec::new(),
            created_at: time::iso(now_ms),
            updated_at: time::iso(now_ms),
        }
    }
}

/// The settings Glint knows, with their defaults.
pub(super) fn setting_defaults() -> [(&'static str, Value); 6] {
    [
        ("site_name", json!("Glint")),
        ("site_logo_url", json!("")),
        ("accent_color", json!("")),
        ("default_set_name", json!("Not Grouped")),
        ("allow_member_create_sets", json!(false)),
        ("default_timezone", json!("UTC")),
    ]
}

/// A set as the routes show it, without its counts.
pub(super) fn set_json(set: &Set, created_at: &str) -> Map<String, Value> {
    let shown = json!({
        "id": set.id,
        "userId": set.user,
        "name": set.name,
        "sortOrder": set.sort_order,
        "autoRenew": set.auto_renew,
        "renewTime": set.renew_time,
        "timezone": set.timezone,
        "lastRenewedAt": null,
        "splitCompleted": set.split_completed,
        "createdAt": created_at,
    });
    match shown {
        Value::Object(shown) => shown,
        _ => Map::new(),
    }
}

/// Somebody as an assignee or a member of a team.
pub(super) fn person_json(id: &str, person: &Person) -> Value {
    json!({ "userId": id, "name": person.name, "username": person.username, "avatarUrl": person.avatar_url })
}

/// A team list as the routes show it.
pub(super) fn teams_json(teams: &[TeamEntry]) -> Value {
    teams.iter().map(|team| json!({ "id": team.id, "name": team.name, "role": team.role })).collect()
}
