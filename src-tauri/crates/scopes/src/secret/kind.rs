//! What a secret is, told by its name or its form (contract, preamble and §1).

use crate::exchange::base64;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher as _};
use std::sync::OnceLock;

/// What a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// An OAuth access token, or an opaque token nobody knows more about.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// A personal access token of Prism.
    PersonalAccessToken,
    /// Prism's own signed sign-in token.
    SignInToken,
    /// An OpenID identity token.
    IdToken,
    /// Three dot-separated parts whose claims cannot be read: of which kind it is, nobody can say.
    SignedToken,
    /// An authorization code.
    Code,
    /// A PKCE code verifier.
    CodeVerifier,
    /// A client secret.
    ClientSecret,
    /// Client id and secret of a `Basic` header.
    ClientCredentials,
    /// A password of a person.
    Password,
    /// A cookie.
    Cookie,
    /// Any other secret.
    Other,
}

const WORDS: [(SecretKind, &str); 13] = [
    (SecretKind::AccessToken, "access token"),
    (SecretKind::RefreshToken, "refresh token"),
    (SecretKind::PersonalAccessToken, "personal access token"),
    (SecretKind::SignInToken, "sign-in token"),
    (SecretKind::IdToken, "id token"),
    (SecretKind::SignedToken, "signed token"),
    (SecretKind::Code, "code"),
    (SecretKind::CodeVerifier, "code verifier"),
    (SecretKind::ClientSecret, "client secret"),
    (SecretKind::ClientCredentials, "client credentials"),
    (SecretKind::Password, "password"),
    (SecretKind::Cookie, "cookie"),
    (SecretKind::Other, "secret"),
];

impl SecretKind {
    /// The words a placeholder shows.
    #[must_use]
    pub fn words(self) -> &'static str {
        WORDS.iter().find(|(kind, _)| *kind == self).map_or("secret", |(_, words)| words)
    }

    /// The kind a credential shows by its own form; opaque tokens look alike and count as access tokens.
    #[must_use]
    pub fn of_value(value: &str) -> Self {
        if let Some(kind) = placeholder_kind(value) {
            return kind;
        }
        if value.starts_with("prism_pat_") {
            return Self::PersonalAccessToken;
        }
        match jwt_claims(value) {
            // An access token in the same form says what it may do, or for which client.
            Some(claims) if claims.get("scope").is_some() || claims.get("client_id").is_some() => {
                Self::AccessToken
            }
            Some(claims) if claims.get("aud").is_some() || claims.get("nonce").is_some() => Self::IdToken,
            Some(_) => Self::SignInToken,
            None if is_three_parts(value) => Self::SignedToken,
            None => Self::AccessToken,
        }
    }
}

/// Whether the text has the three dot-separated parts of a signed token.
pub(crate) fn is_three_parts(value: &str) -> bool {
    let parts: Vec<&str> = value.split('.').collect();
    let fine = |part: &&str| part.len() > 3 && part.bytes().all(is_token_byte);
    parts.len() == 3 && parts.iter().all(fine)
}

/// The claims of a signed token; the signature is not looked at.
pub(crate) fn jwt_claims(value: &str) -> Option<serde_json::Value> {
    if !is_three_parts(value) {
        return None;
    }
    let claims = base64::decode(value.split('.').nth(1)?)?;
    serde_json::from_slice(&claims).ok().filter(serde_json::Value::is_object)
}

/// The characters of base64url, of which every token here is made.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The kind inside a placeholder such as `‹access token 3f9a12›`. `None`: not a placeholder.
#[must_use]
pub fn placeholder_kind(text: &str) -> Option<SecretKind> {
    let inner = text.trim().strip_prefix('‹')?.strip_suffix('›')?;
    let words = inner.rsplit_once(' ').filter(|(_, last)| is_mark(last)).map_or(inner, |(words, _)| words);
    WORDS.iter().find(|(_, known)| *known == words).map(|(kind, _)| *kind)
}

/// Whether a word may end a placeholder: a fingerprint, a number, or the name of a variable. Anything else is text of
/// somebody else, and may be a secret.
fn is_mark(word: &str) -> bool {
    match word.strip_prefix('$') {
        Some(name) => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
        None => {
            word.len() <= 16
                && word.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        }
    }
}

/// What stands for a secret: its kind and a fingerprint that is the same for the same value within this process only.
pub(super) fn placeholder(kind: SecretKind, value: &str) -> String {
    static KEY: OnceLock<RandomState> = OnceLock::new();
    let print = fingerprint(KEY.get_or_init(RandomState::new), value);
    format!("‹{} {:06x}›", kind.words(), print & 0x00ff_ffff)
}

/// The same under a key of one's own. It stands for the value wherever the text goes, so that it is long enough for two
/// values never to look alike.
pub(super) fn placeholder_under(key: &RandomState, kind: SecretKind, value: &str) -> String {
    format!("‹{} {:016x}›", kind.words(), fingerprint(key, value))
}

fn fingerprint(key: &RandomState, value: &str) -> u64 {
    let mut hasher = key.build_hasher();
    hasher.write(value.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_keep_the_kind_and_match_for_one_value() {
        for (kind, _) in WORDS {
            let shown = placeholder(kind, "v");
            assert_eq!(placeholder_kind(&shown), Some(kind));
            assert_eq!(shown, placeholder(kind, "v"));
        }
        assert_ne!(placeholder(SecretKind::Code, "a"), placeholder(SecretKind::Code, "b"));
    }

    #[test]
    fn forms_are_told_apart() {
        let session = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
        let id = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln";
        assert_eq!(SecretKind::of_value("prism_pat_x"), SecretKind::PersonalAccessToken);
        assert_eq!(SecretKind::of_value(session), SecretKind::SignInToken);
        assert_eq!(SecretKind::of_value(id), SecretKind::IdToken);
        assert_eq!(SecretKind::of_value("a.b.c"), SecretKind::AccessToken);
        // {"scope":"x"}
        assert_eq!(
            SecretKind::of_value("eyJhbGciOiJIUzI1NiJ9.eyJzY29wZSI6IngifQ.c2ln"),
            SecretKind::AccessToken
        );
        assert_eq!(SecretKind::of_value("eyJhb.bm90IGpzb24.c2ln"), SecretKind::SignedToken);
    }
}
