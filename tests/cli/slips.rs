//! Slips of somebody who is new to it: the answer names the slip and its cure, and nothing is left behind.

use crate::connect::server;
use crate::home::Home;
use crate::support::{Dir, run_in, secret};

#[test]
fn an_identity_with_a_wrong_name_or_a_client_id_too_many_is_not_taken_in() {
    let home = Home::new();
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    assert_eq!(home.add(&["--kind", "pat", "--name", "admin"], &pat).code, 0);
    let long = "n".repeat(5000);
    for (args, code, cure) in [
        (&["--name", "admin"][..], "identity.name_taken", "identity remove \"admin\""),
        (&["--name", " admin "], "identity.name_taken", "`--name`"),
        (&["--name", &long], "identity.bad_name", "shorter"),
        (&["--name", "a\u{1b}[31mb"], "identity.bad_name", "shorter"),
        (&["--name", "a\u{202e}b"], "identity.bad_name", "shorter"),
        (&["--kind", "pat", "--client-id", "prism_x"], "identity.client_id_unused", "--kind client"),
        (&["--kind", "token", "--client-id", "prism_x"], "identity.client_id_unused", "--kind client"),
    ] {
        let ran = home.add(args, &pat);
        let usage = code == "identity.client_id_unused";
        assert_eq!(ran.code, if usage { 2 } else { 1 }, "{args:?}: {}", ran.err);
        assert!(ran.err.contains(code) && ran.err.contains(cure), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
    }
    assert_eq!(home.identities().len(), 1);
    home.leaks(&[&pat]);
}

#[test]
fn what_is_no_credential_is_not_to_be_split_into_files() {
    let home = Home::new();
    for input in [vec![b'a'; 1_000_000], vec![0x9f, 0x92, 0x96, 0xff]] {
        let ran = home.run(&["identity", "add", "--vault", "passphrase"], &input);
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(ran.err.contains("as one line") && !ran.err.contains("file"), "{}", ran.err);
        assert!(!ran.err.contains(" 0 MiB"), "{}", ran.err);
    }
}

#[test]
fn a_sign_in_that_asks_for_nothing_or_takes_a_name_is_stopped_before_the_browser() {
    let home = Home::new();
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    assert_eq!(home.add(&["--name", "mia"], &pat).code, 0);
    let sign_in = |scope: &str, name: &str| {
        home.run(
            &[
                "identity",
                "sign-in",
                "--client-id",
                "prism_wl26DFRxxToGcOuw00SsQA",
                "--no-browser",
                "--scope",
                scope,
                "--name",
                name,
            ],
            b"",
        )
    };
    for scope in ["", " ", ",", " , "] {
        let ran = sign_in(scope, "leo");
        assert!(ran.code == 2 && ran.err.contains("sign_in.no_scope"), "{scope:?}: {}", ran.err);
    }
    let ran = sign_in("openid", "mia");
    assert!(ran.code == 1 && ran.err.contains("identity.name_taken"), "{}", ran.err);
}

/// The passphrase vault is in use: that there is no keychain stops nothing, and is no refusal.
#[test]
fn a_locked_vault_does_not_blame_the_keychain() {
    let home = Home::new();
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    assert_eq!(home.add(&["--name", "admin"], &pat).code, 0);
    let status = home.run_with(&["vault"], b"", &[]);
    assert!(status.code == 1 && status.out.contains("passphrase vault, locked"), "{}", status.out);
    assert!(!status.err.contains("refused"), "{}", status.err);
    let list = home.run_with(&["identity", "list"], b"", &[]);
    assert!(list.code == 0 && list.out.contains("not here, or locked"), "{}", list.out);
}

/// Names are looked up with the caller's token, which lies in a vault that is locked when the command starts.
#[test]
fn names_of_teams_and_sets_are_understood_out_of_a_locked_vault() {
    let home = Home::new();
    let token = secret(&home.handout, "mia_full").to_owned();
    assert_eq!(home.add(&["--kind", "token", "--name", "mia"], &token).code, 0);
    let ran = home
        .run(&["call", "list_todos", "--as", "mia", "--set", "team=Tea Party", "--set", "set=Pantry"], b"");
    assert!(ran.code == 0 && !ran.out.contains("Tea%20Party"), "{}{}", ran.out, ran.err);
}

#[test]
fn unreadable_connections_are_not_called_none() {
    let dir = Dir::new();
    std::fs::create_dir_all(dir.path().join("spectroscope")).expect("a directory");
    std::fs::write(dir.path().join("spectroscope/connections.json"), "{").expect("a file");
    for json in [false, true] {
        let args: &[&str] = if json { &["connections", "--json"] } else { &["connections"] };
        let ran = run_in(dir.path(), args, b"", &[]);
        assert_eq!(ran.code, 4, "{}", ran.err);
        assert!(!ran.err.contains("There is no saved connection"), "{}", ran.err);
        assert_eq!(json, ran.out.contains("connections.unreadable"), "{}", ran.out);
    }
}

#[test]
fn a_server_that_is_down_or_sends_on_or_speaks_http_is_told_apart_from_a_stranger() {
    let dir = Dir::new();
    let connect = |address: &str, code: i32| {
        let ran = run_in(dir.path(), &["connect", address], b"", &[]);
        assert_eq!(ran.code, code, "{}", ran.err);
        ran.err
    };
    let down = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let said = connect(&server(down), 3);
    assert!(said.contains("503") && said.contains("[server.error]"), "{said}");
    let moved = "HTTP/1.1 301 Moved\r\nlocation: https://user:word@elsewhere.example/a?token=b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let said = connect(&server(moved), 3);
    assert!(said.contains("`https://elsewhere.example`") && !said.contains("word"), "{said}");
    let said = connect(&server(down).replace("http:", "https:"), 4);
    assert!(said.contains("without TLS") && said.contains("http://127.0.0.1"), "{said}");
}
