//! A `curl` command with what it printed.

use super::{Entry, Hint, Read, answer, words};
use crate::exchange::{Exchange, Request};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;

/// Reads the command and takes the rest of the text as its output.
pub(super) fn command(text: &str, hint: &Hint, lang: Lang) -> Read {
    let text = text.trim_start().trim_start_matches(['$', '#', '%', '>', ' ']);
    let (words, output) = words::command(text);
    let mut words = words.into_iter();
    if words.next().as_deref() != Some("curl") {
        let words =
            say!(lang, "The text does not begin with a `curl` command.", "文本不是以 `curl` 命令开头。");
        return Read { problems: vec![Problem::refused("read.not_curl", words)], ..Read::default() };
    }
    let mut request = Building::of(words).finished();
    answer::hinted(&mut request, hint);
    let mut exchange = Exchange { request, ..Exchange::default() };
    let mut problems = Vec::new();
    if exchange.request.url.is_empty() {
        let words = say!(lang, "The `curl` command names no URL.", "`curl` 命令没有 URL。");
        problems.push(Problem::risky("read.no_url", words));
    }
    if output.trim().is_empty() && hint.status.is_none() {
        let words =
            say!(lang, "The command stands alone: what it printed is missing.", "只有命令，缺少它的输出。");
        problems.push(Problem::refused("read.no_answer", words).hinted(say!(
            lang,
            "Paste its output below it; `curl -i` prints the status, too.",
            "把输出粘贴在命令下面；`curl -i` 还会打印状态码。"
        )));
        return Read { entries: Vec::new(), problems };
    }
    problems.extend(answer::take(&mut exchange, output, hint, lang));
    Read { entries: vec![Entry { index: 0, exchange, headers_unknown: false }], problems }
}

#[derive(Default)]
struct Building {
    method: Option<String>,
    url: String,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    json: bool,
    as_query: bool,
}

/// Options that take a value nobody needs here.
const SKIPPED: [&str; 22] = [
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-x",
    "--proxy",
    "--cacert",
    "--cert",
    "--key",
    "--retry",
    "--resolve",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
    "-T",
    "-K",
    "--config",
    "-E",
];
/// Short options that take a value, glued or as the next word.
const VALUED: &str = "XHdubAeFowmxcDTKE";

impl Building {
    fn of(mut words: impl Iterator<Item = String>) -> Self {
        let mut building = Self::default();
        while let Some(word) = words.next() {
            if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
                building.option(name, || Some(value.to_owned()));
            } else if word.starts_with("--") {
                building.option(&word, || words.next());
            } else if word.len() > 1 && word.starts_with('-') {
                building.short(&word, &mut words);
            } else if building.url.is_empty() {
                building.url = word;
            }
        }
        building
    }

    /// `-sSiXPOST` is several options in one word; the first that takes a value takes the rest.
    fn short(&mut self, word: &str, words: &mut impl Iterator<Item = String>) {
        for (at, letter) in word.char_indices().skip(1) {
            let rest = word.get(at + letter.len_utf8()..).unwrap_or_default().to_owned();
            let name = format!("-{letter}");
            if VALUED.contains(letter) {
                self.option(&name, || if rest.is_empty() { words.next() } else { Some(rest) });
                return;
            }
            self.option(&name, || None);
        }
    }

    fn option(&mut self, name: &str, value: impl FnOnce() -> Option<String>) {
        match name {
            "-X" | "--request" => self.method = value(),
            "--url" => self.url = value().unwrap_or_default(),
            "-H" | "--header" => self.header(&value().unwrap_or_default()),
            "-A" | "--user-agent" => self.named("User-Agent", value()),
            "-b" | "--cookie" => self.named("Cookie", value()),
            "-e" | "--referer" => self.named("Referer", value()),
            "--oauth2-bearer" => self.named("Authorization", value().map(|token| format!("Bearer {token}"))),
            "-u" | "--user" => {
                self.named("Authorization", value().map(|_| "Basic ‹client credentials›".to_owned()))
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" => self.data.extend(value()),
            "--data-urlencode" => self.data.extend(value().map(|pair| encoded(&pair))),
            "--json" => {
                self.json = true;
                self.data.extend(value());
            }
            "-F" | "--form" => drop(value()),
            "-I" | "--head" => self.method = Some("HEAD".to_owned()),
            "-G" | "--get" => self.as_query = true,
            name if SKIPPED.contains(&name) => drop(value()),
            _ => {}
        }
    }

    fn header(&mut self, text: &str) {
        if let Some((name, value)) = text.split_once(':') {
            let value = value.strip_prefix(' ').unwrap_or(value);
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    fn named(&mut self, name: &str, value: Option<String>) {
        self.headers.extend(value.map(|value| (name.to_owned(), value)));
    }

    fn finished(mut self) -> Request {
        let joined = (!self.data.is_empty()).then(|| self.data.join(if self.json { "" } else { "&" }));
        if self.json && !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.named("Content-Type", Some("application/json".to_owned()));
        }
        if let Some(data) = joined.as_ref().filter(|_| self.as_query) {
            self.url.push(if self.url.contains('?') { '&' } else { '?' });
            self.url.push_str(data);
        }
        let body = joined.filter(|_| !self.as_query);
        let usual = if body.is_some() { "POST" } else { "GET" };
        if !self.url.is_empty() && !self.url.contains("://") && !self.url.starts_with('/') {
            self.url = format!("http://{}", self.url);
        }
        Request {
            method: self.method.map_or_else(|| usual.to_owned(), |method| method.to_ascii_uppercase()),
            url: self.url,
            headers: self.headers,
            body,
        }
    }
}

fn encoded(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    if name.is_empty() { value } else { format!("{name}={value}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Read {
        command(text, &Hint::default(), Lang::En)
    }

    #[test]
    fn a_command_with_its_output() {
        let read = read(
            "$ curl -sS -i -XPATCH 'https://g.test/api/cross-app/me?x=1&y=2' \\\n -H 'Authorization: Bearer abc' --json '{\"title\":\"it\\\\u0027s\"}' | cat\nHTTP/2 403 \ncontent-type: application/json\n\n{\"error\":\"Not a member of this team\"}\n",
        );
        let exchange = &read.entries[0].exchange;
        assert_eq!(exchange.request.method, "PATCH");
        assert_eq!(exchange.request.url, "https://g.test/api/cross-app/me?x=1&y=2");
        assert_eq!(exchange.request.headers[0], ("Authorization".to_owned(), "Bearer abc".to_owned()));
        assert!(exchange.request.body.is_some());
        assert_eq!(exchange.response.as_ref().unwrap().status, 403);
        assert!(read.problems.is_empty());
    }

    #[test]
    fn forms_failures_and_missing_output() {
        let sent = read(
            "curl https://p.test/api/oauth/introspect -d token=abc --data-urlencode 'a=b c'\n{\"active\":false}",
        );
        assert_eq!(sent.entries[0].exchange.request.body.as_deref(), Some("token=abc&a=b+c"));
        assert_eq!(sent.entries[0].exchange.request.method, "POST");
        let failed = read("curl https://nowhere.test\ncurl: (6) Could not resolve host: nowhere.test");
        assert!(failed.entries[0].exchange.failure.is_some());
        assert_eq!(read("curl https://g.test/x").problems[0].code, "read.no_answer");
    }
}
