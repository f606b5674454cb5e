//! The words and texts of the product: what both servers, OAuth (RFC 6749, RFC 6750, OpenID Connect) and the programs
//! beneath them say. A capsule keeps these in sentences and in one-word values; everything else there is replaced.

use super::super::denials;
use crate::profile::{glint, prism};
use crate::routes;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Texts beside Glint's refusals, which its profile lists; `…` stands for anything (contract §1–§8).
const TEXTS: [&str; 64] = [
    "Unauthorized",
    "Token expired",
    "Forbidden",
    "Not found",
    "Internal server error",
    "Too many requests",
    "At least one redirect_uri required",
    "Invalid redirect_uri: …",
    "App with client_id … not found or inactive",
    "You are not permitted to use this app's scopes",
    "You are not on the allow-list for this app's scopes",
    "name is required",
    "title is required",
    "scope is required",
    "scope must be an alphanumeric identifier (a-z, 0-9, _, -, .)",
    "rule_type must be one of: owner_allow, owner_deny, app_allow, app_deny",
    "target_id is required",
    "Rule already exists",
    "Invalid credentials",
    "Account is disabled",
    "email, username and password are required",
    "Password must be at least 8 characters",
    "No valid scopes provided",
    "Token exchange failed",
    "User is already a team member",
    "Platform already initialized",
    "Already configured",
    "Only team owner can view app config",
    "Only team owner can change app config",
    "Only team owner can register permissions",
    "You are not a member of any allowed team",
    "A client secret is required to register permissions as the app. Configure one in App Config (or disable PKCE).",
    "Code expired",
    "code_verifier required",
    "PKCE verification failed",
    "Refresh token expired",
    "code_challenge is required for public clients",
    "A 2FA verification is required to grant site-level scopes.",
    "Select a team to grant access to.",
    "Site-level scopes can only be granted by a site administrator.",
    "You must be a team owner or admin to grant team access.",
    "Missing required scope. Token must include one of: … (or the bundle scope \"workbench\")",
    "Missing required scope: … or …",
    "Team membership is unavailable: add teams:read to the bearer token scope, or the user must log in to Glint at least once.",
    "Only owners and co-owners can grant manage_permissions",
    "Assignment feature unavailable: database migration required",
    "Realtime sync is not available on this deployment",
    "Todo list name already exists in this team",
    "Set id already exists",
    "Todo item title already exists among sibling todos",
    "Unexpected end of JSON input",
    "Expected property name or '}' in JSON at position … (line … column …)",
    "Cannot destructure property '…' of '(intermediate value)' as it is null.",
    "Cannot destructure property '…' of 'object null' as it is null.",
    "Cannot read properties of null (reading '…')",
    "Cannot use 'in' operator to search for '…' in null",
    "D1_TYPE_ERROR: Type '…' not supported for value '…'",
    "D1_ERROR: CHECK constraint failed: role IN (…): SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_CHECK)",
    "D1_ERROR: no such column: … at offset …: SQLITE_ERROR",
    "Network connection lost.",
    "Invalid URL string.",
    "Access revoked",
    "Logged out",
    "App deleted",
];

/// Single words: error codes (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1; RFC 7009; OpenID Connect), values of parameters,
/// roles, flags, kinds of errors, and words of transports.
const WORDS: &str = "\
    invalid_request invalid_client invalid_grant invalid_scope invalid_token invalid_redirect_uri insufficient_scope \
    unauthorized_client unsupported_grant_type unsupported_response_type unsupported_token_type access_denied \
    server_error temporarily_unavailable login_required consent_required interaction_required \
    account_selection_required rate_limited team_id_required team_scope_forbidden site_scope_admin_required \
    site_scope_totp_invalid authorization_code refresh_token access_token id_token client_credentials password \
    code token id_token none login consent select_account query fragment form_post plain s256 bearer basic approve deny \
    allow allowed denied granted rejected unknown not_allowed app_denied target_missing owner_allow owner_deny app_allow \
    app_deny owner co-owner admin member viewer editor guest user client app team set todo comment global defaults sets \
    personal active inactive expired revoked public private confidential asc desc true false null undefined object string \
    number boolean array function json yaml md replace merge append error errors message reason status pending completed \
    open done ok openid profile email typeerror syntaxerror referenceerror rangeerror prismerror sqlite_constraint \
    sqlite_constraint_foreignkey sqlite_constraint_notnull sqlite_constraint_check sqlite_constraint_unique sqlite_error \
    d1_error d1_type_error todo_sets todos todo_comments role permission permissions sort_order split_completed user_id \
    set_id team_id parent_id created_by foreign key constraint failed unique not input position line column offset \
    doctype html cors cross-origin access control fetch err_failed net networkerror when load to attempting resource \
    typeerror econnrefused enotfound etimedout econnreset eai_again getaddrinfo connect connection refused reset timed \
    timeout out tls ssl certificate dns handshake lost closed socket hang up aborted cancelled the a an and or of is are \
    was be been has have in on at by for from with without this that it you your no any all only must can cannot \
    only required requires missing invalid valid unsupported unavailable available already exists found scope scopes \
    bundle workbench include one request response server internal upstream down parsed intermediate value body items \
    perms reading search operator type supported property properties unexpected expected unterminated bad character \
    escaped non-whitespace after name double-quoted eof end nan referenced reference usepkce is_active is_public \
    is_verified is_official is_first_party use_jwt_tokens allow_self_manage_exported_permissions configured registered \
    splitcompleted autorenew includecomments allow_member_create_sets requires_team_grant requires_site_grant \
    expires issuer authorization header credential credentials signature audience malformed format wrong supplied \
    provided presented client_id client_secret redirect_uri redirect_uris grant_type response_type code_verifier \
    code_challenge code_challenge_method state nonce pkce verification mismatch match matches";

/// The parts a word of a text is read by: letters, digits, `_` and `-`.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn words() -> &'static BTreeSet<String> {
    static ALL: OnceLock<BTreeSet<String>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = BTreeSet::new();
        let mut add = |text: &str| {
            let words = text.split(|c: char| !is_word_char(c));
            // A letter or a number alone says nothing by itself.
            all.extend(words.filter(|w| w.len() > 1 && !starts_with_digit(w)).map(str::to_lowercase));
        };
        denials::all().iter().for_each(|denial| add(&denial.text));
        TEXTS.iter().for_each(|text| add(text));
        add(WORDS);
        for route in routes::glint() {
            for text in route.permissions.iter().chain(&route.scopes) {
                add(text);
            }
            for input in &route.inputs {
                add(&input.name);
                input
                    .permissions
                    .iter()
                    .chain(&input.scopes)
                    .chain(&input.choices)
                    .for_each(|text| add(text));
            }
        }
        glint().scopes.iter().for_each(|scope| add(&scope.key));
        prism().scopes.iter().for_each(|scope| add(&scope.key));
        MORE_PERMISSIONS.iter().for_each(|text| add(text));
        all
    })
}

/// Permissions of the matrix that no route asks for (contract §8.2), and scopes of older registrations (contract §9).
const MORE_PERMISSIONS: [&str; 3] = ["manage_set_links", "claim_todos", "write_todos"];

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a word, in any case, is one of the product's own.
pub(super) fn is_known_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    words().contains(&lower)
        || (lower.contains('-') && lower.split('-').all(|part| part.is_empty() || words().contains(part)))
}

/// Whether a text is known word for word.
pub(super) fn is_known_text(text: &str) -> bool {
    let refusals = denials::all().iter().map(|denial| denial.text.as_str());
    refusals.chain(TEXTS).any(|known| !known.contains('…') && known == text)
}

/// Whether a text is the beginning of a known one.
pub(super) fn begins_known_text(text: &str) -> bool {
    let refusals = denials::all().iter().map(|denial| denial.text.as_str());
    refusals.chain(TEXTS).any(|known| {
        let fixed = known.split('…').next().unwrap_or_default();
        fixed.starts_with(text)
    })
}

/// The segments of the paths that both servers answer on.
pub(super) fn is_path_word(segment: &str) -> bool {
    static ALL: OnceLock<BTreeSet<String>> = OnceLock::new();
    const PRISM: &str = "api oauth authorize token introspect revoke app-info userinfo me teams profile apps team-apps \
        auth login logout register config user users tokens consents init status setup register-permissions health \
        scope-definitions scope-access-rules .well-known openid-configuration oauth-authorization-server jwks.json \
        cross-app callback cb";
    let all = ALL.get_or_init(|| {
        let glint = routes::glint().iter().map(|route| route.path.as_str());
        let routes = glint.chain(super::super::forms::paths()).flat_map(|path| path.split('/'));
        let routes = routes.filter(|part| !part.starts_with(':')).map(str::to_owned);
        routes.chain(PRISM.split_whitespace().map(str::to_owned)).collect()
    });
    all.contains(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_are_no_words_of_the_product() {
        for name in
            ["Alice", "alice", "Bob", "Mia", "Grace", "Will", "Mark", "Rose", "Marlow", "张伟", "小明"]
        {
            assert!(!is_known_word(name) && !is_known_text(name) && !is_path_word(name), "{name}");
        }
        for word in ["owner", "co-owner", "edit_todos", "teams", "userIds", "invalid_grant", "owner_allow"] {
            assert!(is_known_word(word), "{word}");
        }
        assert!(begins_known_text("Missing required sc") && !begins_known_text("Missing Alice"));
    }
}
