//! Rules, staged changes and everybody known in; who gains and who loses out.

use super::index::{Parties, Rules};
use super::judge::{Question, judge, mode, name_of};
use super::{
    AccessMode, Effect, Party, Rule, RuleChange, RuleDraft, RuleView, target, target_kind, warnings,
};
use crate::digest;
use crate::id::{ClientId, is_hex_id};
use crate::lang::Lang;
use crate::problem::{Problem, Severity};
use crate::say;
use std::collections::HashSet;

/// Everything [`review`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct ReviewInput<'a> {
    /// The rules at Prism.
    pub rules: &'a [Rule],
    /// Rules to be added.
    pub add: &'a [RuleDraft],
    /// Ids of rules to be removed.
    pub remove: &'a [String],
    /// Every consumer known.
    pub consumers: &'a [Party],
    /// Every person known.
    pub people: &'a [Party],
    /// Client IDs that are judged although no consumer of this ID is known; what is no client ID is left out.
    pub asked_consumers: &'a [String],
    /// User IDs that are judged although nobody of this ID is known; what is no user ID is left out.
    pub asked_people: &'a [String],
    /// User id of the identity that would save the change.
    pub self_id: Option<&'a str>,
    /// Language of every sentence.
    pub lang: Lang,
}

/// The rules with their effect, today and after saving.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Review {
    /// All rules, staged ones marked, `app_*` first.
    pub rules: Vec<RuleView>,
    /// Who may request: every known consumer, then anybody else.
    pub consumers: Vec<Effect>,
    /// Who may register: every known person, then anybody else.
    pub people: Vec<Effect>,
    /// Mode for consumers today.
    pub app_mode: AccessMode,
    /// Mode for consumers after saving.
    pub app_mode_after: AccessMode,
    /// Mode for people today.
    pub owner_mode: AccessMode,
    /// Mode for people after saving.
    pub owner_mode_after: AccessMode,
    /// Lockouts and other consequences, heaviest first.
    pub warnings: Vec<Problem>,
    /// What saving will not do.
    pub limits: Vec<String>,
    /// Why the change cannot be saved, if so.
    pub blocked: Option<Problem>,
}

/// Judges everybody before and after the staged changes. Staged rules have the id `draft:N`, N counting from 0.
#[must_use]
pub fn review(input: &ReviewInput<'_>) -> Review {
    let remove: HashSet<&String> = input.remove.iter().collect();
    let after = rules_after(input, &remove);
    let index = Index {
        before: Rules::of(input.rules),
        after: Rules::of(&after),
        consumers: Parties::of(input.consumers),
        people: Parties::of(input.people),
    };
    let rules = views(input, &after, &remove, &index);
    let consumers = effects(input, &index, true);
    let people = effects(input, &index, false);
    let blocked = rules
        .iter()
        .filter(|view| view.change == RuleChange::Added)
        .flat_map(|view| &view.problems)
        .find(|problem| problem.severity == Severity::Refused)
        .cloned();
    let mut review = Review {
        rules,
        consumers,
        people,
        app_mode: mode(input.rules, true),
        app_mode_after: mode(&after, true),
        owner_mode: mode(input.rules, false),
        owner_mode_after: mode(&after, false),
        warnings: Vec::new(),
        limits: limits(input.lang),
        blocked,
    };
    review.warnings = warnings::warnings(input, &index, &review);
    review
}

/// A short text that changes when any rule does; the order does not matter.
#[must_use]
pub fn fingerprint(rules: &[Rule]) -> String {
    let mut sorted: Vec<[&str; 3]> =
        rules.iter().map(|rule| [rule.id.as_str(), rule.rule_type.name(), rule.target_id.as_str()]).collect();
    sorted.sort_unstable();
    digest::of_parts(sorted.iter().flatten().copied())
}

/// Everything a review looks up.
pub(super) struct Index<'a> {
    pub(super) before: Rules<'a>,
    pub(super) after: Rules<'a>,
    pub(super) consumers: Parties<'a>,
    pub(super) people: Parties<'a>,
}

impl<'a> Index<'a> {
    /// Consumers (`app`) or people.
    pub(super) fn known(&self, app: bool) -> &Parties<'a> {
        if app { &self.consumers } else { &self.people }
    }
}

fn rules_after(input: &ReviewInput<'_>, remove: &HashSet<&String>) -> Vec<Rule> {
    let drafts = input.add.iter().enumerate().map(|(number, draft)| Rule {
        id: format!("draft:{number}"),
        rule_type: draft.rule_type,
        target_id: draft.target_id.trim().to_owned(),
        created_at: None,
    });
    input.rules.iter().filter(|rule| !remove.contains(&rule.id)).cloned().chain(drafts).collect()
}

fn views(
    input: &ReviewInput<'_>,
    after: &[Rule],
    remove: &HashSet<&String>,
    index: &Index<'_>,
) -> Vec<RuleView> {
    let removed = input.rules.iter().filter(|rule| remove.contains(&rule.id));
    let looked_over = target::Review::new(&index.after, &index.consumers, &index.people, input.lang);
    let mut views: Vec<RuleView> = after
        .iter()
        .map(|rule| {
            let is_draft = rule.id.starts_with("draft:");
            let change = if is_draft { RuleChange::Added } else { RuleChange::Kept };
            view(index, rule, change, looked_over.problems(rule, is_draft))
        })
        .chain(removed.map(|rule| view(index, rule, RuleChange::Removed, Vec::new())))
        .collect();
    let order = |view: &RuleView| (!view.rule.rule_type.is_app(), !view.rule.rule_type.is_allow());
    views.sort_by_key(|view| (order(view), view.change == RuleChange::Added));
    views
}

fn view(index: &Index<'_>, rule: &Rule, change: RuleChange, problems: Vec<Problem>) -> RuleView {
    let named = index.known(rule.rule_type.is_app()).with_id(&rule.target_id);
    RuleView {
        rule: rule.clone(),
        target_name: named.and_then(|party| party.name.clone()),
        target_kind: target_kind(&rule.target_id),
        change,
        problems,
    }
}

fn effects(input: &ReviewInput<'_>, index: &Index<'_>, app: bool) -> Vec<Effect> {
    let asked = asked(input, app);
    let parties = index.known(app).all().iter().chain(&asked).map(Some).chain(std::iter::once(None));
    parties.map(|party| effect(input, index, app, party)).collect()
}

/// The well-formed IDs that were asked about and belong to nobody known, each once.
fn asked(input: &ReviewInput<'_>, app: bool) -> Vec<Party> {
    let (ids, known) =
        if app { (input.asked_consumers, input.consumers) } else { (input.asked_people, input.people) };
    let well_formed = |id: &str| if app { ClientId::try_from(id).is_ok() } else { is_hex_id(id) };
    if ids.is_empty() {
        return Vec::new();
    }
    let parties = known.iter().chain(input.consumers);
    let mut seen: HashSet<&str> =
        parties.flat_map(|party| party.aliases.iter().chain([&party.id])).map(String::as_str).collect();
    let new = ids.iter().map(|id| id.trim()).filter(|id| well_formed(id) && seen.insert(id));
    new.map(|id| Party { id: id.to_owned(), ..Party::default() }).collect()
}

fn effect(input: &ReviewInput<'_>, index: &Index<'_>, app: bool, party: Option<&Party>) -> Effect {
    let subject = party.map(|party| party.id.as_str());
    let question = Question { app, subject, names: index.known(app), lang: input.lang };
    let (before, after) = (judge(index.before.side(app), &question), judge(index.after.side(app), &question));
    let is_self = !app && input.self_id.is_some() && question.subject == input.self_id;
    let mut notes: Vec<String> = party.map(|party| party.note.clone()).into_iter().collect();
    if is_self {
        notes.insert(0, say!(input.lang, "you", "你"));
    }
    notes.retain(|note| !note.is_empty());
    Effect {
        id: party.map(|party| party.id.clone()),
        name: party.and_then(|party| party.name.clone()),
        note: notes.join(&say!(input.lang, ", ", "，")),
        changed: before.allowed != after.allowed,
        before,
        after,
        is_self,
    }
}

/// What no rule does, whatever it says (contract §2, §4, §6).
fn limits(lang: Lang) -> Vec<String> {
    vec![
        say!(
            lang,
            "Tokens already issued go on: introspection stays active and refreshing works; revoking the tokens or the consent ends them.",
            "已签发的 token 继续有效：introspection 仍为 active，也能刷新；要终止它们，需撤销 token 或用户的授权。"
        ),
        say!(
            lang,
            "Scopes a client has registered stay registered; `owner_*` rules look only at newly added ones.",
            "客户端已注册的范围会保留；`owner_*` 规则只检查新增的范围。"
        ),
        say!(
            lang,
            "Creating a new client with the scopes is not checked at all: `owner_*` rules act on changes of existing clients only.",
            "新建客户端时直接带上这些范围不受检查：`owner_*` 规则只在修改已有客户端时生效。"
        ),
        say!(
            lang,
            "`owner_*` rules look at who makes the change, not at who owns the client; a site administrator who is not denied can still do it.",
            "`owner_*` 规则看的是谁在修改，而不是客户端归谁；未被拒绝的站点管理员仍可代为注册。"
        ),
    ]
}

/// The names of those parties, joined for a sentence; at most four.
pub(super) fn names(effects: &[&Effect], parties: &Parties<'_>, lang: Lang) -> String {
    let shown: Vec<String> = effects
        .iter()
        .filter_map(|effect| effect.id.as_deref())
        .take(4)
        .map(|id| name_of(id, parties))
        .collect();
    let all = effects.iter().filter(|effect| effect.id.is_some()).count();
    let joined = shown.join(&say!(lang, ", ", "、"));
    match all.saturating_sub(shown.len()) {
        0 => joined,
        more => say!(lang, "{joined} and {more} more", "{joined} 等 {all} 个"),
    }
}
