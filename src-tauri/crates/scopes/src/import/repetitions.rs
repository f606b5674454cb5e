//! Names that a source holds twice, or in two spellings that differ only by case.

use super::Placed;
use crate::work;
use std::collections::HashMap;

/// What an item repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repetition {
    /// The same name as an earlier item.
    Same(usize),
    /// The name of an earlier item in other letters.
    Case(usize),
}

/// The items that repeat an earlier one, in order, each with the first one that it repeats. Names are ASCII by now.
pub(super) fn find(items: &[Placed]) -> Vec<(usize, Repetition)> {
    // Sorting spares an allocation per definition, which is what reading a long list spends its time on.
    let mut order: Vec<(u64, usize)> =
        items.iter().enumerate().map(|(at, placed)| (super::folded_hash(&placed.item.scope), at)).collect();
    order.sort_unstable();
    let mut found = Vec::new();
    for run in order.chunk_by(|(a, _), (b, _)| a == b).filter(|run| run.len() > 1) {
        let (mut same, mut folded) = (HashMap::new(), HashMap::new());
        for (_, at) in run {
            work::steps(1);
            let Some(placed) = items.get(*at) else { continue };
            let name = placed.item.scope.as_str();
            let (first, alike) = (*same.entry(name).or_insert(*at), name.to_ascii_lowercase());
            let alike = *folded.entry(alike).or_insert(*at);
            if first != *at {
                found.push((*at, Repetition::Same(first)));
            } else if alike != *at {
                found.push((*at, Repetition::Case(alike)));
            }
        }
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}
