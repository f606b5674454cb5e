//! The sign-in and consent pages for a real browser: plain forms, no script.

use axum::http::header;

use super::Prism;
use super::authorize::Approval;
use super::refusal::Answer;
use super::state::User;
use crate::wire::{Call, Reply, pairs};

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
        let scopes = sorted.granted.iter().map(|scope| {
            let described = state.describe_app_scopes(std::slice::from_ref(scope));
            let title = described.first().and_then(|d| d.get("scope_title")).and_then(|t| t.as_str());
            let title = title.map(|t| format!(" {}", escape(t))).unwrap_or_default();
            format!("<li><code>{}</code>{title}</li>", escape(scope))
        });
        let body = format!(
            "<p><strong>{app}</strong> {asks}</p><ul>{scopes}</ul><p>{signed} <strong>{user}</strong></p>\
             <form method=post action=\"/oauth/authorize?{query}\">\
             <button name=action value=approve>{approve}</button> \
             <button name=action value=deny>{deny}</button></form>\
             <form method=post action=\"/logout?{query}\"><button class=quiet>{other}</button></form>",
            app = escape(&app.name),
            asks = words.asks,
            scopes = scopes.collect::<String>(),
            signed = words.signed_in_as,
            user = escape(&user.display_name),
            query = escape(&call.query),
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
            team_id: call.query_value("team_id"),
            denied: !form.iter().any(|(key, value)| key == "action" && value == "approve"),
        };
        self.read().requesting_app(&approval.client_id, &approval.redirect_uri)?;
        let redirect = self.decide(&user, approval)?;
        Ok(Reply::empty(303).with_header(header::LOCATION, &redirect))
    }

    fn sign_in_page(&self, call: &Call, problem: Option<&'static str>) -> Reply {
        let words = Words::of(call);
        let state = self.read();
        let people = state.users.values().filter(|user| user.is_active).map(|user| {
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
             <button>{sign_in}</button></form><h2>{anybody}</h2>{people}",
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

fn sign_out(call: &Call) -> Reply {
    Reply::empty(303)
        .with_header(header::LOCATION, &format!("/oauth/authorize?{}", call.query))
        .with_header(header::SET_COOKIE, &format!("{COOKIE}=; Path=/; Max-Age=0"))
}

/// The words of the pages in one language.
struct Words {
    lang: &'static str,
    sign_in: &'static str,
    user_name: &'static str,
    password: &'static str,
    wrong: &'static str,
    anybody: &'static str,
    consent: &'static str,
    asks: &'static str,
    signed_in_as: &'static str,
    approve: &'static str,
    deny: &'static str,
    other_person: &'static str,
    cannot_go_on: &'static str,
    banner: &'static str,
}

static ENGLISH: Words = Words {
    lang: "en",
    sign_in: "Sign in",
    user_name: "User name or address",
    password: "Password",
    wrong: "The user name or the password is wrong.",
    anybody: "Or sign in as",
    consent: "Allow access",
    asks: "asks for:",
    signed_in_as: "Signed in as",
    approve: "Approve",
    deny: "Deny",
    other_person: "Sign in as somebody else",
    cannot_go_on: "Prism refuses this request:",
    banner: "Sandbox: an emulated Prism on this computer. Nothing here is real.",
};

static CHINESE: Words = Words {
    lang: "zh-CN",
    sign_in: "登录",
    user_name: "用户名或邮箱",
    password: "密码",
    wrong: "用户名或密码不正确。",
    anybody: "或以下列身份登录",
    consent: "授权访问",
    asks: "请求以下权限：",
    signed_in_as: "当前登录：",
    approve: "同意",
    deny: "拒绝",
    other_person: "换一个身份登录",
    cannot_go_on: "Prism 拒绝了此请求：",
    banner: "沙盒：本机上的模拟 Prism，这里的一切都不是真实数据。",
};

impl Words {
    fn of(call: &Call) -> &'static Self {
        let chinese = call.text_header(header::ACCEPT_LANGUAGE.as_str()).is_some_and(|l| l.starts_with("zh"));
        if chinese { &CHINESE } else { &ENGLISH }
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1f24;background:#fff}label{display:block;margin:.5rem 0}input{display:block;width:100%;padding:.4rem;\
    font:inherit;box-sizing:border-box}button{font:inherit;padding:.4rem .9rem;margin:.2rem 0;cursor:pointer}\
    form{margin:.4rem 0}.banner{background:#fff3cd;padding:.5rem .8rem}\
    @media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#16181b}.banner{background:#4d3b00}}";

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
