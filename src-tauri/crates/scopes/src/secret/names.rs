//! Names that hold secrets, and what a secret looks like where only a name speaks for it.

use super::kind::SecretKind;

/// What a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    /// The kind of secret.
    pub(super) kind: SecretKind,
    /// The name has other uses, too (`code` of an error): the value decides.
    pub(super) weak: bool,
}

const NAMES: [(&str, SecretKind); 20] = [
    ("accesstoken", SecretKind::AccessToken),
    ("refreshtoken", SecretKind::RefreshToken),
    ("idtoken", SecretKind::IdToken),
    ("idtokenhint", SecretKind::IdToken),
    ("sessiontoken", SecretKind::SignInToken),
    ("xsessiontoken", SecretKind::SignInToken),
    ("codeverifier", SecretKind::CodeVerifier),
    ("clientsecret", SecretKind::ClientSecret),
    ("prismclientsecret", SecretKind::ClientSecret),
    ("password", SecretKind::Password),
    ("currentpassword", SecretKind::Password),
    ("newpassword", SecretKind::Password),
    ("passwd", SecretKind::Password),
    ("assertion", SecretKind::Other),
    ("clientassertion", SecretKind::Other),
    ("devicecode", SecretKind::Other),
    ("totp", SecretKind::Other),
    ("totpcode", SecretKind::Other),
    ("apikey", SecretKind::Other),
    ("xapikey", SecretKind::Other),
];

const WEAK: [(&str, SecretKind); 3] =
    [("token", SecretKind::AccessToken), ("code", SecretKind::Code), ("secret", SecretKind::Other)];

/// What a member, field or parameter of this name holds, in any spelling (`client_secret`, `clientSecret`, `Client-Secret`).
pub(super) fn named(name: &str) -> Option<Named> {
    if name.len() > 24 {
        return None;
    }
    let plain: String =
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())).collect();
    let of =
        |list: &[(&str, SecretKind)]| list.iter().find(|(known, _)| *known == plain).map(|(_, kind)| *kind);
    of(&NAMES)
        .map(|kind| Named { kind, weak: false })
        .or_else(|| of(&WEAK).map(|kind| Named { kind, weak: true }))
}

/// Whether a value under a weak name is a secret and not a word such as `not_found`, `ERR_404` or `InvalidGrant`.
pub(super) fn is_secret(value: &str) -> bool {
    if value.len() < 6 || value.contains(char::is_whitespace) {
        return false;
    }
    let any = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    let mixed = any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase);
    let words = value.split(['_', '-', '.', ':']);
    let one_case = |word: &str| {
        let all = |test: fn(&u8) -> bool| word.as_bytes().iter().all(test);
        all(u8::is_ascii_lowercase) || all(u8::is_ascii_uppercase) || all(u8::is_ascii_digit)
    };
    let is_words = value.len() < 32 && value.contains(['_', '-', '.', ':']) && words.clone().all(one_case);
    !is_words && (any(u8::is_ascii_digit) || (value.len() >= 20 && mixed))
}

/// Whether a value in running text looks made by chance: what stands behind `Bearer ` or `client_secret: `.
pub(super) fn is_random(value: &str) -> bool {
    value.len() >= 8 && value.bytes().any(|byte| byte.is_ascii_alphabetic()) && is_secret(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_spelling() {
        for name in ["client_secret", "clientSecret", "Client-Secret", "CLIENT_SECRET"] {
            assert_eq!(named(name).unwrap().kind, SecretKind::ClientSecret, "{name}");
        }
        for name in ["token_type", "code_challenge", "token_endpoint", "scope", "state", "secrets", ""] {
            assert_eq!(named(name), None, "{name}");
        }
    }

    #[test]
    fn words_are_no_secrets() {
        for word in
            ["not_found", "ERR_404", "InvalidGrant", "expired", "access_denied", "edit_todos", "is required"]
        {
            assert!(!is_secret(word), "{word}");
        }
        for secret in ["ON3BVPp5UhV7SSbracPetXNO9hJQLFO", "123456", "a1b2c3d4", "xYzAbCdEfGhIjKlMnOpQ"] {
            assert!(is_secret(secret), "{secret}");
        }
    }
}
