//! What is told about everything around the token: configuration, consumer, memberships, roles, sets, todos.

use super::super::call::{origin_of, query};
use super::super::denials;
use super::{Asked, Facts, Member, Other, Today, request_value, rows, text};
use serde_json::Value;
use std::collections::BTreeSet;

impl Facts<'_> {
    /// What is told about everything around the token.
    pub(super) fn take(&mut self, other: &Other<'_>) {
        let Some((status, json)) = &other.answer else { return };
        let status = *status;
        let get = other.request.method == "GET";
        let own = self.token().is_some() && other.credential.as_deref().map(str::trim) == self.token();
        match other.path.as_str() {
            "/api/auth/config" if status == 200 && self.same_host(other) => {
                self.config = text(json, "baseUrl").zip(text(json, "clientId"));
            }
            "/api/oauth/app-info" if status == 200 => self.take_preview(other, json),
            "/api/oauth/authorize" | "/oauth/authorize" => self.take_authorization(other, json),
            "/api/oauth/me/teams" if own => {
                self.prism_teams_at = other.started_at;
                self.prism_teams =
                    Some(if status == 200 { Ok(members(json.get("teams"))) } else { Err(status) })
            }
            "/api/cross-app/me" if own && status == 200 && self.same_host(other) => {
                let user = json.get("user").cloned().unwrap_or_default();
                self.no_team_list = false;
                self.glint_teams = Some(members(user.get("teams")));
                self.user_name = text(&user, "displayName").or_else(|| text(&user, "username"));
            }
            "/api/cross-app/me" if own && self.same_host(other) => {
                let error = text(json, "error").unwrap_or_default();
                self.no_team_list = denials::means(status, &error, "membership.unavailable");
            }
            path if path.starts_with("/api/apps") && get && status == 200 => self.take_app(path, json),
            path if own && get && status == 200 && self.same_team(path) && self.same_host(other) => {
                self.take_team(path, other, json)
            }
            _ => {}
        }
    }

    /// The authorization of the same code counts; one of the same client when no code tells.
    fn take_authorization(&mut self, other: &Other<'_>, json: &Value) {
        let value = |name: &str| query(&other.request.url, name).or_else(|| request_value(other, name));
        self.states.extend(value("state"));
        self.issuers.extend(other.origin.clone());
        if value("client_id").is_none() || value("client_id").as_deref() != self.consumer() {
            return;
        }
        let issued = json.get("redirect").and_then(Value::as_str).and_then(|to| query(to, "code"));
        let own = request_value(self.call.exchange, "code")
            .or_else(|| self.issued.as_ref().and_then(|issued| issued.code.clone()));
        if issued.is_some() && own.is_some() && issued != own {
            return;
        }
        let scopes = value("scope").unwrap_or_default();
        let linked = issued.is_some() && issued == own;
        // What is known to have led to this token outweighs any other authorization of the client.
        let known = self.requests.iter().any(|asked| asked.linked);
        self.requests.push(Asked { scopes: scopes.split_whitespace().map(str::to_owned).collect(), linked });
        if linked || !known {
            self.asked = Some((scopes, value("redirect_uri").unwrap_or_default()));
        }
    }

    fn take_preview(&mut self, other: &Other<'_>, json: &Value) {
        let asked = query(&other.request.url, "client_id");
        if self.consumer().is_none() || asked.as_deref() != self.consumer() {
            return;
        }
        self.consumer_name = json.get("app").and_then(|app| text(app, "name"));
        let titled: BTreeSet<&str> = rows(json.get("app_scopes"))
            .filter(|row| row.get("scope_title").is_some_and(Value::is_string))
            .filter_map(|row| row.get("scope")?.as_str())
            .collect();
        let granted =
            rows(json.get("scopes")).chain(rows(json.get("optional_scopes"))).filter_map(Value::as_str);
        let app_scopes = rows(json.get("app_scopes")).filter_map(|row| row.get("scope")?.as_str());
        for scope in granted.chain(app_scopes) {
            self.today.insert(scope.to_owned(), Today::Granted { titled: titled.contains(scope) });
        }
        for row in rows(json.get("rejected_scopes")) {
            if let Some((scope, reason)) = text(row, "scope").zip(text(row, "reason")) {
                self.today.insert(scope, Today::Rejected(reason));
            }
        }
    }

    fn take_app(&mut self, path: &str, json: &Value) {
        if path.ends_with("/scope-access-rules") {
            let rules = json.get("rules").cloned().unwrap_or_default();
            self.rules = serde_json::from_value(rules).ok();
            return;
        }
        let listed = rows(json.get("apps")).chain(json.get("app"));
        let mine = listed
            .filter(|app| self.consumer().is_some() && text(app, "client_id").as_deref() == self.consumer())
            .last();
        if let Some(app) = mine {
            self.allowed_scopes =
                Some(rows(app.get("allowed_scopes")).filter_map(Value::as_str).map(str::to_owned).collect());
            self.consumer_name = text(app, "name");
        }
    }

    fn take_team(&mut self, path: &str, other: &Other<'_>, json: &Value) {
        let (url, at) = (other.request.url.as_str(), other.started_at);
        match path.rsplit('/').next().unwrap_or_default() {
            "sets" => {
                self.sets = Some(rows(json.get("sets")).filter_map(|set| text(set, "id")).collect());
                let wanted = self.call.part("set").map(str::to_owned);
                let of_set = ["update_set", "delete_set"];
                if self.call.route.as_ref().is_some_and(|hit| of_set.contains(&hit.route.id.as_str())) {
                    let hit = rows(json.get("sets")).find(|set| text(set, "id") == wanted);
                    self.owner = hit.and_then(|set| text(set, "userId"));
                }
                self.sets_at = at;
            }
            "permissions" => self.matrix = Some(json.clone()),
            "me" if path.ends_with("/permissions/me") => {
                self.mine.insert(query(url, "setId").unwrap_or_default(), json.clone());
            }
            "todos" => {
                let wanted = self.call.part("todo").map(str::to_owned);
                let hit = rows(json.get("todos")).find(|todo| wanted.is_some() && text(todo, "id") == wanted);
                let Some(todo) = hit else { return };
                self.todo_set = path.rsplit('/').nth(1).map(str::to_owned);
                if self.call.part("comment").is_none() {
                    self.owner = text(todo, "userId");
                }
            }
            "comments" if path.rsplit('/').nth(1) == self.call.part("todo") => {
                self.comments_read = true;
                let wanted = self.call.part("comment").map(str::to_owned);
                let mut comments = rows(json.get("comments"));
                let hit = comments.find(|comment| wanted.is_some() && text(comment, "id") == wanted);
                self.owner = hit.and_then(|comment| text(comment, "userId")).or(self.owner.take());
            }
            _ => {}
        }
    }

    fn same_host(&self, other: &Other<'_>) -> bool {
        let own = origin_of(&self.call.exchange.request.url);
        own.is_none() || other.origin.is_none() || own == other.origin
    }

    fn same_team(&self, path: &str) -> bool {
        self.call.part("team").is_some_and(|team| path.starts_with(&format!("/api/cross-app/teams/{team}/")))
    }
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
