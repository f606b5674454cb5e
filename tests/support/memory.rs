//! How much memory a command takes that reads a stream.

use crate::recorded_denials;
use std::io::{BufWriter, Write as _};
use std::process::{Command, Stdio};

/// The most memory a command held while it read so many lines from standard input, in KiB. It is looked at while the
/// command waits for more, for a process that has ended tells nothing.
pub fn peak(mut command: Command, count: usize) -> u64 {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = BufWriter::new(child.stdin.take().unwrap());
    for line in recorded_denials::lines().take(count) {
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
    }
    input.flush().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let mark = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let most = mark.trim().trim_end_matches(" kB").parse().unwrap();
    drop(input);
    child.wait().unwrap();
    most
}
