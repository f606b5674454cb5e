//! The texts by which servers refuse, one table per system, as data of the profiles: another version of a server is another
//! table (contract §1–§6, §8). A row says where it applies and which code it means; the first row that fits counts.

use super::call::{Call, Kind};
use super::code::{Code, Means};
use super::types::Certainty;
use crate::endpoint::Endpoint;
use crate::lang::Text;
use serde::Deserialize;
use std::sync::LazyLock;

/// One text of refusal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Denial {
    /// Status it comes with; 0: any.
    #[serde(default)]
    pub(crate) status: u16,
    /// The text of `error`, or the whole body where the system also answers in plain text; `…` stands for anything before
    /// or after, `…` alone for any text, `{field}` in front for the name of a field. Empty: whatever was said, or nothing.
    #[serde(default)]
    pub(crate) text: String,
    /// The text of `error_description`, where that tells more.
    description: Option<String>,
    /// The code it means, or its family (`scope.*`) where more than the text decides.
    pub(crate) code: Means,
    /// How sure it is by the text alone.
    #[serde(default = "proven")]
    pub(crate) certainty: Certainty,
    /// The role permissions it may be about, the one for one's own things first.
    #[serde(default)]
    pub(crate) permissions: Vec<String>,
    /// The resource that is missing.
    pub(crate) resource: Option<String>,
    /// The body field that is missing or wrong.
    pub(crate) field: Option<String>,
    /// The only endpoints that say it; empty: any.
    #[serde(default)]
    pub(crate) endpoints: Vec<Endpoint>,
    /// The only route that says it.
    pub(crate) route: Option<String>,
    /// The only group of routes that says it.
    pub(crate) group: Option<String>,
    /// A parser's words: the provider's about the request, or about what its authorization server answered.
    #[serde(default)]
    pub(crate) parse: bool,
    /// Whether no other system says it, so that it tells whose answer it is.
    #[serde(default)]
    only_here: bool,
    /// Status that goes with the text where it stands alone.
    #[serde(default)]
    status_alone: Option<u16>,
    /// Whether the table of refusals always shows it.
    #[serde(default)]
    pub(crate) table: bool,
    /// What it means, in a few words.
    pub(crate) meaning: Option<Text>,
}

fn proven() -> Certainty {
    Certainty::Proven
}

#[derive(Deserialize)]
struct Table {
    denials: Vec<Denial>,
}

fn table(text: &str) -> Vec<Denial> {
    // The files are part of the program and a test reads them: an error cannot reach a user.
    serde_json::from_str::<Table>(text).map(|table| table.denials).unwrap_or_default()
}

static GLINT: LazyLock<Vec<Denial>> =
    LazyLock::new(|| table(include_str!("../../profiles/glint.calls.json")));
static PRISM: LazyLock<Vec<Denial>> =
    LazyLock::new(|| table(include_str!("../../profiles/prism.calls.json")));
static OAUTH: LazyLock<Vec<Denial>> =
    LazyLock::new(|| table(include_str!("../../profiles/oauth.calls.json")));

/// All texts of Glint in the order in which they are compared.
pub(crate) fn all() -> &'static [Denial] {
    &GLINT
}

/// The texts of the system whose interface this is.
pub(crate) fn of_system(kind: Kind) -> &'static [Denial] {
    match kind {
        Kind::Prism => &PRISM,
        Kind::OAuth => &OAUTH,
        Kind::Glint | Kind::Web | Kind::Other => &GLINT,
    }
}

/// The row by which a call was refused.
pub(crate) fn of(call: &Call<'_>) -> Option<&'static Denial> {
    // Prism answers JSON for every path of its interface, and its texts are told whole.
    in_table(call, of_system(call.kind), call.kind != Kind::Prism)
}

/// Whether Glint says this text, whatever the call went to.
pub(crate) fn is_said(call: &Call<'_>) -> bool {
    in_table(call, &GLINT, true).is_some()
}

fn in_table(call: &Call<'_>, table: &'static [Denial], plain: bool) -> Option<&'static Denial> {
    if let Some((text, false)) = call.cut.as_ref().filter(|_| plain) {
        return of_beginning(call, table, text);
    }
    let text = match call.error() {
        Some(error) => error,
        None if plain && call.json.is_none() => call.body.trim(),
        None => "",
    };
    candidates(call, table).find(|denial| denial.fits(text))
}

/// The texts of this status that this route may say.
fn candidates(call: &Call<'_>, table: &'static [Denial]) -> impl Iterator<Item = &'static Denial> {
    let id = call.route.as_ref().map(|hit| hit.route.id.as_str());
    let (status, endpoint) = (call.status, call.at.endpoint);
    table.iter().filter(move |denial| {
        let here = denial.route.as_deref().is_none_or(|only| id.is_none_or(|id| id == only));
        (denial.status == status || denial.status == 0) && here && denial.is_at(endpoint)
    })
}

/// The text that begins like this, where what was cut off cannot change its meaning. Of several texts of one family the
/// most general one counts.
fn of_beginning(call: &Call<'_>, table: &'static [Denial], beginning: &str) -> Option<&'static Denial> {
    const SHORTEST: usize = 6;
    let fits = |denial: &&Denial| denial.fits(beginning) || denial.begins(beginning);
    let found: Vec<&'static Denial> = candidates(call, table).filter(fits).collect();
    let first = found.first()?;
    let same = found.iter().all(|denial| denial.code == first.code);
    let general = found.iter().min_by_key(|denial| denial.text.len())?;
    // A general text such as `Unauthorized` does not tell whose answer was cut off.
    let is_general = table_of_others(table)
        .flatten()
        .any(|other| other.status == call.status && !other.text.is_empty() && other.begins(beginning));
    (same && beginning.len() >= SHORTEST && !is_general).then_some(*general)
}

/// The tables of the other systems.
fn table_of_others(table: &'static [Denial]) -> impl Iterator<Item = &'static [Denial]> {
    let all: [&'static [Denial]; 3] = [&GLINT, &PRISM, &OAUTH];
    all.into_iter().filter(move |other| !std::ptr::eq(*other, table))
}

/// What `error` and `error_description` of an authorization server mean (RFC 6749 §4.1.2.1, §5.2).
pub(crate) fn of_words(error: &str, described: &str) -> Option<&'static Denial> {
    OAUTH.iter().find(|denial| {
        let more = denial.description.as_deref().is_none_or(|pattern| fits(pattern, described));
        denial.fits(error) && more
    })
}

/// Whose answer it is, as far as its text tells without the request.
pub(crate) fn system_of(error: &str) -> Option<Kind> {
    if error.is_empty() {
        return None;
    }
    if of_words(error, "").is_some() {
        return Some(Kind::OAuth);
    }
    PRISM.iter().any(|denial| denial.only_here && denial.fits(error)).then_some(Kind::Prism)
}

/// The status that goes with a text nobody else says. A text of a failed program is not looked for: a client's own error
/// may have the same words.
pub(crate) fn status_of(text: &str) -> Option<u16> {
    let known = |denial: &&Denial| {
        (1..500).contains(&denial.status) && denial.start().is_some_and(|start| text.starts_with(start))
    };
    let said = GLINT.iter().chain(PRISM.iter()).find(known).map(|denial| denial.status);
    said.or_else(|| of_words(text, "").map(|denial| denial.status_alone.unwrap_or(400)))
}

/// Whether a text means this code, on whatever route it came.
pub(crate) fn means(status: u16, text: &str, code: Code) -> bool {
    all().iter().any(|denial| denial.is(code) && denial.status == status && denial.fits(text))
}

/// Whether a text is what a pattern says.
fn fits(pattern: &str, text: &str) -> bool {
    if pattern == "…" {
        return !text.is_empty();
    }
    let (open, rest) = pattern.strip_prefix("… ").map_or((false, pattern), |rest| (true, rest));
    let (more, core) = rest.strip_suffix(" …").map_or((false, rest), |core| (true, core));
    match (open, more) {
        (false, false) => text == core,
        (false, true) => text.starts_with(core),
        (true, false) => text.ends_with(core),
        (true, true) => text.contains(core),
    }
}

/// What stands in a pattern for the name of a field.
const FIELD: &str = "{field} ";

impl Denial {
    fn fits(&self, text: &str) -> bool {
        match self.text.strip_prefix(FIELD) {
            _ if self.text.is_empty() => true,
            Some(rest) => text.split_once(' ').is_some_and(|(_, more)| fits(rest, more)),
            None => fits(&self.text, text),
        }
    }

    /// The field that a text is about.
    pub(crate) fn field_in(&self, text: &str) -> Option<String> {
        let named = || text.split_once(' ').filter(|_| self.text.starts_with(FIELD)).map(|(field, _)| field);
        self.field.clone().or_else(|| named().map(str::to_owned))
    }

    /// How a text begins that fits; `None` where it may begin with anything.
    fn start(&self) -> Option<&str> {
        let fixed = !self.text.is_empty() && !self.text.starts_with(['…', '{']);
        fixed.then(|| self.text.strip_suffix(" …").unwrap_or(&self.text))
    }

    fn begins(&self, beginning: &str) -> bool {
        self.text.strip_suffix(" …").unwrap_or(&self.text).starts_with(beginning)
    }

    /// The text as people read it; `None` for a row that fits any.
    pub(crate) fn shown(&self) -> Option<String> {
        let any = self.text.is_empty() || self.text == "…";
        (!any).then(|| self.text.replacen(FIELD, "… ", 1))
    }

    /// Whether an endpoint may say it.
    pub(crate) fn is_at(&self, endpoint: Endpoint) -> bool {
        self.endpoints.is_empty() || self.endpoints.contains(&endpoint)
    }

    /// Whether its code is this one.
    pub(crate) fn is(&self, code: Code) -> bool {
        self.code == Means::Code(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_its_codes_are_known() {
        assert!(all().len() > 50 && PRISM.len() > 20 && OAUTH.len() > 10);
        for text in [
            include_str!("../../profiles/glint.calls.json"),
            include_str!("../../profiles/prism.calls.json"),
            include_str!("../../profiles/oauth.calls.json"),
        ] {
            serde_json::from_str::<Table>(text).map(|_| ()).unwrap();
        }
        for denial in GLINT.iter().chain(PRISM.iter()).chain(OAUTH.iter()) {
            assert!(!denial.table || denial.meaning.is_some(), "{}", denial.text);
            let routes = denial.route.iter();
            assert!(routes.clone().all(|id| crate::routes::by_id(id).is_some()), "{}", denial.text);
        }
    }

    #[test]
    fn a_field_is_the_first_word_of_its_text() {
        let row = PRISM.iter().find(|denial| denial.text.starts_with(FIELD)).unwrap();
        assert!(row.fits("scope is required and must be a name") && !row.fits("is required"));
        assert_eq!(row.field_in("scope is required").as_deref(), Some("scope"));
    }

    #[test]
    fn a_text_alone_has_the_status_that_goes_with_it() {
        for (text, status) in [
            ("Unauthorized", Some(401)),
            ("Not a member of this team", Some(403)),
            ("Rule already exists", Some(409)),
            ("invalid_client", Some(401)),
            ("invalid_grant", Some(400)),
            ("fetch failed", None),
            ("Unexpected token <", None),
        ] {
            assert_eq!(status_of(text), status, "{text}");
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
