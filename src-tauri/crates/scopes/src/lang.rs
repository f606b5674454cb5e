//! The two languages of the product, and the catalogue of sentences the core says.

pub mod wording;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
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

/// A sentence in both languages: `say!(lang, "english with {value}", "中文，{value}")`.
///
/// Both texts stand at the place that says them, so that one cannot be forgotten and either can be searched for. A text
/// that breaks a rule of [`wording`] does not compile.
#[macro_export]
macro_rules! say {
    ($lang:expr, $en:literal, $zh:literal $(, $arg:expr)* $(,)?) => {{
        const _: () = $crate::lang::wording::check($en, $zh);
        match $lang {
            $crate::lang::Lang::En => format!($en $(, $arg)*),
            $crate::lang::Lang::Zh => format!($zh $(, $arg)*),
        }
    }};
}

/// A text of a data file in both languages; a file that lacks one is refused when it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A foreign text as it may stand inside a sentence: long ones lose their middle, never their end.
#[must_use]
pub fn brief(text: &str) -> Cow<'_, str> {
    const MOST: usize = 80;
    if text.len() <= MOST || text.chars().count() <= MOST {
        return Cow::Borrowed(text);
    }
    let start: String = text.chars().take(MOST / 2).collect();
    let tail: Vec<char> = text.chars().rev().take(MOST / 4).collect();
    Cow::Owned(format!("{start}…{}", tail.into_iter().rev().collect::<String>()))
}

/// Joins words as a sentence does: `a, b and c`, `a、b 和 c`. Every word is put in backticks.
#[must_use]
pub fn list(lang: Lang, words: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", brief(word.as_ref()))).collect();
    let (comma, and) = match lang {
        Lang::En => (", ", " and "),
        Lang::Zh => ("、", " 和 "),
    };
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}{and}{last}", rest.join(comma)),
        _ => quoted.join(comma),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        let long = format!("start{}end", "ä".repeat(5000));
        let brief = brief(&long);
        assert!(brief.starts_with("startä") && brief.ends_with("äend"));
        assert_eq!(brief.chars().count(), 61);
        assert_eq!(list(Lang::En, &["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(Lang::Zh, &["a", "b"]), "`a` 和 `b`");
    }
}
