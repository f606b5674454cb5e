//! The texts by which Glint refuses, as data of its profile: another version of Glint is another table (contract §8).

use super::call::Call;
use crate::lang::Text;
use serde::Deserialize;
use std::sync::OnceLock;

/// One text of refusal.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Denial {
    /// Status it comes with.
    pub(crate) status: u16,
    /// The text; `…` stands for anything before or after.
    pub(crate) text: String,
    /// The code it means, or its family (`scope.*`) where more than the text decides.
    pub(crate) code: String,
    /// The role permissions it may be about, the one for one's own things first.
    #[serde(default)]
    pub(crate) permissions: Vec<String>,
    /// The resource that is missing.
    pub(crate) resource: Option<String>,
    /// The body field that is missing or wrong.
    pub(crate) field: Option<String>,
    /// The only route that says it.
    pub(crate) route: Option<String>,
    /// The only group of routes that says it.
    pub(crate) group: Option<String>,
    /// A parser's words: Glint's about the request, or about what its Prism answered.
    #[serde(default)]
    pub(crate) parse: bool,
    /// Whether the table of refusals always shows it.
    #[serde(default)]
    pub(crate) table: bool,
    /// What it means, in a few words.
    pub(crate) meaning: Option<Text>,
}

#[derive(Deserialize)]
struct Table {
    denials: Vec<Denial>,
}

/// All texts in the order in which they are compared.
pub(crate) fn all() -> &'static [Denial] {
    static DENIALS: OnceLock<Vec<Denial>> = OnceLock::new();
    DENIALS.get_or_init(|| {
        // The file is part of the program and a test reads it: an error cannot reach a user.
        serde_json::from_str::<Table>(include_str!("../../profiles/glint.calls.json"))
            .map(|table| table.denials)
            .unwrap_or_default()
    })
}

/// The text by which a call was refused.
pub(crate) fn of(call: &Call<'_>) -> Option<&'static Denial> {
    if let Some((text, false)) = &call.cut {
        return of_beginning(call, text);
    }
    let text = match call.error() {
        Some(error) => error,
        None if call.json.is_none() => call.body.trim(),
        None => return None,
    };
    candidates(call).find(|denial| denial.fits(text))
}

/// The texts of this status that this route may say.
fn candidates(call: &Call<'_>) -> impl Iterator<Item = &'static Denial> {
    let id = call.route.as_ref().map(|hit| hit.route.id.as_str());
    let status = call.status;
    all().iter().filter(move |denial| {
        let here = denial.route.as_deref().is_none_or(|only| id.is_none_or(|id| id == only));
        denial.status == status && here
    })
}

/// The text that begins like this, where what was cut off cannot change its meaning. Of several texts of one family the
/// most general one counts.
fn of_beginning(call: &Call<'_>, beginning: &str) -> Option<&'static Denial> {
    const SHORTEST: usize = 6;
    let fits = |denial: &&Denial| denial.fits(beginning) || denial.begins(beginning);
    let found: Vec<&'static Denial> = candidates(call).filter(fits).collect();
    let first = found.first()?;
    let same = found.iter().all(|denial| denial.family() == first.family());
    let general = found.iter().min_by_key(|denial| denial.text.len())?;
    (same && beginning.len() >= SHORTEST).then_some(*general)
}

/// Whether a text means this code, on whatever route it came.
pub(crate) fn means(status: u16, text: &str, code: &str) -> bool {
    all().iter().any(|denial| denial.code == code && denial.status == status && denial.fits(text))
}

impl Denial {
    fn fits(&self, text: &str) -> bool {
        let pattern = self.text.as_str();
        let (open, rest) = pattern.strip_prefix("… ").map_or((false, pattern), |rest| (true, rest));
        let (more, core) = rest.strip_suffix(" …").map_or((false, rest), |core| (true, core));
        match (open, more) {
            (false, false) => text == core,
            (false, true) => text.starts_with(core),
            (true, false) => text.ends_with(core),
            (true, true) => text.contains(core),
        }
    }

    fn begins(&self, beginning: &str) -> bool {
        self.text.strip_suffix(" …").unwrap_or(&self.text).starts_with(beginning)
    }

    /// The family of its code: `scope` of `scope.*`, the whole code where it stands alone.
    pub(crate) fn family(&self) -> &str {
        self.code.strip_suffix(".*").unwrap_or(&self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_its_codes_are_known() {
        assert!(all().len() > 50);
        for denial in all() {
            let known = denial.code.ends_with(".*") || super::super::reasons::of(&denial.code).is_some();
            assert!(known, "{}", denial.code);
            assert!(!denial.table || denial.meaning.is_some(), "{}", denial.text);
            let routes = denial.route.iter();
            assert!(routes.clone().all(|id| crate::routes::by_id(id).is_some()), "{}", denial.text);
        }
    }

    #[test]
    fn an_ellipsis_stands_for_anything() {
        let fits = |pattern: &str, text: &str| Denial { text: pattern.into(), ..all()[0].clone() }.fits(text);
        assert!(fits("a b", "a b") && !fits("a b", "a b c"));
        assert!(fits("a …", "a b") && !fits("a …", "b a"));
        assert!(fits("… b …", "a b c") && fits("… b", "a b"));
    }
}
