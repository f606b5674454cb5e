//! Why a call ends early, and what the caller reads then.

use serde_json::json;

use crate::wire::Reply;

/// The end of a call that does not get through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// `{"error": text}` with this status.
    Said(u16, String),
    /// An uncaught error of Glint's own code: a 500 with `stack` (contract §8.4).
    Thrown(&'static str, String),
    /// No such route: plain text, not JSON.
    NoRoute,
}

/// What a route answers.
pub(super) type Answer = Result<Reply, Refusal>;

impl Refusal {
    /// 400 with this text.
    pub(super) fn bad(text: &str) -> Self {
        Self::Said(400, text.into())
    }

    /// 403 with this text.
    pub(super) fn forbidden(text: impl Into<String>) -> Self {
        Self::Said(403, text.into())
    }

    /// 404 with this text, as JSON.
    pub(super) fn missing(text: &str) -> Self {
        Self::Said(404, text.into())
    }

    /// 409 with this text.
    pub(super) fn conflict(text: impl Into<String>) -> Self {
        Self::Said(409, text.into())
    }

    /// 503 with this text.
    pub(super) fn unavailable(text: &str) -> Self {
        Self::Said(503, text.into())
    }

    /// A `TypeError`.
    pub(super) fn type_error(text: impl Into<String>) -> Self {
        Self::Thrown("TypeError", text.into())
    }

    /// An error of the database.
    pub(super) fn database(text: impl Into<String>) -> Self {
        Self::Thrown("Error", text.into())
    }

    /// A broken constraint of the database; `kind` as in `SQLITE_CONSTRAINT_…`.
    pub(super) fn constraint(text: &str, kind: &str) -> Self {
        let code = format!("SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_{kind})");
        Self::database(format!("D1_ERROR: {text}: {code}"))
    }

    /// Nothing where a column needs something.
    pub(super) fn not_null(table: &str, column: &str) -> Self {
        Self::constraint(&format!("NOT NULL constraint failed: {table}.{column}"), "NOTNULL")
    }

    /// A row that points at a row that is not there.
    pub(super) fn foreign_key() -> Self {
        Self::constraint("FOREIGN KEY constraint failed", "FOREIGNKEY")
    }

    /// The answer.
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Self::Said(status, text) => Reply::error(status, &text),
            Self::Thrown(name, text) => {
                let stack =
                    format!("{name}: {text}\n    at async dispatch (sandbox)\n    at async fetch (sandbox)");
                Reply::json(500, &json!({ "error": text, "stack": stack }))
            }
            Self::NoRoute => Reply::text(404, "text/plain; charset=UTF-8", "404 Not Found"),
        }
    }
}
