//! A made-up scene: the refused call and what else the two servers said about it.

use crate::support::{With, call, explain};
use scopes::diagnosis::Certainty::Proven;
use scopes::diagnosis::{Certainty, Diagnosis, Known, diagnose};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
pub(crate) const GLINT: &str = "https://glint.test/api/cross-app";
pub(crate) const PRISM: &str = "https://prism.test";
pub(crate) const G: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
pub(crate) const B: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
pub(crate) const USER: &str = "159fce5177007d6aa099850af74fda98";

pub(crate) fn config(id: &str, base: &str) -> Exchange {
    call(
        "GET https://glint.test/api/auth/config",
        200,
        json!({"baseUrl": base, "clientId": id, "redirectUri": "x", "usePkce": true}),
    )
}

/// What Prism says about the token, a second after the call.
pub(crate) fn introspected(scopes: &str) -> Exchange {
    let answer = json!({"active": true, "scope": scopes, "client_id": B, "username": USER, "sub": USER, "exp": crate::support::START + 3000, "iat": crate::support::START});
    call(&format!("POST {PRISM}/api/oauth/introspect"), 200, answer)
        .sent(json!(format!("token={TOKEN}")))
        .at(1)
}

pub(crate) fn dead() -> Exchange {
    call(&format!("POST {PRISM}/api/oauth/introspect"), 200, json!({"active": false}))
        .sent(json!(format!("token={TOKEN}")))
        .at(1)
}

pub(crate) fn app(inner: &str) -> String {
    format!("app:{G}:{inner}")
}

/// The consent preview of the consumer for these scopes.
pub(crate) fn preview(granted: &[&str], rejected: &[(&str, &str)]) -> Exchange {
    let rejected: Vec<Value> =
        rejected.iter().map(|(scope, reason)| json!({"scope": scope, "reason": reason})).collect();
    let answer = json!({"app": {"id": "a", "name": "Standup Bot"}, "scopes": granted, "optional_scopes": [], "app_scopes": [], "rejected_scopes": rejected});
    call(
        &format!("GET {PRISM}/api/oauth/app-info?response_type=code&client_id={B}&redirect_uri=x&scope=y"),
        200,
        answer,
    )
    .at(2)
}

pub(crate) fn denied(line: &str, status: u16, error: &str) -> Exchange {
    let (method, path) = line.split_once(' ').unwrap();
    call(&format!("{method} {GLINT}{path}"), status, json!({"error": error})).bearer(TOKEN)
}

pub(crate) fn lacks_read() -> Exchange {
    denied(
        "GET /teams/t1/sets",
        403,
        "Missing required scope. Token must include one of: read_todos (or the bundle scope \"workbench\")",
    )
}

pub(crate) fn outsider() -> Exchange {
    denied("GET /teams/t1/sets", 403, "Not a member of this team")
}

pub(crate) fn prism_teams(status: u16, teams: Value) -> Exchange {
    call(&format!("GET {PRISM}/api/oauth/me/teams"), status, teams).bearer(TOKEN).at(2)
}

pub(crate) fn glint_me(teams: Value) -> Exchange {
    call(&format!("GET {GLINT}/me"), 200, json!({"user": {"id": USER, "username": "mia", "displayName": "Mia", "teams": teams}, "grantedScopes": []})).bearer(TOKEN).at(3)
}

pub(crate) fn explained(scene: &[Exchange]) -> Diagnosis {
    explain(scene, 0, Lang::En)
}

/// The answer to a whole scene; any part of the evidence may make it less sure, never surer or surely something else.
#[track_caller]
pub(crate) fn says(scene: &[Exchange], code: &str, certainty: Certainty) -> Diagnosis {
    let answer = explained(scene);
    assert_eq!((answer.cause.as_str(), answer.certainty), (code, certainty), "{}", answer.headline);
    let (subject, evidence) = scene.split_first().unwrap();
    for mask in 0..(1u32 << evidence.len()) {
        let kept = evidence
            .iter()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0)
            .map(|(_, other)| other.clone());
        let kept: Vec<Exchange> = kept.collect();
        let less = diagnose(subject, &kept, &Known::default(), Lang::En);
        let what = format!("{code} with only {mask:b}: {}", less.cause);
        assert!(less.certainty <= certainty, "{what} {:?}", less.certainty);
        assert!(less.certainty < Proven || less.cause == code, "{what}");
        let turned: Vec<Exchange> = kept.into_iter().rev().collect();
        let turned = diagnose(subject, &turned, &Known::default(), Lang::En);
        assert_eq!(
            (&turned.cause, turned.certainty),
            (&less.cause, less.certainty),
            "{what} in another order"
        );
    }
    answer
}

pub(crate) fn matrix(global: bool, default: bool, sets: Value) -> Exchange {
    let row = |value: bool| json!({"member": {"delete_own_todos": value, "delete_any_todo": value, "manage_sets": value, "view_todos": value}});
    call(
        &format!("GET {GLINT}/teams/t1/permissions"),
        200,
        json!({"keys": [], "defaults": row(default), "global": row(global), "sets": sets, "role": "member"}),
    )
    .bearer(TOKEN)
    .at(4)
}

pub(crate) fn lists(prism_role: &str) -> [Exchange; 2] {
    [
        prism_teams(200, json!({"teams": [{"id": "t1", "name": "T", "role": prism_role, "joined_at": 1}]})),
        glint_me(json!([{"id": "t1", "name": "T", "role": "member"}])),
    ]
}

pub(crate) fn prism(line: &str, status: u16, answer: Value) -> Exchange {
    let (method, path) = line.split_once(' ').unwrap();
    call(&format!("{method} {PRISM}{path}"), status, answer)
}

pub(crate) fn refusal(error: &str) -> Value {
    json!({ "error": error })
}
