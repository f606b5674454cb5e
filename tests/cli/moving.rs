//! `spectroscope data export` and `data import`: everything but secrets on another computer.

use crate::home::Home;
use crate::support::{Dir, run_in, secret};
use serde_json::{Value, json};

/// A home with an identity, and its export.
fn exported() -> (Home, String, String) {
    let home = Home::new();
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    assert_eq!(home.add(&["--name", "admin", "--kind", "pat"], &pat).code, 0);
    let ran = home.run(&["data", "export"], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    (home, ran.out, pat)
}

fn handles(list: &Value) -> Vec<String> {
    let connections = list["connections"].as_array().expect("a list");
    let identities = connections.iter().flat_map(|one| one["identities"].as_array().expect("a list"));
    let all = connections.iter().chain(identities);
    all.map(|one| one["id"].as_str().expect("a handle").to_owned()).collect()
}

#[test]
fn everything_but_secrets_is_there_on_another_computer() {
    let (home, text, pat) = exported();
    assert!(!text.contains(&pat), "{text}");
    let other = Dir::new();
    let run = |args: &[&str], input: &[u8]| run_in(other.path(), args, input, &[]);
    let ran = run(&["data", "import", "-"], text.as_bytes());
    assert!(
        ran.code == 0 && ran.out.starts_with("+ Tea\n") && ran.out.contains("identity add"),
        "{}",
        ran.out
    );
    let list = |ran: crate::support::Ran| {
        let list = ran.json();
        json!({ "connections": list["connections"].as_array().expect("a list").clone() })
    };
    let (here, there) = (
        list(run(&["connections", "list", "--json"], b"")),
        list(home.run(&["connections", "list", "--json"], b"")),
    );
    let (one, same) = (&here["connections"][0], &there["connections"][0]);
    for member in
        ["name", "prism_url", "glint_url", "provider_client_id", "transport", "environment", "read_only"]
    {
        assert_eq!(one[member], same[member], "{member}");
    }
    assert_eq!(one["identities"][0]["label"], "admin");
    assert_eq!(one["identities"][0]["kept"], Value::Null, "its secret stayed at home");
    let (mine, theirs) = (handles(&here), handles(&there));
    assert!(!theirs.is_empty() && mine.iter().all(|handle| !theirs.contains(handle)), "{mine:?} {theirs:?}");

    // Once more changes nothing; a connection that only has the same name gets a number.
    let again = run(&["data", "import", "-"], text.as_bytes());
    assert!(again.code == 0 && again.out.starts_with("= Tea"), "{}", again.out);
    let production = text
        .replace("\"name\": \"Tea\"", "\"name\": \"Live\", \"read_only\": false")
        .replace("\"staging\"", "\"production\"");
    assert!(production != text && run(&["data", "import", "-"], production.as_bytes()).code == 0);
    let live = run(&["connections", "list", "--json"], b"").json()["connections"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["name"] == "Live")
        .cloned()
        .expect("the connection");
    assert_eq!((&live["environment"], &live["read_only"]), (&json!("production"), &json!(true)));
    let elsewhere = text.replace(one["prism_url"].as_str().expect("an address"), "https://prism.example");
    let ran = run(&["data", "import", "-"], elsewhere.as_bytes());
    assert!(ran.out.starts_with("+ Tea, as Tea 2\n"), "{}{}", ran.out, ran.err);
}

#[test]
fn an_imported_identity_is_not_said_to_be_in_the_vault() {
    let (home, text, pat) = exported();
    let other = Dir::new();
    let vault = [("SPECTROSCOPE_VAULT_PASSPHRASE", crate::home::PASSPHRASE)];
    let run = |args: &[&str], input: &str| {
        let ran = run_in(other.path(), args, input.as_bytes(), &vault);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran
    };
    run(&["data", "import", "-"], &text);
    // This computer has an open vault of its own.
    run(
        &["identity", "add", "--vault", "passphrase", "--name", "second", "--kind", "pat"],
        &format!("{pat}\n"),
    );
    let listed = run(&["identity", "list", "--json"], "").json();
    let kept: Vec<(&Value, &Value)> = listed["identities"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["label"], &one["kept"]))
        .collect();
    assert_eq!(kept, [(&json!("admin"), &Value::Null), (&json!("second"), &json!("passphrase"))]);
    assert!(run(&["identity", "list"], "").out.contains("not here, or locked"));
    let shown = run(&["identity", "show", "admin"], "").out;
    assert!(shown.contains("Imported without its secret"), "{shown}");
    drop(home);
}

#[test]
fn members_of_a_newer_version_survive_a_save_and_stay_at_home() {
    let (home, _, _) = exported();
    let path = home.dir.path().join("spectroscope/connections.json");
    let read = || -> Value {
        serde_json::from_str(&std::fs::read_to_string(&path).expect("the file")).expect("JSON")
    };
    let mut saved = read();
    let later = json!({ "colour": "teal", "note": "kanarie" });
    saved["connections"][0]["later"] = later.clone();
    saved["connections"][0]["identities"][0]["later"] = later.clone();
    std::fs::write(&path, saved.to_string()).expect("written");
    let ran = home.run(&["identity", "rename", "admin", "boss"], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let after = read();
    assert_eq!(after["connections"][0]["identities"][0]["label"], "boss");
    assert_eq!(after["connections"][0]["later"], later);
    assert_eq!(after["connections"][0]["identities"][0]["later"], later);
    let exported = home.run(&["data", "export"], b"");
    assert!(exported.code == 0 && !exported.out.contains("kanarie"), "{}", exported.out);
}

#[test]
fn what_cannot_be_imported_changes_nothing() {
    let (_home, text, _) = exported();
    let other = Dir::new();
    let newer = text.replace("\"version\": 1", "\"version\": 7");
    let cleartext = text.replace("http://127.0.0.1", "http://prism.example");
    let mut many: Value = serde_json::from_str(&text).expect("JSON");
    let one = many["connections"][0].clone();
    many["connections"] = vec![one; 201].into();
    let many = many.to_string();
    let cases = [
        ("[]", "data.not_an_export"),
        ("{\"kind\"", "data.not_an_export"),
        (newer.as_str(), "data.newer_version"),
        (cleartext.as_str(), "address.cleartext"),
        (many.as_str(), "data.too_many"),
    ];
    for (text, code) in cases {
        let ran = run_in(other.path(), &["data", "import", "-", "--json"], text.as_bytes(), &[]);
        assert!(ran.code != 0 && ran.out.contains(code), "{code}: {}{}", ran.out, ran.err);
    }
    let list = run_in(other.path(), &["connections", "list", "--json"], b"", &[]).json();
    assert_eq!(list["connections"], json!([]));
}
