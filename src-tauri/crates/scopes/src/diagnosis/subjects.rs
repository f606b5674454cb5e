//! Which calls of an archive want an explanation, and which only tell something about the others.

use super::call::{Call, form, header, query};
use super::facts::{Sites, after_scheme, separated};
use crate::endpoint::{self, Endpoint, Kind, Part as Asked, is_read};
use crate::exchange::Exchange;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What an exchange is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A call somebody wanted to make.
    Call,
    /// A token answer that explains later calls and wants an explanation itself.
    Finding,
    /// A question whose answer explains calls; when it fails and nothing else is there, it is the call.
    Question,
    /// The first list an application reads; a call, unless another one of the same token stands beside it.
    Either,
    /// A question that was refused, or whose answer is not the system's own: it explains no other call.
    Refused,
    /// Never wants an explanation: discovery, introspection, pages that were shown.
    Aside,
    /// Nothing of ours, and failed: explained only where nothing else is.
    Noise,
}

/// The indices of the calls that are no evidence, in their order. An archive of nothing but evidence explains its own
/// questions; whatever is left, at least one call is named unless there is none.
#[must_use]
pub fn subjects(exchanges: &[Exchange]) -> Vec<usize> {
    let scene = Scene::of(exchanges);
    let parts: Vec<Part> = exchanges.iter().map(|exchange| scene.part(exchange)).collect();
    let of = |wanted: &dyn Fn(Part, &Exchange) -> bool| -> Vec<usize> {
        let rows = parts.iter().zip(exchanges).enumerate();
        rows.filter(|(_, (part, exchange))| wanted(**part, exchange)).map(|(index, _)| index).collect()
    };
    let credentials = |wanted: Part| -> BTreeSet<Option<&str>> {
        let rows = parts.iter().zip(exchanges).filter(|(part, _)| **part == wanted);
        rows.map(|(_, exchange)| credential(exchange)).collect()
    };
    let called = credentials(Part::Call);
    let stands_alone = |exchange: &Exchange| !called.contains(&credential(exchange));
    let found = of(&|part, exchange| match part {
        Part::Call | Part::Finding | Part::Refused => true,
        Part::Either => stands_alone(exchange),
        Part::Question | Part::Aside | Part::Noise => false,
    });
    if !found.is_empty() {
        return found;
    }
    let questions = of(&|part, _| part == Part::Question);
    let noise = of(&|part, _| part == Part::Noise);
    [questions, noise]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| (0..exchanges.len()).collect())
}

/// What all exchanges together say about what each is for; gathered in one pass.
struct Scene<'a> {
    sites: Sites,
    /// Credentials of calls to Glint.
    used: HashSet<&'a str>,
    /// Scopes that authorizations asked for, by client; `None` holds those of all clients.
    asked: HashMap<Option<String>, HashSet<String>>,
}

/// Whether an answer is an object that reports no error: some people shorten the evidence to the members that matter.
fn holds_members(call: &Call<'_>) -> bool {
    let members = call.json.as_ref().and_then(Value::as_object);
    members.is_some_and(|members| !members.is_empty() && !members.contains_key("error"))
}

impl<'a> Scene<'a> {
    fn of(exchanges: &'a [Exchange]) -> Self {
        let sites = Sites::of(exchanges);
        let (mut used, mut asked) = (HashSet::new(), HashMap::<_, HashSet<String>>::new());
        for exchange in exchanges {
            let path = sites.path_of(&exchange.request.url);
            let to = endpoint::at(&path);
            if to.interface == Kind::Glint {
                used.extend(credential(exchange));
            }
            let Some((client, scopes)) = requested(exchange, to.endpoint) else { continue };
            let scopes: Vec<String> = separated(&scopes).map(str::to_owned).collect();
            asked.entry(None).or_default().extend(scopes.iter().cloned());
            if client.is_some() {
                asked.entry(client).or_default().extend(scopes);
            }
        }
        Self { sites, used, asked }
    }

    /// An exchange is evidence only where the system itself answered the question.
    fn part(&self, exchange: &Exchange) -> Part {
        match self.part_by_path(exchange) {
            Part::Question | Part::Either | Part::Aside if self.is_refused(exchange) => Part::Refused,
            part => part,
        }
    }

    /// Whether an exchange with an endpoint of a known system was refused, or its answer is not the system's own.
    fn is_refused(&self, exchange: &Exchange) -> bool {
        let call = Call::of(exchange, &self.sites, None);
        match call.at.endpoint {
            Endpoint::Other => false,
            // Programs probe for documents that need not exist.
            Endpoint::Discovery if call.status == 404 => false,
            _ if call.method == "OPTIONS" => false,
            _ => failed(exchange) || !call.is_own_answer() && !holds_members(&call),
        }
    }

    fn part_by_path(&self, exchange: &Exchange) -> Part {
        let path = self.sites.path_of(&exchange.request.url);
        if exchange.request.method == "OPTIONS" {
            return Part::Aside;
        }
        let read = is_read(&exchange.request.method);
        let to = endpoint::at(&path);
        // The routes of Glint's own web application answer nobody's question.
        let web = path.starts_with("/api/") && to.interface != Kind::Glint && to.part != Asked::Aside;
        if web && self.sites.is_glint(&exchange.request.url) {
            return Part::Call;
        }
        match to.part {
            Asked::Aside => Part::Aside,
            Asked::Question if read => Part::Question,
            Asked::FirstList if read && !failed(exchange) => Part::Either,
            Asked::Token => self.token_part(exchange),
            Asked::Authorize if !failed(exchange) => Part::Aside,
            Asked::Standard => unknown_part(exchange),
            Asked::Call | Asked::Question | Asked::FirstList | Asked::Authorize => Part::Call,
        }
    }

    /// A token answer explains calls, unless it is the last thing that happened to its token. One that grants less than
    /// an authorization asked for, or nothing, is a finding of its own.
    fn token_part(&self, exchange: &Exchange) -> Part {
        if failed(exchange) {
            return Part::Call;
        }
        let body = exchange.response.as_ref().and_then(|response| response.body.as_deref());
        let json: serde_json::Value = serde_json::from_str(body.unwrap_or_default()).unwrap_or_default();
        let issued = json.get("access_token").and_then(serde_json::Value::as_str);
        if issued.is_none() || !self.narrowed(exchange, &json) {
            return Part::Question;
        }
        if issued.is_some_and(|issued| self.used.contains(issued)) { Part::Finding } else { Part::Call }
    }

    /// Whether an authorization of the archive asked for more than the answer grants, or the answer grants nothing.
    fn narrowed(&self, exchange: &Exchange, json: &serde_json::Value) -> bool {
        let Some(scope) = json.get("scope").and_then(serde_json::Value::as_str) else { return false };
        let granted: BTreeSet<&str> = separated(scope).collect();
        let client = exchange.request.body.as_deref().and_then(|body| form(body, "client_id"));
        let asked = self.asked.get(&client);
        let kept = asked.map(|asked| granted.iter().filter(|scope| asked.contains(**scope)).count());
        granted.is_empty() || asked.zip(kept).is_some_and(|(asked, kept)| kept < asked.len())
    }
}

/// What an exchange with no endpoint of a known system is for.
fn unknown_part(exchange: &Exchange) -> Part {
    if sends_code_or_error(exchange) || (carries_credential(exchange) && failed(exchange)) {
        Part::Call
    } else if failed(exchange) {
        Part::Noise
    } else {
        Part::Aside
    }
}

/// Client id and scopes of an authorization request.
fn requested(exchange: &Exchange, to: Endpoint) -> Option<(Option<String>, String)> {
    if to != Endpoint::Authorize {
        return None;
    }
    if let Some(scope) = query(&exchange.request.url, "scope") {
        return Some((query(&exchange.request.url, "client_id"), scope));
    }
    let json: serde_json::Value = serde_json::from_str(exchange.request.body.as_deref()?).ok()?;
    let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    Some((text("client_id"), text("scope")?))
}

fn failed(exchange: &Exchange) -> bool {
    exchange.failure.is_some() || exchange.response.as_ref().is_none_or(|response| response.status >= 400)
}

fn carries_credential(exchange: &Exchange) -> bool {
    credential(exchange).is_some()
}

/// A redirect back to the consumer that carries an error.
fn sends_code_or_error(exchange: &Exchange) -> bool {
    query(&exchange.request.url, "error").is_some() && query(&exchange.request.url, "state").is_some()
}

fn credential(exchange: &Exchange) -> Option<&str> {
    Some(after_scheme(header(&exchange.request.headers, "authorization")?).trim())
}
