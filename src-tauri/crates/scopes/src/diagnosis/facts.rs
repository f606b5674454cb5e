//! What the exchanges around a call say, each fact once: the latest one around the call.

use super::call::{Call, Kind, form, header, origin_of, path_of, query};
use crate::access::Rule;
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::secret::placeholder_kind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
    pub(crate) introspection: Option<Introspection>,
    /// All introspections of this token, by time.
    introspections: Vec<Introspection>,
    pub(crate) ended: Option<Ended>,
    pub(crate) expiry_before: Option<i64>,
    pub(crate) config: Option<(String, String)>,
    pub(crate) today: BTreeMap<String, Today>,
    pub(crate) consumer_name: Option<String>,
    pub(crate) prism_teams: Option<Result<Vec<Member>, u16>>,
    pub(crate) glint_teams: Option<Vec<Member>>,
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

/// Facts within this many milliseconds of the call are around it.
const AROUND: i64 = 15 * 60 * 1000;

impl<'a> Facts<'a> {
    pub(crate) fn gather(subject: &'a Exchange, others: &[Exchange], known: &'a Known, lang: Lang) -> Self {
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
            glint_teams: None,
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
            allowed_scopes: None,
            rules: None,
            issued: None,
            client: request_value(subject, "client_id").or_else(|| basic_client(subject)),
            asked: None,
            requests: Vec::new(),
        };
        facts.assume_token(others);
        // The last one taken has the last word: the latest around the call, or the latest at all.
        let mut ordered: Vec<&Exchange> = others.iter().collect();
        let around = |at: Option<i64>| {
            at.zip(subject.started_at).is_none_or(|(at, start)| (at - start).abs() <= AROUND)
        };
        // What stands in the text decides between facts of the same moment, so that their order never does.
        let key = |other: &Exchange| (around(other.started_at), other.started_at);
        ordered.sort_by(|a, b| {
            let body = |other: &'_ Exchange| other.response.as_ref().map(|response| response.body.clone());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.request.url.cmp(&b.request.url))
                .then_with(|| body(a).cmp(&body(b)))
        });
        for other in &ordered {
            facts.take_token_facts(other);
        }
        facts.settle_introspection();
        for other in &ordered {
            facts.take_end(other);
            facts.take(other);
        }
        facts
    }

    /// An archive that hides credentials still tells of one token only: very likely it is this call's.
    fn assume_token(&mut self, others: &[Exchange]) {
        // Only an answer of the interface itself shows that some token was there and alive.
        let passed = self.call.kind == Kind::Glint && self.call.json.is_some() && self.call.status != 401;
        let hidden = self.token.as_deref().is_none_or(|token| is_masked(token.trim()));
        if !passed || !hidden {
            return;
        }
        let tokens: BTreeSet<String> = others.iter().flat_map(tokens_of).collect();
        let mut tokens = tokens.into_iter();
        if let (Some(only), None) = (tokens.next(), tokens.next()) {
            self.assumed = Some(only);
        }
    }

    /// What is told about the token itself, needed before the rest can be told apart by client.
    fn take_token_facts(&mut self, other: &Exchange) {
        let path = path_of(&other.request.url);
        let Some((status, json)) = answer(other) else { return };
        let sent = other.request.body.as_deref().unwrap_or_default();
        match path.as_str() {
            "/api/oauth/introspect" if status == 200 => self.take_introspection(other, sent, &json),
            "/api/oauth/token" if status == 200 => self.take_issue(other, &json),
            _ => {}
        }
    }

    fn take_introspection(&mut self, other: &Exchange, sent: &str, json: &Value) {
        // Prism reads forms only: a JSON body is always answered `active: false` and proves nothing (contract §6).
        if sent.trim_start().starts_with('{') || form(sent, "token").as_deref() != self.token() {
            return;
        }
        self.introspections.push(Introspection {
            active: json.get("active").and_then(Value::as_bool) == Some(true),
            scopes: words_of(json.get("scope")),
            client_id: text(json, "client_id"),
            user_id: text(json, "sub"),
            expires_at: json.get("exp").and_then(Value::as_i64),
            at: other.started_at,
            origin: origin_of(&other.request.url),
        });
    }

    /// A dead token stays dead and its scopes never widen: one that was still alive after the call was alive during it.
    fn settle_introspection(&mut self) {
        let active = self.introspections.iter().filter(|seen| seen.active);
        if let Some(end) = active.clone().filter_map(|seen| seen.expires_at).next_back() {
            self.expiry_before = Some(end);
        }
        let start = self.call.exchange.started_at;
        let after = |seen: &&Introspection| seen.at.zip(start).is_none_or(|(at, start)| at >= start);
        let alive = active.clone().rfind(after);
        let dead = self.introspections.iter().rfind(|seen| !seen.active);
        let mut chosen = alive.or(dead).or_else(|| active.clone().next_back()).cloned();
        if let Some(chosen) = chosen.as_mut().filter(|chosen| !chosen.active)
            && let Some(before) = active.clone().next_back()
        {
            chosen.scopes.clone_from(&before.scopes);
            chosen.client_id.clone_from(&before.client_id);
            chosen.user_id.clone_from(&before.user_id);
        }
        self.introspection = chosen;
    }

    /// A revocation or a refresh before the call ends the token for certain.
    fn take_end(&mut self, other: &Exchange) {
        let before =
            other.started_at.zip(self.call.exchange.started_at).is_some_and(|(at, start)| at < start);
        let answered = other.response.as_ref().is_some_and(|response| response.status == 200);
        let (Some(token), Some(issued)) = (self.token(), &self.issued) else { return };
        let pair = [Some(token), issued.refresh.as_deref()];
        if !before || !answered {
            return;
        }
        match path_of(&other.request.url).as_str() {
            "/api/oauth/revoke" => {
                let revoked = request_value(other, "token");
                if revoked.is_some() && pair.contains(&revoked.as_deref()) {
                    self.ended = Some(Ended::Revoked);
                }
            }
            "/api/oauth/token" => {
                let used = request_value(other, "refresh_token");
                if used.is_some() && used == issued.refresh && !issued.is_refresh && !self.issued_by(other) {
                    self.ended = Some(Ended::Refreshed);
                }
            }
            _ => {}
        }
    }

    fn issued_by(&self, other: &Exchange) -> bool {
        answer(other).and_then(|(_, json)| text(&json, "access_token")).as_deref() == self.token()
    }

    fn take_issue(&mut self, other: &Exchange, json: &Value) {
        let (access, refresh) = (text(json, "access_token"), text(json, "refresh_token"));
        let Some(token) = self.token() else { return };
        let is_refresh = refresh.as_deref() == Some(token);
        if access.as_deref() != Some(token) && !is_refresh {
            return;
        }
        let lives = json.get("expires_in").and_then(Value::as_i64);
        // The lifetime began at the latest when the answer was in; whole seconds are rounded up.
        #[expect(clippy::cast_possible_truncation, reason = "a duration of one exchange")]
        let took = other.elapsed_ms.unwrap_or(0.0).max(0.0) as i64;
        let issued_at = other.started_at.map(|at| (at + took + 999) / 1000);
        let expires_at = issued_at.zip(lives).map(|(at, lives)| at + lives).filter(|_| !is_refresh);
        if expires_at.is_some() {
            self.expiry_before = expires_at;
        }
        let scopes = json
            .get("scope")
            .and_then(Value::as_str)
            .map(|scope| scope.split_whitespace().map(str::to_owned).collect());
        let client_id = request_value(other, "client_id").or_else(|| basic_client(other));
        let code = request_value(other, "code");
        self.issued = Some(Issued { scopes, client_id, is_refresh, refresh, code });
    }

    fn take(&mut self, other: &Exchange) {
        let path = path_of(&other.request.url);
        let Some((status, json)) = answer(other) else { return };
        let get = other.request.method == "GET";
        let own = self.token().is_some() && credential(other).as_deref().map(str::trim) == self.token();
        match path.as_str() {
            "/api/auth/config" if status == 200 && self.same_host(other) => {
                self.config = text(&json, "baseUrl").zip(text(&json, "clientId"));
            }
            "/api/oauth/app-info" if status == 200 => self.take_preview(other, &json),
            "/api/oauth/authorize" | "/oauth/authorize" => self.take_authorization(other, &json),
            "/api/oauth/me/teams" if own => {
                self.prism_teams =
                    Some(if status == 200 { Ok(members(json.get("teams"))) } else { Err(status) })
            }
            "/api/cross-app/me" if own && status == 200 && self.same_host(other) => {
                let user = json.get("user").cloned().unwrap_or_default();
                self.glint_teams = Some(members(user.get("teams")));
                self.user_name = text(&user, "displayName").or_else(|| text(&user, "username"));
            }
            path if path.starts_with("/api/apps") && get && status == 200 => self.take_app(path, &json),
            path if own && get && status == 200 && self.same_team(path) && self.same_host(other) => {
                self.take_team(path, other, &json)
            }
            _ => {}
        }
    }

    /// The authorization of the same code counts; one of the same client when no code tells.
    fn take_authorization(&mut self, other: &Exchange, json: &Value) {
        let value = |name: &str| query(&other.request.url, name).or_else(|| request_value(other, name));
        self.states.extend(value("state"));
        if value("client_id").is_none() || value("client_id").as_deref() != self.consumer() {
            return;
        }
        let issued = json.get("redirect").and_then(Value::as_str).and_then(|to| query(to, "code"));
        let own = request_value(self.call.exchange, "code")
            .or_else(|| self.issued.as_ref().and_then(|issued| issued.code.clone()));
        if issued.is_some() && own.is_some() && issued != own {
            return;
        }
        let scopes = value("scope").unwrap_or_default();
        let linked = issued.is_some() && issued == own;
        self.requests.push(Asked { scopes: scopes.split_whitespace().map(str::to_owned).collect(), linked });
        self.asked = Some((scopes, value("redirect_uri").unwrap_or_default()));
    }

    fn take_preview(&mut self, other: &Exchange, json: &Value) {
        let asked = query(&other.request.url, "client_id");
        if self.consumer().is_none() || asked.as_deref() != self.consumer() {
            return;
        }
        self.consumer_name = json.get("app").and_then(|app| text(app, "name"));
        let titled: BTreeSet<&str> = rows(json.get("app_scopes"))
            .filter(|row| row.get("scope_title").is_some_and(Value::is_string))
            .filter_map(|row| row.get("scope")?.as_str())
            .collect();
        let granted =
            rows(json.get("scopes")).chain(rows(json.get("optional_scopes"))).filter_map(Value::as_str);
        let app_scopes = rows(json.get("app_scopes")).filter_map(|row| row.get("scope")?.as_str());
        for scope in granted.chain(app_scopes) {
            self.today.insert(scope.to_owned(), Today::Granted { titled: titled.contains(scope) });
        }
        for row in rows(json.get("rejected_scopes")) {
            if let Some((scope, reason)) = text(row, "scope").zip(text(row, "reason")) {
                self.today.insert(scope, Today::Rejected(reason));
            }
        }
    }

    fn take_app(&mut self, path: &str, json: &Value) {
        if path.ends_with("/scope-access-rules") {
            let rules = json.get("rules").cloned().unwrap_or_default();
            self.rules = serde_json::from_value(rules).ok();
            return;
        }
        let listed = rows(json.get("apps")).chain(json.get("app"));
        let mine = listed
            .filter(|app| self.consumer().is_some() && text(app, "client_id").as_deref() == self.consumer())
            .last();
        if let Some(app) = mine {
            self.allowed_scopes =
                Some(rows(app.get("allowed_scopes")).filter_map(Value::as_str).map(str::to_owned).collect());
            self.consumer_name = text(app, "name");
        }
    }

    fn take_team(&mut self, path: &str, other: &Exchange, json: &Value) {
        let (url, at) = (other.request.url.as_str(), other.started_at);
        match path.rsplit('/').next().unwrap_or_default() {
            "sets" => {
                self.sets = Some(rows(json.get("sets")).filter_map(|set| text(set, "id")).collect());
                let wanted = self.call.part("set").map(str::to_owned);
                let of_set = ["update_set", "delete_set"];
                if self.call.route.as_ref().is_some_and(|hit| of_set.contains(&hit.route.id.as_str())) {
                    let hit = rows(json.get("sets")).find(|set| text(set, "id") == wanted);
                    self.owner = hit.and_then(|set| text(set, "userId"));
                }
                self.sets_at = at;
            }
            "permissions" => self.matrix = Some(json.clone()),
            "me" if path.ends_with("/permissions/me") => {
                self.mine.insert(query(url, "setId").unwrap_or_default(), json.clone());
            }
            "todos" => {
                let wanted = self.call.part("todo").map(str::to_owned);
                let hit = rows(json.get("todos")).find(|todo| wanted.is_some() && text(todo, "id") == wanted);
                let Some(todo) = hit else { return };
                self.todo_set = path.rsplit('/').nth(1).map(str::to_owned);
                if self.call.part("comment").is_none() {
                    self.owner = text(todo, "userId");
                }
            }
            "comments" if path.rsplit('/').nth(1) == self.call.part("todo") => {
                self.comments_read = true;
                let wanted = self.call.part("comment").map(str::to_owned);
                let mut comments = rows(json.get("comments"));
                let hit = comments.find(|comment| wanted.is_some() && text(comment, "id") == wanted);
                self.owner = hit.and_then(|comment| text(comment, "userId")).or(self.owner.take());
            }
            _ => {}
        }
    }

    /// The token without what surrounds it; `None` when it is not known.
    pub(crate) fn token(&self) -> Option<&str> {
        let own = self.token.as_deref().map(str::trim).filter(|token| !token.is_empty() && !is_masked(token));
        own.or(self.assumed.as_deref())
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

    fn same_host(&self, other: &Exchange) -> bool {
        let (own, theirs) = (origin_of(&self.call.exchange.request.url), origin_of(&other.request.url));
        own.is_none() || theirs.is_none() || own == theirs
    }

    fn same_team(&self, path: &str) -> bool {
        self.call.part("team").is_some_and(|team| path.starts_with(&format!("/api/cross-app/teams/{team}/")))
    }
}

/// The credential of a request after its scheme, exactly as sent; for a header without scheme, the whole value.
pub(crate) fn credential(exchange: &Exchange) -> Option<String> {
    let value = header(&exchange.request.headers, "authorization")?;
    Some(value.split_once(' ').map_or(value, |(_, rest)| rest).to_owned())
}

/// The access tokens an exchange is about: introspected, or sent to Glint or to Prism's routes for tokens.
fn tokens_of(other: &Exchange) -> Option<String> {
    let path = path_of(&other.request.url);
    match path.as_str() {
        "/api/oauth/introspect" => request_value(other, "token"),
        path if path.starts_with("/api/cross-app") || path.starts_with("/api/oauth/me/") => credential(other),
        _ => None,
    }
    .map(|token| token.trim().to_owned())
    .filter(|token| !token.is_empty())
}

/// Whether somebody blacked the credential out, so that it equals every other one that was. A fingerprint is no mask.
pub(crate) fn is_masked(token: &str) -> bool {
    let lower = token.to_lowercase();
    let words = ["redact", "***", "…", "...", "hidden", "masked", "<token>", "‹token›"];
    (words.iter().any(|word| lower.contains(word)) && placeholder_kind(token).is_none())
        || (placeholder_kind(token).is_some()
            && !token.trim_end_matches('›').ends_with(|c: char| c.is_ascii_hexdigit()))
        || lower.bytes().all(|byte| byte == b'x' || byte == b'*')
}

/// The client id of `Basic` credentials (RFC 6749 §2.3.1).
fn basic_client(exchange: &Exchange) -> Option<String> {
    let coded = header(&exchange.request.headers, "authorization")?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(coded.trim()).ok()?).ok()?;
    Some(crate::routes::percent_decoded(pair.split_once(':')?.0))
}

/// A member of a form or JSON body.
pub(crate) fn request_value(exchange: &Exchange, name: &str) -> Option<String> {
    let body = exchange.request.body.as_deref()?;
    match serde_json::from_str::<Value>(body) {
        Ok(json) => text(&json, name),
        Err(_) => form(body, name),
    }
}

fn answer(exchange: &Exchange) -> Option<(u16, Value)> {
    let response = exchange.response.as_ref()?;
    let json = serde_json::from_str(response.body.as_deref().unwrap_or_default()).unwrap_or(Value::Null);
    Some((response.status, json))
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

fn members(value: Option<&Value>) -> Vec<Member> {
    let member = |row: &Value| {
        Some(Member {
            team: text(row, "id")?,
            role: text(row, "role").unwrap_or_default(),
            joined_at: row.get("joined_at").and_then(Value::as_i64),
        })
    };
    rows(value).filter_map(member).collect()
}
