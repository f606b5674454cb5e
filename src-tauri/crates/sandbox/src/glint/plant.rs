//! From a scenario to a state.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::seed::{CommentSeed, ConfigSeed, GlintSeed, SetSeed, TodoSeed};
use super::state::{Comment, Config, Set, State, TeamEntry, TeamList, Todo};
use super::time;
use crate::prism::Prism;
use crate::random;
use crate::scenario::Scenario;

/// Where this run lives, for what the scenario leaves open.
pub(super) struct Place<'a> {
    pub(super) prism: &'a Prism,
    pub(super) glint_url: &'a str,
    pub(super) now_ms: i64,
}

struct Planter<'a> {
    state: State,
    ids: HashMap<&'a str, &'a str>,
    now_ms: i64,
    /// How many rows are still to come: rows are made one after another, a millisecond apart, the last one at its time.
    rows_left: i64,
}

/// Everything the scenario gives Glint.
pub(super) fn plant(scenario: &Scenario, place: &Place<'_>) -> State {
    let seed = &scenario.glint;
    let ids = scenario.prism.users.iter().map(|user| (user.username.as_str(), user.id.as_str())).collect();
    let state = State {
        version: seed.version,
        configured: seed.configured,
        config: config(&seed.config, scenario, place),
        deployment: seed.deployment,
        ..State::default()
    };
    let rows_left = seed.sets.iter().map(|set| rows_in(&set.todos)).sum();
    let mut planter = Planter { state, ids, now_ms: place.now_ms, rows_left };
    planter.rows(seed);
    planter.lists(seed);
    planter.state
}

/// How many todos and comments there are, sub-todos included.
fn rows_in(todos: &[TodoSeed]) -> i64 {
    let row = |todo: &TodoSeed| {
        1 + i64::try_from(todo.comments.len()).unwrap_or_default() + rows_in(&todo.children)
    };
    todos.iter().map(row).sum()
}

fn config(seed: &ConfigSeed, scenario: &Scenario, place: &Place<'_>) -> Config {
    if !scenario.glint.configured {
        return Config { use_pkce: true, ..Config::default() };
    }
    let secret = || place.prism.client_secret(&scenario.provider).unwrap_or_default();
    let or = |given: &Option<String>, other: &dyn Fn() -> String| given.clone().unwrap_or_else(other);
    Config {
        prism_base_url: or(&seed.prism_base_url, &|| place.prism.base_url().into()),
        prism_client_id: or(&seed.prism_client_id, &|| scenario.provider.clone()),
        prism_client_secret: or(&seed.prism_client_secret, &secret),
        prism_redirect_uri: or(&seed.prism_redirect_uri, &|| format!("{}/callback", place.glint_url)),
        use_pkce: seed.use_pkce.unwrap_or(true),
        allowed_team_id: seed.allowed_team_id.clone(),
        owner_team_id: seed.owner_team_id.clone(),
        session_ttl: seed.session_ttl,
        welcome_message: seed.welcome_message.clone(),
    }
}

impl Planter<'_> {
    fn rows(&mut self, seed: &GlintSeed) {
        for set in &seed.sets {
            self.set(set);
        }
        for (team, settings) in &seed.settings {
            self.state.settings.insert(team.clone(), settings.clone());
        }
        for row in &seed.permissions {
            let scope = row.set.as_ref().map_or_else(|| "global".to_owned(), |set| format!("set:{set}"));
            let matrix = self.state.matrices.entry(row.team.clone()).or_default();
            matrix.put(&scope, &row.role, &row.permission, row.allowed);
        }
    }

    fn lists(&mut self, seed: &GlintSeed) {
        for list in &seed.team_lists {
            let entry = |team: &super::seed::CachedTeamSeed| TeamEntry {
                id: team.id.clone(),
                name: team.name.clone(),
                role: team.role.clone(),
            };
            let cached = TeamList {
                teams: list.teams.iter().map(entry).collect(),
                cached_at_ms: self.ago(list.age_seconds),
            };
            self.state.team_lists.insert(self.user(&list.user), cached);
        }
    }

    fn set(&mut self, seed: &SetSeed) {
        let id = seed.id.clone().unwrap_or_else(random::uuid);
        let listed = self.state.sets.iter().filter(|set| set.team == seed.team).count();
        let place = seed.sort_order.map_or_else(|| Value::from(listed + 1), Value::from);
        self.state.sets.push(Set {
            id: id.clone(),
            team: seed.team.clone(),
            user: self.user(&seed.user),
            name: seed.name.clone(),
            sort_order: place,
            auto_renew: seed.auto_renew,
            renew_time: json!(seed.renew_time),
            timezone: json!(seed.timezone),
            split_completed: seed.split_completed,
            created_at: time::plain(self.ago(seed.age_seconds)),
        });
        self.todos(&seed.team, &id, None, &seed.todos);
    }

    fn todos(&mut self, team: &str, set: &str, parent: Option<&str>, seeds: &[TodoSeed]) {
        for (index, seed) in seeds.iter().enumerate() {
            let id = seed.id.clone().unwrap_or_else(random::uuid);
            let made = self.next_row(seed.age_seconds);
            let mut todo =
                Todo::created(id.clone(), team, set, &self.user(&seed.user), seed.title.clone(), made);
            todo.parent = parent.map(Into::into);
            todo.completed = seed.completed;
            todo.sort_order = Value::from(index + 1);
            todo.assignees = seed.assignees.iter().map(|name| self.user(name)).collect();
            // Nothing is made complete: completing it was a change.
            let changed = seed.changed_seconds.map(|seconds| self.ago(seconds));
            if let Some(changed) = changed.or(Some(made).filter(|_| seed.completed)) {
                todo.updated_at = time::plain(changed);
            }
            self.state.todos.push(todo);
            for comment in &seed.comments {
                self.comment(&id, comment);
            }
            self.todos(team, set, Some(&id), &seed.children);
        }
    }

    fn comment(&mut self, todo: &str, seed: &CommentSeed) {
        let made = self.next_row(seed.age_seconds);
        self.state.comments.push(Comment {
            id: seed.id.clone().unwrap_or_else(random::uuid),
            todo: todo.into(),
            user: self.user(&seed.user),
            username: seed.user.clone(),
            body: seed.body.clone(),
            created_at: time::iso(made),
        });
    }

    /// The id behind a user name; an unknown name stands for itself.
    fn user(&self, name: &str) -> String {
        self.ids.get(name).copied().unwrap_or(name).to_owned()
    }

    /// The time of the next row of this age.
    fn next_row(&mut self, seconds: u32) -> i64 {
        self.rows_left -= 1;
        self.ago(seconds) - self.rows_left
    }

    fn ago(&self, seconds: u32) -> i64 {
        self.now_ms - i64::from(seconds) * 1000
    }
}
