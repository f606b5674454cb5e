//! Texts of calls made elsewhere: read once, and held while somebody looks through them.

use scopes::diagnosis::capsule::Capsule;
use scopes::diagnosis::read::{Format, Hint, Read, read};
use scopes::diagnosis::{Surroundings, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many texts are held: one per window, and they are large.
const MOST_TEXTS: usize = 2;

/// What a text holds, read but not yet explained.
pub(crate) struct Archive {
    exchanges: Vec<Exchange>,
    /// Of each exchange its index in the text, and whether its request headers are unknown.
    beside: Vec<(u32, bool)>,
    /// What the text says about itself when it is a capsule.
    pub(crate) capsule: Option<Capsule>,
}

/// One call of an archive.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    /// Its place among the exchanges.
    pub(crate) position: usize,
    /// Its index in the text; entries that could not be read keep theirs.
    pub(crate) index: u32,
    /// Whether the text leaves the request's headers out.
    pub(crate) headers_unknown: bool,
    /// The call itself.
    pub(crate) call: &'a Exchange,
}

impl Archive {
    /// Reads a text; beside it comes what could not be read.
    ///
    /// # Errors
    ///
    /// Where the text holds no exchange at all.
    pub(crate) fn read(
        text: &str,
        format: Option<Format>,
        hint: &Hint,
        lang: Lang,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        let Read { entries, problems, capsule } = read(text, format, hint, lang);
        let problems: Vec<Problem> = problems.into_iter().map(Problem::redacted).collect();
        if entries.is_empty() {
            return Err(problems.into_iter().next().unwrap_or_else(|| nothing(lang)));
        }
        let parts = entries.into_iter().map(|entry| (entry.exchange, (entry.index, entry.headers_unknown)));
        let (exchanges, beside) = parts.unzip();
        Ok((Self { exchanges, beside, capsule }, problems))
    }

    /// The places of the calls that want an explanation. A capsule says itself which call it is about.
    pub(crate) fn subjects(&self) -> Vec<usize> {
        let told = self.capsule.as_ref().and_then(|capsule| self.place_of(capsule.call));
        told.map_or_else(|| subjects(&self.exchanges), |place| vec![place])
    }

    /// The place of the entry with this index; entries that could not be read keep theirs.
    ///
    /// # Errors
    ///
    /// Where there is no such entry.
    pub(crate) fn at(&self, index: u32, lang: Lang) -> Result<usize, Problem> {
        self.place_of(index).ok_or_else(|| {
            let count = self.beside.len();
            Problem::refused(
                "read.no_such_entry",
                say!(
                    lang,
                    "There is no entry {index}; the text holds {count}.",
                    "没有第 {index} 项；文本中共有 {count} 项。"
                ),
            )
            .hinted(say!(lang, "Count from 0.", "从 0 开始计数。"))
        })
    }

    fn place_of(&self, index: u32) -> Option<usize> {
        self.beside.iter().position(|(own, _)| *own == index)
    }

    /// The call at a place.
    pub(crate) fn call(&self, position: usize) -> Option<Placed<'_>> {
        let (call, &(index, headers_unknown)) =
            self.exchanges.get(position).zip(self.beside.get(position))?;
        Some(Placed { position, index, headers_unknown, call })
    }

    /// What is around the calls.
    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        Surroundings::of(&self.exchanges)
    }
}

fn nothing(lang: Lang) -> Problem {
    Problem::refused("read.nothing", say!(lang, "The text holds no calls.", "文本中没有调用。"))
}

/// The texts that are looked through, by name.
#[derive(Default)]
pub(crate) struct Texts {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    counter: u64,
    held: VecDeque<(String, Arc<Archive>)>,
}

impl Texts {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a text under a new name; the oldest makes room.
    pub(crate) fn hold(&self, archive: Arc<Archive>) -> String {
        let mut state = self.lock();
        state.counter += 1;
        let name = format!("text-{}", state.counter);
        state.held.push_back((name.clone(), archive));
        while state.held.len() > MOST_TEXTS {
            state.held.pop_front();
        }
        name
    }

    /// A text, if it is still held.
    pub(crate) fn get(&self, name: &str) -> Option<Arc<Archive>> {
        self.lock().held.iter().find(|(known, _)| known == name).map(|(_, archive)| archive.clone())
    }

    /// How many are held.
    pub(crate) fn count(&self) -> usize {
        self.lock().held.len()
    }

    /// Forgets all of them; how many there were.
    pub(crate) fn forget(&self) -> usize {
        let mut state = self.lock();
        let count = state.held.len();
        state.held.clear();
        count
    }

    /// Lets go of a text.
    pub(crate) fn close(&self, name: &str) {
        self.lock().held.retain(|(known, _)| known != name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_held_until_it_is_closed_or_others_need_its_room() {
        let (archive, problems) =
            Archive::read("HTTP/1.1 401 Unauthorized\n\n{}", None, &Hint::default(), Lang::En).unwrap();
        assert!(problems.iter().all(|problem| problem.code != "read.nothing"));
        let (texts, archive) = (Texts::default(), Arc::new(archive));
        let names: Vec<String> = (0..=MOST_TEXTS).map(|_| texts.hold(archive.clone())).collect();
        assert!(texts.get(&names[0]).is_none());
        assert!(texts.get(&names[1]).is_some());
        texts.close(&names[1]);
        assert!(texts.get(&names[1]).is_none());
        assert!(texts.get(&names[2]).is_some());
    }
}
