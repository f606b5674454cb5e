//! Names outside plain ASCII words: those of other languages, those in full-width letters, and the last of a path of names.

use super::kind::SecretKind;
use super::names::{Named, named};
use super::value::{end_of, start_of};

/// Longest name outside ASCII, in bytes.
const MAX_NAME: usize = 96;

/// Names outside ASCII, with whether they have other uses.
const FOREIGN: &[(&str, bool)] = &[
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
    ("密匙", false),
    ("秘密鍵", false),
    ("暗証番号", false),
    ("암호", false),
    ("Пароль", false),
    ("секрет", false),
    ("ключ", true),
    ("hasło", false),
    ("Hasło", false),
    ("lösenord", false),
    ("şifre", false),
    ("schlüssel", true),
    ("Schlüssel", true),
    ("mật khẩu", false),
];

/// A name at this place that is not ASCII: one of another language, or one in full-width letters. Where it begins and
/// ends, and what it says.
pub(super) fn name(text: &str, at: usize) -> Option<(usize, usize, Named)> {
    let rest = start_of(text.get(at..)?, MAX_NAME);
    let kind = SecretKind::Password;
    if let Some((name, weak)) = FOREIGN.iter().find(|(name, _)| rest.starts_with(name)) {
        let (start, end) = member_around(text, at, at + name.len()).unwrap_or((at, at + name.len()));
        return Some((start, end, Named { kind, weak: *weak }));
    }
    let plain: String = rest.chars().map_while(folded).collect();
    let length: usize = rest.chars().take_while(|c| folded(*c).is_some()).map(char::len_utf8).sum();
    (length > plain.len()).then(|| named(&plain)).flatten().map(|name| (at, at + length, name))
}

/// The whole name between quotes in which a name is a part: `"用户密码"`, `"密码1"`.
fn member_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let of_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let before = end_of(text.get(..start)?, MAX_NAME);
    let lead: usize = before.chars().rev().take_while(of_name).map(char::len_utf8).sum();
    let rest = start_of(text.get(end..)?, MAX_NAME);
    let tail: usize = rest.chars().take_while(of_name).map(char::len_utf8).sum();
    let quote = |c: char| matches!(c, '"' | '\'' | '\\');
    let opens = text.get(..start - lead)?.ends_with(quote);
    let close = rest.get(tail..)?.trim_start_matches('\\');
    let is_name = close.strip_prefix(['"', '\'']).is_some_and(|rest| rest.trim_start().starts_with(':'));
    (opens && is_name).then_some((start - lead, end + tail))
}

/// A character of a name in its ASCII form (NFKC of full-width letters, Unicode block Halfwidth and Fullwidth Forms).
fn folded(c: char) -> Option<char> {
    let plain = match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0)?,
        _ => c,
    };
    (plain.is_ascii_alphanumeric() || plain == '_' || plain == '-').then_some(plain)
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
