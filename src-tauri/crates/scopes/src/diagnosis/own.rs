//! Whether an answer is the system's own.

use super::call::{Call, Kind, header, query};
use super::{denials, forms};
use crate::endpoint::Endpoint;
use serde_json::Value;

/// How an answer compares with those of the system that was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the system answers this call.
    Own,
    /// Nothing is known about answers to this call.
    Unstated,
    /// As the system never answers this call.
    Foreign,
}

impl Call<'_> {
    /// Whether the answer may be the system's own. One of another form, a gateway's error, an empty or cut-off body, or
    /// an object without the members of this route, proves nothing about any gate.
    pub(crate) fn is_own_answer(&self) -> bool {
        self.form() != Form::Foreign
    }

    /// Compares the answer with the form that the system always answers in.
    pub(crate) fn form(&self) -> Form {
        let object = self.json.as_ref().is_some_and(Value::is_object);
        let own = match self.status {
            200..=299 => return self.form_of_success(),
            401 | 407 if self.is_challenged_by_a_gateway() => false,
            0 | 429 | 502 | 504 => false,
            501 | 505..=599 => false,
            503 => denials::is_said(self),
            101 | 300..=399 => true,
            404 => object || self.body.is_empty() || denials::is_said(self),
            // Recorders often keep no body of a refusal.
            400..=499 => object || self.body.is_empty(),
            _ => object,
        };
        if own { Form::Own } else { Form::Foreign }
    }

    /// A route of the table answers with its own members; of any other nothing is known but that neither system says
    /// `error` where it did what was asked, and that neither answers with nothing in an object.
    fn form_of_success(&self) -> Form {
        if self.needs_no_body() {
            return Form::Own;
        }
        let Some(members) = self.json.as_ref().and_then(Value::as_object) else { return Form::Foreign };
        if members.is_empty() || members.contains_key("error") {
            return Form::Foreign;
        }
        match self.known_form() {
            Some(_) if self.wrong_member().is_some() => Form::Foreign,
            Some(_) => Form::Own,
            None => Form::Unstated,
        }
    }

    fn known_form(&self) -> Option<&'static forms::Form> {
        forms::of(self.kind, self.method, &self.path, self.route.as_ref())
    }

    /// The first member that the answer of this route always has and this answer lacks, or has in another JSON type.
    pub(crate) fn wrong_member(&self) -> Option<&'static str> {
        self.known_form()?.wrong(self.json.as_ref()?)
    }

    /// Whether an answer to this request is complete without a JSON body.
    fn needs_no_body(&self) -> bool {
        let headers = self.exchange.response.as_ref().map_or(&[][..], |response| &response.headers);
        let endless = self.route.as_ref().is_none_or(|hit| hit.route.group == "realtime");
        let streams =
            endless && header(headers, "content-type").is_some_and(|kind| kind.contains("event-stream"));
        let preflight = self.method == "OPTIONS" && self.body.trim().is_empty();
        self.method == "HEAD"
            || preflight
            || streams
            || (self.is_to(Endpoint::Revocation) && self.status == 200 && self.body.trim().is_empty())
            || (self.is_to(Endpoint::Authorize) && self.method == "GET")
            || (self.kind == Kind::OAuth && query(&self.exchange.request.url, "code").is_some())
    }

    /// Whether the word of `error` is there in full, although the body behind it may be cut off.
    pub(crate) fn says_error(&self) -> bool {
        match &self.cut {
            Some((_, whole)) => *whole,
            None => self.error().is_some(),
        }
    }

    /// Whether the answer refuses in a form that is not the system's: a status that a firewall or a proxy may give as
    /// well, with a body that is no object and none of the system's texts. One that was cut off counts as far as what
    /// is left of it says enough.
    pub(crate) fn is_foreign_refusal(&self) -> bool {
        matches!(self.status, 400..=403 | 405..=428 | 430..=499)
            && self.form() == Form::Foreign
            && (!denials::is_said(self) || self.is_challenged_by_a_gateway())
    }

    /// Whether the answer asks for a user name and a password (RFC 7617), as gateways do. Of the two systems only token
    /// endpoints may (RFC 6749 §5.2).
    fn is_challenged_by_a_gateway(&self) -> bool {
        let headers = self.exchange.response.as_ref().map_or(&[][..], |response| &response.headers);
        let basic = |value: &str| value.trim_start().to_ascii_lowercase().starts_with("basic");
        self.kind != Kind::OAuth && header(headers, "www-authenticate").is_some_and(basic)
    }
}
