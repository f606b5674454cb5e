//! `spectroscope identity sign-in`: by the loopback redirect, and by the pasted one.

use crate::browser::{Person, http, issued};
use crate::home::{Home, PASSPHRASE};
use crate::support::{Running, command, command_that_heeds_signals, secret};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStderr, Command, Stdio};

/// Tea Board, a public client.
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";

const SCOPES: &str = "openid,teams:read,offline_access,app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos";

impl Home {
    /// Starts a sign-in and answers it with the address it prints.
    pub(crate) fn signing_in(&self, more: &[&str]) -> (Running, String, BufReader<ChildStderr>) {
        let mut child = command_that_heeds_signals(self.dir.path())
            .args(["identity", "sign-in", "--client-id", BOARD, "--vault", "passphrase", "--json"])
            .args(["--scope", SCOPES, "--name", "mia"])
            .args(more)
            .env("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let lines_of = child.stderr.take();
        let child = Running(child);
        let mut lines = BufReader::new(lines_of.expect("standard error"));
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(lines.read_line(&mut line).expect("a line"), 0, "no address was printed: {said}");
            self.printed.borrow_mut().push_str(&line);
            if line.starts_with("http://") {
                return (child, line.trim().to_owned(), lines);
            }
            said.push_str(&line);
        }
    }

    /// Registers this console's redirect URIs at the client, as its owner does at Prism.
    pub(crate) fn register(&self) {
        let list = self.run(&["connections", "--json"], b"").json();
        let uris = list.pointer("/connections/0/redirect_uris").expect("redirect URIs");
        assert_eq!(uris.as_array().map(Vec::len), Some(1), "{list}");
        Person::signs_in(&self.handout, "bob").registers(BOARD, uris);
    }

    /// What the sign-in printed at its end.
    pub(crate) fn ended(&self, mut child: Running, lines: BufReader<ChildStderr>) -> (Option<i32>, Value) {
        let said: String = lines.lines().map_while(Result::ok).collect();
        let mut out = String::new();
        child.0.stdout.take().expect("standard output").read_to_string(&mut out).expect("UTF-8");
        let code = child.0.wait().expect("its end").code();
        self.printed.borrow_mut().push_str(&(said.clone() + &out));
        let value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {said}"));
        (code, value)
    }
}

#[test]
fn signing_in_ends_with_the_redirect_of_the_browser() {
    let home = Home::new();
    home.register();
    let mia = Person::signs_in(&home.handout, "mia");
    let (child, url, lines) = home.signing_in(&[]);
    let redirect = mia.decides(&url, "approve");
    let (status, page) = http("GET", &redirect, "", "");
    assert_eq!(status, 200, "{page}");
    let (code, signed_in) = home.ended(child, lines);
    assert_eq!(code, Some(0), "{signed_in}");
    assert_eq!(signed_in["identity"]["label"], "mia");
    assert_eq!(signed_in["identity"]["refreshable"], true);

    // Another process has the token, renews it, and asks what became of it.
    let called = home.run(&["call", "me", "--as", "mia"], b"");
    assert_eq!(called.code, 0, "{}{}", called.out, called.err);
    let fresh = home.run(&["identity", "refresh", "mia"], b"");
    assert!(fresh.code == 0 && fresh.out.contains("time left; it expires in"), "{}{}", fresh.out, fresh.err);
    let renewed = home.run(&["identity", "refresh", "mia", "--force", "--json"], b"").json();
    assert_eq!(renewed["done"], true, "{renewed}");
    assert_eq!(home.run(&["identity", "introspect", "mia"], b"").code, 0);
    let revoked = home.run(&["identity", "revoke", "mia", "--json"], b"").json();
    assert_eq!(revoked["dead"], true, "{revoked}");
    assert!(home.identities().is_empty(), "a dead token is of no use");
    let tokens = issued(&home.handout);
    assert!(tokens.len() >= 5, "of the sign-in and of the renewal: {}", tokens.len());
    let secrets: Vec<&str> = tokens.iter().map(String::as_str).chain([PASSPHRASE]).collect();
    home.leaks(&secrets);
}

#[test]
fn signing_in_without_a_browser_takes_the_pasted_redirect() {
    let home = Home::new();
    home.register();
    let mia = Person::signs_in(&home.handout, "mia");
    let (mut child, url, lines) = home.signing_in(&["--no-browser"]);
    let redirect = mia.decides(&url, "approve");
    let mut input = child.0.stdin.take().expect("standard input");
    // What is no redirect, and one of another sign-in, are said and waited past.
    write!(input, "not an address\n{}\n", redirect.replace("state=", "state=x")).expect("a line");
    writeln!(input, "  {redirect}  ").expect("a line");
    drop(input);
    let (code, signed_in) = home.ended(child, lines);
    assert_eq!((code, &signed_in["identity"]["label"]), (Some(0), &json!("mia")), "{signed_in}");
    assert_eq!(home.run(&["call", "me"], b"").code, 2, "as whom was not said");
    let called = home.run_with(
        &["call", "me"],
        b"",
        &[("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE), ("SPECTROSCOPE_IDENTITY", "mia")],
    );
    assert_eq!(called.code, 0, "{}{}", called.out, called.err);
    let out = home.run(&["sign-out"], b"");
    assert!(out.code == 1 && out.err.contains("command.not_confirmed"), "{}", out.err);
    let out = home.run(&["sign-out", "--yes", "--json"], b"").json();
    assert_eq!(out["revoked"], 1, "{out}");
}

#[test]
fn a_denied_and_a_cancelled_sign_in_leave_nothing() {
    let home = Home::new();
    home.register();
    let mia = Person::signs_in(&home.handout, "mia");
    let (child, url, lines) = home.signing_in(&[]);
    let _page = http("GET", &mia.decides(&url, "deny"), "", "");
    let (code, refused) = home.ended(child, lines);
    assert_eq!(code, Some(1), "{refused}");
    assert!(refused["problem"]["code"].is_string(), "{refused}");

    for (signal, number) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let (child, _, lines) = home.signing_in(&[]);
        let sent = Command::new("kill").args([signal, &child.0.id().to_string()]).status().expect("kill");
        assert!(sent.success());
        let (code, stopped) = home.ended(child, lines);
        assert_eq!((code, &stopped["problem"]["code"]), (Some(number), &json!("cancelled")), "{stopped}");
        assert!(home.identities().is_empty());
    }
}

/// A disk on which nothing can be written: every write fails as beyond a limit of the file's size.
#[cfg(unix)]
fn full_disk(home: &Home, args: &[&str]) -> (Option<i32>, String) {
    let mut shell = Command::new("bash");
    let binary = command(home.dir.path());
    for (name, value) in binary.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell
        .env("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE)
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(binary.get_program())
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("bash");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout) + &text(output.stderr))
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_no_refresh_token_is_spent() {
    let home = Home::new();
    home.register();
    let mia = Person::signs_in(&home.handout, "mia");
    let (child, url, lines) = home.signing_in(&[]);
    http("GET", &mia.decides(&url, "approve"), "", "");
    assert_eq!(home.ended(child, lines).0, Some(0));
    let before = issued(&home.handout).len();
    let (code, said) = full_disk(&home, &["identity", "refresh", "mia", "--force"]);
    assert!(code == Some(1) && said.contains("vault.not_written"), "{code:?} {said}");
    assert_eq!(issued(&home.handout).len(), before, "nothing was asked for: {said}");
    let called = home.run(&["call", "me", "--as", "mia"], b"");
    assert_eq!(called.code, 0, "{}{}", called.out, called.err);
    let renewed = home.run(&["identity", "refresh", "mia", "--force"], b"");
    assert_eq!(renewed.code, 0, "{}{}", renewed.out, renewed.err);
}

#[test]
fn where_the_secret_lies_is_said_alike() {
    let home = Home::new();
    assert_eq!(home.add(&["--kind", "pat", "--name", "admin"], secret(&home.handout, "olivia_pat")).code, 0);
    for args in
        [&["identity", "show", "admin"][..], &["identity", "introspect", "admin"], &["identity", "list"]]
    {
        let shown = home.run(args, b"").out;
        assert!(shown.contains("passphrase vault") && !shown.contains("locked"), "{args:?}: {shown}");
    }
    let vault = home.run(&["vault", "--json"], b"");
    assert_eq!((vault.code, &vault.json()["state"]), (0, &json!("ready")), "{}", vault.out);
    let closed = home.run_with(&["vault", "--json"], b"", &[]).json();
    assert_eq!(closed["state"], "locked", "{closed}");
}

/// What the opener was given, as a program of this name in the path writes it down.
#[cfg(target_os = "linux")]
#[test]
fn the_browser_inherits_no_variable_and_no_state() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    home.register();
    let seen = home.dir.path().join("seen");
    let opener = home.dir.file(
        "xdg-open",
        format!("#!/bin/sh\n{{ env; echo \"URL $1\"; }} > {0}.new; mv {0}.new {0}\n", seen.display()),
    );
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).expect("a program");
    let path = format!("{}:{}", home.dir.path().display(), std::env::var("PATH").expect("a path"));
    let mut child = command(home.dir.path())
        .args(["identity", "sign-in", "--client-id", BOARD, "--vault", "passphrase", "--scope", SCOPES])
        .env("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE)
        .env("SPECTROSCOPE_TOKEN", "prism_pat_not-for-others")
        .env("PATH", path)
        .env("DISPLAY", ":9")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Running)
        .expect("the binary");
    let lines = BufReader::new(child.0.stderr.take().expect("standard error")).lines();
    let url = lines.map_while(Result::ok).find(|line| line.starts_with("http://")).expect("an address");
    let state =
        url.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state").to_owned();
    while !seen.exists() {
        std::thread::yield_now();
    }
    let given = std::fs::read_to_string(&seen).expect("what it was given");
    assert!(given.contains("DISPLAY=:9"), "{given}");
    assert!(!given.contains("SPECTROSCOPE_") && !given.contains("prism_pat_"), "{given}");
    let opened = given.lines().find_map(|line| line.strip_prefix("URL ")).expect("an address");
    assert!(opened.starts_with("http://127.0.0.1:") && !opened.contains(&state), "{opened}");
}
