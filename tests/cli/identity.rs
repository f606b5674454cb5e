//! `spectroscope identity …` against a sandbox started separately, with secrets on standard input and a passphrase vault.

use crate::home::{Home, PASSPHRASE};
use crate::support::{Dir, run_in, secret};

const BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";

#[test]
fn a_credential_is_taken_in_once_and_used_by_later_commands() {
    let home = Home::new();
    let pat = secret(&home.handout, "olivia_pat").to_owned();
    let without = home.run(&["definitions", "plan"], b"");
    assert!(without.code == 2 && without.err.contains("identity add"), "{}", without.err);

    let added = home.add(&["--kind", "pat", "--name", "admin"], &pat);
    assert_eq!((added.code, added.err.contains("risky")), (0, false), "{}{}", added.out, added.err);
    assert!(added.out.starts_with("admin, personal access token\n"), "{}", added.out);

    let planned = home.run(&["definitions", "plan", "--connection", "Tea"], b"");
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    let locked = home.run_with(&["definitions", "plan", "--connection", "Tea"], b"", &[]);
    assert!(locked.code == 1 && locked.err.contains("SPECTROSCOPE_VAULT_PASSPHRASE"), "{}", locked.err);
    let wrong = [("SPECTROSCOPE_VAULT_PASSPHRASE", "not-this-one-at-all-today")];
    let wrong = home.run_with(&["definitions", "plan", "--connection", "Tea"], b"", &wrong);
    assert!(wrong.code == 1 && wrong.err.contains("vault."), "{}", wrong.err);

    assert!(planned.err.contains("as "), "who did it is said: {}", planned.err);
    let shown = home.run(&["identity", "show", "adm"], b"");
    assert!(shown.code == 0 && shown.out.contains("? Change apps"), "{}", shown.out);
    assert_eq!(home.run(&["identity", "rename", "admin", "Olivia"], b"").code, 0);
    assert_eq!(home.identities()[0]["label"], "Olivia");
    assert_eq!(home.run(&["identity", "remove", "Olivia"], b"").out, "Forgotten: Olivia\n");
    assert!(home.identities().is_empty());
    home.leaks(&[&pat, PASSPHRASE]);
}

#[test]
fn client_credentials_are_an_id_in_the_arguments_and_a_secret_on_standard_input() {
    let home = Home::new();
    let client_secret = secret(&home.handout, "glint_client").to_owned();
    let id = home.handout["provider"]["client_id"].as_str().expect("a client id");
    let named = ["--kind", "client", "--client-id", id, "--name", "Glint itself"];
    let added = home.add(&named, &client_secret);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.out.contains(id), "{}", added.out);
    let planned = home.run(&["definitions", "plan"], b"");
    assert_eq!(planned.code, 0, "its own definitions: {}{}", planned.out, planned.err);
    assert_eq!(
        home.add(&["--kind", "client"], &format!("{id}:{client_secret}")).code,
        0,
        "both in one piece"
    );
    home.leaks(&[&client_secret]);
}

#[test]
fn wrong_secrets_and_wrong_names_are_refused_with_a_cure() {
    let home = Home::new();
    for (input, code) in [("", 4), (" \n", 4), ("two words", 1), ("a\nb", 1), ("\u{0}", 1)] {
        let ran = home.run(&["identity", "add", "--vault", "passphrase", "--kind", "pat"], input.as_bytes());
        assert_eq!(ran.code, code, "{input:?}: {}", ran.err);
    }
    let half = home.add(&["--kind", "client"], "no-colon");
    assert!(half.code == 1 && half.err.contains("client_id:client_secret"), "{}", half.err);
    let binary = home.run(&["identity", "add", "--vault", "passphrase"], &[0xff, 0xfe, 0x41]);
    assert_ne!(binary.code, 0, "{}", binary.out);
    for args in
        [&["identity", "add", "--secret", "x"][..], &["identity", "add", "x"], &["identity", "sign-in"]]
    {
        assert_eq!(home.run(args, b"").code, 2, "{args:?}");
    }
    for what in ["show", "refresh", "introspect", "revoke", "remove", "use", "accept"] {
        let ran = home.run(&["identity", what, "nobody"], b"");
        assert!(ran.code == 2 && ran.err.contains("identity.unknown"), "{what}: {}", ran.err);
    }
    assert!(home.identities().is_empty());
    let nowhere = Dir::new();
    let ran = run_in(nowhere.path(), &["identity", "list"], b"", &[]);
    assert!(ran.code == 2 && ran.err.contains("spectroscope connect"), "{}", ran.err);
}

#[test]
fn a_token_of_another_client_is_flagged_until_somebody_goes_on() {
    let home = Home::new();
    let token = secret(&home.handout, "mia_full").to_owned();
    let added = home.add(&["--kind", "token", "--name", "mia", "--used-for", BOT, "--json"], &token).json();
    assert_eq!(added["identity"]["foreign"], true, "{added}");
    assert_ne!(added["identity"]["client_id"], BOT, "it was issued to another client");
    let listed = home.run(&["identity", "list"], b"");
    assert!(listed.out.contains("mia (!)"), "{}", listed.out);
    assert_eq!(home.run(&["identity", "accept", "mia"], b"").code, 0);
    assert_eq!(home.identities()[0]["foreign"], false);
    home.leaks(&[&token]);
}

#[test]
fn the_identity_that_is_named_does_it_and_no_other() {
    let home = Home::new();
    let client = home.handout["provider"]["client_id"].as_str().expect("a client id");
    assert_eq!(home.add(&["--kind", "pat", "--name", "admin"], secret(&home.handout, "olivia_pat")).code, 0);
    let named = ["--kind", "client", "--client-id", client, "--name", "Glint itself"];
    assert_eq!(home.add(&named, secret(&home.handout, "glint_client")).code, 0);
    assert_eq!(home.add(&["--kind", "token", "--name", "mia"], secret(&home.handout, "mia_full")).code, 0);

    let listed = home.run(&["identity", "list"], b"").out;
    let taken = listed.split_once("Taken where none is named:\n").expect("who is taken for what").1;
    let lines: Vec<&str> = taken.lines().collect();
    assert_eq!(
        lines,
        [
            "  admin: Read apps, Change apps, Change scope definitions, Change access rules",
            "  mia: Call Glint as a user"
        ]
    );
    let by_client = home.run(&["definitions", "plan", "--identity", "glint"], b"");
    assert!(by_client.code == 0 && by_client.err.contains("client credentials"), "{}", by_client.err);
    // A rule takes a personal access token; the one that is there does not stand in for the one that was named.
    let rules = home.run(&["rules", "list", "--identity", "glint"], b"");
    assert_eq!(rules.code, 2, "{}{}", rules.out, rules.err);
    let token = home.run(&["definitions", "plan", "--identity", "mia"], b"");
    assert!(token.code == 1 && token.err.contains("identity.not_for_admin"), "{}", token.err);
    // The choice was for those commands.
    let rules = home.run(&["rules", "list"], b"");
    assert!(rules.code == 0 && rules.err.contains("personal access token"), "{}", rules.err);
    assert_eq!(home.run(&["definitions", "plan", "--identity", "nobody"], b"").code, 2);
    let variable =
        [("SPECTROSCOPE_VAULT_PASSPHRASE", crate::home::PASSPHRASE), ("SPECTROSCOPE_IDENTITY", "nobody")];
    assert_eq!(home.run_with(&["rules", "list"], b"", &variable).code, 2);
}
