//! Reason codes, their families and the gates of a server as types. What they are called is data (`profiles/reasons.json`).

mod family;

pub use family::{Family, GateId};
pub(crate) use family::{FamilyRow, GateRow};

#[cfg(test)]
use super::reasons;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A reason code, e.g. `scope.not_registered`: a family, and what it is within the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

macro_rules! codes {
    ($($name:ident = $text:literal,)+) => {
        $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Code = Code($text);
        )+
        /// All codes that the program names.
        const NAMED: &[Code] = &[$($name,)+];
    };
}

codes! {
    ALLOWED = "allowed",
    REACH_DNS = "reach.dns",
    REACH_REFUSED = "reach.refused",
    REACH_TIMEOUT = "reach.timeout",
    REACH_TLS = "reach.tls",
    REACH_NOT_API = "reach.not_api",
    REACH_NO_ROUTE = "reach.no_route",
    REACH_UNREADABLE = "reach.unreadable",
    REACH_CANCELLED = "reach.cancelled",
    REACH_CORS = "reach.cors",
    HEADER_MISSING = "header.missing",
    HEADER_MALFORMED = "header.malformed",
    TOKEN_EMPTY = "token.empty",
    TOKEN_WHITESPACE = "token.whitespace",
    TOKEN_PERSONAL_ACCESS_TOKEN = "token.personal_access_token",
    TOKEN_SESSION_JWT = "token.session_jwt",
    TOKEN_ID_TOKEN = "token.id_token",
    TOKEN_OTHER_ISSUER = "token.other_issuer",
    TOKEN_EXPIRED = "token.expired",
    TOKEN_INACTIVE = "token.inactive",
    SCOPE_OTHER_NAMESPACE = "scope.other_namespace",
    SCOPE_RENAMED = "scope.renamed",
    SCOPE_BUNDLE_EXCLUDES = "scope.bundle_excludes",
    SCOPE_LEGACY_DOES_NOT_COVER = "scope.legacy_does_not_cover",
    SCOPE_MISSPELT = "scope.misspelt",
    SCOPE_NOT_REGISTERED = "scope.not_registered",
    SCOPE_DENIED_BY_RULE = "scope.denied_by_rule",
    SCOPE_TARGET_MISSING = "scope.target_missing",
    SCOPE_TOKEN_PREDATES = "scope.token_predates",
    SCOPE_UNDETERMINED = "scope.undetermined",
    MEMBERSHIP_UNAVAILABLE = "membership.unavailable",
    MEMBERSHIP_NOT_MEMBER = "membership.not_member",
    MEMBERSHIP_STALE_DENIAL = "membership.stale_denial",
    MEMBERSHIP_ACCOUNT_DEACTIVATED = "membership.account_deactivated",
    MEMBERSHIP_UNPROVEN = "membership.unproven",
    ROLE_DEFAULT = "role.default",
    ROLE_GLOBAL_ROW = "role.global_row",
    ROLE_SET_OVERRIDE = "role.set_override",
    ROLE_STALE_ROLE = "role.stale_role",
    ROLE_RESERVED = "role.reserved",
    ROLE_UNDETERMINED = "role.undetermined",
    RESOURCE_MISSING = "resource.missing",
    REQUEST_INVALID = "request.invalid",
    REQUEST_MALFORMED_BODY = "request.malformed_body",
    REQUEST_CONFLICT = "request.conflict",
    REQUEST_UPGRADE_REQUIRED = "request.upgrade_required",
    SERVER_PRISM_UNREACHABLE = "server.prism_unreachable",
    SERVER_PRISM_URL_INVALID = "server.prism_url_invalid",
    SERVER_PRISM_NOT_API = "server.prism_not_api",
    SERVER_PRISM_FAILED = "server.prism_failed",
    SERVER_MIGRATIONS_MISSING = "server.migrations_missing",
    SERVER_REALTIME_UNAVAILABLE = "server.realtime_unavailable",
    SERVER_ASSIGNMENTS_UNAVAILABLE = "server.assignments_unavailable",
    SERVER_RATE_LIMITED = "server.rate_limited",
    SERVER_ERROR = "server.error",
    HIDDEN_SET_MISSING = "hidden.set_missing",
    HIDDEN_NOOP = "hidden.noop",
    HIDDEN_ASSIGNEES_DROPPED = "hidden.assignees_dropped",
    HIDDEN_STALE_ACCESS = "hidden.stale_access",
    CREDENTIAL_MISSING = "credential.missing",
    CREDENTIAL_WRONG_KIND = "credential.wrong_kind",
    CREDENTIAL_INVALID = "credential.invalid",
    CREDENTIAL_EXPIRED = "credential.expired",
    CREDENTIAL_INSUFFICIENT_SCOPE = "credential.insufficient_scope",
    APP_FORBIDDEN = "app.forbidden",
    APP_NOT_FOUND = "app.not_found",
    REGISTRATION_OWNER_DENIED = "registration.owner_denied",
    REGISTRATION_OWNER_NOT_LISTED = "registration.owner_not_listed",
    REGISTRATION_TARGET_MISSING = "registration.target_missing",
    REGISTRATION_DROPPED = "registration.dropped",
    DEFINITION_INVALID = "definition.invalid",
    RULE_INVALID = "rule.invalid",
    RULE_EXISTS = "rule.exists",
    OAUTH_ACCESS_DENIED = "oauth.access_denied",
    OAUTH_INVALID_REQUEST = "oauth.invalid_request",
    OAUTH_INVALID_SCOPE = "oauth.invalid_scope",
    OAUTH_INVALID_CLIENT = "oauth.invalid_client",
    OAUTH_INVALID_GRANT = "oauth.invalid_grant",
    OAUTH_UNAUTHORIZED_CLIENT = "oauth.unauthorized_client",
    OAUTH_UNSUPPORTED_GRANT_TYPE = "oauth.unsupported_grant_type",
    OAUTH_INVALID_REDIRECT_URI = "oauth.invalid_redirect_uri",
    OAUTH_REDIRECT_URI_MISMATCH = "oauth.redirect_uri_mismatch",
    OAUTH_CODE_EXPIRED = "oauth.code_expired",
    OAUTH_PKCE_FAILED = "oauth.pkce_failed",
    OAUTH_PKCE_REQUIRED = "oauth.pkce_required",
    OAUTH_REFRESH_EXPIRED = "oauth.refresh_expired",
    OAUTH_STATE_MISMATCH = "oauth.state_mismatch",
    OAUTH_ISSUER_MISMATCH = "oauth.issuer_mismatch",
    OAUTH_TIMEOUT = "oauth.timeout",
    OAUTH_CANCELLED = "oauth.cancelled",
    OAUTH_JWT_TOKENS_BROKEN = "oauth.jwt_tokens_broken",
    OAUTH_SCOPES_NARROWED = "oauth.scopes_narrowed",
    OAUTH_INTERACTION_REQUIRED = "oauth.interaction_required",
    OAUTH_SERVER_ERROR = "oauth.server_error",
}

impl Code {
    /// The code as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The code that is spelled so.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        NAMED.iter().copied().find(|code| code.0 == text)
    }

    /// Its family.
    #[must_use]
    pub fn family(self) -> Family {
        let word = self.0.split_once('.').map_or(self.0, |(family, _)| family);
        Family::find(word).unwrap_or(Family::Allowed)
    }

    /// Whether it says that the reason stayed open.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.0.ends_with(".undetermined") || self.0.ends_with(".unproven")
    }

    /// Whether the authorization server that the provider asks is at fault.
    pub(crate) fn is_about_prism(self) -> bool {
        self.0.starts_with("server.prism")
    }

    /// The gate that refuses with it.
    pub(crate) fn gate(self) -> Option<GateId> {
        self.family().row().and_then(|row| row.gate)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::find(&text).ok_or_else(|| de::Error::custom(format!("unknown reason code `{text}`")))
    }
}

/// What a text of a server means: a code, or the family whose code more than the text decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    Code(Code),
    Family(Family),
}

impl Means {
    /// Its family.
    pub(crate) fn family(self) -> Family {
        match self {
            Self::Code(code) => code.family(),
            Self::Family(family) => family,
        }
    }
}

impl std::fmt::Display for Means {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => f.write_str(code.0),
            Self::Family(family) => write!(f, "{}.*", family.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Means {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = match text.strip_suffix(".*") {
            Some(family) => Family::find(family).map(Self::Family),
            None => Code::find(&text).map(Self::Code),
        };
        found.ok_or_else(|| de::Error::custom(format!("unknown reason code `{text}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_names_the_codes_of_the_data_and_no_other() {
        let data: Vec<Code> = reasons::all().iter().map(|reason| reason.code).collect();
        assert_eq!(data, NAMED);
    }

    #[test]
    fn every_code_has_a_family_and_every_family_a_gate_with_a_name() {
        for code in NAMED {
            let family = code.0.split('.').next().unwrap();
            assert_eq!(code.family().as_str(), family, "{code}");
            let row = code.family().row().unwrap();
            let known = |id| reasons::gates().iter().any(|gate| gate.gate == id);
            assert!(row.gate.is_none_or(known), "{code}");
        }
        for gate in reasons::gates() {
            assert_eq!(GateId::find(gate.gate.as_str()), Some(gate.gate));
        }
    }
}
