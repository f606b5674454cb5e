//! JSON lines of any length: a line in, an answer out, and no more memory for the last one than for the first.

use super::{Ended, certainty, print_groups};
use crate::args::Diagnose;
use crate::out::{self, paint, safe};
use crate::session::Session;
use crate::{Outcome, render};
use engine::stream::{self, Line};
use scopes::diagnosis::Certainty;
use scopes::diagnosis::groups::{By, Standing};
use scopes::diagnosis::stream::Answer;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) fn run(session: &Session, path: &Path, command: &Diagnose) -> Ended {
    let source: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error.to_string(), session.lang))?)
    };
    match &command.group_by {
        Some(by) => counts(session, source, by, command.filter.as_deref().unwrap_or_default()),
        None => answers(session, source, command),
    }
}

fn unreadable(path: &Path, error: &str, lang: Lang) -> Problem {
    let name = path.display();
    Problem::refused(
        "file.unreadable",
        say!(lang, "`{name}` cannot be read: {error}.", "无法读取 `{name}`：{error}。"),
    )
}

fn counts(session: &Session, source: impl Read + Send, by: &str, filter: &str) -> Ended {
    let lang = session.lang;
    let by = match by {
        "consumer" => By::Consumer,
        "route" => By::Route,
        "person" => By::Person,
        _ => By::Cause,
    };
    let summary = stream::count(source, by, filter, lang).map_err(|problem| *problem)?;
    let (counts, unread) = (&summary.counts, summary.unread);
    let groups = json!(counts.groups(lang));
    if session.json {
        session.print_json(&json!({
            "calls": counts.total(), "unread": unread, "beyond": counts.beyond(), "groups": groups,
            "problems": summary.problems,
        }));
    } else {
        print_groups(groups.as_array().map(Vec::as_slice).unwrap_or_default(), lang);
        for problem in &summary.problems {
            render::problem(problem, None, lang);
        }
        if unread > summary.problems.len() as u64 {
            out::error_line(&say!(lang, "{unread} lines could not be read.", "有 {unread} 行无法读取。"));
        }
        if counts.beyond() > 0 {
            let beyond = counts.beyond();
            out::error_line(&say!(
                lang,
                "{beyond} calls are of more groups than are kept apart.",
                "另有 {beyond} 个调用因分组过多未单独统计。"
            ));
        }
    }
    let open = unread > 0 || counts.standing(Standing::Open) > 0;
    // Where a filter was given, calls may have been read and none chosen.
    let read = counts.total() > 0 || unread == 0 && !filter.is_empty();
    Ok(Outcome::of_record(read, counts.standing(Standing::Denied) > 0, open || counts.total() == 0))
}

/// What the lines so far add up to.
#[derive(Default)]
struct Tally {
    /// Any call was read, and any was chosen by the filter.
    read: AtomicBool,
    seen: AtomicBool,
    denied: AtomicBool,
    open: AtomicBool,
}

impl Tally {
    fn add(&self, standing: Standing) {
        self.seen.store(true, Ordering::Relaxed);
        match standing {
            Standing::Allowed => {}
            Standing::Denied => self.denied.store(true, Ordering::Relaxed),
            Standing::Open => self.open.store(true, Ordering::Relaxed),
        }
    }

    fn outcome(&self) -> Outcome {
        let is = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        Outcome::of_record(is(&self.read), is(&self.denied), is(&self.open) || !is(&self.seen))
    }
}

fn answers(session: &Session, source: impl Read + Send, command: &Diagnose) -> Ended {
    let (lang, as_json) = (session.lang, session.json);
    let tally = Tally::default();
    let only = command.entry.map(u64::from);
    let filter = command.filter.as_deref().unwrap_or_default();
    let told = |index: u64, line: Line, text: &mut String| {
        if only.is_some_and(|only| only != index) {
            return;
        }
        match line {
            Ok(answers) => {
                tally.read.fetch_or(!answers.is_empty(), Ordering::Relaxed);
                for answer in answers.iter().filter(|answer| answer.verdict.passes(filter)) {
                    tally.add(Standing::of(answer.diagnosis.cause.as_str(), answer.diagnosis.status));
                    if as_json { as_line(index, answer, text) } else { as_text(index, answer, lang, text) }
                }
            }
            Err(problem) => {
                tally.open.store(true, Ordering::Relaxed);
                if as_json {
                    let line = json!({ "index": index, "problem": problem });
                    let _ = writeln!(text, "{}", scopes::text::visible_json(&line.to_string()));
                } else {
                    let _ = writeln!(text, "#{index}  {}", safe(&problem.message));
                }
            }
        }
    };
    let mut done = false;
    stream::each(source, lang, told, |text| {
        if !text.is_empty() {
            out::raw(text);
        }
        // Where one line was asked for, nothing behind it matters.
        done |= only.is_some() && !text.is_empty();
        !done
    })
    .map_err(|problem| *problem)?;
    Ok(tally.outcome())
}

/// One object on one line.
fn as_line(index: u64, answer: &Answer, text: &mut String) {
    let mut object = json!({ "index": index });
    let Some(members) = object.as_object_mut() else { return };
    if let Some(entry) = answer.entry {
        members.insert("entry".into(), entry.into());
    }
    if let Value::Object(diagnosis) = json!(answer.diagnosis) {
        // The table of all refusals of a route is the same for every call of it.
        members.extend(diagnosis.into_iter().filter(|(name, _)| name != "refusals"));
    }
    let verdict = &answer.verdict;
    members.insert("route".into(), json!(verdict.route));
    members.insert("consumer".into(), json!(verdict.consumer));
    members.insert("person".into(), json!(verdict.person));
    let _ = writeln!(text, "{}", scopes::text::visible_json(&object.to_string()));
}

/// Two lines: what was called, and why it was answered so.
fn as_text(index: u64, answer: &Answer, lang: Lang, text: &mut String) {
    let (call, diagnosis) = (&answer.call, &answer.diagnosis);
    let tone = if diagnosis.cause == "allowed" { out::Tone::Pass } else { out::Tone::Fail };
    let sure = certainty(
        match diagnosis.certainty {
            Certainty::Proven => "proven",
            Certainty::Likely => "likely",
            Certainty::Possible => "possible",
        },
        lang,
    );
    let status = diagnosis.status;
    let _ = writeln!(text, "#{index}  {status}  {}", safe(call));
    let cause = paint(tone, diagnosis.cause.as_str());
    let headline = safe(&diagnosis.headline);
    let _ =
        writeln!(text, "    {}", say!(lang, "{cause} ({sure})  {headline}", "{cause}（{sure}）  {headline}"));
}
