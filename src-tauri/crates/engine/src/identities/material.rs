//! The secrets of an identity: as they are in memory, and as one entry of the vault.

use scopes::secret::Secret;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// What makes an identity work.
#[derive(Clone)]
pub(crate) enum Material {
    /// A credential as it was pasted; for client credentials the client secret.
    Credential(Secret),
    /// The tokens of a sign-in: issued together, replaced together, kept together.
    Tokens(TokenSet),
}

/// The tokens of a sign-in.
#[derive(Clone, Deserialize)]
pub(crate) struct TokenSet {
    /// The access token.
    pub(crate) access_token: Secret,
    /// The refresh token, if there is one.
    #[serde(default)]
    pub(crate) refresh_token: Option<Secret>,
    /// The id token, if there is one.
    #[serde(default)]
    pub(crate) id_token: Option<Secret>,
    /// When the access token came, Unix seconds.
    #[serde(default)]
    pub(crate) issued_at: Option<i64>,
    /// When the access token ends, Unix seconds.
    #[serde(default)]
    pub(crate) expires_at: Option<i64>,
}

/// How tokens are written; lives only as long as it takes to make the vault entry.
#[derive(Serialize)]
struct Entry<'a> {
    access_token: &'a str,
    refresh_token: Option<&'a str>,
    id_token: Option<&'a str>,
    issued_at: Option<i64>,
    expires_at: Option<i64>,
}

impl Material {
    /// What is sent as a credential.
    pub(crate) fn credential(&self) -> &Secret {
        match self {
            Self::Credential(secret) => secret,
            Self::Tokens(tokens) => &tokens.access_token,
        }
    }

    /// The vault entry.
    pub(super) fn entry(&self) -> Secret {
        match self {
            Self::Credential(secret) => secret.clone(),
            Self::Tokens(tokens) => {
                let entry = Entry {
                    access_token: tokens.access_token.expose(),
                    refresh_token: tokens.refresh_token.as_ref().map(Secret::expose),
                    id_token: tokens.id_token.as_ref().map(Secret::expose),
                    issued_at: tokens.issued_at,
                    expires_at: tokens.expires_at,
                };
                // Text and numbers always have a JSON form.
                Secret::new(serde_json::to_string(&entry).unwrap_or_default())
            }
        }
    }

    /// Reads a vault entry; `None` when it is not what this identity put there.
    pub(super) fn read(entry: &Secret, tokens: bool) -> Option<Self> {
        if tokens {
            serde_json::from_str(entry.expose()).ok().map(Self::Tokens)
        } else {
            Some(Self::Credential(entry.clone()))
        }
    }
}

/// What was loaded of an identity's secrets. Erased when dropped or emptied.
#[derive(Default)]
pub(crate) struct Cache {
    material: Mutex<Option<Material>>,
    /// Held by whoever loads or refreshes: one at a time.
    pub(super) gate: tokio::sync::Mutex<()>,
}

impl Cache {
    /// A cache that holds the secrets already.
    pub(crate) fn filled(material: Material) -> Self {
        Self { material: Mutex::new(Some(material)), gate: tokio::sync::Mutex::default() }
    }

    /// What is there.
    pub(super) fn get(&self) -> Option<Material> {
        self.material.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts new secrets in place of the old ones.
    pub(super) fn set(&self, material: Material) {
        *self.material.lock().unwrap_or_else(PoisonError::into_inner) = Some(material);
    }

    /// Forgets them.
    pub(crate) fn clear(&self) {
        *self.material.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_the_vault() {
        let tokens = TokenSet {
            access_token: Secret::new("a\"\n"),
            refresh_token: Some(Secret::new("r")),
            id_token: None,
            issued_at: Some(3),
            expires_at: Some(7),
        };
        let entry = Material::Tokens(tokens).entry();
        let Some(Material::Tokens(read)) = Material::read(&entry, true) else { panic!("tokens") };
        assert_eq!(read.access_token.expose(), "a\"\n");
        assert_eq!(read.refresh_token.unwrap().expose(), "r");
        assert!(read.id_token.is_none());
        assert_eq!((read.issued_at, read.expires_at), (Some(3), Some(7)));
        assert!(Material::read(&Secret::new("not json"), true).is_none());
    }
}
