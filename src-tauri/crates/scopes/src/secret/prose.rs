//! Secrets in sentences: `password is x`, `wrong password x`, `passphrase "x" refused`, `"x" is not the password`, `密码：x`.

use super::find::is_nothing;
use super::kind::SecretKind;
use super::names::{Named, named};
use super::random::is_secret;
use super::value::{Form, Value, end_of, start_of};

/// Longest secret of a sentence, in bytes.
const MAX_VALUE: usize = 256;
/// Shortest plain word that counts as a secret.
const MIN_WORD: usize = 4;
/// How far away the verb of a sentence may be: `the password of mia is x`.
const MAX_OWNER: usize = 64;

/// Words between a name and its secret.
const BINDS: [&str; 20] = [
    "is now ",
    "was now ",
    "is still ",
    "is set to ",
    "was set to ",
    "was changed to ",
    "has been set to ",
    "set to ",
    "changed to ",
    "reset to ",
    "equals ",
    "is ",
    "was ",
    "ist ",
    "war ",
    "est ",
    "es ",
    "era ",
    "是",
    "为",
];
/// Words in front of a name behind which its secret follows without a verb.
const LEADS: [&str; 16] = [
    "wrong ",
    "incorrect ",
    "invalid ",
    "bad ",
    "using ",
    "used ",
    "with ",
    "old ",
    "new ",
    "current ",
    "temporary ",
    "default ",
    "initial ",
    "falsches ",
    "unknown ",
    "错误的",
];
/// Words between a secret and the name behind it: `x is not a valid password`.
const ARTICLES: [&str; 11] =
    [" a", " an", " the", " your", " my", " valid", " correct", " right", " not", " no longer", " their"];

/// Opening quotes with the closing ones.
const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('«', '»'),
    ('„', '“'),
];

/// Words behind the name of a secret that say something about it, so that they are none.
const STATES: &str = "\
    abgelaufen about absent accepted account accounts active after allowed already also always \
    and app application applications apps argument attempt attempts authentication \
    authorization automatically available bad because before being blank blocked body bound \
    broken caducada cannot case-sensitive change changed checked client clients code codes \
    common compromised confidential configured confirmation correct correctly could created \
    currently data deleted denied deprecated different disabled disallowed disclosed does \
    email empty encrypted entered equal erforderlich error errors expected expiration expired \
    expiry expiré expirée exposed failed failing fails failure falsch false faux fehlt field \
    fields file files fine for forbidden format found from generated gesperrt given gone good \
    grant grants guessable guessed hash hashed hashes hashing header here hidden hint hints \
    identical inactive inconnu incorrect incorrecta incorrecte incorrectly incorrecto input \
    inputs insecure intended into invalid invalidated invalide inválida inválido issued just \
    kept known leaked leer length less lifetime likely limited locked login long made \
    malformed managed manager manquant match matched matches meant mismatch mismatched missing \
    more must name named names needed never nicht none not null number object obligatoire \
    obligatoria obsolete often ok okay once only onto optional outdated over parameter \
    parameters pending permanent policy present previously private probably prompt protected \
    provided public query read-only recently recognised recognized recovery redacted refused \
    rejected removed replaced requerida request requests required required_field requirement \
    requirements requis requise reset reset-link response restricted reused revoked right \
    rotated rule rules safe same saved scope scopes secret secure sent server servers service \
    services short should shown similar since specified stale still storage store stored \
    strength string supplied supported system systems temporary than that the their then there \
    this token tokens true type types unauthorised unauthorized unavailable unbekannt \
    unchanged undefined ungültig unknown unless unlocked unrecognised unrecognized unsafe \
    unset unsupported until updated used user username users usually valid value values vault \
    vencida verified weak what when where which while with write-only written wrong your zu";

/// The second words of names of two.
const SECONDS: [&str; 9] =
    ["key", "keys", "token", "code", "secret", "passe", "phrase", "string", "verifier"];

/// Whether a value of this kind is made by chance, so that no plain word is one.
fn is_made(kind: SecretKind) -> bool {
    !matches!(kind, SecretKind::Password | SecretKind::ClientSecret | SecretKind::Other)
}

/// Names of two words: `secret key`, `API key`, `mot de passe`.
pub(super) fn name_of_two(before: &str, word: &str) -> Option<Named> {
    let first = before.strip_suffix(' ')?.rsplit([' ', '"', '\'', '\n', '(']).next()?;
    let french = || end_of(before, 7).eq_ignore_ascii_case("mot de ");
    if !SECONDS.iter().any(|second| word.eq_ignore_ascii_case(second)) {
        return None;
    }
    let joined = match word.eq_ignore_ascii_case("passe") {
        true => french().then(|| "motdepasse".to_owned())?,
        false => Some(format!("{first}{word}")).filter(|_| first.len() >= 3)?,
    };
    named(&joined).filter(|name| !name.weak && word.is_ascii())
}

/// The secret of a sentence that belongs to the name at `start..end`.
pub(super) fn value(text: &str, start: usize, end: usize, name: Named) -> Option<Value> {
    let strong = !name.weak && !is_made(name.kind);
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
    if let Some(length) = quoted(value, strong) {
        let open = value.chars().next()?.len_utf8();
        return Some(Value::new(from + open, from + open + length, Form::Pair));
    }
    let word = word_of(value)?;
    let left = value.get(word.len()..)?;
    let led = || {
        let before = text.get(..start).map(|before| end_of(before, 16).to_ascii_lowercase());
        (blank > 0 || !free) && before.is_some_and(|before| LEADS.iter().any(|lead| before.ends_with(lead)))
    };
    let plain = strong && is_word(word) && !word.chars().any(is_wide) && !word.contains('/');
    let plain = plain && (bound.is_some() || (sign.is_some() && ends(left)) || led());
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

/// The word that begins here; `None` for what stands for a secret already, as `‹access token 3f9a12›` does.
pub(super) fn word_of(value: &str) -> Option<&str> {
    let stop = |c: char| c.is_whitespace() || "\"'`,;<>\\)]}&|，。；、”」』（）".contains(c);
    let length = value.find(stop).unwrap_or(value.len());
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
    let first = lower.split(' ').next().unwrap_or_default().trim_end_matches(['.', ',', ':']);
    let says = STATES.split(' ').any(|state| state == first);
    word.chars().count() >= MIN_WORD && !is_nothing(word) && !says && named(word).is_none()
}

#[cfg(test)]
mod tests {
    use crate::secret::Redactor;

    /// `@` stands for the secret.
    const SENTENCES: [&str; 30] = [
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
        ] {
            assert_eq!(Redactor::new().clean(sentence), sentence);
            assert_eq!(Redactor::keyed().clean(sentence), sentence);
        }
    }
}
