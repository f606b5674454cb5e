//! Secrets in sentences: `password is x`, `wrong password x`, `passphrase "x" refused`, `"x" is not the password`, `密码：x`.

mod words;

use super::find::is_nothing;
use super::kind::SecretKind;
use super::names::{Named, is_name, named};
use super::random::is_secret;
use super::value::{Form, Value, end_of, start_of};
use words::{ARTICLES, BINDS, BRACKETS, LEADS, QUOTES, SECONDS, STATES};

/// Longest secret of a sentence, in bytes.
const MAX_VALUE: usize = 256;
/// Shortest plain word that counts as a secret.
const MIN_WORD: usize = 4;
/// How far away the verb of a sentence may be: `the password of mia is x`.
const MAX_OWNER: usize = 64;

/// Whether a value of this kind is made by chance, so that no plain word is one.
fn is_made(kind: SecretKind) -> bool {
    !matches!(kind, SecretKind::Password | SecretKind::ClientSecret | SecretKind::Other)
}

/// Names of two words (`secret key`, `API key`, `mot de passe`): where the first begins, and what they say.
pub(super) fn name_of_two(before: &str, word: &str) -> Option<(usize, Named)> {
    if !SECONDS.iter().any(|second| word.eq_ignore_ascii_case(second)) {
        return None;
    }
    let lead = before.strip_suffix(' ')?;
    if word.eq_ignore_ascii_case("passe") {
        let french = end_of(before, 7).eq_ignore_ascii_case("mot de ");
        return named("motdepasse").filter(|_| french).map(|name| (before.len() - 7, name));
    }
    let first =
        lead.rsplit([' ', '"', '\'', '\n', '(', '>', '|', '*']).next().filter(|first| first.len() >= 3)?;
    let name = named(&format!("{first}{word}")).filter(|name| !name.weak)?;
    Some((lead.len() - first.len(), name))
}

/// The secret of a sentence that belongs to the name at `start..end`.
pub(super) fn value(text: &str, start: usize, end: usize, name: Named) -> Option<Value> {
    let strong = !name.weak && !name.bound && !is_made(name.kind);
    behind(text, start, end, strong).or_else(|| in_front(text, start, end, strong))
}

fn behind(text: &str, start: usize, end: usize, strong: bool) -> Option<Value> {
    let rest = start_of(text.get(end..)?, MAX_VALUE);
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    let after = rest.get(blank..)?;
    let bound = bind(after).or_else(|| owner(after));
    let sign = after.chars().next().filter(|c| matches!(c, ':' | '：' | '=' | '＝')).map(char::len_utf8);
    let value = after.get(bound.or(sign).unwrap_or(0)..)?.trim_start_matches(' ');
    let free = bound.is_none() && sign.is_none();
    if free && blank == 0 && after.is_ascii() {
        return None;
    }
    let from = end + rest.len() - value.len();
    let bracketed = || bracketed(value, strong).filter(|_| blank > 0 || !free);
    if let Some(length) = quoted(value, strong).or_else(bracketed) {
        let open = value.chars().next()?.len_utf8();
        return Some(Value::new(from + open, from + open + length, Form::Pair));
    }
    let word = word_of(value)?;
    let left = value.get(word.len()..)?;
    let led = || {
        let before = text.get(..start).map(|before| end_of(before, 16).to_ascii_lowercase());
        (blank > 0 || !free) && before.is_some_and(|before| LEADS.iter().any(|lead| before.ends_with(lead)))
    };
    let foreign = blank > 0 && text.get(start..end).is_some_and(|name| !name.is_ascii());
    let fits = || led() || (free && (foreign || told(left)));
    let plain = strong && is_word(word) && !word.chars().any(is_wide);
    let plain = plain && !word.contains('/') && !word.starts_with(['(', '[', '<', '{', '（']);
    let plain = plain && (bound.is_some() || (sign.is_some() && ends(left)) || fits());
    let sure = word.len() >= 6 && is_secret(word) && !word.contains(['(', '{', '[', '=']);
    (plain || sure).then(|| Value::new(from, from + word.len(), Form::Pair))
}

/// Length of the words that bind a name to its secret.
fn bind(after: &str) -> Option<usize> {
    let starts = |bind: &&&str| start_of(after, bind.len()).eq_ignore_ascii_case(bind);
    BINDS.iter().find(starts).map(|bind| bind.len())
}

/// The same where the sentence says whose it is: `for mia is `, `of user mia: `.
fn owner(after: &str) -> Option<usize> {
    let near = start_of(after, MAX_OWNER);
    let of = ["for ", "of ", "von ", "für ", "de "].iter().find(|of| near.starts_with(**of))?.len();
    let mut at = of;
    // At most two words.
    for _ in 0..2 {
        at += near.get(at..)?.find([' ', ':'])?;
        if near.get(at..)?.starts_with(": ") {
            return Some(at + 2);
        }
        at += 1;
        if let Some(bind) = bind(near.get(at..)?) {
            return Some(at + bind);
        }
    }
    None
}

/// Length of the text between quotes that begin here.
pub(super) fn quoted(value: &str, strong: bool) -> Option<usize> {
    let (open, close) = QUOTES.iter().find(|(open, _)| value.starts_with(*open))?;
    let inner = value.get(open.len_utf8()..)?;
    let length = inner.find(*close)?;
    let word = inner.get(..length)?;
    // A quote right behind a sign is a value of code or JSON, which is looked at elsewhere.
    let fine = !word.contains(['\n', ':', '{', '\\']) && is_word(word) && (strong || is_secret(word));
    fine.then_some(length)
}

/// Length of the one word between brackets that begin here.
fn bracketed(value: &str, strong: bool) -> Option<usize> {
    let (open, close) = BRACKETS.iter().find(|(open, _)| value.starts_with(*open))?;
    let inner = value.get(open.len_utf8()..)?;
    let length = inner.find(*close)?;
    let word = inner.get(..length)?;
    let plain = strong && is_word(word) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let markup = *open == '<' && inner.contains("</");
    (!markup && (plain || (is_secret(word) && !word.contains(['(', '[', '{', ' '])))).then_some(length)
}

/// Whether a sentence goes on as it does behind a value: `x is wrong`, `x for mia`, `x 错误`.
fn told(left: &str) -> bool {
    const GOES_ON: [&str; 22] = [
        "is ",
        "was ",
        "isn't ",
        "wasn't ",
        "does ",
        "did ",
        "doesn't ",
        "didn't ",
        "has ",
        "for ",
        "of user ",
        "rejected",
        "refused",
        "failed",
        "invalid",
        "incorrect",
        "wrong",
        "expired",
        "不",
        "错",
        "無",
        "无",
    ];
    let left = left.strip_prefix(' ').unwrap_or(left);
    GOES_ON.iter().any(|word| left.starts_with(word))
}

/// The word that begins here; `None` for what stands for a secret already, as `‹access token 3f9a12›` does.
pub(super) fn word_of(value: &str) -> Option<&str> {
    let stop = |c: char| c.is_whitespace() || "\"'`,;<>\\)]}&|，。；、”」』（）".contains(c);
    let latin = value.starts_with(|c: char| !is_wide(c));
    let length = value.find(|c: char| stop(c) || (latin && is_wide(c))).unwrap_or(value.len());
    let word = value.get(..length)?.trim_end_matches(['.', '!', '?', ':', '…']);
    let shown = word.contains('‹') || word.ends_with('›') || value.get(word.len()..)?.starts_with('›');
    (!shown).then_some(word)
}

/// `"x" is not the password`, `x is no longer a valid passphrase`.
fn in_front(text: &str, start: usize, end: usize, strong: bool) -> Option<Value> {
    let whole = text.get(..start)?.strip_suffix(' ')?;
    let next = text.get(end..)?.chars().next();
    if !strong || next.is_some_and(|c| matches!(c, ':' | '=' | '_')) {
        return None;
    }
    let mut before = end_of(whole, MAX_VALUE);
    while let Some(rest) = ARTICLES.iter().find_map(|article| before.strip_suffix(article)) {
        before = rest;
    }
    let verb = [" is", " was", " isn't", " ist"].iter().find_map(|verb| before.strip_suffix(verb))?;
    let to = start - 1 - (end_of(whole, MAX_VALUE).len() - verb.len());
    if let Some((open, close)) = QUOTES.iter().find(|(_, close)| verb.ends_with(*close)) {
        let inner = verb.strip_suffix(*close)?;
        let from = inner.rfind(*open)? + open.len_utf8();
        let word = inner.get(from..)?;
        let to = to - close.len_utf8();
        return is_word(word).then(|| Value::new(to - word.len(), to, Form::Pair));
    }
    let stop = |c: char| c.is_whitespace() || "\"'`,;<>()[]{}›".contains(c);
    let word = verb.rsplit(stop).next()?;
    // The subject of a sentence: only a word that no sentence begins with.
    (is_secret(word) && is_word(word)).then(|| Value::new(to - word.len(), to, Form::Pair))
}

/// A character of a script without blanks between words.
fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

/// Whether a sentence or a line ends here.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['.', ' ', '"', '\'', ')', '!', '\r']);
    rest.is_empty() || rest.starts_with(['\n', ',', ';', '\\', '}', '。', '，'])
}

/// Whether a word may be a secret: it says nothing about the secret itself, and names none.
pub(super) fn is_word(word: &str) -> bool {
    let lower = word.trim().to_lowercase();
    word.chars().count() >= MIN_WORD && !is_nothing(word) && !is_state(&lower) && !is_name(word)
}

/// Whether a text in lower case begins with a word that says something about a secret.
pub(super) fn is_state(lower: &str) -> bool {
    let first = lower.split(' ').next().unwrap_or_default().trim_end_matches(['.', ',', ':']);
    STATES.split(' ').any(|state| state == first)
}

#[cfg(test)]
mod tests {
    use crate::secret::Redactor;

    /// `@` stands for the secret.
    const SENTENCES: [&str; 41] = [
        "the password is @",
        "The password of mia is @.",
        "password for user mia: @",
        "password was set to @, sign in again",
        "Password changed to @",
        "your secret key was @",
        "secret key was '@'",
        "wrong password @ for mia",
        "Wrong password: @",
        "Invalid passphrase @ (3 attempts left)",
        "login with password @ failed",
        "temporary password @",
        "passphrase \"@\" refused",
        "the passphrase “@” was refused",
        "'@' is not the password",
        "\"'@' is not the password\"",
        "“@” is no longer a valid passphrase",
        "the client secret is @",
        "API key is @",
        "Das Passwort ist @",
        "falsches Passwort @ für mia",
        "le mot de passe est @",
        "la contraseña es @",
        "密码是@",
        "密码为 @",
        "密码：@。",
        "口令“@”错误",
        "密碼 「@」 不正確",
        "password = @",
        "the pin is @",
        "the password (@) is wrong",
        "password [@] rejected",
        "password <@> invalid",
        "password -> @",
        "the password @ does not match",
        "password does not match: @",
        "Passphrase is: @",
        "password is: '@'",
        "密码错误：@",
        "密码 @ 错误",
        "密码@错误",
    ];

    #[test]
    fn a_secret_of_a_sentence_is_found() {
        for sentence in SENTENCES {
            for secret in ["verborgenkanarie", "Kanarie7verborgen", "Tr0ub4dor"] {
                let clean = Redactor::new().clean(&sentence.replacen('@', secret, 1));
                assert!(!clean.contains(secret), "{clean}");
            }
        }
    }

    #[test]
    fn sentences_about_a_secret_stay_as_they_are() {
        for sentence in [
            "Password must be at least 8 characters",
            "email, username and password are required",
            "The password is wrong",
            "the password is required.",
            "The password of mia is expired",
            "wrong password for mia",
            "Invalid password format",
            "the passphrase was rejected",
            "The client secret is missing",
            "the client secret is not the one of this app",
            "A client secret is required to register permissions as the app.",
            "The access token is malformed",
            "the access token is audience-restricted",
            "The refresh token was superseded by another client",
            "access token is bound to another key",
            "Token inactive or expired",
            "the token was revoked",
            "code_verifier required",
            "code_challenge is required for public clients",
            "This is not a valid password",
            "Das Passwort ist ungültig",
            "密码是错误的",
            "密码错误，请重试",
            "Missing required scope. Token must include one of: edit_todos, write_todos",
            "the secret is ‹client secret 3f9a12›",
            "client secret (optional) is missing",
            "Missing client_secret (client_secret_basic)",
            "Password authentication is disabled",
            "password policy is enforced",
            "client secret rotation is required",
            "password rejected: too short",
        ] {
            assert_eq!(Redactor::new().clean(sentence), sentence);
            assert_eq!(Redactor::keyed().clean(sentence), sentence);
        }
    }
}
