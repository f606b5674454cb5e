//! Codes of Prism's application interface.

use super::{Provoked, bearer, secret, send};
use serde_json::json;
use tests::World;

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const GLINT_APP: &str = "052877d243367e69e10b707373ddb44b";
const BOT_APP: &str = "0a78444e7e74c1c0526bcd7a170a8152";
const BOB: &str = "ff5327c922d16d9ca05bd28b4aac10ad";
const MIA: &str = "159fce5177007d6aa099850af74fda98";

pub(super) async fn all(to: &mut Provoked) {
    credentials(to).await;
    registrations(to).await;
    definitions_and_rules(to).await;
}

async fn credentials(to: &mut Provoked) {
    let world = World::start();
    let prism = &world.handout().prism_url;
    let apps = format!("{prism}/api/apps");
    // A call with a credential shows that the recorder keeps them.
    send("GET", &apps, &bearer(&world, "olivia_pat"), "");
    send("GET", &apps, "", "");
    to.wire(&world, ("credential.missing", "proven")).await;
    let rules = format!("{apps}/{GLINT_APP}/scope-access-rules");
    send("GET", &rules, &format!("Basic {}", "cHJpc21fYTpi"), "");
    to.wire(&world, ("credential.wrong_kind", "proven")).await;
    send(
        "POST",
        &format!("{prism}/api/oauth/introspect"),
        "",
        &format!("token={}", secret(&world, "mia_full")),
    );
    send("GET", &apps, &bearer(&world, "mia_full"), "");
    to.wire(&world, ("credential.wrong_kind", "proven")).await;
    let unknown = secret(&world, "bob_pat").replace(|c: char| c.is_ascii_digit(), "7");
    send("GET", &apps, &format!("Bearer {unknown}x"), "");
    to.wire(&world, ("credential.invalid", "likely")).await;
    send("GET", &apps, &bearer(&world, "bob_pat_expired"), "");
    to.wire(&world, ("credential.expired", "proven")).await;
    send(
        "POST",
        &apps,
        &bearer(&world, "bob_pat_read_only"),
        r#"{"name":"X","redirect_uris":["https://x.test"]}"#,
    );
    to.wire(&world, ("credential.insufficient_scope", "proven")).await;
    send("GET", &format!("{apps}/{GLINT_APP}"), &bearer(&world, "bob_pat"), "");
    to.wire(&world, ("app.forbidden", "proven")).await;
    send("GET", &format!("{apps}/{}", "0".repeat(32)), &bearer(&world, "bob_pat"), "");
    to.wire(&world, ("app.not_found", "proven")).await;
}

async fn registrations(to: &mut Provoked) {
    let world = World::start();
    let apps = format!("{}/api/apps", world.handout().prism_url);
    let (bob, olivia) = (bearer(&world, "bob_pat"), bearer(&world, "olivia_pat"));
    let bot = format!("{apps}/{BOT_APP}");
    let app = send("GET", &bot, &bob, "");
    let with = |scope: String| {
        let mut scopes = app["app"]["allowed_scopes"].as_array().unwrap().clone();
        scopes.push(scope.into());
        json!({ "allowed_scopes": scopes }).to_string()
    };
    send("PATCH", &bot, &bob, &with("made:up".into()));
    to.wire(&world, ("registration.dropped", "proven")).await;
    send("PATCH", &bot, &bob, &with("app:prism_0000000000000000000000:read_todos".into()));
    to.wire(&world, ("registration.target_missing", "proven")).await;
    let rules = format!("{apps}/{GLINT_APP}/scope-access-rules");
    let rule = |kind: &str, user: &str| json!({ "rule_type": kind, "target_id": user }).to_string();
    // The owner rules of the scenario are set aside first.
    for row in send("GET", &rules, &olivia, "")["rules"].as_array().unwrap() {
        if row["rule_type"].as_str().unwrap().starts_with("owner") {
            send("DELETE", &format!("{rules}/{}", row["id"].as_str().unwrap()), &olivia, "");
        }
    }
    send("POST", &rules, &olivia, &rule("owner_allow", MIA));
    send("PATCH", &bot, &bob, &with(format!("app:{GLINT}:delete_comments")));
    to.wire(&world, ("registration.owner_not_listed", "proven")).await;
    send("POST", &rules, &olivia, &rule("owner_deny", BOB));
    send("PATCH", &bot, &bob, &with(format!("app:{GLINT}:delete_comments")));
    to.wire(&world, ("registration.owner_denied", "proven")).await;
}

async fn definitions_and_rules(to: &mut Provoked) {
    let world = World::start();
    let app = format!("{}/api/apps/{GLINT_APP}", world.handout().prism_url);
    let olivia = bearer(&world, "olivia_pat");
    send("POST", &format!("{app}/scope-definitions"), &olivia, r#"{"scope":"two words","title":"X"}"#);
    to.wire(&world, ("definition.invalid", "proven")).await;
    let rules = format!("{app}/scope-access-rules");
    send("POST", &rules, &olivia, r#"{"rule_type":"friends","target_id":"x"}"#);
    to.wire(&world, ("rule.invalid", "proven")).await;
    for _ in 0..2 {
        send(
            "POST",
            &rules,
            &olivia,
            r#"{"rule_type":"app_deny","target_id":"prism_0000000000000000000000"}"#,
        );
    }
    to.wire(&world, ("rule.exists", "proven")).await;
}
