//! What the exchanges around a call say, each fact once: the latest one around the call.

mod around;
mod clock;
mod index;
mod kinds;
mod others;
mod registration;
mod sites;
mod token;
mod values;

pub use kinds::Known;
pub use others::Surroundings;

pub(crate) use clock::http_date;
pub(crate) use kinds::{Asked, Ended, Introspection, Issued, Member, Today};
pub(crate) use registration::separated;
pub(crate) use sites::Sites;
pub(crate) use token::is_masked;
pub(crate) use values::{
    after_scheme, asked_value, credential, request_value, rows, shows_credentials, text, words_of,
};

use super::call::{Call, query};
use super::types::Certainty;
use crate::access::Rule;
use crate::exchange::Exchange;
use crate::lang::Lang;
use index::{Topic, team_key};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use token::basic_client;
use values::{authorized_client, refused};

/// Everything known about one call.
pub(crate) struct Facts<'a> {
    pub(crate) call: Call<'a>,
    pub(crate) known: &'a Known,
    pub(crate) lang: Lang,
    /// The credential after the scheme, exactly as sent.
    pub(crate) token: Option<String>,
    /// The one token of the archive, where this call's own was left out or blacked out.
    pub(crate) assumed: Option<String>,
    /// The `state` of this redirect is that of no recorded authorization request.
    pub(crate) foreign_state: bool,
    /// The `iss` of this redirect is no origin of a recorded authorization request.
    pub(crate) foreign_issuer: bool,
    /// A browser's preflight of this very address was refused.
    pub(crate) preflight_refused: bool,
    pub(crate) introspection: Option<Introspection>,
    /// All introspections of this token, by time.
    pub(crate) introspections: Vec<Introspection>,
    pub(crate) ended: Option<Ended>,
    /// When the token was ended on record, Unix milliseconds.
    ended_at: Option<i64>,
    /// The session or personal access token of this call was ended on record before it.
    pub(crate) credential_ended: bool,
    /// End of the lifetime by the recorder's clock, Unix seconds.
    expiry_recorded: Option<i64>,
    /// End of the lifetime by the server's clock, Unix seconds.
    expiry_told: Option<i64>,
    clock: clock::Clock,
    /// Time of the answer by the server's own clock, Unix seconds.
    date: Option<i64>,
    pub(crate) config: Option<(String, String)>,
    pub(crate) today: BTreeMap<String, Today>,
    /// When each of them was previewed, Unix milliseconds.
    today_at: BTreeMap<String, Option<i64>>,
    /// Redirect URIs that previews of this client named, which the server accepted.
    pub(crate) previewed_redirects: Vec<String>,
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
    /// The registered scopes by the latest record of the registration.
    pub(crate) allowed_scopes: Option<Vec<String>>,
    /// When that record was made, Unix milliseconds.
    allowed_at: Option<i64>,
    /// The registered scopes by the latest record before the call.
    pub(crate) allowed_before: Option<Vec<String>>,
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
    /// Gathers what `around` says about a call; `exclude` is the position of the call in it, if it is there.
    pub(crate) fn gather(
        subject: &'a Exchange,
        around: &Surroundings<'_>,
        exclude: Option<usize>,
        known: &'a Known,
        lang: Lang,
    ) -> Self {
        let mut facts = Self::empty(subject, around, known, lang);
        facts.assume_token(around);
        facts.take_token(around, exclude);
        facts.take_registration(around, exclude);
        facts.take_lists(around, exclude);
        facts
    }

    fn empty(subject: &'a Exchange, around: &Surroundings<'_>, known: &'a Known, lang: Lang) -> Self {
        let unknown = |name: &str, all: &BTreeSet<String>, of: fn(&str) -> Option<String>| {
            let own = || query(&subject.request.url, name).and_then(|value| of(&value));
            !all.is_empty() && own().is_some_and(|own| !all.contains(&own))
        };
        Facts {
            foreign_state: unknown("state", &around.states, |value| Some(value.to_owned())),
            foreign_issuer: unknown("iss", &around.issuers, super::call::origin_of),
            call: Call::of(subject, &around.sites, known.endpoint),
            known,
            lang,
            token: credential(subject),
            preflight_refused: false,
            introspection: None,
            introspections: Vec::new(),
            ended: None,
            ended_at: None,
            credential_ended: false,
            expiry_recorded: known.token_expires_at,
            expiry_told: None,
            clock: around.clocks.at(subject.started_at),
            date: clock::date_of(subject),
            config: None,
            today: BTreeMap::new(),
            today_at: BTreeMap::new(),
            previewed_redirects: Vec::new(),
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
            allowed_scopes: None,
            allowed_at: None,
            allowed_before: None,
            rules: None,
            issued: None,
            client: request_value(subject, "client_id").or_else(|| basic_client(subject)),
            asked: None,
            requests: Vec::new(),
        }
    }

    /// What is told about the user's teams, and about the team and the todo of the call.
    fn take_lists(&mut self, around: &Surroundings<'_>, exclude: Option<usize>) {
        let start = self.call.exchange.started_at;
        let at_the_time = |topic, key: &str| around.at_the_time(topic, key, start, exclude);
        let url = self.call.exchange.request.url.as_str();
        if self.call.exchange.failure.is_some() {
            self.preflight_refused =
                at_the_time(Topic::Preflight, url).last().is_some_and(|other| refused(other));
        }
        let origin = super::call::origin_of(url).unwrap_or_default();
        for other in at_the_time(Topic::Configuration, &origin) {
            self.take_configuration(other);
        }
        let Some(token) = self.token().map(str::to_owned) else { return };
        for other in at_the_time(Topic::PrismTeams, &token) {
            self.take_prism_teams(other);
        }
        for other in at_the_time(Topic::GlintMe, &token) {
            if self.same_host(other) {
                self.take_glint_teams(other);
            }
        }
        let of_team = |topic, part: Option<&str>| {
            part.map_or_else(Vec::new, |part| at_the_time(topic, &team_key(&token, part)))
        };
        let (team, todo) = (self.call.part("team"), self.call.part("todo"));
        let lists = [of_team(Topic::Team, team), of_team(Topic::Todos, team), of_team(Topic::Comments, todo)];
        for other in lists.into_iter().flatten() {
            if self.same_host(other) && self.same_team(other) {
                self.take_team(other);
            }
        }
    }

    /// The token without what surrounds it; `None` when it is not known.
    pub(crate) fn token(&self) -> Option<&str> {
        self.own_token().or(self.assumed.as_deref())
    }

    /// The token as the call itself shows it; `None` where it is left out or blacked out.
    fn own_token(&self) -> Option<&str> {
        self.token.as_deref().map(str::trim).filter(|token| !token.is_empty() && !is_masked(token))
    }

    /// Time of the call by the servers' clock, Unix seconds; `None` where it is not known. The recorder's clock may be
    /// wrong, and then its times prove nothing against times of the servers.
    pub(crate) fn at_server(&self) -> Option<i64> {
        self.date.or_else(|| self.clock.at_server(self.call.exchange.started_at? / 1000))
    }

    /// Whether a comparison of the call's time with times of the servers proves anything.
    pub(crate) fn clock_agrees(&self) -> bool {
        self.date.is_some() || self.clock.agrees()
    }

    /// Whether the lifetime of the token had ended when the call was made; `None` where nothing tells.
    pub(crate) fn lifetime_over(&self) -> Option<bool> {
        let told = self.expiry_told.zip(self.at_server()).map(|(end, at)| end <= at);
        let start = self.call.exchange.started_at;
        told.or_else(|| self.expiry_recorded.zip(start).map(|(end, at)| end * 1000 <= at))
    }

    /// Whether the token was ended on record before its lifetime was over.
    pub(crate) fn ended_first(&self) -> bool {
        let Some(ended) = self.ended_at else { return false };
        let told = self.expiry_told.zip(self.clock.at_server(ended / 1000)).map(|(end, at)| at < end);
        told.or_else(|| self.expiry_recorded.map(|end| ended < end * 1000)).unwrap_or(true)
    }

    /// How sure it is that no credential was sent where none is recorded.
    pub(crate) fn lacks_credential(&self) -> Certainty {
        if self.known.headers_unknown {
            return Certainty::Possible;
        }
        self.call.lacks_credential()
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
