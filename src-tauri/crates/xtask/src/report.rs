//! What a suite did: its tests, its time, and the counts that it prints.

use std::fmt;
use std::time::Duration;

/// The result of one suite.
#[derive(Debug)]
pub(crate) struct Report {
    /// The suite.
    pub(crate) name: &'static str,
    /// Whether it passed.
    pub(crate) passed: bool,
    /// How long it took.
    pub(crate) time: Duration,
    /// Tests that passed and failed; 0 for a suite that is one check.
    pub(crate) tests: (usize, usize),
    /// What its tests counted: lines that begin with `count: `.
    pub(crate) counts: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tests = match self.tests {
            (0, 0) => String::new(),
            (passed, 0) => format!("{passed} tests"),
            (passed, failed) => format!("{passed} passed, {failed} FAILED"),
        };
        write!(f, "{:<12} {tests:>20} {:>6.0} s", self.name, self.time.as_secs_f32())
    }
}

/// Reads a suite's output: the closing lines of the Rust harness and of vitest, and the lines of counts.
pub(crate) fn counted(name: &'static str, passed: bool, time: Duration, output: &str) -> Report {
    let mut tests = (0, 0);
    let mut counts = Vec::new();
    for line in output.lines().map(plain) {
        if let Some(result) = line.strip_prefix("test result: ") {
            tests.0 += number_before(result, " passed");
            tests.1 += number_before(result, " failed");
        } else if let Some(result) = line.trim_start().strip_prefix("Tests ") {
            tests.0 += number_before(result, " passed");
            tests.1 += number_before(result, " failed");
        } else if let Some(count) = line.trim_start().strip_prefix("count: ") {
            counts.push(count.to_owned());
        }
    }
    Report { name, passed, time, tests, counts }
}

/// A line without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    text
}

fn number_before(text: &str, word: &str) -> usize {
    let before = text.split(word).next().filter(|before| before.len() < text.len()).unwrap_or_default();
    before.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Prints one line per suite with its counts, and the closing line.
pub(crate) fn print(reports: &[Report], time: Duration) {
    println!("\nSuite                       Tests     Time");
    for report in reports {
        println!("{report}{}", if report.passed { "" } else { "  failed" });
        for count in &report.counts {
            println!("    {count}");
        }
    }
    let passed: usize = reports.iter().map(|report| report.tests.0).sum();
    // A suite that fails without a failed test counts as one failure: a lint, a check, a program that cannot start.
    let failed: usize = reports.iter().map(|report| report.tests.1.max(usize::from(!report.passed))).sum();
    println!("All suites{:>23} {:>6.0} s\n", format!("{} tests", passed + failed), time.as_secs_f32());
    println!("{passed} passed, {failed} failed");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_harnesses_are_counted() {
        let output = "test result: ok. 12 passed; 0 failed; 1 ignored\n---- stdout\ncount: leaks 0 of 150\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored\n\
                      \u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m117 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (117)\n";
        let report = counted("x", false, Duration::ZERO, output);
        assert_eq!(report.tests, (132, 2));
        assert_eq!(report.counts, ["leaks 0 of 150"]);
    }

    #[test]
    fn nothing_is_counted_where_nothing_is_said() {
        let report = counted("x", true, Duration::ZERO, "error: could not compile\n0 passed\n");
        assert_eq!((report.tests, report.counts.len()), ((0, 0), 0));
    }
}
