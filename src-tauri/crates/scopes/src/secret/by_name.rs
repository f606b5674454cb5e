//! The secret that belongs to a name: what of the value behind a name is one.

use super::find::{Scan, Spot, is_nothing};
use super::names::{Named, is_name, named};
use super::random::{is_random, is_secret};
use super::value::{Form, Value, value_after};
use super::{blocks, foreign, lines, messages, pairs, prose, urls};

/// Words under the name of a secret that say what is wrong with it.
const STATES: [&str; 20] = [
    "missing",
    "required",
    "invalid",
    "expired",
    "unknown",
    "revoked",
    "wrong",
    "empty",
    "incorrect",
    "mismatch",
    "disabled",
    "unset",
    "valid",
    "ok",
    "yes",
    "no",
    // Of `fetch`.
    "include",
    "omit",
    "same-origin",
    "always",
];

impl Scan<'_> {
    /// The secret behind the word at `at..end`, where that is the name of one.
    pub(super) fn by_name(&self, at: usize, end: usize) -> Option<Spot> {
        let text = self.text;
        let word = text.get(at..end)?;
        if let Some(spot) = urls::user_of_host(text, at, end) {
            return Some(spot);
        }
        if let Some(spot) = messages::pair(text, at, end) {
            return Some(spot);
        }
        let name = named(word);
        if let Some(strong) = name.filter(|name| !name.weak) {
            return self.behind(at, end, strong);
        }
        let of_two = prose::name_of_two(text.get(..at)?, word);
        let found = of_two.and_then(|(start, name)| self.behind(start, end, name));
        found.or_else(|| self.behind(at, end, name?))
    }

    /// The value of the name at `at..end`.
    pub(super) fn behind(&self, at: usize, end: usize, name: Named) -> Option<Spot> {
        let text = self.text;
        let word = text.get(at..end)?;
        let of = |at: usize, end: usize| value_after(text, self.shape, at, end, !name.weak);
        let path = foreign::path_around(text, at, end);
        let found = of(at, end)
            .or_else(|| pairs::value_of(text, at, end))
            .or_else(|| blocks::value(text, at, end, !name.weak))
            .or_else(|| path.and_then(|(start, end)| of(start, end)));
        let found = found.and_then(|found| self.by_name_and_value(at, word, name, path, found));
        found.or_else(|| {
            let quoted = || (!name.weak).then(|| messages::value(text, at, end)).flatten();
            let said = || (name.least == 0).then(|| prose::value(text, at, end, name)).flatten();
            let found = said().or_else(quoted)?;
            let value = text.get(found.from..found.to).filter(|value| !is_nothing(value))?.to_owned();
            let (from, to) = (found.from, found.to);
            Some(Spot { kind: name.kind, from, to, certain: is_secret(&value), value, quote: String::new() })
        })
    }

    fn by_name_and_value(
        &self,
        at: usize,
        word: &str,
        name: Named,
        path: Option<(usize, usize)>,
        found: Value,
    ) -> Option<Spot> {
        let text = self.text;
        let Value { from, to, form, .. } = found;
        let value = text.get(from..to)?;
        if let Some((kind, skip)) = lines::credential_of(word, value) {
            let value = value.get(skip..).filter(|value| !is_nothing(value))?.to_owned();
            let quote = String::new();
            return Some(Spot { kind, from: from + skip, to, certain: false, value, quote });
        }
        let word_of_text = !name.weak && !name.bound && ["true", "false"].contains(&value);
        if (is_nothing(value) && !word_of_text) || STATES.contains(&value) || (name.bound && says(value)) {
            return None;
        }
        let sure = is_secret(value) && value.len() >= name.least;
        let before = text.get(..path.map_or(at, |(start, _)| start))?;
        let parameter = name.least == 0 && (before.is_empty() || before.ends_with(['?', '&', '#']));
        let fine = match form {
            Form::Field => !name.weak || sure || parameter || is_old_weak(word) || is_environment(word),
            Form::Member | Form::Pair => !name.weak || sure,
            Form::Number | Form::Nested => !name.weak && !name.bound,
            Form::Line => is_random(value) || (!name.weak && (found.alone || (value.len() >= 6 && sure))),
        };
        let certain =
            form != Form::Nested && (sure || (!name.weak && matches!(form, Form::Member | Form::Pair)));
        fine.then(|| Spot {
            certain: certain && !word_of_text,
            kind: name.kind,
            from,
            to,
            value: value.to_owned(),
            quote: found.quote(),
        })
    }
}

/// Whether a value under a name with other uses in sentences is a word about the secret, a sentence or a count.
fn says(value: &str) -> bool {
    value.contains(' ') || value.len() < 3 || is_name(value) || prose::is_state(&value.to_lowercase())
}

/// Names whose field always holds a secret: `code=` and `token=` of a form.
fn is_old_weak(name: &str) -> bool {
    ["code", "token", "secret"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The name of a variable of an environment that ends in `TOKEN` or `SECRET`.
fn is_environment(name: &str) -> bool {
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() > 5 && name.bytes().all(upper) && (name.ends_with("TOKEN") || name.ends_with("SECRET"))
}
