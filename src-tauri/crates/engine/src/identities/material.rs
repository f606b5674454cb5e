//! The secrets of an identity: as they are in memory, and as one entry of the vault.

use scopes::secret::Secret;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// Whether the server gives a new refresh token with every refresh, as far as seen; Prism does not (contract §6).
    #[serde(default)]
    pub(crate) rotates: Option<bool>,
}

/// Most seconds before the end at which a new access token is fetched.
const LEAD: i64 = 60;

impl TokenSet {
    /// Whether it is time for a new access token: 60 seconds before the end, or at the last tenth of its life, whichever is
    /// later. One that does not tell its end is used until it is refused.
    pub(super) fn is_due(&self, now: i64) -> bool {
        let Some(end) = self.expires_at else { return false };
        let life = self.issued_at.map_or(i64::MAX, |issued| end.saturating_sub(issued));
        now >= end.saturating_sub(LEAD.min(life / 10).max(0))
    }

    /// Whether the access token has ended.
    pub(super) fn is_over(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// How tokens are written; lives only as long as it takes to make the vault entry.
#[derive(Serialize)]
struct Entry<'a> {
    access_token: &'a str,
    refresh_token: Option<&'a str>,
    id_token: Option<&'a str>,
    issued_at: Option<i64>,
    expires_at: Option<i64>,
    rotates: Option<bool>,
}

impl Material {
    /// What is sent as a credential.
    pub(crate) fn credential(&self) -> &Secret {
        match self {
            Self::Credential(secret) => secret,
            Self::Tokens(tokens) => &tokens.access_token,
        }
    }

    /// The tokens, if it is a sign-in.
    pub(super) fn tokens(&self) -> Option<&TokenSet> {
        match self {
            Self::Credential(_) => None,
            Self::Tokens(tokens) => Some(tokens),
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
                    rotates: tokens.rotates,
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

/// What was loaded of an identity's secrets, shared by all copies of it. Erased when dropped or emptied.
#[derive(Default)]
pub(crate) struct Cache {
    loaded: Mutex<Loaded>,
    /// Held by whoever loads or refreshes: one at a time.
    pub(super) gate: tokio::sync::Mutex<()>,
    /// Whether Prism answered 401 when the identity was used last in this run.
    refused: Arc<AtomicBool>,
}

/// What is known in this run.
#[derive(Default, Clone)]
pub(super) struct Loaded {
    /// The secrets.
    pub(super) material: Option<Material>,
    /// The mark of the last refresh when they were loaded; another one there now means they are old.
    pub(super) mark: String,
    /// A refresh was sent and not answered, or the server calls the access token inactive though it has time left.
    pub(super) in_doubt: bool,
    /// They could not be written to the vault; what lies there is older.
    pub(super) unwritten: bool,
    /// The server refused the refresh token for good.
    pub(super) dead: bool,
    /// They were looked for and are no longer where they were kept.
    pub(super) gone: bool,
}

impl Cache {
    /// A cache that holds the secrets already.
    pub(crate) fn filled(material: Material) -> Self {
        let loaded = Loaded { material: Some(material), ..Loaded::default() };
        Self { loaded: Mutex::new(loaded), ..Self::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known now.
    pub(super) fn get(&self) -> Loaded {
        self.lock().clone()
    }

    /// Puts secrets in place of others.
    pub(super) fn set(&self, loaded: Loaded) {
        *self.lock() = loaded;
    }

    /// Changes what is known.
    pub(super) fn change(&self, change: impl FnOnce(&mut Loaded)) {
        change(&mut self.lock());
    }

    /// Whether newer tokens than those in the vault are in memory only.
    pub(crate) fn is_unwritten(&self) -> bool {
        self.lock().unwritten
    }

    /// The access token may be dead though it has time left.
    pub(super) fn doubt(&self) {
        self.lock().in_doubt = true;
    }

    /// Where the answers of Prism are noted.
    pub(crate) fn refusals(&self) -> Arc<AtomicBool> {
        self.refused.clone()
    }

    /// Whether Prism answered 401 when the identity was used last in this run.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// Whether they were looked for in vain.
    pub(super) fn is_gone(&self) -> bool {
        self.lock().gone
    }

    /// Forgets them.
    pub(crate) fn clear(&self) {
        *self.lock() = Loaded::default();
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
            rotates: Some(false),
        };
        let entry = Material::Tokens(tokens).entry();
        let Some(Material::Tokens(read)) = Material::read(&entry, true) else { panic!("tokens") };
        assert_eq!(read.access_token.expose(), "a\"\n");
        assert_eq!(read.refresh_token.unwrap().expose(), "r");
        assert!(read.id_token.is_none());
        assert_eq!((read.issued_at, read.expires_at), (Some(3), Some(7)));
        assert!(Material::read(&Secret::new("not json"), true).is_none());
    }
    #[test]
    fn a_new_token_is_fetched_a_little_before_the_end() {
        let tokens = |issued_at, expires_at| TokenSet {
            access_token: Secret::new("a"),
            refresh_token: None,
            id_token: None,
            issued_at,
            expires_at,
            rotates: None,
        };
        for (issued, end, now, due) in [
            (Some(0), Some(3600), 3539, false),
            (Some(0), Some(3600), 3540, true),
            (Some(0), Some(100), 89, false),
            (Some(0), Some(100), 90, true),
            (Some(0), Some(5), 4, false),
            (Some(0), Some(5), 5, true),
            (None, Some(3600), 3540, true),
            (Some(0), None, i64::MAX, false),
            (Some(9), Some(3), 2, false),
            (Some(9), Some(3), 3, true),
        ] {
            assert_eq!(tokens(issued, end).is_due(now), due, "{issued:?} {end:?} {now}");
        }
    }
}
