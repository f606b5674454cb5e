//! A credential goes to the scheme, host and port it was given for. A honeypot listens where every trick would send it.

use engine::Limits;
use serde_json::{Value, json};
use tests::{RawServer, World};

const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";

/// Whatever it is asked, it looks like a Glint and a Prism.
async fn honeypot() -> RawServer {
    RawServer::start(|_| {
        RawServer::json("200 OK", "", r#"{"issuer":"x","apps":[],"teams":[],"active":true}"#)
    })
    .await
}

/// Whether anything the honeypot heard is a credential of this world, in any form.
fn leaked(world: &World, pot: &RawServer) -> Vec<String> {
    let secrets: Vec<String> = world.handout().credentials.iter().map(|c| c.secret.clone()).collect();
    let is_leak = |heard: &String| {
        heard.to_ascii_lowercase().contains("authorization:")
            || secrets.iter().any(|secret| heard.contains(secret))
    };
    pot.heard().into_iter().filter(is_leak).collect()
}

/// A connection to the sandbox's servers as if they were real, with two identities.
async fn connection(world: &World) -> (Value, Vec<Value>) {
    let handout = world.handout().clone();
    let args = json!({
        "name": "Home", "environment": "staging", "prism_url": handout.prism_url,
        "glint_url": handout.glint_url, "provider_client_id": handout.provider.client_id,
    });
    let reply = world.call("add_connection", args).await.unwrap();
    let id = reply["connections"][1]["id"].clone();
    let mut identities = Vec::new();
    for name in ["olivia_pat", "mia_full"] {
        let secret = &handout.credentials.iter().find(|c| c.id == name).unwrap().secret;
        let added = world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
        identities.push(added["identity"]["id"].clone());
    }
    (id, identities)
}

/// Everything that sends a credential.
async fn use_everything(world: &World, connection: &Value, identities: &[Value]) {
    for identity in identities {
        for operation in ["introspect_identity", "refresh_identity"] {
            let args = json!({ "connection": connection, "identity": identity, "force": true });
            let _ = world.call(operation, args).await;
        }
        for route in ["me", "list_sets"] {
            let values = json!({ "team": TEAM });
            let args =
                json!({ "connection": connection, "identity": identity, "route": route, "values": values });
            let _ = world.call("test_call", args).await;
        }
    }
    for operation in ["check_connection", "open_catalog", "review_access"] {
        let _ = world.call(operation, json!({ "connection": connection })).await;
    }
}

/// Addresses that look like `home` and lead to `pot`, or the other way round.
fn addresses(home: &str, pot: &str) -> Vec<String> {
    let port = pot.rsplit(':').next().unwrap_or_default();
    vec![
        format!("http://{home}@{pot}"),
        format!("http://{home}:x@{pot}/"),
        format!("http://@{pot}"),
        format!("http://{pot}#@{home}"),
        format!("http://{pot}?@{home}"),
        format!("http://{pot}\\@{home}"),
        format!("http:\\\\{pot}"),
        format!("http:/{pot}"),
        format!("http:{pot}"),
        format!("//{pot}"),
        format!("http://{pot}/..//{home}"),
        format!("HTTP://{}", pot.to_uppercase()),
        format!("ht\ttp://{pot}"),
        format!("http://127.0.\n0.1:{port}"),
        format!("http://{pot}\r\nHost: {home}"),
        format!("http://127.0.0.1\u{200b}:{port}"),
        format!("http://\u{202e}{pot}"),
        format!("http://0x7f000001:{port}"),
        format!("http://0177.0.0.1:{port}"),
        format!("http://2130706433:{port}"),
        format!("http://127.1:{port}"),
        format!("http://[::ffff:127.0.0.1]:{port}"),
        format!("http://127.0.0.1.:{port}"),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1%00.{home}:{port}"),
        format!("http://%31%32%37.0.0.1:{port}"),
        format!("http://\u{ff11}27.0.0.1:{port}"),
        format!("http://127\u{3002}0\u{3002}0\u{3002}1:{port}"),
        format!("https://{pot}"),
        "http://127.0.0.1:0".to_owned(),
    ]
}

/// Parts of a path that would lead elsewhere if they were not encoded.
fn parts(pot: &str) -> Vec<String> {
    vec![
        format!("//{pot}"),
        format!("http://{pot}"),
        format!("@{pot}"),
        format!("\\\\{pot}\\x"),
        format!("..//..//{pot}"),
        "..".to_owned(),
        "%2e%2e%2f%2e%2e".to_owned(),
        format!("%2f%2f{pot}"),
        format!("?next=http://{pot}"),
        format!("#http://{pot}"),
        format!(" http://{pot}"),
        format!("x\r\nHost: {pot}"),
        format!("x\nAuthorization: Bearer y\n{pot}"),
        format!(";{pot}"),
        format!("\u{2215}\u{2215}{pot}"),
    ]
}

#[tokio::test]
async fn no_way_of_writing_an_address_gets_a_credential() {
    let world = World::with(sandbox::Options::default(), None, Limits::default());
    let pot = honeypot().await;
    let pot_host = pot.base.trim_start_matches("http://").to_owned();
    let home_host = world.handout().prism_url.trim_start_matches("http://").to_owned();
    let mut tricks = 0;
    for address in addresses(&home_host, &pot_host) {
        for field in ["prism_url", "glint_url"] {
            let (id, identities) = connection(&world).await;
            let mut args = json!({ "connection": id });
            args[field] = json!(address);
            // Refused, or taken for the plain address it is; then nothing given for the other one goes there.
            let taken = world.call("edit_connection", args).await;
            let shown =
                taken.map(|reply| reply["connections"][1][field].as_str().unwrap_or_default().to_owned());
            if let Ok(shown) = shown {
                assert!(
                    shown == pot.base
                        || shown == pot.base.replace("http:", "https:")
                        || shown.contains(&home_host),
                    "{address:?} became {shown}"
                );
            }
            use_everything(&world, &id, &identities).await;
            world.call("remove_connection", json!({ "connection": id })).await.unwrap();
        }
        assert_eq!(leaked(&world, &pot), Vec::<String>::new(), "{address:?}");
        tricks += 1;
    }
    assert!(!pot.heard().is_empty(), "some of the addresses lead there");
    let (id, identities) = connection(&world).await;
    for part in parts(&pot_host) {
        for (route, values) in [
            ("list_sets", json!({ "team": part })),
            ("list_todos", json!({ "team": TEAM, "set": part })),
            ("create_set", json!({ "team": part, "name": part })),
        ] {
            let args =
                json!({ "connection": id, "identity": identities[1], "route": route, "values": values });
            let _ = world.call("test_call", args).await;
        }
        let definition = json!({ "scope": part, "title": part, "description": part });
        let _ = world.call("save_definition", json!({ "connection": id, "definition": definition })).await;
        assert_eq!(leaked(&world, &pot), Vec::<String>::new(), "{part:?}");
        tricks += 1;
    }
    let seen = world.requests();
    assert!(
        seen.iter().all(|(_, path, _)| path.starts_with("/api/") || path.starts_with("/.well-known/")),
        "{seen:?}"
    );
    println!("count: T3: {tricks} tricks, 0 leaks");
    assert!(tricks >= 40);
}

#[tokio::test]
async fn a_discovery_document_cannot_send_a_credential_elsewhere() {
    let world = World::start();
    let pot = honeypot().await;
    for base in [pot.base.clone(), pot.base.replace("127.0.0.1", "127.0.0.1.")] {
        let document: Value =
            ["authorization", "token", "introspection", "revocation", "userinfo", "registration"]
                .iter()
                .map(|name| (format!("{name}_endpoint"), json!(format!("{base}/{name}"))))
                .chain([("jwks_uri".to_owned(), json!(format!("{base}/jwks")))])
                .collect::<serde_json::Map<_, _>>()
                .into();
        let prism = RawServer::start(move |request| {
            let mut document = document.clone();
            let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
            document["issuer"] = json!(format!("http://{host}"));
            document["active"] = json!(true);
            RawServer::json("200 OK", "", &document.to_string())
        })
        .await;
        let args = json!({ "name": "Liar", "environment": "staging", "prism_url": prism.base });
        let reply = world.call("add_connection", args).await.unwrap();
        let id = reply["connections"][1]["id"].clone();
        let mut identities = Vec::new();
        for credential in &world.handout().credentials {
            let secret = match &credential.client_id {
                Some(client) if credential.id.ends_with("_client") => {
                    format!("{client}:{}", credential.secret)
                }
                _ => credential.secret.clone(),
            };
            let added = world.call("add_identity", json!({ "connection": id, "secret": secret })).await;
            identities.extend(added.ok().map(|added| added["identity"]["id"].clone()));
        }
        assert!(identities.len() > 5);
        use_everything(&world, &id, &identities).await;
        for identity in &identities {
            let _ = world.call("revoke_identity", json!({ "connection": id, "identity": identity })).await;
        }
        assert_eq!(leaked(&world, &pot), Vec::<String>::new());
        world.call("remove_connection", json!({ "connection": id })).await.unwrap();
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let world = World::start();
    let pot = honeypot().await;
    let host = pot.base.trim_start_matches("http://").to_owned();
    let stolen = format!("http://{host}/stolen");
    let mut forms: Vec<String> = ["300", "301", "302", "303", "304", "305", "306", "307", "308"]
        .iter()
        .map(|s| format!("{s} X\r\nLocation: {stolen}"))
        .collect();
    for location in [
        "/stolen".to_owned(),
        "stolen".to_owned(),
        "?stolen".to_owned(),
        format!("//{host}/stolen"),
        format!("\\\\{host}\\stolen"),
        format!("https://{host}/stolen"),
        format!("http://user:pass@{host}/stolen"),
        format!("http://127.0.0.1.:{}/stolen", host.rsplit(':').next().unwrap_or_default()),
        "javascript:stolen".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        forms.push(format!("307 X\r\nLocation: {location}"));
    }
    forms.push(format!("200 OK\r\nRefresh: 0; url={stolen}"));
    forms.push(format!(
        "201 Created\r\nLocation: {stolen}\r\nContent-Location: {stolen}\r\nLink: <{stolen}>; rel=next"
    ));
    let mut followed = 0;
    for form in &forms {
        let status = form.clone();
        let home = RawServer::start(move |_| RawServer::json(&status, "", "{}")).await;
        let args =
            json!({ "name": form, "environment": "staging", "prism_url": home.base, "glint_url": home.base });
        let mut args = args;
        args["name"] = json!("Redirecting");
        let reply = world.call("add_connection", args).await.unwrap();
        let id = reply["connections"][1]["id"].clone();
        let secret = &world.handout().credentials.iter().find(|c| c.id == "mia_full").unwrap().secret;
        let added = world.call("add_identity", json!({ "connection": id, "secret": secret })).await.unwrap();
        let args = json!({
            "connection": id, "identity": added["identity"]["id"], "route": "list_sets", "values": { "team": TEAM },
        });
        let call = world.call("test_call", args).await.unwrap();
        assert_eq!(call["exchange"]["status"].to_string(), form[..3], "{form}");
        let heard = home.heard();
        assert!(heard.iter().any(|heard| heard.contains(secret)), "the call itself is made");
        followed +=
            heard.iter().filter(|heard| heard.lines().next().unwrap_or_default().contains("stolen")).count();
        followed += pot.heard().len();
        world.call("remove_connection", json!({ "connection": id })).await.unwrap();
    }
    println!("count: T3: {} redirects, {followed} followed", forms.len());
    assert_eq!(followed, 0);
    assert!(forms.len() >= 20);
}
