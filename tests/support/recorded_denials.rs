//! Recorded denials as a stream of any length.

use serde_json::{Value, json};

const OPAQUE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// One HAR entry a line: the recorded denials and those of the case folder over and over, each time with other ids,
/// tokens and clocks.
pub fn lines() -> impl Iterator<Item = String> {
    let templates = templates();
    let mut random = Random(0x5eed);
    (0..).map(move |at: usize| filled(&templates[at % templates.len()], at, &mut random))
}

/// Denials as text; what varies is `{token}`, or an id as recorded.
fn templates() -> Vec<String> {
    let folder = crate::places::data("");
    let json = |path: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(path)).unwrap()).unwrap()
    };
    let mut found = Vec::new();
    for file in
        ["glint-crossapp-denials.json", "glint-broken-deployments.json", "glint-membership-cache.json"]
    {
        found.extend(json(&format!("recorded/{file}")).as_array().unwrap().iter().filter_map(recorded));
    }
    let cases = json("cases/diagnosis/expected.json");
    let archives = cases.as_array().unwrap().iter();
    for case in archives.filter(|case| case["file"].as_str().unwrap().ends_with(".har")) {
        let archive = json(&format!("cases/diagnosis/{}", case["file"].as_str().unwrap()));
        let entry = &archive["log"]["entries"][usize::try_from(case["subject"].as_u64().unwrap()).unwrap()];
        let sent = &entry["request"];
        let authorization = sent["headers"].as_array().unwrap().iter().find(|h| h["name"] == "Authorization");
        let body = sent["postData"]["text"].as_str();
        let (status, text) = (&entry["response"]["status"], &entry["response"]["content"]["text"]);
        if status.as_u64().is_some_and(|status| status >= 400) {
            let header = authorization.and_then(|header| header["value"].as_str());
            found.push(line(&sent["method"], sent["url"].as_str().unwrap(), header, body, status, text));
        }
    }
    found
}

fn recorded(entry: &Value) -> Option<String> {
    let (sent, came) = (&entry["request"], &entry["response"]);
    let status = came["status"].as_u64().filter(|status| *status >= 400)?;
    let header = sent["headers"]["Authorization"].as_str().map(|value| match value.split_once('{') {
        Some((scheme, name)) if name.starts_with("token") => format!("{scheme}{{token}}"),
        Some((scheme, name)) if name.starts_with("pat") => format!("{scheme}prism_pat_{{token}}"),
        _ => value.to_owned(),
    });
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let body = (!sent["body"].is_null()).then(|| text(&sent["body"]));
    let url = format!("https://glint.example.test{}", sent["path"].as_str()?);
    Some(line(
        &sent["method"],
        &url,
        header.as_deref(),
        body.as_deref(),
        &json!(status),
        &json!(text(&came["body"])),
    ))
}

fn line(
    method: &Value,
    url: &str,
    header: Option<&str>,
    body: Option<&str>,
    status: &Value,
    text: &Value,
) -> String {
    let headers: Vec<Value> =
        header.iter().map(|value| json!({ "name": "Authorization", "value": value })).collect();
    let mut request = json!({ "method": method, "url": url, "headers": headers });
    if let Some(body) = body {
        request["postData"] = json!({ "mimeType": "application/json", "text": body });
    }
    let content = json!({ "mimeType": "application/json", "text": text });
    json!({
        "startedDateTime": "{clock}", "time": "{time}", "request": request,
        "response": { "status": status, "headers": [], "content": content },
    })
    .to_string()
}

fn filled(template: &str, at: usize, random: &mut Random) -> String {
    let (minute, second, milli) = (at / 60_000 % 60, at / 1000 % 60, at % 1000);
    let clock = format!("2026-11-22T06:{minute:02}:{second:02}.{milli:03}Z");
    let text = template
        .replace("{clock}", &clock)
        .replace("\"{time}\"", &format!("{}.{}", at % 90 + 1, at % 7))
        .replace(
            "{token}",
            &random.text(64, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        );
    other_ids(&text, random)
}

/// Every opaque token, every id of 32 hex digits and every UUID becomes another one, the same where it was the same.
pub fn other_ids(text: &str, random: &mut Random) -> String {
    let mut out = text.to_owned();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for run in text.split(|c| !word(c)) {
        let hex =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let fresh = match run.len() {
            64 if run.bytes().any(|byte| byte.is_ascii_uppercase()) => random.text(64, OPAQUE),
            32 if hex(run) => random.text(32, b"0123456789abcdef"),
            36 if hex(&run.replace('-', "")) && run.matches('-').count() == 4 => {
                let digits = random.text(36, b"0123456789abcdef");
                digits.chars().zip(run.chars()).map(|(new, old)| if old == '-' { '-' } else { new }).collect()
            }
            _ => continue,
        };
        out = out.replace(run, &fresh);
    }
    out
}

/// A small generator with a fixed start: every run reads the same lines.
pub struct Random(pub u64);

impl Random {
    fn text(&mut self, length: usize, letters: &[u8]) -> String {
        let mut next = || {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            letters[usize::try_from(self.0 >> 33).unwrap() % letters.len()]
        };
        (0..length).map(|_| char::from(next())).collect()
    }
}
