use super::*;
use scopes::diagnosis::read::LONGEST;
use std::io::{self, Cursor};

const DENIED: &str = r#"{"request":{"method":"GET","url":"https://g.test/api/cross-app/teams/t1/sets","headers":[{"name":"Accept","value":"*/*"}]},"response":{"status":429,"content":{"text":"{}"}}}"#;

/// Gives a few bytes at a time, as a pipe may.
struct Drops<R>(R, usize);

impl<R: Read> Read for Drops<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(into.len());
        self.0.read(&mut into[..most])
    }
}

fn told(source: impl Read + Send) -> Vec<String> {
    let mut lines = Vec::new();
    let one = |index: u64, line: Line, text: &mut String| match line {
        Ok(answers) => {
            for answer in answers {
                *text += &format!("{index} {}\n", answer.diagnosis.cause);
            }
        }
        Err(problem) => *text += &format!("{index} {}\n", problem.code),
    };
    each(source, Lang::En, one, |text| {
        lines.extend(text.lines().map(str::to_owned));
        true
    })
    .unwrap();
    lines
}

#[test]
fn lines_keep_their_order_and_numbers_however_they_arrive() {
    let text = format!("{DENIED}\n\nnone\r\n{DENIED}\r\n{DENIED}");
    let wanted = ["0 server.rate_limited", "2 read.line", "3 server.rate_limited", "4 server.rate_limited"];
    for size in [1, 7, 100, 1 << 20] {
        assert_eq!(told(Drops(Cursor::new(&text), size)), wanted, "{size} bytes at a time");
    }
    let many: String = (0..20_000).map(|_| format!("{DENIED}\n")).collect();
    let lines = told(Cursor::new(many));
    assert_eq!(lines.len(), 20_000);
    assert!(lines.iter().enumerate().all(|(at, line)| line.starts_with(&format!("{at} "))));
}

#[test]
fn a_line_that_never_ends_is_passed_over() {
    let long = io::repeat(b'x').take(LONGEST as u64 * 2);
    let source = DENIED.as_bytes().chain(&b"\n"[..]).chain(long).chain(&b"\n"[..]).chain(DENIED.as_bytes());
    assert_eq!(told(source), ["0 server.rate_limited", "1 read.line", "2 server.rate_limited"]);
    assert!(told(io::repeat(b'x').take(LONGEST as u64 * 2)) == ["0 read.line"]);
    assert!(told(io::empty()).is_empty());
}

#[test]
fn counts_and_problems_of_all_threads_come_together() {
    let text: String =
        (0..30_000).map(|at| if at % 1000 == 7 { "none\n".into() } else { format!("{DENIED}\n") }).collect();
    let summary = count(Cursor::new(text), By::Cause, "", Lang::En).unwrap();
    assert_eq!((summary.counts.total(), summary.unread, summary.problems.len()), (29_970, 30, 20));
    assert_eq!(summary.problems[0].related, ["8"]);
    assert_eq!(summary.counts.groups(Lang::En)[0].key.as_deref(), Some("server.rate_limited"));
}

#[test]
fn who_has_seen_enough_ends_the_stream() {
    let mut seen = 0;
    let endless = io::repeat(b'\n');
    each(
        endless,
        Lang::En,
        |_, _, text| text.push('x'),
        |_| {
            seen += 1;
            seen < 3
        },
    )
    .unwrap();
    assert_eq!(seen, 3);
}

#[test]
fn a_source_that_fails_is_said_to() {
    struct Torn;
    impl Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("torn"))
        }
    }
    let problem = count(Torn, By::Cause, "", Lang::En).err().unwrap();
    assert_eq!(problem.code, "read.stream");
    assert!(problem.message.contains("torn"));
}
