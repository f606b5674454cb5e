//! Recording: requests are asked of two running servers, and the exchanges are written as `tests/recorded` has them,
//! credentials as placeholders.

use super::ground::{Ground, LivePair};
use super::stage::{RECORDED, Stage, shown};
use super::{Request, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Members whose values are credentials that an answer brings.
const NEW: [&str; 6] = ["access_token", "refresh_token", "id_token", "client_secret", "token", "code"];
/// The header fields of an answer that a recording keeps.
const KEPT: [&str; 2] = ["content-type", "location"];

/// One request to record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    name: String,
    #[serde(default)]
    note: String,
    /// `prism` or `glint`; by the path when it is left out.
    server: Option<String>,
    request: Request,
}

/// Asks every request of the list and writes the recording.
///
/// # Errors
/// A sentence when the list cannot be read or a server does not answer.
pub async fn record(pair: &LivePair, requests: &str) -> Result<String, String> {
    let asked: Vec<Asked> = serde_json::from_str(requests).map_err(|e| format!("the requests: {e}"))?;
    let mut stage = Stage::start(&Ground::Live(pair.clone()), |_| ()).await?;
    let mut cover = Cover::of(pair);
    let mut exchanges = Vec::new();
    for Asked { name, note, server, request } in asked {
        let at_glint = match server.as_deref() {
            Some(server) => server == "glint",
            None => ["/api/cross-app", "/api/auth/config", "/api/init"]
                .iter()
                .any(|p| request.path.starts_with(p)),
        };
        let played =
            if at_glint { stage.play_glint(&request).await } else { stage.play_prism(&request).await };
        let answer = played.map_err(|e| format!("{name}: {e}"))?;
        for (placeholder, secret) in cover.learn(&answer.body) {
            stage.names.put(placeholder, secret);
        }
        exchanges.push(written(&cover, &name, &note, &request, &answer));
    }
    Ok(format!("[\n{}\n]\n", exchanges.join(",\n")))
}

fn written(cover: &Cover, name: &str, note: &str, request: &Request, answer: &Response) -> String {
    let request = json!({
        "method": request.method, "path": request.path, "headers": request.headers, "body": request.body,
    });
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .filter(|(name, _)| KEPT.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), json!(cover.text(value))))
        .collect();
    let response = json!({ "status": answer.status, "headers": headers, "body": cover.value(&answer.body) });
    format!(
        "{{\"name\": {}, \"note\": {},\n \"request\": {request},\n \"response\": {response}}}",
        json!(name),
        json!(note)
    )
}

/// What must not stand in a recording, and what stands there instead; longest first.
struct Cover {
    pairs: Vec<(String, String)>,
    new: usize,
}

impl Cover {
    fn of(pair: &LivePair) -> Self {
        let mut pairs = Vec::new();
        for credential in &pair.handout().credentials {
            pairs.push((shown(credential), format!("{{{}}}", credential.id)));
            if let Some(name) = credential.id.strip_prefix("client:") {
                pairs.push((credential.secret.clone(), format!("{{secret:{name}}}")));
            }
        }
        pairs.extend(pair.names.iter().map(|(recorded, present)| (present.clone(), recorded.clone())));
        pairs.push((pair.prism_url.clone(), RECORDED[0].to_owned()));
        pairs.push((pair.glint_url.clone(), RECORDED[1].to_owned()));
        let mut cover = Self { pairs, new: 0 };
        cover.sort();
        cover
    }

    fn sort(&mut self) {
        self.pairs.retain(|(present, _)| !present.is_empty());
        self.pairs.sort_by_key(|(present, _)| std::cmp::Reverse(present.len()));
    }

    /// The credentials that an answer brings, each with its placeholder.
    fn learn(&mut self, body: &Value) -> Vec<(String, String)> {
        let mut found = Vec::new();
        secrets(body, &mut found);
        let mut learned = Vec::new();
        for (kind, secret) in found {
            if self.pairs.iter().any(|(present, _)| *present == secret) {
                continue;
            }
            self.new += 1;
            let placeholder = format!("{{new:{kind}:{}}}", self.new);
            self.pairs.push((secret.clone(), placeholder.clone()));
            learned.push((placeholder, secret));
        }
        self.sort();
        learned
    }

    fn text(&self, text: &str) -> String {
        self.pairs.iter().fold(text.to_owned(), |text, (present, recorded)| text.replace(present, recorded))
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(key, member)| (self.text(key), self.value(member))).collect()
            }
            other => other.clone(),
        }
    }
}

fn secrets(value: &Value, found: &mut Vec<(&'static str, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| secrets(item, found)),
        Value::Object(members) => {
            for (key, member) in members {
                match (NEW.iter().find(|name| *name == key), member) {
                    (Some(kind), Value::String(secret)) if !secret.is_empty() => {
                        found.push((kind, secret.clone()))
                    }
                    (None, Value::String(text)) if key == "redirect" => {
                        let code = text.split(['?', '&', '#']).find_map(|pair| pair.strip_prefix("code="));
                        found.extend(
                            code.filter(|code| !code.is_empty()).map(|code| ("code", code.to_owned())),
                        );
                    }
                    _ => secrets(member, found),
                }
            }
        }
        _ => {}
    }
}
