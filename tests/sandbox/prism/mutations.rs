//! Random requests: every one is answered in the server's own way, none stops it.

use crate::world::World;
use axum::http::{Method, header};
use sandbox::wire::Call;

const ROUNDS: u64 = 20_000;

const PATHS: [&str; 26] = [
    "/api/apps",
    "/api/apps/{app}",
    "/api/apps/{app}/rotate-secret",
    "/api/apps/{app}/scope-definitions",
    "/api/apps/{app}/scope-definitions/{app}",
    "/api/apps/{app}/scope-access-rules",
    "/api/apps/{app}/scope-access-rules/{app}",
    "/api/oauth/app-info?response_type=code&client_id={app}&redirect_uri={text}&scope={text}",
    "/api/oauth/authorize?{text}",
    "/api/oauth/token",
    "/api/oauth/introspect",
    "/api/oauth/revoke",
    "/api/oauth/userinfo",
    "/api/oauth/consents/{app}",
    "/api/oauth/me/{text}",
    "/api/oauth/me/apps/{app}",
    "/api/oauth/me/teams/{app}/members",
    "/api/teams/{app}/apps",
    "/api/user/tokens",
    "/api/users/{text}",
    "/api/auth/login",
    "/api/auth/register",
    "/.well-known/{text}",
    "/oauth/authorize?client_id={app}&redirect_uri={text}&scope={text}",
    "/login?{text}",
    "/{text}",
];
const APPS: [&str; 5] = [
    "052877d243367e69e10b707373ddb44b",
    "prism_6wsjw653PfFYk7GOq6wuSQ",
    "0a78444e7e74c1c0526bcd7a170a8152",
    "22d71a4a3697a1d674be910d93c3cae1",
    "nope",
];
const TEXTS: [&str; 10] = [
    "",
    "openid",
    "http://127.0.0.1:8899/callback",
    "app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos",
    "team:read",
    "site:user:read",
    "%ff%00%zz",
    "\u{202e}\u{1f980}ä",
    "<script>",
    "a b\nc",
];
const MEMBERS: [&str; 16] = [
    "name",
    "redirect_uris",
    "allowed_scopes",
    "optional_scopes",
    "scope",
    "title",
    "description",
    "rule_type",
    "target_id",
    "client_id",
    "action",
    "identifier",
    "password",
    "username",
    "grant_type",
    "token",
];
const VALUES: [&str; 12] = [
    "null",
    "true",
    "0",
    "-1e308",
    "\"\"",
    "\"openid\"",
    "\"app_deny\"",
    "[]",
    "[\"openid\",\"app:a:b\"]",
    "[1]",
    "{\"a\":{}}",
    "\"\\ud83e\\udd80\"",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % most
    }

    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn body(&mut self) -> String {
        let pairs: Vec<(&str, &str)> =
            (0..self.below(5)).map(|_| (self.one(&MEMBERS), self.one(&VALUES))).collect();
        let json =
            || pairs.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect::<Vec<_>>().join(",");
        match self.below(6) {
            0 => String::new(),
            1 => pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&"),
            2 => format!("{{{}", json()),
            3 => format!("[{{{}}}]", json()),
            _ => format!("{{{}}}", json()),
        }
    }
}

#[test]
fn random_requests_are_answered_in_the_servers_own_way() {
    let world = World::new();
    let prism = world.sandbox.prism();
    let credentials = &world.sandbox.handout().credentials;
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..ROUNDS {
        let mut dice = Dice(round);
        let method = dice.one(&["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"]);
        let path = dice.one(&PATHS).replace("{app}", dice.one(&APPS)).replace("{text}", dice.one(&TEXTS));
        let method: Method = method.parse().expect("a verb");
        let secret = &credentials[dice.below(credentials.len())].secret;
        let scheme = dice.one(&["Bearer ", "Bearer ", "Bearer ", "Basic ", ""]);
        let call = Call::new(method, &path)
            .header(header::AUTHORIZATION, &format!("{scheme}{secret}"))
            .content(dice.one(&["application/json", "application/x-www-form-urlencoded", ""]), dice.body());
        let reply = prism.call(&call);
        let status = reply.status.as_u16();
        let known = matches!(status, 200 | 201 | 204 | 302 | 303 | 400 | 401 | 403 | 404 | 409 | 429 | 500);
        assert!(known, "round {round}: {status}");
        if status >= 400 && !path.starts_with("/oauth/") {
            let body = reply.value().expect("a refusal is JSON");
            assert!(body["error"].is_string(), "round {round}: {body}");
        }
        seen.insert(status);
    }
    assert!(seen.len() > 8, "the rounds were one-sided: {seen:?}");
}
