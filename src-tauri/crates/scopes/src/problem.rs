//! The one error people see.

use crate::exchange::ExchangeView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know; nothing is stopped.
    Note,
    /// Goes through, but somebody may regret it.
    Risky,
    /// Cannot go on.
    Refused,
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The developer of the calling client.
    ConsumerDeveloper,
    /// The owner of the client whose scopes are asked for.
    ProviderOwner,
    /// The person the token acts for.
    EndUser,
    /// Whoever may add members and change roles or permissions of the team.
    TeamAdmin,
    /// An administrator of Prism.
    AuthorizationServerAdmin,
    /// Whoever runs the deployment.
    Operator,
}

/// A way to add an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IdentityWay {
    /// A personal access token.
    Pat,
    /// Client id and secret of a client.
    Client,
    /// Signing in with the browser.
    SignIn,
    /// Pasting an access token.
    Token,
}

/// A place in a text the person gave us. Lines and columns count from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Span {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters; 0 points between two characters.
    pub length: u32,
}

/// A refusal or a warning: a stable code, one sentence, the next steps.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Problem {
    /// Stable code, e.g. `import.duplicate_scope`. Consumers act on this, never on the message.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is the matter, one sentence in the language asked for.
    pub message: String,
    /// What to do next; sentences that start with a verb.
    pub hints: Vec<String>,
    /// Who acts next, where that is known.
    pub who: Option<Actor>,
    /// Where in the given text.
    pub span: Option<Span>,
    /// Identifiers this is about (scopes, client ids, field names), verbatim.
    pub related: Vec<String>,
    /// The exchange that showed it, redacted.
    pub exchange: Option<Box<ExchangeView>>,
    /// How to add an identity that is accepted; absent where another identity does not help.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub other_identity: Option<IdentityWay>,
    /// Whether the connection has no identity at all that fits.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub no_identity: bool,
}

impl Problem {
    /// A problem that stops the work.
    pub fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Refused, code, message)
    }

    /// A problem that warns.
    pub fn risky(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Risky, code, message)
    }

    /// A remark.
    pub fn note(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            severity,
            message: message.into(),
            hints: Vec::new(),
            who: None,
            span: None,
            related: Vec::new(),
            exchange: None,
            other_identity: None,
            no_identity: false,
        }
    }

    /// Adds a next step.
    #[must_use]
    pub fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Says where in the text it is.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says who acts.
    #[must_use]
    pub fn for_actor(mut self, who: Actor) -> Self {
        self.who = Some(who);
        self
    }

    /// Says that another identity helps, and how to add one.
    #[must_use]
    pub fn cured_by(mut self, way: IdentityWay) -> Self {
        self.other_identity = Some(way);
        self
    }

    /// Names what it is about.
    #[must_use]
    pub fn about(mut self, related: impl Into<String>) -> Self {
        self.related.push(related.into());
        self
    }

    /// The same without anything in its sentences or in what it is about that has the form of a secret.
    #[must_use]
    pub fn redacted(mut self) -> Self {
        let redactor = crate::secret::Redactor::new();
        self.message = redactor.clean(&self.message);
        self.hints.iter_mut().chain(&mut self.related).for_each(|text| *text = redactor.clean(text));
        self
    }

    /// Attaches the exchange that showed it.
    #[must_use]
    pub fn shown_by(mut self, exchange: ExchangeView) -> Self {
        self.exchange = Some(Box::new(exchange));
        self
    }
}
