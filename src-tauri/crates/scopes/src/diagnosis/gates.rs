//! The ladder: the server's checks in their real order for this route, what became of each, and what would stop the
//! call next (contract §8).

use super::Finding;
use super::call::Kind;
use super::code::{self, Family, GateId};
use super::evidence::{Source, inferred, observed};
use super::facts::{Facts, is_masked};
use super::membership::lists;
use super::own::Form;
use super::role;
use super::scope::parts;
use super::types::{Evidence, Gate, GateState};
use super::words;
use crate::lang::{Lang, list};
use crate::say;
use crate::secret::placeholder_kind;

pub(crate) fn ladder(facts: &Facts<'_>, finding: &Finding) -> Vec<Gate> {
    let order = order(facts, finding);
    let stopped = order.iter().position(|id| Some(*id) == finding.gate);
    let hidden = finding.cause.family() == Family::Hidden;
    let doubted = doubted(finding, &order);
    // What is not in the form of the system may come from a gateway before it: no gate was passed for certain.
    let own = facts.call.form() == Form::Own;
    let foreign = facts.call.status != 0 && !own && finding.cause != code::REACH_NOT_API;
    let stands = |at: usize| match stopped {
        Some(stop) if foreign && (at != stop || finding.cause == code::REACH_UNREADABLE) => {
            GateState::Unknown
        }
        None if foreign => GateState::Unknown,
        Some(stop) if at == stop => {
            if finding.cause == code::HIDDEN_STALE_ACCESS {
                GateState::Passed
            } else {
                GateState::Failed
            }
        }
        Some(stop) if at > stop && !hidden => GateState::NotReached,
        None if facts.call.status == 0 => GateState::Unknown,
        // What may itself have stopped the call was passed only where the evidence says so.
        Some(_) if doubted.is_some_and(|first| at >= first) => {
            match order.get(at).map(|id| forecast(facts, *id)) {
                Some((Some(true), _)) => GateState::Passed,
                _ => GateState::Unknown,
            }
        }
        _ => GateState::Passed,
    };
    order
        .iter()
        .enumerate()
        .map(|(at, id)| {
            let state = stands(at);
            let (would_pass, evidence) = match state {
                GateState::Failed => (None, finding.evidence.clone()),
                GateState::NotReached => forecast(facts, *id),
                GateState::Unknown if doubted.is_some() || foreign => (None, forecast(facts, *id).1),
                _ => (None, passed(facts, finding, *id)),
            };
            Gate {
                id: *id,
                title: words::gate_title(*id, facts.lang),
                question: words::gate_question(facts, finding, *id),
                state,
                would_pass,
                evidence,
            }
        })
        .collect()
}

/// The first gate before the one that is named at which another possible cause would have stopped the call.
fn doubted(finding: &Finding, order: &[GateId]) -> Option<usize> {
    let stop = order.iter().position(|id| Some(*id) == finding.gate)?;
    let earlier = |id: GateId| order.iter().take(stop).position(|known| *known == id);
    finding.alternatives.iter().filter_map(|code| code.gate()).filter_map(earlier).min()
}

/// Gate ids in the order this route asks them.
pub(crate) fn order(facts: &Facts<'_>, finding: &Finding) -> Vec<GateId> {
    let mut order: Vec<GateId> = match facts.call.kind {
        Kind::Prism => vec![GateId::Credential, GateId::App, GateId::Request],
        Kind::OAuth => vec![GateId::Request, GateId::Scope],
        Kind::Web => vec![GateId::Credential, GateId::Request],
        Kind::Glint | Kind::Other => glint_order(facts, finding),
    };
    if finding.gate == Some(GateId::Server) && !order.contains(&GateId::Server) {
        let asks_prism = finding.cause.is_about_prism();
        let at = if asks_prism {
            order.iter().position(|id| *id == GateId::Token).unwrap_or(0)
        } else {
            order.len()
        };
        order.insert(at, GateId::Server);
    }
    if finding.gate == Some(GateId::Reach) {
        order.insert(0, GateId::Reach);
    }
    order
}

fn glint_order(facts: &Facts<'_>, finding: &Finding) -> Vec<GateId> {
    const AFTER: [GateId; 4] = [GateId::Server, GateId::Resource, GateId::Role, GateId::Request];
    let mut order = vec![GateId::Header, GateId::Token, GateId::Scope, GateId::Membership];
    let named: &[String] = facts.call.route.as_ref().map_or(&[], |hit| &hit.route.order);
    order.extend(named.iter().filter_map(|id| GateId::find(id).filter(|id| AFTER.contains(id))));
    let usual = if facts.call.route.is_none() {
        [GateId::Resource, GateId::Role, GateId::Request].as_slice()
    } else {
        &[]
    };
    order.extend(usual.iter().filter(|id| !named.iter().any(|known| known == id.as_str())));
    if let Some(gate) = finding.gate
        && [GateId::Resource, GateId::Role, GateId::Request].contains(&gate)
        && !order.contains(&gate)
    {
        order.push(gate);
    }
    // Whether a name is taken is asked last of all, whatever of the body was asked before.
    if finding.cause == code::REQUEST_CONFLICT {
        order.retain(|id| *id != GateId::Request);
        order.push(GateId::Request);
    }
    // The body of this one route is read before membership (contract §8, step 5).
    let early = facts.call.route.as_ref().is_some_and(|hit| hit.route.id == "update_todo")
        && finding.cause == code::REQUEST_MALFORMED_BODY;
    if early {
        order.retain(|id| *id != GateId::Request);
        order.insert(3, GateId::Request);
    }
    order.dedup();
    order
}

/// The header in words. What stands for a token in a redacted record has a length of its own, which says nothing.
fn bearer(token: &str, lang: Lang) -> String {
    if placeholder_kind(token).is_some() || is_masked(token) {
        return say!(
            lang,
            "`Authorization: Bearer` and a token, blacked out in this record",
            "`Authorization: Bearer` 加令牌，此记录中已隐去"
        );
    }
    say!(
        lang,
        "`Authorization: Bearer` and {} characters",
        "`Authorization: Bearer` 加 {} 个字符",
        token.chars().count()
    )
}

/// What shows that the call got past a gate.
fn passed(facts: &Facts<'_>, finding: &Finding, id: GateId) -> Vec<Evidence> {
    let lang = facts.lang;
    let got_further = || inferred(lang, Source::Answer, say!(lang, "the call got further", "调用走到了后面"));
    match id {
        GateId::Header => facts.token.as_ref().map_or_else(
            || vec![got_further()],
            |token| vec![observed(lang, Source::Request, bearer(token, lang))],
        ),
        GateId::Token => match &facts.introspection {
            Some(seen) if seen.active => {
                let text = match (facts.consumer_called(), facts.person()) {
                    (Some(client), Some(person)) => {
                        say!(lang, "active, {client} for {person}", "有效，{client} 代表 {person}")
                    }
                    (Some(client), None) => say!(lang, "active, issued to {client}", "有效，颁发给 {client}"),
                    _ => say!(lang, "active", "有效"),
                };
                vec![observed(lang, Source::Introspection, text)]
            }
            _ => vec![got_further()],
        },
        GateId::Scope => match holds(facts) {
            Some((true, fact)) => vec![fact],
            Some((false, _)) => vec![got_further(), lacked(facts)],
            None => vec![got_further()],
        },
        GateId::Membership => {
            let mut facts_known = lists(facts);
            if facts_known.is_empty() {
                facts_known.push(got_further());
            }
            facts_known
        }
        _ if finding.gate.is_none() => {
            vec![inferred(lang, Source::Answer, say!(lang, "the call was answered", "调用得到了答复"))]
        }
        _ => vec![got_further()],
    }
}

/// What the evidence says about a gate the call never reached.
pub(crate) fn forecast(facts: &Facts<'_>, id: GateId) -> (Option<bool>, Vec<Evidence>) {
    let lang = facts.lang;
    match id {
        GateId::Scope => holds(facts).map_or((None, Vec::new()), |(holds, fact)| (Some(holds), vec![fact])),
        GateId::Membership => member_forecast(facts),
        GateId::Role => {
            role::forecast(facts).map_or((None, Vec::new()), |(may, fact)| (Some(may), vec![fact]))
        }
        GateId::Resource if facts.todo_set.is_some() => {
            let text = say!(lang, "would pass: the todo is there", "会通过：待办存在");
            (Some(true), vec![observed(lang, Source::Todos, text)])
        }
        GateId::Resource => {
            let (Some(set), Some(sets)) = (facts.call.part("set"), &facts.sets) else {
                return (None, Vec::new());
            };
            let there = sets.contains(set);
            let text = if there {
                say!(lang, "would pass: the set is there", "会通过：清单存在")
            } else {
                say!(lang, "would fail: the team has no such set", "会失败：团队里没有这个清单")
            };
            (Some(there), vec![observed(lang, Source::Sets, text)])
        }
        _ => (None, Vec::new()),
    }
}

fn member_forecast(facts: &Facts<'_>) -> (Option<bool>, Vec<Evidence>) {
    let (Some(team), Some(teams)) = (facts.call.part("team"), &facts.glint_teams) else {
        return (None, lists(facts));
    };
    // A personal space is in nobody's list; its owner is let in without one.
    if team.starts_with("personal:") {
        return (None, Vec::new());
    }
    let there = teams.iter().any(|member| member.team == team);
    (Some(there), lists(facts))
}

/// The scopes of which the token holds none and one would be needed: those of the route, else those of the first field
/// that is sent and asks for more. Empty: it holds enough. `None`: what it holds is not known.
pub(crate) fn scopes_that_lack(facts: &Facts<'_>) -> Option<Vec<String>> {
    let held = facts.held()?;
    let route = facts.call.route.as_ref()?.route;
    let own: Vec<&str> = own_scopes(facts, held);
    let sent = |name: &str| facts.call.sent.as_ref().is_some_and(|sent| sent.get(name).is_some());
    let of_fields = route.inputs.iter().filter(|input| sent(&input.name)).map(|input| &input.scopes);
    let asked = std::iter::once(&route.scopes).chain(of_fields).filter(|scopes| !scopes.is_empty());
    let opens = |scopes: &&Vec<String>| {
        own.iter()
            .any(|held| scopes.iter().any(|scope| scope == held) || (route.bundle && *held == "workbench"))
    };
    Some(asked.into_iter().find(|scopes| !opens(scopes)).cloned().unwrap_or_default())
}

/// The inner scopes of this very provider.
fn own_scopes<'f>(facts: &Facts<'_>, held: &'f [String]) -> Vec<&'f str> {
    let ours = |id: &str| facts.provider().is_none_or(|own| own == id);
    held.iter().filter_map(|scope| parts(scope)).filter(|(id, _)| ours(id)).map(|(_, inner)| inner).collect()
}

/// Whether the token holds a scope that opens this route, with the fact.
fn holds(facts: &Facts<'_>) -> Option<(bool, Evidence)> {
    let (lang, held) = (facts.lang, facts.held()?);
    let route = facts.call.route.as_ref()?.route;
    let own = own_scopes(facts, held);
    let opens = |inner: &&&str| {
        route.scopes.iter().any(|scope| scope == **inner) || (route.bundle && **inner == "workbench")
    };
    let source = Source::Introspection;
    let lacking = scopes_that_lack(facts)?;
    if let Some(scope) = own.iter().find(opens).filter(|_| lacking.is_empty()) {
        return Some((
            true,
            observed(lang, source, say!(lang, "the token holds `{scope}`", "令牌持有 `{scope}`")),
        ));
    }
    let wanted = list(lang, &lacking);
    Some((
        false,
        observed(
            lang,
            source,
            say!(lang, "would fail: the token lacks {wanted}", "会失败：令牌没有 {wanted}"),
        ),
    ))
}

/// What an introspection says of a token that the server let pass: it shows another time than the call.
fn lacked(facts: &Facts<'_>) -> Evidence {
    let wanted = list(facts.lang, &scopes_that_lack(facts).unwrap_or_default());
    let text =
        say!(facts.lang, "when it was introspected, the token lacked {wanted}", "查询时令牌没有 {wanted}");
    observed(facts.lang, Source::Introspection, text)
}

/// One sentence about the first later gate that the evidence says would stop the call.
pub(crate) fn next_obstacle(facts: &Facts<'_>, gates: &[Gate]) -> Option<String> {
    let next =
        gates.iter().find(|gate| gate.state == GateState::NotReached && gate.would_pass == Some(false))?;
    let why = next.evidence.first().map(|fact| fact.text.clone()).unwrap_or_default();
    let (title, why) =
        (&next.title, why.trim_start_matches("would fail: ").trim_start_matches("会失败：").to_owned());
    Some(say!(facts.lang, "Then the gate “{title}” stops it: {why}.", "然后会被“{title}”拦住：{why}。"))
}
