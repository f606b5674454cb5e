//! The last calls and matrices of this run, by name. Calls are kept sealed: no secret stays.

use crate::operations::matrix::Matrix;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many calls are kept.
const MOST_CALLS: usize = 60;
/// How many bytes of them.
const MOST_BYTES: usize = 48 * 1024 * 1024;
/// How many matrices are kept.
const MOST_MATRICES: usize = 12;

/// What can be asked for by name.
#[derive(Default)]
pub(crate) struct Recent {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    counter: u64,
    calls: VecDeque<(String, Arc<str>)>,
    matrices: VecDeque<(String, Arc<Matrix>)>,
}

impl Recent {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a sealed call; the oldest make room.
    pub(crate) fn keep_call(&self, capsule: String) -> String {
        let mut state = self.lock();
        let name = state.name("call");
        state.calls.push_back((name.clone(), capsule.into()));
        let bytes =
            |calls: &VecDeque<(String, Arc<str>)>| calls.iter().map(|(_, text)| text.len()).sum::<usize>();
        while state.calls.len() > MOST_CALLS || (state.calls.len() > 1 && bytes(&state.calls) > MOST_BYTES) {
            state.calls.pop_front();
        }
        name
    }

    /// A sealed call, if it is still kept.
    pub(crate) fn call(&self, name: &str) -> Option<Arc<str>> {
        self.lock().calls.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    }

    /// Keeps a matrix under a new name, which it is told.
    pub(crate) fn keep_matrix(&self, mut matrix: Matrix) -> Arc<Matrix> {
        let mut state = self.lock();
        matrix.id = state.name("matrix");
        let matrix = Arc::new(matrix);
        state.matrices.push_back((matrix.id.clone(), matrix.clone()));
        while state.matrices.len() > MOST_MATRICES {
            state.matrices.pop_front();
        }
        matrix
    }

    /// How many calls and matrices are kept.
    pub(crate) fn count(&self) -> usize {
        let state = self.lock();
        state.calls.len() + state.matrices.len()
    }

    /// Forgets all of them; how many there were.
    pub(crate) fn forget(&self) -> usize {
        let mut state = self.lock();
        let count = state.calls.len() + state.matrices.len();
        state.calls.clear();
        state.matrices.clear();
        count
    }

    /// A matrix, if it is still kept.
    pub(crate) fn matrix(&self, name: &str) -> Option<Arc<Matrix>> {
        self.lock().matrices.iter().find(|(known, _)| known == name).map(|(_, matrix)| matrix.clone())
    }
}

impl State {
    fn name(&mut self, of: &str) -> String {
        self.counter += 1;
        format!("{of}-{}", self.counter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_calls_make_room() {
        let recent = Recent::default();
        let first = recent.keep_call("a".to_owned());
        for _ in 0..MOST_CALLS {
            recent.keep_call("b".to_owned());
        }
        assert!(recent.call(&first).is_none());
        let large = recent.keep_call("c".repeat(MOST_BYTES + 1));
        assert!(recent.call(&large).is_some());
        assert_eq!(recent.lock().calls.len(), 1);
    }
}
