//! The two languages of the product, and the catalogue of sentences the core says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A language the product speaks. Server texts and identifiers are never translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}
