//! Why was this call refused? Evidence in, ordered gates and the first failure out.
//!
//! [`diagnose`] takes the exchange to explain and every other exchange known around it, and returns a [`Diagnosis`] whose
//! certainty never exceeds the evidence (contract §11). Live calls, archives and pasted answers all come here, so that
//! they get the same answer. Evidence that belongs to another token is ignored.

mod call;
pub mod capsule;
mod denials;
mod evidence;
mod facts;
mod gates;
mod glint;
mod hidden;
mod membership;
mod oauth;
mod prism;
pub mod read;
pub mod reasons;
pub mod reference;
mod refusals;
mod remedies;
mod role;
mod scope;
mod subjects;
mod token;
mod types;
mod words;

pub use call::{Kind, is_evidence, kind_of};
pub use facts::Known;
pub use subjects::subjects;
pub use types::*;

use crate::exchange::Exchange;
use crate::lang::Lang;
use facts::Facts;

/// What was found before it is put into words.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) cause: &'static str,
    pub(crate) certainty: Certainty,
    pub(crate) because: Option<&'static str>,
    pub(crate) alternatives: Vec<&'static str>,
    pub(crate) needs: Needs,
    /// The gate that failed; `None` when nothing was refused.
    pub(crate) gate: Option<&'static str>,
    /// What decided, in order: facts that are told beside the gate.
    pub(crate) evidence: Vec<Evidence>,
}

impl Finding {
    pub(crate) fn new(cause: &'static str, certainty: Certainty, gate: &'static str) -> Self {
        Self {
            cause,
            certainty,
            because: None,
            alternatives: Vec::new(),
            needs: Needs::default(),
            gate: Some(gate),
            evidence: Vec::new(),
        }
    }

    pub(crate) fn fine(cause: &'static str) -> Self {
        Self { gate: None, ..Self::new(cause, Certainty::Proven, "") }
    }

    pub(crate) fn or(mut self, codes: &[&'static str]) -> Self {
        self.alternatives.extend(codes.iter().filter(|code| **code != self.cause));
        self
    }

    pub(crate) fn wants_scopes(mut self, scopes: Vec<String>) -> Self {
        self.needs.scopes = Some(scopes);
        self
    }

    pub(crate) fn shown(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }
}

/// What rests on a token that is only assumed to be the call's is never proven.
fn capped(mut finding: Finding, facts: &Facts<'_>) -> Finding {
    let family = finding.cause.split('.').next().unwrap_or_default();
    if facts.assumed.is_some()
        && ["token", "scope", "membership", "role", "hidden", "allowed"].contains(&family)
    {
        finding.certainty = finding.certainty.min(Certainty::Likely);
    }
    finding
}

/// Explains one call.
///
/// `others` may hold anything recorded around it, in any order; what belongs to another credential is ignored. `known` is
/// what the console knows besides: names, addresses. Every sentence comes in `lang`; server texts stay as they are.
#[must_use]
pub fn diagnose(subject: &Exchange, others: &[Exchange], known: &Known, lang: Lang) -> Diagnosis {
    let facts = Facts::gather(subject, others, known, lang);
    let finding = match facts.call.kind {
        Kind::Prism => prism::find(&facts),
        Kind::OAuth => oauth::find(&facts),
        Kind::Glint | Kind::Other => glint::find(&facts),
    };
    let finding = capped(finding, &facts);
    let gates = gates::ladder(&facts, &finding);
    let told = words::tell(&facts, &finding);
    let remedies = remedies::steps(&facts, &finding);
    let mut evidence: Vec<Evidence> = Vec::new();
    for fact in finding.evidence.iter().chain(gates.iter().flat_map(|gate| &gate.evidence)) {
        if !evidence.contains(fact) {
            evidence.push(fact.clone());
        }
    }
    Diagnosis {
        status: facts.call.status,
        cause: finding.cause.to_owned(),
        certainty: finding.certainty,
        because: finding.because.map(str::to_owned),
        headline: told.headline,
        detail: told.detail,
        alternatives: words::alternatives(&finding, lang),
        reauthorize: remedies.iter().any(|step| step.reauthorize),
        needs: finding.needs.clone(),
        remedies,
        next_obstacle: gates::next_obstacle(&facts, &gates),
        refusals: refusals::table(&facts, &finding),
        gates,
        evidence,
    }
}
