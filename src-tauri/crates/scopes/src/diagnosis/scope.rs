//! The scope gate: what the token lacks and why (contract §11).

use super::Finding;
use super::evidence::{Source, inferred, observed};
use super::facts::{Facts, Today};
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::Evidence;
use super::words::any_of;
use crate::access::RuleType;
use crate::lang::list;
use crate::profile::{glint, prism};
use crate::say;
use crate::scope::did_you_mean;
use std::collections::BTreeSet;

/// `Missing required scope…`: the inner scopes of which any one would do, without the bundle.
pub(crate) fn wanted(error: &str) -> Vec<String> {
    let listed =
        error.split_once("one of: ").or_else(|| error.split_once("scope: ")).map_or("", |(_, rest)| rest);
    let listed = listed.split(" (or").next().unwrap_or_default();
    listed
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty() && *word != "or")
        .map(str::to_owned)
        .collect()
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
    let needed = wanted(error);
    let quoted = any_of(lang, &needed);
    let asks = observed(lang, Source::Answer, say!(lang, "Glint asks for {quoted}", "Glint 要求 {quoted}"));
    let mut finding = missing(facts, &needed);
    finding.evidence.insert(0, asks);
    finding.needs.field = field(error).map(str::to_owned);
    finding
}

/// Why the token has none of these inner scopes.
pub(crate) fn missing(facts: &Facts<'_>, needed: &[String]) -> Finding {
    let found = about_held(facts, needed).unwrap_or_else(|| chain(facts, needed, Source::Answer));
    found.wants_scopes(needed.to_vec())
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
        Some(Finding::new(code, sure, "scope").shown([held_fact(facts, fact)]))
    };
    if wants("assign_todos") && own.contains(&"claim_todos") {
        return found("scope.renamed", "claim_todos");
    }
    if wants("manage_permissions") && own.contains(&"workbench") {
        return found("scope.bundle_excludes", "workbench");
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
        return found("scope.legacy_does_not_cover", "write_todos");
    }
    let slip = own.iter().find(|name| needed.iter().any(|scope| is_slip(name, scope)));
    slip.and_then(|name| found("scope.misspelt", name))
}

fn other_namespace(facts: &Facts<'_>, id: &str, name: &str) -> Finding {
    let lang = facts.lang;
    let holds =
        held_fact(facts, say!(lang, "the token holds `app:{id}:{name}`", "令牌持有 `app:{id}:{name}`"));
    // What a token holds never changes: refused all the same, Glint checked for another id at the time of the call, even
    // where its configuration names this one by now.
    let mut finding = Finding::new("scope.other_namespace", Proven, "scope").shown([holds]);
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
        let mut finding = Finding::new("scope.token_predates", confirmed, "scope")
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
    for (wanted, code) in REASONS {
        // What Prism says about another provider's scope explains a call to this one only when that provider is gone.
        if let Some(scope) = rejected(&answers, wanted).filter(|_| right || wanted == "target_missing") {
            let fact = say!(lang, "`{scope}`: `{wanted}`", "`{scope}`：`{wanted}`");
            let mut finding = Finding::new(code, confirmed, "scope").shown(lacks).shown([observed(
                lang,
                Source::Preview,
                fact,
            )]);
            if code == "scope.denied_by_rule" {
                finding = finding.shown(rule_facts(facts));
            }
            return finding;
        }
    }
    by_registration(facts, needed, lacks, asked_by)
}

/// Prism's words for a refused scope with the codes they become; the graver one first.
const REASONS: [(&str, &str); 4] = [
    ("target_missing", "scope.target_missing"),
    ("app_denied", "scope.denied_by_rule"),
    ("not_allowed", "scope.not_registered"),
    ("unknown", "scope.misspelt"),
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

/// An authorization or a preview that asked for nearly the right scope, and not for the right one.
///
/// A slip the request shows comes before what the preview says today (the order of the scope codes). So this is the one
/// place where evidence takes certainty away: with the request the slip is likely, without it Prism's answer about the
/// right scope stands alone and proves its own code. Both are true of the token; the request only tells which came first.
fn misspelt(facts: &Facts<'_>, needed: &[String]) -> Option<Finding> {
    let lang = facts.lang;
    let asked = facts.requests.iter().rfind(|asked| asked.linked).or(facts.requests.last());
    let right = |scope: &String| needed.iter().any(|want| names(scope, want));
    let slip = |scope: &String| needed.iter().any(|want| resembles(scope, want));
    let by_request = asked.filter(|asked| !asked.scopes.iter().any(right)).and_then(|asked| {
        let scope = asked.scopes.iter().find(|scope| slip(scope))?;
        let fact = say!(lang, "the authorization asked for `{scope}`", "授权时请求的是 `{scope}`");
        // The right scope may have been out of reach as well: what the preview says of it is another reason.
        Some((Likely, observed(lang, Source::Request, fact)))
    });
    let by_preview = || {
        let mut slips = facts.today.iter().filter(|(scope, _)| slip(scope));
        let (scope, today) = slips.next().filter(|_| !facts.today.keys().any(right))?;
        let Today::Rejected(reason) = today else { return None };
        let fact = say!(lang, "`{scope}`: `{reason}`", "`{scope}`：`{reason}`");
        let sure = reason == "unknown" && facts.held().is_some();
        Some((if sure { Proven } else { Likely }, observed(lang, Source::Preview, fact)))
    };
    let (certainty, fact) = by_request.or_else(by_preview)?;
    Some(Finding::new("scope.misspelt", certainty, "scope").shown([fact]))
}

/// Whether a scope that was asked for is a slip for the wanted one: another case, other separators, a letter off, or a
/// wrong frame around the right name (`read_todos` alone, `glint:read_todos`, `app:read_todos`).
fn resembles(asked: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', '.', ' ', '+'], "_");
    let last = asked.rsplit(':').next().unwrap_or(asked);
    let (inner, want) = (plain(last), plain(wanted));
    if wanted.contains(':') {
        return asked != wanted
            && (plain(asked) == want || is_slip(asked, wanted) || plain(asked).replace('_', ":") == want);
    }
    match parts(asked).filter(|(id, _)| !id.is_empty()) {
        Some((_, held)) => held != wanted && (inner == want || is_slip(held, wanted)),
        None => inner == want || is_slip(last, wanted),
    }
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
        return Finding::new("scope.not_registered", Likely, "scope")
            .shown(lacks)
            .shown([observed(lang, Source::App, fact)])
            // The request may have slipped as well, which outranks this; only Prism's own rejection leaves it out.
            .or(&["scope.misspelt"]);
    }
    // Registered, and a rule stands in the way: nothing but another missing thing could hide it.
    let rule = rule_facts(facts);
    if facts.allowed_scopes.is_some() && !rule.is_empty() && needed.iter().all(|scope| !scope.contains(':')) {
        return Finding::new("scope.denied_by_rule", Likely, "scope")
            .shown(lacks)
            .shown(rule)
            .or(&["scope.target_missing", "scope.token_predates"]);
    }
    let certainty = if facts.held().is_some() && asked_by == Source::Answer { Likely } else { Possible };
    Finding::new("scope.undetermined", certainty, "scope").shown(lacks).or(&[
        "scope.not_registered",
        "scope.token_predates",
        "scope.denied_by_rule",
        "scope.target_missing",
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
    scope.strip_prefix("app:")?.rsplit_once(':')
}

/// Whether a full scope is the inner or platform scope that is wanted.
fn names(full: &str, wanted: &str) -> bool {
    full == wanted || parts(full).is_some_and(|(_, inner)| inner == wanted)
}

/// Nearly the same name, and none that a catalogue knows: another case, other separators, letters off.
fn is_slip(held: &str, wanted: &str) -> bool {
    let known =
        |name: &str| glint().scope(name).is_some() || prism().scopes.iter().any(|scope| scope.key == name);
    if held == wanted || known(held) {
        return false;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', '.', ' ', '+'], "_");
    plain(held) == plain(wanted) || did_you_mean(held, [wanted]).is_some()
}
