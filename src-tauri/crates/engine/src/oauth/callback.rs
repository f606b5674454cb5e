//! The authorization answer in a redirect (RFC 6749 §4.1.2), from the browser or from the clipboard.

use scopes::secret::Secret;

/// What the browser was sent back with.
#[derive(Clone, Debug)]
pub(crate) struct Callback {
    /// The state; says which sign-in it belongs to.
    pub(crate) state: Secret,
    /// The code or the refusal.
    pub(crate) outcome: Result<Secret, Denied>,
    /// The issuer that answered (RFC 9207), where it says so.
    pub(crate) iss: Option<String>,
}

/// `error=` of an authorization answer, the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    /// The code, e.g. `access_denied`.
    pub(crate) error: String,
    /// The explanation.
    pub(crate) description: Option<String>,
}

/// Why a query is no authorization answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No `state`.
    NoState,
    /// A parameter stands there twice, which is forbidden (RFC 6749 §3.1).
    Repeated,
    /// Neither `code` nor `error`, or both.
    NoCode,
}

impl Callback {
    /// Reads a query, without the question mark.
    pub(crate) fn parse(query: &str) -> Result<Self, Fault> {
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let mut repeated = false;
        let mut one = |name: &str| {
            let mut values = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
            let first = values.next();
            repeated |= values.next().is_some();
            first.filter(|value| !value.is_empty())
        };
        let (state, code, error) = (one("state"), one("code"), one("error"));
        let (description, iss) = (one("error_description"), one("iss"));
        if repeated {
            return Err(Fault::Repeated);
        }
        let state = Secret::new(state.ok_or(Fault::NoState)?);
        let outcome = match (code, error) {
            (Some(code), None) => Ok(Secret::new(code)),
            (None, Some(error)) => Err(Denied { error, description }),
            _ => return Err(Fault::NoCode),
        };
        Ok(Self { state, outcome, iss })
    }
}

/// A redirect as somebody pasted it.
#[derive(Debug)]
pub(crate) struct Pasted {
    /// The address in front of the query, where a whole one was pasted.
    pub(crate) address: Option<String>,
    /// What its query says.
    pub(crate) callback: Result<Callback, Fault>,
    /// The state alone, for what is no answer otherwise.
    pub(crate) state: Option<Secret>,
}

impl Pasted {
    /// Reads a whole address, its query alone, or either of them percent-encoded once more; blanks, quotes and line
    /// breaks of a terminal around and inside are left out.
    pub(crate) fn parse(text: &str) -> Self {
        let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>');
        let text: String =
            text.trim_matches(around).chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        let encoded = !text.contains('=') && text.to_ascii_lowercase().contains("%3d");
        let text = if encoded { decoded(&text) } else { text };
        let text = text.split('#').next().unwrap_or_default();
        let (address, query) = match text.split_once('?') {
            Some((address, query)) => (Some(address.to_owned()).filter(|a| !a.is_empty()), query),
            None if text.contains("://") => (Some(text.to_owned()), ""),
            None => (None, text),
        };
        let states = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state");
        let state = states.map(|(_, value)| Secret::new(value)).next();
        Self { address, callback: Callback::parse(query), state }
    }
}

/// One layer of percent-encoding taken off.
fn decoded(text: &str) -> String {
    // A form's parser takes `+` as a blank; here a plus is a plus.
    let escaped = text.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(callback: &Callback) -> &str {
        callback.outcome.as_ref().unwrap().expose()
    }

    #[test]
    fn an_answer_is_read() {
        let read = Callback::parse("code=a%2Fb&state=s&iss=https%3A%2F%2Fprism.example").unwrap();
        assert_eq!((code(&read), read.state.expose()), ("a/b", "s"));
        assert_eq!(read.iss.as_deref(), Some("https://prism.example"));
        let read = Callback::parse("error=access_denied&error_description=No+way&state=s").unwrap();
        let denied = read.outcome.unwrap_err();
        assert_eq!((denied.error.as_str(), denied.description.as_deref()), ("access_denied", Some("No way")));
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        for (query, fault) in [
            ("", Fault::NoState),
            ("code=c", Fault::NoState),
            ("code=c&state=", Fault::NoState),
            ("state=s", Fault::NoCode),
            ("state=s&code=", Fault::NoCode),
            ("state=s&code=c&error=e", Fault::NoCode),
            ("state=s&state=t&code=c", Fault::Repeated),
            ("state=s&code=c&code=d", Fault::Repeated),
        ] {
            assert_eq!(Callback::parse(query).unwrap_err(), fault, "{query}");
        }
    }

    #[test]
    fn a_pasted_redirect_is_read_in_every_form_people_copy() {
        let whole = "http://127.0.0.1:47831/callback/sandbox?code=c-1_2&state=s";
        for text in [
            whole.to_owned(),
            format!("  {whole}\n"),
            format!("\"{whole}\""),
            format!("<{whole}>"),
            "http://127.0.0.1:47831/callback/sandbox?code=c-1\n_2&state=s".to_owned(),
            format!("{whole}#"),
            "http%3A%2F%2F127.0.0.1%3A47831%2Fcallback%2Fsandbox%3Fcode%3Dc-1_2%26state%3Ds".to_owned(),
        ] {
            let pasted = Pasted::parse(&text);
            assert_eq!(pasted.address.as_deref(), Some("http://127.0.0.1:47831/callback/sandbox"), "{text}");
            assert_eq!(code(pasted.callback.as_ref().unwrap()), "c-1_2", "{text}");
        }
        for text in ["code=c&state=s", "?code=c&state=s", " 'state=s&code=c' ", "code%3Dc%26state%3Ds"] {
            let pasted = Pasted::parse(text);
            assert_eq!(pasted.address, None, "{text}");
            assert_eq!(code(pasted.callback.as_ref().unwrap()), "c", "{text}");
        }
        assert_eq!(Pasted::parse("http://127.0.0.1:47831/").callback.unwrap_err(), Fault::NoState);
        assert_eq!(Pasted::parse("c-1_2").callback.unwrap_err(), Fault::NoState);
    }
}
