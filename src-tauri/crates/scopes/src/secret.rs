//! Secrets as types, and redaction.

mod blocks;
mod by_name;
mod command;
mod find;
mod foreign;
mod header;
mod kind;
mod known;
mod layers;
mod lines;
mod markup;
mod messages;
mod names;
mod pairs;
mod prose;
mod random;
mod redactor;
mod shapes;
mod urls;
mod value;

pub use kind::{SecretKind, placeholder_kind};
pub(crate) use kind::{is_three_parts, jwt_claims};
pub(crate) use random::is_id;
pub use redactor::Redactor;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A credential. Comes in by deserialisation, has no serializer, prints nothing, and is erased from memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a credential as pasted, unchanged.
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The credential itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}
