//! 100 000 recorded denials as JSON lines, counted by reason: `cargo xtask bench diagnose`. Prints times beside `jq` and `node`
//! counting by status and text in the same run, and the memory of the command for a short and a long stream.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a tool that prints, and stops where something is amiss"
)]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
#[cfg(target_os = "linux")]
use tests::memory;
use tests::recorded_denials as denials;

const LINES: usize = 100_000;
const ROUNDS: usize = 11;
const JQ: &str = "reduce inputs as $e ({}; .[\"\\($e.response.status) \\($e.response.content.text | (fromjson? | .error?) // .)\"] += 1)";
const NODE: &str = r#"
const counts = {};
for (const line of require('node:fs').readFileSync(process.argv[1], 'utf8').split('\n')) {
  if (!line) continue;
  const { response } = JSON.parse(line);
  let text = response.content.text;
  try { text = JSON.parse(text).error ?? text; } catch {}
  const key = response.status + ' ' + text;
  counts[key] = (counts[key] ?? 0) + 1;
}
console.log(JSON.stringify(counts));
"#;

fn main() {
    let folder = std::env::temp_dir().join(format!("spectroscope-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let long = written(&folder.join("long.jsonl"), LINES);
    let bytes = std::fs::metadata(&long).unwrap().len();
    println!("{LINES} denials, {:.1} MB", bytes as f64 / 1e6);
    let own = |file: &Path| {
        let mut command = Command::new(tests::places::spectroscope());
        command.args(["diagnose", "--format", "jsonl", "--group-by", "cause", "--json"]).arg(file);
        command
    };
    let mut peers: Vec<(&str, Command, Vec<f64>)> = vec![("spectroscope", own(&long), Vec::new())];
    let mut jq = Command::new("jq");
    jq.args(["-n", JQ]).arg(&long);
    let mut node = Command::new("node");
    node.args(["-e", NODE]).arg(&long);
    for (name, command) in [("jq", jq), ("node", node)] {
        match Command::new(name).arg("--version").stdout(Stdio::null()).status() {
            Ok(_) => peers.push((name, command, Vec::new())),
            Err(_) => println!("{name} is not here and is left out"),
        }
    }
    for _ in 0..ROUNDS {
        for (_, command, times) in &mut peers {
            let begun = Instant::now();
            let status = command.stdout(Stdio::null()).status().unwrap();
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            assert!(status.code().is_some_and(|code| code < 2), "{status}");
        }
    }
    let mut first = None;
    for (name, _, times) in &mut peers {
        times.sort_by(f64::total_cmp);
        let (median, p95) = (times[times.len() / 2], times[times.len() * 95 / 100]);
        let own = *first.get_or_insert(median);
        println!("{name:<14} median {median:>7.1} ms   p95 {p95:>7.1} ms   {:>5.1} × ours", median / own);
    }
    #[cfg(target_os = "linux")]
    for count in [LINES / 10, LINES] {
        let mark = memory::peak(own(Path::new("-")), count);
        println!("peak memory at {count:>7} lines: {:>6.1} MiB", mark as f64 / 1024.0);
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn written(path: &Path, lines: usize) -> PathBuf {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for line in denials::lines().take(lines) {
        out.write_all(line.as_bytes()).unwrap();
        out.write_all(b"\n").unwrap();
    }
    out.flush().unwrap();
    path.to_owned()
}
