//! A source cut into blocks of whole lines.

use memchr::{memchr, memchr_iter, memrchr};
use scopes::diagnosis::read;
use scopes::lang::Lang;
use scopes::problem::Problem;
use std::io::{self, ErrorKind, Read};

/// How much is read at once, in bytes.
const BLOCK: usize = 256 * 1024;

/// Whole lines, or one line that is too long to be read.
#[derive(Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    /// Where the whole lines end.
    end: usize,
    /// Index of its first line.
    first: u64,
    too_long: bool,
}

impl Block {
    /// Its lines with their indices; `None` for a line that was too long.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, Option<&[u8]>)> {
        let long = self.too_long.then_some((self.first, None));
        let bytes = if self.too_long { &[][..] } else { self.bytes.get(..self.end).unwrap_or_default() };
        let whole = Lines { rest: bytes }.zip(self.first..).map(|(line, index)| (index, Some(line)));
        long.into_iter().chain(whole)
    }
}

struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let line = self.rest.get(..end)?;
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Some(line)
    }
}

/// Reads a source block by block.
pub(super) struct Blocks<R> {
    source: R,
    /// The beginning of a line whose end is not read yet.
    open: Vec<u8>,
    next: u64,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn of(source: R) -> Self {
        Self { source, open: Vec::new(), next: 0, ended: false }
    }

    /// Puts the next lines into a block, as many as come at once; `false` at the end.
    pub(super) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.bytes.clear();
        // A long line is rare: what it needed is given back.
        block.bytes.shrink_to(2 * BLOCK);
        block.bytes.append(&mut self.open);
        self.open.shrink_to(BLOCK);
        block.first = self.next;
        block.too_long = false;
        let mut looked = 0;
        loop {
            let fresh = block.bytes.get(looked..).unwrap_or_default();
            if let Some(last) = memrchr(b'\n', fresh) {
                block.end = looked + last + 1;
                self.open.extend(block.bytes.get(block.end..).unwrap_or_default());
                break;
            }
            if self.ended {
                block.end = block.bytes.len();
                break;
            }
            if block.bytes.len() > read::LONGEST {
                block.too_long = true;
                self.skip(&mut block.bytes)?;
                break;
            }
            looked = block.bytes.len();
            self.read(&mut block.bytes)?;
        }
        self.next +=
            if block.too_long { 1 } else { lines_in(block.bytes.get(..block.end).unwrap_or_default()) };
        Ok(block.too_long || block.end > 0)
    }

    /// Reads once; at the end nothing.
    fn read(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        let start = into.len();
        into.resize(start + BLOCK, 0);
        let got = loop {
            match self.source.read(into.get_mut(start..).unwrap_or_default()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                got => break got?,
            }
        };
        into.truncate(start + got);
        self.ended = got == 0;
        Ok(())
    }

    /// Drops the rest of a line that is too long.
    fn skip(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        while !self.ended {
            buffer.clear();
            self.read(buffer)?;
            if let Some(end) = memchr(b'\n', buffer) {
                self.open.extend(buffer.get(end + 1..).unwrap_or_default());
                break;
            }
        }
        Ok(())
    }
}

fn lines_in(bytes: &[u8]) -> u64 {
    let ends = memchr_iter(b'\n', bytes).count() as u64;
    ends + u64::from(bytes.last().is_some_and(|byte| *byte != b'\n'))
}

pub(super) fn too_long(index: u64, lang: Lang) -> Box<Problem> {
    read::unreadable(index, true, lang)
}
