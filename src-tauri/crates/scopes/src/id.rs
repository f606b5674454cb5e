//! Identifiers, parsed once.
//!
//! A client id, an internal app id, a user id and a team id are all plain text on the wire and are mixed up easily:
//! Prism takes any of them for any other without a word (contract §4). Here each is a type of its own.

mod words;

use serde::{Deserialize, Serialize};

pub use words::client_id_problem;

/// What the client ids of an authorization server look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientIdForm {
    /// What every client id starts with, e.g. `prism_`.
    pub prefix: String,
    /// How many base64url characters follow.
    pub length: usize,
}

impl ClientIdForm {
    /// The form of Prism's client ids: `prism_` and 22 base64url characters (contract, introduction).
    #[must_use]
    pub fn prism() -> Self {
        Self { prefix: "prism_".into(), length: 22 }
    }
}

/// What is the matter with an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdMistake {
    /// Nothing was given.
    Empty,
    /// A blank, tab or line break in front or behind.
    BlankAround,
    /// A blank, tab or line break inside.
    BlankInside,
    /// Quotation marks were copied along.
    Quoted,
    /// An invisible character: zero width, direction mark or control character.
    Invisible,
    /// 32 hex digits where a client id is wanted: the internal id of a client, a person or a team.
    InternalId,
    /// A client id where an internal id is wanted.
    ClientIdInstead,
    /// A whole scope (`app:…`) or an address instead of the id alone.
    NotAlone,
    /// A personal access token or other secret was pasted.
    Credential,
    /// It does not start as this kind of id does.
    WrongStart,
    /// Starts right, but is too short or too long: an example, or cut off.
    WrongLength,
    /// A character that this kind of id never has.
    WrongCharacter,
}

impl IdMistake {
    /// Stable last part of the problem code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::BlankAround => "blank_around",
            Self::BlankInside => "blank_inside",
            Self::Quoted => "quoted",
            Self::Invisible => "invisible_character",
            Self::InternalId => "internal_id",
            Self::ClientIdInstead => "client_id_instead",
            Self::NotAlone => "not_alone",
            Self::Credential => "credential",
            Self::WrongStart => "wrong_start",
            Self::WrongLength => "wrong_length",
            Self::WrongCharacter => "wrong_character",
        }
    }

    /// Whether the text can still be an identifier of some other deployment, so that a warning is enough.
    #[must_use]
    pub fn is_only_odd(self) -> bool {
        matches!(self, Self::WrongStart | Self::WrongLength)
    }
}

impl std::fmt::Display for IdMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for IdMistake {}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it goes on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdMistake;
            fn try_from(text: &str) -> Result<Self, IdMistake> {
                $check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdMistake;
            fn try_from(text: String) -> Result<Self, IdMistake> {
                Self::try_from(text.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.try_into().map_err(serde::de::Error::custom)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id_type!(
    /// A client id at Prism: `prism_` and 22 base64url characters, which may hold `-` and `_`.
    ClientId,
    |text: &str| check_client_id(text, &ClientIdForm::prism())
);
id_type!(
    /// The internal id of a client at Prism, the one in `/api/apps/:id`: 32 hex digits.
    AppId,
    check_hex_id
);
id_type!(
    /// A person's id at Prism, the `sub` of introspection: 32 hex digits.
    UserId,
    check_hex_id
);
id_type!(
    /// A team's id at Prism: 32 hex digits.
    TeamId,
    check_hex_id
);

/// Looks a client id over.
///
/// # Errors
/// The first mistake found; see [`IdMistake::is_only_odd`] for those a warning is enough for.
pub fn check_client_id(text: &str, form: &ClientIdForm) -> Result<(), IdMistake> {
    check_surroundings(text)?;
    if is_hex_id(text) {
        return Err(IdMistake::InternalId);
    }
    if text.starts_with("prism_pat_") || text.matches('.').count() == 2 {
        return Err(IdMistake::Credential);
    }
    let Some(rest) = text.strip_prefix(form.prefix.as_str()) else {
        return Err(if text.chars().all(is_base64url) {
            IdMistake::WrongStart
        } else {
            IdMistake::WrongCharacter
        });
    };
    if !rest.chars().all(is_base64url) {
        return Err(IdMistake::WrongCharacter);
    }
    if rest.len() == form.length { Ok(()) } else { Err(IdMistake::WrongLength) }
}

/// Looks an internal id over: 32 hex digits in lower case.
///
/// # Errors
/// The first mistake found.
pub fn check_hex_id(text: &str) -> Result<(), IdMistake> {
    check_surroundings(text)?;
    if is_hex_id(text) {
        return Ok(());
    }
    Err(if text.starts_with("prism_pat_") {
        IdMistake::Credential
    } else if text.starts_with("prism_") {
        IdMistake::ClientIdInstead
    } else if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        if text.len() == 32 { IdMistake::WrongCharacter } else { IdMistake::WrongLength }
    } else {
        IdMistake::WrongStart
    })
}

/// Whether a text is 32 hex digits in lower case, the form of Prism's internal ids.
#[must_use]
pub fn is_hex_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_base64url(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

fn check_surroundings(text: &str) -> Result<(), IdMistake> {
    let inner = text.trim();
    if inner.is_empty() {
        return Err(IdMistake::Empty);
    }
    if inner.len() != text.len() {
        return Err(IdMistake::BlankAround);
    }
    if text.chars().any(|c| crate::text::invisible(c).is_some() && !c.is_whitespace()) {
        return Err(IdMistake::Invisible);
    }
    if text.contains(char::is_whitespace) {
        return Err(IdMistake::BlankInside);
    }
    let quotes = ['"', '\'', '`', '“', '”', '‘', '’', '「', '」', '<', '>'];
    if text.starts_with(quotes) || text.ends_with(quotes) {
        return Err(IdMistake::Quoted);
    }
    if text.contains([':', '/', '?', '&', '=', ',']) {
        return Err(IdMistake::NotAlone);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_from_the_others() {
        assert!(ClientId::try_from("prism_6wsjw653PfFYk7GOq6wuSQ").is_ok());
        assert!(ClientId::try_from("prism_4Kg-r67d_NcD72Kg9XU1Fg").is_ok());
        assert!(UserId::try_from("ff5327c922d16d9ca05bd28b4aac10ad").is_ok());
        assert_eq!(UserId::try_from("prism_4Kg-r67d_NcD72Kg9XU1Fg"), Err(IdMistake::ClientIdInstead));
        assert_eq!(AppId::try_from("bob"), Err(IdMistake::WrongStart));
        assert_eq!(TeamId::try_from("ff5327"), Err(IdMistake::WrongLength));
    }

    #[test]
    fn each_mistake_with_a_client_id_has_its_own_name() {
        let mistake = |text| ClientId::try_from(text).expect_err(text).code();
        assert_eq!(mistake(""), "empty");
        assert_eq!(mistake("  "), "empty");
        assert_eq!(mistake(" prism_6wsjw653PfFYk7GOq6wuSQ"), "blank_around");
        assert_eq!(mistake("prism_6wsjw653PfFYk7GOq6wuSQ\n"), "blank_around");
        assert_eq!(mistake("prism_6wsjw653 PfFYk7GOq6wuSQ"), "blank_inside");
        assert_eq!(mistake("\"prism_6wsjw653PfFYk7GOq6wuSQ\""), "quoted");
        assert_eq!(mistake("prism_6wsjw653PfFY\u{200b}k7GOq6wuSQ"), "invisible_character");
        assert_eq!(mistake("052877d243367e69e10b707373ddb44b"), "internal_id");
        assert_eq!(mistake("app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos"), "not_alone");
        assert_eq!(mistake("prism_pat_aaaaaaaaaaaaaaaaaaaaaaaaa"), "credential");
        assert_eq!(mistake("glint"), "wrong_start");
        assert_eq!(mistake("prism_abc123"), "wrong_length");
        assert_eq!(mistake("prism_6wsjw653PfFYk7GOq6wuS$"), "wrong_character");
    }
}
