//! The cure, in order, from the table of reasons; names and scopes filled in.

use super::Finding;
use super::code::{self, Family};
use super::facts::{Facts, Today};
use super::reasons;
use super::scope::parts;
use super::types::Remedy;
use super::words::fill;
use crate::problem::Actor;
use crate::say;

pub(crate) fn steps(facts: &Facts<'_>, finding: &Finding) -> Vec<Remedy> {
    if !finding.advice.is_empty() {
        return finding.advice.clone();
    }
    let Some(reason) = reasons::of(finding.cause) else { return Vec::new() };
    let behind =
        finding.because.and_then(reasons::of).filter(|_| finding.because != Some(code::SCOPE_UNDETERMINED));
    let mut steps: Vec<Remedy> = Vec::new();
    // Why the scope is missing at all comes first: asking for it again is in vain before.
    if let Some(behind) = behind.filter(|reason| reason.code != code::SCOPE_TOKEN_PREDATES) {
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
    if !facts.call.at.of_provider
        && finding.cause.family() == Family::Credential
        && let Some(first) = steps.first_mut()
    {
        // Definitions and rules are the provider's; every other call is made by or for a consumer.
        first.who = Actor::ConsumerDeveloper;
    }
    if finding.cause == code::REACH_NOT_API
        && facts.call.status >= 500
        && let Some(first) = steps.first_mut()
    {
        // An error page of whatever stands before the server.
        first.who = Actor::Operator;
    }
    if finding.cause == code::SCOPE_OTHER_NAMESPACE
        && let Some(step) = wrong_configuration(facts)
    {
        return vec![step];
    }
    if finding.cause == code::TOKEN_EXPIRED
        && facts.issued.as_ref().is_some_and(|issued| !issued.refreshable())
    {
        steps.push(sign_in_again(facts));
    }
    steps
}

/// Glint's own setting is at fault: a blank around the right id, or an id that Prism does not know while it knows the
/// one of the token (contract §10.22).
fn wrong_configuration(facts: &Facts<'_>) -> Option<Remedy> {
    let (lang, own) = (facts.lang, &facts.config.as_ref()?.1);
    let held = facts.held()?.iter().filter_map(|scope| parts(scope)).map(|(id, _)| id);
    let blank = own.trim() != own;
    let gone = |wanted: &str| {
        facts.today.iter().any(|(scope, today)| {
            parts(scope).is_some_and(|(id, _)| id == wanted)
                && matches!(today, Today::Rejected(reason) if reason == "target_missing")
        })
    };
    if !(blank && held.clone().any(|id| id == own.trim()) || gone(own.trim()) && !held.clone().any(gone)) {
        return None;
    }
    let id = held.clone().find(|id| !gone(id)).unwrap_or(own.trim());
    Some(Remedy {
        who: Actor::ProviderOwner,
        who_name: None,
        action: say!(lang, "Set Glint's client id to `{id}`", "把 Glint 的客户端 ID 设为 `{id}`"),
        detail: if blank {
            say!(
                lang,
                "A blank stands in the id of its configuration, so that no token fits.",
                "配置里的 ID 带有空格，因此任何令牌都不匹配。"
            )
        } else {
            say!(
                lang,
                "Prism knows no active client under the id it is configured with.",
                "Prism 不认识它所配置的 ID 对应的有效客户端。"
            )
        },
        reauthorize: false,
        fix: None,
    })
}

/// The token answer held no refresh token: only a new authorization helps.
fn sign_in_again(facts: &Facts<'_>) -> Remedy {
    let lang = facts.lang;
    Remedy {
        who: Actor::EndUser,
        who_name: facts.person(),
        action: say!(lang, "Sign in again", "重新登录"),
        detail: say!(
            lang,
            "The token answer held no refresh token; with `offline_access` it would.",
            "令牌答复里没有刷新令牌；申请 `offline_access` 才会有。"
        ),
        reauthorize: true,
        fix: None,
    }
}

fn remedy(facts: &Facts<'_>, finding: &Finding, step: &reasons::Step) -> Remedy {
    let lang = facts.lang;
    let scopes = finding.needs.scopes.clone().unwrap_or_default();
    // Any one of the wanted scopes does: the first, most specific one is prepared.
    let prepared: Vec<String> =
        if finding.cause == code::OAUTH_SCOPES_NARROWED || finding.cause == code::REGISTRATION_DROPPED {
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
    if finding.cause != code::SCOPE_TARGET_MISSING {
        return;
    }
    let own = facts.config.as_ref().map(|(_, id)| id.trim());
    let other = facts
        .today
        .iter()
        .filter(|(_, today)| matches!(today, Today::Rejected(reason) if reason == "target_missing"))
        .filter_map(|(scope, _)| parts(scope))
        .any(|(id, _)| own.is_some_and(|own| own != id));
    if other && let Some(first) = steps.first_mut() {
        first.who = Actor::ConsumerDeveloper;
    }
}
