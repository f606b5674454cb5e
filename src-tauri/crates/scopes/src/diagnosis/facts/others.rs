//! The exchanges around calls, read once: an archive is read for each of its calls.

use super::super::call::origin_of;
use super::clock::Samples;
use super::index::{Index, Topic};
use super::is_masked;
use super::sites::Sites;
use super::token::token_of;
use crate::endpoint::{self, Endpoint, Hit};
use crate::exchange::Exchange;
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::{Deref, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Of each kind of evidence at most this many exchanges before and after a call are read for it, the nearest first.
const NEAREST: usize = 64;

/// An exchange around a call, with what every call asks of it.
pub(crate) struct Other<'a> {
    exchange: &'a Exchange,
    /// Its position in the list it came from.
    at: usize,
    /// Its endpoint, decided once for all calls.
    pub(super) to: Hit,
    pub(super) origin: Option<String>,
    /// The access token it is about; `None` where there is none, or one that was masked.
    pub(super) token: Option<String>,
    /// Status and body, parsed when a call first needs it.
    answer: OnceLock<Option<(u16, Value)>>,
}

impl Deref for Other<'_> {
    type Target = Exchange;

    fn deref(&self) -> &Exchange {
        self.exchange
    }
}

impl<'a> Other<'a> {
    fn of((at, exchange): (usize, &'a Exchange), sites: &Sites) -> Self {
        let path = sites.path_of(&exchange.request.url);
        let to = endpoint::at(&path);
        let token = token_of(exchange, &to).filter(|token| !is_masked(token));
        let origin = origin_of(&exchange.request.url);
        Self { exchange, at, origin, token, to, answer: OnceLock::new() }
    }

    /// Status and body of its answer; a body that is no JSON is `null`.
    pub(super) fn answer(&self) -> Option<&(u16, Value)> {
        let read = || {
            let response = self.exchange.response.as_ref()?;
            let body = response.body.as_deref().unwrap_or_default();
            Some((response.status, serde_json::from_str(body).unwrap_or(Value::Null)))
        };
        self.answer.get_or_init(read).as_ref()
    }

    /// The body of an answer with status 200.
    pub(super) fn answered(&self) -> Option<&Value> {
        self.answer().filter(|(status, _)| *status == 200).map(|(_, json)| json)
    }

    /// Whether the body of its answer holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.body().is_none_or(|body| body.trim().is_empty())
    }

    fn body(&self) -> Option<&str> {
        self.exchange.response.as_ref().and_then(|response| response.body.as_deref())
    }
}

/// Everything recorded around some calls: sorted by time, indexed by token, client and server.
pub struct Surroundings<'a> {
    others: Vec<Other<'a>>,
    index: Index,
    /// Where the two servers lie.
    pub(crate) sites: Sites,
    /// What the answers reveal about the clock of the recorder.
    pub(super) clocks: Samples,
    /// The one access token of all exchanges, if there is exactly one.
    pub(super) only_token: Option<String>,
    /// `state` and origin of every authorization request.
    pub(super) states: BTreeSet<String>,
    pub(super) issuers: BTreeSet<String>,
    visited: AtomicUsize,
}

impl<'a> Surroundings<'a> {
    /// Reads and indexes exchanges; their order does not matter.
    #[must_use]
    pub fn of(exchanges: &'a [Exchange]) -> Self {
        let sites = Sites::of(exchanges);
        let mut others: Vec<Other<'a>> =
            exchanges.iter().enumerate().map(|each| Other::of(each, &sites)).collect();
        // The text decides between facts of the same moment, so that their order never does.
        others.sort_by(|a, b| {
            (a.started_at, &a.request.url, a.body()).cmp(&(b.started_at, &b.request.url, b.body()))
        });
        let mut surroundings = Self {
            index: Index::default(),
            clocks: Samples::default(),
            only_token: None,
            states: BTreeSet::new(),
            issuers: BTreeSet::new(),
            visited: AtomicUsize::new(0),
            others,
            sites,
        };
        surroundings.fill();
        surroundings
    }

    /// Nothing around a request of the console's own.
    pub(crate) fn of_request(url: &str) -> Self {
        Self { sites: Sites::of_request(url), ..Self::of(&[]) }
    }

    fn fill(&mut self) {
        let mut tokens = self.others.iter().filter_map(|other| other.token.as_deref());
        let first = tokens.next();
        self.only_token = first.filter(|first| tokens.all(|token| token == *first)).map(str::to_owned);
        for (at, other) in self.others.iter().enumerate() {
            self.index.add(at, other);
            self.clocks.see(other);
            if other.to.endpoint == Endpoint::Authorize {
                self.states.extend(super::asked_value(other, "state"));
                self.issuers.extend(other.origin.clone());
            }
        }
    }

    /// How many exchanges were read for calls so far. It grows with the number of calls and not with the number of
    /// exchanges around them, which tests of growth rely on.
    #[must_use]
    pub fn visited(&self) -> usize {
        self.visited.load(Ordering::Relaxed)
    }

    /// The exchanges on a topic, the last word last: what is more than [`super::AROUND`] away from `start` comes first,
    /// then the rest by time. `exclude` is the position of the call itself.
    pub(super) fn by_time(
        &self,
        topic: Topic,
        key: &str,
        start: Option<i64>,
        exclude: Option<usize>,
    ) -> Vec<&Other<'a>> {
        let Some(bucket) = self.index.bucket(topic, key) else { return Vec::new() };
        let found: Vec<&Other<'a>> = self
            .nearest(bucket, start)
            .into_iter()
            .flatten()
            .filter_map(|at| self.others.get(*bucket.get(at)?))
            .filter(|other| Some(other.at) != exclude)
            .collect();
        self.visited.fetch_add(found.len(), Ordering::Relaxed);
        let around = |other: &&Other<'a>| {
            other.started_at.zip(start).is_none_or(|(at, start)| (at - start).abs() <= super::AROUND)
        };
        let (near, far): (Vec<_>, Vec<_>) = found.into_iter().partition(around);
        far.into_iter().chain(near).collect()
    }

    /// The same for what held at the time of the call: what came soonest after it has the last word, for what came later
    /// may be the cure.
    pub(super) fn at_the_time(
        &self,
        topic: Topic,
        key: &str,
        start: Option<i64>,
        exclude: Option<usize>,
    ) -> Vec<&Other<'a>> {
        let after = |other: &&Other<'a>| {
            other.started_at.zip(start).is_some_and(|(at, start)| (0..=super::AROUND).contains(&(at - start)))
        };
        let (after, before): (Vec<_>, Vec<_>) =
            self.by_time(topic, key, start, exclude).into_iter().partition(after);
        before.into_iter().chain(after.into_iter().rev()).collect()
    }

    /// Disjoint ranges of a bucket, in order: those without a time, those around the call, the last of its surroundings.
    fn nearest(&self, bucket: &[usize], start: Option<i64>) -> [Range<usize>; 3] {
        let at = |place: &usize| self.others.get(*place).and_then(|other| other.started_at);
        let Some(start) = start else {
            let from = bucket.len().saturating_sub(2 * NEAREST);
            return [0..from.min(NEAREST), from..bucket.len(), 0..0];
        };
        let timed = bucket.partition_point(|place| at(place).is_none());
        let call = bucket.partition_point(|place| at(place).is_none_or(|at| at < start)).max(timed);
        let end = bucket.partition_point(|place| at(place).is_none_or(|at| at <= start + super::AROUND));
        let end = end.max(call);
        let before = call.saturating_sub(NEAREST).max(timed);
        let after = (call + NEAREST).min(bucket.len());
        let last = end.saturating_sub(NEAREST).max(after);
        [0..timed.min(NEAREST), before..after, last..end.max(last)]
    }
}
