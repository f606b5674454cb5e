//! The same properties over denials and evidence put together at random: what may be left out makes nothing surer, the
//! order decides nothing, and what is said about another token is not heard.

use crate::scene::{
    B, G, GLINT, PRISM, TOKEN, USER, app, config, dead, denied, glint_me, introspected, matrix, preview,
    prism_teams,
};
use crate::support::{With, call};
use proptest::prelude::*;
use scopes::diagnosis::{Certainty, Diagnosis, Known, diagnose};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use serde_json::{Value, json};

const SCOPES: [&str; 7] =
    ["read_todos", "delete_todos", "write_todos", "workbench", "claim_todos", "Read-Todos", "comment"];

/// A call as Glint refuses it.
fn refused() -> impl Strategy<Value = Exchange> {
    let missing = "Missing required scope. Token must include one of: ";
    let rows: Vec<(&str, u16, String)> = vec![
        ("GET /teams/t1/sets", 403, format!("{missing}read_todos (or the bundle scope \"workbench\")")),
        ("DELETE /teams/t1/todos/x1", 403, format!("{missing}delete_todos (or the bundle scope \"workbench\")")),
        ("PUT /teams/t1/permissions", 403, format!("{missing}manage_permissions")),
        ("PUT /teams/t1/todos/x1/assignees", 403, format!("{missing}assign_todos (or the bundle scope \"workbench\")")),
        ("POST /teams/t1/sets/s1/todos", 403, format!("{missing}create_todos, write_todos (or the bundle scope \"workbench\")")),
        ("GET /teams/t1/sets", 401, "Token inactive or expired".into()),
        ("GET /teams/t1/sets", 403, "Not a member of this team".into()),
        ("GET /teams/t1/sets", 403, "Team membership is unavailable: add teams:read to the bearer token scope, or the user must log in to Glint at least once.".into()),
        ("DELETE /teams/t1/todos/x1", 403, "No permission to delete".into()),
        ("POST /teams/t1/sets", 403, "No permission to manage sets".into()),
        ("GET /teams/t1/sets/s1/todos", 403, "No permission to view todos in this set".into()),
        ("GET /teams/t1/sets", 500, "Network connection lost.".into()),
    ];
    prop::sample::select(rows).prop_map(|(line, status, error)| denied(line, status, &error))
}

fn some_scopes() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(SCOPES.to_vec(), 0..4)
}

/// What Prism says about the token: alive with some scopes of this or another provider, or dead.
fn introspection() -> impl Strategy<Value = Exchange> {
    (some_scopes(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(inner, teams, own, alive)| {
        if !alive {
            return dead();
        }
        let id = if own { G } else { "prism_8jNqcG9siRFGM6gaGawPQw" };
        let mut scopes: Vec<String> = inner.iter().map(|name| format!("app:{id}:{name}")).collect();
        scopes.extend(teams.then(|| "teams:read".to_owned()));
        introspected(&scopes.join(" "))
    })
}

fn consent() -> impl Strategy<Value = Exchange> {
    let reasons =
        vec![None, Some("not_allowed"), Some("app_denied"), Some("target_missing"), Some("unknown")];
    (some_scopes(), prop::sample::select(reasons)).prop_map(|(inner, reason)| {
        let full: Vec<String> = inner.iter().map(|name| app(name)).chain(["teams:read".to_owned()]).collect();
        let all: Vec<&str> = full.iter().map(String::as_str).collect();
        match reason {
            None => preview(&all, &[]),
            Some(reason) => preview(&[], &all.iter().map(|scope| (*scope, reason)).collect::<Vec<_>>()),
        }
    })
}

fn registration() -> impl Strategy<Value = Exchange> {
    some_scopes().prop_map(|inner| {
        let allowed: Vec<String> = inner.iter().map(|name| app(name)).collect();
        call(
            &format!("GET {PRISM}/api/apps"),
            200,
            json!({ "apps": [{ "id": "a", "name": "Standup Bot", "client_id": B, "allowed_scopes": allowed }] }),
        )
        .at(2)
    })
}

fn team(role: &str) -> Value {
    json!([{ "id": "t1", "name": "T", "role": role, "joined_at": 1 }])
}

fn at_prism() -> impl Strategy<Value = Exchange> {
    prop::sample::select(vec![None, Some(""), Some("member"), Some("admin")]).prop_map(|role| match role {
        None => prism_teams(403, json!({ "error": "insufficient_scope" })),
        Some("") => prism_teams(200, json!({ "teams": [] })),
        Some(role) => prism_teams(200, json!({ "teams": team(role) })),
    })
}

fn at_glint() -> impl Strategy<Value = Exchange> {
    prop::sample::select(vec!["", "member", "admin"])
        .prop_map(|role| glint_me(if role.is_empty() { json!([]) } else { team(role) }))
}

fn permissions() -> impl Strategy<Value = Exchange> {
    (any::<bool>(), any::<bool>(), prop::option::of(any::<bool>())).prop_map(|(global, default, row)| {
        let row = row.map(
            |allowed| json!({ "s1": { "member": { "view_todos": allowed, "delete_own_todos": allowed } } }),
        );
        matrix(global, default, row.unwrap_or(json!({})))
    })
}

fn configured() -> impl Strategy<Value = Exchange> {
    prop::sample::select(vec![(G, PRISM), ("prism_8jNqcG9siRFGM6gaGawPQw", PRISM), (G, "https://other.test")])
        .prop_map(|(id, base)| config(id, base))
}

fn authorization() -> impl Strategy<Value = Exchange> {
    some_scopes().prop_map(|inner| {
        let scope = inner.iter().map(|name| app(name)).collect::<Vec<_>>().join("%20").replace(':', "%3A");
        let url = format!("{PRISM}/oauth/authorize?client_id={B}&redirect_uri=x&state=s&scope={scope}");
        call(&format!("GET {url}"), 200, json!("<html>")).at(-60)
    })
}

fn end() -> impl Strategy<Value = Exchange> {
    Just(
        call(&format!("POST {PRISM}/api/oauth/revoke"), 200, json!(""))
            .sent(json!(format!("token={TOKEN}")))
            .at(-5),
    )
}

/// At most one of each kind: what was true at one time. No token is active after it was revoked.
fn evidence() -> impl Strategy<Value = Vec<Exchange>> {
    use prop::option::of as maybe;
    let lists = (maybe(at_prism()), maybe(at_glint()));
    (
        (maybe(introspection()), maybe(consent()), maybe(registration()), lists),
        (maybe(permissions()), maybe(configured()), maybe(authorization()), maybe(end())),
    )
        .prop_map(|((a, b, c, (d, e)), (f, g, h, i))| {
            let active = a.as_ref().is_some_and(is_active);
            [a, b, c, d, e, f, g, h, i.filter(|_| !active)].into_iter().flatten().collect()
        })
}

fn is_active(introspection: &Exchange) -> bool {
    let body = introspection.response.as_ref().and_then(|response| response.body.as_deref());
    body.and_then(|body| serde_json::from_str::<Value>(body).ok()).is_some_and(|said| said["active"] == true)
}

fn answer(subject: &Exchange, others: &[Exchange]) -> Diagnosis {
    diagnose(subject, others, &Known::default(), Lang::En)
}

fn gist(answer: &Diagnosis) -> (String, Certainty, Option<String>) {
    (answer.cause.to_string(), answer.certainty, answer.because.map(|code| code.to_string()))
}

/// The same evidence about another token of another client and user.
fn of_another(exchange: &Exchange) -> Exchange {
    let swap = |text: &str| {
        text.replace(TOKEN, "Qjlm1AAWbyEvDFTMjO8JkKfvscAfh2mguBnV_JV2TjIgVrPyA3QnXG2gWwUWpdIC")
            .replace(B, "prism_N1ghtMailerSandbox0000")
            .replace(USER, "ff5327c922d16d9ca05bd28b4aac10ad")
    };
    let mut other = exchange.clone();
    other.request.url = swap(&other.request.url);
    other.request.body = other.request.body.as_deref().map(swap);
    for (_, value) in &mut other.request.headers {
        *value = swap(value);
    }
    if let Some(response) = &mut other.response {
        response.body = response.body.as_deref().map(swap);
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn leaving_evidence_out_never_makes_surer(subject in refused(), all in evidence(), out in any::<prop::sample::Index>()) {
        prop_assume!(!all.is_empty());
        let whole = answer(&subject, &all);
        let mut fewer = all.clone();
        let gone = fewer.remove(out.index(all.len()));
        let less = answer(&subject, &fewer);
        let what = format!("without {}: {:?} instead of {:?}", gone.request.url, gist(&less), gist(&whole));
        // A request that shows a slip outranks what Prism says today of the right scope; without the request nobody knows.
        prop_assume!(whole.cause != "scope.misspelt" || !gone.request.url.contains("/oauth/authorize"));
        prop_assert!(less.certainty <= whole.certainty, "surer {}", what);
        prop_assert!(less.certainty < Certainty::Proven || less.cause == whole.cause, "another proof {}", what);
    }

    #[test]
    fn the_order_decides_nothing(subject in refused(), all in evidence(), by_body in any::<bool>()) {
        let mut turned = all.clone();
        turned.reverse();
        if by_body {
            turned.sort_by(|a, b| a.request.url.cmp(&b.request.url));
        }
        prop_assert_eq!(gist(&answer(&subject, &all)), gist(&answer(&subject, &turned)));
    }

    #[test]
    fn what_is_said_of_another_token_is_not_heard(subject in refused(), own in evidence(), foreign in evidence()) {
        let foreign = foreign.iter().filter(|other| !other.request.url.starts_with(GLINT.trim_end_matches("/api/cross-app")) || other.request.url.contains("cross-app"));
        let mixed: Vec<Exchange> = own.iter().cloned().chain(foreign.map(of_another)).collect();
        prop_assert_eq!(gist(&answer(&subject, &mixed)), gist(&answer(&subject, &own)));
    }
}
