//! The exchanges around calls, taken apart once: an archive is read for each of its calls.

use super::super::call::{origin_of, path_of};
use super::credential;
use super::token::token_of;
use crate::exchange::Exchange;
use serde_json::Value;
use std::ops::Deref;

/// An exchange around a call, with what everybody asks of it.
pub(crate) struct Other<'a> {
    exchange: &'a Exchange,
    /// Its place among the exchanges it came with.
    at: usize,
    pub(super) path: String,
    /// Status and body of its answer; a body that is no JSON is `null`.
    pub(super) answer: Option<(u16, Value)>,
    pub(super) credential: Option<String>,
    pub(super) origin: Option<String>,
    /// The access token it is about.
    pub(super) token: Option<String>,
    pub(super) is_of_today: bool,
}

impl Deref for Other<'_> {
    type Target = Exchange;

    fn deref(&self) -> &Exchange {
        self.exchange
    }
}

impl<'a> Other<'a> {
    fn of((at, exchange): (usize, &'a Exchange)) -> Self {
        let path = path_of(&exchange.request.url);
        let answer = exchange.response.as_ref().map(|response| {
            let body = response.body.as_deref().unwrap_or_default();
            (response.status, serde_json::from_str(body).unwrap_or(Value::Null))
        });
        // Previews, registrations and rules tell what holds now; lists and permissions what held when they were read.
        let is_of_today =
            path.starts_with("/api/apps") || path == "/api/oauth/app-info" || path.ends_with("/authorize");
        Self {
            exchange,
            at,
            answer,
            credential: credential(exchange),
            origin: origin_of(&exchange.request.url),
            token: token_of(exchange, &path),
            is_of_today,
            path,
        }
    }
}

/// Everything recorded around some calls, by time.
pub struct Surroundings<'a> {
    others: Vec<Other<'a>>,
}

impl<'a> Surroundings<'a> {
    /// Takes exchanges apart; their order does not matter.
    #[must_use]
    pub fn of(exchanges: &'a [Exchange]) -> Self {
        Self::among(exchanges, |_| true)
    }

    /// The same for those exchanges that `wanted` names.
    #[must_use]
    pub fn among(exchanges: &'a [Exchange], wanted: impl Fn(&Exchange) -> bool) -> Self {
        let all = exchanges.iter().enumerate().filter(|(_, exchange)| wanted(exchange));
        let mut others: Vec<Other<'a>> = all.map(Other::of).collect();
        // What stands in the text decides between facts of the same moment, so that their order never does.
        let body = |other: &Other<'a>| {
            other.exchange.response.as_ref().and_then(|response| response.body.as_deref())
        };
        others.sort_by(|a, b| {
            (a.started_at, &a.request.url, body(a)).cmp(&(b.started_at, &b.request.url, body(b)))
        });
        Self { others }
    }

    /// Earlier facts before later ones, those around the call last of all: the last one taken has the last word. `but`
    /// is the place of the call itself, if it is among them. Where the call's `token` is known, what is told about another
    /// one is left out.
    pub(super) fn by_time(
        &self,
        start: Option<i64>,
        but: Option<usize>,
        token: Option<&str>,
    ) -> Vec<&Other<'a>> {
        let around = |other: &&&Other<'a>| {
            other.started_at.zip(start).is_none_or(|(at, start)| (at - start).abs() <= super::AROUND)
        };
        let foreign =
            |other: &Other<'a>| token.is_some() && other.token.is_some() && other.token.as_deref() != token;
        let all = || self.others.iter().filter(move |other| Some(other.at) != but && !foreign(other));
        let far = all().filter(|other| !around(&other));
        far.chain(all().filter(|other| around(&other))).collect()
    }
}
