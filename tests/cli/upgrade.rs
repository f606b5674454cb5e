//! Files that the first version saved are opened by this one; newer ones are left untouched.

use crate::origins::Server;
use crate::support::{Dir, Ran, run_in};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const SET: [(&str, &str); 1] = [("SPECTROSCOPE_VAULT_PASSPHRASE", "seven-lamps-under-a-quiet-bridge")];
const TOKEN: &str = "VydTS3FeGCwHHaujsikVmJSJshKRdEigksO-XSzu1dXwSIi4x_FTF0SKajvyXlFU";

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).expect("a folder of its own");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copied(&path, &copy);
        } else {
            fs::copy(&path, &copy).expect("a copy");
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).expect("a file of its own");
        }
    }
}

/// A data directory as the first version left it, with its servers' addresses put in place of those that have ended.
fn first(server: &str) -> Dir {
    let dir = Dir::new();
    let data = dir.path().join("spectroscope");
    copied(&tests::places::data("saved/first"), &data);
    let file = data.join("connections.json");
    let text = fs::read_to_string(&file).expect("connections");
    let text = text.replace("http://127.0.0.1:47310", server).replace("http://127.0.0.1:47311", server);
    fs::write(&file, text).expect("written");
    dir
}

fn run(dir: &Dir, args: &[&str]) -> Ran {
    run_in(dir.path(), args, b"", &SET)
}

#[test]
fn connections_identities_and_vault_of_the_first_version_open() {
    let server = Server::start(|_| json!({ "error": "Unauthorized" }));
    let dir = first(&server.address);
    let list = run(&dir, &["connections", "--json"]);
    assert_eq!(list.code, 0, "{}", list.err);
    let list = list.json();
    let names: Vec<&str> =
        list["connections"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["Tea (staging)", "茶 Produktion"]);
    let tea = &list["connections"][0];
    assert_eq!(
        (&tea["environment"], &tea["colour"], &tea["transport"]["redirect_ports"]),
        (&json!("staging"), &json!("teal"), &json!([48123]))
    );
    let identities = run(&dir, &["identity", "list", "--connection", "Tea"]).out;
    for text in ["olivia admin", "i-5af709c3", "mia", "prism_wl26DFRxxToGcOuw00SsQA", "passphrase vault"] {
        assert!(identities.contains(text), "{text} is not in {identities}");
    }
    let called = run(&dir, &["call", "me", "--connection", "Tea", "--as", "mia"]);
    let heard = server.heard();
    assert!(heard.contains(&format!("Bearer {TOKEN}")), "{}\n{}\n{heard}", called.out, called.err);
}

#[test]
fn what_the_first_version_saved_is_kept_by_a_change() {
    let dir = first("http://127.0.0.1:9");
    assert_eq!(run(&dir, &["connections", "rename", "Tea", "Coffee"]).code, 0);
    let file = dir.path().join("spectroscope/connections.json");
    let after: serde_json::Value = serde_json::from_slice(&fs::read(file).expect("read")).expect("JSON");
    let before = fs::read(tests::places::data("saved/first/connections.json")).expect("read");
    let before: serde_json::Value = serde_json::from_slice(&before).expect("JSON");
    let (old, new) = (&before["connections"][0], &after["connections"][0]);
    assert_eq!(new["name"], "Coffee");
    for member in ["id", "environment", "provider_client_id", "colour", "transport", "admin"] {
        assert_eq!(old[member], new[member], "{member}");
    }
    for (old, new) in old["identities"].as_array().unwrap().iter().zip(new["identities"].as_array().unwrap())
    {
        for (member, value) in old.as_object().unwrap() {
            assert_eq!(value, &new[member], "{member}");
        }
    }
}

#[test]
fn files_of_a_newer_version_are_refused_and_left_untouched() {
    for name in ["connections.json", "vault.json"] {
        let dir = first("http://127.0.0.1:9");
        let file = dir.path().join("spectroscope").join(name);
        let mut newer: serde_json::Value =
            serde_json::from_slice(&fs::read(&file).expect("read")).expect("JSON");
        newer["version"] = json!(99);
        let bytes = newer.to_string();
        fs::write(&file, &bytes).expect("written");
        for args in [
            &["connections", "rename", "Tea", "Coffee"][..],
            &["connections", "remove", "Tea", "--yes"],
            &["identity", "rename", "mia", "max", "--connection", "Tea"],
            &["identity", "remove", "mia", "--connection", "Tea"],
            &["identity", "add", "--kind", "pat", "--connection", "Tea"],
            &["vault", "use", "memory"],
        ] {
            let ran = run(&dir, args);
            assert_eq!(
                fs::read_to_string(&file).expect("read"),
                bytes,
                "{name}: {args:?}: {}{}",
                ran.out,
                ran.err
            );
        }
        let said = run(&dir, &["identity", "list", "--connection", "Tea"]);
        let said = format!("{}{}{}", said.out, said.err, run(&dir, &["vault"]).err);
        assert!(said.contains("newer"), "{name}: {said}");
    }
}
