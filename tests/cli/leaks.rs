//! The leak corpus through every output of the command line.

use crate::leaks_corpus::{Planted, corpus, leaked};
use crate::support::{Dir, Many, run_in};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What of an input left through which output.
type Leaks = Mutex<Vec<String>>;

/// Every how many inputs the program itself is started as well.
const STARTED: usize = 25;

/// What is written for an input, by output.
type Outputs = Vec<(&'static str, String)>;

/// Every output of an input. `run`: what a command with these arguments writes.
fn outputs(dir: &Dir, planted: &Planted, mut run: impl FnMut(&[&str]) -> (String, String)) -> Outputs {
    let input = dir.file("input", &planted.text);
    let (capsule, report) = (dir.path().join("out.har"), dir.path().join("out.md"));
    let (capsule, report) = (capsule.display().to_string(), report.display().to_string());
    let mut run = |args: &[&str]| {
        let args: Vec<&str> = ["diagnose", &input, "--status", "401"].iter().chain(args).copied().collect();
        run(&args)
    };
    let (text, problems) = run(&["--capsule", &capsule, "--report", &report, "--force"]);
    let (json, json_problems) = run(&["--json"]);
    let (minimised, contents) = run(&["--capsule", "-", "--minimise", "--hide-hosts", "--lang", "zh"]);
    let (short, _) = run(&["--report", "-", "--minimise"]);
    let file = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let all = vec![
        ("text", text),
        ("standard error", problems),
        ("--json", json),
        ("standard error of --json", json_problems),
        ("capsule", file(&capsule)),
        ("report", file(&report)),
        ("minimised capsule", minimised),
        ("what goes in", contents),
        ("minimised report", short),
    ];
    for path in [capsule, report] {
        let _ = std::fs::remove_file(path);
    }
    all
}

/// An output without the fingerprints of secrets, which differ from process to process.
fn without_fingerprints(text: &str) -> String {
    // In an address they are escaped, and part of the print of what was left out.
    let text = scopes::routes::percent_decoded(text);
    let left_out =
        text.split("left_out=").map(|piece| piece.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    let text = left_out.collect::<Vec<_>>().join("left_out=");
    // The credentials of a client are written in Base64, fingerprint included.
    let coded = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let basic = text.split("Basic ").map(|piece| {
        let rest = piece.trim_start_matches(coded);
        if piece.len() - rest.len() >= 16 { rest } else { piece }
    });
    let (mut out, mut inside) = (String::new(), false);
    for c in basic.collect::<Vec<_>>().join("Basic ").chars() {
        inside = (inside || c == '‹') && c != '›';
        out.push(if inside && c.is_ascii_hexdigit() { '0' } else { c });
    }
    out
}

/// Starts the program itself for an input: in one process or in many, the outputs are the same.
fn by_the_program(dir: &Dir, planted: &Planted, many: &Outputs) {
    let own = outputs(dir, planted, |args| {
        let ran = run_in(dir.path(), args, b"", &[]);
        (ran.out, ran.err)
    });
    for ((output, own), (_, text)) in own.iter().zip(many) {
        let (own, text) = (without_fingerprints(own), without_fingerprints(text));
        assert_eq!(own, text, "{} | {output}", planted.name);
    }
}

#[test]
fn no_planted_secret_comes_through_any_output() {
    let all = corpus();
    assert!(all.len() >= 150, "{}", all.len());
    let (leaks, next, looked): (Leaks, _, _) = (Mutex::default(), AtomicUsize::new(0), AtomicUsize::new(0));
    let started = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let dir = Dir::new();
                let mut many = Many::start(dir.path());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(planted) = all.get(number) else { break };
                    let outputs = outputs(&dir, planted, |args| many.run(args));
                    looked.fetch_add(outputs.len(), Ordering::Relaxed);
                    if number % STARTED == 0 {
                        by_the_program(&dir, planted, &outputs);
                        started.fetch_add(1, Ordering::Relaxed);
                    }
                    for (output, text) in outputs {
                        if let Some(part) = leaked(&text, &planted.secrets) {
                            let at = text.find(&part).unwrap_or_default();
                            let before: String = text[..at].chars().rev().take(60).collect();
                            let before: String = before.chars().rev().collect();
                            leaks.lock().unwrap().push(format!("{} | {output} | {before:?}", planted.name));
                        }
                    }
                }
            });
        }
    });
    let leaks = leaks.into_inner().unwrap();
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    println!(
        "count: leak corpus {} inputs, {} outputs, 0 canaries; {} inputs by the program itself as well",
        all.len(),
        looked.into_inner(),
        started.into_inner()
    );
}
