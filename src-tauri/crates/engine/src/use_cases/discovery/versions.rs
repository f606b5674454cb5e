//! Whether a server answers in the form that was measured. Another version may decide otherwise than is explained here.

use super::findings::Findings;
use crate::server::Server;
use scopes::exchange::Exchange;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Map, Value};

/// The members of `GET /api/auth/config`.
const GLINT: [(&str, Kind); 4] =
    [("baseUrl", Kind::Text), ("clientId", Kind::Text), ("redirectUri", Kind::Text), ("usePkce", Kind::Flag)];

/// The members of Prism's discovery document.
const PRISM: [(&str, Kind); 16] = [
    ("issuer", Kind::Text),
    ("authorization_endpoint", Kind::Text),
    ("token_endpoint", Kind::Text),
    ("userinfo_endpoint", Kind::Text),
    ("revocation_endpoint", Kind::Text),
    ("introspection_endpoint", Kind::Text),
    ("jwks_uri", Kind::Text),
    ("scopes_supported", Kind::List),
    ("response_types_supported", Kind::List),
    ("grant_types_supported", Kind::List),
    ("subject_types_supported", Kind::List),
    ("id_token_signing_alg_values_supported", Kind::List),
    ("access_token_signing_alg_values_supported", Kind::List),
    ("token_endpoint_auth_methods_supported", Kind::List),
    ("code_challenge_methods_supported", Kind::List),
    ("claims_supported", Kind::List),
];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    List,
}

impl Kind {
    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::List => value.is_array(),
        }
    }
}

impl Findings {
    /// Glint's configuration.
    pub(super) fn glint_version(&mut self, server: &Server, exchange: &Exchange) {
        self.version("Glint", server, exchange, &GLINT);
    }

    /// Prism's discovery document.
    pub(super) fn prism_version(&mut self, server: &Server, exchange: &Exchange) {
        self.version("Prism", server, exchange, &PRISM);
    }

    fn version(&mut self, name: &str, server: &Server, exchange: &Exchange, measured: &[(&str, Kind)]) {
        let body = exchange.response.as_ref().and_then(|response| response.body.as_deref());
        let Some(Value::Object(answered)) = body.and_then(|body| serde_json::from_str(body).ok()) else {
            return;
        };
        let members = differing(&answered, measured);
        if members.is_empty() {
            return;
        }
        let (lang, host) = (self.lang, server.host());
        let members: Vec<String> = members.iter().map(|member| format!("`{member}`")).collect();
        let members = members.join(", ");
        self.problems.push(
            Problem::note(
                "discovery.unknown_version",
                say!(
                    lang,
                    "The {name} at `{host}` is of an unknown version: its answer differs from the measured one in {members}.",
                    "位于 `{host}` 的 {name} 版本未知：其应答与实测的应答在 {members} 上不同。"
                ),
            )
            .hinted(say!(
                lang,
                "Causes named for this server rest on another version; check them against its own documentation.",
                "对此服务器给出的原因依据的是另一个版本；应对照它自己的文档核实。"
            ))
            .about(host)
            .shown_by(scopes::exchange::view(exchange)),
        );
    }
}

/// The members that are new, missing, or of another type, at most five.
fn differing(answered: &Map<String, Value>, measured: &[(&str, Kind)]) -> Vec<String> {
    let sound = |(name, kind): &&(&str, Kind)| !answered.get(*name).is_some_and(|value| kind.is_of(value));
    let mut members: Vec<String> =
        measured.iter().filter(sound).map(|(name, _)| (*name).to_owned()).collect();
    members.extend(answered.keys().filter(|key| !measured.iter().any(|(name, _)| name == key)).cloned());
    members.truncate(5);
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn new_missing_and_changed_members_differ() {
        let measured = json!({"baseUrl": "", "clientId": "", "redirectUri": "", "usePkce": true});
        let of = |change: Value| {
            let mut answered = measured.as_object().cloned().unwrap();
            for (name, value) in change.as_object().unwrap() {
                answered.insert(name.clone(), value.clone());
            }
            differing(&answered, &GLINT)
        };
        assert!(of(json!({})).is_empty());
        assert_eq!(of(json!({"usePkce": 1, "version": "2"})), ["usePkce", "version"]);
        assert_eq!(differing(&Map::new(), &GLINT).len(), 4);
    }
}
