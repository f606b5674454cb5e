//! What a change of rules does that its author may not expect.

use super::index::Parties;
use super::review::{Index, names};
use super::{AccessMode, DecidedBy, Effect, Review, ReviewInput, Rule, target};
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use std::collections::HashSet;

/// Heaviest first: everybody locked out, oneself locked out, a list that starts, single losses, a list that ends.
pub(super) fn warnings(input: &ReviewInput<'_>, index: &Index<'_>, review: &Review) -> Vec<Problem> {
    let sides = [
        Side {
            app: true,
            effects: &review.consumers,
            known: &index.consumers,
            before: review.app_mode,
            after: review.app_mode_after,
        },
        Side {
            app: false,
            effects: &review.people,
            known: &index.people,
            before: review.owner_mode,
            after: review.owner_mode_after,
        },
    ];
    let lang = input.lang;
    let mut warnings: Vec<Problem> =
        sides.iter().filter_map(|side| everybody_out(side, index, input.lang)).collect();
    warnings.extend(self_out(review, index, lang));
    for side in &sides {
        warnings.extend(list_starts(side, lang).or_else(|| losses(side, lang)));
        warnings.extend(list_ends(side, lang));
    }
    warnings.extend(gone(input));
    warnings.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    warnings
}

struct Side<'a> {
    app: bool,
    effects: &'a [Effect],
    known: &'a Parties<'a>,
    before: AccessMode,
    after: AccessMode,
}

impl Side<'_> {
    fn losing(&self) -> Vec<&Effect> {
        self.effects.iter().filter(|e| e.before.allowed && !e.after.allowed && e.id.is_some()).collect()
    }

    fn doing(&self, lang: Lang) -> String {
        if self.app { say!(lang, "request", "请求") } else { say!(lang, "register", "注册") }
    }

    fn allow(&self) -> &'static str {
        if self.app { "app_allow" } else { "owner_allow" }
    }
}

/// Allow rules exist, and not one of them can ever match somebody who is not denied as well.
fn everybody_out(side: &Side<'_>, index: &Index<'_>, lang: Lang) -> Option<Problem> {
    if side.after != AccessMode::AllowList {
        return None;
    }
    let rules = index.after.side(side.app);
    let lets_in = |rule: &&Rule| {
        target::fits(rule.rule_type, &rule.target_id, &index.consumers)
            && rules.naming(false, &rule.target_id).is_empty()
    };
    if rules.list.iter().any(lets_in) {
        return None;
    }
    let (doing, allow) = (side.doing(lang), side.allow());
    let message = say!(
        lang,
        "Nobody may {doing} with these rules: every `{allow}` names a target that can never match, or one that is denied.",
        "按这些规则，任何人都不可以{doing}：每条 `{allow}` 的对象要么无法匹配，要么同时被拒绝。"
    );
    let hint = say!(
        lang,
        "Name the right id in `{allow}`, or remove it.",
        "在 `{allow}` 中写上正确的 id，或删除它。"
    );
    Some(Problem::risky("access.locks_out_everybody", message).hinted(hint).about(allow))
}

fn self_out(review: &Review, index: &Index<'_>, lang: Lang) -> Option<Problem> {
    let own = review.people.iter().find(|e| e.is_self && e.before.allowed && !e.after.allowed)?;
    let message = say!(
        lang,
        "You lock yourself out: after saving you may no longer register these scopes at any client, not even your own. Editing the rules stays possible.",
        "你会把自己挡在外面：保存后，你不能再给任何客户端（包括自己的）注册这些范围。仍然可以修改规则。"
    );
    let listed = |id: &String| !index.after.side(false).naming(true, id).is_empty();
    let in_list = review.owner_mode_after == AccessMode::Open || own.id.as_ref().is_some_and(listed);
    // Deny beats allow: an allow rule does not undo a deny rule on the same person.
    let hint = if own.after.decided_by == DecidedBy::DenyRule && in_list {
        say!(lang, "Remove the `owner_deny` rule that names you.", "删除列出你的 `owner_deny` 规则。")
    } else if own.after.decided_by == DecidedBy::DenyRule {
        say!(
            lang,
            "Remove the `owner_deny` rule that names you, and add an `owner_allow` rule for yourself.",
            "删除列出你的 `owner_deny` 规则，并为自己添加一条 `owner_allow`。"
        )
    } else {
        say!(lang, "Add an `owner_allow` rule for yourself.", "为自己添加一条 `owner_allow`。")
    };
    let mut problem = Problem::risky("access.locks_out_self", message).hinted(hint);
    problem.related = own.id.iter().cloned().collect();
    Some(problem)
}

fn list_starts(side: &Side<'_>, lang: Lang) -> Option<Problem> {
    if side.before != AccessMode::Open || side.after != AccessMode::AllowList {
        return None;
    }
    let (losing, doing, allow) = (side.losing(), side.doing(lang), side.allow());
    let lost = names(&losing, side.known, lang);
    let message = if losing.is_empty() {
        say!(
            lang,
            "The first `{allow}` turns the rules into a list: from then on only who is listed may {doing}.",
            "第一条 `{allow}` 会让规则变成名单制：此后只有名单上的才可以{doing}。"
        )
    } else {
        say!(
            lang,
            "The first `{allow}` turns the rules into a list: {lost} and everybody else not listed may no longer {doing}.",
            "第一条 `{allow}` 会让规则变成名单制：{lost} 以及其他未列出的都不可以再{doing}。"
        )
    };
    Some(with_ids(
        Problem::risky("access.allow_list_starts", message).hinted(say!(
            lang,
            "List everybody who shall go on, or use a deny rule.",
            "把需要保留的都列上，或改用拒绝规则。"
        )),
        &losing,
    ))
}

fn losses(side: &Side<'_>, lang: Lang) -> Option<Problem> {
    let losing = side.losing();
    if losing.is_empty() {
        return None;
    }
    let (lost, doing) = (names(&losing, side.known, lang), side.doing(lang));
    let message =
        say!(lang, "After saving {lost} may no longer {doing}.", "保存后，{lost} 不可以再{doing}。");
    Some(with_ids(Problem::risky("access.locks_out", message), &losing))
}

fn list_ends(side: &Side<'_>, lang: Lang) -> Option<Problem> {
    if side.before != AccessMode::AllowList || side.after != AccessMode::Open {
        return None;
    }
    let (doing, allow) = (side.doing(lang), side.allow());
    let message = say!(
        lang,
        "The last `{allow}` goes: after saving everybody who is not denied may {doing}.",
        "最后一条 `{allow}` 将被删除：保存后，未被拒绝的都可以{doing}。"
    );
    Some(Problem::risky("access.opens_to_everybody", message))
}

fn gone(input: &ReviewInput<'_>) -> Option<Problem> {
    let known: HashSet<&String> = input.rules.iter().map(|rule| &rule.id).collect();
    let missing: Vec<&String> = input.remove.iter().filter(|id| !known.contains(id)).collect();
    if missing.is_empty() {
        return None;
    }
    let ids = crate::lang::list(input.lang, &missing);
    let message =
        say!(input.lang, "Not among the rules, so not removed: {ids}.", "规则中没有，因此未删除：{ids}。");
    let mut problem = Problem::note("access.rule_gone", message);
    problem.related = missing.into_iter().cloned().collect();
    Some(problem)
}

fn with_ids(mut problem: Problem, effects: &[&Effect]) -> Problem {
    problem.related = effects.iter().filter_map(|effect| effect.id.clone()).collect();
    problem
}
