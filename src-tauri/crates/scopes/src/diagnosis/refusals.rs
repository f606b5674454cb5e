//! The table of refusals of a route, with the one that applies lit.

use super::Finding;
use super::call::Kind;
use super::denials::{self, Denial};
use super::facts::Facts;
use super::types::Refusal;
use crate::lang::Lang;
use crate::say;

/// Status, start of the server's text, family of codes: Prism's refusals (contract §1–§4).
const PRISM: [(u16, &str, &str); 8] = [
    (401, "Unauthorized", "credential"),
    (401, "Token expired", "credential.expired"),
    (403, "insufficient_scope", "credential.insufficient_scope"),
    (403, "Forbidden", "app.forbidden"),
    (403, "You are not permitted to use this app's scopes …", "registration"),
    (404, "Not found", "app.not_found"),
    (400, "scope is required …", "definition.invalid"),
    (500, "Internal server error", "request.malformed_body"),
];

pub(crate) fn table(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    match facts.call.kind {
        Kind::Glint | Kind::Other => of_glint(facts, finding),
        Kind::Prism => of_prism(facts, finding),
        Kind::OAuth | Kind::Web => Vec::new(),
    }
}

/// The refusals of this route from the profile. The text that came stands in the place of its family, or at the end.
fn of_glint(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    let parsed = |denial: &Denial| denial.parse && finding.cause == "server.prism_not_api";
    let came =
        denials::of(&facts.call).filter(|denial| covers(denial.family(), finding.cause) || parsed(denial));
    let covered = |denial: &&Denial| {
        denial.status == facts.call.status && covers(denial.family(), finding.cause) && denial.table
    };
    let general = denials::all().iter().find(|denial| match came {
        Some(came) if came.table => std::ptr::eq(*denial, came),
        Some(came) => covered(denial) && denial.code == came.code,
        None => covered(denial),
    });
    let mut rows = Vec::new();
    for denial in denials::all().iter().filter(|denial| denial.table) {
        let lit = general.is_some_and(|general| std::ptr::eq(general, denial));
        if lit || applies(facts, denial) {
            rows.push(row(facts, finding, came.filter(|_| lit).unwrap_or(denial), denial, lit));
        }
    }
    if let Some(came) = came.filter(|_| general.is_none()) {
        rows.push(row(facts, finding, came, came, true));
    }
    rows
}

fn row(facts: &Facts<'_>, finding: &Finding, shown: &Denial, general: &Denial, lit: bool) -> Refusal {
    let meaning = shown.meaning.as_ref().or(general.meaning.as_ref());
    Refusal {
        status: shown.status,
        text: shown.text.clone(),
        code: if lit { finding.cause.to_owned() } else { general.code.clone() },
        meaning: meaning.map(|text| text.get(facts.lang).to_owned()).unwrap_or_default(),
        lit,
    }
}

fn of_prism(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    let here = |(status, _, family): &&(u16, &str, &str)| {
        *status == facts.call.status && covers(family, finding.cause)
    };
    let lit = PRISM.iter().find(here).map(|(_, text, _)| *text);
    let rows = PRISM.iter().map(|(status, text, family)| {
        let is_lit = lit == Some(*text);
        let whole = if family.contains('.') { (*family).to_owned() } else { format!("{family}.*") };
        Refusal {
            status: *status,
            text: (*text).to_owned(),
            code: if is_lit { finding.cause.to_owned() } else { whole },
            meaning: meaning(family, facts.lang),
            lit: is_lit,
        }
    });
    rows.collect()
}

/// A whole code stands for itself, a family for all codes of it that have no row of their own.
fn covers(family: &str, cause: &str) -> bool {
    cause == family
        || (!family.contains('.')
            && cause.split('.').next() == Some(family)
            && cause != "membership.unavailable")
}

/// Leaves out what this route never answers.
fn applies(facts: &Facts<'_>, denial: &Denial) -> bool {
    let Some(hit) = &facts.call.route else { return denial.route.is_none() && denial.group.is_none() };
    let route = hit.route;
    if denial.route.as_ref().is_some_and(|only| *only != route.id)
        || denial.group.as_ref().is_some_and(|only| *only != route.group)
    {
        return false;
    }
    match denial.family() {
        "role" => {
            !route.permissions.is_empty() || route.inputs.iter().any(|input| !input.permissions.is_empty())
        }
        "membership" => route.path.contains(":team"),
        "resource.missing" => route.order.iter().any(|gate| gate == "resource"),
        "request.invalid" | "request.conflict" | "request.malformed_body" => {
            route.writes && route.order.iter().any(|gate| gate == "request")
        }
        _ => true,
    }
}

fn meaning(family: &str, lang: Lang) -> String {
    match family {
        "credential" => say!(lang, "no credential, or none that works here", "没有凭据，或凭据在此无效"),
        "credential.expired" => say!(lang, "the personal access token is over", "个人访问令牌已过期"),
        "credential.insufficient_scope" => say!(lang, "the credential lacks a scope", "凭据缺少权限范围"),
        "app.forbidden" => say!(lang, "not this caller's app", "不是调用者的应用"),
        "app.not_found" => say!(lang, "unknown id, or a client id", "未知 ID，或填了客户端 ID"),
        "registration" => say!(lang, "an owner rule is in the way", "有所有者规则阻挡"),
        "request.malformed_body" => say!(lang, "the body cannot be read", "请求体无法读取"),
        _ => say!(lang, "a value is wrong", "值有误"),
    }
}
