//! What is told about the consumer: its registration, what Prism would grant it, what it asked for, and the rules.

use super::super::call::query;
use super::index::{Topic, apps_of};
use super::others::Other;
use super::{Asked, Facts, Surroundings, Today, asked_value, authorized_client, request_value, rows, text};
use serde_json::Value;
use std::collections::BTreeSet;

impl Facts<'_> {
    /// Previews, authorizations, registrations and rules tell what holds now: the latest counts.
    pub(super) fn take_registration(&mut self, around: &Surroundings<'_>, exclude: Option<usize>) {
        let start = self.call.exchange.started_at;
        for other in around.by_time(Topic::Rules, "", start, exclude) {
            self.take_rules(other);
        }
        let Some(consumer) = self.consumer().map(str::to_owned) else {
            // A call to the registration itself names the app by its internal id.
            let id = self.call.at.value("app").unwrap_or_default().to_owned();
            for other in around.by_time(Topic::App, &id, start, exclude) {
                self.take_app(other, &id);
            }
            return;
        };
        for other in around.by_time(Topic::Preview, &consumer, start, exclude) {
            self.take_preview(other);
        }
        for other in around.by_time(Topic::Authorization, &consumer, start, exclude) {
            self.take_authorization(other, &consumer);
        }
        for other in around.by_time(Topic::App, &consumer, start, exclude) {
            self.take_app(other, &consumer);
        }
        self.settle_registration();
        for other in around.by_time(Topic::OpenAppChange, "", start, exclude) {
            self.doubt_registration(other.started_at);
        }
    }

    /// What was seen of the registration before a change whose outcome is open may not hold any more.
    fn doubt_registration(&mut self, changed: Option<i64>) {
        let older = |seen: Option<i64>| seen.zip(changed).is_none_or(|(seen, changed)| seen <= changed);
        let today_at = &self.today_at;
        self.today.retain(|scope, _| !older(today_at.get(scope).copied().flatten()));
        if self.allowed_scopes.is_some() && older(self.allowed_at) {
            self.allowed_scopes = None;
            self.allowed_before = None;
        }
    }

    /// The authorization of the same code counts; one of the same client when no code tells.
    fn take_authorization(&mut self, other: &Other<'_>, consumer: &str) {
        // A refused authorization led to no token.
        let refused = other.response.as_ref().is_some_and(|response| response.status >= 400);
        if refused || authorized_client(other).as_deref() != Some(consumer) {
            return;
        }
        let redirect = other.answer().and_then(|(_, json)| text(json, "redirect"));
        let issued = redirect.and_then(|to| query(&to, "code"));
        let own = request_value(self.call.exchange, "code")
            .or_else(|| self.issued.as_ref().and_then(|issued| issued.code.clone()));
        if issued.is_some() && own.is_some() && issued != own {
            return;
        }
        let scopes = asked_value(other, "scope").unwrap_or_default();
        let optional = asked_value(other, "optional_scope").unwrap_or_default();
        let linked = issued.is_some() && issued == own;
        // What is known to have led to this token outweighs any other authorization of the client.
        let known = self.requests.iter().any(|asked| asked.linked);
        let all = separated(&scopes).chain(separated(&optional)).map(str::to_owned);
        self.requests.push(Asked { scopes: all.collect(), linked });
        if linked || !known {
            self.asked = Some((scopes, asked_value(other, "redirect_uri").unwrap_or_default()));
        }
    }

    /// A preview that was itself refused, or that cannot be read, says nothing about scopes.
    fn take_preview(&mut self, other: &Other<'_>) {
        let Some(json) = other.answered() else { return };
        if !json.get("scopes").is_some_and(Value::is_array) {
            return;
        }
        self.consumer_name = json.get("app").and_then(|app| text(app, "name"));
        self.previewed_redirects.extend(text(json, "redirect_uri"));
        let titled: BTreeSet<&str> = rows(json.get("app_scopes"))
            .filter(|row| row.get("scope_title").is_some_and(Value::is_string))
            .filter_map(|row| row.get("scope")?.as_str())
            .collect();
        let granted =
            rows(json.get("scopes")).chain(rows(json.get("optional_scopes"))).filter_map(Value::as_str);
        let app_scopes = rows(json.get("app_scopes")).filter_map(|row| row.get("scope")?.as_str());
        let granted = granted
            .chain(app_scopes)
            .map(|scope| (scope.to_owned(), Today::Granted { titled: titled.contains(scope) }));
        let rejected = rows(json.get("rejected_scopes"))
            .filter_map(|row| Some((text(row, "scope")?, Today::Rejected(text(row, "reason")?))));
        for (scope, today) in granted.chain(rejected) {
            self.today_at.insert(scope.clone(), other.started_at);
            self.today.insert(scope, today);
        }
    }

    fn take_rules(&mut self, other: &Other<'_>) {
        let rules = other.answered().and_then(|json| json.get("rules")).filter(|rules| rules.is_array());
        if other.request.method == "GET"
            && let Some(rules) = rules
        {
            self.rules = serde_json::from_value(rules.clone()).ok();
        }
    }

    /// The answer of GET and of PATCH both show the registration as it is from then on.
    fn take_app(&mut self, other: &Other<'_>, key: &str) {
        let Some((200..=299, json)) = other.answer() else { return };
        let is_mine =
            |app: &&Value| ["client_id", "id"].iter().any(|name| text(app, name).as_deref() == Some(key));
        let mine = apps_of(json).filter(is_mine).last();
        let Some(app) = mine else { return };
        let Some(allowed) = app.get("allowed_scopes").filter(|list| list.is_array()) else { return };
        let allowed: Vec<String> = rows(Some(allowed)).filter_map(Value::as_str).map(str::to_owned).collect();
        let before =
            other.started_at.zip(self.call.exchange.started_at).is_some_and(|(at, start)| at < start);
        if before {
            self.allowed_before = Some(allowed.clone());
        }
        self.allowed_scopes = Some(allowed);
        self.allowed_at = other.started_at;
        self.consumer_name = text(app, "name");
    }

    /// A record of the registration outweighs an older preview.
    fn settle_registration(&mut self) {
        let (Some(allowed), Some(recorded)) = (&self.allowed_scopes, self.allowed_at) else { return };
        for (scope, today) in &mut self.today {
            let previewed = self.today_at.get(scope).copied().flatten();
            if previewed.is_none_or(|previewed| previewed >= recorded) {
                continue;
            }
            let registered = allowed.contains(scope);
            *today = match today {
                Today::Rejected(reason) if registered && reason == "not_allowed" => Today::Registered,
                Today::Rejected(reason)
                    if !registered && (reason == "app_denied" || reason == "target_missing") =>
                {
                    Today::Unregistered
                }
                Today::Granted { .. } if !registered => Today::Unregistered,
                _ => continue,
            };
        }
    }
}

/// The scopes of a scope string as Prism reads it: separated by blanks, not by line breaks or commas.
pub(crate) fn separated(scopes: &str) -> impl Iterator<Item = &str> {
    scopes.split(' ').filter(|scope| !scope.is_empty())
}
