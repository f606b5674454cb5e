//! What each gate would say to a call that is not sent. The gates are those of the diagnosis.

use super::super::Finding;
use super::super::call::{header, origin_of};
use super::super::facts::Facts;
use super::super::types::Certainty::{self, Likely, Possible};
use super::super::types::Needs;
use super::super::{gates, membership, role, scope, token};
use crate::diagnosis::code::{self, GateId};

/// What a gate would say.
pub(super) enum Outlook {
    /// It lets the call through, as sure as that is.
    Passes(Certainty),
    /// It lets through what the person made: the permission for what others made is missing.
    OwnOnly(Finding),
    /// It stops the call.
    Stops(Finding),
    /// Nothing tells.
    Unknown,
    /// It is about things and bodies, which are assumed to be right.
    Assumed,
}

const SURE: Outlook = Outlook::Passes(Likely);

/// What the gate of this id would say.
pub(super) fn of(facts: &Facts<'_>, gate: GateId) -> Outlook {
    match gate {
        GateId::Header => of_header(facts),
        GateId::Token => of_token(facts),
        GateId::Scope => match gates::scopes_that_lack(facts) {
            Some(lacking) if lacking.is_empty() => SURE,
            Some(lacking) => Outlook::Stops(scope::missing(facts, &lacking)),
            None => Outlook::Unknown,
        },
        GateId::Membership => of_membership(facts),
        GateId::Role => of_role(facts),
        GateId::Resource => of_resource(facts),
        _ => Outlook::Assumed,
    }
}

fn of_header(facts: &Facts<'_>) -> Outlook {
    match header(&facts.call.exchange.request.headers, "authorization") {
        Some(value) if value.starts_with("Bearer ") => SURE,
        _ => Outlook::Stops(token::header_gate(facts)),
    }
}

fn of_token(facts: &Facts<'_>) -> Outlook {
    if facts.token.as_deref().and_then(token::form_of).is_some() {
        return Outlook::Stops(token::token_gate(facts));
    }
    let Some(seen) = &facts.introspection else { return Outlook::Unknown };
    let used = facts.config.as_ref().and_then(|(base, _)| origin_of(base));
    let elsewhere = seen.origin.is_some() && used.is_some() && seen.origin != used;
    if seen.active && !elsewhere { SURE } else { Outlook::Stops(token::token_gate(facts)) }
}

/// Glint's own list decides; Prism's tells what it will be once it is read anew.
fn of_membership(facts: &Facts<'_>) -> Outlook {
    if facts.no_team_list {
        return Outlook::Stops(membership::unavailable(facts));
    }
    let Some(team) = facts.call.part("team") else {
        return if facts.glint_teams.is_some() { SURE } else { without_team(facts) };
    };
    if let Some(space) = team.strip_prefix("personal:") {
        let user = facts.introspection.as_ref().and_then(|seen| seen.user_id.as_deref());
        return match user {
            Some(user) if user != space => Outlook::Stops(membership::not_member(facts)),
            Some(_) if facts.glint_teams.is_some() => SURE,
            _ => without_team(facts),
        };
    }
    let at_prism = facts.prism_teams.as_ref().and_then(|teams| teams.as_ref().ok());
    let at_prism = at_prism.map(|teams| membership::member(teams, team).is_some());
    match (&facts.glint_teams, at_prism) {
        (Some(teams), _) if membership::member(teams, team).is_some() => SURE,
        (Some(_), _) => Outlook::Stops(membership::not_member(facts)),
        // The list that Glint keeps could not be read: it may be an older one.
        (None, Some(true)) => Outlook::Passes(Possible),
        (None, Some(false)) => {
            let mut finding = membership::not_member(facts);
            finding.certainty = Possible;
            Outlook::Stops(finding)
        }
        (None, None) => Outlook::Unknown,
    }
}

/// With `teams:read` Glint can read the list itself; without it, somebody else must have done so within the hour.
fn without_team(facts: &Facts<'_>) -> Outlook {
    let reads = facts.held().is_some_and(|held| held.iter().any(|scope| scope == "teams:read"));
    if reads { Outlook::Passes(Possible) } else { Outlook::Unknown }
}

fn of_role(facts: &Facts<'_>) -> Outlook {
    match role::outlook(facts) {
        role::Outlook::Passes => SURE,
        role::Outlook::OwnOnly(permission) => Outlook::OwnOnly(role::denied(facts, permission)),
        role::Outlook::Stops(permission) => Outlook::Stops(role::denied(facts, permission)),
        role::Outlook::Unknown => Outlook::Unknown,
    }
}

/// A set that was chosen and is not in the list; everything else is assumed to be there.
fn of_resource(facts: &Facts<'_>) -> Outlook {
    let missing = facts
        .call
        .part("set")
        .zip(facts.sets.as_ref())
        .is_some_and(|(set, sets)| set != super::table::ANY && !sets.contains(set));
    if !missing {
        return Outlook::Assumed;
    }
    let mut finding = Finding::new(code::RESOURCE_MISSING, Likely, GateId::Resource);
    finding.needs = Needs { resource: Some("set".into()), ..Needs::default() };
    Outlook::Stops(finding)
}
