//! JSON lines of any length, read in constant memory and explained on all cores.
//!
//! No operation: an operation takes a value and gives one, and neither a stream of any length nor its answers are values.
//! What a line means is decided in [`scopes::diagnosis::stream`]; here are only the blocks, the threads and their order.

mod blocks;

use blocks::{Block, Blocks};
use scopes::diagnosis::groups::{By, Counts};
use scopes::diagnosis::stream::{Answer, Counter, explain};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// More threads than this only wait for one another.
const MOST_THREADS: usize = 8;
/// How many problems are kept; the others are counted.
const MOST_PROBLEMS: usize = 20;

/// What became of one line: its calls, or why it could not be read.
pub type Line = Result<Vec<Answer>, Box<Problem>>;

/// What was counted in a stream.
pub struct Summary {
    /// The calls by what they have in common.
    pub counts: Counts,
    /// Lines that could not be read.
    pub unread: u64,
    /// The first of their problems, in the order of the lines.
    pub problems: Vec<Problem>,
}

/// Counts the calls of a stream.
///
/// # Errors
///
/// `read.stream` when the source fails.
pub fn count(source: impl Read + Send, by: By, filter: &str, lang: Lang) -> Result<Summary, Box<Problem>> {
    let mut unread = 0;
    let mut problems = BTreeMap::new();
    let counter = || Counter::new(by, filter, lang);
    let work = |counter: &mut Counter, block: &Block| {
        let mut bad = Vec::new();
        for (index, line) in block.lines() {
            let counted = match line {
                Some(line) => counter.line(line, index),
                None => Err(blocks::too_long(index, lang)),
            };
            bad.extend(counted.err().map(|problem| (index, problem)));
        }
        bad
    };
    let take = |bad: Vec<(u64, Box<Problem>)>| {
        for (index, problem) in bad {
            unread += 1;
            if problems.len() < MOST_PROBLEMS {
                problems.insert(index, *problem);
            }
        }
        true
    };
    let counters = in_parallel(source, counter, work, take, lang)?;
    let mut all = counters.into_iter().map(Counter::counts);
    let mut counts = all.next().unwrap_or_else(|| Counts::new(by, filter));
    all.for_each(|more| counts.merge(more));
    Ok(Summary { counts, unread, problems: problems.into_values().collect() })
}

/// Explains the calls of a stream, line by line in their order. `told` writes what one line says, on any thread; `take`
/// gets the texts in the order of the stream and ends it with `false`.
///
/// # Errors
///
/// `read.stream` when the source fails.
pub fn each(
    source: impl Read + Send,
    lang: Lang,
    told: impl Fn(u64, Line, &mut String) + Sync,
    mut take: impl FnMut(&str) -> bool,
) -> Result<(), Box<Problem>> {
    let work = |(): &mut (), block: &Block| {
        let mut text = String::new();
        for (index, line) in block.lines() {
            let line = match line {
                Some(line) => explain(line, index, lang),
                None => Err(blocks::too_long(index, lang)),
            };
            told(index, line, &mut text);
        }
        text
    };
    in_parallel(source, || (), work, |text: String| take(&text), lang).map(|_| ())
}

/// Blocks that were worked on, by their place in the stream; nothing when a thread ended.
type Done<O> = (u64, Block, O);

/// Cuts a source into blocks of whole lines, works on them on all cores and hands the results on in order. As many blocks
/// are under way as there are buffers, so that memory does not grow with the source.
fn in_parallel<S: Send, O: Send>(
    source: impl Read + Send,
    state: impl Fn() -> S,
    work: impl Fn(&mut S, &Block) -> O + Sync,
    mut take: impl FnMut(O) -> bool,
    lang: Lang,
) -> Result<Vec<S>, Box<Problem>> {
    let threads = thread::available_parallelism().map_or(2, usize::from).min(MOST_THREADS);
    let buffers = 2 * threads + 1;
    let (give, spare) = sync_channel::<Block>(buffers);
    let (send, receive) = sync_channel::<(u64, Block)>(buffers);
    let (finish, finished) = sync_channel::<Done<O>>(buffers);
    for _ in 0..buffers {
        // The channel holds them all.
        let _ = give.try_send(Block::default());
    }
    let queue = Mutex::new(receive);
    thread::scope(|scope| {
        let reader = scope.spawn(move || read_all(source, &spare, &send));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (mut state, finish, queue, work) = (state(), finish.clone(), &queue, &work);
                scope.spawn(move || {
                    while let Some((number, block)) = next(queue) {
                        let result = work(&mut state, &block);
                        if finish.send((number, block, result)).is_err() {
                            break;
                        }
                    }
                    state
                })
            })
            .collect();
        drop(finish);
        in_order(&finished, &give, &mut take);
        drop((finished, give));
        // Whatever still waits for a block learns here that none comes.
        let read = reader.join();
        let states: Result<Vec<S>, _> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        match (read, states) {
            (Ok(Ok(())), Ok(states)) => Ok(states),
            (Ok(Err(error)), _) => Err(failed(&error.to_string(), lang)),
            _ => Err(failed(&say!(lang, "a thread ended early", "线程提前结束"), lang)),
        }
    })
}

fn next(queue: &Mutex<Receiver<(u64, Block)>>) -> Option<(u64, Block)> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Hands results on in the order of their blocks and gives the buffers back, until all are in or nobody wants more.
fn in_order<O>(finished: &Receiver<Done<O>>, give: &SyncSender<Block>, take: &mut impl FnMut(O) -> bool) {
    let mut early: BTreeMap<u64, (Block, O)> = BTreeMap::new();
    let mut wanted = 0;
    while let Ok((number, block, result)) = finished.recv() {
        early.insert(number, (block, result));
        while let Some((block, result)) = early.remove(&wanted) {
            wanted += 1;
            if !take(result) {
                return;
            }
            // The reader may have come to the end; then nobody wants the buffer.
            let _ = give.try_send(block);
        }
    }
}

fn read_all(
    source: impl Read,
    spare: &Receiver<Block>,
    send: &SyncSender<(u64, Block)>,
) -> std::io::Result<()> {
    let mut blocks = Blocks::of(source);
    let mut number = 0;
    while let Ok(mut block) = spare.recv() {
        if !blocks.fill(&mut block)? || send.send((number, block)).is_err() {
            break;
        }
        number += 1;
    }
    Ok(())
}

fn failed(error: &str, lang: Lang) -> Box<Problem> {
    let words = say!(lang, "The stream cannot be read on: {error}.", "无法继续读取：{error}。");
    Box::new(Problem::refused("read.stream", words))
}

#[cfg(test)]
mod tests;
