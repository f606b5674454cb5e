//! Why was this call refused? Evidence in, ordered gates and the first failure out.
//!
//! [`diagnose`] takes the exchange to explain and every other exchange known around it, and returns a [`Diagnosis`] whose
//! certainty never exceeds the evidence (contract §11). Live calls, archives and pasted answers all come here, so that
//! they get the same answer. Evidence that belongs to another token is ignored.

mod bodies;
mod cached_list;
mod call;
pub mod capsule;
pub mod code;
mod denials;
mod difference;
mod edge;
mod evidence;
mod facts;
mod forms;
mod gates;
mod glint;
pub mod groups;
mod hidden;
pub mod matrix;
mod membership;
mod oauth;
mod own;
mod prism;
pub mod read;
pub mod reasons;
mod redacted;
pub mod reference;
mod refusals;
mod remedies;
pub mod report;
mod role;
mod scope;
mod spelling;
pub mod stream;
mod subjects;
mod token;
mod types;
mod web;
mod words;

pub use cached_list::{CacheEffect, CachedList, cached_list};
pub use call::{Kind, is_evidence, kind_of};
pub use code::{Code, Family, GateId};
pub use facts::{Known, Surroundings};
pub use subjects::subjects;
pub use types::*;

use crate::endpoint::Endpoint;
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::problem::Actor;
use code::Means;
use facts::Facts;
use own::Form;
use serde::Serialize;
use ts_rs::TS;

/// What was found before it is put into words.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) cause: Code,
    pub(crate) certainty: Certainty,
    pub(crate) because: Option<Code>,
    pub(crate) alternatives: Vec<Code>,
    pub(crate) needs: Needs,
    /// The gate that failed; `None` when nothing was refused.
    pub(crate) gate: Option<GateId>,
    /// What decided, in order: facts that are told beside the gate.
    pub(crate) evidence: Vec<Evidence>,
    /// Steps for this very call, in place of those of the code.
    pub(crate) advice: Vec<Remedy>,
}

impl Finding {
    pub(crate) fn new(cause: Code, certainty: Certainty, gate: GateId) -> Self {
        Self {
            cause,
            certainty,
            because: None,
            alternatives: Vec::new(),
            needs: Needs::default(),
            gate: Some(gate),
            evidence: Vec::new(),
            advice: Vec::new(),
        }
    }

    pub(crate) fn fine(cause: Code) -> Self {
        Self { gate: None, ..Self::new(cause, Certainty::Proven, GateId::Request) }
    }

    pub(crate) fn or(mut self, codes: &[Code]) -> Self {
        self.alternatives.extend(codes.iter().filter(|code| **code != self.cause));
        self
    }

    pub(crate) fn wants_scopes(mut self, scopes: Vec<String>) -> Self {
        self.needs.scopes = Some(scopes);
        self
    }

    pub(crate) fn advised(mut self, steps: Vec<Remedy>) -> Self {
        self.advice = steps;
        self
    }

    pub(crate) fn shown(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }
}

impl denials::Denial {
    /// What the text alone says; a family has no code of its own.
    pub(crate) fn finding(&self, text: &str) -> Finding {
        let code = match self.code {
            Means::Code(code) => code,
            Means::Family(_) => code::SERVER_ERROR,
        };
        let mut finding = Finding::new(code, self.certainty, code.gate().unwrap_or(GateId::Server));
        finding.needs.field = self.field_in(text);
        finding
    }
}

/// What rests on a token that is only assumed to be the call's is never proven, and neither is what a server says that
/// nothing identifies.
fn capped(mut finding: Finding, facts: &Facts<'_>) -> Finding {
    let family = finding.cause.family();
    if family == Family::Allowed && facts.call.form() == Form::Unstated {
        let most = if facts.call.kind == Kind::Other { Certainty::Possible } else { Certainty::Likely };
        finding.certainty = finding.certainty.min(most);
    }
    if facts.call.cut.is_some() {
        // What was cut off may have said more.
        finding.certainty = finding.certainty.min(Certainty::Likely);
    }
    if facts.call.kind == Kind::Other && !matches!(family, Family::Reach | Family::Server | Family::Oauth) {
        finding.certainty = finding.certainty.min(Certainty::Likely);
    }
    let rests_on_it = matches!(
        family,
        Family::Token | Family::Scope | Family::Membership | Family::Role | Family::Hidden | Family::Allowed
    );
    if facts.assumed.is_some() && rests_on_it {
        finding.certainty = finding.certainty.min(Certainty::Likely);
    }
    finding
}

/// The answer without its words: enough to count calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Status of the call; 0 when no answer came.
    pub status: u16,
    /// Reason code.
    pub cause: Code,
    /// How sure.
    pub certainty: Certainty,
    /// Id of the provider's route.
    pub route: Option<&'static str>,
    /// The client the token was issued to.
    pub consumer: Option<Named>,
    /// The user the token acts for.
    pub person: Option<Named>,
}

/// An id, and what people call it where that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Option<String>,
}

/// Explains one call without telling it in words; otherwise as [`diagnose`].
#[must_use]
pub fn verdict(subject: &Exchange, others: &[Exchange], known: &Known) -> Verdict {
    verdict_among(subject, &Surroundings::of(others), None, known)
}

/// The verdict on one call of many: to [`verdict`] what [`diagnose_among`] is to [`diagnose`].
#[must_use]
pub fn verdict_among(
    subject: &Exchange,
    around: &Surroundings<'_>,
    exclude: Option<usize>,
    known: &Known,
) -> Verdict {
    let facts = Facts::gather(subject, around, exclude, known, Lang::En);
    placed(&facts, &found(&facts))
}

fn placed(facts: &Facts<'_>, finding: &Finding) -> Verdict {
    let named = |id: &str, name: Option<String>| Named { id: id.to_owned(), name };
    let user = facts.introspection.as_ref().and_then(|seen| seen.user_id.as_deref());
    Verdict {
        status: facts.call.status,
        cause: finding.cause,
        certainty: finding.certainty,
        route: facts.call.route.as_ref().map(|hit| hit.route.id.as_str()),
        consumer: facts.consumer().map(|id| named(id, facts.consumer_called().filter(|name| name != id))),
        person: user.map(|id| named(id, facts.person())),
    }
}

/// What a refused request of the console's own means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Reason code.
    pub cause: Code,
    /// Who acts first.
    pub who: Option<Actor>,
}

/// Explains a refused request of the console's own by itself. `endpoint` is what it asked for, where its path may be any.
#[must_use]
pub fn meaning(exchange: &Exchange, endpoint: Option<Endpoint>) -> Meaning {
    let known = Known { endpoint, ..Known::default() };
    let verdict = verdict_among(exchange, &Surroundings::of_request(&exchange.request.url), None, &known);
    Meaning::of(verdict.cause)
}

/// What the words of an authorization server mean that a redirect brought back (RFC 6749 §4.1.2.1).
#[must_use]
pub fn meaning_of_redirect(error: &str, description: &str) -> Meaning {
    Meaning::of(
        denials::of_words(error, description)
            .map_or(code::OAUTH_INVALID_REQUEST, |row| row.finding(error).cause),
    )
}

impl Meaning {
    /// A code with whoever its first remedy is for.
    #[must_use]
    pub fn of(cause: Code) -> Self {
        let who = reasons::of(cause).and_then(|reason| reason.steps.first()).map(|step| step.who);
        Self { cause, who }
    }
}

fn found(facts: &Facts<'_>) -> Finding {
    let finding = match facts.call.kind {
        Kind::Other if facts.call.is_to(Endpoint::Discovery) => web::of_document(facts),
        Kind::Prism => prism::find(facts),
        Kind::OAuth => oauth::find(facts),
        Kind::Web => web::find(facts),
        Kind::Glint | Kind::Other => glint::find(facts),
    };
    capped(finding, facts)
}

/// Explains one call.
///
/// `others` may hold anything recorded around it, in any order; what belongs to another credential is ignored. `known` is
/// what the console knows besides: names, addresses. Every sentence comes in `lang`; server texts stay as they are.
#[must_use]
pub fn diagnose(subject: &Exchange, others: &[Exchange], known: &Known, lang: Lang) -> Diagnosis {
    diagnose_among(subject, &Surroundings::of(others), None, known, lang).1
}

/// Explains one call of many: as [`diagnose`], with the exchanges around it read once for all of them. `exclude` is the
/// position of the call among the exchanges the surroundings were made of, for no call is evidence for itself.
#[must_use]
pub fn diagnose_among(
    subject: &Exchange,
    around: &Surroundings<'_>,
    exclude: Option<usize>,
    known: &Known,
    lang: Lang,
) -> (Verdict, Diagnosis) {
    let (verdict, diagnosis) = with_secrets(subject, around, exclude, known, lang);
    (verdict.redacted(), diagnosis.redacted(subject))
}

/// The answer as it is, with whatever its sentences quote.
fn with_secrets(
    subject: &Exchange,
    around: &Surroundings<'_>,
    exclude: Option<usize>,
    known: &Known,
    lang: Lang,
) -> (Verdict, Diagnosis) {
    let facts = Facts::gather(subject, around, exclude, known, lang);
    let finding = found(&facts);
    let gates = gates::ladder(&facts, &finding);
    let told = words::tell(&facts, &finding);
    let remedies = remedies::steps(&facts, &finding);
    let mut evidence: Vec<Evidence> = Vec::new();
    for fact in finding.evidence.iter().chain(gates.iter().flat_map(|gate| &gate.evidence)) {
        if !evidence.contains(fact) {
            evidence.push(fact.clone());
        }
    }
    let verdict = placed(&facts, &finding);
    let diagnosis = Diagnosis {
        status: facts.call.status,
        cause: finding.cause,
        certainty: finding.certainty,
        because: finding.because,
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
    };
    (verdict, diagnosis)
}
