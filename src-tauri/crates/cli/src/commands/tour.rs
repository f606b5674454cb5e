//! The four jobs on a sandbox: done for real through the operations, printed as they happen, and checked.

mod calls;
mod definitions;
mod rules;
mod scopes;

use super::Ended;
use crate::Outcome;
use crate::args::Global;
use crate::out::{self, Tone};
use crate::render::{Reply, items, text};
use crate::session::Session;
use ::scopes::lang::Lang;
use ::scopes::problem::Problem;
use ::scopes::say;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global) -> Ended {
    let session = Session::on_own_sandbox(global).await?;
    let mut tour = Tour { session, job: 0, steps: Vec::new() };
    scopes::take(&mut tour).await?;
    definitions::take(&mut tour).await?;
    rules::take(&mut tour).await?;
    calls::take(&mut tour).await?;
    Ok(tour.end())
}

/// What has been done so far.
struct Tour {
    session: Session,
    job: u32,
    steps: Vec<Value>,
}

impl Tour {
    fn lang(&self) -> Lang {
        self.session.lang
    }

    /// Carries out an operation on the sandbox; the connection is filled in.
    async fn ask(&self, operation: &str, mut args: Value) -> Result<Value, Problem> {
        if let Some(args) = args.as_object_mut() {
            args.insert("connection".into(), json!(self.session.connection));
        }
        self.session.ask(operation, args).await
    }

    /// Begins the next job.
    fn job(&mut self, title: &str) {
        self.job += 1;
        if !self.session.json {
            if self.job > 1 {
                out::line("");
            }
            out::line(&format!("{}  {title}", self.job));
        }
    }

    /// Shows what is being done or what came back.
    fn show(&self, words: &str) {
        if !self.session.json {
            for line in words.lines() {
                out::line(&format!("   {}", out::safe(line)));
            }
        }
    }

    /// Notes whether what happened is what had to happen.
    fn check(&mut self, what: &str, found: bool) {
        if !self.session.json {
            let (mark, tone) = if found { ("✓", Tone::Pass) } else { ("✗", Tone::Fail) };
            out::line(&format!("   {} {}", out::paint(tone, mark), out::safe(what)));
        }
        self.steps.push(json!({ "job": self.job, "what": what, "as_expected": found }));
    }

    fn end(self) -> Outcome {
        let lang = self.lang();
        let wrong = self.steps.iter().filter(|step| step.at("as_expected") == false).count();
        if self.session.json {
            self.session.print_json(&json!({ "steps": self.steps, "different": wrong }));
        } else {
            let all = self.steps.len();
            out::line("");
            out::line(&match wrong {
                0 => say!(lang, "All {all} checks came out as they should.", "全部 {all} 项检查都符合预期。"),
                _ => say!(
                    lang,
                    "{wrong} of {all} checks came out differently.",
                    "{all} 项检查中有 {wrong} 项与预期不同。"
                ),
            });
        }
        if wrong == 0 { Outcome::Done } else { Outcome::Refused }
    }
}

/// The entry of a list whose member has this value.
fn entry<'a>(list: &'a Value, member: &str, value: &str) -> &'a Value {
    items(list).iter().find(|item| text(item.at(member)) == value).unwrap_or(&Value::Null)
}
