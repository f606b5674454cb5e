//! The shipped scenarios, the schema of scenario files, and reading one.

use super::{BulkSeed, PrismSeed, Scenario};
use crate::glint::GlintSeed;

impl Scenario {
    /// The shipped scenario a person first meets.
    pub fn lived_in() -> Self {
        shipped(include_str!("../../seed.json"))
    }

    /// Two servers that were never set up.
    pub fn empty() -> Self {
        shipped(include_str!("../../scenarios/empty.json"))
    }

    /// The lived-in scenario with 10 000 definitions and 500 consumers more.
    pub fn large() -> Self {
        let bulk = BulkSeed { definitions: 10_000, consumers: 500, owner: "bob".into() };
        let lived_in = Self::lived_in();
        let prism = PrismSeed { bulk: Some(bulk), ..lived_in.prism };
        let description = "The lived-in scenario with 10 000 definitions and 500 consumers more.".into();
        Self { name: "large".into(), description, prism, ..lived_in }
    }

    /// The names of the shipped scenarios.
    pub const SHIPPED: [&str; 3] = ["lived-in", "empty", "large"];

    /// A shipped scenario.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "lived-in" => Some(Self::lived_in()),
            "empty" => Some(Self::empty()),
            "large" => Some(Self::large()),
            _ => None,
        }
    }

    /// The JSON schema of scenario files.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    /// The parser's sentence with line and column when the text is not JSON or not of this form.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// A scenario file compiled in; the tests parse each, so the fallback is never seen.
fn shipped(text: &str) -> Scenario {
    Scenario::from_json(text).unwrap_or_else(|_| Scenario {
        name: "unreadable".into(),
        description: String::new(),
        provider: String::new(),
        prism: PrismSeed::default(),
        glint: GlintSeed::default(),
        credentials: Vec::new(),
    })
}
