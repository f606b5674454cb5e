//! Credentials in command lines: `-u mia:password`, `-umia:password`, `--token x`, `--cookie 'a=b'`.

use super::find::{Spot, is_nothing};
use super::kind::SecretKind;
use super::lines::is_variable;
use super::names::named;
use super::random::is_secret;
use super::value::{end_of, start_of, until};

/// Longest value of an option, and how far back the name of the program is looked for.
const MAX_VALUE: usize = 4096;
const MAX_COMMAND: usize = 512;
/// How far in front of a password its account is in a netrc file.
const MAX_LOGIN: usize = 96;

/// Programs whose short options hold credentials.
const PROGRAMS: [&str; 24] = [
    "curl",
    "curl.exe",
    "curlie",
    "http",
    "https",
    "httpie",
    "xh",
    "xhs",
    "wget",
    "ab",
    "mysql",
    "mysqldump",
    "psql",
    "redis-cli",
    "mongosh",
    "mongo",
    "ldapsearch",
    "sshpass",
    "sqlcmd",
    "docker",
    "helm",
    "svn",
    "oc",
    "smbclient",
];
/// Options with `user:password`.
const USERS: [&str; 9] =
    ["-u", "-U", "-a", "--user", "--proxy-user", "--auth", "--http-user", "--userpwd", "--basic-auth"];
/// Options with a credential alone; the short ones in a command of [`PROGRAMS`].
const ALONE: [&str; 5] = ["-p", "-P", "-w", "-a", "--bearer"];
/// Options with cookies.
const COOKIES: [&str; 2] = ["-b", "--cookie"];

/// The credential behind the option at `start..end`.
pub(super) fn option(text: &str, start: usize, end: usize) -> Option<Spot> {
    let word = text.get(start..end)?;
    let before = text.get(..start)?;
    if word == "password" && end_of(before, MAX_LOGIN).contains("login ") {
        // `machine x login mia password y` of a netrc file.
        let (from, value) = value_of(text.get(end..)?)?;
        return (!is_nothing(value)).then(|| spot(SecretKind::Password, end + from, value));
    }
    if !word.starts_with('-')
        || !(before.is_empty() || before.ends_with([' ', '\t', '\n', '"', '\'', '[', '`']))
    {
        return None;
    }
    let rest = start_of(text.get(end..)?, MAX_VALUE);
    if let Some(spot) = joined(text, start, word, rest) {
        return Some(spot);
    }
    let (from, value) = value_of(rest)?;
    let short = !word.starts_with("--");
    let in_command = || is_command(before);
    let kind = if USERS.contains(&word) && value.contains(':') && (!short || in_command()) {
        SecretKind::ClientCredentials
    } else if COOKIES.contains(&word) && value.contains('=') && (!short || in_command()) {
        SecretKind::Cookie
    } else if ALONE.contains(&word) && (!short || (in_command() && is_secret(value))) {
        SecretKind::Other
    } else {
        let name = named(word).filter(|name| !name.weak || is_credential(word, value))?;
        // `-key` of a language for regular expressions is no option of a command.
        (word.len() > 3).then_some(name.kind)?
    };
    let fine =
        !is_nothing(value) && !is_variable(value) && !value.starts_with('-') && !value.starts_with('@');
    fine.then(|| spot(kind, end + from, value))
}

/// `-umia:password` and `-psecret`.
fn joined(text: &str, start: usize, word: &str, rest: &str) -> Option<Spot> {
    let name = word.get(..2).filter(|name| USERS.contains(name) || *name == "-p")?;
    if word.starts_with("--") || word.len() < 3 {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '\\');
    let more = rest.find(stop).unwrap_or(rest.len());
    let value = text.get(start + 2..start + word.len() + more)?;
    let user = name != "-p" && value.contains(':') && !value.contains("://");
    let fine = (user || (name == "-p" && is_secret(value))) && !is_nothing(value);
    (fine && is_command(text.get(..start)?)).then(|| spot(SecretKind::ClientCredentials, start + 2, value))
}

/// ` value`, `=value` and `: value`, with quotes or without; where the value begins in `rest`. In a list of arguments it is
/// a text of its own: `"-u", "mia:password"`.
fn value_of(rest: &str) -> Option<(usize, &str)> {
    let value = rest.strip_prefix('=').or_else(|| {
        let own = rest.strip_prefix(['"', '\'']).and_then(|rest| rest.trim_start().strip_prefix(','));
        let value = own.or_else(|| rest.starts_with([' ', '\t']).then_some(rest))?;
        Some(value.trim_start_matches([' ', '\t']))
    })?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = value.get(usize::from(quote.is_some())..)?;
    let end = match quote {
        Some(quote) => inner.find(quote),
        // What stands for a secret already is one word.
        None => Some(until(inner, |c| {
            c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '|' | ';' | ')' | '\\')
        })),
    };
    Some((rest.len() - inner.len(), inner.get(..end.unwrap_or(inner.len()))?))
}

/// Whether an option with a name of other uses holds a credential: `--token x`, not `--key file`.
fn is_credential(word: &str, value: &str) -> bool {
    let name = word.trim_start_matches('-').to_ascii_lowercase();
    let credential = ["token", "secret", "pass", "auth", "credential", "credentials", "cookie", "pin"];
    credential.iter().any(|known| name == *known || name.ends_with(&format!("-{known}"))) || is_secret(value)
}

/// Whether a known program is named on the same line.
fn is_command(before: &str) -> bool {
    let near = end_of(before, MAX_COMMAND);
    let line = near.rsplit("\n").find(|line| !line.trim().is_empty()).unwrap_or_default();
    // A line that ends in a backslash goes on.
    let all = if near.contains("\\\n") || near.contains("`\n") { near } else { line };
    all.split(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | '/' | '|' | ',' | '[' | '$')
    })
    .any(|word| PROGRAMS.contains(&word))
}

fn spot(kind: SecretKind, from: usize, value: &str) -> Spot {
    Spot { kind, from, to: from + value.len(), certain: false, value: value.to_owned(), quote: String::new() }
}
