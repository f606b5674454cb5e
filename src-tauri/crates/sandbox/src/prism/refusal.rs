//! Refusals: a status and the server's own text.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::wire::Reply;

/// What a route answers: the reply, or why not.
pub(super) type Answer = Result<Reply, Refusal>;

/// A refusal, written as `{"error": …}`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    error: Cow<'static, str>,
    detail: Option<(&'static str, &'static str)>,
}

impl Refusal {
    /// A refusal with this status and text.
    pub(super) fn new(status: u16, error: impl Into<Cow<'static, str>>) -> Self {
        Self { status, error: error.into(), detail: None }
    }

    /// The same refusal with a second member beside `error`.
    pub(super) fn with(mut self, member: &'static str, text: &'static str) -> Self {
        self.detail = Some((member, text));
        self
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(403, "Forbidden")
    }

    pub(super) fn insufficient_scope() -> Self {
        Self::new(403, "insufficient_scope")
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not found")
    }

    pub(super) fn internal() -> Self {
        Self::new(500, "Internal server error")
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let mut body = json!({ "error": refusal.error });
        if let (Some((member, text)), Value::Object(members)) = (refusal.detail, &mut body) {
            members.insert(member.into(), json!(text));
        }
        Self::json(refusal.status, &body)
    }
}
