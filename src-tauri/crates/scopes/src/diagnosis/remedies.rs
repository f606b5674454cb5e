//! The cure, in order, from the table of reasons; names and scopes filled in.

use super::Finding;
use super::facts::Facts;
use super::reasons;
use super::types::Remedy;
use super::words::fill;
use crate::problem::Actor;

pub(crate) fn steps(facts: &Facts<'_>, finding: &Finding) -> Vec<Remedy> {
    let Some(reason) = reasons::of(finding.cause) else { return Vec::new() };
    let behind =
        finding.because.and_then(reasons::of).filter(|_| finding.because != Some("scope.undetermined"));
    let mut steps: Vec<Remedy> = Vec::new();
    // Why the scope is missing at all comes first: asking for it again is in vain before.
    if let Some(behind) = behind.filter(|reason| reason.code != "scope.token_predates") {
        steps.extend(
            behind.steps.iter().filter(|step| !step.reauthorize).map(|step| remedy(facts, finding, step)),
        );
    }
    for step in &reason.steps {
        let next = remedy(facts, finding, step);
        if !steps.iter().any(|had| had.action == next.action) {
            steps.push(next);
        }
    }
    wrong_provider_id(facts, finding, &mut steps);
    steps
}

fn remedy(facts: &Facts<'_>, finding: &Finding, step: &reasons::Step) -> Remedy {
    let lang = facts.lang;
    let scopes = finding.needs.scopes.clone().unwrap_or_default();
    // Any one of the wanted scopes does: the first, most specific one is prepared.
    let prepared: Vec<String> =
        if finding.cause == "oauth.scopes_narrowed" || finding.cause == "registration.dropped" {
            scopes
        } else {
            scopes.into_iter().take(1).collect()
        };
    Remedy {
        who: step.who,
        who_name: facts.person().filter(|_| step.who == Actor::EndUser),
        action: fill(step.action.get(lang), facts, finding),
        detail: step.detail.as_ref().map(|text| fill(text.get(lang), facts, finding)).unwrap_or_default(),
        reauthorize: step.reauthorize,
        fix: step.fix.as_deref().and_then(|name| reasons::fix(name, &prepared, facts.consumer())),
    }
}

/// A scope that names another provider than Glint's own id is for the consumer's developer to correct.
fn wrong_provider_id(facts: &Facts<'_>, finding: &Finding, steps: &mut [Remedy]) {
    if finding.cause != "scope.target_missing" {
        return;
    }
    let own = facts.config.as_ref().map(|(_, id)| id.trim());
    let other = facts
        .today
        .keys()
        .filter_map(|scope| super::scope::parts(scope))
        .any(|(id, _)| own.is_some_and(|own| own != id));
    if other && let Some(first) = steps.first_mut() {
        first.who = Actor::ConsumerDeveloper;
    }
}
