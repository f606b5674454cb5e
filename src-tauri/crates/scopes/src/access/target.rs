//! What a rule's target is, and what is wrong with it. Prism checks nothing of this (contract §4).

use super::index::{Parties, Rules};
use super::judge::name_of;
use super::{Rule, RuleType, TargetKind};
use crate::id::{check_client_id, is_hex_id};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::profile::prism;
use crate::say;
use std::cell::Cell;

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
pub(super) fn fits(rule_type: RuleType, target: &str, consumers: &Parties<'_>) -> bool {
    match (rule_type.is_app(), target_kind(target)) {
        (true, TargetKind::ClientId) => true,
        (false, TargetKind::HexId) => consumers.with_alias(target).is_none(),
        _ => false,
    }
}

/// For how many rules of a review a similar client id is looked for among all consumers.
const MAX_SUGGESTIONS: u32 = 20;

/// What a rule is looked over with.
pub(super) struct Review<'a> {
    /// The rules it will live with.
    pub(super) all: &'a Rules<'a>,
    pub(super) consumers: &'a Parties<'a>,
    pub(super) people: &'a Parties<'a>,
    pub(super) lang: Lang,
    suggestions: Cell<u32>,
}

impl<'a> Review<'a> {
    pub(super) fn new(
        all: &'a Rules<'a>,
        consumers: &'a Parties<'a>,
        people: &'a Parties<'a>,
        lang: Lang,
    ) -> Self {
        Self { all, consumers, people, lang, suggestions: Cell::new(MAX_SUGGESTIONS) }
    }

    fn known(&self, rule_type: RuleType) -> &'a Parties<'a> {
        if rule_type.is_app() { self.consumers } else { self.people }
    }

    /// Everything wrong with one rule. `is_draft`: it can still be kept from being sent.
    pub(super) fn problems(&self, rule: &Rule, is_draft: bool) -> Vec<Problem> {
        let lang = self.lang;
        if rule.target_id.trim().is_empty() {
            let message = say!(lang, "The rule names nobody.", "规则没有写明对象。");
            let problem = Problem::refused("access.no_target", message);
            return vec![problem.hinted(kind_wanted(rule.rule_type, lang))];
        }
        let mut problems = Vec::new();
        if fits(rule.rule_type, &rule.target_id, self.consumers) {
            problems.extend(self.odd_client_id(rule));
            problems.extend(self.contradiction(rule));
            problems.extend(self.needless(rule));
        } else {
            problems.push(self.wrong_kind(rule, is_draft));
        }
        if is_draft {
            problems.extend(self.duplicate(rule));
        }
        problems
    }

    fn wrong_kind(&self, rule: &Rule, is_draft: bool) -> Problem {
        let lang = self.lang;
        let (name, target) = (rule.rule_type.name(), &rule.target_id);
        let what = self.what_it_is(target);
        let effect = if rule.rule_type.is_allow() {
            say!(lang, "it matches nobody and shuts everybody out", "它不匹配任何对象，并把所有人挡在外面")
        } else {
            say!(lang, "it matches nobody", "它不匹配任何对象")
        };
        let message = say!(lang, "`{name}` names {what}; {effect}.", "`{name}` 写的是{what}；{effect}。");
        let code = "access.wrong_kind";
        let problem = if is_draft { Problem::refused(code, message) } else { Problem::risky(code, message) };
        let known = self.known(rule.rule_type);
        let hint = match known.with_alias(target) {
            Some(party) => {
                let (id, who) = (&party.id, name_of(&party.id, known));
                say!(lang, "Name `{id}`, the id of {who}.", "改为 `{id}`，即 {who} 的 id。")
            }
            None => kind_wanted(rule.rule_type, lang),
        };
        let problem = problem.hinted(hint).about(target);
        match known.with_alias(target) {
            Some(party) => problem.about(&party.id),
            None => problem,
        }
    }

    fn what_it_is(&self, target: &str) -> String {
        let (lang, consumers, people) = (self.lang, self.consumers, self.people);
        if let Some(party) = consumers.with_alias(target).filter(|_| target_kind(target) == TargetKind::HexId)
        {
            let who = name_of(&party.id, consumers);
            return say!(lang, "the internal id of {who}", " {who} 的内部 id");
        }
        if people.with_id(target).is_some() {
            let who = name_of(target, people);
            return say!(lang, "{who}, a person", "用户 {who}");
        }
        match target_kind(target) {
            TargetKind::ClientId => say!(lang, "a client id", "一个 client id"),
            TargetKind::HexId => {
                say!(lang, "the internal id of a client, a person or a team", "客户端、用户或团队的内部 id")
            }
            TargetKind::Other if people.with_alias(target).is_some() => {
                say!(lang, "a user name", "用户名")
            }
            TargetKind::Other => {
                say!(lang, "neither a client id nor a user id", "既非 client id 也非用户 id 的内容")
            }
        }
    }

    fn odd_client_id(&self, rule: &Rule) -> Option<Problem> {
        let lang = self.lang;
        let target = &rule.target_id;
        let known = self.consumers.with_id(target).is_some();
        if !rule.rule_type.is_app() || known || check_client_id(target, &prism().client_id).is_ok() {
            return None;
        }
        let message = say!(
            lang,
            "`{target}` is not a whole client id; Prism takes it all the same.",
            "`{target}` 不是完整的 client id；Prism 仍会接受。"
        );
        let meant = self.similar(target);
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

    /// A client id that was probably meant. Comparing with every consumer is done for a few rules only.
    fn similar(&self, target: &str) -> Option<&'a str> {
        let left = self.suggestions.get().checked_sub(1)?;
        self.suggestions.set(left);
        crate::scope::did_you_mean(target, self.consumers.all().iter().map(|party| party.id.as_str()))
    }

    fn contradiction(&self, rule: &Rule) -> Option<Problem> {
        let lang = self.lang;
        let side = self.all.side(rule.rule_type.is_app());
        let other = side.naming(!rule.rule_type.is_allow(), &rule.target_id).first()?;
        let known = self.known(rule.rule_type);
        let (who, name, other) =
            (name_of(&rule.target_id, known), rule.rule_type.name(), other.rule_type.name());
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
                .hinted(say!(
                    lang,
                    "Keep `{name}` or `{other}`, not both.",
                    "`{name}` 与 `{other}` 只保留一条。"
                ))
                .about(&rule.target_id),
        )
    }

    /// A deny rule for somebody the allow list shuts out anyway.
    fn needless(&self, rule: &Rule) -> Option<Problem> {
        let lang = self.lang;
        let side = self.all.side(rule.rule_type.is_app());
        if rule.rule_type.is_allow() || side.list.is_empty() || !side.naming(true, &rule.target_id).is_empty()
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

    fn duplicate(&self, rule: &Rule) -> Option<Problem> {
        let lang = self.lang;
        let other = self.all.equal_to(rule)?;
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

/// Live rules come before drafts.
fn draft_number(id: &str) -> Option<usize> {
    id.strip_prefix("draft:").and_then(|number| number.parse().ok())
}
