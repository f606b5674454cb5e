//! Requests of HTTPie and its relatives (`http`, `https`, `xh`, `xhs`, `curlie`) and of `wget`.

use super::building::{Building, has_scheme};
use super::words::{self, Variables};
use crate::exchange::Request;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Options of HTTPie and xh with a value.
const VALUED: [&str; 40] = [
    "-a",
    "--auth",
    "-A",
    "--auth-type",
    "--bearer",
    "-s",
    "--style",
    "-p",
    "--print",
    "-P",
    "--history-print",
    "-o",
    "--output",
    "--session",
    "--session-read-only",
    "--proxy",
    "--verify",
    "--cert",
    "--cert-key",
    "--cert-key-pass",
    "--timeout",
    "--max-redirects",
    "--max-headers",
    "--ssl",
    "--ciphers",
    "--boundary",
    "--raw",
    "--default-scheme",
    "--response-charset",
    "--response-mime",
    "--format-options",
    "--pretty",
    "--http-version",
    "--resolve",
    "--interface",
    "--method",
    "--history-format",
    "--unix-socket",
    "--netrc-file",
    "--compress-level",
];
/// Options of `wget` with a value.
const WGET: [&str; 36] = [
    "--header",
    "--user",
    "--password",
    "--http-user",
    "--http-password",
    "--http-passwd",
    "--proxy-user",
    "--proxy-password",
    "--proxy-passwd",
    "--post-data",
    "--post-file",
    "--body-data",
    "--body-file",
    "--method",
    "--referer",
    "--user-agent",
    "-U",
    "--load-cookies",
    "--save-cookies",
    "-O",
    "--output-document",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "-t",
    "--tries",
    "-T",
    "--timeout",
    "--ca-certificate",
    "--certificate",
    "--private-key",
    "-P",
    "--directory-prefix",
    "--max-redirect",
    "-e",
];

/// The request of the command at the start of a text, with what follows it; `None`: it begins with no such command.
/// `Some((None, _))`: the command names no URL.
pub(super) fn command(text: &str) -> Option<(Option<Request>, Cow<'_, str>)> {
    let start = text.trim_start_matches(['$', '#', '%', '>', ' ']);
    let name = start.split([' ', '\t']).next()?;
    let known = ["http", "https", "xh", "xhs", "curlie", "wget"];
    if !known.contains(&name) || name.len() == start.len() {
        return None;
    }
    let (cut, rest) = words::command(start, &Variables::new());
    let cut = cut.into_iter().skip(1);
    let building = match name {
        "wget" => wget(cut),
        // Options of curl, and items of HTTPie.
        "curlie" => curlie(cut.collect()),
        _ => httpie(cut, name),
    };
    Some(((!building.url.is_empty()).then(|| building.finished()), rest))
}

/// The options and the other words of a command.
fn options(
    words: impl Iterator<Item = String>,
    valued: &[&str],
    mut option: impl FnMut(&str, Option<String>),
) -> Vec<String> {
    let mut plain = Vec::new();
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if word.starts_with("--") {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let value = value.or_else(|| valued.contains(&name).then(|| words.next()).flatten());
            option(name, value);
        } else if word.len() > 1 && word.starts_with('-') {
            // `-fa mia:secret` is two options in one word; the first with a value takes the rest.
            for (at, letter) in word.char_indices().skip(1) {
                let name = format!("-{letter}");
                if valued.contains(&name.as_str()) {
                    let rest = word.get(at + letter.len_utf8()..).unwrap_or_default().to_owned();
                    let rest = rest.strip_prefix('=').map_or(rest.clone(), str::to_owned);
                    option(&name, if rest.is_empty() { words.next() } else { Some(rest) });
                    break;
                }
                option(&name, None);
            }
        } else {
            plain.push(word);
        }
    }
    plain
}

fn httpie(words: impl Iterator<Item = String>, program: &str) -> Building {
    let mut building = Building::default();
    let (mut auth, mut bearer, mut form, mut secure) =
        (None, false, false, ["https", "xhs"].contains(&program));
    let plain = options(words, &VALUED, |name, value| match name {
        "-a" | "--auth" => auth = value,
        "-A" | "--auth-type" => bearer = value.as_deref() == Some("bearer"),
        "--bearer" => {
            auth = value;
            bearer = true;
        }
        "-f" | "--form" | "--multipart" => form = true,
        "--raw" => building.data.extend(value),
        "--method" => building.method = value,
        "--default-scheme" => secure |= value.as_deref() == Some("https"),
        _ => {}
    });
    match auth {
        Some(token) if bearer => building.named("Authorization", Some(format!("Bearer {token}"))),
        Some(pair) => building.user(&pair),
        None => {}
    }
    items(&mut building, plain, form);
    if !building.url.is_empty() && !has_scheme(&building.url) {
        let scheme = if secure { "https://" } else { "http://" };
        let host = match building.url.strip_prefix(':') {
            // `:8000/x` and `:/x` are on this computer.
            Some(rest) if rest.starts_with('/') || rest.is_empty() => format!("localhost{rest}"),
            Some(rest) => format!("localhost:{rest}"),
            None => building.url.clone(),
        };
        building.url = format!("{scheme}{host}");
    }
    building
}

/// `[METHOD] URL [ITEM …]`. The URL is the word with a scheme, where one has it: an unknown option may have a value.
fn items(building: &mut Building, plain: Vec<String>, form: bool) {
    let is_verb = |word: &String| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut fields = Map::new();
    let url = plain.iter().position(|word| has_scheme(word));
    let url = url.or_else(|| plain.iter().position(|word| !is_verb(word)));
    for (at, word) in plain.into_iter().enumerate() {
        match Some(at).cmp(&url) {
            std::cmp::Ordering::Equal => building.url = word,
            std::cmp::Ordering::Less if is_verb(&word) => building.method = Some(word),
            // The value of an option nobody knows here.
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => item(building, &mut fields, &word),
        }
    }
    if !fields.is_empty() && form {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &fields {
            pairs.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        building.data.push(pairs.finish());
    } else if !fields.is_empty() {
        building.json = true;
        building.data.push(Value::Object(fields).to_string());
    }
}

/// `Name:value`, `name==value`, `name:=json`, `name=value`, `name@file`: whichever sign comes first.
fn item(building: &mut Building, fields: &mut Map<String, Value>, word: &str) {
    let Some(at) = word.find(['=', ':', '@', ';']) else { return };
    let (name, rest) = word.split_at_checked(at).unwrap_or((word, ""));
    if let Some(value) = rest.strip_prefix("==") {
        building.query.push(super::building::encoded(&format!("{name}={value}")));
    } else if let Some(value) = rest.strip_prefix(":=") {
        fields.insert(name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into()));
    } else if let Some(value) = rest.strip_prefix('=') {
        fields.insert(name.to_owned(), value.into());
    } else if let Some(value) = rest.strip_prefix(':') {
        building.named(name, Some(value.trim_start().to_owned()));
    } else if rest.starts_with('@') {
        building.sends = true;
    }
}

/// curl's options first; its URL is the word with a scheme, and the other words are items.
fn curlie(words: Vec<String>) -> Building {
    let (mut rest, mut items_of) = (Vec::new(), Vec::new());
    for word in words {
        let is_item = !word.starts_with('-') && !has_scheme(&word) && word.contains(['=', ':']);
        let after_url = rest.iter().any(|word: &String| has_scheme(word));
        if is_item && after_url { items_of.push(word) } else { rest.push(word) }
    }
    let verb =
        rest.first().filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    let verb = verb.cloned();
    let mut building = Building::of(rest.into_iter().skip(usize::from(verb.is_some())));
    building.method = building.method.or(verb);
    let mut fields = Map::new();
    for word in items_of {
        item(&mut building, &mut fields, &word);
    }
    if !fields.is_empty() {
        building.json = true;
        building.data.push(Value::Object(fields).to_string());
    }
    building
}

fn wget(words: impl Iterator<Item = String>) -> Building {
    let mut building = Building::default();
    let (mut user, mut password) = (None, None);
    let plain = options(words, &WGET, |name, value| match name {
        "--header" => building.header(&value.unwrap_or_default()),
        "--user" | "--http-user" => user = value,
        "--password" | "--http-password" | "--http-passwd" => password = value,
        "--post-data" => {
            building.method.get_or_insert_with(|| "POST".to_owned());
            building.body(value);
        }
        "--body-data" => building.body(value),
        "--post-file" | "--body-file" => building.sends = true,
        "--method" => building.method = value,
        "--referer" => building.named("Referer", value),
        "-U" | "--user-agent" => building.named("User-Agent", value),
        _ => {}
    });
    plain.into_iter().for_each(|word| building.word(word));
    if user.is_some() || password.is_some() {
        building.user(&format!("{}:{}", user.unwrap_or_default(), password.unwrap_or_default()));
    }
    building
}
