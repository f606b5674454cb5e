//! A credential goes only to origins that a person named; Glint's configuration names none.

use crate::home::Home;
use crate::support::{Dir, run_in};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

const TOKEN: &str = "prism_pat_this-goes-nowhere-by-itself-0123456789";

/// A server that writes down what it is asked and answers every path with the same JSON.
pub(crate) struct Server {
    pub(crate) address: String,
    heard: Arc<Mutex<String>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&str) -> Value + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(String::new()));
        let (log, body) = (heard.clone(), answer(&address).to_string());
        std::thread::spawn(move || {
            for mut socket in listener.incoming().map_while(Result::ok) {
                let mut request = [0; 16 * 1024];
                let length = socket.read(&mut request).unwrap_or(0);
                let text = String::from_utf8_lossy(request.get(..length).unwrap_or_default()).into_owned();
                log.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
                let _ = write!(socket, "{head}content-length: {}\r\n\r\n{body}", body.len());
            }
        });
        Self { address, heard }
    }

    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Looks like a Prism to whoever asks.
fn prism() -> Server {
    Server::start(|own| json!({ "issuer": own, "apps": [], "teams": [], "id": "x", "active": true }))
}

/// A Glint whose configuration names a Prism.
fn glint(prism: &str) -> Server {
    let prism = prism.to_owned();
    Server::start(
        move |_| json!({ "baseUrl": prism, "clientId": "prism_6wsjw653PfFYk7GOq6wuSQ", "redirectUri": "x" }),
    )
}

#[test]
fn a_prism_that_only_a_configuration_names_gets_no_credential() {
    let (found, dir) = (prism(), Dir::new());
    let glint = glint(&found.address);
    let token = [("SPECTROSCOPE_TOKEN", TOKEN), ("SPECTROSCOPE_GLINT", glint.address.as_str())];
    for args in [
        &["definitions", "plan"][..],
        &["definitions", "plan", "--yes"],
        &["call", "me", "--yes"],
        &["rules", "list", "--json"],
        &["matrix"],
    ] {
        let ran = run_in(dir.path(), args, b"", &token);
        assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.out, ran.err);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("connection.prism_unconfirmed"), "{args:?}: {said}");
        assert!(said.contains(&format!("--prism {}", found.address)), "{args:?}: {said}");
        assert!(said.contains("SPECTROSCOPE_PRISM"), "{args:?}: {said}");
    }
    for server in [&found, &glint] {
        let heard = server.heard();
        assert!(!heard.is_empty(), "it was asked what it is");
        assert!(!heard.contains(TOKEN) && !heard.to_lowercase().contains("authorization:"), "{heard}");
    }
}

#[test]
fn the_prism_that_is_named_gets_it_and_no_other() {
    let (found, named, dir) = (prism(), prism(), Dir::new());
    let glint = glint(&found.address);
    let both = [
        ("SPECTROSCOPE_TOKEN", TOKEN),
        ("SPECTROSCOPE_GLINT", glint.address.as_str()),
        ("SPECTROSCOPE_PRISM", named.address.as_str()),
    ];
    let ran = run_in(dir.path(), &["rules", "list"], b"", &both);
    assert!(ran.err.contains("connection.prism_changed"), "the difference is a finding: {}", ran.err);
    assert!(ran.err.contains(&found.address) && ran.err.contains(&named.address), "{}", ran.err);
    assert!(named.heard().contains(TOKEN), "{}", ran.err);
    assert!(!found.heard().contains(TOKEN) && !glint.heard().contains(TOKEN));
}

#[test]
fn connecting_asks_and_yes_is_no_answer() {
    let (found, dir) = (prism(), Dir::new());
    let glint = glint(&found.address);
    let file = dir.path().join("spectroscope/connections.json");
    for args in [&["connect", &glint.address][..], &["connect", &glint.address, "--yes", "--json"]] {
        let ran = run_in(dir.path(), args, b"yes\n", &[]);
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, 2, "{args:?}: {said}");
        assert!(said.contains(&format!("--prism {}", found.address)), "{args:?}: {said}");
        assert!(!file.exists());
    }
    let looked = run_in(dir.path(), &["connect", &glint.address, "--dry-run", "--json"], b"", &[]);
    assert_eq!(looked.json()["discovered"]["prism_named_by"], "configuration");
    let named = ["connect", &glint.address, "--prism", &found.address, "--json"];
    let saved = run_in(dir.path(), &named, b"", &[]);
    assert_eq!(saved.code, 0, "{}", saved.err);
    assert_eq!(saved.json()["discovered"]["prism_named_by"], "person");
}

#[test]
fn a_configuration_that_changes_is_a_finding_and_is_not_followed() {
    let home = Home::new();
    let pot = prism();
    let secret = crate::support::secret(&home.handout, "olivia_pat").to_owned();
    assert_eq!(home.add(&["--kind", "pat", "--name", "admin"], &secret).code, 0);
    // The operator of Glint, or whoever sets it up first, names another Prism and another client.
    let (address, controls) = (pot.address.clone(), home.handout["admin_url"].as_str().expect("an address"));
    let scenario: Value =
        serde_json::from_str(&crate::browser::http("GET", &format!("{controls}/scenario"), "", "").1)
            .expect("the scenario");
    let mut scenario = scenario;
    scenario["glint"]["config"]["prism_base_url"] = json!(address);
    scenario["glint"]["config"]["prism_client_id"] = json!("prism_4Kg-r67d_NcD72Kg9XU1Fg");
    let (status, answer) =
        crate::browser::http("POST", &format!("{controls}/scenario"), "", &scenario.to_string());
    assert!((200..300).contains(&status), "{status} {answer}");

    let checked = home.run(&["connections", "check", "Tea", "--json"], b"");
    for code in ["connection.prism_changed", "connection.client_id_changed"] {
        assert!(checked.out.contains(code), "{code}: {}", checked.out);
    }
    let planned = home.run(&["definitions", "plan"], b"");
    assert_eq!(planned.code, 0, "the pinned servers are used: {}{}", planned.out, planned.err);
    assert!(!pot.heard().contains(&secret));
}
