//! What gets copied along with a block of JSON: code fences, and the name of the language above the block.

use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use crate::text::Lines;
use std::borrow::Cow;

/// Blanks out what stands around the block, so that every place in the text stays where it is, and says so.
pub(super) fn unwrap(text: &str, lang: Lang) -> (Cow<'_, str>, Option<Problem>) {
    let unmarked: Cow<'_, str> = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => Cow::Borrowed(rest),
        None => Cow::Borrowed(text),
    };
    let Some(start) = unmarked.find(['[', '{']) else { return (unmarked, None) };
    let before = unmarked.get(..start).unwrap_or_default();
    if before.trim().is_empty() {
        return (unmarked, None);
    }
    let fenced = before.contains("```") || before.contains("~~~");
    let word = before.trim().trim_start_matches(['`', '~']).trim();
    if !fenced && !word.eq_ignore_ascii_case("json") && !word.eq_ignore_ascii_case("jsonc") {
        return (unmarked, None);
    }
    let end = unmarked.rfind([']', '}']).map_or(unmarked.len(), |at| at + 1);
    let after = unmarked.get(end..).unwrap_or_default();
    let closing_fence = fenced && after.trim().chars().all(|c| c == '`' || c == '~');
    let block = unmarked.get(start..if closing_fence { end } else { unmarked.len() }).unwrap_or_default();
    let place = before.len() - before.trim_start().len();
    let span = Lines::new(&unmarked).span(place, before.trim_end().len());
    let blanks: String = before.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    (Cow::Owned(format!("{blanks}{block}")), Some(remark(fenced, word, lang).at(span)))
}

fn remark(fenced: bool, word: &str, lang: Lang) -> Problem {
    let message = if fenced {
        say!(lang, "The code fence around the block was left out.", "已忽略代码块外围的标记。")
    } else {
        say!(lang, "The word `{word}` above the block was left out.", "已忽略代码块上方的 `{word}`。")
    };
    Problem::note("import.code_fence", message)
}
