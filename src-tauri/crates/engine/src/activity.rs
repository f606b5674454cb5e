//! What the console changed in this run, newest first. Kept in memory.

use crate::operations::desk::ActivityEntry;
use scopes::lang::Lang;
use std::sync::{Mutex, PoisonError};

/// Says an entry in either language, so that a list read later is all of one language.
type Said = Box<dyn Fn(Lang) -> ActivityEntry + Send + Sync>;

/// The list.
#[derive(Default)]
pub(crate) struct Journal(Mutex<Vec<Said>>);

impl Journal {
    /// Adds an entry; its `id` is given here.
    pub(crate) fn record(&self, entry: impl Fn(Lang) -> ActivityEntry + Send + Sync + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(entry));
    }

    /// How many entries there are.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Forgets all entries; how many there were.
    pub(crate) fn forget(&self) -> usize {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).len()
    }

    /// Everything, newest first.
    pub(crate) fn entries(&self, lang: Lang) -> Vec<ActivityEntry> {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let numbered = said.iter().zip(1u64..).map(|(say, id)| ActivityEntry { id, ..say(lang) });
        let mut entries: Vec<_> = numbered.collect();
        entries.reverse();
        entries
    }
}
