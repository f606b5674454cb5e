//! `spectroscope identity sign-in`: by the loopback redirect, and by the pasted one.

use crate::browser::{Person, http, issued};
use crate::home::{Home, PASSPHRASE};
use crate::support::{Running, command};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStderr, Command, Stdio};

/// Tea Board, a public client.
const BOARD: &str = "prism_wl26DFRxxToGcOuw00SsQA";

const SCOPES: &str = "openid,teams:read,offline_access,app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos";

impl Home {
    /// Starts a sign-in and answers it with the address it prints.
    fn signing_in(&self, more: &[&str]) -> (Running, String, BufReader<ChildStderr>) {
        let mut child = command(self.dir.path())
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
    fn register(&self) {
        let list = self.run(&["connections", "--json"], b"").json();
        let uris = list.pointer("/connections/0/redirect_uris").expect("redirect URIs");
        assert_eq!(uris.as_array().map(Vec::len), Some(1), "{list}");
        Person::signs_in(&self.handout, "bob").registers(BOARD, uris);
    }

    /// What the sign-in printed at its end.
    fn ended(&self, mut child: Running, lines: BufReader<ChildStderr>) -> (Option<i32>, Value) {
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

    let (child, _, lines) = home.signing_in(&[]);
    assert!(Command::new("kill").args(["-INT", &child.0.id().to_string()]).status().expect("kill").success());
    let (code, stopped) = home.ended(child, lines);
    assert_eq!((code, &stopped["problem"]["code"]), (Some(1), &json!("cancelled")), "{stopped}");
    assert!(home.identities().is_empty());
}
