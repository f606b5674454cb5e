//! What is left in memory: the engine runs in a process of its own, as the product does, and its memory is searched.

use sandbox::CredentialKind;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::driven::code;
use tests::driver::Driven;
use tests::keyring::{Bus, Policy, Running, Scratch};

const PROGRAM: &str = env!("CARGO_BIN_EXE_spectroscope-tests");
const PASSPHRASE: &str = "four unrelated words";

fn ask(engine: &mut Driven, operation: &str, args: &Value) -> Value {
    let answer = engine.ask(operation, args).unwrap();
    assert_eq!(code(&answer), "", "{operation}: {answer}");
    answer["reply"].clone()
}

/// Adds an access token and a personal access token, and uses them; answers the two.
fn use_two(engine: &mut Driven, sandbox: &sandbox::Handout) -> [String; 2] {
    let add = json!({
        "name": "Real", "environment": "staging", "prism_url": sandbox.prism_url,
        "glint_url": sandbox.glint_url, "provider_client_id": sandbox.provider.client_id,
    });
    let connection = ask(engine, "add_connection", &add)["connections"][0]["id"].clone();
    let token = |kind| sandbox.credentials.iter().find(|c| c.kind == kind).unwrap().secret.clone();
    let secrets = [token(CredentialKind::AccessToken), token(CredentialKind::Pat)];
    for secret in &secrets {
        let added = ask(engine, "add_identity", &json!({ "connection": connection, "secret": secret }));
        let identity = &added["identity"]["id"];
        let call = json!({ "connection": connection, "identity": identity, "route": "me", "values": {} });
        // A personal access token is not sent to Glint; it is read from the vault all the same.
        engine.ask("test_call", &call).unwrap();
        ask(engine, "open_catalog", &json!({ "connection": connection }));
    }
    secrets
}

fn copies(engine: &Driven, text: &str) -> usize {
    engine.copies_in_memory(text).unwrap()
}

/// Waits until so many copies are left: connections that are let go of end on threads of their own.
fn left(engine: &Driven, text: &str, expected: usize) -> usize {
    let began = Instant::now();
    loop {
        let found = copies(engine, text);
        if found == expected || began.elapsed() > Duration::from_secs(5) {
            return found;
        }
    }
}

#[test]
fn nothing_is_left_in_memory_after_signing_out_and_forgetting() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    for place in ["passphrase", "keychain"] {
        let scratch = Scratch::new("vault-memory").unwrap();
        let bus = Bus::start(&scratch, Policy::Open).unwrap();
        let _keychain = bus.keychain(&scratch, Some("the keychain's own passphrase")).unwrap();
        let mut engine = Driven::start(PROGRAM, &scratch, Some(&bus), &[]).unwrap();
        ask(&mut engine, "choose_vault", &json!({ "kind": place, "passphrase": PASSPHRASE }));
        let [token, pat] = use_two(&mut engine, sandbox.handout());
        let before = [copies(&engine, &token), copies(&engine, &pat)];
        assert!(before.iter().all(|count| *count > 0), "the search finds what is in use: {before:?}");

        let out = ask(&mut engine, "sign_out_everywhere", &json!({}));
        assert_eq!((&out["revoked"], &out["deleted"]), (&json!(1), &json!(1)), "{out}");
        let after = left(&engine, &token, 0);
        println!("count: {place}: copies in memory before signing out {}, after {after}", before[0]);
        assert_eq!(after, 0);

        ask(&mut engine, "forget_everything", &json!({ "connections": true }));
        let after = [left(&engine, &pat, 0), left(&engine, PASSPHRASE, 0)];
        println!("count: {place}: after forgetting, secret {} and passphrase {}", after[0], after[1]);
        assert_eq!(after, [0, 0]);
    }
}

/// Starts the engine as somebody without rights, so that ownership tells something, and answers who owns its memory and
/// how large a core file may be.
fn dumpable(arg: &str) -> (u32, u32, String) {
    let scratch = Scratch::new("vault-dump").unwrap();
    let own = std::fs::metadata("/proc/self").unwrap().uid();
    let user = if own == 0 { 65534 } else { own };
    let mut command = scratch.command(PROGRAM);
    command.args(["engine", "--data"]).arg(scratch.path().join("product")).arg(arg).uid(user);
    let mut process = Running::new(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
    process.child().stdin.as_mut().unwrap().write_all(b"{\"operation\":\"read_activity\"}\n").unwrap();
    let mut reply = String::new();
    BufReader::new(process.child().stdout.as_mut().unwrap()).read_line(&mut reply).unwrap();
    assert!(reply.contains("entries"), "{reply}");
    let proc = format!("/proc/{}", process.id());
    let limits = std::fs::read_to_string(format!("{proc}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    (
        std::fs::metadata(format!("{proc}/mem")).unwrap().uid(),
        user,
        core.split_whitespace().nth(4).unwrap().to_owned(),
    )
}

#[test]
fn a_hardened_process_belongs_to_nobody_else_and_leaves_no_core() {
    let (owner, user, _) = dumpable("--plain");
    assert_eq!(owner, user, "as it would be without");
    let (owner, _, core) = dumpable("--harden");
    assert_eq!((owner, core.as_str()), (0, "0"));
}
