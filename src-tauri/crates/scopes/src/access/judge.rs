//! Rules and a subject in, a verdict with the rules behind it out.

use super::index::{Parties, Rules, Side};
use super::{AccessMode, DecidedBy, MAX_RULE_IDS, Party, Rule, RuleType, Verdict};
use crate::lang::{Lang, brief};
use crate::{say, work};

/// Whether a consumer may request the provider's scopes; `None` asks about anybody no rule names.
#[must_use]
pub fn may_request(rules: &[Rule], client_id: Option<&str>, names: &[Party], lang: Lang) -> Verdict {
    let (rules, names) = (Rules::of(rules), Parties::of(names));
    judge(rules.side(true), &Question { app: true, subject: client_id, names: &names, lang })
}

/// Whether a person may register the provider's scopes at a client; `None` asks about anybody no rule names.
#[must_use]
pub fn may_register(rules: &[Rule], user_id: Option<&str>, names: &[Party], lang: Lang) -> Verdict {
    let (rules, names) = (Rules::of(rules), Parties::of(names));
    judge(rules.side(false), &Question { app: false, subject: user_id, names: &names, lang })
}

/// Whether any allow rule of this side exists.
#[must_use]
pub fn mode(rules: &[Rule], app: bool) -> AccessMode {
    let listed = rules.iter().any(|rule| rule.rule_type.is_app() == app && rule.rule_type.is_allow());
    if listed { AccessMode::AllowList } else { AccessMode::Open }
}

pub(super) struct Question<'a> {
    pub(super) app: bool,
    pub(super) subject: Option<&'a str>,
    pub(super) names: &'a Parties<'a>,
    pub(super) lang: Lang,
}

pub(super) fn judge(side: &Side<'_>, question: &Question<'_>) -> Verdict {
    let naming = |allow| question.subject.map_or(&[][..], |subject| side.naming(allow, subject));
    let (denying, allowing) = (naming(false), naming(true));
    let (decided_by, deciding) = if !denying.is_empty() {
        (DecidedBy::DenyRule, denying)
    } else if !allowing.is_empty() {
        (DecidedBy::AllowRule, allowing)
    } else if !side.list.is_empty() {
        (DecidedBy::NotListed, side.list.as_slice())
    } else {
        (DecidedBy::NoRule, &[][..])
    };
    let overruled = decided_by == DecidedBy::DenyRule && !allowing.is_empty();
    let shown = deciding.get(..MAX_RULE_IDS).unwrap_or(deciding);
    work::steps(shown.len());
    Verdict {
        allowed: matches!(decided_by, DecidedBy::NoRule | DecidedBy::AllowRule),
        decided_by,
        sentence: sentence(question, decided_by, deciding, overruled),
        rule_ids: shown.iter().map(|rule| rule.id.clone()).collect(),
        rule_count: u32::try_from(deciding.len()).unwrap_or(u32::MAX),
    }
}

fn sentence(question: &Question<'_>, decided_by: DecidedBy, deciding: &[&Rule], overruled: bool) -> String {
    let lang = question.lang;
    let gap = if question.subject.is_none() && lang == Lang::Zh { "" } else { " " };
    let may = format!("{}{gap}{}", who(question), may(question, decided_by));
    let (allow, deny) = if question.app {
        (RuleType::AppAllow.name(), RuleType::AppDeny.name())
    } else {
        (RuleType::OwnerAllow.name(), RuleType::OwnerDeny.name())
    };
    match decided_by {
        DecidedBy::NoRule => say!(lang, "{may}: no rule is in the way.", "{may}：没有规则限制。"),
        DecidedBy::DenyRule if overruled => say!(
            lang,
            "{may}: `{deny}` and `{allow}` both name this one, and deny beats allow.",
            "{may}：`{deny}` 与 `{allow}` 都列出了它，拒绝优先于允许。"
        ),
        DecidedBy::DenyRule => say!(lang, "{may}: `{deny}` names this one.", "{may}：被 `{deny}` 列出。"),
        DecidedBy::AllowRule => say!(lang, "{may}: `{allow}` names this one.", "{may}：被 `{allow}` 列出。"),
        DecidedBy::NotListed => {
            let listed = listed(question, deciding);
            say!(lang, "{may}: `{allow}` lists only {listed}.", "{may}：`{allow}` 只列出了 {listed}。")
        }
    }
}

fn who(question: &Question<'_>) -> String {
    let lang = question.lang;
    let Some(id) = question.subject else {
        return if question.app {
            say!(lang, "Any other consumer", "其他消费方")
        } else {
            say!(lang, "Anybody else", "其他人")
        };
    };
    name_of(id, question.names)
}

fn may(question: &Question<'_>, decided_by: DecidedBy) -> String {
    let lang = question.lang;
    match (matches!(decided_by, DecidedBy::NoRule | DecidedBy::AllowRule), question.app) {
        (true, true) => say!(lang, "may request", "可以请求"),
        (false, true) => say!(lang, "may not request", "不可以请求"),
        (true, false) => say!(lang, "may register", "可以注册"),
        (false, false) => say!(lang, "may not register", "不可以注册"),
    }
}

/// At most three targets by name, the rest by number.
fn listed(question: &Question<'_>, rules: &[&Rule]) -> String {
    let lang = question.lang;
    let names: Vec<String> =
        rules.iter().take(3).map(|rule| name_of(&rule.target_id, question.names)).collect();
    let more = rules.len().saturating_sub(names.len());
    let comma = say!(lang, ", ", "、");
    let shown = names.join(&comma);
    match more {
        0 => shown,
        _ => {
            let all = rules.len();
            say!(lang, "{shown} and {more} more", "{shown} 等 {all} 个")
        }
    }
}

/// The name of a party, or its id in backticks.
pub(super) fn name_of(id: &str, names: &Parties<'_>) -> String {
    let known = names.with_id(id).and_then(|party| party.name.clone());
    known.unwrap_or_else(|| format!("`{}`", brief(id)))
}
