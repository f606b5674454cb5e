//! The leak corpus through every output of the command line.

use crate::leaks_corpus::{Planted, corpus, leaked};
use crate::support::{Dir, run_in};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What of an input left through which output.
type Leaks = Mutex<Vec<String>>;

fn outputs(dir: &Dir, planted: &Planted) -> Vec<(&'static str, String)> {
    let input = dir.file("input", &planted.text);
    let (capsule, report) = (dir.path().join("out.har"), dir.path().join("out.md"));
    let (capsule, report) = (capsule.display().to_string(), report.display().to_string());
    let run = |args: &[&str]| {
        let args: Vec<&str> = ["diagnose", &input, "--status", "401"].iter().chain(args).copied().collect();
        let ran = run_in(dir.path(), &args, b"", &[]);
        (ran.out, ran.err)
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

#[test]
fn no_planted_secret_comes_through_any_output() {
    let all = corpus();
    assert!(all.len() >= 150, "{}", all.len());
    let (leaks, next, looked): (Leaks, _, _) = (Mutex::default(), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let dir = Dir::new();
                while let Some(planted) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outputs = outputs(&dir, planted);
                    looked.fetch_max(outputs.len(), Ordering::Relaxed);
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
    println!("count: leak corpus {} inputs x {} outputs, 0 canaries", all.len(), looked.into_inner());
}
