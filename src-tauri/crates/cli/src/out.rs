//! Writing to the terminal. Text of servers and files goes through [`safe`] or [`safe_block`] first.

use crate::args::Variable;
use std::cell::RefCell;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command wrote.
#[derive(Default)]
pub(crate) struct Written {
    /// To standard output.
    pub(crate) out: Vec<u8>,
    /// To standard error.
    pub(crate) error: Vec<u8>,
}

thread_local! {
    /// Takes what this thread writes instead of standard output and standard error.
    static CAPTURED: RefCell<Option<Written>> = const { RefCell::new(None) };
}

/// Runs something and returns what it wrote in this thread.
pub(crate) fn captured<T>(run: impl FnOnce() -> T) -> (T, Written) {
    CAPTURED.set(Some(Written::default()));
    let done = run();
    (done, CAPTURED.take().unwrap_or_default())
}

fn is_captured() -> bool {
    CAPTURED.with_borrow(Option::is_some)
}

/// Whether the reader of standard output closed the pipe.
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Writes a line to standard output.
pub(crate) fn line(text: &str) {
    write(|out| writeln!(out, "{text}"));
}

/// Writes a text to standard output as it is.
pub(crate) fn raw(text: &str) {
    write(|out| out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Writes a line to standard error.
pub(crate) fn error_line(text: &str) {
    // Where nobody reads standard error there is nobody to tell.
    let _ = CAPTURED.with_borrow_mut(|captured| match captured {
        Some(written) => writeln!(written.error, "{text}"),
        None => writeln!(io::stderr().lock(), "{text}"),
    });
}

/// Writes to standard output. When the reader closes the pipe (`| head`), output stops and the command runs to its end,
/// so that its exit code is that of its result. Any other error, such as a full disk, ends the command.
fn write(text: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    if CLOSED.load(Ordering::Relaxed) {
        return;
    }
    let written = CAPTURED.with_borrow_mut(|captured| match captured {
        Some(written) => text(&mut written.out),
        None => text(&mut io::stdout().lock()),
    });
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => CLOSED.store(true, Ordering::Relaxed),
        Err(error) => {
            error_line(&error.to_string());
            std::process::exit(3);
        }
        Ok(()) => {}
    }
}

/// What a word means, for its colour. The word itself says it, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Pass,
    Fail,
    Warn,
    Plain,
}

/// Puts a colour on a word where standard output is a terminal that wants colours.
pub(crate) fn paint(tone: Tone, text: &str) -> String {
    let wanted = !is_captured() && io::stdout().is_terminal() && Variable::NoColor.value().is_none();
    let code = match tone {
        Tone::Pass => "32",
        Tone::Fail => "31",
        Tone::Warn => "33",
        Tone::Plain => return text.to_owned(),
    };
    if wanted { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// One line of foreign text: control characters, direction marks and zero-width characters become visible.
pub(crate) fn safe(text: &str) -> String {
    text.chars().map(|c| visible(c, false)).collect()
}

/// The same for several lines: line breaks and tabs stay.
pub(crate) fn safe_block(text: &str) -> String {
    text.chars().map(|c| visible(c, true)).collect()
}

fn visible(c: char, block: bool) -> String {
    match c {
        '\n' | '\t' if block => c.into(),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}').into(),
        '\u{7f}' => '\u{2421}'.into(),
        _ if scopes::text::invisible(c).is_some() => format!("⟨U+{:04X}⟩", u32::from(c)),
        _ => c.into(),
    }
}

/// How many columns of a terminal a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_server_reaches_the_terminal_unseen() {
        assert_eq!(safe("a\u{1b}[31mb\n\u{202e}c\u{9b}"), "a␛[31mb␊⟨U+202E⟩c⟨U+009B⟩");
        assert_eq!(safe_block("a\n\tb\r"), "a\n\tb␍");
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(width("标题 ab"), 7);
    }
}
