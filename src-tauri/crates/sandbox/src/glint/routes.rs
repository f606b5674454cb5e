//! From a path to a route. A path that is none is plain text and never looks at the token (contract §8.1).

use axum::http::Method;

use super::gate::Member;
use super::refusal::{Answer, Refusal};
use super::seed::GlintVersion;
use super::state::State;
use super::{Glint, assignees, comments, init, matrix, realtime, sets, settings, todos, transfer, views};
use crate::wire::{Call, Reply, percent_decode};

const READ: &[&str] = &["read_todos"];
const CREATE: &[&str] = &["create_todos", "write_todos"];
const REORDER: &[&str] = &["reorder_todos"];
const SETS: &[&str] = &["manage_sets"];
const MATRIX: &[&str] = &["manage_permissions"];

impl Glint {
    /// One call, answered as over HTTP. Event streams and upgrades need [`Glint::router`]; here they end after their head.
    pub async fn call(&self, call: &Call) -> Reply {
        if navigates(call) || (is_read(call) && call.path == "/") {
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
        if parts.iter().any(|part| part.is_empty()) {
            return Err(Refusal::NoRoute);
        }
        match (verb, parts.as_slice()) {
            ("GET", ["api", "cross-app", "me"]) => self.me(call).await,
            ("GET", ["api", "cross-app", "assigned-to-me"]) => self.assigned_everywhere(call).await,
            (verb, ["api", "cross-app", "teams", team, rest @ ..]) => {
                TeamCall { glint: self, call, team, web: false }.answer(verb, rest).await
            }
            (verb, ["api", "init", name]) => self.init_route(call, verb, name),
            (verb, ["api", "auth", name]) => self.auth_route(call, verb, name).await,
            (verb, ["api", "teams", team, rest @ ..]) => {
                TeamCall { glint: self, call, team, web: true }.answer(verb, rest).await
            }
            ("GET" | "PUT", ["api", "user", "settings"]) => self.signed_in(call),
            ("GET", ["api", "shared", _])
            | ("POST", ["api", "shared", _, "todos"])
            | ("PATCH" | "DELETE", ["api", "shared", _, "todos", _]) => {
                Err(Refusal::missing("Share link not found"))
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    /// A route of the web app that the sandbox has no answer for behind the login.
    fn signed_in(&self, call: &Call) -> Answer {
        self.locked(|state| init::signed_in(state, call, self.clock().now_ms()).map(|_| ()))?;
        Err(Refusal::NoRoute)
    }
}

/// One call about a team: with a bearer token, or from the web app with its cookie, where no scopes are asked for.
struct TeamCall<'a> {
    glint: &'a Glint,
    call: &'a Call,
    team: &'a str,
    web: bool,
}

impl TeamCall<'_> {
    async fn answer(&self, verb: &str, rest: &[&str]) -> Answer {
        match rest {
            ["sets", ..] => self.set_route(verb, rest).await,
            ["todos", ..] => self.todo_route(verb, rest).await,
            ["permissions", ..] => self.matrix_route(verb, rest).await,
            _ => self.view_route(verb, rest).await,
        }
    }

    async fn set_route(&self, verb: &str, rest: &[&str]) -> Answer {
        let (call, now) = (self.call, self.now());
        match (verb, rest) {
            ("GET", ["sets"]) => self.within(READ, |state, who| sets::list(state, who, now)).await,
            ("POST", ["sets"]) => self.within(SETS, |state, who| sets::create(state, who, call, now)).await,
            ("POST", ["sets", "reorder"]) => {
                self.within(SETS, |state, who| sets::reorder(state, who, call)).await
            }
            ("POST", ["sets", "import"]) => {
                self.within(SETS, |state, who| transfer::import_new(state, who, call, now)).await
            }
            ("PATCH", ["sets", set]) => {
                self.within(SETS, |state, who| sets::patch(state, who, set, call)).await
            }
            ("DELETE", ["sets", set]) => self.within(SETS, |state, who| sets::delete(state, who, set)).await,
            ("GET", ["sets", set, "export"]) => {
                self.within(READ, |state, who| transfer::export(state, who, set, call)).await
            }
            ("POST", ["sets", set, "import"]) => {
                self.within(CREATE, |state, who| transfer::import(state, who, set, call, now)).await
            }
            ("GET", ["sets", set, "todos"]) => {
                self.within(READ, |state, who| todos::list(state, who, set)).await
            }
            ("POST", ["sets", set, "todos"]) => {
                self.within(CREATE, |state, who| todos::create(state, who, set, call, now)).await
            }
            (_, ["sets", _, "ws"]) => self.within(READ, |state, _| realtime::knock(state, call)).await,
            ("GET", ["sets", _, "sse"]) => self.within(READ, |state, _| realtime::stream(state)).await,
            ("GET" | "POST", ["sets", _, "share-links"]) if self.web => self.glint.signed_in(call),
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn todo_route(&self, verb: &str, rest: &[&str]) -> Answer {
        let (call, now) = (self.call, self.now());
        match (verb, rest) {
            ("POST", ["todos", "reorder"]) => {
                self.within(REORDER, |state, who| todos::reorder(state, who, call, now)).await
            }
            ("PATCH", ["todos", todo]) if self.web => {
                self.within(&[], |state, who| todos::patch(state, who, todo, call, now)).await
            }
            ("PATCH", ["todos", todo]) => self.glint.patch_todo(call, self.team, todo).await,
            ("DELETE", ["todos", todo]) => {
                self.within(&["delete_todos"], |state, who| todos::delete(state, who, todo)).await
            }
            ("PUT", ["todos", todo, "assignees"]) => {
                let scope: &[&str] = match self.glint.version() {
                    GlintVersion::Measured => &["assign_todos"],
                    GlintVersion::Document => &["claim_todos"],
                };
                self.within(scope, |state, who| assignees::put(state, who, todo, call, now)).await
            }
            ("GET", ["todos", todo, "comments"]) => {
                self.within(READ, |state, who| comments::list(state, who, todo)).await
            }
            ("POST", ["todos", todo, "comments"]) => {
                self.within(&["comment"], |state, who| comments::create(state, who, todo, call, now)).await
            }
            ("DELETE", ["todos", todo, "comments", comment]) => {
                let scope = &["delete_comments"];
                self.within(scope, |state, who| comments::delete(state, who, todo, comment)).await
            }
            ("POST", ["todos", _, "move"]) if self.web => self.glint.signed_in(call),
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn matrix_route(&self, verb: &str, rest: &[&str]) -> Answer {
        let call = self.call;
        if self.glint.version() == GlintVersion::Document {
            return Err(Refusal::NoRoute);
        }
        match (verb, rest) {
            ("GET", ["permissions", "me"]) => {
                self.within(READ, |state, who| matrix::mine(state, who, call)).await
            }
            ("GET", ["permissions"]) => self.within(READ, |state, who| matrix::all(state, who)).await,
            ("PUT", ["permissions"]) => self.within(MATRIX, |state, who| matrix::put(state, who, call)).await,
            ("DELETE", ["permissions"]) => {
                self.within(MATRIX, |state, who| matrix::delete(state, who, call)).await
            }
            _ => Err(Refusal::NoRoute),
        }
    }

    async fn view_route(&self, verb: &str, rest: &[&str]) -> Answer {
        let call = self.call;
        match (verb, rest) {
            ("GET", ["members"]) => self.within(READ, |_, who| assignees::members(who)).await,
            ("GET", ["assigned-to-me"]) => {
                self.within(READ, |state, who| assignees::assigned(state, who)).await
            }
            ("GET", ["settings"]) => {
                self.within(&["read_settings"], |state, who| settings::get(state, who)).await
            }
            ("PATCH", ["settings"]) => {
                self.within(&["manage_settings"], |state, who| settings::patch(state, who, call)).await
            }
            ("GET", ["share-links"])
            | ("PATCH" | "DELETE", ["share-links", _])
            | ("POST", ["assigned-expand"])
                if self.web =>
            {
                self.glint.signed_in(call)
            }
            _ if self.web => Err(Refusal::NoRoute),
            ("GET", ["overview"]) => self.within(READ, |state, who| views::overview(state, who)).await,
            ("GET", ["my-todos"]) => self.within(READ, |state, who| views::mine(state, who)).await,
            ("GET", ["feed"]) => self.within(READ, |state, who| views::feed(state, who)).await,
            _ => Err(Refusal::NoRoute),
        }
    }

    /// Lets the caller into the team, then runs the route.
    async fn within(&self, scopes: &[&str], route: impl FnOnce(&mut State, &Member) -> Answer) -> Answer {
        if !self.web {
            let who = self.glint.member(self.call, self.team, scopes).await?;
            return self.glint.locked(|state| route(state, &who));
        }
        let now_ms = self.now();
        self.glint.locked(|state| {
            let who = Member::of_session(init::signed_in(state, self.call, now_ms)?, self.team)?;
            route(state, &who)
        })
    }

    fn now(&self) -> i64 {
        self.glint.clock().now_ms()
    }
}

fn is_read(call: &Call) -> bool {
    matches!(call.method, Method::GET | Method::HEAD)
}

/// A browser that opens an address gets the web app, whatever the address.
fn navigates(call: &Call) -> bool {
    call.text_header("sec-fetch-mode") == Some("navigate")
}
