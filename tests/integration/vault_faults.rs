//! A keychain that misbehaves, seven ways, under three operations: the real daemon on a bus of the test's own. Whatever
//! happens, no secret is in any file.

use sandbox::CredentialKind;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use tests::driven::code;
use tests::driver::Driven;
use tests::keyring::{Bus, Policy, Running, Scratch};

const PROGRAM: &str = env!("CARGO_BIN_EXE_spectroscope-tests");
const OPENS: &str = "the keychain's own passphrase";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Absent,
    Locked,
    Denied,
    Hung,
    EntryDeleted,
    StoreSwapped,
    Headless,
}

const FAULTS: [Fault; 7] = [
    Fault::Absent,
    Fault::Locked,
    Fault::Denied,
    Fault::Hung,
    Fault::EntryDeleted,
    Fault::StoreSwapped,
    Fault::Headless,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Keep,
    Use,
    Remove,
}

impl Fault {
    /// What each operation ends in.
    fn expected(self, act: Act) -> &'static str {
        match (self, act) {
            (Self::Absent | Self::Headless | Self::Denied | Self::Hung, Act::Remove) => "vault.entry_left",
            (Self::Absent | Self::Headless, _) => "vault.keychain_absent",
            (Self::Locked, _) => "vault.keychain_locked",
            (Self::Denied, _) => "vault.keychain_denied",
            (Self::Hung, _) => "vault.keychain_hung",
            (Self::EntryDeleted | Self::StoreSwapped, Act::Use) => "identity.secret_gone",
            (Self::EntryDeleted | Self::StoreSwapped, _) => "",
        }
    }
}

/// What goes on around one run, kept alive until it is over.
struct Stage {
    bus: Option<Bus>,
    _keychain: Option<Running>,
    _other: Option<Scratch>,
}

/// Puts the fault in force on a stage where everything worked.
fn break_it(fault: Fault, scratch: &Scratch, bus: Bus, keychain: Running) -> Stage {
    let mut stage = Stage { bus: None, _keychain: None, _other: None };
    match fault {
        Fault::Absent => {
            keychain.signal("KILL").unwrap();
            drop(keychain);
            stage.bus = Some(bus);
        }
        Fault::Locked => {
            let said = bus.secret_tool(scratch, &["lock", "--collection=login"]).unwrap();
            assert_eq!(said, "");
            (stage.bus, stage._keychain) = (Some(bus), Some(keychain));
        }
        Fault::Denied => {
            drop((keychain, bus));
            let bus = Bus::start(scratch, Policy::NoKeychain).unwrap();
            stage._keychain = Some(bus.keychain(scratch, Some(OPENS)).unwrap());
            stage.bus = Some(bus);
        }
        Fault::Hung => {
            keychain.signal("STOP").unwrap();
            (stage.bus, stage._keychain) = (Some(bus), Some(keychain));
        }
        Fault::EntryDeleted => {
            bus.secret_tool(scratch, &["clear", "service", "spectroscope"]).unwrap();
            (stage.bus, stage._keychain) = (Some(bus), Some(keychain));
        }
        Fault::StoreSwapped => {
            drop((keychain, bus));
            let other = Scratch::new("vault-other").unwrap();
            let bus = Bus::start(&other, Policy::Open).unwrap();
            stage._keychain = Some(bus.keychain(&other, Some(OPENS)).unwrap());
            (stage.bus, stage._other) = (Some(bus), Some(other));
        }
        Fault::Headless => drop((keychain, bus)),
    }
    stage
}

fn act(engine: &mut Driven, act: Act, connection: &Value, identity: &Value, secret: &str) -> Value {
    let on = json!({ "connection": connection, "identity": identity });
    match act {
        Act::Keep => {
            engine.ask("add_identity", &json!({ "connection": connection, "secret": secret })).unwrap()
        }
        Act::Use => {
            let mut call = on;
            call["route"] = json!("me");
            call["values"] = json!({});
            engine.ask("test_call", &call).unwrap()
        }
        Act::Remove => engine.ask("remove_identity", &on).unwrap(),
    }
}

/// Whether some code is said, as the problem itself or among the problems of the reply.
fn says(answer: &Value, expected: &str) -> bool {
    let problems = answer.pointer("/reply/problems").and_then(Value::as_array);
    let beside = problems.is_some_and(|list| list.iter().any(|problem| problem["code"] == expected));
    if expected.is_empty() { answer.get("reply").is_some() } else { code(answer) == expected || beside }
}

/// A connection to the sandbox as if it were real.
fn connect(engine: &mut Driven, sandbox: &sandbox::Handout) -> Value {
    let add = json!({
        "name": "Real", "environment": "staging", "prism_url": sandbox.prism_url,
        "glint_url": sandbox.glint_url, "provider_client_id": sandbox.provider.client_id,
    });
    let added = engine.ask("add_connection", &add).unwrap();
    added["reply"]["connections"][0]["id"].clone()
}

fn token(sandbox: &sandbox::Handout, kind: CredentialKind) -> String {
    sandbox.credentials.iter().find(|c| c.kind == kind).unwrap().secret.clone()
}

fn run(fault: Fault, which: Act, sandbox: &sandbox::Handout) -> usize {
    let scratch = Scratch::new("vault-fault").unwrap();
    let (kept, new) = (token(sandbox, CredentialKind::AccessToken), token(sandbox, CredentialKind::Pat));
    let bus = Bus::start(&scratch, Policy::Open).unwrap();
    let keychain = bus.keychain(&scratch, Some(OPENS)).unwrap();
    let mut engine = Driven::start(PROGRAM, &scratch, Some(&bus), &[]).unwrap();
    let connection = connect(&mut engine, sandbox);
    let added = act(&mut engine, Act::Keep, &connection, &Value::Null, &kept);
    assert_eq!(added["reply"]["identity"]["kept"], "keychain", "{added}");
    let identity = added["reply"]["identity"]["id"].clone();
    drop(engine);

    let stage = break_it(fault, &scratch, bus, keychain);
    let mut engine = Driven::start(PROGRAM, &scratch, stage.bus.as_ref(), &["--answer-ms", "2500"]).unwrap();
    // It answers although the keychain may never do: waiting for the answer is the assertion.
    let answer = act(&mut engine, which, &connection, &identity, &new);
    assert!(says(&answer, fault.expected(which)), "{fault:?} {which:?}: {answer}");
    drop(engine);
    let needles: Vec<Vec<u8>> = [kept, new].iter().flat_map(|secret| forms(secret)).collect();
    let (searched, found) = scan(scratch.path(), &needles);
    assert!(found.is_empty(), "{fault:?} {which:?}: {found:?}");
    assert!(
        searched.iter().any(|path| path.ends_with("login.keyring")),
        "the keychain's own file is searched"
    );
    searched.len()
}

/// A text as it is, and as base64 (at each of three offsets), hexadecimal and UTF-16.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms =
        vec![secret.as_bytes().to_vec(), hex.to_ascii_uppercase().into_bytes(), hex.into_bytes(), wide];
    for skip in 0..3 {
        let whole = (secret.len() - skip) / 3 * 3;
        forms.push(base64(&secret.as_bytes()[skip..skip + whole]).into_bytes());
    }
    forms
}

/// RFC 4648 §4 for whole groups of three.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes
        .chunks_exact(3)
        .map(|part| part.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)));
    groups.flat_map(|bits| (0..4).map(move |at| char::from(SIGNS[bits >> (18 - 6 * at) & 63]))).collect()
}

/// Searches every file below: what was searched, and where one of the texts is.
fn scan(root: &Path, needles: &[Vec<u8>]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut searched, mut found) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            let (below, there) = scan(&path, needles);
            searched.extend(below);
            found.extend(there);
        } else if kind.is_file() {
            let bytes = fs::read(&path).unwrap();
            if needles.iter().any(|needle| bytes.windows(needle.len()).any(|part| part == needle)) {
                found.push(path.clone());
            }
            searched.push(path);
        }
    }
    (searched, found)
}

#[test]
fn the_search_finds_what_is_there() {
    let scratch = Scratch::new("vault-control").unwrap();
    let secret = "canary-5d1c0e88-control";
    let file = scratch.path().join("home/found");
    for form in forms(secret) {
        fs::write(&file, [b"x".as_slice(), &form, b"y"].concat()).unwrap();
        assert_eq!(scan(scratch.path(), &forms(secret)).1, std::slice::from_ref(&file));
    }
    fs::write(&file, "nothing").unwrap();
    assert_eq!(scan(scratch.path(), &forms(secret)), (vec![file], vec![]));
}

#[test]
fn whatever_the_keychain_does_no_secret_is_written_anywhere() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    let (mut runs, mut files) = (0, 0);
    for fault in FAULTS {
        for which in [Act::Keep, Act::Use, Act::Remove] {
            files += run(fault, which, sandbox.handout());
            runs += 1;
        }
    }
    assert_eq!(runs, 21);
    println!(
        "count: keychain: {runs} runs of {} faults, {files} files searched, 0 secrets in them",
        FAULTS.len()
    );
}

#[test]
fn a_keychain_that_dies_in_the_middle_is_said_and_one_that_wakes_up_works_again() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    let scratch = Scratch::new("vault-midway").unwrap();
    let bus = Bus::start(&scratch, Policy::Open).unwrap();
    let keychain = bus.keychain(&scratch, Some(OPENS)).unwrap();
    let mut engine = Driven::start(PROGRAM, &scratch, Some(&bus), &["--answer-ms", "6000"]).unwrap();
    let connection = connect(&mut engine, sandbox.handout());
    let secret = token(sandbox.handout(), CredentialKind::AccessToken);
    let add = json!({ "connection": connection, "secret": secret });
    assert_eq!(code(&engine.ask("add_identity", &add).unwrap()), "");

    keychain.signal("STOP").unwrap();
    let said: Vec<Value> = (0..4).map(|_| engine.ask("add_identity", &add).unwrap()).collect();
    assert!(said.iter().all(|answer| code(answer) == "vault.keychain_hung"), "{said:?}");
    let words = said[0].to_string();
    assert!(words.contains("does not answer") && words.contains("End the keychain's process"), "{words}");
    assert_eq!(engine.keychain_threads().unwrap(), 1, "calls that are refused start no thread");
    keychain.signal("CONT").unwrap();
    while engine.keychain_threads().unwrap() > 0 {
        std::thread::yield_now();
    }
    assert_eq!(code(&engine.ask("add_identity", &add).unwrap()), "");

    keychain.signal("STOP").unwrap();
    engine.send("add_identity", &add).unwrap();
    while engine.keychain_threads().unwrap() == 0 {
        std::thread::yield_now();
    }
    keychain.signal("KILL").unwrap();
    assert_eq!(code(&engine.reply().unwrap()), "vault.keychain_absent");
    drop(keychain);
    let _again = bus.keychain(&scratch, Some(OPENS)).unwrap();
    assert_eq!(code(&engine.ask("add_identity", &add).unwrap()), "");
    assert!(scan(scratch.path(), &forms(&secret)).1.is_empty());
}

#[test]
fn a_keychain_that_is_locked_meanwhile_is_told_and_nothing_of_it_gets_lost() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    let scratch = Scratch::new("vault-locked").unwrap();
    let bus = Bus::start(&scratch, Policy::Open).unwrap();
    let keychain = bus.keychain(&scratch, Some(OPENS)).unwrap();
    let mut engine = Driven::start(PROGRAM, &scratch, Some(&bus), &["--answer-ms", "2500"]).unwrap();
    let connection = connect(&mut engine, sandbox.handout());
    let secret = token(sandbox.handout(), CredentialKind::AccessToken);
    let added = act(&mut engine, Act::Keep, &connection, &Value::Null, &secret);
    let identity = added["reply"]["identity"]["id"].clone();
    let state = |engine: &mut Driven| engine.ask("read_vault", &json!({})).unwrap()["reply"]["state"].clone();
    assert_eq!(state(&mut engine), "ready");

    assert_eq!(bus.secret_tool(&scratch, &["lock", "--collection=login"]).unwrap(), "");
    let kept = act(&mut engine, Act::Keep, &connection, &Value::Null, &secret);
    assert_eq!((code(&kept), state(&mut engine)), ("vault.keychain_locked", json!("locked")));
    let removed = act(&mut engine, Act::Remove, &connection, &identity, &secret);
    assert_eq!(code(&removed), "vault.keychain_locked", "{removed}");
    let listed = engine.ask("list_connections", &json!({})).unwrap();
    assert_eq!(listed["reply"]["connections"][0]["identities"][0]["id"], identity);

    drop(keychain);
    let keychain = bus.keychain(&scratch, Some(OPENS)).unwrap();
    let again = act(&mut engine, Act::Keep, &connection, &Value::Null, &secret);
    assert_eq!((code(&again), state(&mut engine)), ("", json!("ready")), "{again}");
    assert_eq!(bus.secret_tool(&scratch, &["lock", "--collection=login"]).unwrap(), "");
    let gone = engine.ask("remove_connection", &json!({ "connection": connection })).unwrap();
    let told = gone["reply"]["problems"].as_array().unwrap();
    let left: Vec<&Value> = told.iter().filter(|problem| problem["code"] == "vault.entry_left").collect();
    let named = left.iter().any(|problem| problem.to_string().contains(identity.as_str().unwrap()));
    assert!(left.len() == 2 && named, "each entry is named: {gone}");
    assert_eq!(gone["reply"]["connections"], json!([]));
    drop(keychain);
}

#[test]
fn without_a_keychain_secrets_are_in_encrypted_files_or_nowhere() {
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    // A dead token for administration is not taken in; all others are.
    let living = sandbox.handout().credentials.iter().filter(|c| c.id != "bob_pat_expired");
    let secrets: Vec<String> = living.map(|c| c.secret.clone()).collect();
    let passphrase = "four unrelated words";
    for (place, kept) in [("passphrase", secrets.len()), ("memory", 0)] {
        let scratch = Scratch::new("vault-headless").unwrap();
        let mut engine = Driven::start(PROGRAM, &scratch, None, &[]).unwrap();
        let connection = connect(&mut engine, sandbox.handout());
        let add = |secret: &str| json!({ "connection": connection, "secret": secret });
        assert_eq!(code(&engine.ask("add_identity", &add(&secrets[0])).unwrap()), "vault.unchosen");
        let chosen = engine.ask("choose_vault", &json!({ "kind": place, "passphrase": passphrase })).unwrap();
        assert_eq!(chosen["reply"]["state"], "ready", "{chosen}");
        for secret in &secrets {
            let added = engine.ask("add_identity", &add(secret)).unwrap();
            assert_eq!(added["reply"]["identity"]["kept"], place, "{added}");
        }
        assert_eq!(engine.ask("read_vault", &json!({})).unwrap()["reply"]["kept"], kept);
        let needles: Vec<Vec<u8>> =
            secrets.iter().map(String::as_str).chain([passphrase]).flat_map(forms).collect();
        let (searched, found) = scan(scratch.path(), &needles);
        assert!(found.is_empty(), "{found:?}");
        println!(
            "count: {place}: {} secrets, {} files searched, 0 secrets in them",
            secrets.len(),
            searched.len()
        );
    }
}
