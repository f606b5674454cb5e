//! Names of members, fields, parameters and headers that hold a secret.

mod lists;

use super::kind::SecretKind;
use lists::{BOUND, ENDINGS, FLAGS, LONG, NAMES, NOT_SECRET, WEAK, WEAK_ENDINGS, WEAK_LONG, WHICH};
use std::sync::LazyLock;

/// Which last two letters a known word has.
static TAILS: LazyLock<[bool; LETTERS * LETTERS]> = LazyLock::new(|| {
    let mut tails = [false; LETTERS * LETTERS];
    let lists = [NAMES, ENDINGS, WEAK, &WEAK_LONG, &BOUND, &WEAK_ENDINGS];
    let names = lists.into_iter().flatten().map(|(name, _)| *name);
    for at in names.chain(WHICH).filter_map(|name| tail(name.as_bytes())) {
        if let Some(known) = tails.get_mut(at) {
            *known = true;
        }
    }
    tails
});
const LETTERS: usize = 26;

/// The place of the last two letters in [`TAILS`].
fn tail(plain: &[u8]) -> Option<usize> {
    let [.., first, second] = plain else { return None };
    let letter = |byte: u8| byte.is_ascii_lowercase().then(|| usize::from(byte - b'a'));
    Some(letter(*first)? * LETTERS + letter(*second)?)
}

/// What a name says about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    /// The kind of secret.
    pub(super) kind: SecretKind,
    /// The name has other uses as well (`code` of an error): the form of the value decides.
    pub(super) weak: bool,
    /// Only where syntax binds the value to the name (`pass=x`): in a sentence the word has other uses.
    pub(super) bound: bool,
    /// Shortest value that counts under a weak name, in bytes.
    pub(super) least: usize,
}

impl Named {
    /// A name that holds nothing but secrets.
    pub(super) const fn strong(kind: SecretKind) -> Self {
        Self { kind, weak: false, bound: false, least: 0 }
    }

    /// A name with other uses.
    pub(super) const fn weak(kind: SecretKind) -> Self {
        Self { kind, weak: true, bound: false, least: 0 }
    }
}

/// Longest name that is looked at, in bytes without separators.
const MAX_NAME: usize = 48;

/// A name in lower case without separators, and where its words begin.
struct Plain {
    buffer: [u8; MAX_NAME],
    length: usize,
    /// Bit `n`: a word begins at byte `n`.
    begins: u64,
}

impl Plain {
    fn of(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME + 12 || name.len() < 2 {
            return None;
        }
        let mut plain = Self { buffer: [0_u8; MAX_NAME], length: 0, begins: 0 };
        let mut before = b'-';
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() {
                let begins = !before.is_ascii_alphanumeric()
                    || (before.is_ascii_lowercase() && byte.is_ascii_uppercase());
                *plain.buffer.get_mut(plain.length)? = byte.to_ascii_lowercase();
                plain.begins |= u64::from(begins) << plain.length;
                plain.length += 1;
            }
            before = byte;
        }
        Some(plain)
    }

    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    /// Whether the name ends in these words.
    fn ends_in(&self, words: &str) -> bool {
        let Some(at) = self.length.checked_sub(words.len()) else { return false };
        self.begins >> at & 1 == 1 && self.bytes().ends_with(words.as_bytes())
    }

    /// Whether the name says something about a secret.
    fn is_flag(&self) -> bool {
        let second = (self.begins & !1).trailing_zeros() as usize;
        let first = self.bytes().get(..second.min(self.length)).unwrap_or_default();
        FLAGS.iter().any(|flag| flag.as_bytes() == first)
    }

    /// The name without what says which of several values it is: digits at its end, or one last word.
    fn without_which(&self) -> Option<Self> {
        let digits = self.bytes().iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let word = || WHICH.iter().find(|word| word.len() < self.length && self.ends_in(word));
        let cut = if digits > 0 { digits } else { word()?.len() };
        Some(Self { length: self.length.checked_sub(cut).filter(|left| *left > 1)?, ..*self })
    }

    /// Whether the last two letters are those of any known word: most words of a text end here.
    fn may_be(&self) -> bool {
        let plain = self.bytes();
        if plain.last().is_some_and(u8::is_ascii_digit) {
            return true;
        }
        let known = |plain: &[u8]| tail(plain).is_some_and(|at| TAILS.get(at).copied().unwrap_or(false));
        known(plain) || plain.strip_suffix(b"s").is_some_and(known)
    }

    /// The name without the `X-` of a header.
    fn without_x(&self) -> Option<Self> {
        let rest = self.bytes().strip_prefix(b"x").filter(|_| self.begins >> 1 & 1 == 1)?;
        let mut buffer = [0_u8; MAX_NAME];
        buffer.get_mut(..rest.len())?.copy_from_slice(rest);
        Some(Self { buffer, length: rest.len(), begins: self.begins >> 1 })
    }

    /// What the name says by itself, whatever words it has.
    fn whole(&self) -> Option<Named> {
        let plain = self.bytes();
        let is = |list: &[(&str, SecretKind)]| {
            list.iter().find(|(known, _)| known.as_bytes() == plain).map(|(_, kind)| *kind)
        };
        let ends = |list: &[(&str, SecretKind)]| {
            list.iter().find(|(known, _)| plain.ends_with(known.as_bytes())).map(|(_, kind)| *kind)
        };
        // `passwords` and `apiKeys` are lists of secrets.
        let one = plain.strip_suffix(b"s").unwrap_or(plain);
        let several =
            || ENDINGS.iter().find(|(known, _)| one.ends_with(known.as_bytes())).map(|(_, kind)| *kind);
        let strong = is(NAMES).or_else(|| ends(ENDINGS)).or_else(several);
        let bound = || is(&BOUND).map(|kind| Named { bound: true, ..Named::strong(kind) });
        let long = || is(&WEAK_LONG).map(|kind| Named { least: LONG, ..Named::weak(kind) });
        let weak = || is(WEAK).or_else(|| ends(&WEAK_ENDINGS)).map(Named::weak);
        strong.map(Named::strong).or_else(bound).or_else(long).or_else(weak)
    }

    /// What its last words say.
    fn last_words(&self) -> Option<Named> {
        if self.is_one_word() {
            return None;
        }
        let ends = |list: &[(&str, SecretKind)]| {
            list.iter().find(|(known, _)| self.ends_in(known)).map(|(_, kind)| *kind)
        };
        let found = ends(NAMES).map(Named::strong);
        let bound = || ends(&BOUND).map(|kind| Named { bound: true, ..Named::strong(kind) });
        found
            .or_else(bound)
            .or_else(|| ends(&WEAK_LONG).map(|kind| Named { least: LONG, ..Named::weak(kind) }))
    }

    fn is_one_word(&self) -> bool {
        self.begins == 1
    }

    fn is_not_secret(&self) -> bool {
        NOT_SECRET.iter().any(|known| known.as_bytes() == self.bytes())
    }
}

/// What a member, field, parameter or header of this name holds, in any spelling (`client_secret`, `clientSecret`,
/// `Client-Secret`).
pub(super) fn named(name: &str) -> Option<Named> {
    let plain = Plain::of(name).filter(|plain| plain.may_be() && !plain.is_not_secret())?;
    let by_words = || plain.last_words().filter(|_| !plain.is_flag());
    let which = || {
        let fewer = plain.without_which()?;
        let found = fewer.whole().or_else(|| fewer.last_words()).filter(|_| !fewer.is_flag())?;
        (!found.weak).then_some(found)
    };
    match plain.whole() {
        Some(found) if !found.weak => Some(found),
        weak => by_words().or(weak).or_else(which).or_else(|| plain.without_x()?.whole()),
    }
}

/// Whether a value is the name of a secret and none itself.
pub(super) fn is_name(value: &str) -> bool {
    let says = |plain: Plain| plain.may_be() && !plain.is_not_secret() && plain.whole().is_some();
    value.len() > 2 && Plain::of(value).is_some_and(says)
}

/// Whether a name holds a value that is public although it looks random.
pub(super) fn is_public(name: &str) -> bool {
    ["client_id", "clientId", "kid", "consumer", "code_challenge"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_spelling() {
        for name in ["client_secret", "clientSecret", "Client-Secret", "CLIENT_SECRET"] {
            assert_eq!(named(name).unwrap().kind, SecretKind::ClientSecret, "{name}");
        }
        for name in [
            "passphrase",
            "pwd",
            "otp",
            "private_key",
            "secretKey",
            "AWS_SECRET_ACCESS_KEY",
            "dbPassword",
            "X-Api-Key",
            "connection_string",
            "prism_client_secret",
            "webhook_secret",
            "passwords",
            "_authToken",
            "ConvertTo-SecureString",
        ] {
            assert!(!named(name).unwrap().weak, "{name}");
        }
        for name in ["sig", "key", "X-Key", "sid", "reset_token", "code", "state"] {
            assert!(named(name).unwrap().weak, "{name}");
        }
        for name in [
            "X-Otp",
            "X-TOTP",
            "X-OTP-Code",
            "mfaPin",
            "user_pin",
            "X-Recovery-Code",
            "pw",
            "password2",
            "password_confirmation",
            "newPin",
            "JSESSIONID",
            "PHPSESSID",
        ] {
            assert_eq!(named(name).map(|named| (named.weak, named.bound)), Some((false, false)), "{name}");
        }
        for name in ["X-Pass", "X-Credential", "awsCredentials", "X-Hub-Signature-256", "DPoP", "csrf-token"]
        {
            assert_eq!(named(name).map(|named| (named.weak, named.bound)), Some((false, true)), "{name}");
        }
        for name in [
            "token_type",
            "code_challenge",
            "token_endpoint",
            "scope",
            "status",
            "",
            "keyboard",
            "next_token",
            "hasPin",
            "require_otp",
            "spin",
            "bypass",
            "error_code",
            "statement",
            "code2",
        ] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
