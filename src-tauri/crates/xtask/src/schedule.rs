//! Runs suites side by side, one per core, and keeps what they print.

use crate::report::{Report, counted};
use crate::step::root;
use crate::suites::{Run, Suite};
use std::collections::VecDeque;
use std::fs;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Runs suites in the given order, as many at once as there are cores; one that fails stops none of the others.
pub(crate) fn run(suites: Vec<&'static Suite>) -> Vec<Report> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(suites.len());
    let queue = Mutex::new(VecDeque::from(suites));
    let reports = Mutex::new(Vec::new());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(suite) = next() {
                    let report = one(suite);
                    reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
                }
            });
        }
    });
    reports.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one suite; prints a line at its start, a line at its end, and all of its output when it fails.
fn one(suite: &'static Suite) -> Report {
    println!("▸ {} …", suite.name);
    let since = Instant::now();
    let (passed, output) = match suite.run {
        Run::Check(check) => match check() {
            Ok(said) => (true, said),
            Err(why) => (false, why),
        },
        Run::Commands(commands) => outputs(suite.name, commands()),
    };
    let report = counted(suite.name, passed, since.elapsed(), &output);
    if passed {
        println!("✓ {report}");
    } else {
        println!("\n{output}\n✗ {report}");
    }
    report
}

/// Runs commands until one fails; their output is kept in `target/suites/NAME.log`.
fn outputs(name: &str, commands: Vec<std::process::Command>) -> (bool, String) {
    let mut all = String::new();
    let mut passed = true;
    for mut command in commands {
        let output = command.stdin(Stdio::null()).output();
        match output {
            Ok(output) => {
                all.push_str(&String::from_utf8_lossy(&output.stdout));
                all.push_str(&String::from_utf8_lossy(&output.stderr));
                passed = output.status.success();
            }
            Err(error) => {
                all.push_str(&format!(
                    "{} cannot be started: {error}",
                    command.get_program().to_string_lossy()
                ));
                passed = false;
            }
        }
        if !passed {
            break;
        }
    }
    let folder = root().join("target/suites");
    let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{name}.log")), &all));
    (passed, all)
}
