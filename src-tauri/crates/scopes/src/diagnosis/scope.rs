//! The scope gate: what the token lacks and why (contract §11).

use super::Finding;
use super::code::{self, Code, GateId};
use super::evidence::{Source, inferred, observed};
use super::facts::{Facts, Today};
use super::spelling::{is_slip, joins, misspelt};
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Evidence;
use super::words::any_of;
use crate::access::RuleType;
use crate::lang::list;
use crate::say;
use crate::scope::Scope;
use std::collections::BTreeSet;

/// `Missing required scope…`: the inner scopes of which any one would do, without the bundle.
pub(crate) fn wanted(error: &str) -> Vec<String> {
    let listed =
        error.split_once("one of: ").or_else(|| error.split_once("scope: ")).map_or("", |(_, rest)| rest);
    let mut found = Vec::new();
    let mut rest = listed;
    // The list ends where no separator follows a name: what comes then is no scope.
    loop {
        let end = rest.find(|c: char| !is_scope_char(c)).unwrap_or(rest.len());
        let (whole, after) = rest.split_at(end);
        let word = whole.trim_end_matches('.');
        if word.is_empty() {
            return found;
        }
        found.push(word.to_owned());
        let separators = [", or ", ", ", ",", " or "];
        let next = separators.into_iter().find_map(|separator| after.strip_prefix(separator));
        match next.filter(|_| word == whole) {
            Some(next) => rest = next,
            None => return found,
        }
    }
}

/// What a scope of an app is spelled with.
fn is_scope_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_.:-/".contains(c)
}

/// The body field whose scope is missing, where the text is about a field.
fn field(error: &str) -> Option<&'static str> {
    let rest = error.strip_prefix("Missing required scope: ")?;
    match rest.split(' ').next()? {
        "edit_todos" => Some("title"),
        "complete_todos" => Some("completed"),
        "reorder_todos" => Some("sortOrder"),
        _ => None,
    }
}

pub(crate) fn gate(facts: &Facts<'_>, error: &str) -> Finding {
    let lang = facts.lang;
    let whole = facts.call.cut.as_ref().is_none_or(|(_, whole)| *whole);
    let of_route = || facts.call.route.as_ref().map(|hit| hit.route.scopes.clone()).unwrap_or_default();
    let needed = if whole { wanted(error) } else { of_route() };
    let quoted = any_of(lang, &needed);
    let asks = observed(lang, Source::Answer, say!(lang, "Glint asks for {quoted}", "Glint 要求 {quoted}"));
    let mut finding = missing(facts, &needed);
    finding.evidence.insert(0, asks);
    finding.needs.field = field(error).map(str::to_owned);
    finding
}

/// Why the token has none of these inner scopes.
pub(crate) fn missing(facts: &Facts<'_>, needed: &[String]) -> Finding {
    let mut found = about_held(facts, needed).unwrap_or_else(|| chain(facts, needed, Source::Answer));
    if found.cause == code::SCOPE_UNDETERMINED && issued_narrow(facts, needed) {
        let fact =
            say!(facts.lang, "the token answer granted less than was asked", "令牌答复授予的少于请求的");
        found.because = Some(code::OAUTH_SCOPES_NARROWED);
        found.evidence.push(observed(facts.lang, Source::TokenAnswer, fact));
    }
    found.wants_scopes(needed.to_vec())
}

/// Whether the answer that issued the token left out what its authorization asked for, or granted nothing at all.
fn issued_narrow(facts: &Facts<'_>, needed: &[String]) -> bool {
    let issued = facts.issued.as_ref().filter(|issued| !issued.is_refresh);
    let Some(granted) = issued.and_then(|issued| issued.scopes.as_ref()) else { return false };
    let asked = facts.requests.iter().filter(|asked| asked.linked).flat_map(|asked| &asked.scopes);
    let mut wanted = asked.filter(|scope| needed.iter().any(|want| names(scope, want)));
    granted.is_empty() || wanted.any(|scope| !granted.contains(scope))
}

/// Causes that what the token holds gives away.
fn about_held(facts: &Facts<'_>, needed: &[String]) -> Option<Finding> {
    let held = facts.held()?;
    let inner: Vec<(&str, &str)> = held.iter().filter_map(|scope| parts(scope)).collect();
    let own: Vec<&str> = inner
        .iter()
        .filter(|(id, _)| facts.provider().is_none_or(|own| *id == own))
        .map(|(_, name)| *name)
        .collect();
    let bundled = !needed.iter().any(|scope| scope == "manage_permissions");
    let opens = |name: &str| needed.iter().any(|scope| scope == name) || (bundled && name == "workbench");
    if let Some((id, name)) = inner.iter().find(|(_, name)| opens(name)) {
        return Some(other_namespace(facts, id, name));
    }
    let wants = |name: &str| needed.iter().any(|scope| scope == name);
    // Without Glint's own id the scope may belong to another provider.
    let sure = if facts.provider().is_some() { Proven } else { Likely };
    let found = |code, name: &str| {
        let fact = say!(facts.lang, "the token holds `{name}`", "令牌持有 `{name}`");
        Some(Finding::new(code, sure, GateId::Scope).shown([held_fact(facts, fact)]))
    };
    if wants("assign_todos") && own.contains(&"claim_todos") {
        return found(code::SCOPE_RENAMED, "claim_todos");
    }
    if wants("manage_permissions") && own.contains(&"workbench") {
        return found(code::SCOPE_BUNDLE_EXCLUDES, "workbench");
    }
    let near = [
        "read_todos",
        "delete_todos",
        "reorder_todos",
        "manage_sets",
        "comment",
        "delete_comments",
        "assign_todos",
    ];
    let only_legacy =
        own.contains(&"write_todos") && own.iter().all(|name| ["write_todos", "read_todos"].contains(name));
    if only_legacy && needed.iter().any(|scope| near.contains(&scope.as_str())) {
        return found(code::SCOPE_LEGACY_DOES_NOT_COVER, "write_todos");
    }
    let slip = own.iter().find(|name| needed.iter().any(|scope| is_slip(name, scope)));
    slip.and_then(|name| found(code::SCOPE_MISSPELT, name))
}

fn other_namespace(facts: &Facts<'_>, id: &str, name: &str) -> Finding {
    let lang = facts.lang;
    let holds =
        held_fact(facts, say!(lang, "the token holds `app:{id}:{name}`", "令牌持有 `app:{id}:{name}`"));
    // What a token holds never changes: refused all the same, Glint checked for another id at the time of the call, even
    // where its configuration names this one by now.
    let mut finding = Finding::new(code::SCOPE_OTHER_NAMESPACE, Proven, GateId::Scope).shown([holds]);
    if let Some((_, own)) = &facts.config {
        let fact = say!(lang, "Glint is configured with `{own}`", "Glint 配置的是 `{own}`");
        finding = finding.shown([observed(lang, Source::Configuration, fact)]);
    }
    finding
}

/// Why a scope is not in the token, by what Prism and the registration say today. `needed` are inner or platform scopes.
pub(crate) fn chain(facts: &Facts<'_>, needed: &[String], asked_by: Source) -> Finding {
    let lang = facts.lang;
    let quoted = list(lang, needed);
    let lacks: Vec<Evidence> = facts
        .held()
        .is_some()
        .then(|| held_fact(facts, say!(lang, "the token lacks {quoted}", "令牌没有 {quoted}")))
        .into_iter()
        .collect();
    if let Some(slip) = misspelt(facts, needed) {
        return slip.shown(lacks);
    }
    let (answers, right) = answers(facts, needed);
    let granted = answers.iter().find(|(_, today)| right && matches!(today, Today::Granted { .. }));
    let confirmed = if facts.held().is_some() && right { Proven } else { Likely };
    if let Some((scope, today)) = granted {
        let fact = say!(lang, "`{scope}` would be granted today", "今天会授予 `{scope}`");
        let mut finding = Finding::new(code::SCOPE_TOKEN_PREDATES, confirmed, GateId::Scope)
            .shown(lacks)
            .shown([observed(lang, Source::Preview, fact)]);
        // Any one of several would do: which of them the authorization was after is not known.
        if let Some((_, code)) = REASONS.into_iter().find(|(reason, _)| rejected(&answers, reason).is_some())
        {
            finding.certainty = confirmed.min(Likely);
            finding = finding.or(&[code]);
        }
        if **today == (Today::Granted { titled: false }) && scope.starts_with("app:") {
            let bare =
                say!(lang, "no definition: people see the bare scope", "没有定义：用户只看到权限范围的原名");
            finding = finding.shown([observed(lang, Source::Preview, bare)]);
        }
        return finding;
    }
    if let Some(found) = by_later_record(facts, &answers).filter(|_| right) {
        return found.shown(lacks);
    }
    for (wanted, code) in REASONS {
        // What Prism says about another provider's scope explains a call to this one only when that provider is gone.
        if let Some(scope) = rejected(&answers, wanted).filter(|_| right || wanted == "target_missing") {
            let fact = say!(lang, "`{scope}`: `{wanted}`", "`{scope}`：`{wanted}`");
            let mut finding = Finding::new(code, confirmed, GateId::Scope).shown(lacks).shown([observed(
                lang,
                Source::Preview,
                fact,
            )]);
            if code == code::SCOPE_DENIED_BY_RULE {
                finding = finding.shown(rule_facts(facts));
            }
            return finding;
        }
    }
    by_registration(facts, needed, lacks, asked_by)
}

/// A registration that was recorded after the preview.
fn by_later_record(facts: &Facts<'_>, answers: &[(&String, &Today)]) -> Option<Finding> {
    let lang = facts.lang;
    let settled =
        |wanted: &Today| answers.iter().find(|(_, today)| *today == wanted).map(|(scope, _)| *scope);
    if let Some(scope) = settled(&Today::Registered) {
        let fact = say!(
            lang,
            "`{scope}` was registered after the preview that rejected it",
            "`{scope}` 是在拒绝它的授权预览之后注册的"
        );
        let finding = Finding::new(code::SCOPE_TOKEN_PREDATES, Likely, GateId::Scope)
            .or(&[code::SCOPE_DENIED_BY_RULE, code::SCOPE_TARGET_MISSING]);
        return Some(finding.shown([observed(lang, Source::App, fact)]));
    }
    let scope = settled(&Today::Unregistered)?;
    let fact = say!(
        lang,
        "`{scope}` is no longer among its `allowed_scopes`",
        "`{scope}` 已不在它的 `allowed_scopes` 里"
    );
    let finding = Finding::new(code::SCOPE_NOT_REGISTERED, Likely, GateId::Scope).or(&[code::SCOPE_MISSPELT]);
    Some(finding.shown([observed(lang, Source::App, fact)]))
}

/// Prism's words for a refused scope with the codes they become; the graver one first.
const REASONS: [(&str, Code); 4] = [
    ("target_missing", code::SCOPE_TARGET_MISSING),
    ("app_denied", code::SCOPE_DENIED_BY_RULE),
    ("not_allowed", code::SCOPE_NOT_REGISTERED),
    ("unknown", code::SCOPE_MISSPELT),
];

/// The first scope that Prism refuses for this reason.
fn rejected<'f>(answers: &[(&'f String, &'f Today)], wanted: &str) -> Option<&'f String> {
    let refused = |today: &Today| matches!(today, Today::Rejected(reason) if reason == wanted);
    answers.iter().find(|(_, today)| refused(today)).map(|(scope, _)| *scope)
}

/// What Prism says today about the needed scopes, and whether it is about this very provider.
fn answers<'f>(facts: &'f Facts<'_>, needed: &[String]) -> (Vec<(&'f String, &'f Today)>, bool) {
    let about: Vec<(&String, &Today)> =
        facts.today.iter().filter(|(scope, _)| needed.iter().any(|want| names(scope, want))).collect();
    let Some(own) = facts.provider().map(str::trim) else {
        let ids: BTreeSet<&str> =
            about.iter().filter_map(|(scope, _)| parts(scope)).map(|(id, _)| id).collect();
        let platform = about.iter().all(|(scope, _)| parts(scope).is_none());
        // One provider only: very likely this one. Platform scopes belong to none.
        return if ids.len() <= 1 { (about, platform) } else { (Vec::new(), false) };
    };
    let ours = |scope: &str| parts(scope).is_none_or(|(id, _)| id == own);
    let (mine, foreign): (Vec<_>, Vec<_>) = about.into_iter().partition(|(scope, _)| ours(scope));
    if mine.is_empty() { (foreign, false) } else { (mine, true) }
}

/// Without a preview the registration still tells whether the scope is registered.
fn by_registration(facts: &Facts<'_>, needed: &[String], lacks: Vec<Evidence>, asked_by: Source) -> Finding {
    let lang = facts.lang;
    if let Some(allowed) = &facts.allowed_scopes
        && !allowed.iter().any(|scope| needed.iter().any(|want| names(scope, want)))
    {
        let quoted = list(lang, needed);
        let fact =
            say!(lang, "{quoted} is not among its `allowed_scopes`", "{quoted} 不在它的 `allowed_scopes` 里");
        return Finding::new(code::SCOPE_NOT_REGISTERED, Likely, GateId::Scope)
            .shown(lacks)
            .shown([observed(lang, Source::App, fact)])
            // The request may have slipped as well, which outranks this; only Prism's own rejection leaves it out.
            .or(&[code::SCOPE_MISSPELT]);
    }
    // Registered, and a rule stands in the way: nothing but another missing thing could hide it.
    let rule = rule_facts(facts);
    if facts.allowed_scopes.is_some() && !rule.is_empty() && needed.iter().all(|scope| !scope.contains(':')) {
        return Finding::new(code::SCOPE_DENIED_BY_RULE, Likely, GateId::Scope)
            .shown(lacks)
            .shown(rule)
            .or(&[code::SCOPE_TARGET_MISSING, code::SCOPE_TOKEN_PREDATES]);
    }
    let certainty = if facts.held().is_some() && asked_by == Source::Answer { Likely } else { Possible };
    Finding::new(code::SCOPE_UNDETERMINED, certainty, GateId::Scope).shown(lacks).or(&[
        code::SCOPE_NOT_REGISTERED,
        code::SCOPE_TOKEN_PREDATES,
        code::SCOPE_DENIED_BY_RULE,
        code::SCOPE_TARGET_MISSING,
    ])
}

/// Which rule stands in the way, where the rules could be read.
fn rule_facts(facts: &Facts<'_>) -> Vec<Evidence> {
    let (lang, Some(rules), Some(consumer)) = (facts.lang, &facts.rules, facts.consumer()) else {
        return Vec::new();
    };
    let of = |kind| rules.iter().filter(move |rule| rule.rule_type == kind);
    if of(RuleType::AppDeny).any(|rule| rule.target_id == consumer) {
        let fact =
            say!(lang, "an `app_deny` rule names `{consumer}`", "一条 `app_deny` 规则点名 `{consumer}`");
        return vec![observed(lang, Source::Rules, fact)];
    }
    let allowed = of(RuleType::AppAllow).count();
    if allowed > 0 && !of(RuleType::AppAllow).any(|rule| rule.target_id == consumer) {
        let fact = say!(
            lang,
            "{allowed} `app_allow` rules exist, none names `{consumer}`",
            "已有 {allowed} 条 `app_allow` 规则，都没有点名 `{consumer}`"
        );
        return vec![inferred(lang, Source::Rules, fact)];
    }
    Vec::new()
}

fn held_fact(facts: &Facts<'_>, text: String) -> Evidence {
    let introspected =
        facts.introspection.as_ref().is_some_and(|seen| seen.active || !seen.scopes.is_empty());
    observed(facts.lang, if introspected { Source::Introspection } else { Source::TokenAnswer }, text)
}

/// Client id and inner scope of an app scope.
pub(crate) fn parts(scope: &str) -> Option<(&str, &str)> {
    match crate::scope::split(scope)? {
        Scope::App { client_id, inner } => Some((client_id, inner)),
        _ => None,
    }
}

/// Whether a full scope is the inner or platform scope that is wanted.
pub(crate) fn names(full: &str, wanted: &str) -> bool {
    !full.contains(joins) && (full == wanted || parts(full).is_some_and(|(_, inner)| inner == wanted))
}
