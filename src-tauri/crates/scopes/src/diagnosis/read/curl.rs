//! A `curl` command with what it printed.

use super::building::{Building, basic, encoded};
use super::words::{self, Variables};
use super::{Entry, Hint, Read, answer};
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;

/// The most commands that are read from one text.
const MOST_COMMANDS: u32 = 1000;

/// Reads every command of a text; what stands behind one up to the next is its output.
pub(super) fn commands(text: &str, hint: &Hint, lang: Lang) -> Read {
    let mut read = Read::default();
    let mut variables = Variables::new();
    let Some(mut at) = words::next_command(text) else {
        let words = say!(lang, "There is no `curl` command in the text.", "文本中没有 `curl` 命令。");
        read.problems.push(Problem::refused("read.not_curl", words));
        return read;
    };
    words::assigned(text.get(..at).unwrap_or_default(), &mut variables);
    for index in 0..MOST_COMMANDS {
        let (cut, rest) = words::command(text.get(at..).unwrap_or_default(), &variables);
        let next = words::next_command(&rest);
        let output = next.and_then(|next| rest.get(..next)).unwrap_or(&rest);
        // The prompt of the next command is no output.
        let output =
            if next.is_some() { output.rsplit_once('\n').map_or("", |(output, _)| output) } else { output };
        one(cut, output, index, hint, &mut read, lang);
        words::assigned(output, &mut variables);
        let Some(next) = next else { break };
        at = text.len() - rest.len() + next;
    }
    let missing = |problem: &Problem| problem.code == "read.no_answer";
    if read.entries.is_empty() && !read.problems.iter().any(missing) {
        read.problems.push(no_answer(lang));
    }
    if !read.entries.is_empty() {
        // Beside a command with its output, one without is a step on the way.
        read.problems.retain(|problem| !missing(problem));
    }
    read
}

fn one(cut: Vec<String>, output: &str, index: u32, hint: &Hint, read: &mut Read, lang: Lang) {
    let mut request = Building::of(cut.into_iter().skip(1)).finished();
    answer::hinted(&mut request, hint);
    let mut exchange = Exchange { request, ..Exchange::default() };
    if output.trim().is_empty() && hint.status.is_none() {
        read.problems.push(no_answer(lang));
        return;
    }
    read.problems.extend(answer::take(&mut exchange, output, hint, lang));
    if exchange.request.url.is_empty() {
        let words = say!(lang, "The `curl` command names no URL.", "`curl` 命令没有 URL。");
        read.problems.push(Problem::risky("read.no_url", words));
    }
    // A command shows every header that was sent, unless one was blacked out.
    let sent = exchange.request.headers.len();
    let entry = Entry::of(index, exchange);
    let headers_unknown = entry.exchange.request.headers.len() != sent;
    read.entries.push(Entry { headers_unknown, ..entry });
}

fn no_answer(lang: Lang) -> Problem {
    let words =
        say!(lang, "The command stands alone: what it printed is missing.", "只有命令，缺少它的输出。");
    Problem::refused("read.no_answer", words).hinted(say!(
        lang,
        "Paste its output below it; `curl -i` prints the status, too.",
        "把输出粘贴在命令下面；`curl -i` 还会打印状态码。"
    ))
}

/// Long options that take a value nobody needs here.
const SKIPPED: [&str; 95] = [
    "--output",
    "--write-out",
    "--max-time",
    "--connect-timeout",
    "--proxy",
    "--proxy-user",
    "--proxy-pass",
    "--tlspassword",
    "--proxy-tlspassword",
    "--sasl-authzid",
    "--login-options",
    "--cacert",
    "--capath",
    "--cert",
    "--cert-type",
    "--key",
    "--key-type",
    "--pass",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--resolve",
    "--connect-to",
    "--cookie-jar",
    "--dump-header",
    "--config",
    "--interface",
    "--limit-rate",
    "--max-redirs",
    "--max-filesize",
    "--range",
    "--ciphers",
    "--tls-max",
    "--pinnedpubkey",
    "--noproxy",
    "--preproxy",
    "--socks5",
    "--socks5-hostname",
    "--local-port",
    "--dns-servers",
    "--unix-socket",
    "--trace",
    "--trace-ascii",
    "--stderr",
    "--output-dir",
    "--proto",
    "--proto-default",
    "--proto-redir",
    "--speed-limit",
    "--speed-time",
    "--keepalive-time",
    "--time-cond",
    "--netrc-file",
    "--hsts",
    "--request-target",
    "--proxy-header",
    "--aws-sigv4",
    "--delegation",
    "--krb",
    "--doh-url",
    "--ftp-account",
    "--variable",
    "--happy-eyeballs-timeout-ms",
    "--alt-svc",
    "--ech",
    "--etag-save",
    "--etag-compare",
    "--engine",
    "--proxy-cert",
    "--proxy-key",
    "--proxy-cacert",
    "--socks4",
    "--socks4a",
    "--rate",
    "--parallel-max",
    "--continue-at",
    "--libcurl",
    "--mail-auth",
    "--mail-from",
    "--mail-rcpt",
    "--proxy-service-name",
    "--proxy1.0",
    "--quote",
    "--service-name",
    "--socks5-gssapi-service",
    "--tls13-ciphers",
    "--tlsauthtype",
    "--tlsuser",
    "--trace-config",
    "--proxy-tlsuser",
    "--proxy-ciphers",
    "--curves",
    "--crlfile",
    "--haproxy-clientip",
    "--ip-tos",
];
/// Short options that take a value, glued or as the next word.
const VALUED: &str = "XHdubAeFowmxcDTKEUrCYyzQtPh";

impl Building {
    /// The request of the words behind `curl`.
    pub(super) fn of(mut words: impl Iterator<Item = String>) -> Self {
        let mut building = Self::default();
        while let Some(word) = words.next() {
            if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
                building.option(name, || Some(value.to_owned()));
            } else if word.starts_with("--") {
                building.option(&word, || words.next());
            } else if word.len() > 1 && word.starts_with('-') {
                building.short(&word, &mut words);
            } else {
                building.word(word);
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
            "-u" | "--user" => self.named("Authorization", value().map(|pair| basic(&pair))),
            "--data-raw" => self.data.extend(value()),
            "-d" | "--data" | "--data-binary" | "--data-ascii" => self.body(value()),
            "--data-urlencode" => self.data.extend(value().map(|pair| encoded(&pair))),
            "--json" => {
                self.json = true;
                self.body(value());
            }
            "-F" | "--form" | "--form-string" => {
                self.sends = true;
                drop(value());
            }
            "-T" | "--upload-file" => {
                self.method.get_or_insert_with(|| "PUT".to_owned());
                drop(value());
            }
            "--url-query" => self.query.extend(value().map(|pair| encoded(&pair))),
            "-I" | "--head" => self.method = Some("HEAD".to_owned()),
            "-G" | "--get" => self.as_query = true,
            name if SKIPPED.contains(&name)
                || (name.len() == 2 && VALUED.contains(name.trim_start_matches('-'))) =>
            {
                drop(value());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
