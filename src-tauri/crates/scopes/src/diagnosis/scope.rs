//! The scope gate: what the token lacks and why (contract §11).

use super::Finding;
use super::evidence::{Source, inferred, observed};
use super::facts::{Facts, Today};
use super::types::Certainty::{self, Likely, Possible, Proven};
use super::types::Evidence;
use crate::access::RuleType;
use crate::lang::list;
use crate::say;

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
    let quoted = list(lang, &needed);
    let asks = observed(lang, Source::Answer, say!(lang, "Glint asks for {quoted}", "Glint 要求 {quoted}"));
    let mut finding = about_held(facts, &needed).unwrap_or_else(|| chain(facts, &needed, Source::Answer));
    finding.evidence.insert(0, asks);
    finding.needs.field = field(error).map(str::to_owned);
    finding.wants_scopes(needed)
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
    let found = |code, name: &str| {
        let fact = say!(facts.lang, "the token holds `{name}`", "令牌持有 `{name}`");
        Some(Finding::new(code, Proven, "scope").shown([held_fact(facts, fact)]))
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
    let configured = facts.config.as_ref().map(|(_, own)| own.as_str());
    // The same id and still refused: what was read is not what Glint saw at the time.
    let certainty = if configured == Some(id) { Likely } else { Proven };
    let mut finding = Finding::new("scope.other_namespace", certainty, "scope").shown([holds]);
    if let Some(own) = configured {
        let fact = say!(lang, "Glint is configured with `{own}`", "Glint 配置的是 `{own}`");
        finding = finding.shown([observed(lang, Source::Configuration, fact)]);
    }
    if certainty == Likely { finding.or(&["scope.undetermined"]) } else { finding }
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
    let answers: Vec<(&String, &Today)> =
        facts.today.iter().filter(|(scope, _)| needed.iter().any(|want| names(scope, want))).collect();
    let granted = answers.iter().find(|(_, today)| matches!(today, Today::Granted { .. }));
    let confirmed = if facts.held().is_some() { Proven } else { Likely };
    if let Some((scope, today)) = granted {
        let fact = say!(lang, "`{scope}` would be granted today", "今天会授予 `{scope}`");
        let mut finding = Finding::new("scope.token_predates", confirmed, "scope")
            .shown(lacks)
            .shown([observed(lang, Source::Preview, fact)]);
        if **today == (Today::Granted { titled: false }) && scope.starts_with("app:") {
            let bare =
                say!(lang, "no definition: people see the bare scope", "没有定义：用户只看到原始权限名");
            finding = finding.shown([observed(lang, Source::Preview, bare)]);
        }
        return finding;
    }
    let reason = |wanted: &str| {
        answers.iter().find(|(_, today)| matches!(today, Today::Rejected(reason) if reason == wanted))
    };
    for (wanted, code) in [
        ("app_denied", "scope.denied_by_rule"),
        ("target_missing", "scope.target_missing"),
        ("not_allowed", "scope.not_registered"),
        ("unknown", "scope.misspelt"),
    ] {
        if let Some((scope, _)) = reason(wanted) {
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
    by_registration(facts, needed, lacks, confirmed, asked_by)
}

/// Without a preview the registration still tells whether the scope is registered.
fn by_registration(
    facts: &Facts<'_>,
    needed: &[String],
    lacks: Vec<Evidence>,
    confirmed: Certainty,
    asked_by: Source,
) -> Finding {
    let lang = facts.lang;
    if let Some(allowed) = &facts.allowed_scopes
        && !allowed.iter().any(|scope| needed.iter().any(|want| names(scope, want)))
    {
        let quoted = list(lang, needed);
        let fact =
            say!(lang, "{quoted} is not among its `allowed_scopes`", "{quoted} 不在它的 `allowed_scopes` 里");
        return Finding::new("scope.not_registered", confirmed, "scope").shown(lacks).shown([observed(
            lang,
            Source::App,
            fact,
        )]);
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

/// Nearly the same name: one letter more, less or other, or another case.
fn is_slip(held: &str, wanted: &str) -> bool {
    if held == wanted {
        return false;
    }
    if held.eq_ignore_ascii_case(wanted) || held.replace(['-', '.', ' '], "_") == wanted {
        return true;
    }
    let (short, long) = if held.len() < wanted.len() { (held, wanted) } else { (wanted, held) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let start = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    let (rest, other) = (short.get(start..).unwrap_or_default(), long.get(start..).unwrap_or_default());
    let skip = |text: &str| {
        text.chars()
            .next()
            .map_or(String::new(), |first| text.get(first.len_utf8()..).unwrap_or_default().to_owned())
    };
    if short.len() == long.len() { skip(rest) == skip(other) } else { rest == skip(other) }
}
