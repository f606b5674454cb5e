//! Secrets in sentences: `password is x`, `wrong passphrase "x"`, `密码：x`; and names outside ASCII.

use super::find::is_nothing;
use super::names::{Named, named};
use super::random::is_secret;
use super::value::{Form, Value, start_of};

/// Longest secret of a sentence, and longest name outside ASCII, in bytes.
const MAX_VALUE: usize = 256;
const MAX_NAME: usize = 96;
/// Shortest plain word that counts as a secret.
const MIN_WORD: usize = 4;

/// Words between a name and its secret.
const BINDS: [&str; 9] = ["is ", "was ", "ist ", "war ", "est ", "era ", "是", "为", "為"];

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

/// Words behind the name of a secret that say what is wrong with it.
const STATES: &[&str] = &[
    "missing",
    "required",
    "invalid",
    "expired",
    "unknown",
    "revoked",
    "wrong",
    "empty",
    "incorrect",
    "mismatch",
    "disabled",
    "unset",
    "must",
    "should",
    "cannot",
    "could",
    "does",
    "expected",
    "string",
    "number",
    "null",
    "undefined",
    "none",
    "true",
    "false",
    "rejected",
    "refused",
    "denied",
    "valid",
    "correct",
    "never",
    "already",
    "being",
    "bound",
    "only",
    "weak",
    "short",
    "long",
    "stored",
    "sent",
    "used",
    "changed",
    "reset",
    "needed",
    "optional",
    "allowed",
    "forbidden",
    "blocked",
    "inactive",
    "active",
    "malformed",
    "given",
    "found",
    "absent",
    "accepted",
    "compromised",
    "blank",
    "the",
    "this",
    "that",
    "your",
    "their",
    "from",
    "with",
    "written",
    "named",
    "object",
    "shown",
    "kept",
    "replaced",
    "redacted",
    "hidden",
    "unchanged",
    "different",
    "public",
    "supported",
    "unsupported",
    "deprecated",
    "issued",
    "managed",
    "checked",
    "verified",
    "configured",
    "protected",
    "encrypted",
    "hashed",
    "available",
    "unavailable",
    "also",
    "still",
    "still",
    "what",
    "when",
    "where",
    "which",
    "required_field",
];

/// Names outside ASCII, with whether they have other uses.
const FOREIGN: [(&str, bool); 16] = [
    ("密码", false),
    ("密碼", false),
    ("口令", false),
    ("密钥", false),
    ("密鑰", false),
    ("私钥", false),
    ("令牌", true),
    ("凭证", true),
    ("凭据", true),
    ("验证码", false),
    ("パスワード", false),
    ("비밀번호", false),
    ("пароль", false),
    ("contraseña", false),
    ("Contraseña", false),
    ("clé secrète", false),
];

/// A name at this place that is not ASCII: one of another language, or one in full-width letters. Where it ends, and what it
/// says.
pub(super) fn foreign(text: &str, at: usize) -> Option<(usize, Named)> {
    let rest = start_of(text.get(at..)?, MAX_NAME);
    let kind = super::kind::SecretKind::Password;
    if let Some((name, weak)) = FOREIGN.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((at + name.len(), Named { kind, weak: *weak }));
    }
    let plain: String = rest.chars().map_while(folded).collect();
    let length: usize = rest.chars().take_while(|c| folded(*c).is_some()).map(char::len_utf8).sum();
    (length > plain.len()).then(|| named(&plain)).flatten().map(|name| (at + length, name))
}

/// A character of a name in its ASCII form (NFKC of full-width letters, Unicode block Halfwidth and Fullwidth Forms).
fn folded(c: char) -> Option<char> {
    let plain = match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0)?,
        _ => c,
    };
    (plain.is_ascii_alphanumeric() || plain == '_' || plain == '-').then_some(plain)
}

/// The secret of a sentence behind a name that ends at `end`.
pub(super) fn value(text: &str, end: usize, weak: bool) -> Option<Value> {
    let rest = start_of(text.get(end..)?, MAX_VALUE);
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    let after = rest.get(blank..)?;
    let bind = BINDS.iter().find(|bind| after.starts_with(**bind)).map(|bind| bind.len());
    let sign = after.chars().next().filter(|c| matches!(c, ':' | '：' | '=' | '＝')).map(char::len_utf8);
    let bound = bind.or(sign);
    let value = after.get(bound.unwrap_or(0)..)?;
    let value = value.trim_start_matches(' ');
    if bound.is_none() && blank == 0 && after.is_ascii() {
        return None;
    }
    let from = end + rest.len() - value.len();
    if let Some((_, close)) = QUOTES.iter().find(|(open, _)| value.starts_with(*open)) {
        // A quote right behind a sign is a value of code or JSON, which is looked at elsewhere.
        let open = value.chars().next()?.len_utf8();
        let inner = value.get(open..)?;
        let length = inner.find(*close)?;
        let word = inner.get(..length)?;
        let fine = !word.contains(['\n', ':', '{', '\\']) && is_word(word) && (!weak || is_secret(word));
        return fine.then(|| Value::new(from + open, from + open + length, Form::Pair));
    }
    let stop = |c: char| c.is_whitespace() || "\"'`,;<>\\)]}&|，。；、”」』（）".contains(c);
    let length = value.find(stop).unwrap_or(value.len());
    let word = value.get(..length)?.trim_end_matches(['.', '!', '?', ':', '…']);
    let plain = !weak && bound.is_some() && is_word(word) && word.is_ascii() && !word.contains('/');
    let plain = plain && (bind.is_some() || ends(value.get(word.len()..)?));
    // `‹access token 3f9a12›` is what stands for a secret.
    if word.contains('‹') || value.get(word.len()..)?.starts_with('›') || word.ends_with('›') {
        return None;
    }
    let sure = word.len() >= 6 && is_secret(word) && !word.contains(['(', '{', '[', '=']);
    (plain || sure).then(|| Value::new(from, from + word.len(), Form::Pair))
}

/// Whether a sentence or a line ends here.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['.', ' ', '"', '\'', ')', '!', '\r']);
    rest.is_empty() || rest.starts_with(['\n', ',', ';', '\\', '}', '。', '，'])
}

/// Whether a word may be a secret: it says nothing about the secret itself, and names none.
fn is_word(word: &str) -> bool {
    let lower = word.trim().to_ascii_lowercase();
    let first = lower.split(' ').next().unwrap_or_default();
    word.chars().count() >= MIN_WORD && !is_nothing(word) && !STATES.contains(&first) && named(word).is_none()
}

/// The path of names in which a name is the last: of `a[b][token]=x` and `user.password=x` what stands before it and what
/// follows it. `None` where it is alone.
pub(super) fn path_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let after = text.get(end..)?;
    let mut close = 0;
    let bytes = after.as_bytes();
    let before = text.get(..start)?;
    let inside = before.ends_with('[') && bytes.first() == Some(&b']');
    if inside {
        close = 1;
    }
    // `pin[]`, `password[new]`
    while bytes.get(close) == Some(&b'[') {
        let length = after.get(close..)?.bytes().take(32).position(|byte| byte == b']')?;
        let key = after.get(close + 1..close + length)?;
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
            break;
        }
        close += length + 1;
    }
    let dotted = before.ends_with('.');
    if close == 0 && !dotted {
        return None;
    }
    let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"_-[].$".contains(&byte);
    let lead = before.bytes().rev().take(64).take_while(|byte| in_path(*byte)).count();
    Some((start - lead, end + close))
}
