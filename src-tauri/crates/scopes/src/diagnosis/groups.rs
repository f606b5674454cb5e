//! Many explained calls, counted by what they have in common.

use super::{Certainty, Code, Family, Named, Verdict, reasons};
use crate::lang::Lang;
use crate::routes;
use crate::say;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What calls are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Reason code.
    #[default]
    Cause,
    /// The client the token was issued to.
    Consumer,
    /// The provider's route.
    Route,
    /// The user the token acts for.
    Person,
}

/// How a call stands, for counts and exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing was refused.
    Allowed,
    /// Refused, or not done as asked, for a reason that has a name.
    Denied,
    /// The reason stayed open: the answer does not tell, or it proves nothing.
    Open,
}

impl Standing {
    /// How a call with this reason and status stands. A recorded call that did not reach its server was not done.
    #[must_use]
    pub fn of(cause: &str, status: u16) -> Self {
        let code = Code::find(cause);
        let undetermined = code.is_some_and(Code::is_open);
        // A gateway's status says nothing about any gate, unless the server gives its own reason with it.
        let by_gateway = match status {
            429 | 501 | 502 | 504..=599 => true,
            503 => cause == "server.error" || code.is_some_and(|code| code.family() == Family::Reach),
            0 => cause == "reach.not_api",
            _ => false,
        };
        if cause == "allowed" {
            Self::Allowed
        } else if undetermined || by_gateway || cause == "reach.unreadable" {
            Self::Open
        } else {
            Self::Denied
        }
    }
}

/// How many calls stand how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
pub struct Standings {
    /// Calls where nothing was refused.
    pub allowed: u32,
    /// Calls that were refused for a reason that has a name.
    pub denied: u32,
    /// Calls whose reason stayed open.
    pub open: u32,
}

impl Standings {
    /// Counts one more call.
    pub fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::Allowed => &mut self.allowed,
            Standing::Denied => &mut self.denied,
            Standing::Open => &mut self.open,
        };
        *count = count.saturating_add(1);
    }
}

/// How often a reason was given, and how surely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CauseCount {
    /// Reason code.
    pub cause: String,
    /// How sure.
    pub certainty: Certainty,
    /// Calls.
    #[ts(type = "number")]
    pub count: u64,
}

/// Calls that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Group {
    /// The code, client id, route id or user id; `None` where the evidence does not tell it.
    pub key: Option<String>,
    /// What people call it, in the language asked for.
    pub title: String,
    /// All its calls.
    #[ts(type = "number")]
    pub count: u64,
    /// Those where nothing was refused.
    #[ts(type = "number")]
    pub allowed: u64,
    /// Those whose reason stayed open.
    #[ts(type = "number")]
    pub open: u64,
    /// Their reasons, the most frequent first.
    pub causes: Vec<CauseCount>,
}

/// The most groups that are kept apart; a stream may name more people than memory holds.
const MOST_GROUPS: usize = 10_000;

type Place = (Option<String>, Code, Certainty, Standing);

/// Counts of calls, one cell for each key, reason, certainty and standing.
#[derive(Debug, Clone)]
pub struct Counts {
    by: By,
    filter: String,
    places: BTreeMap<Place, usize>,
    counts: Vec<u64>,
    names: BTreeMap<String, String>,
    /// Calls of keys beyond the most that are kept apart.
    beyond: u64,
}

impl Counts {
    /// Nothing counted yet. `filter` is looked for in reason, status, route, consumer and person, in any case.
    #[must_use]
    pub fn new(by: By, filter: &str) -> Self {
        let filter = filter.trim().to_owned();
        Self { by, filter, places: BTreeMap::new(), counts: Vec::new(), names: BTreeMap::new(), beyond: 0 }
    }

    /// Whether ids decide nothing about where a call counts.
    pub(super) fn by_shape(&self) -> bool {
        matches!(self.by, By::Cause | By::Route) && self.filter.is_empty()
    }

    /// Counts a call; its cell, if it counts at all.
    pub fn add(&mut self, call: &Verdict) -> Option<usize> {
        if !call.passes(&self.filter) {
            return None;
        }
        let known = |who: &Option<Named>| who.as_ref().map(|who| (who.id.clone(), who.name.clone()));
        let (key, name) = match self.by {
            By::Cause => (Some(call.cause.to_string()), None),
            By::Route => (call.route.map(str::to_owned), None),
            By::Consumer => known(&call.consumer).unzip(),
            By::Person => known(&call.person).unzip(),
        };
        if let (Some(key), Some(Some(name))) = (&key, name) {
            self.names.insert(key.clone(), name);
        }
        let standing = Standing::of(call.cause.as_str(), call.status);
        self.count((key, call.cause, call.certainty, standing), 1)
    }

    fn count(&mut self, place: Place, count: u64) -> Option<usize> {
        let at = self.places.get(&place).copied();
        if at.is_none() && self.counts.len() >= MOST_GROUPS {
            self.beyond += count;
            return None;
        }
        let at = at.unwrap_or_else(|| {
            self.places.insert(place, self.counts.len());
            self.counts.push(0);
            self.counts.len() - 1
        });
        *self.counts.get_mut(at)? += count;
        Some(at)
    }

    /// Counts one more call of a cell.
    pub(super) fn again(&mut self, cell: usize) {
        if let Some(count) = self.counts.get_mut(cell) {
            *count += 1;
        }
    }

    /// Adds what somebody else counted.
    pub fn merge(&mut self, other: Self) {
        self.beyond += other.beyond;
        self.names.extend(other.names);
        for (place, at) in other.places {
            self.count(place, other.counts.get(at).copied().unwrap_or(0));
        }
    }

    /// All calls that were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.beyond
    }

    /// Calls whose group is not told because there were too many groups.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// How many calls stand so.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> u64 {
        let cells = self.places.iter().filter(|((.., of), _)| *of == standing);
        cells.filter_map(|(_, at)| self.counts.get(*at)).sum()
    }

    /// The groups, the largest first; what is not known comes last.
    #[must_use]
    pub fn groups(&self, lang: Lang) -> Vec<Group> {
        let mut groups: BTreeMap<&Option<String>, Group> = BTreeMap::new();
        for ((key, cause, certainty, standing), at) in &self.places {
            let count = self.counts.get(*at).copied().unwrap_or(0);
            let group = groups.entry(key).or_insert_with(|| Group {
                key: key.clone(),
                title: self.title(key.as_deref(), lang),
                count: 0,
                allowed: 0,
                open: 0,
                causes: Vec::new(),
            });
            group.count += count;
            match standing {
                Standing::Allowed => group.allowed += count,
                Standing::Open => group.open += count,
                Standing::Denied => {}
            }
            let same = group
                .causes
                .iter_mut()
                .find(|one| one.cause == cause.as_str() && one.certainty == *certainty);
            match same {
                Some(same) => same.count += count,
                None => {
                    group.causes.push(CauseCount { cause: cause.to_string(), certainty: *certainty, count })
                }
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by(|a, b| (a.key.is_none(), b.count).cmp(&(b.key.is_none(), a.count)));
        for group in &mut groups {
            group.causes.sort_by_key(|one| std::cmp::Reverse(one.count));
        }
        groups
    }

    fn title(&self, key: Option<&str>, lang: Lang) -> String {
        let Some(key) = key else { return say!(lang, "not known", "未知") };
        title(self.by, key, lang).or_else(|| self.names.get(key).cloned()).unwrap_or_else(|| key.to_owned())
    }
}

/// What people call a reason or a route; consumers and persons have only the names the evidence gives them.
#[must_use]
pub fn title(by: By, key: &str, lang: Lang) -> Option<String> {
    match by {
        By::Cause => Code::find(key).and_then(reasons::of).map(|reason| reason.title.get(lang).to_owned()),
        By::Route => routes::by_id(key).map(|route| format!("{} {}", route.method, route.path)),
        By::Consumer | By::Person => None,
    }
}

/// Groups calls, as the window and the command line show them.
#[must_use]
pub fn group<'a>(
    calls: impl IntoIterator<Item = &'a Verdict>,
    by: By,
    filter: &str,
    lang: Lang,
) -> Vec<Group> {
    let mut counts = Counts::new(by, filter);
    for call in calls {
        counts.add(call);
    }
    counts.groups(lang)
}

impl Verdict {
    /// Whether every word of a filter stands in reason, status, route, consumer or person, in any case.
    #[must_use]
    pub fn passes(&self, filter: &str) -> bool {
        filter.is_empty() || {
            let filter = filter.to_lowercase();
            let texts = self.texts();
            filter.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
        }
    }

    fn texts(&self) -> Vec<String> {
        let status = self.status.to_string();
        let who = [&self.consumer, &self.person].into_iter().flatten();
        let names = who.flat_map(|who| [Some(who.id.as_str()), who.name.as_deref()]).flatten();
        let own = [self.cause.as_str(), status.as_str(), self.route.unwrap_or_default()];
        own.into_iter().chain(names).map(str::to_lowercase).collect()
    }
}
