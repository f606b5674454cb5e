//! A refused call as a short text for somebody else's ticket: what was refused, why, who has to do what, the evidence.
//!
//! It is made of a capsule, so that it says nothing that the capsule does not hold.

use super::read::{Hint, Read, read};
use super::types::{Certainty, Diagnosis, EvidenceKind, GateState};
use super::{diagnose, reference};
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::say;
use std::fmt::Write as _;

/// Most facts that are listed.
const MAX_FACTS: usize = 20;

/// The report on the call of a capsule, Markdown, English first and Chinese after it. Empty where the text is no capsule.
#[must_use]
pub fn report(har: &str) -> String {
    let Read { entries, capsule, .. } = read(har, None, &Hint::default(), Lang::En);
    let Some(capsule) = capsule else { return String::new() };
    let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
    if exchanges.is_empty() {
        return String::new();
    }
    let call = exchanges.remove(0);
    let mut out = String::new();
    for lang in [Lang::En, Lang::Zh] {
        if !out.is_empty() {
            out.push_str("\n---\n\n");
        }
        let answer = diagnose(&call, &exchanges, &capsule.known(), lang);
        section(&mut out, &call, &answer, capsule.minimised, lang);
    }
    out
}

fn section(out: &mut String, call: &Exchange, answer: &Diagnosis, minimised: bool, lang: Lang) {
    let title = match answer.cause.as_str() {
        "allowed" => say!(lang, "Allowed call", "已放行的调用"),
        _ => say!(lang, "Refused call", "被拒绝的调用"),
    };
    let status = match answer.status {
        0 => say!(lang, "no response", "没有响应"),
        status => status.to_string(),
    };
    let _ = writeln!(out, "## {title}\n");
    let request = code(&format!("{} {}", call.request.method, call.request.url));
    let _ = writeln!(out, "- {}: {request}", say!(lang, "Request", "请求"));
    let _ = writeln!(out, "- {}: {status}", say!(lang, "Response status", "响应状态"));
    // The times of a minimised capsule count from the call and say nothing by themselves.
    if let Some(at) = call.started_at.filter(|_| !minimised) {
        let _ = writeln!(out, "- {}: {}", say!(lang, "Time", "时间"), super::capsule::time(at));
    }
    let sure = match answer.certainty {
        Certainty::Proven => say!(lang, "proven", "已证实"),
        Certainty::Likely => say!(lang, "likely", "很可能"),
        Certainty::Possible => say!(lang, "possible", "可能"),
    };
    let _ = writeln!(
        out,
        "- {}: {} ({sure})",
        say!(lang, "Reason code", "原因代码"),
        code(answer.cause.as_str())
    );
    let _ = writeln!(out, "\n### {}\n", say!(lang, "Why", "原因"));
    for sentence in [&answer.headline, &answer.detail] {
        if !sentence.is_empty() {
            let _ = writeln!(out, "{}", plain(sentence));
        }
    }
    for other in &answer.alternatives {
        let _ = writeln!(
            out,
            "- {}: {} {}",
            say!(lang, "Also possible", "也可能"),
            code(other.code.as_str()),
            plain(&other.title)
        );
    }
    steps(out, answer, lang);
    facts(out, answer, lang);
}

fn steps(out: &mut String, answer: &Diagnosis, lang: Lang) {
    if answer.remedies.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n### {}\n", say!(lang, "Who has to do what", "由谁做什么"));
    for (number, step) in answer.remedies.iter().enumerate() {
        let who = step.who_name.clone().unwrap_or_else(|| reference::actor(step.who, lang));
        let _ = writeln!(out, "{}. **{}**: {}", number + 1, plain(&who), plain(&step.action));
        if !step.detail.is_empty() {
            let _ = writeln!(out, "   {}", plain(&step.detail));
        }
    }
}

fn facts(out: &mut String, answer: &Diagnosis, lang: Lang) {
    let _ = writeln!(out, "\n### {}\n", say!(lang, "Evidence", "证据"));
    for gate in answer.gates.iter().filter(|gate| gate.state != GateState::NotReached) {
        let state = match gate.state {
            GateState::Passed => say!(lang, "passed", "通过"),
            GateState::Failed => say!(lang, "failed", "未通过"),
            GateState::Unknown | GateState::NotReached => say!(lang, "unknown", "未知"),
        };
        let _ = writeln!(out, "- {}: {state}", plain(&gate.title));
    }
    for fact in answer.evidence.iter().take(MAX_FACTS) {
        let kind = match fact.kind {
            EvidenceKind::Observed => say!(lang, "observed", "观察到"),
            EvidenceKind::Inferred => say!(lang, "inferred", "推断"),
        };
        let _ = writeln!(out, "- {kind}: {} ({})", plain(&fact.text), plain(&fact.source));
    }
}

/// A text as Markdown shows it: marks inside backticks stay, others are escaped, and it is one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '`' => {
                in_code = !in_code;
                out.push(c);
            }
            _ if crate::text::invisible(c).is_some() => out.extend(c.escape_unicode()),
            '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '\\' | '@' if !in_code => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    if in_code {
        out.push('`');
    }
    out
}

/// A text in backticks, which it cannot end.
fn code(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() && *c != '`').collect();
    format!("`{clean}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_server_is_no_markup() {
        assert_eq!(plain("a *b* <img> `x_y` @all\n#1"), "a \\*b\\* \\<img\\> `x_y` \\@all \\#1");
        assert_eq!(plain("cut `off"), "cut `off`");
        assert_eq!(code("a`b\nc"), "`abc`");
    }

    #[test]
    fn only_a_capsule_has_a_report() {
        assert_eq!(report("{}"), "");
    }
}
