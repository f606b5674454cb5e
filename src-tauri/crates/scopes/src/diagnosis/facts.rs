//! What the exchanges around a call say, each fact once: the latest one around the call.

mod around;
mod others;
mod token;

pub use others::Surroundings;

pub(crate) use token::is_masked;

use super::call::{Call, form, header};
use crate::access::Rule;
use crate::exchange::Exchange;
use crate::lang::Lang;
use others::Other;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use token::basic_client;

/// What the console knows beside the exchanges.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Names by client id, user id, team id, set id.
    pub names: BTreeMap<String, String>,
    /// The provider's client id.
    pub provider_client_id: Option<String>,
    /// When the token ends, Unix seconds.
    pub token_expires_at: Option<i64>,
    /// The request's headers were not recorded: a pasted answer, or an archive that leaves credentials out.
    pub headers_unknown: bool,
}

/// What introspection said.
#[derive(Debug, Clone)]
pub(crate) struct Introspection {
    pub(crate) active: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) at: Option<i64>,
    pub(crate) origin: Option<String>,
}

/// What Prism would do with a scope today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Today {
    Granted { titled: bool },
    Rejected(String),
}

/// A membership in one of the two lists.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) team: String,
    pub(crate) role: String,
    pub(crate) joined_at: Option<i64>,
}

/// What the token endpoint answered when it issued this token.
#[derive(Debug, Clone)]
pub(crate) struct Issued {
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) client_id: Option<String>,
    /// The token is this answer's refresh token.
    pub(crate) is_refresh: bool,
    /// The refresh token that came with it.
    refresh: Option<String>,
    /// The authorization code it was exchanged for.
    code: Option<String>,
}

impl Issued {
    /// Whether a refresh token came with it.
    pub(crate) fn refreshable(&self) -> bool {
        self.refresh.is_some()
    }
}

/// What an authorization of this client asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) scopes: Vec<String>,
    /// Whether the code shows that it led to this very token.
    pub(crate) linked: bool,
}

/// What is known to have ended a token before the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Revoked, itself or the refresh token of its pair.
    Revoked,
    /// Replaced by a refresh (contract §6).
    Refreshed,
}

/// Everything known about one call.
pub(crate) struct Facts<'a> {
    pub(crate) call: Call<'a>,
    pub(crate) known: &'a Known,
    pub(crate) lang: Lang,
    /// The credential after the scheme, exactly as sent.
    pub(crate) token: Option<String>,
    /// The one token of the archive, where this call's own was left out or blacked out.
    pub(crate) assumed: Option<String>,
    /// The `state` of every authorization request.
    pub(crate) states: Vec<String>,
    /// The origin of every authorization request.
    pub(crate) issuers: Vec<String>,
    pub(crate) introspection: Option<Introspection>,
    /// All introspections of this token, by time.
    introspections: Vec<Introspection>,
    pub(crate) ended: Option<Ended>,
    pub(crate) expiry_before: Option<i64>,
    pub(crate) config: Option<(String, String)>,
    pub(crate) today: BTreeMap<String, Today>,
    pub(crate) consumer_name: Option<String>,
    pub(crate) prism_teams: Option<Result<Vec<Member>, u16>>,
    /// When Prism's list was read, Unix milliseconds.
    pub(crate) prism_teams_at: Option<i64>,
    pub(crate) glint_teams: Option<Vec<Member>>,
    /// Glint said that it has no team list for this user and cannot get one.
    pub(crate) no_team_list: bool,
    pub(crate) user_name: Option<String>,
    /// Own permissions by set id, `""` for the whole team.
    pub(crate) mine: BTreeMap<String, Value>,
    pub(crate) matrix: Option<Value>,
    pub(crate) sets: Option<BTreeSet<String>>,
    /// When the sets were listed, Unix milliseconds.
    pub(crate) sets_at: Option<i64>,
    /// Who made the todo, comment or set the call is about.
    pub(crate) owner: Option<String>,
    /// Whether the comments of the todo the call is about could be read.
    pub(crate) comments_read: bool,
    /// The set of the todo the call is about.
    pub(crate) todo_set: Option<String>,
    pub(crate) allowed_scopes: Option<Vec<String>>,
    pub(crate) rules: Option<Vec<Rule>>,
    pub(crate) issued: Option<Issued>,
    /// The client of a token request.
    pub(crate) client: Option<String>,
    /// Scopes and redirect URI of the authorization this token request belongs to.
    pub(crate) asked: Option<(String, String)>,
    /// What authorizations of this client asked for, by time.
    pub(crate) requests: Vec<Asked>,
}

/// Within this many milliseconds of the call nobody is promoted, removed or switched off unnoticed.
const FRESH: i64 = 2 * 60 * 1000;
/// Facts within this many milliseconds of the call are around it.
const AROUND: i64 = 15 * 60 * 1000;

impl<'a> Facts<'a> {
    /// Gathers what `around` says about a call; `but` is the place of the call in it, if it is there.
    pub(crate) fn gather(
        subject: &'a Exchange,
        around: &Surroundings<'_>,
        but: Option<usize>,
        known: &'a Known,
        lang: Lang,
    ) -> Self {
        let token = credential(subject);
        let mut facts = Facts {
            call: Call::of(subject),
            known,
            lang,
            token,
            introspection: None,
            introspections: Vec::new(),
            ended: None,
            expiry_before: known.token_expires_at,
            config: None,
            today: BTreeMap::new(),
            consumer_name: None,
            prism_teams: None,
            prism_teams_at: None,
            glint_teams: None,
            no_team_list: false,
            user_name: None,
            mine: BTreeMap::new(),
            matrix: None,
            sets: None,
            sets_at: None,
            owner: None,
            comments_read: false,
            todo_set: None,
            assumed: None,
            states: Vec::new(),
            issuers: Vec::new(),
            allowed_scopes: None,
            rules: None,
            issued: None,
            client: request_value(subject, "client_id").or_else(|| basic_client(subject)),
            asked: None,
            requests: Vec::new(),
        };
        let by_time = around.by_time(subject.started_at, but, facts.own_token());
        facts.assume_token(&by_time);
        for other in &by_time {
            facts.take_token_facts(other);
        }
        facts.settle_introspection();
        for other in &by_time {
            facts.take_end(other);
        }
        // What Prism would do today is told by the latest; what Glint saw then by the one soonest after the call, for
        // what came later may be the cure.
        for other in by_time.iter().filter(|other| other.is_of_today) {
            facts.take(other);
        }
        let after = |other: &&&Other<'_>| {
            other
                .started_at
                .zip(subject.started_at)
                .is_some_and(|(at, start)| (0..=AROUND).contains(&(at - start)))
        };
        let then = by_time.iter().filter(|other| !other.is_of_today);
        for other in then.clone().filter(|other| !after(other)).chain(then.clone().rev().filter(after)) {
            facts.take(other);
        }
        facts
    }

    /// The token without what surrounds it; `None` when it is not known.
    pub(crate) fn token(&self) -> Option<&str> {
        self.own_token().or(self.assumed.as_deref())
    }

    /// The token as the call itself shows it; `None` where it is left out or blacked out.
    fn own_token(&self) -> Option<&str> {
        self.token.as_deref().map(str::trim).filter(|token| !token.is_empty() && !is_masked(token))
    }

    /// Whether Prism's list is so near to the call that what it says held during it.
    pub(crate) fn prism_teams_are_fresh(&self) -> bool {
        let apart =
            self.prism_teams_at.zip(self.call.exchange.started_at).map(|(at, start)| (at - start).abs());
        apart.is_some_and(|apart| apart <= FRESH)
    }

    /// The client the token was issued to.
    pub(crate) fn consumer(&self) -> Option<&str> {
        let introspected = self.introspection.as_ref().and_then(|seen| seen.client_id.as_deref());
        let issued = self.issued.as_ref().and_then(|issued| issued.client_id.as_deref());
        introspected.or(issued).or(self.client.as_deref())
    }

    /// The scopes the token holds, with the exchange that says so; `None` when nothing says.
    pub(crate) fn held(&self) -> Option<&[String]> {
        let introspected = self.introspection.as_ref().filter(|seen| seen.active || !seen.scopes.is_empty());
        let issued = || {
            self.issued
                .as_ref()
                .filter(|issued| !issued.is_refresh)
                .and_then(|issued| issued.scopes.as_deref())
        };
        introspected.map(|seen| seen.scopes.as_slice()).or_else(issued)
    }

    /// The provider's client id as Glint is configured with it, else as the console knows it.
    pub(crate) fn provider(&self) -> Option<&str> {
        self.config.as_ref().map(|(_, id)| id.as_str()).or(self.known.provider_client_id.as_deref())
    }

    /// The consumer's name, else its id, else nothing.
    pub(crate) fn consumer_called(&self) -> Option<String> {
        let id = self.consumer()?;
        self.consumer_name
            .clone()
            .or_else(|| self.known.names.get(id).cloned())
            .or_else(|| Some(id.to_owned()))
    }

    /// The name of the person the token acts for, where it is known.
    pub(crate) fn person(&self) -> Option<String> {
        let id = self.introspection.as_ref().and_then(|seen| seen.user_id.as_ref());
        self.user_name.clone().or_else(|| self.known.names.get(id?).cloned())
    }
}

/// The credential of a request after its scheme, exactly as sent; for a header without scheme, the whole value.
pub(crate) fn credential(exchange: &Exchange) -> Option<String> {
    Some(after_scheme(header(&exchange.request.headers, "authorization")?).to_owned())
}

/// A header's value after its scheme; what stands for a secret is whole, although it holds blanks.
pub(crate) fn after_scheme(value: &str) -> &str {
    match value.split_once(' ') {
        Some((scheme, rest)) if !scheme.contains('‹') => rest,
        _ => value,
    }
}

/// A member of a form or JSON body.
pub(crate) fn request_value(exchange: &Exchange, name: &str) -> Option<String> {
    let body = exchange.request.body.as_deref()?;
    match serde_json::from_str::<Value>(body) {
        Ok(json) => text(&json, name),
        Err(_) => form(body, name),
    }
}

pub(crate) fn rows(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

pub(crate) fn words_of(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_str).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}
