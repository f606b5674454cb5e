//! `spectroscope sandbox`: other commands find it while it runs, and a real server is asked for a yes.

use crate::support::{Dir, command_that_heeds_signals, run_in, secret, start};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

#[test]
fn other_commands_find_it_until_it_ends() {
    let dir = Dir::new();
    let (mut running, _) = start(dir.path());
    let left = dir.path().join("spectroscope/sandbox.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&left).expect("the handout").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let run = |args: &[&str]| run_in(dir.path(), args, b"", &[]);
    let added = run(&["rules", "add", "app_deny", "prism_4Kg-r67d_NcD72Kg9XU1Fg"]);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(!added.err.contains("no connection given"), "{}", added.err);
    let checked = run(&["rules", "check", "--consumer", "Standup Bot"]);
    assert_eq!(checked.code, 1, "the rule of the command before is there: {}", checked.out);

    let ended = Command::new("kill").arg(running.0.id().to_string()).status().expect("kill");
    assert!(ended.success());
    assert_eq!(running.0.wait().expect("its end").code(), Some(0));
    assert!(!left.exists(), "the credentials go with it");
    let alone = run(&["rules", "list"]);
    assert!(alone.err.contains("no connection given"), "{}", alone.err);
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_handout_is_neither_read_nor_written_nor_replaced() {
    let dir = Dir::new();
    let (_running, handout) = start(dir.path());
    let elsewhere = Dir::new();
    let theirs = elsewhere.file("theirs.json", handout.to_string());
    let data = elsewhere.path().join("spectroscope");
    std::fs::create_dir(&data).expect("a directory");
    std::os::unix::fs::symlink(&theirs, data.join("sandbox.json")).expect("a link");
    let alone = run_in(elsewhere.path(), &["rules", "list"], b"", &[]);
    assert!(alone.err.contains("no connection given"), "the link is not read: {}", alone.err);
    let _own = start(elsewhere.path());
    assert_eq!(std::fs::read_to_string(&theirs).expect("theirs"), handout.to_string());
    assert!(std::fs::symlink_metadata(data.join("sandbox.json")).expect("the link").is_symlink());
}

#[test]
fn servers_given_by_address_take_the_credential_from_the_environment_and_ask_before_a_change() {
    let dir = Dir::new();
    let (_running, handout) = start(dir.path());
    let elsewhere = Dir::new();
    let glint = handout["glint_url"].as_str().expect("an address");
    let secret = secret(&handout, "olivia_pat");
    let prism = handout["prism_url"].as_str().expect("an address");
    let token =
        [("SPECTROSCOPE_TOKEN", secret), ("SPECTROSCOPE_GLINT", glint), ("SPECTROSCOPE_PRISM", prism)];
    let run = |args: &[&str]| run_in(elsewhere.path(), args, b"", &token);

    let planned = run(&["definitions", "plan"]);
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    let unasked = run(&["rules", "add", "app_deny", "prism_4Kg-r67d_NcD72Kg9XU1Fg"]);
    assert_eq!(unasked.code, 1);
    assert!(unasked.err.contains("command.not_confirmed"), "{}", unasked.err);
    let sent = run(&["rules", "add", "app_deny", "prism_4Kg-r67d_NcD72Kg9XU1Fg", "--yes"]);
    assert_eq!(sent.code, 0, "{}", sent.err);
    for ran in [&planned, &unasked, &sent] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "the credential is never printed");
    }
    let left = std::fs::read_dir(elsewhere.path()).expect("the directory").count();
    assert_eq!(left, 0, "nothing is saved");
}

/// Injects a fault by the admin controls.
pub(crate) fn inject(handout: &Value, fault: &Value) {
    let url = handout["admin_url"].as_str().expect("an address").trim_start_matches("http://");
    let (address, token) = url.split_once('/').expect("an address with a token");
    let mut socket = std::net::TcpStream::connect(address).expect("the admin controls");
    let body = fault.to_string();
    let head = format!(
        "POST /{token}/faults HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    socket.write_all((head + &body).as_bytes()).expect("the request");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("the answer");
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}

#[test]
fn an_import_stops_on_a_signal_and_says_what_was_done() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        an_import_stops_on(signal);
    }
}

fn an_import_stops_on(signal: &str) {
    let dir = Dir::new();
    let (_running, handout) = start(dir.path());
    inject(
        &handout,
        &json!({ "server": "prism", "method": "POST", "kind": "delay", "milliseconds": 300, "times": null }),
    );
    let list: Vec<Value> =
        (0..200).map(|n| json!({ "scope": format!("scope_{n}"), "title": "Title" })).collect();
    let file = dir.file("many.json", json!(list).to_string());
    let mut apply = command_that_heeds_signals(dir.path())
        .args(["definitions", "apply", &file])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut steps = BufReader::new(apply.stderr.take().expect("standard error")).lines();
    let first = steps.find(|line| line.as_ref().is_ok_and(|line| line.contains("scope_")));
    assert!(first.is_some(), "a first step");
    let sent = Command::new("kill").args([signal, &apply.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let rest: Vec<String> = steps.map_while(Result::ok).collect();
    assert!(rest.iter().any(|line| line.contains("stopping")), "{rest:?}");
    let output = apply.wait_with_output().expect("its end");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{signal}: {out}");
    assert!(out.contains("✓ verified") && out.contains("– not sent"), "{out}");
}

#[test]
fn a_signal_before_anything_was_sent_ends_with_its_number() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let dir = Dir::new();
        let (_running, handout) = start(dir.path());
        // The plan reads and is never answered; the sandbox's log shows that it asks.
        inject(
            &handout,
            &json!({ "server": "prism", "kind": "delay", "milliseconds": 20000, "times": null }),
        );
        let plan = command_that_heeds_signals(dir.path())
            .args(["definitions", "plan", "--connection", "sandbox", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let admin = handout["admin_url"].as_str().expect("an address");
        let asked = || crate::browser::http("GET", &format!("{admin}/log"), "", "").1.contains("auth/config");
        while !asked() {
            std::thread::yield_now();
        }
        let sent = Command::new("kill").args([signal, &plan.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        let output = plan.wait_with_output().expect("its end");
        assert_eq!(output.status.code(), Some(code), "{signal}");
    }
}

#[test]
fn a_second_sandbox_leaves_the_first_to_be_found() {
    let dir = Dir::new();
    let (_first, handout) = start(dir.path());
    let (mut second, _) = start(dir.path());
    assert!(Command::new("kill").arg(second.0.id().to_string()).status().expect("kill").success());
    assert_eq!(second.0.wait().expect("its end").code(), Some(0));
    let left = std::fs::read_to_string(dir.path().join("spectroscope/sandbox.json")).expect("the handout");
    assert_eq!(serde_json::from_str::<Value>(&left).expect("JSON"), handout);
    let listed = run_in(dir.path(), &["rules", "list"], b"", &[]);
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
}

#[test]
fn an_address_in_the_environment_gives_way() {
    let dir = Dir::new();
    let set = [("SPECTROSCOPE_GLINT", "http://127.0.0.1:1"), ("SPECTROSCOPE_PRISM", "")];
    assert_eq!(run_in(dir.path(), &["rules", "list"], b"", &set).code, 4);
    assert_eq!(run_in(dir.path(), &["rules", "list", "--sandbox"], b"", &set).code, 0);
    let empty = [("SPECTROSCOPE_GLINT", "")];
    assert_eq!(run_in(dir.path(), &["rules", "list"], b"", &empty).code, 0);
}

#[test]
fn wrong_names_are_usage_mistakes() {
    let dir = Dir::new();
    for args in [
        &["rules", "list", "--glint", "ftp://glint.example.com"][..],
        &["rules", "list", "--glint", "http://127.0.0.1:1", "--sandbox"],
    ] {
        assert_eq!(run_in(dir.path(), args, b"", &[]).code, 2, "{args:?}");
    }
    let unreadable = run_in(dir.path(), &["sandbox", "--any-port", "--scenario", "no-such"], b"", &[]);
    assert_eq!(unreadable.code, 4, "an input that could not be read: {}", unreadable.err);
}

/// A credential that no address goes with is neither sent to a sandbox nor dropped.
#[test]
fn a_credential_without_an_address_is_an_error() {
    let (dir, empty) = (Dir::new(), Dir::new());
    let (_running, handout) = start(dir.path());
    let token = [("SPECTROSCOPE_TOKEN", secret(&handout, "olivia_pat"))];
    for data in [dir.path(), empty.path()] {
        let ran = run_in(data, &["rules", "list"], b"", &token);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(
            ran.err.contains("SPECTROSCOPE_TOKEN") && ran.err.contains("SPECTROSCOPE_PRISM"),
            "{}",
            ran.err
        );
    }
    let named = run_in(dir.path(), &["rules", "list", "--connection", "sandbox"], b"", &token);
    assert_eq!(named.code, 0, "{}", named.err);
    assert!(named.err.contains("SPECTROSCOPE_TOKEN"), "{}", named.err);
}
