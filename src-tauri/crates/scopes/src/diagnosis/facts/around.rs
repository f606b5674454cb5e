//! What is told about everything around the token: configuration, memberships, roles, sets, todos.

use super::super::call::{origin_of, query};
use super::super::{code, denials};
use super::others::Other;
use super::{Facts, Member, rows, text};
use crate::endpoint::Endpoint;
use serde_json::Value;

impl Facts<'_> {
    pub(super) fn take_configuration(&mut self, other: &Other<'_>) {
        if let Some(json) = other.answered() {
            self.config = text(json, "baseUrl").zip(text(json, "clientId")).or(self.config.take());
        }
    }

    /// Prism's team list. An answer that is neither a list nor a refusal of Prism's own says nothing.
    pub(super) fn take_prism_teams(&mut self, other: &Other<'_>) {
        let Some((status, json)) = other.answer() else { return };
        let teams = match (*status, json.get("teams")) {
            (200, Some(teams)) if teams.is_array() => Ok(members(Some(teams))),
            (400..=499, _) if json.get("error").is_some_and(Value::is_string) => Err(*status),
            _ => return,
        };
        self.prism_teams_at = other.started_at;
        self.prism_teams = Some(teams);
    }

    /// Glint's list of the user's teams, or its word that it has none.
    pub(super) fn take_glint_teams(&mut self, other: &Other<'_>) {
        let Some((status, json)) = other.answer() else { return };
        let teams = json.get("user").and_then(|user| user.get("teams")).filter(|teams| teams.is_array());
        match (*status, json.get("user"), teams) {
            (200, Some(user), Some(teams)) => {
                self.no_team_list = false;
                self.glint_teams = Some(members(Some(teams)));
                self.user_name = text(user, "displayName").or_else(|| text(user, "username"));
            }
            (200, ..) => {}
            (status, ..) => {
                let error = text(json, "error").unwrap_or_default();
                self.no_team_list = denials::means(status, &error, code::MEMBERSHIP_UNAVAILABLE);
            }
        }
    }

    /// A list or a table of the call's team; one that cannot be read says nothing.
    pub(super) fn take_team(&mut self, other: &Other<'_>) {
        let Some(json) = other.answered() else { return };
        let (url, at) = (other.request.url.as_str(), other.started_at);
        match other.to.endpoint {
            Endpoint::Sets if is_list(json, "sets") => {
                self.sets = Some(rows(json.get("sets")).filter_map(|set| text(set, "id")).collect());
                let wanted = self.call.part("set").map(str::to_owned);
                let of_set = ["update_set", "delete_set"];
                if self.call.route.as_ref().is_some_and(|hit| of_set.contains(&hit.route.id.as_str())) {
                    let hit = rows(json.get("sets")).find(|set| text(set, "id") == wanted);
                    self.owner = hit.and_then(|set| text(set, "userId"));
                }
                self.sets_at = at;
            }
            Endpoint::Permissions if json.get("global").is_some_and(Value::is_object) => {
                self.matrix = Some(json.clone());
            }
            Endpoint::MyPermissions if json.get("permissions").is_some_and(Value::is_object) => {
                self.mine.insert(query(url, "setId").unwrap_or_default(), json.clone());
            }
            Endpoint::Todos => {
                let wanted = self.call.part("todo").map(str::to_owned);
                let hit = rows(json.get("todos")).find(|todo| wanted.is_some() && text(todo, "id") == wanted);
                let Some(todo) = hit else { return };
                self.todo_set = other.to.value("set").map(str::to_owned);
                if self.call.part("comment").is_none() {
                    self.owner = text(todo, "userId");
                }
            }
            Endpoint::Comments
                if is_list(json, "comments") && other.to.value("todo") == self.call.part("todo") =>
            {
                self.comments_read = true;
                let wanted = self.call.part("comment").map(str::to_owned);
                let mut comments = rows(json.get("comments"));
                let hit = comments.find(|comment| wanted.is_some() && text(comment, "id") == wanted);
                self.owner = hit.and_then(|comment| text(comment, "userId")).or(self.owner.take());
            }
            _ => {}
        }
    }

    pub(super) fn same_host(&self, other: &Other<'_>) -> bool {
        let own = origin_of(&self.call.exchange.request.url);
        own.is_none() || other.origin.is_none() || own == other.origin
    }

    pub(super) fn same_team(&self, other: &Other<'_>) -> bool {
        self.call.part("team").is_some_and(|team| other.to.value("team") == Some(team))
    }
}

fn is_list(json: &Value, name: &str) -> bool {
    json.get(name).is_some_and(Value::is_array)
}

fn members(value: Option<&Value>) -> Vec<Member> {
    let member = |row: &Value| {
        Some(Member {
            team: text(row, "id")?,
            role: text(row, "role").unwrap_or_default(),
            joined_at: row.get("joined_at").and_then(Value::as_i64),
        })
    };
    rows(value).filter_map(member).collect()
}
