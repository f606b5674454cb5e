//! `spectroscope vault …` where there is no keychain: refusal, passphrase, this run only.

use crate::support::{Dir, Ran, run_in, secret, start};
use serde_json::Value;

const PASSPHRASE: &str = "seven-lamps-under-a-quiet-bridge";
const SET: [(&str, &str); 1] = [("SPECTROSCOPE_VAULT_PASSPHRASE", PASSPHRASE)];

fn connected(dir: &Dir, handout: &Value) {
    let glint = handout["glint_url"].as_str().expect("an address");
    let prism = handout["prism_url"].as_str().expect("an address");
    let ran = run_in(dir.path(), &["connect", glint, "--prism", prism, "--name", "Tea"], b"", &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

fn add(dir: &Dir, more: &[&str], handout: &Value, variables: &[(&str, &str)]) -> Ran {
    let args: Vec<&str> =
        ["identity", "add", "--kind", "pat", "--name", "admin"].iter().chain(more).copied().collect();
    run_in(dir.path(), &args, secret(handout, "olivia_pat").as_bytes(), variables)
}

#[test]
fn without_a_keychain_nothing_is_kept_until_somebody_chooses() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    connected(&dir, &handout);
    let refused = add(&dir, &[], &handout, &[]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("vault.unchosen"), "{}", refused.err);
    assert!(refused.err.to_lowercase().contains("keychain"), "the reason: {}", refused.err);
    for choice in ["--vault passphrase", "--vault memory"] {
        assert!(refused.err.contains(choice), "the choices: {}", refused.err);
    }
    let json = add(&dir, &["--json"], &handout, &[]);
    assert_eq!(json.json()["problem"]["code"], "vault.unchosen");
    let files: Vec<_> = std::fs::read_dir(dir.path().join("spectroscope"))
        .expect("the directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    assert!(files.iter().all(|name| name.starts_with("connections")), "{files:?}");
    let status = run_in(dir.path(), &["vault"], b"", &[]);
    assert!(status.code == 1 && status.out.contains("nothing chosen yet"), "{}", status.out);
}

/// The power of two that is scrypt's N in the key file of a vault; the file is age's, and begins with readable lines.
fn work_factor(dir: &Dir) -> String {
    let file = std::fs::read(dir.path().join("spectroscope/vault/key.age")).expect("a key file");
    let text = String::from_utf8_lossy(&file);
    let line = text.lines().find(|line| line.starts_with("-> scrypt ")).expect("scrypt's line");
    line.rsplit(' ').next().expect("a word").to_owned()
}

#[test]
fn a_vault_costs_whoever_guesses_its_full_work_unless_a_test_asks_for_less() {
    let (home, full, quick) = (Dir::new(), Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    for (dir, variables) in [(&full, &[SET[0], ("SPECTROSCOPE_QUICK_VAULT", "")][..]), (&quick, &SET[..])] {
        connected(dir, &handout);
        let added = add(dir, &["--vault", "passphrase"], &handout, variables);
        assert_eq!(added.code, 0, "{}", added.err);
    }
    assert_eq!(work_factor(&full), "17");
    assert_eq!(work_factor(&quick), "10", "only a debug build, which is what tests run, takes this");
}

#[test]
fn a_passphrase_vault_serves_the_next_command() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    connected(&dir, &handout);
    let nobody = add(&dir, &["--vault", "passphrase"], &handout, &[]);
    assert!(nobody.code == 1 && nobody.err.contains("vault.no_passphrase"), "{}", nobody.err);
    let weak = add(&dir, &["--vault", "passphrase"], &handout, &[("SPECTROSCOPE_VAULT_PASSPHRASE", "a")]);
    assert_eq!(weak.code, 1, "{}", weak.err);
    for guessed in [
        "Prismglint#2026",
        "prism-glint-spectroscope",
        "Tea-127.0.0.1-Prism!",
        "pr1sm+gl1nt+2026",
        "tr0ub4dor&3",
        "w1nt3rh4lt3!",
    ] {
        let set = [("SPECTROSCOPE_VAULT_PASSPHRASE", guessed)];
        let weak = add(&dir, &["--vault", "passphrase"], &handout, &set);
        assert!(weak.code == 1 && weak.err.contains("vault.weak_passphrase"), "{guessed}: {}", weak.err);
        assert!(!dir.path().join("spectroscope/vault").exists(), "{guessed}: nothing was made");
    }
    let by_variable = [SET[0], ("SPECTROSCOPE_VAULT", "passphrase")];
    let added = add(&dir, &[], &handout, &by_variable);
    assert_eq!(added.code, 0, "{}", added.err);
    assert!(added.out.contains("passphrase vault"), "{}", added.out);
    let status = run_in(dir.path(), &["vault", "status", "--json"], b"", &[]);
    let vault = status.json();
    assert_eq!((status.code, &vault["kind"], &vault["state"]), (1, &"passphrase".into(), &"locked".into()));
    let planned = run_in(dir.path(), &["definitions", "plan", "--connection", "Tea"], b"", &SET);
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    // Secrets do not move because of an option of some command.
    let other =
        run_in(dir.path(), &["definitions", "plan", "--connection", "Tea", "--vault", "keychain"], b"", &SET);
    assert!(other.code == 1 && other.err.contains("vault use keychain"), "{}", other.err);

    let unsure = run_in(dir.path(), &["vault", "forget"], b"", &SET);
    assert_eq!(unsure.code, 1, "{}", unsure.err);
    let forgotten = run_in(dir.path(), &["vault", "forget", "--yes", "--json"], b"", &SET);
    assert_eq!((forgotten.code, &forgotten.json()["deleted"]), (0, &1.into()), "{}", forgotten.err);
    let left = run_in(dir.path(), &["identity", "list", "--json"], b"", &SET).json();
    assert_eq!(left["identities"].as_array().map(Vec::len), Some(0));
    let connections = run_in(dir.path(), &["connections", "--json"], b"", &[]).json();
    assert_eq!(connections["connections"].as_array().map(Vec::len), Some(1), "they stay unless asked");
}

#[test]
fn memory_ends_with_the_command() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    connected(&dir, &handout);
    let added = add(&dir, &["--vault", "memory"], &handout, &[]);
    assert!(added.code == 0 && added.err.contains("gone when this command ends"), "{}", added.err);
    let list = run_in(dir.path(), &["identity", "list", "--json"], b"", &[]).json();
    assert_eq!(list["identities"].as_array().map(Vec::len), Some(0), "{list}");
    assert_eq!(run_in(dir.path(), &["vault", "use", "memory"], b"", &[]).code, 2);
    let keychain = run_in(dir.path(), &["vault", "use", "keychain"], b"", &[]);
    assert!(keychain.code == 1 && keychain.err.to_lowercase().contains("keychain"), "{}", keychain.err);
    let odd = run_in(dir.path(), &["identity", "list"], b"", &[("SPECTROSCOPE_VAULT", "cellar")]);
    assert!(odd.code == 2 && odd.err.contains("cellar"), "{}", odd.err);
    assert_eq!(run_in(dir.path(), &["vault", "use", "cellar"], b"", &[]).code, 2);
}
