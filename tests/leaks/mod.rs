//! The leak corpus: archives and texts with a planted secret in a corner each, made by this generator.
//!
//! A corner is where the secret is; a canary is what it looks like. No output of a command or of the window may hold one.

mod archives;
mod bound;
mod commands;
mod names;
mod texts;

use serde_json::{Value, json};

/// An input with its planted secret.
pub(crate) struct Planted {
    /// Corner and canary, for the message of a failing test.
    pub(crate) name: String,
    /// What a person opens.
    pub(crate) text: String,
    /// The secret, whole and as its parts where it is planted in parts.
    pub(crate) secrets: Vec<String>,
}

/// Secrets that are known by their form, wherever they are.
pub(crate) const BY_FORM: [(&str, &str); 7] = [
    ("opaque", "Kq9ZxvT3mB7nWc2LrY8sDf4GhJ6kP1aQeUiO5tRwXz0"),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkiLCJpYXQiOjE3NjM3MTJ9.Zm9yZ2VkLWNhbmFyeS1zaWc"),
    ("pat", "prism_pat_UR8BogdMIGeqxJ2Q6RcJlRK6nQTIvInmZvjZxn3fAbCdEfGhIjKlMnOpQrStUvWx"),
    ("github", "ghp_x7Kd93mQpLzR2vTnW8sYcB4hJ6fG1aE5uI0o"),
    ("slack", "xoxb-914273650182-K3bZq8LmTx7RvW2nYp"),
    ("google", "AIzaSyD9x3KmQ7pLzR2vTnW8sYcB4hJ6fG1aE5u"),
    ("hex", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
];

/// A secret without any form: it is known by the name beside it.
pub(crate) const BY_NAME: &str = "Kanarie7verborgen";

/// A password as people choose one: without digits it looks like any word.
pub(crate) const PLAIN: &str = "verborgenkanarie";

/// Every input.
#[must_use]
pub(crate) fn corpus() -> Vec<Planted> {
    let mut all = archives::planted();
    all.extend(texts::planted());
    all.extend(commands::planted());
    all.extend(names::planted());
    all.extend(bound::planted());
    all
}

/// An archive of one refused call with its introspection.
fn base() -> Value {
    let token = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
    let headers = |more: Value| {
        let mut all = vec![json!({ "name": "Accept", "value": "application/json" })];
        all.extend(more.as_array().cloned().unwrap_or_default());
        all
    };
    let entry = |method: &str, url: &str, sent: Value, status: u16, body: Value| {
        json!({
            "startedDateTime": "2026-11-22T06:25:00.000Z", "time": 12.0,
            "request": {
                "method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [],
                "headers": headers(sent), "headersSize": -1, "bodySize": -1,
            },
            "response": {
                "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": headers(json!([{ "name": "Content-Type", "value": "application/json" }])),
                "content": { "size": -1, "mimeType": "application/json", "text": body.to_string() },
                "redirectURL": "", "headersSize": -1, "bodySize": -1,
            },
            "cache": {}, "timings": { "send": 0, "wait": 12, "receive": 0 },
        })
    };
    let bearer = json!([{ "name": "Authorization", "value": format!("Bearer {token}") }]);
    let me = "https://glint.example.com/api/cross-app/me";
    let mut asked = entry(
        "POST",
        "https://prism.example.com/api/oauth/introspect",
        json!([{ "name": "Content-Type", "value": "application/x-www-form-urlencoded" }]),
        200,
        json!({ "active": false }),
    );
    asked["startedDateTime"] = json!("2026-11-22T06:25:01.000Z");
    asked["request"]["postData"] =
        json!({ "mimeType": "application/x-www-form-urlencoded", "text": format!("token={token}") });
    let refused = entry("GET", me, bearer, 401, json!({ "error": "Token inactive or expired" }));
    json!({ "log": {
        "version": "1.2", "creator": { "name": "recorder", "version": "1" }, "entries": [refused, asked],
    }})
}

/// Base64 (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Every byte percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Gzip of a text.
fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What of a secret an output holds: the whole, a long half, or one of its encodings.
#[must_use]
pub(crate) fn leaked(output: &str, secrets: &[String]) -> Option<String> {
    let forms = |secret: &String| {
        let half = secret.len() / 2;
        let mut forms = vec![secret.clone(), base64(secret.as_bytes()), percent(secret)];
        if secret.len() >= 32 {
            forms.extend([secret[..half].to_owned(), secret[half..].to_owned()]);
        }
        forms
    };
    let decoded = scopes::routes::percent_decoded(output);
    secrets
        .iter()
        .flat_map(forms)
        .find(|form| output.contains(form.as_str()) || decoded.contains(form.as_str()))
}
