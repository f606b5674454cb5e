//! Every denial recorded from the real servers, alone and beside an introspection of its token: the right gate, the
//! right code, and never surer than one answer allows.

use crate::support::{With, call, explain};
use scopes::diagnosis::{Certainty, Diagnosis};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::{Value, json};

pub(crate) const GLINT: &str = "https://glint.example.test";
pub(crate) const PRISM: &str = "https://prism.example.test";

pub(crate) fn recordings(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(tests::places::data("recorded").join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The placeholder of a credential, made to look like the real thing.
fn credential(text: &str) -> String {
    let (start, rest) = text.split_once('{').unwrap_or((text, ""));
    let Some(name) = rest.split('}').next().filter(|name| !name.is_empty()) else { return text.to_owned() };
    let filled = match name.split_once(':') {
        Some(("pat", name)) => format!("prism_pat_{name:0>64}"),
        Some(("session", _)) => {
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNTlmY2U1MTc3MDA3ZDZhYTA5OTg1MGFmNzRmZGE5OCJ9.c2ln".to_owned()
        }
        _ => format!("{:x<64}", name.replace([':', ' ', ','], "-")),
    };
    format!("{start}{filled}")
}

pub(crate) fn exchange(base: &str, entry: &Value) -> Option<Exchange> {
    let (sent, came) = (&entry["request"], &entry["response"]);
    let line = format!("{} {base}{}", sent["method"].as_str()?, sent["path"].as_str()?);
    let status = u16::try_from(came["status"].as_u64()?).unwrap();
    let mut exchange = call(&line, status, came["body"].clone());
    for (name, value) in sent["headers"].as_object().into_iter().flatten() {
        exchange = exchange.header(name, &credential(value.as_str().unwrap()));
    }
    if !sent["body"].is_null() {
        exchange = exchange.sent(sent["body"].clone());
    }
    Some(exchange)
}

/// Code, certainty and what was needed.
fn said(answer: &Diagnosis) -> (String, Certainty, Value) {
    (answer.cause.to_string(), answer.certainty, serde_json::to_value(&answer.needs).unwrap())
}

/// The codes that fit a recorded denial when nothing but the exchange is known, by the start of its name.
const DENIALS: [(&str, &str, Certainty); 63] = {
    use Certainty::{Likely, Possible, Proven};
    [
        ("401-no-header", "header.missing", Proven),
        ("401-basic", "header.malformed", Proven),
        ("401-lowercase-bearer", "header.malformed", Proven),
        ("401-empty-bearer", "token.empty", Proven),
        ("401-double-space", "token.whitespace", Proven),
        ("401-query-token", "header.missing", Proven),
        ("401-garbage", "token.inactive", Possible),
        ("401-expired", "token.inactive", Possible),
        ("401-revoked", "token.inactive", Possible),
        ("401-superseded", "token.inactive", Possible),
        ("401-refresh-token", "token.inactive", Possible),
        ("401-pat", "token.personal_access_token", Proven),
        ("401-session-jwt", "token.session_jwt", Proven),
        ("401-glint-cookie", "header.missing", Proven),
        ("403-scope", "scope.undetermined", Possible),
        ("403-write-todos", "scope.undetermined", Possible),
        ("403-claim-only", "scope.undetermined", Possible),
        ("403-field", "scope.undetermined", Possible),
        ("403-other-app", "scope.undetermined", Possible),
        ("403-not-member-personal", "membership.not_member", Likely),
        ("403-not-member", "membership.unproven", Possible),
        ("403-membership-unavailable", "membership.unavailable", Proven),
        ("403-role", "role.undetermined", Possible),
        ("403-set-grants", "role.undetermined", Possible),
        ("403-set", "role.undetermined", Possible),
        ("403-global-view", "role.undetermined", Possible),
        ("403-reorder", "role.undetermined", Possible),
        ("403-grant-manage-permissions", "role.reserved", Proven),
        ("403-manage-sets", "scope.undetermined", Possible),
        ("404-set", "resource.missing", Proven),
        ("404-export", "resource.missing", Proven),
        ("404-parent", "resource.missing", Proven),
        ("404-todo", "resource.missing", Proven),
        ("404-comment", "resource.missing", Proven),
        ("404-unknown-route", "reach.no_route", Proven),
        ("404-wrong-verb", "reach.no_route", Proven),
        ("404-get-set", "reach.no_route", Proven),
        ("404-trailing-slash", "reach.no_route", Proven),
        ("500-import-missing-set", "resource.missing", Proven),
        ("permissions-bad-role", "request.invalid", Proven),
        ("permissions-", "request.invalid", Proven),
        ("400-", "request.invalid", Proven),
        ("409-", "request.conflict", Proven),
        ("426-", "request.upgrade_required", Proven),
        ("500-", "request.malformed_body", Proven),
        ("order-malformed-before-scope", "scope.undetermined", Possible),
        ("order-malformed-before-membership", "request.malformed_body", Proven),
        ("order-field-scope", "scope.undetermined", Possible),
        ("order-400", "request.invalid", Proven),
        ("order-role-then-404", "resource.missing", Proven),
        ("order-404", "resource.missing", Proven),
        ("order-role-before-body", "role.undetermined", Possible),
        ("order-scope", "scope.undetermined", Possible),
        ("order-401", "token.inactive", Possible),
        ("order-membership", "membership.unproven", Possible),
        ("spa-navigation", "reach.not_api", Proven),
        ("no-migrations-sets", "server.migrations_missing", Proven),
        ("503-assignees", "server.assignments_unavailable", Proven),
        ("503-s", "server.realtime_unavailable", Proven),
        ("503-ws", "server.realtime_unavailable", Proven),
        ("prism-unreachable", "server.prism_unreachable", Proven),
        ("prism-answers-html", "server.prism_not_api", Proven),
        ("base-url", "server.prism_url_invalid", Proven),
    ]
};

#[test]
fn every_recorded_denial_alone_has_its_code_and_no_more_certainty_than_that() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in
        recordings("glint-crossapp-denials.json").iter().chain(&recordings("glint-broken-deployments.json"))
    {
        let name = entry["name"].as_str().unwrap();
        let Some((_, code, most)) = DENIALS.iter().find(|(start, ..)| name.starts_with(start)) else {
            continue;
        };
        let Some(exchange) = exchange(GLINT, entry) else { continue };
        let refused = exchange.response.as_ref().is_some_and(|r| r.status >= 400) || *code == "reach.not_api";
        if !refused || exchange.request.method == "HEAD" {
            continue;
        }
        seen += 1;
        let answer = explain(&[exchange], 0, Lang::En);
        if answer.cause != *code || answer.certainty > *most {
            wrong.push(format!("{name}: {} {:?} instead of {code} {most:?}", answer.cause, answer.certainty));
        }
        if answer.refusals.iter().filter(|row| row.lit).count() != usize::from(!code.starts_with("reach.not"))
        {
            wrong.push(format!(
                "{name}: {} rows lit for {code}",
                answer.refusals.iter().filter(|row| row.lit).count()
            ));
        }
    }
    assert!(seen > 130, "{seen}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the tokens of the recordings hold (`_legend.json`), as Prism would introspect them.
fn introspection(token: &str) -> Option<Exchange> {
    let inner: &[&str] = match token.split_once('_')?.1.trim_end_matches('x') {
        "none" => &[],
        "read" => &["read_todos"],
        "write" => &["write_todos"],
        "workbench" => &["workbench"],
        "all" => &[
            "read_todos",
            "create_todos",
            "edit_todos",
            "complete_todos",
            "delete_todos",
            "reorder_todos",
            "assign_todos",
            "claim_todos",
            "manage_sets",
            "comment",
            "delete_comments",
            "read_settings",
            "manage_settings",
        ],
        _ => return None,
    };
    let scopes: Vec<String> =
        inner.iter().map(|inner| format!("app:prism_6wsjw653PfFYk7GOq6wuSQ:{inner}")).collect();
    let answer = json!({"active": true, "scope": format!("openid profile teams:read {}", scopes.join(" ")), "client_id": "prism_4Kg-r67d_NcD72Kg9XU1Fg", "sub": "159fce5177007d6aa099850af74fda98", "exp": crate::support::START + 3600});
    Some(
        call(&format!("POST {PRISM}/api/oauth/introspect"), 200, answer)
            .sent(json!(format!("token={token}")))
            .at(1),
    )
}

/// The introspection of the token an exchange was sent with, where the recordings say what it held.
pub(crate) fn introspected(exchange: &Exchange) -> Option<Exchange> {
    let headers = &exchange.request.headers;
    let token = headers.iter().find_map(|(_, value)| value.strip_prefix("Bearer "))?;
    let mut seen = introspection(token.strip_prefix("token-")?)?;
    seen.request.body = Some(format!("token={token}"));
    Some(seen)
}

#[test]
fn an_introspection_confirms_the_gate_and_names_what_the_token_holds_instead() {
    let mut checked = 0;
    for entry in recordings("glint-crossapp-denials.json") {
        let name = entry["name"].as_str().unwrap();
        let Some(exchange) = exchange(GLINT, &entry).filter(|e| e.response.as_ref().unwrap().status == 403)
        else {
            continue;
        };
        let token = exchange
            .request
            .headers
            .iter()
            .find_map(|(_, value)| value.strip_prefix("Bearer "))
            .map(str::to_owned);
        let Some(seen) = token.as_deref().and_then(|token| {
            introspection(token.strip_prefix("token-")?).map(|mut seen| {
                seen.request.body = Some(format!("token={token}"));
                seen
            })
        }) else {
            continue;
        };
        let config = call(
            &format!("GET {GLINT}/api/auth/config"),
            200,
            json!({"baseUrl": PRISM, "clientId": "prism_6wsjw653PfFYk7GOq6wuSQ", "redirectUri": "x", "usePkce": true}),
        );
        let answer = explain(&[exchange, seen, config], 0, Lang::En);
        let got = said(&answer);
        let wanted = match name {
            "403-scope-workbench-on-permissions" => ("scope.bundle_excludes", Certainty::Proven),
            "403-write-todos-read" | "403-write-todos-delete" | "403-field-sort-write" => {
                ("scope.legacy_does_not_cover", Certainty::Proven)
            }
            name if name.starts_with("403-scope")
                || name.starts_with("order-malformed")
                || name == "order-scope-before-membership" =>
            {
                ("scope.undetermined", Certainty::Likely)
            }
            _ => continue,
        };
        checked += 1;
        assert_eq!((got.0.as_str(), got.1), wanted, "{name}: {}", got.2);
        assert!(
            answer.gates.iter().any(|gate| gate.id == scopes::diagnosis::GateId::Token
                && gate.state == scopes::diagnosis::GateState::Passed),
            "{name}"
        );
    }
    assert!(checked > 30, "{checked}");
}

#[test]
fn a_denied_role_names_the_permission_of_the_route() {
    let wanted = [
        ("403-role-create-set", "manage_sets"),
        ("403-role-import-replace", "manage_sets"),
        ("403-role-complete-any", "complete_any_todo"),
        ("403-role-sort", "reorder_todos"),
        ("403-role-settings", "manage_settings"),
        ("403-role-permissions", "manage_permissions"),
        ("403-set-view", "view_todos"),
        ("403-set-export", "view_todos"),
        ("403-set-comments", "view_todos"),
        ("403-set-create", "create_todos"),
        ("403-set-add-sub", "add_subtodos"),
        ("403-set-import", "create_todos"),
        ("403-set-comment", "comment"),
        ("403-set-assign", "assign_todos"),
    ];
    let all = recordings("glint-crossapp-denials.json");
    for (name, permission) in wanted {
        let entry = all.iter().find(|entry| entry["name"] == name).unwrap();
        let answer = explain(&[exchange(GLINT, entry).unwrap()], 0, Lang::En);
        assert_eq!(answer.needs.permission.as_deref(), Some(permission), "{name}");
    }
}
