//! Why a text is not JSON, with the place and the cure.
//!
//! Reading is left to `serde_json`; only a text it refuses comes here, to be explained in the words of the person who
//! typed it.

mod scan;
mod words;

use crate::lang::{Lang, brief};
use crate::problem::{Problem, Span};
use crate::say;
use crate::text::Lines;
use scan::{Found, Mistake, Scanner};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::marker::PhantomData;
use words::problem;

/// How deep brackets may be nested; the same limit as `serde_json` has for values it builds.
const MAX_DEPTH: usize = 128;

/// Reads JSON, or says what is wrong with it.
pub(crate) fn read<'a, T: Deserialize<'a>>(
    text: &'a str,
    lines: &Lines<'_>,
    lang: Lang,
) -> Result<T, Problem> {
    if let Some(at) = too_deep(text.as_bytes()) {
        return Err(problem(text, &Found { from: at, to: at + 1, mistake: Mistake::TooDeep }, lines, lang));
    }
    serde_json::from_str(text).map_err(|error| match Scanner::new(text).first_mistake() {
        Some(found) => problem(text, &found, lines, lang),
        None => Problem::refused(
            "json.unexpected",
            say!(
                lang,
                "The text does not have the expected form: {error}.",
                "文本的形式不符合要求：{error}。"
            ),
        ),
    })
}

/// Says what is wrong inside a piece cut out of the text of `lines`, where reading it as text failed.
pub(crate) fn explain(piece: &str, lines: &Lines<'_>, lang: Lang) -> Option<Problem> {
    let found = Scanner::new(piece).first_mistake()?;
    let (words, start) = (problem(piece, &found, &Lines::new(piece), lang), lines.offset_of(piece));
    Some(words.at(lines.span(start + found.from, start + found.to)))
}

fn too_deep(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        if in_text {
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if *byte == b'"' {
            in_text = true;
        } else if matches!(byte, b'[' | b'{') {
            depth += 1;
            if depth > MAX_DEPTH {
                return Some(at);
            }
        } else if matches!(byte, b']' | b'}') {
            depth = depth.saturating_sub(1);
        }
    }
    None
}

/// The members of an object in order, duplicates kept.
#[derive(Default)]
pub(crate) struct Pairs<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
            type Value = Pairs<'a>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<'a>, M::Error> {
                let mut pairs = Vec::with_capacity(4);
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    pairs.push((key, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// A member's name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A name that stands twice in one object: readers disagree about which counts.
pub(crate) fn duplicate_key(key: &str, span: Span, lang: Lang) -> Problem {
    let shown = brief(key);
    Problem::refused(
        "json.duplicate_name",
        say!(
            lang,
            "The name `{shown}` stands twice in one object.",
            "同一个对象里名称 `{shown}` 出现了两次。"
        ),
    )
    .hinted(say!(lang, "Remove one of them.", "删除其中一个。"))
    .at(span)
    .about(key)
}
