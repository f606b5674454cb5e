//! A request as a value: verb, typed path, query and body, and what the answer is read as. Sends nothing.

use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;

/// A body to send.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(Value),
    /// `application/x-www-form-urlencoded`. Introspection is read in this form only (contract §6).
    Form(Vec<(String, String)>),
}

/// A request whose answer is read as `T`.
#[derive(Debug, Clone)]
pub(crate) struct Ask<T> {
    /// Verb in upper case.
    pub(crate) method: String,
    /// Raw path segments; encoded when the URL is made.
    pub(crate) segments: Vec<String>,
    /// Raw query pairs.
    pub(crate) query: Vec<(String, String)>,
    /// Body.
    pub(crate) body: Body,
    read_as: PhantomData<fn() -> T>,
}

impl<T> Ask<T> {
    /// Whether it may change something at the server. Introspection is a question that is sent by POST.
    pub(crate) fn changes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
            && !self.segments.iter().map(String::as_str).eq(["api", "oauth", "introspect"])
    }
}

impl<T: DeserializeOwned> Ask<T> {
    /// A request of any verb.
    pub(crate) fn new<S: Into<String>>(method: &str, segments: impl IntoIterator<Item = S>) -> Self {
        Self {
            method: method.to_owned(),
            segments: segments.into_iter().map(Into::into).collect(),
            query: Vec::new(),
            body: Body::Empty,
            read_as: PhantomData,
        }
    }

    /// A read.
    pub(crate) fn get<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self::new("GET", segments)
    }

    /// The same with a query pair.
    #[must_use]
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with a JSON body.
    #[must_use]
    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// The same with a form body.
    #[must_use]
    pub(crate) fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.body = Body::Form(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect());
        self
    }
}
