//! Names of secrets, and the name people know the keychain by.

use scopes::lang::Lang;
use scopes::say;
use std::fmt;

/// Names one secret. Handles are random, so no two installations share a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SecretName {
    /// Connection handle.
    pub(crate) connection: String,
    /// Identity handle.
    pub(crate) identity: String,
    /// Which of its secrets.
    pub(crate) part: Part,
}

/// Which secret of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// The credential as it was pasted, or the tokens of a sign-in, which are issued together and replaced together.
    Credential,
    /// The secret of the client a sign-in belongs to; refreshing needs it.
    ClientSecret,
}

impl Part {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Credential, Self::ClientSecret];

    fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::ClientSecret => "client-secret",
        }
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.connection, self.identity, self.part.word())
    }
}

impl SecretName {
    /// The name as a file name: small letters, digits and hyphens as they are, every other byte as `_` and two digits.
    pub(super) fn file_stem(&self) -> String {
        let (connection, identity) = (encoded(&self.connection), encoded(&self.identity));
        format!("{connection}.{identity}.{}", self.part.word())
    }
}

/// No two texts share a form, on file systems that do not tell capital letters either.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            _ => format!("_{byte:02x}"),
        })
        .collect()
}

/// The name people know the system's keychain by.
pub(crate) fn keychain_name(lang: Lang) -> String {
    if cfg!(target_os = "macos") {
        say!(lang, "Keychain", "钥匙串访问")
    } else if cfg!(windows) {
        say!(lang, "Credential Manager", "凭据管理器")
    } else {
        "Secret Service".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_nowhere_else_and_is_no_one_elses() {
        let name = |connection: &str, identity: &str| {
            let (connection, identity) = (connection.to_owned(), identity.to_owned());
            SecretName { connection, identity, part: Part::Credential }.file_stem()
        };
        assert_eq!(name("c-1a2b", "i-3c4d"), "c-1a2b.i-3c4d.credential");
        assert_eq!(name("../../x", "ü"), "_2e_2e_2f_2e_2e_2fx._c3_bc.credential");
        assert_ne!(name("A", "b"), name("a", "b"));
        assert_ne!(name("a.b", "c"), name("a", "b.c"));
        assert_ne!(name("_41", "b"), name("A", "b"));
    }
}
