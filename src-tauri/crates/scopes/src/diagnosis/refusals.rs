//! The table of refusals of a route, with the one that applies lit.

use super::Finding;
use super::call::Kind;
use super::code::{self, Code, Family, Means};
use super::denials::{self, Denial};
use super::facts::Facts;
use super::types::Refusal;

pub(crate) fn table(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    match facts.call.kind {
        Kind::Glint | Kind::Other | Kind::Prism => of_system(facts, finding),
        Kind::OAuth | Kind::Web => Vec::new(),
    }
}

/// The refusals of this route from the profile. The text that came stands in the place of its family, or at the end.
fn of_system(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    let table = denials::of_system(facts.call.kind);
    let parsed = |denial: &Denial| denial.parse && finding.cause == code::SERVER_PRISM_NOT_API;
    let came = denials::of(&facts.call)
        .filter(|denial| denial.shown().is_some())
        .filter(|denial| covers(denial.code, finding.cause) || parsed(denial));
    let covered = |denial: &&Denial| {
        denial.status == facts.call.status && covers(denial.code, finding.cause) && denial.table
    };
    let general = table.iter().find(|denial| match came {
        Some(came) if came.table => std::ptr::eq(*denial, came),
        Some(came) => covered(denial) && denial.code == came.code,
        None => covered(denial),
    });
    let mut rows = Vec::new();
    for denial in table.iter().filter(|denial| denial.table) {
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
        text: shown.shown().unwrap_or_default(),
        code: if lit { finding.cause.to_string() } else { general.code.to_string() },
        meaning: meaning.map(|text| text.get(facts.lang).to_owned()).unwrap_or_default(),
        lit,
    }
}

/// A whole code stands for itself, a family for all codes of it that have no row of their own.
fn covers(means: Means, cause: Code) -> bool {
    match means {
        Means::Code(code) => code == cause,
        Means::Family(family) => cause.family() == family && cause != code::MEMBERSHIP_UNAVAILABLE,
    }
}

/// Leaves out what this route never answers.
fn applies(facts: &Facts<'_>, denial: &Denial) -> bool {
    if !denial.is_at(facts.call.at.endpoint) {
        return false;
    }
    let Some(hit) = &facts.call.route else { return denial.route.is_none() && denial.group.is_none() };
    let route = hit.route;
    if denial.route.as_ref().is_some_and(|only| *only != route.id)
        || denial.group.as_ref().is_some_and(|only| *only != route.group)
    {
        return false;
    }
    match denial.code {
        Means::Family(Family::Role) => {
            !route.permissions.is_empty() || route.inputs.iter().any(|input| !input.permissions.is_empty())
        }
        Means::Family(Family::Membership) => route.path.contains(":team"),
        Means::Code(code::RESOURCE_MISSING) => route.order.iter().any(|gate| gate == "resource"),
        Means::Code(code::REQUEST_INVALID | code::REQUEST_CONFLICT | code::REQUEST_MALFORMED_BODY) => {
            route.writes && route.order.iter().any(|gate| gate == "request")
        }
        _ => true,
    }
}
