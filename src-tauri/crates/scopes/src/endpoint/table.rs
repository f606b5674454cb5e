//! The rows of the table of endpoints.

use super::{Endpoint, Kind, is_read};
use serde::Deserialize;
use std::sync::LazyLock;

/// What an exchange of an archive is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    /// A call somebody wanted to make.
    #[default]
    Call,
    /// A read whose answer explains calls; anything but a read is a call.
    Question,
    /// The first list an application reads: a call, unless another one of the same token is beside it.
    FirstList,
    /// Never wants an explanation.
    Aside,
    /// A token request.
    Token,
    /// A call where it failed, else a page that was shown.
    Authorize,
    /// Told apart by what was sent and answered, for the path belongs to no known system.
    Standard,
}

/// When an exchange only tells something about other calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tells {
    Always,
    /// A read.
    Read,
    /// A read that was not refused.
    Answered,
}

/// Where the access token is that an exchange is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenPlace {
    /// The member `token` of the body.
    Body,
    /// The `Authorization` header.
    Header,
}

/// One row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) endpoint: Endpoint,
    pub(super) path: String,
    pub(crate) interface: Kind,
    #[serde(default)]
    pub(crate) part: Part,
    evidence: Option<Tells>,
    pub(crate) token: Option<TokenPlace>,
    /// The verbs it has; empty where they are not told.
    #[serde(default)]
    verbs: Vec<String>,
    /// What a token needs to read here, and to write where that differs.
    #[serde(default)]
    scopes: Vec<String>,
    /// Takes a session and nothing else.
    #[serde(default)]
    pub(crate) session_only: bool,
    /// Takes no personal access token.
    #[serde(default)]
    pub(crate) refuses_personal: bool,
    /// Takes the client's own credentials.
    #[serde(default)]
    pub(crate) basic: bool,
    /// Is the provider's business; everything else is a consumer's.
    #[serde(default)]
    pub(crate) of_provider: bool,
    /// Belongs to the set-up of a deployment.
    #[serde(default)]
    pub(crate) of_setup: bool,
}

#[derive(Deserialize)]
pub(super) struct Table {
    endpoints: Vec<Row>,
}

pub(super) static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let files =
        [include_str!("../../profiles/glint.calls.json"), include_str!("../../profiles/prism.calls.json")];
    // The files are part of the program and a test reads them: an error cannot reach a user.
    let tables = files.iter().filter_map(|text| serde_json::from_str::<Table>(text).ok());
    tables.flat_map(|table| table.endpoints).collect()
});

/// The row for paths that no other row fits.
pub(super) static NOWHERE: Row = Row {
    endpoint: Endpoint::Other,
    path: String::new(),
    interface: Kind::Other,
    part: Part::Standard,
    evidence: None,
    token: None,
    verbs: Vec::new(),
    scopes: Vec::new(),
    session_only: false,
    refuses_personal: false,
    basic: false,
    of_provider: false,
    of_setup: false,
};

impl Row {
    /// The values of a path that fits; `None` for one that does not.
    pub(super) fn values(&'static self, path: &str) -> Option<Vec<(&'static str, String)>> {
        if let Some(end) = self.path.strip_prefix("**") {
            return path.ends_with(end).then(Vec::new);
        }
        let mut parts = path.split('/');
        let mut values = Vec::new();
        for want in self.path.split('/') {
            if want == "*" {
                return Some(values);
            }
            let part = parts.next()?;
            match want.strip_prefix(':') {
                Some(name) if !part.is_empty() => values.push((name, part.to_owned())),
                None if want == part => {}
                _ => return None,
            }
        }
        parts.next().is_none().then_some(values)
    }

    /// Whether an exchange with this verb and status only tells something about other calls; `None`: no answer came.
    pub(crate) fn tells(&self, method: &str, status: Option<u16>) -> bool {
        let read = is_read(method);
        match self.evidence {
            Some(Tells::Always) => true,
            Some(Tells::Read) => read,
            Some(Tells::Answered) => read && status.is_some_and(|status| status < 400),
            None => false,
        }
    }

    /// Whether the endpoint is known to have this verb.
    pub(crate) fn has_verb(&self, method: &str) -> bool {
        let method = if method == "HEAD" { "GET" } else { method };
        self.verbs.iter().any(|verb| verb == method)
    }

    /// The scope a token needs for this verb.
    pub(crate) fn scope(&self, method: &str) -> Option<&str> {
        let one = if is_read(method) { self.scopes.first() } else { self.scopes.last() };
        one.map(String::as_str)
    }
}
