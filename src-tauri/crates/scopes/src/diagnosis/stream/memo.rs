//! The shapes seen so far. Bounded, so that a stream of any length needs no more memory than a short one.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// How many shapes are kept; what comes after is explained line by line.
const MOST_SHAPES: usize = 4096;
/// The longest shape that is kept, in bytes.
const LONGEST_SHAPE: usize = 4096;

/// Shapes with the cell their calls count in.
pub(super) struct Memo {
    cells: HashMap<Box<[u8]>, usize, Folding>,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self { cells: HashMap::with_hasher(Folding(RandomState::new().hash_one(0u8))) }
    }

    pub(super) fn cell(&self, shape: &[u8]) -> Option<usize> {
        self.cells.get(shape).copied()
    }

    pub(super) fn keep(&mut self, shape: &[u8], cell: usize) {
        if self.cells.len() < MOST_SHAPES && shape.len() <= LONGEST_SHAPE {
            self.cells.insert(shape.into(), cell);
        }
    }
}

/// Hashes by multiplying and folding, with a key of this process: shapes are compared whole afterwards, so that a
/// collision costs time and nothing else.
struct Folding(u64);

impl BuildHasher for Folding {
    type Hasher = Fold;

    fn build_hasher(&self) -> Fold {
        Fold(self.0)
    }
}

struct Fold(u64);

fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are folded into one")]
    let folded = (wide as u64) ^ ((wide >> 64) as u64);
    folded
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let (words, rest) = bytes.as_chunks::<16>();
        let half = |part: &[u8]| part.try_into().map_or(0, u64::from_le_bytes);
        for word in words {
            let (low, high) = word.split_at(8);
            self.0 = fold(self.0 ^ half(low), ODD ^ half(high));
        }
        let mut last = [0u8; 16];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let (low, high) = last.split_at(8);
        self.0 = fold(self.0 ^ half(low) ^ (bytes.len() as u64).rotate_left(32), ODD ^ half(high));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
