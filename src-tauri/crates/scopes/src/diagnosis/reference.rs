//! The reference of all reason codes: the same table as data for a reader who has no particular call at hand.

use super::reasons::{self, Reason, Step};
use super::words::capitalised;
use crate::lang::Lang;
use crate::problem::Actor;
use crate::say;
use serde::Serialize;
use std::fmt::Write;
use ts_rs::TS;

/// One reason code explained in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReasonEntry {
    /// The code, e.g. `scope.not_registered`.
    pub code: String,
    /// What stands before its dot; the code itself where there is none.
    pub family: String,
    /// The family in a word or two.
    pub family_title: String,
    /// Its meaning in a few words.
    pub title: String,
    /// The answer in one sentence.
    pub headline: String,
    /// The question that would settle whether it is this one.
    pub question: Option<String>,
    /// The cure in order.
    pub steps: Vec<ReasonStep>,
}

/// One step of the cure of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReasonStep {
    /// Who acts.
    pub who: Actor,
    /// What they do.
    pub action: String,
    /// One line more.
    pub detail: Option<String>,
    /// Whether a new authorization is part of it.
    pub reauthorize: bool,
}

/// Every code in that language, in the order of the table; places hold plain words.
#[must_use]
pub fn entries(lang: Lang) -> Vec<ReasonEntry> {
    reasons::all().iter().map(|reason| entry(reason, lang)).collect()
}

fn entry(reason: &Reason, lang: Lang) -> ReasonEntry {
    let family = reason.code.family();
    let title = family.row().map(|row| row.title.get(lang).to_owned());
    ReasonEntry {
        code: reason.code.to_string(),
        family: family.as_str().to_owned(),
        family_title: title.unwrap_or_default(),
        title: plain(reason.title.get(lang), lang),
        headline: plain(reason.headline.get(lang), lang),
        question: reason.question.as_ref().map(|text| plain(text.get(lang), lang)),
        steps: reason.steps.iter().map(|step| step_of(step, lang)).collect(),
    }
}

fn step_of(step: &Step, lang: Lang) -> ReasonStep {
    ReasonStep {
        who: step.who,
        action: plain(step.action.get(lang), lang),
        detail: step.detail.as_ref().map(|text| plain(text.get(lang), lang)),
        reauthorize: step.reauthorize,
    }
}

/// The text with a plain word at every place. What stood in backticks was a name; a plain word is none.
fn plain(text: &str, lang: Lang) -> String {
    const PLACES: [(&str, &str, &str); 8] = [
        ("role `{role}`", "role", "role"),
        ("角色 `{role}`", "角色", "该角色"),
        ("`{role}`", "the role", "该角色"),
        ("`{permission}`", "the permission", "该权限"),
        ("{consumer}", "the consumer", "消费方"),
        ("{person}", "the user", "用户"),
        ("{scopes}", "the scope", "所需的权限范围"),
        ("{resource}", "resource", "资源"),
    ];
    let mut filled = text.to_owned();
    for (place, en, zh) in PLACES {
        filled = match lang {
            Lang::En => filled.replace(place, en),
            // A name is set off by blanks in a Chinese sentence, a word is not.
            Lang::Zh => filled
                .replace(&format!(" {place} "), zh)
                .replace(&format!(" {place}"), zh)
                .replace(&format!("{place} "), zh)
                .replace(place, zh),
        };
    }
    capitalised(&filled)
}

/// Who acts, as a reader says it.
#[must_use]
pub fn actor(who: Actor, lang: Lang) -> String {
    match who {
        Actor::ConsumerDeveloper => say!(lang, "developer of the consumer", "消费方开发者"),
        Actor::ProviderOwner => say!(lang, "owner of the provider", "提供方所有者"),
        Actor::EndUser => say!(lang, "user", "用户"),
        Actor::TeamAdmin => say!(lang, "admin of the team", "团队管理员"),
        Actor::AuthorizationServerAdmin => say!(lang, "administrator of Prism", "Prism 管理员"),
        Actor::Operator => say!(lang, "operator of the deployment", "部署的运维人员"),
    }
}

/// The reference as a page of Markdown: `docs/reasons.md`, `docs/reasons.zh.md`.
#[must_use]
pub fn page(lang: Lang) -> String {
    let mut page = say!(
        lang,
        "# Reason codes\n\nEvery code a diagnosis can name: what it means, what would settle it, and who cures it. Generated from the table the diagnosis itself uses.\n\n[Chinese](reasons.zh.md)\n",
        "# 原因代码\n\n诊断可能给出的每个代码：含义、可以确认它的问题，以及由谁处理。由诊断所用的同一张表生成。\n\n[English](reasons.md)\n"
    );
    let mut family = String::new();
    for entry in entries(lang) {
        if entry.family != family {
            let _ = write!(page, "\n## {}\n", entry.family_title);
            family.clone_from(&entry.family);
        }
        section(&mut page, &entry, lang);
    }
    page
}

fn section(page: &mut String, entry: &ReasonEntry, lang: Lang) {
    let ReasonEntry { code, title, headline, .. } = entry;
    let meaning = say!(lang, "**{title}.** {headline}", "**{title}。** {headline}");
    let _ = write!(page, "\n### `{code}`\n\n{meaning}\n");
    if let Some(question) = &entry.question {
        let _ = write!(page, "\n{question}\n");
    }
    for (at, step) in entry.steps.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        let _ = writeln!(page, "{gap}{}. {}", at + 1, step_line(step, lang));
    }
}

/// A step in one line: what, who, what else.
fn step_line(step: &ReasonStep, lang: Lang) -> String {
    let (action, who) = (&step.action, actor(step.who, lang));
    let mut line = say!(lang, "{action} (*{who}*).", "{action}（*{who}*）。");
    if let Some(detail) = &step.detail {
        line.push_str(&say!(lang, " {detail}", "{detail}"));
    }
    if step.reauthorize {
        line.push_str(&say!(lang, " Needs a new approval.", "需要重新授权。"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(entry: &ReasonEntry) -> Vec<&str> {
        let steps = entry.steps.iter().flat_map(|step| [Some(step.action.as_str()), step.detail.as_deref()]);
        [Some(entry.title.as_str()), Some(&entry.headline), entry.question.as_deref()]
            .into_iter()
            .chain(steps)
            .flatten()
            .collect()
    }

    #[test]
    fn no_place_stays_empty_and_nothing_is_forgotten() {
        for lang in [Lang::En, Lang::Zh] {
            let entries = entries(lang);
            assert_eq!(entries.len(), reasons::all().len());
            for entry in &entries {
                for text in texts(entry) {
                    assert!(!text.is_empty() && !text.contains(['{', '}']), "{}: {text}", entry.code);
                }
                assert!(page(lang).contains(&format!("### `{}`\n", entry.code)), "{}", entry.code);
            }
        }
    }

    #[test]
    fn places_read_as_words() {
        let of = |code: &str, lang| {
            entries(lang).into_iter().find(|entry| entry.code == code).map(|entry| entry.headline)
        };
        let never = of("scope.not_registered", Lang::En);
        assert_eq!(never.as_deref(), Some("The consumer never registered the scope."));
        let role = of("role.global_row", Lang::En);
        assert_eq!(role.as_deref(), Some("The team has switched the permission off for the role."));
        assert_eq!(of("role.global_row", Lang::Zh).as_deref(), Some("团队为该角色关闭了该权限。"));
        assert_eq!(of("role.default", Lang::Zh).as_deref(), Some("该角色不允许：该权限默认关闭。"));
    }

    #[test]
    fn a_family_stands_in_one_piece_under_its_own_name() {
        for lang in [Lang::En, Lang::Zh] {
            let mut seen: Vec<(String, String)> = Vec::new();
            for entry in entries(lang) {
                if seen.last().is_none_or(|(family, _)| *family != entry.family) {
                    let known = seen.iter().any(|(f, t)| *f == entry.family || *t == entry.family_title);
                    assert!(!known, "{}", entry.code);
                    seen.push((entry.family, entry.family_title));
                }
            }
        }
    }
}
