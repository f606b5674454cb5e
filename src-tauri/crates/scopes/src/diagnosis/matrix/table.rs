//! The rows of the matrix, and the matrix as a table for other programs.

use super::outlook::{self, Outlook};
use super::{Access, AccessRow, Place, RowGate};
use crate::csv;
use crate::diagnosis::code::{self, GateId};
use crate::diagnosis::facts::{Facts, Known};
use crate::diagnosis::types::{Certainty, GateState, Needs};
use crate::diagnosis::{Finding, Surroundings, gates, remedies, words};
use crate::exchange::{Exchange, Request};
use crate::lang::Lang;
use crate::routes::{self, Input, Route};
use serde_json::{Map, Value, json};

/// Stands in a path for a thing that was not chosen.
pub(super) const ANY: &str = "-";

/// Every route, and every body field with scopes or permissions of its own, in display order.
///
/// `evidence` is what was asked with the credential of the place; what belongs to others is ignored.
#[must_use]
pub fn foresee(place: &Place, evidence: &[Exchange], known: &Known, lang: Lang) -> Vec<AccessRow> {
    let around = Surroundings::of(evidence);
    routes::glint()
        .iter()
        .flat_map(|route| fields_of(route).into_iter().map(move |field| (route, field)))
        .map(|(route, field)| row(place, route, field, &around, known, lang))
        .collect()
}

/// The route itself, unless nothing is sent without one of these fields; then each field that is judged on its own.
fn fields_of(route: &Route) -> Vec<Option<&Input>> {
    let judged: Vec<Option<&Input>> = route
        .inputs
        .iter()
        .filter(|input| !input.scopes.is_empty() || !input.permissions.is_empty())
        .map(Some)
        .collect();
    let bare = judged.iter().flatten().all(|input| input.scopes.is_empty());
    bare.then_some(None).into_iter().chain(judged).collect()
}

fn row(
    place: &Place,
    route: &Route,
    field: Option<&Input>,
    evidence: &Surroundings<'_>,
    known: &Known,
    lang: Lang,
) -> AccessRow {
    let call = unsent(place, route, field);
    let mut facts = Facts::gather(&call, evidence, None, known, lang);
    // A todo that is meant lies in the set that was chosen.
    facts.todo_set = facts.todo_set.take().or_else(|| place.set.clone());
    let order = gates::order(&facts, &Finding::fine(code::ALLOWED));
    let judged = judge(&facts, &order);
    let finding = judged.finding.as_ref();
    AccessRow {
        route: route.id.clone(),
        field: field.map(|input| input.name.clone()),
        method: route.method.clone(),
        path: route.path.clone(),
        group: route.group.clone(),
        writes: route.writes,
        provable: route.is_safe_read(),
        access: judged.access,
        certainty: judged.certainty,
        gate: finding.and_then(|finding| finding.gate),
        cause: finding.map_or(code::ALLOWED, |finding| finding.cause),
        because: finding.and_then(|finding| finding.because),
        headline: finding.map(|finding| words::tell(&facts, finding).headline).unwrap_or_default(),
        needs: finding.map_or_else(Needs::default, |finding| finding.needs.clone()),
        remedies: finding.map(|finding| remedies::steps(&facts, finding)).unwrap_or_default(),
        gates: judged.gates,
        observed: None,
    }
}

struct Judged {
    access: Access,
    certainty: Certainty,
    finding: Option<Finding>,
    gates: Vec<RowGate>,
}

/// The gates one after another; the first that stops the call decides, an open one before it leaves room for another.
fn judge(facts: &Facts<'_>, order: &[GateId]) -> Judged {
    let mut judged =
        Judged { access: Access::Allowed, certainty: Certainty::Likely, finding: None, gates: Vec::new() };
    for id in order {
        let stopped = judged.access == Access::Denied;
        let (state, finding) = if stopped { (GateState::NotReached, None) } else { judged.pass(facts, *id) };
        if *id == GateId::Request || *id == GateId::Server {
            continue;
        }
        let evidence = match &finding {
            Some(finding) if !finding.evidence.is_empty() => finding.evidence.clone(),
            _ => gates::forecast(facts, *id).1,
        };
        let fact = evidence.first().map(|fact| format!("{} ({})", fact.text, fact.source));
        judged.gates.push(RowGate { id: id.as_str().to_owned(), state, fact: fact.unwrap_or_default() });
        if finding.is_some() && judged.finding.is_none() {
            judged.finding = finding;
        }
    }
    judged
}

impl Judged {
    fn pass(&mut self, facts: &Facts<'_>, id: GateId) -> (GateState, Option<Finding>) {
        match outlook::of(facts, id) {
            Outlook::Passes(certainty) => {
                self.certainty = self.certainty.min(certainty);
                (GateState::Passed, None)
            }
            Outlook::Assumed => (GateState::Passed, None),
            Outlook::Unknown => {
                self.access = Access::Unknown;
                self.certainty = Certainty::Possible;
                (GateState::Unknown, None)
            }
            Outlook::OwnOnly(finding) => {
                if self.access == Access::Allowed {
                    self.access = Access::OwnOnly;
                }
                self.certainty = self.certainty.min(finding.certainty);
                (GateState::Unknown, Some(finding))
            }
            Outlook::Stops(finding) => {
                self.access = Access::Denied;
                self.certainty = self.certainty.min(finding.certainty);
                (GateState::Failed, Some(finding))
            }
        }
    }
}

/// The request of a row as it would be sent.
fn unsent(place: &Place, route: &Route, field: Option<&Input>) -> Exchange {
    let mut path = route.path.clone();
    for (name, value) in [("team", Some(&place.team)), ("set", place.set.as_ref())] {
        let value = value.filter(|value| !value.is_empty()).map_or(ANY, String::as_str);
        path = path.replace(&format!(":{name}"), value);
    }
    for name in [":todo", ":comment"] {
        path =
            path.split('/').map(|part| if part == name { ANY } else { part }).collect::<Vec<_>>().join("/");
    }
    let mut body = Map::new();
    if let Some(input) = field {
        body.insert(input.name.clone(), if input.name == "mode" { json!("replace") } else { json!(ANY) });
    }
    if let Some(set) = place.set.as_ref().filter(|_| route.inputs.iter().any(|input| input.name == "setId")) {
        body.insert("setId".to_owned(), json!(set));
    }
    let authorization = place.authorization.as_ref();
    Exchange {
        request: Request {
            method: route.method.clone(),
            url: format!("{}{path}", place.glint.trim_end_matches('/')),
            headers: authorization
                .map(|value| ("Authorization".to_owned(), value.expose().to_owned()))
                .into_iter()
                .collect(),
            body: (!body.is_empty()).then(|| Value::Object(body).to_string()),
        },
        started_at: Some(place.now),
        ..Exchange::default()
    }
}

/// The matrix as a table (RFC 4180), one row per line, with the names of the members as heads.
#[must_use]
pub fn as_csv(rows: &[AccessRow]) -> String {
    const HEADS: [&str; 17] = [
        "group",
        "route",
        "field",
        "method",
        "path",
        "access",
        "certainty",
        "gate",
        "cause",
        "because",
        "scopes",
        "permission",
        "headline",
        "observed_status",
        "observed_access",
        "observed_cause",
        "differs",
    ];
    let mut out = csv::line(HEADS);
    for row in rows {
        let seen = row.observed.as_ref();
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        out.push_str(&csv::line([
            row.group.clone(),
            row.route.clone(),
            text(row.field.as_ref()),
            row.method.clone(),
            row.path.clone(),
            word(&row.access),
            word(&row.certainty),
            row.gate.map(|gate| gate.to_string()).unwrap_or_default(),
            row.cause.to_string(),
            row.because.map(|code| code.to_string()).unwrap_or_default(),
            row.needs.scopes.clone().unwrap_or_default().join(" "),
            text(row.needs.permission.as_ref()),
            row.headline.clone(),
            seen.map(|seen| seen.status.to_string()).unwrap_or_default(),
            seen.map(|seen| word(&seen.access)).unwrap_or_default(),
            seen.map(|seen| seen.cause.to_string()).unwrap_or_default(),
            text(seen.and_then(|seen| seen.differs.as_ref())),
        ]));
    }
    out
}

/// A value of a closed list as it stands on the wire.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
