//! The outcome of every code of a problem, as one table. A test reads the sources and fails for a code without a row.

use super::Outcome;

/// Every code of a problem that can end a command, by how the command ends.
const TABLE: [(Outcome, &[&str]); 4] = [
    (Outcome::Usage, USAGE),
    (Outcome::Refused, REFUSED),
    (Outcome::Unknown, UNKNOWN),
    (Outcome::Nothing, NOTHING),
];

/// The outcome of a code; `None` where the table has no row for it.
pub(super) fn outcome(code: &str) -> Option<Outcome> {
    TABLE.iter().find(|(_, codes)| codes.contains(&code)).map(|(outcome, _)| *outcome)
}

/// Whether a code is in the table, or is a remark that ends no command.
pub(super) fn is_known(code: &str) -> bool {
    outcome(code).is_some() || REMARKS.contains(&code)
}

/// The command names something that does not exist, or lacks something that it needs.
#[rustfmt::skip]
const USAGE: &[&str] = &[
    "address.cleartext", "address.credentials", "address.invalid", "address.scheme",
    "call.missing_value", "call.unknown_value", "call.unusable_value",
    "compare.identities", "compare.stream", "compare.writes",
    "connection.ambiguous", "connection.no_change", "connection.no_glint",
    "connection.no_provider", "connection.prism_unconfirmed", "connection.token_without_address",
    "connection.unknown", "connection.unnamed",
    "definition.unknown_name",
    "identity.ambiguous", "identity.client_id_unused", "identity.none", "identity.none_for_apps",
    "identity.none_for_calls", "identity.none_for_changing_apps",
    "identity.none_for_definitions", "identity.none_for_rules", "identity.none_named", "identity.unknown",
    "identity.unnamed",
    "operation.bad_arguments", "operation.unknown",
    "pass_on.one_output", "pass_on.same_file", "preset.unknown",
    "read.format", "read.no_such_entry", "reason.unknown", "route.unknown",
    "sign_in.no_client", "sign_in.no_name", "sign_in.no_scope",
    "transport.redirect_ports", "vault.this_run", "vault.unknown",
];

/// A server, a rule of the console or the person said no, or something differs from what was expected.
#[rustfmt::skip]
const REFUSED: &[&str] = &[
    "access.duplicate", "access.no_target", "access.odd_target", "access.wrong_kind",
    "app.forbidden", "app.not_found",
    "client_id.blank_around", "client_id.blank_inside", "client_id.client_id_instead", "client_id.credential",
    "client_id.empty", "client_id.internal_id", "client_id.invisible_character", "client_id.not_alone",
    "client_id.quoted", "client_id.wrong_character", "client_id.wrong_length", "client_id.wrong_start",
    "command.not_confirmed",
    "connection.known", "connection.name_taken", "connection.no_name", "connection.read_only", "connection.sandbox",
    "credential.expired", "credential.insufficient_scope", "credential.invalid", "credential.missing",
    "credential.wrong_kind",
    "definition.missing", "definition.not_as_sent", "definition.not_stored", "definition.still_there",
    "desk.copy", "desk.open", "desk.open_refused",
    "identity.bad_name", "identity.built_in", "identity.kind_mismatch", "identity.name_taken",
    "identity.no_client_secret", "identity.not_accepted",
    "identity.not_for_admin", "identity.not_for_calls", "identity.not_refreshable", "identity.not_revocable",
    "identity.refresh_busy", "identity.refresh_dead", "identity.refresh_not_begun", "identity.secret_gone",
    "identity.still_alive",
    "job.credential_refused",
    "oauth.access_denied", "oauth.code_expired", "oauth.discovery_incomplete", "oauth.foreign_endpoint",
    "oauth.id_token_algorithm", "oauth.id_token_audience", "oauth.id_token_azp", "oauth.id_token_expired",
    "oauth.id_token_issued_at", "oauth.id_token_issuer", "oauth.id_token_key", "oauth.id_token_malformed",
    "oauth.id_token_missing", "oauth.id_token_nonce", "oauth.id_token_signature", "oauth.interaction_required",
    "oauth.invalid_client", "oauth.invalid_grant", "oauth.invalid_redirect_uri", "oauth.invalid_scope",
    "oauth.issuer_mismatch", "oauth.no_client_credentials", "oauth.no_discovery", "oauth.no_s256",
    "oauth.not_offered", "oauth.other_issuer", "oauth.refresh_expired", "oauth.unauthorized_client",
    "oauth.unsupported_grant_type",
    "preview.no_redirect_uri", "reach.no_route", "recheck.minimised", "recheck.no_route",
    "registration.owner_denied", "registration.owner_not_listed", "registration.target_missing",
    "request.invalid",
    "rule.exists", "rule.not_stored", "rule.still_there",
    "sign_in.no_code", "sign_in.no_registration", "sign_in.no_state", "sign_in.none_waiting",
    "sign_in.not_registered", "sign_in.nothing_granted", "sign_in.other_address", "sign_in.ports_busy",
    "sign_in.unknown_state", "sign_in.used",
    "stale_plan", "token.whitespace",
    "vault.keychain_absent", "vault.keychain_denied", "vault.keychain_locked", "vault.locked", "vault.missing",
    "vault.mock_store", "vault.no_directory", "vault.no_passphrase", "vault.not_kept", "vault.not_written",
    "vault.other_in_use",
    "vault.passphrases_differ", "vault.swapped", "vault.unchosen", "vault.weak_passphrase",
    "vault.wrong_passphrase",
];

/// An answer came that tells nothing, or only a part was done.
#[rustfmt::skip]
const UNKNOWN: &[&str] = &[
    "cancelled",
    "connections.not_saved", "data.not_removed",
    "definition.not_read_back", "definition.unclear",
    "desk.save",
    "discovery.issuer_mismatch", "discovery.missing", "discovery.neither", "discovery.not_configured",
    "discovery.redirected", "discovery.unknown_client",
    "file.unwritable",
    "identity.refresh_failed", "identity.refresh_lost", "identity.refresh_not_kept",
    "job.deadline",
    "oauth.empty_answer", "oauth.jwt_tokens_broken", "oauth.redirected", "oauth.registration_answer", "oauth.server_error",
    "oauth.token_answer", "oauth.too_large", "oauth.unexpected_status",
    "reach.not_api", "reach.unreadable",
    "rule.not_read_back", "rule.unclear",
    "server.assignments_unavailable", "server.error", "server.migrations_missing", "server.prism_failed",
    "server.prism_not_api", "server.prism_unreachable", "server.prism_url_invalid", "server.rate_limited",
    "server.realtime_unavailable",
];

/// The input could not be read, or no server could be reached.
#[rustfmt::skip]
const NOTHING: &[&str] = &[
    "capsule.answer_differs", "capsule.too_large", "capsule.unknown_call",
    "connections.locked", "connections.newer_version", "connections.unreadable", "connections.unusable_address",
    "data.newer_version", "data.not_an_export", "data.too_many", "data.unreadable", "data_dir.unsafe",
    "file.exists", "file.is_input", "file.no_file", "file.unreadable",
    "identity.empty", "identity.no_lock",
    "import.bad_name", "import.blocked", "import.case_clash", "import.code_fence", "import.duplicate_scope",
    "import.invisible_character", "import.long_text", "import.markup", "import.more_problems",
    "import.no_brackets", "import.no_scope", "import.no_title", "import.not_a_list", "import.not_an_object",
    "import.not_text", "import.too_many",
    "job.no_answer", "job.rate_limited", "job.server_failing", "job.unreachable",
    "json.after_the_end", "json.bad_escape", "json.bad_number", "json.bare_word", "json.comment",
    "json.control_character", "json.curly_quote", "json.doubled_comma", "json.duplicate_name", "json.empty",
    "json.ends_too_early", "json.missing_colon", "json.missing_comma", "json.single_quote",
    "json.text_not_closed", "json.too_deep", "json.trailing_comma", "json.unexpected", "json.unquoted_name",
    "json.wrong_bracket",
    "list.no_allowed_scopes", "list.no_brackets", "list.not_a_list", "list.not_text", "list.too_many",
    "matrix.unknown",
    "reach.dns", "reach.failed", "reach.redirected", "reach.refused", "reach.reset", "reach.timeout", "reach.tls",
    "read.empty", "read.entry", "read.line", "read.malformed", "read.no_answer", "read.no_url", "read.not_curl",
    "read.not_har", "read.nothing", "read.status_unknown", "read.stream", "read.too_large", "read.too_many",
    "read.truncated",
    "request.not_sent",
    "sandbox.handout", "sandbox.not_running", "sandbox.not_started", "scenario.unreadable",
    "sign_in.timeout",
    "text.broken_utf16", "text.closed", "text.empty", "text.no_terminal", "text.not_utf8", "text.too_large",
    "transport.ca_file",
    "vault.choice_unreadable", "vault.damaged", "vault.keychain_failed", "vault.keychain_hung",
    "vault.newer_version", "vault.not_read",
];

/// Remarks beside a reply: they end no command.
#[rustfmt::skip]
const REMARKS: &[&str] = &[
    "access.allow_list_starts", "access.contradiction", "access.dead_rule", "access.locks_out",
    "access.locks_out_everybody", "access.locks_out_self", "access.opens_to_everybody", "access.rule_gone",
    "access.unknown_party",
    "address.foreign_letters",
    "choices.first", "choices.refused", "clock.skew",
    "connection.client_id_changed", "connection.identities_forgotten", "connection.prism_changed",
    "data_dir.closed", "definition.recreated",
    "discovery.blank_in_client_id", "discovery.path_dropped", "discovery.prism_alone",
    "discovery.prism_path_ignored", "discovery.unknown_version",
    "identity.nameless", "identity.no_client_id",
    "import.renamed", "import.unknown_field",
    "matrix.blind", "matrix.no_team",
    "read.body", "read.no_credentials", "recheck.not_sent", "rule.recreated",
    "scope.bundle", "scope.denied_by_rule", "scope.dropped", "scope.duplicate", "scope.legacy", "scope.misspelt",
    "scope.never_defined", "scope.never_requested", "scope.no_base", "scope.no_membership", "scope.no_offline",
    "scope.not_defined", "scope.not_registered", "scope.other_namespace", "scope.other_provider",
    "scope.renamed", "scope.target_missing", "scope.undetermined", "scope.unfamiliar",
    "sign_in.browser", "sign_in.more_granted", "sign_in.redirect_left_out",
    "table.hidden_characters", "token.foreign_client", "token.inactive",
    "vault.entry_left", "vault.left_behind", "vault.not_moved", "vault.not_revoked", "vault.weak_passphrase_kept",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_code_has_one_row() {
        let rows = TABLE.iter().flat_map(|(_, codes)| codes.iter()).chain(REMARKS);
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = rows.filter(|code| !seen.insert(**code)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
