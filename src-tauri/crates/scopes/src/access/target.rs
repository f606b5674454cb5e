//! What a rule's target is, and what is wrong with it. Prism checks nothing of this (contract §4).

use super::judge::name_of;
use super::{Party, Rule, RuleType, TargetKind};
use crate::id::{check_client_id, is_hex_id};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::profile::prism;
use crate::say;

/// What a target looks like.
#[must_use]
pub fn target_kind(target: &str) -> TargetKind {
    let target = target.trim();
    if is_hex_id(target) {
        TargetKind::HexId
    } else if target.starts_with("prism_") && !target.starts_with("prism_pat_") {
        TargetKind::ClientId
    } else {
        TargetKind::Other
    }
}

/// Whether a target is of the kind its rule looks at, so that the rule can ever hit somebody.
pub(super) fn fits(rule_type: RuleType, target: &str, consumers: &[Party]) -> bool {
    match (rule_type.is_app(), target_kind(target)) {
        (true, TargetKind::ClientId) => true,
        (false, TargetKind::HexId) => owner_of_alias(target, consumers).is_none(),
        _ => false,
    }
}

/// Everything wrong with one rule among the rules it will live with. `is_draft`: it can still be kept from being sent.
pub(super) fn problems(
    rule: &Rule,
    is_draft: bool,
    all: &[Rule],
    consumers: &[Party],
    people: &[Party],
    lang: Lang,
) -> Vec<Problem> {
    if rule.target_id.trim().is_empty() {
        let message = say!(lang, "The rule names nobody.", "规则没有写明对象。");
        return vec![Problem::refused("access.no_target", message).hinted(kind_wanted(rule.rule_type, lang))];
    }
    let mut problems = Vec::new();
    if fits(rule.rule_type, &rule.target_id, consumers) {
        problems.extend(odd_client_id(rule, consumers, lang));
        problems.extend(contradiction(rule, all, consumers, people, lang));
        problems.extend(needless(rule, all, lang));
    } else {
        problems.push(wrong_kind(rule, is_draft, consumers, people, lang));
    }
    if is_draft {
        problems.extend(duplicate(rule, all, lang));
    }
    problems
}

fn kind_wanted(rule_type: RuleType, lang: Lang) -> String {
    let name = rule_type.name();
    if rule_type.is_app() {
        say!(
            lang,
            "Name a client id in `{name}`: it starts with `prism_`.",
            "`{name}` 要写 client id：以 `prism_` 开头。"
        )
    } else {
        say!(
            lang,
            "Name a user id in `{name}`: 32 hex digits, the `sub` of introspection.",
            "`{name}` 要写用户 id：32 位十六进制数字，即 introspection 的 `sub`。"
        )
    }
}

fn wrong_kind(rule: &Rule, is_draft: bool, consumers: &[Party], people: &[Party], lang: Lang) -> Problem {
    let (name, target) = (rule.rule_type.name(), &rule.target_id);
    let what = what_it_is(target, consumers, people, lang);
    let effect = if rule.rule_type.is_allow() {
        say!(lang, "it matches nobody and shuts everybody out", "它不匹配任何对象，并把所有人挡在外面")
    } else {
        say!(lang, "it matches nobody", "它不匹配任何对象")
    };
    let message = say!(lang, "`{name}` names {what}; {effect}.", "`{name}` 写的是{what}；{effect}。");
    let code = "access.wrong_kind";
    let problem = if is_draft { Problem::refused(code, message) } else { Problem::risky(code, message) };
    let known = if rule.rule_type.is_app() { consumers } else { people };
    let hint = match owner_of_alias(target, known) {
        Some(party) => {
            let (id, who) = (&party.id, name_of(&party.id, known));
            say!(lang, "Name `{id}`, the id of {who}.", "改为 `{id}`，即 {who} 的 id。")
        }
        None => kind_wanted(rule.rule_type, lang),
    };
    let problem = problem.hinted(hint).about(target);
    match owner_of_alias(target, known) {
        Some(party) => problem.about(&party.id),
        None => problem,
    }
}

fn what_it_is(target: &str, consumers: &[Party], people: &[Party], lang: Lang) -> String {
    if let Some(party) =
        owner_of_alias(target, consumers).filter(|_| target_kind(target) == TargetKind::HexId)
    {
        let who = name_of(&party.id, consumers);
        return say!(lang, "the internal id of {who}", " {who} 的内部 id");
    }
    if people.iter().any(|party| party.id == target) {
        let who = name_of(target, people);
        return say!(lang, "{who}, a person", "用户 {who}");
    }
    match target_kind(target) {
        TargetKind::ClientId => say!(lang, "a client id", "一个 client id"),
        TargetKind::HexId => {
            say!(lang, "the internal id of a client, a person or a team", "客户端、用户或团队的内部 id")
        }
        TargetKind::Other if owner_of_alias(target, people).is_some() => {
            say!(lang, "a user name", "用户名")
        }
        TargetKind::Other => {
            say!(lang, "neither a client id nor a user id", "既非 client id 也非用户 id 的内容")
        }
    }
}

fn owner_of_alias<'a>(target: &str, parties: &'a [Party]) -> Option<&'a Party> {
    parties.iter().find(|party| party.aliases.iter().any(|alias| alias == target))
}

fn odd_client_id(rule: &Rule, consumers: &[Party], lang: Lang) -> Option<Problem> {
    let target = &rule.target_id;
    let known = consumers.iter().any(|party| party.id == *target);
    if !rule.rule_type.is_app() || known || check_client_id(target, &prism().client_id).is_ok() {
        return None;
    }
    let message = say!(
        lang,
        "`{target}` is not a whole client id; Prism takes it all the same.",
        "`{target}` 不是完整的 client id；Prism 仍会接受。"
    );
    let meant = crate::scope::did_you_mean(target, consumers.iter().map(|party| party.id.as_str()));
    let hint = match meant {
        Some(meant) => say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？"),
        None => kind_wanted(rule.rule_type, lang),
    };
    let problem = Problem::risky("access.odd_target", message).hinted(hint).about(target);
    Some(match meant {
        Some(meant) => problem.about(meant),
        None => problem,
    })
}

fn contradiction(
    rule: &Rule,
    all: &[Rule],
    consumers: &[Party],
    people: &[Party],
    lang: Lang,
) -> Option<Problem> {
    let other = all.iter().find(|other| {
        other.target_id == rule.target_id
            && other.rule_type.is_app() == rule.rule_type.is_app()
            && other.rule_type.is_allow() != rule.rule_type.is_allow()
    })?;
    let known = if rule.rule_type.is_app() { consumers } else { people };
    let (who, name, other) = (name_of(&rule.target_id, known), rule.rule_type.name(), other.rule_type.name());
    let message = if rule.rule_type.is_allow() {
        say!(
            lang,
            "`{other}` names {who}, too: deny beats allow, so this rule lets nobody in.",
            "`{other}` 也列出了 {who}：拒绝优先，这条规则不会放行任何人。"
        )
    } else {
        say!(
            lang,
            "`{other}` names {who}, too: this rule wins.",
            "`{other}` 也列出了 {who}：以这条规则为准。"
        )
    };
    Some(
        Problem::risky("access.contradiction", message)
            .hinted(say!(lang, "Keep `{name}` or `{other}`, not both.", "`{name}` 与 `{other}` 只保留一条。"))
            .about(&rule.target_id),
    )
}

/// A deny rule for somebody the allow list shuts out anyway.
fn needless(rule: &Rule, all: &[Rule], lang: Lang) -> Option<Problem> {
    let same_side =
        |other: &&Rule| other.rule_type.is_app() == rule.rule_type.is_app() && other.rule_type.is_allow();
    let allow: Vec<&Rule> = all.iter().filter(same_side).collect();
    if rule.rule_type.is_allow()
        || allow.is_empty()
        || allow.iter().any(|other| other.target_id == rule.target_id)
    {
        return None;
    }
    let list = if rule.rule_type.is_app() { "app_allow" } else { "owner_allow" };
    let message = say!(
        lang,
        "The rule changes nothing now: `{list}` shuts this one out already.",
        "这条规则目前不起作用：`{list}` 已经把它挡在外面。"
    );
    Some(Problem::note("access.dead_rule", message).about(&rule.target_id))
}

fn duplicate(rule: &Rule, all: &[Rule], lang: Lang) -> Option<Problem> {
    let same = |other: &&Rule| {
        other.id != rule.id
            && other.rule_type == rule.rule_type
            && other.target_id.trim() == rule.target_id.trim()
    };
    let other = all.iter().find(same)?;
    // Of two equal drafts the later one is the duplicate.
    if draft_number(&other.id) > draft_number(&rule.id) {
        return None;
    }
    let message = say!(
        lang,
        "This rule exists already; Prism answers 409 `Rule already exists`.",
        "这条规则已经存在；Prism 会回复 409 `Rule already exists`。"
    );
    Some(
        Problem::refused("access.duplicate", message)
            .hinted(say!(lang, "Leave it out.", "不要添加它。"))
            .about(&rule.target_id),
    )
}

/// Live rules come before drafts.
fn draft_number(id: &str) -> Option<usize> {
    id.strip_prefix("draft:").and_then(|number| number.parse().ok())
}
