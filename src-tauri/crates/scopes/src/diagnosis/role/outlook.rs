//! What the role gate would say where it was not reached, and to a call that is not sent.

use super::{may, role};
use crate::diagnosis::evidence::{Source, observed};
use crate::diagnosis::facts::Facts;
use crate::diagnosis::membership::roles;
use crate::diagnosis::types::Evidence;
use crate::lang::list;
use crate::routes::Route;
use crate::say;
use serde_json::Value;

/// For a role gate that was not reached: whether the role would pass, with the fact.
pub(crate) fn forecast(facts: &Facts<'_>) -> Option<(bool, Evidence)> {
    let hit = facts.call.route.as_ref()?;
    let (prism, glint) = roles(facts);
    let lang = facts.lang;
    if let Some(role) = role(facts).or_else(|| glint.or(prism).map(str::to_owned))
        && (role == "owner" || role == "co-owner")
    {
        let text = say!(lang, "would pass: an `{role}` may do everything", "会通过：`{role}` 什么都可以做");
        return Some((true, observed(lang, Source::Mine, text)));
    }
    let asked = asked(facts, hit.route);
    let verdicts: Vec<(&str, Option<bool>)> =
        asked.iter().filter_map(|group| verdict(facts, group)).collect();
    if let Some((permission, _)) = verdicts.iter().find(|(_, may)| *may == Some(false)) {
        let text = say!(lang, "would fail: needs `{permission}`", "会失败：需要 `{permission}`");
        return Some((false, observed(lang, Source::Mine, text)));
    }
    if verdicts.is_empty() || verdicts.iter().any(|(_, may)| may.is_none()) {
        return None;
    }
    let names: Vec<&str> = verdicts.iter().map(|(permission, _)| *permission).collect();
    let quoted = list(lang, &names);
    let text = say!(lang, "would pass: the role has {quoted}", "会通过：角色拥有 {quoted}");
    Some((true, observed(lang, Source::Mine, text)))
}

/// What the role gate would say to a call that is not sent.
pub(crate) enum Outlook<'f> {
    /// Every permission it asks for is there.
    Passes,
    /// The permission for what others made is missing.
    OwnOnly(&'f str),
    /// A permission is missing.
    Stops(&'f str),
    /// What the role may do is not known.
    Unknown,
}

/// What the role gate would say; a permission that stops outweighs one that is not known.
pub(crate) fn outlook<'f>(facts: &'f Facts<'_>) -> Outlook<'f> {
    let Some(hit) = facts.call.route.as_ref() else { return Outlook::Unknown };
    let (prism, glint) = roles(facts);
    let role = role(facts).or_else(|| glint.or(prism).map(str::to_owned));
    if role.as_deref().is_some_and(|role| role == "owner" || role == "co-owner") {
        return Outlook::Passes;
    }
    let mut found = Outlook::Passes;
    for group in asked(facts, hit.route) {
        let (Some(own), Some(any)) = (group.first(), group.last()) else { continue };
        let free = is_free(facts, own);
        let (may_own, may_any) = (if free { Some(true) } else { may(facts, own) }, may(facts, any));
        let own_thing = verdict(facts, group).filter(|(asked, _)| *asked == own && facts.owner.is_some());
        let next = match (own_thing, may_own, may_any) {
            (Some((_, Some(true))), ..) | (None, Some(true), Some(true)) => continue,
            (_, Some(false), Some(false)) => return Outlook::Stops(any),
            (None, Some(true), Some(false)) => Outlook::OwnOnly(any),
            _ => Outlook::Unknown,
        };
        if !matches!(found, Outlook::Unknown) {
            found = next;
        }
    }
    found
}

/// One's own todo can always be completed, and whoever made a set may change it (contract §8.1).
fn is_free(facts: &Facts<'_>, permission: &str) -> bool {
    match permission {
        "complete_any_todo" => true,
        "manage_sets" => facts.call.part("set").is_some_and(|set| facts.call.path.ends_with(set)),
        _ => false,
    }
}

/// The permissions this call is asked for, one group per check, the one for one's own things first.
fn asked<'f>(facts: &Facts<'_>, route: &'f Route) -> Vec<&'f [String]> {
    let sent = |name: &str| facts.call.sent.as_ref().is_some_and(|sent| sent.get(name).is_some());
    let replaces = |name: &str| {
        name != "mode"
            || facts.call.sent.as_ref().is_some_and(|sent| sent.get(name) == Some(&Value::from("replace")))
    };
    let fields = route.inputs.iter().filter(|input| sent(&input.name) && replaces(&input.name));
    let fields = fields.map(|input| input.permissions.as_slice());
    std::iter::once(route.permissions.as_slice()).chain(fields).filter(|group| !group.is_empty()).collect()
}

/// The permission that decides one check, and whether the role has it; nothing when that is not known.
fn verdict<'f>(facts: &Facts<'_>, group: &'f [String]) -> Option<(&'f str, Option<bool>)> {
    let user = facts.introspection.as_ref().and_then(|seen| seen.user_id.as_deref());
    let own_thing = facts.owner.as_deref().zip(user).map(|(owner, user)| owner == user);
    let (own, any) = (group.first()?.as_str(), group.last()?.as_str());
    let (may_own, may_any) = (may(facts, own), may(facts, any));
    let free = is_free(facts, own);
    Some(match own_thing {
        Some(true) if free => (own, Some(true)),
        Some(true) => (own, may_own),
        Some(false) => (any, may_any),
        None if free && may_any == Some(false) => (any, None),
        None if may_own == may_any => (any, may_any),
        None => (any, None),
    })
}
