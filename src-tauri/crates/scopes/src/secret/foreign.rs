//! Names outside plain ASCII words: those of other languages, those in full-width letters, and the last of a path of names.

use super::kind::SecretKind;
use super::names::{Named, named};
use super::value::{end_of, start_of};

/// Longest name outside ASCII, in bytes.
const MAX_NAME: usize = 96;

/// Names in other scripts, and those of two words, in lower case; with whether they have other uses. Names of one word in
/// Latin letters are looked up without their accents.
const FOREIGN: &[(&str, bool)] = &[
    ("密码", false),
    ("密碼", false),
    ("口令", false),
    ("密钥", false),
    ("密鑰", false),
    ("密匙", false),
    ("私钥", false),
    ("私鑰", false),
    ("令牌", true),
    ("凭证", true),
    ("凭据", true),
    ("验证码", false),
    ("驗證碼", false),
    ("パスワード", false),
    ("秘密鍵", false),
    ("暗証番号", false),
    ("비밀번호", false),
    ("암호", false),
    ("пароль", false),
    ("секрет", false),
    ("ключ", true),
    ("clé secrète", false),
    ("mật khẩu", false),
];

/// Letters with their accents, and without.
const ACCENTS: [(&str, char); 14] = [
    ("àáâãäåāăą", 'a'),
    ("çćč", 'c'),
    ("ďđ", 'd'),
    ("èéêëēęě", 'e'),
    ("ğ", 'g'),
    ("ìíîïīı", 'i'),
    ("łľ", 'l'),
    ("ñńň", 'n'),
    ("òóôõöøő", 'o'),
    ("ř", 'r'),
    ("śşšș", 's'),
    ("ťțţ", 't'),
    ("ùúûüūůű", 'u'),
    ("ýÿźżž", 'z'),
];

/// A name at this place that is not ASCII: one of another language, or one in full-width letters. Where it begins and
/// ends, and what it says.
pub(super) fn name(text: &str, at: usize) -> Option<(usize, usize, Named)> {
    let rest = start_of(text.get(at..)?, MAX_NAME);
    // `X-密码`
    let ascii = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let lead = rest.bytes().take_while(ascii).count();
    // Neither a sign nor a letter of another kind: `…`, `‹`.
    if !beyond_ascii(rest.get(lead..)?) {
        return None;
    }
    let found =
        in_list(rest).or_else(|| in_list(rest.get(lead..)?).map(|(length, weak)| (lead + length, weak)));
    if let Some((length, weak)) = found {
        let (start, end) = quoted_around(text, at, at + length).unwrap_or((at, at + length));
        let kind = SecretKind::Password;
        return Some((start, end, if weak { Named::weak(kind) } else { Named::strong(kind) }));
    }
    let plain: String = rest.chars().map_while(folded).flatten().collect();
    let length: usize = rest.chars().take_while(|c| folded(*c).is_some()).map(char::len_utf8).sum();
    (length > plain.len()).then(|| named(&plain)).flatten().map(|name| (at, at + length, name))
}

/// What a whole name says, in any script.
pub(super) fn said(text: &str) -> Option<Named> {
    if text.is_ascii() {
        return named(text);
    }
    let at_any = || text.char_indices().find_map(|(at, _)| name(text, at));
    name(text, 0).or_else(at_any).map(|(_, _, name)| name)
}

/// Whether a text begins with a letter or with an accent of the letter before.
fn beyond_ascii(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c))
}

/// The length of the name of the list at the start of a text, and whether it has other uses.
fn in_list(text: &str) -> Option<(usize, bool)> {
    FOREIGN.iter().find_map(|(name, weak)| Some((begins(text, name)?, *weak)))
}

/// Length of a name in lower case at the start of a text in any case.
fn begins(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in name.chars() {
        let c = rest.next()?;
        if c != expected && !c.to_lowercase().eq(std::iter::once(expected)) {
            return None;
        }
    }
    Some(text.len() - rest.as_str().len())
}

/// The whole text between quotes in which a name is a part: `"用户密码"`, `"密码1"`.
fn quoted_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let of_name = |c: &char| c.is_alphanumeric() || "_-".contains(*c);
    let before = end_of(text.get(..start)?, MAX_NAME);
    let lead: usize = before.chars().rev().take_while(of_name).map(char::len_utf8).sum();
    let rest = start_of(text.get(end..)?, MAX_NAME);
    let tail: usize = rest.chars().take_while(of_name).map(char::len_utf8).sum();
    let quote = |c: char| matches!(c, '"' | '\'' | '\\');
    let opens = text.get(..start - lead)?.ends_with(quote);
    let close = rest.get(tail..)?.trim_start_matches('\\').strip_prefix(['"', '\'']);
    let closes = close.is_some_and(|rest| tail == 0 || rest.trim_start().starts_with(':'));
    (opens && closes).then_some((start - lead, end + tail))
}

/// A character of a name in its ASCII form: full-width letters (Unicode block Halfwidth and Fullwidth Forms), letters with
/// accents, also where the accent is a character of its own. `None`: no character of a name.
fn folded(c: char) -> Option<Option<char>> {
    let plain = match u32::from(c) {
        0x0300..=0x036F => return Some(None),
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0)?,
        0x00C0..=0x024F => {
            let lower = c.to_lowercase().next()?;
            ACCENTS.iter().find(|(letters, _)| letters.contains(lower)).map(|(_, plain)| *plain)?
        }
        _ => c,
    };
    (plain.is_ascii_alphanumeric() || plain == '_' || plain == '-').then_some(Some(plain))
}

/// The path of names in which a name is the last: of `a[b][token]=x` and `user.password=x` what stands before it and what
/// follows it. `None` where it is alone.
pub(super) fn path_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let after = text.get(end..)?;
    let mut close = 0;
    let bytes = after.as_bytes();
    let before = text.get(..start)?;
    let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b"_-[].$".contains(&byte);
    let lead = before.bytes().rev().take(64).take_while(|byte| in_path(*byte)).count();
    let opened = before.get(before.len() - lead..)?.contains('[');
    let inside = opened && before.ends_with(['[', '.']) && bytes.first() == Some(&b']');
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
    Some((start - lead, end + close))
}
