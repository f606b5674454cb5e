//! Scope grammar: what a scope is made of, and the ordered, duplicate-free list of them.
//!
//! A scope is one scope-token of RFC 6749 §3.3. Prism knows platform scopes (`teams:read`), app scopes
//! (`app:<client id>:<inner scope>`), team scopes (`team:…`) and site scopes (`site:…`) (contract §2, §5, §6).

pub use crate::build::{BuildInput, build};
use std::collections::HashSet;

/// A scope taken apart. Borrowed from the text it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope<'a> {
    /// One of the authorization server's own, e.g. `teams:read`.
    Platform(&'a str),
    /// A scope of another client.
    App {
        /// Client id of the provider.
        client_id: &'a str,
        /// Its inner scope; may hold colons, although such a one can never be defined (contract §2).
        inner: &'a str,
    },
    /// A scope over one team, bound to it or not yet: `team:read`, `team:<team id>:read`.
    Team {
        /// The team's id, once bound.
        team: Option<&'a str>,
        /// What it allows there.
        permission: &'a str,
    },
    /// A scope over the whole site, e.g. `site:user:read`.
    Site(&'a str),
}

/// Why a text is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeMistake {
    /// Nothing is there.
    Empty,
    /// A blank or line break inside or around: it can be stored, but never requested (contract §2).
    Blank,
    /// `app:` without a client id or without an inner scope.
    Incomplete,
    /// A character RFC 6749 §3.3 does not allow in a scope.
    Character(char),
}

/// Takes a scope apart.
///
/// # Errors
/// What keeps the text from being one.
pub fn parse(text: &str) -> Result<Scope<'_>, ScopeMistake> {
    if text.is_empty() {
        return Err(ScopeMistake::Empty);
    }
    if text.contains(char::is_whitespace) {
        return Err(ScopeMistake::Blank);
    }
    if let Some(odd) = text.chars().find(|c| !is_scope_character(*c)) {
        return Err(ScopeMistake::Character(odd));
    }
    match split(text) {
        Some(scope) => Ok(scope),
        None => Err(ScopeMistake::Incomplete),
    }
}

/// Takes a text apart as Prism's filter of `allowed_scopes` does, without looking at its characters; `None` for an
/// app scope that lacks a part (contract §2).
#[must_use]
pub fn split(text: &str) -> Option<Scope<'_>> {
    let Some((kind, rest)) = text.split_once(':') else { return Some(Scope::Platform(text)) };
    match kind {
        "app" => {
            let (client_id, inner) = rest.split_once(':')?;
            (!client_id.is_empty() && !inner.is_empty()).then_some(Scope::App { client_id, inner })
        }
        "team" => Some(match rest.split_once(':') {
            Some((team, permission)) if crate::id::is_hex_id(team) => {
                Scope::Team { team: Some(team), permission }
            }
            _ => Scope::Team { team: None, permission: rest },
        }),
        "site" => Some(Scope::Site(rest)),
        _ => Some(Scope::Platform(text)),
    }
}

impl std::fmt::Display for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Platform(name) => f.write_str(name),
            Self::App { client_id, inner } => write!(f, "app:{client_id}:{inner}"),
            Self::Team { team: Some(team), permission } => write!(f, "team:{team}:{permission}"),
            Self::Team { team: None, permission } => write!(f, "team:{permission}"),
            Self::Site(rest) => write!(f, "site:{rest}"),
        }
    }
}

/// The full name of an inner scope.
#[must_use]
pub fn app_scope(client_id: &str, inner: &str) -> String {
    format!("app:{client_id}:{inner}")
}

/// Whether Prism takes this as the name of a definition: letters, digits, `_`, `-`, `.` (contract §3).
#[must_use]
pub fn is_inner_scope(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_inner_character)
}

/// Whether a definition's name may hold this character (contract §3).
#[must_use]
pub fn is_inner_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// RFC 6749 §3.3: `%x21 / %x23-5B / %x5D-7E`.
fn is_scope_character(c: char) -> bool {
    matches!(c, '!' | '#'..='[' | ']'..='~')
}

/// An ordered list of scopes without duplicates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSet {
    scopes: Vec<String>,
    seen: HashSet<String>,
}

impl ScopeSet {
    /// Adds a scope at the end; answers whether it was new.
    pub fn insert(&mut self, scope: impl Into<String>) -> bool {
        let scope = scope.into();
        let new = self.seen.insert(scope.clone());
        if new {
            self.scopes.push(scope);
        }
        new
    }

    /// Whether a scope is in it, spelled exactly so.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.seen.contains(scope)
    }

    /// The scopes in order.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.scopes
    }

    /// The set on the wire, separated by `delimiter` (a space by RFC 6749 §3.3).
    #[must_use]
    pub fn joined(&self, delimiter: &str) -> String {
        self.scopes.join(delimiter)
    }

    /// JSON as Prism's import dialog takes it: an array, two-space indent, no line break at the end.
    #[must_use]
    pub fn json(&self) -> String {
        crate::text::pretty_json(&self.scopes)
    }
}

impl<S: Into<String>> FromIterator<S> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut set = Self::default();
        for scope in scopes {
            set.insert(scope);
        }
        set
    }
}

/// The known word somebody most likely meant: equal but for case, or at most two slips away (one for short words).
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.trim();
    let letters = word.chars().count();
    let allowed = if letters < 6 { 1 } else { 2 };
    let lower = word.to_lowercase();
    known
        .into_iter()
        .filter(|candidate| *candidate != word && could_be_near(lower.len(), candidate.len()))
        .map(|candidate| (slips(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Two slips change a length by eight bytes at most; a change of case can make a letter longer, too.
fn could_be_near(one: usize, other: usize) -> bool {
    one.abs_diff(other) <= 8 + one.min(other)
}

/// How many letters were left out, added, changed or swapped with their neighbour (optimal string alignment).
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        crate::work::steps(b.len());
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best =
                (at(&last, j) + usize::from(letter != other)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        // A later row is no nearer, and more than two slips are too many.
        if row.iter().min().is_some_and(|nearest| *nearest > 2) {
            return usize::MAX;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_scope_is_told_apart() {
        assert_eq!(parse("teams:read"), Ok(Scope::Platform("teams:read")));
        assert_eq!(
            parse("app:prism_x:read_todos"),
            Ok(Scope::App { client_id: "prism_x", inner: "read_todos" })
        );
        assert_eq!(parse("app:G:a:b"), Ok(Scope::App { client_id: "G", inner: "a:b" }));
        assert_eq!(parse("team:read"), Ok(Scope::Team { team: None, permission: "read" }));
        let bound = "team:22d71a4a3697a1d674be910d93c3cae1:read";
        assert!(matches!(parse(bound), Ok(Scope::Team { team: Some(_), permission: "read" })));
        assert_eq!(parse("site:user:read"), Ok(Scope::Site("user:read")));
        for broken in ["app:", "app:x", "app::y", "app:G:"] {
            assert_eq!(parse(broken), Err(ScopeMistake::Incomplete), "{broken}");
        }
        assert_eq!(parse(" openid"), Err(ScopeMistake::Blank));
        assert_eq!(parse("app:G:Über"), Err(ScopeMistake::Character('Ü')));
        assert_eq!(parse(""), Err(ScopeMistake::Empty));
    }

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["read_todos", "edit_todos", "comment", "openid"];
        assert_eq!(did_you_mean("reed_todos", known), Some("read_todos"));
        assert_eq!(did_you_mean("raed_todos", known), Some("read_todos"));
        assert_eq!(did_you_mean("OPENID", known), Some("openid"));
        assert_eq!(did_you_mean("coment", known), Some("comment"));
        assert_eq!(did_you_mean("calendar", known), None);
        assert_eq!(did_you_mean("read_todos", known), None);
    }
}
