//! The sign-in and consent pages for a real browser: plain forms, no script.

mod words;

use axum::http::header;

use super::Prism;
use super::authorize::Approval;
use super::refusal::Answer;
use super::scopes::{Sorted, is_team};
use super::state::{State, User};
use crate::wire::{Call, Reply, pairs};
use words::Words;

/// The cookie that keeps a browser signed in.
const COOKIE: &str = "prism_sandbox_session";

impl Prism {
    /// The pages this server has of its own; `None` for the single-page app's paths.
    pub(super) fn page(&self, call: &Call, path: &[&str]) -> Option<Answer> {
        match (call.method.as_str(), path) {
            ("GET", ["oauth", "authorize"]) => Some(self.consent_page(call)),
            ("POST", ["oauth", "authorize"]) => Some(self.consent_form(call)),
            ("GET", ["login"]) => Some(Ok(self.sign_in_page(call, None))),
            ("POST", ["login"]) => Some(self.sign_in_form(call)),
            ("POST", ["logout"]) => Some(Ok(sign_out(call))),
            _ => None,
        }
    }

    fn browser_user(&self, call: &Call) -> Option<User> {
        let cookies = call.text_header(header::COOKIE.as_str())?;
        let token =
            cookies.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
        self.read().session_user(token, self.clock().now()).cloned()
    }

    fn consent_page(&self, call: &Call) -> Answer {
        let Some(user) = self.browser_user(call) else {
            return Ok(self.sign_in_page(call, None));
        };
        let words = Words::of(call);
        let value = |name: &str| call.query_value(name).unwrap_or_default();
        let state = self.read();
        let app = match state.requesting_app(&value("client_id"), &value("redirect_uri")) {
            Ok(app) => app,
            Err(refusal) => {
                let text = Reply::from(refusal).value().map(|v| v.to_string()).unwrap_or_default();
                let body = format!("<p>{}</p><pre>{}</pre>", words.cannot_go_on, escape(&text));
                return Ok(Reply::html(400, document(words, words.consent, &body)));
            }
        };
        let sorted = state.sort_scopes(app, &value("scope"));
        let body = format!(
            "<p><strong>{app}</strong> {asks}</p>{scopes}<p>{signed} <strong>{user}</strong></p><div class=row>\
             <form method=post action=\"/oauth/authorize?{query}\">{teams}\
             <button class=first name=action value=approve>{approve}</button> \
             <button name=action value=deny>{deny}</button></form>\
             <form method=post action=\"/logout?{query}\"><button>{other}</button></form></div>",
            app = escape(&app.name),
            asks = words.asks,
            scopes = state.listed(&sorted, words),
            signed = words.signed_in_as,
            user = escape(&user.display_name),
            query = escape(&call.query),
            teams = state.team_choice(&sorted, &user, words),
            approve = words.approve,
            deny = words.deny,
            other = words.other_person,
        );
        Ok(Reply::html(200, document(words, words.consent, &body)))
    }

    fn consent_form(&self, call: &Call) -> Answer {
        let Some(user) = self.browser_user(call) else {
            return Ok(self.sign_in_page(call, None));
        };
        let form: Vec<_> = pairs(&String::from_utf8_lossy(&call.body)).collect();
        let approval = Approval {
            client_id: call.query_value("client_id").unwrap_or_default(),
            redirect_uri: call.query_value("redirect_uri").unwrap_or_default(),
            scope: call.query_value("scope").unwrap_or_default(),
            state: call.query_value("state"),
            challenge: call.query_value("code_challenge"),
            challenge_method: call.query_value("code_challenge_method"),
            nonce: call.query_value("nonce"),
            team_id: form.iter().find(|(key, _)| key == "team_id").map(|(_, team)| team.clone()),
            denied: !form.iter().any(|(key, value)| key == "action" && value == "approve"),
        };
        self.read().requesting_app(&approval.client_id, &approval.redirect_uri)?;
        let redirect = self.decide(&user, approval)?;
        Ok(Reply::empty(303).with_header(header::LOCATION, &redirect))
    }

    fn sign_in_page(&self, call: &Call, problem: Option<&'static str>) -> Reply {
        let words = Words::of(call);
        let state = self.read();
        let mut known: Vec<&User> = state.users.values().filter(|user| user.is_active).collect();
        known.sort_by_key(|user| user.created_at);
        let people = known.into_iter().map(|user| {
            format!(
                "<form method=post action=\"/login?{query}\"><input type=hidden name=identifier value=\"{name}\">\
                 <input type=hidden name=password value=\"{password}\">\
                 <button>{display} <small>{name}</small></button></form>",
                query = escape(&call.query),
                name = escape(&user.username),
                password = escape(&user.password),
                display = escape(&user.display_name),
            )
        });
        let problem = problem.map(|text| format!("<p role=alert>{text}</p>")).unwrap_or_default();
        let body = format!(
            "{problem}<form method=post action=\"/login?{query}\">\
             <label>{name}<input name=identifier autocomplete=username required></label>\
             <label>{password}<input name=password type=password autocomplete=current-password required></label>\
             <button class=first>{sign_in}</button></form><h2>{anybody}</h2><div class=people>{people}</div>",
            query = escape(&call.query),
            name = words.user_name,
            password = words.password,
            sign_in = words.sign_in,
            anybody = words.anybody,
            people = people.collect::<String>(),
        );
        Reply::html(200, document(words, words.sign_in, &body))
    }

    fn sign_in_form(&self, call: &Call) -> Answer {
        let form: Vec<_> = pairs(&String::from_utf8_lossy(&call.body)).collect();
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
        let user = match self.recognise(field("identifier"), field("password")) {
            Ok(user) => user,
            Err(_) => return Ok(self.sign_in_page(call, Some(Words::of(call).wrong))),
        };
        let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", self.sign_in(&user));
        let back = match call.query.as_str() {
            "" => "/login".to_owned(),
            query => format!("/oauth/authorize?{query}"),
        };
        Ok(Reply::empty(303).with_header(header::LOCATION, &back).with_header(header::SET_COOKIE, &cookie))
    }
}

impl State {
    /// The choice of a team that a scope about one team asks for; nothing without such a scope.
    fn team_choice(&self, sorted: &Sorted, user: &User, words: &Words) -> String {
        if !sorted.granted.iter().any(|scope| is_team(scope)) {
            return String::new();
        }
        let teams = self.teams_of(&user.id).into_iter();
        let options = teams
            .map(|team| format!("<option value=\"{}\">{}</option>", escape(&team.id), escape(&team.name)))
            .collect::<String>();
        format!("<label>{}<select name=team_id>{options}</select></label>", words.for_team)
    }

    /// The scopes a consent is about, titles first, and those Prism leaves out with its reason.
    fn listed(&self, sorted: &Sorted, words: &Words) -> String {
        let granted = sorted.granted.iter().map(|scope| {
            let described = self.describe_app_scopes(std::slice::from_ref(scope));
            let title = described.first().and_then(|d| d.get("scope_title")).and_then(|t| t.as_str());
            let title = title.map(|t| format!("<strong>{}</strong>", escape(t))).unwrap_or_default();
            format!("<li>{title}<code>{}</code></li>", escape(scope))
        });
        let mut list = format!("<ul>{}</ul>", granted.collect::<String>());
        if !sorted.rejected.is_empty() {
            let rejected = sorted.rejected.iter();
            let lines = rejected.map(|(scope, why)| format!("<li><code>{}</code> {why}</li>", escape(scope)));
            list.push_str(&format!("<h2>{}</h2><ul>{}</ul>", words.left_out, lines.collect::<String>()));
        }
        list
    }
}

fn sign_out(call: &Call) -> Reply {
    Reply::empty(303)
        .with_header(header::LOCATION, &format!("/oauth/authorize?{}", call.query))
        .with_header(header::SET_COOKIE, &format!("{COOKIE}=; Path=/; Max-Age=0"))
}

const STYLE: &str = include_str!("pages/style.css");

fn document(words: &Words, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang={}><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><p class=banner>{}</p><main><h1>{title}</h1>{body}</main></html>",
        words.lang, words.banner,
    )
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
