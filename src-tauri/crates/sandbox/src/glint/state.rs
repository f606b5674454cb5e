//! What Glint holds, as plain values.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::permission::Matrix;
use super::refusal::Refusal;
use super::seed::{DeploymentSeed, GlintVersion};
use super::time;
use crate::js::d1;

/// Everything Glint holds.
#[derive(Default)]
pub(super) struct State {
    pub(super) version: GlintVersion,
    pub(super) configured: bool,
    pub(super) config: Config,
    pub(super) deployment: DeploymentSeed,
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

impl Config {
    /// The teams whose members may log in; none for everybody.
    pub(super) fn allowed_teams(&self) -> Vec<&str> {
        team_ids(&self.allowed_team_id)
    }

    /// The teams whose owners manage this Glint; none when everybody who is logged in does.
    pub(super) fn owner_teams(&self) -> Vec<&str> {
        let owners = team_ids(&self.owner_team_id);
        if owners.is_empty() { self.allowed_teams() } else { owners }
    }
}

/// Several ids may stand in one text, apart by white space, commas or semicolons.
fn team_ids(text: &str) -> Vec<&str> {
    text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|id| !id.is_empty()).collect()
}

/// Somebody's names, as a token or a login showed them.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) username: String,
    /// The display name, where the scope `profile` opened it.
    pub(super) name: Option<String>,
    pub(super) avatar_url: Option<String>,
}

impl Person {
    /// The name that lists show.
    pub(super) fn shown(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.username)
    }
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
    pub(super) person: Person,
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
    /// Not checked: text, or what else the database took.
    pub(super) renew_time: Value,
    pub(super) timezone: Value,
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
    /// The author's user name at the time.
    pub(super) username: String,
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
        sets.sort_by(|a, b| d1::order(&a.sort_order, &b.sort_order));
        sets
    }

    /// All sets in their order.
    pub(super) fn sets_in_order(&self) -> Vec<&Set> {
        let mut sets: Vec<&Set> = self.sets.iter().collect();
        sets.sort_by(|a, b| d1::order(&a.sort_order, &b.sort_order));
        sets
    }

    /// A set of this team.
    pub(super) fn set(&self, team: &str, id: &str) -> Option<&Set> {
        self.sets.iter().find(|set| set.id == id && set.team == team)
    }

    /// The name of the set a todo is in.
    pub(super) fn set_name(&self, todo: &Todo) -> Option<&str> {
        self.sets.iter().find(|set| set.id == todo.set).map(|set| set.name.as_str()).filter(|n| !n.is_empty())
    }

    /// A todo of this team.
    pub(super) fn todo(&self, team: &str, id: &str) -> Option<&Todo> {
        self.todos.iter().find(|todo| todo.id == id && todo.team == team)
    }

    /// The todos of a set that belong to this team, in their order.
    pub(super) fn todos_of(&self, team: &str, set: &str) -> Vec<&Todo> {
        self.in_order(|todo| todo.set == set && todo.team == team)
    }

    /// The todos that pass, in their order.
    pub(super) fn in_order(&self, pass: impl Fn(&Todo) -> bool) -> Vec<&Todo> {
        let mut todos: Vec<&Todo> = self.todos.iter().filter(|todo| pass(todo)).collect();
        todos.sort_by(|a, b| Todo::order(a, b));
        todos
    }

    /// Whether a todo that is not done is assigned to somebody. Without the migration there is no table of assignees.
    pub(super) fn assigned(&self, todo: &Todo, user: &str) -> bool {
        self.deployment.migrations && !todo.completed && todo.assignees.iter().any(|id| id == user)
    }

    /// Whether a sibling of this title is there, `except` the todo itself.
    pub(super) fn title_taken(
        &self,
        team: &str,
        set: &str,
        parent: Option<&str>,
        title: &str,
        except: Option<&str>,
    ) -> bool {
        self.siblings(set, parent)
            .any(|todo| todo.team == team && todo.title == title && Some(todo.id.as_str()) != except)
    }

    /// Refuses a row whose title another team put into the same place: the index asks for no team.
    pub(super) fn unique_title(&self, row: &Todo) -> Result<(), Refusal> {
        let taken = self
            .siblings(&row.set, row.parent.as_deref())
            .any(|todo| todo.title == row.title && todo.id != row.id);
        if !taken {
            return Ok(());
        }
        Err(Refusal::constraint("UNIQUE constraint failed: index 'idx_todos_set_title_unique'", "UNIQUE"))
    }

    fn siblings<'a>(&'a self, set: &'a str, parent: Option<&'a str>) -> impl Iterator<Item = &'a Todo> {
        self.todos.iter().filter(move |todo| todo.set == set && todo.parent.as_deref() == parent)
    }

    /// Whether the team has a set of this name, `except` one.
    pub(super) fn name_taken(&self, team: &str, name: &str, except: Option<&str>) -> bool {
        self.sets.iter().any(|set| set.team == team && set.name == name && Some(set.id.as_str()) != except)
    }

    /// The sort order of the next todo under `parent`.
    pub(super) fn next_order(&self, team: &str, set: &str, parent: Option<&str>) -> Value {
        let siblings = self.siblings(set, parent).filter(|todo| todo.team == team);
        d1::after_largest(siblings.map(|todo| &todo.sort_order))
    }

    /// Removes the todos that match with everything under them and their comments.
    pub(super) fn remove_todos(&mut self, matches: impl Fn(&Todo) -> bool) {
        let mut doomed: HashSet<String> =
            self.todos.iter().filter(|todo| matches(todo)).map(|todo| todo.id.clone()).collect();
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

    /// How many comments every todo has that has any.
    pub(super) fn comment_counts(&self) -> HashMap<&str, usize> {
        let mut counts = HashMap::new();
        for comment in &self.comments {
            *counts.entry(comment.todo.as_str()).or_insert(0) += 1;
        }
        counts
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
    /// The order of lists: by place, then by time.
    pub(super) fn order(a: &Self, b: &Self) -> Ordering {
        d1::order(&a.sort_order, &b.sort_order).then_with(|| a.created_at.cmp(&b.created_at))
    }

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

/// A team list as the routes show it.
pub(super) fn teams_json(teams: &[TeamEntry]) -> Value {
    teams.iter().map(|team| json!({ "id": team.id, "name": team.name, "role": team.role })).collect()
}
