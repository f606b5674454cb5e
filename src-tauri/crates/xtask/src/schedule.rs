//! Runs suites side by side and keeps what they print.

use crate::report::{Report, counted};
use crate::step::{Outcome, root};
use crate::suites::{Run, Suite};
use std::collections::VecDeque;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// What the workers take from.
struct Work {
    /// Suites that need no build.
    first: VecDeque<&'static Suite>,
    /// Suites that need it.
    later: VecDeque<&'static Suite>,
    build: Build,
    reports: Vec<Report>,
}

enum Build {
    /// Still to be done, by the first worker that finds no other suite to begin with.
    Open(Box<dyn FnOnce() -> Outcome + Send>),
    UnderWay,
    Ended(Outcome),
}

enum Next {
    Suite(&'static Suite),
    Build(Box<dyn FnOnce() -> Outcome + Send>),
}

/// Runs suites in the given order: `first` at once, `later` when `build` has ended; one that fails stops none of the
/// others, a failed build leaves `later` out. There is one worker more than there are cores, since suites wait for
/// processes and servers of their own.
pub(crate) fn run(
    first: Vec<&'static Suite>,
    build: impl FnOnce() -> Outcome + Send + 'static,
    later: Vec<&'static Suite>,
) -> (Vec<Report>, Outcome) {
    let workers = thread::available_parallelism().map_or(1, usize::from).saturating_add(1);
    let build = if later.is_empty() { Build::Ended(Ok(())) } else { Build::Open(Box::new(build)) };
    let work = Mutex::new(Work { first: first.into(), later: later.into(), build, reports: Vec::new() });
    let changed = Condvar::new();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| worker(&work, &changed));
        }
    });
    let work = work.into_inner().unwrap_or_else(PoisonError::into_inner);
    match work.build {
        Build::Ended(outcome) => (work.reports, outcome),
        Build::Open(_) | Build::UnderWay => (work.reports, Err("the build was not ended".to_owned())),
    }
}

fn worker(work: &Mutex<Work>, changed: &Condvar) {
    let lock = || work.lock().unwrap_or_else(PoisonError::into_inner);
    while let Some(next) = take(lock(), changed) {
        match next {
            Next::Suite(suite) => {
                let report = one(suite);
                lock().reports.push(report);
            }
            Next::Build(build) => {
                let outcome = build();
                lock().build = Build::Ended(outcome);
                changed.notify_all();
            }
        }
    }
}

/// The next thing to do; waits for the build where only that is left.
fn take(mut work: MutexGuard<'_, Work>, changed: &Condvar) -> Option<Next> {
    loop {
        if let Some(suite) = work.first.pop_front() {
            return Some(Next::Suite(suite));
        }
        match std::mem::replace(&mut work.build, Build::UnderWay) {
            Build::Open(build) => return Some(Next::Build(build)),
            Build::Ended(outcome) => {
                let passed = outcome.is_ok();
                work.build = Build::Ended(outcome);
                return if passed { work.later.pop_front().map(Next::Suite) } else { None };
            }
            Build::UnderWay => work = changed.wait(work).unwrap_or_else(PoisonError::into_inner),
        }
    }
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
        Run::Commands(commands) => kept(suite.name, in_order(commands())),
        Run::Beside(commands) => kept(suite.name, beside(commands())),
    };
    let report = counted(suite.name, passed, since.elapsed(), &output);
    if passed {
        println!("✓ {report}");
    } else {
        println!("\n{output}\n✗ {report}");
    }
    report
}

/// Keeps what a suite printed in `target/suites/NAME.log`.
fn kept(name: &str, (passed, output): (bool, String)) -> (bool, String) {
    let folder = root().join("target/suites");
    let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{name}.log")), &output));
    (passed, output)
}

/// Runs commands until one fails.
fn in_order(commands: Vec<Command>) -> (bool, String) {
    let mut all = String::new();
    for command in commands {
        let (passed, output) = output(command);
        all.push_str(&output);
        if !passed {
            return (false, all);
        }
    }
    (true, all)
}

/// Runs commands at the same time; what they print is kept in their order.
fn beside(commands: Vec<Command>) -> (bool, String) {
    let ended: Vec<(bool, String)> = thread::scope(|scope| {
        let running: Vec<_> = commands.into_iter().map(|one| scope.spawn(|| output(one))).collect();
        let ended = running.into_iter().map(|one| one.join());
        ended
            .map(|one| one.unwrap_or_else(|_| (false, "a command could not be waited for".to_owned())))
            .collect()
    });
    (ended.iter().all(|(passed, _)| *passed), ended.into_iter().map(|(_, output)| output).collect())
}

/// Runs one command to its end: whether it passed, and what it printed.
fn output(mut command: Command) -> (bool, String) {
    match command.stdin(Stdio::null()).output() {
        Ok(output) => {
            let printed =
                [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
            (output.status.success(), printed.concat())
        }
        Err(error) => {
            (false, format!("{} cannot be started: {error}", command.get_program().to_string_lossy()))
        }
    }
}
