//! A person in front of a browser: signs in at the sandbox's Prism and approves.

use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// One exchange over HTTP: status and body.
pub(crate) fn http(method: &str, url: &str, token: &str, body: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://").expect("an http address");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut socket = TcpStream::connect(host).expect("the server");
    let bearer = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {host}\r\n{bearer}content-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all((head + body).as_bytes()).expect("the request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("the answer");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    (status, body)
}

/// A member of an answer.
fn member(body: &str, name: &str) -> Value {
    let value: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"));
    value.get(name).cloned().unwrap_or_else(|| panic!("no {name}: {body}"))
}

/// Every token Prism has issued so far, as its log shows them.
pub(crate) fn issued(handout: &Value) -> Vec<String> {
    let admin = handout.get("admin_url").and_then(Value::as_str).expect("an address");
    let (_, log) = http("GET", &format!("{admin}/log"), "", "");
    let log = member(&log, "log");
    let entries = log.get("entries").and_then(Value::as_array).expect("entries");
    let mut tokens = Vec::new();
    for entry in entries {
        let url = entry.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        let text = entry.pointer("/response/content/text").and_then(Value::as_str).unwrap_or_default();
        if url.ends_with("/api/oauth/token") {
            let answer: Value = serde_json::from_str(text).expect("JSON");
            let of = ["access_token", "refresh_token", "id_token"].map(|name| answer.get(name).cloned());
            tokens.extend(of.into_iter().flatten().filter_map(|token| token.as_str().map(str::to_owned)));
        }
    }
    tokens
}

/// Somebody of the sandbox, signed in.
pub(crate) struct Person<'a> {
    prism: &'a str,
    session: String,
}

impl<'a> Person<'a> {
    /// Signs in at Prism.
    pub(crate) fn signs_in(handout: &'a Value, name: &str) -> Self {
        let prism = handout["prism_url"].as_str().expect("an address");
        let body = json!({ "identifier": name, "password": format!("{name}-tea-party") }).to_string();
        let (status, body) = http("POST", &format!("{prism}/api/auth/login"), "", &body);
        assert_eq!(status, 200, "{body}");
        Self { prism, session: member(&body, "token").as_str().expect("a session").to_owned() }
    }

    /// Registers redirect URIs at a client of theirs.
    pub(crate) fn registers(&self, client_id: &str, uris: &Value) {
        let (status, body) = http("GET", &format!("{}/api/apps", self.prism), &self.session, "");
        assert_eq!(status, 200, "{body}");
        let apps = member(&body, "apps").as_array().expect("apps").clone();
        let app = apps.iter().find(|app| app["client_id"] == client_id).expect("the client");
        let url = format!("{}/api/apps/{}", self.prism, app["id"].as_str().expect("an id"));
        let (status, body) =
            http("PATCH", &url, &self.session, &json!({ "redirect_uris": uris }).to_string());
        assert_eq!(status, 200, "{body}");
    }

    /// Approves, or denies, what an authorization address asks for; answers where the browser is sent to.
    pub(crate) fn decides(&self, authorization_url: &str, action: &str) -> String {
        let (_, query) = authorization_url.split_once('?').expect("a query");
        let mut fields: Map<String, Value> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), json!(decoded(value))))
            .collect();
        fields.insert("action".into(), json!(action));
        let url = format!("{}/api/oauth/authorize", self.prism);
        let (status, body) = http("POST", &url, &self.session, &Value::Object(fields).to_string());
        assert_eq!(status, 200, "{body}");
        member(&body, "redirect").as_str().expect("a redirect").to_owned()
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two digits")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}
