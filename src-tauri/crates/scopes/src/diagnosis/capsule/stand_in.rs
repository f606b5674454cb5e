//! What stands for a value in a capsule.

use crate::secret::placeholder_kind;

/// The kinds that capsules write themselves.
const KINDS: [&str; 7] = ["text", "person", "value", "user", "email", "left out", "token"];

/// Whether a text is exactly what stands for a value: `‹person 12ab›`, `‹access token 3f9a12›`. Words that somebody put
/// between the same marks are none.
pub(super) fn is_stand_in(text: &str) -> bool {
    let Some(inner) = text.trim().strip_prefix('‹').and_then(|rest| rest.strip_suffix('›')) else {
        return false;
    };
    let is_number = |text: &str| {
        !text.is_empty() && text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    // A count of characters, or a kind with a number or without one.
    let kind = inner.rsplit_once(' ').filter(|(_, number)| is_number(number)).map_or(inner, |(kind, _)| kind);
    is_number(inner)
        || KINDS.contains(&kind)
        || placeholder_kind(&format!("‹{kind} 0›")).is_some_and(|_| !kind.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_forms_stand_for_a_value() {
        for text in ["‹text 1›", "‹person 12abef›", "‹access token 3f9a12›", "‹token›", "‹email›", "‹123›"]
        {
            assert!(is_stand_in(text), "{text}");
        }
        for text in
            ["‹Alice›", "‹access token Alice›", "‹text 1› Alice", "‹person Alice Smith›", "‹›", "text 1"]
        {
            assert!(!is_stand_in(text), "{text}");
        }
    }
}
