//! From a path to a route. A path that is none is plain text and never looks at the token (contract §8.1).

use axum::http::Method;

use super::gate::Member;
use super::refusal::{Answer, Refusal};
use super::seed::GlintVersion;
use super::state::State;
use super::{Glint, assignees, comments, matrix, sets, settings, todos, transfer, views};
use crate::wire::{Call, Reply, percent_decode};

const READ: &[&str] = &["read_todos"];
const CREATE: &[&str] = &["create_todos", "write_todos"];
const REORDER: &[&str] = &["reorder_todos"];
const SETS: &[&str] = &["manage_sets"];
const MATRIX: &[&str] = &["manage_permissions"];

impl Glint {
    /// One call, answered as over HTTP. Event streams and upgrades need [`Glint::router`]; here they end after their head.
    pub async fn call(&self, call: &Call) -> Reply {
        if navigates(call) {
            return super::page::app();
        }
        let reply = self.route(call).await.unwrap_or_else(Refusal::into_reply);
        if call.method == Method::HEAD { Reply { body: axum::body::Bytes::new(), ..reply } } else { reply }
    }

    async fn route(&self, call: &Call) -> Answer {
        let decoded: Vec<String> =
            call.path.split('/').skip(1).map(|part| percent_decode(part, false)).collect();
        let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
        let verb = if call.method == Method::HEAD { "GET" } else { call.method.as_str() };
        match (verb, parts.as_slice()) {
            ("GET", ["api", "cross-app", "me"]) => self.me(call).await,
            ("GET", ["api", "cross-app", "assigned-to-me"]) => self.assigned_everywhere(call).await,
            (verb, ["api", "cross-app", "teams", team, rest @ ..]) => {
                self.team_route(call, verb, team, rest).await
            }
            (verb, ["api", "init", name]) => self.init_route(call, verb, name),
            (verb, ["api", "auth", name]) => self.auth_route(call, verb, name).await,
            ("GET", [first, ..]) if *first != "api" => Ok(super::page::app()),
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn team_route(&self, call: &Call, verb: &str, team: &str, rest: &[&str]) -> Answer {
        match rest {
            ["sets", ..] => self.set_route(call, verb, team, rest).await,
            ["todos", ..] => self.todo_route(call, verb, team, rest).await,
            ["permissions", ..] => self.matrix_route(call, verb, team, rest).await,
            _ => self.view_route(call, verb, team, rest).await,
        }
    }

    async fn set_route(&self, call: &Call, verb: &str, team: &str, rest: &[&str]) -> Answer {
        let now = self.clock().now_ms();
        match (verb, rest) {
            ("GET", ["sets"]) => {
                self.within(call, team, READ, |state, who| sets::list(state, who, now)).await
            }
            ("POST", ["sets"]) => {
                self.within(call, team, SETS, |state, who| sets::create(state, who, call, now)).await
            }
            ("POST", ["sets", "reorder"]) => {
                self.within(call, team, SETS, |state, who| sets::reorder(state, who, call)).await
            }
            ("POST", ["sets", "import"]) => {
                self.within(call, team, SETS, |state, who| transfer::import_new(state, who, call, now)).await
            }
            ("PATCH", ["sets", set]) => {
                self.within(call, team, SETS, |state, who| sets::patch(state, who, set, call)).await
            }
            ("DELETE", ["sets", set]) => {
                self.within(call, team, SETS, |state, who| sets::delete(state, who, set)).await
            }
            ("GET", ["sets", set, "export"]) => {
                self.within(call, team, READ, |state, who| transfer::export(state, who, set, call)).await
            }
            ("POST", ["sets", set, "import"]) => {
                self.within(call, team, CREATE, |state, who| transfer::import(state, who, set, call, now))
                    .await
            }
            ("GET", ["sets", set, "todos"]) => {
                self.within(call, team, READ, |state, who| todos::list(state, who, set)).await
            }
            ("POST", ["sets", set, "todos"]) => {
                self.within(call, team, CREATE, |state, who| todos::create(state, who, set, call, now)).await
            }
            ("GET", ["sets", _, "ws"]) => {
                self.within(call, team, READ, |state, _| super::realtime::knock(state, call)).await
            }
            ("GET", ["sets", _, "sse"]) => {
                self.within(call, team, READ, |state, _| super::realtime::stream(state)).await
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn todo_route(&self, call: &Call, verb: &str, team: &str, rest: &[&str]) -> Answer {
        let now = self.clock().now_ms();
        match (verb, rest) {
            ("POST", ["todos", "reorder"]) => {
                self.within(call, team, REORDER, |state, who| todos::reorder(state, who, call, now)).await
            }
            ("PATCH", ["todos", todo]) => self.patch_todo(call, team, todo).await,
            ("DELETE", ["todos", todo]) => {
                self.within(call, team, &["delete_todos"], |state, who| todos::delete(state, who, todo)).await
            }
            ("PUT", ["todos", todo, "assignees"]) => {
                let scope: &[&str] = match self.version() {
                    GlintVersion::Measured => &["assign_todos"],
                    GlintVersion::Document => &["claim_todos"],
                };
                self.with_person(call, team, scope, |state, who| assignees::put(state, who, todo, call, now))
                    .await
            }
            ("GET", ["todos", todo, "comments"]) => {
                self.within(call, team, READ, |state, who| comments::list(state, who, todo)).await
            }
            ("POST", ["todos", todo, "comments"]) => {
                self.with_person(call, team, &["comment"], |state, who| {
                    comments::create(state, who, todo, call, now)
                })
                .await
            }
            ("DELETE", ["todos", todo, "comments", comment]) => {
                let scope: &[&str] = &["delete_comments"];
                self.within(call, team, scope, |state, who| comments::delete(state, who, todo, comment)).await
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn matrix_route(&self, call: &Call, verb: &str, team: &str, rest: &[&str]) -> Answer {
        if self.version() == GlintVersion::Document {
            return Err(Refusal::NoRoute);
        }
        match (verb, rest) {
            ("GET", ["permissions", "me"]) => {
                self.within(call, team, READ, |state, who| matrix::mine(state, who, call)).await
            }
            ("GET", ["permissions"]) => {
                self.within(call, team, READ, |state, who| matrix::all(state, who)).await
            }
            ("PUT", ["permissions"]) => {
                self.within(call, team, MATRIX, |state, who| matrix::put(state, who, call)).await
            }
            ("DELETE", ["permissions"]) => {
                self.within(call, team, MATRIX, |state, who| matrix::delete(state, who, call)).await
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn view_route(&self, call: &Call, verb: &str, team: &str, rest: &[&str]) -> Answer {
        match (verb, rest) {
            ("GET", ["members"]) => {
                self.with_person(call, team, READ, |state, who| assignees::members(state, who)).await
            }
            ("GET", ["assigned-to-me"]) => {
                self.within(call, team, READ, |state, who| views::assigned(state, who)).await
            }
            ("GET", ["overview"]) => {
                self.within(call, team, READ, |state, who| views::overview(state, who)).await
            }
            ("GET", ["my-todos"]) => {
                self.within(call, team, READ, |state, who| views::mine(state, who)).await
            }
            ("GET", ["feed"]) => self.within(call, team, READ, |state, who| views::feed(state, who)).await,
            ("GET", ["settings"]) => {
                self.within(call, team, &["read_settings"], |state, who| settings::get(state, who)).await
            }
            ("PATCH", ["settings"]) => {
                self.within(call, team, &["manage_settings"], |state, who| settings::patch(state, who, call))
                    .await
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    /// Lets the caller into the team, then runs the route.
    async fn within(
        &self,
        call: &Call,
        team: &str,
        scopes: &[&str],
        route: impl FnOnce(&mut State, &Member) -> Answer,
    ) -> Answer {
        let who = self.member(call, team, scopes).await?;
        self.locked(|state| route(state, &who))
    }

    /// The same for routes that show the caller's names, which are asked for first.
    async fn with_person(
        &self,
        call: &Call,
        team: &str,
        scopes: &[&str],
        route: impl FnOnce(&mut State, &Member) -> Answer,
    ) -> Answer {
        let caller = self.caller(call, scopes).await?;
        let token = caller.token.clone();
        let who = caller.enter(team)?;
        self.learn_person(&token).await;
        self.locked(|state| route(state, &who))
    }
}

/// A browser that opens an address gets the web app, whatever the address.
fn navigates(call: &Call) -> bool {
    call.text_header("sec-fetch-mode") == Some("navigate")
}
