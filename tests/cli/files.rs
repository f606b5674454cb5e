//! Files that a command writes: new or after `--force`, readable by their owner only, never through a link.
#![cfg(unix)]

use crate::support::{Dir, run_in};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

const ANSWER: &str =
    "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"error\":\"Token inactive or expired\"}";

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// Each command that writes a file, without the name of the file.
const WRITES: [&[&str]; 3] =
    [&["diagnose", "--capsule"], &["diagnose", "--report"], &["definitions", "export", "--guide"]];

#[test]
fn every_file_is_new_and_its_owners_only() {
    let (mut written, mut refused) = (0, 0);
    for command in WRITES {
        let dir = Dir::new();
        let path = dir.path().join("out");
        let name = path.display().to_string();
        let run = |more: &[&str]| {
            let args: Vec<&str> =
                command.iter().copied().chain([name.as_str()]).chain(more.iter().copied()).collect();
            run_in(dir.path(), &args, ANSWER.as_bytes(), &[])
        };
        let first = run(&[]);
        assert!(first.code < 2, "{command:?}: {}", first.err);
        assert_eq!(mode(&path), 0o600, "{command:?}");
        let content = fs::read(&path).unwrap();
        assert!(!content.is_empty());
        written += 1;

        fs::write(&path, "mine").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let again = run(&[]);
        assert!(
            again.err.contains("file.exists") && again.err.contains("--force"),
            "{command:?}: {}",
            again.err
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine", "{command:?}");
        refused += 1;

        let forced = run(&["--force"]);
        assert!(forced.code < 2, "{command:?}: {}", forced.err);
        assert_ne!(fs::read(&path).unwrap(), b"mine");
        assert_eq!(mode(&path), 0o600, "{command:?}: replaced");

        let victim = dir.path().join("victim");
        fs::write(&victim, "theirs").unwrap();
        for target in [victim.clone(), dir.path().join("nowhere")] {
            fs::remove_file(&path).unwrap();
            symlink(&target, &path).unwrap();
            for more in [&[][..], &["--force"]] {
                let linked = run(more);
                assert!(linked.err.contains("file.no_file"), "{command:?}: {}", linked.err);
                refused += 1;
            }
            assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
        assert!(!dir.path().join("nowhere").exists());
        let left: Vec<_> =
            fs::read_dir(dir.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".new")), "{left:?}");
    }
    println!("count: files written {written} with mode 600, {refused} existing or linked files refused");
}

/// What has the name of an output already.
type Obstacle = (&'static str, fn(&Path));

const OBSTACLES: [Obstacle; 6] = [
    ("a file", |at| fs::write(at, "mine").unwrap()),
    ("a link to a file", |at| {
        fs::write(at.with_file_name("victim"), "theirs").unwrap();
        symlink(at.with_file_name("victim"), at).unwrap();
    }),
    ("a link to nowhere", |at| symlink("/nonexistent/x", at).unwrap()),
    ("a directory", |at| fs::create_dir(at).unwrap()),
    ("a pipe", |at| assert!(std::process::Command::new("mkfifo").arg(at).status().unwrap().success())),
    ("a socket", |at| drop(std::os::unix::net::UnixListener::bind(at).unwrap())),
];

/// Each command that writes a file, in words, without the name of the file.
const OUTPUTS: [&str; 6] = [
    "diagnose --capsule",
    "diagnose --report",
    "definitions export --guide",
    "definitions export --sandbox",
    "call me --sandbox --as mia_full --capsule",
    "call me --sandbox --as mia_full --report",
];

#[test]
fn an_output_that_cannot_be_written_is_refused_with_one_code_before_anything_is_done() {
    let mut count = 0;
    for words in OUTPUTS {
        for (what, put) in OBSTACLES {
            let dir = Dir::new();
            let path = dir.path().join("out");
            put(&path);
            let name = path.display().to_string();
            let forces: &[&[&str]] = if what == "a file" { &[&[]] } else { &[&[], &["--force"]] };
            for force in forces {
                let args: Vec<&str> =
                    words.split(' ').chain([name.as_str()]).chain(force.iter().copied()).collect();
                let ran = run_in(dir.path(), &args, ANSWER.as_bytes(), &[]);
                let code = if what == "a file" { "file.exists" } else { "file.no_file" };
                assert_eq!(ran.code, 4, "{words}, {what}: {}{}", ran.out, ran.err);
                assert!(ran.err.contains(code), "{words}, {what}: {}", ran.err);
                assert!(ran.out.is_empty(), "{words}, {what}: something was done: {}", ran.out);
                count += 1;
            }
            let victim = dir.path().join("victim");
            assert!(!victim.exists() || fs::read_to_string(victim).unwrap() == "theirs", "{words}, {what}");
        }
        let dir = Dir::new();
        let name = dir.path().join("missing/out").display().to_string();
        let args: Vec<&str> = words.split(' ').chain([name.as_str()]).collect();
        let ran = run_in(dir.path(), &args, ANSWER.as_bytes(), &[]);
        assert!(ran.code == 4 && ran.err.contains("file.no_file"), "{words}: {} {}", ran.code, ran.err);
        count += 1;
    }
    println!("count: {count} outputs that are no file refused with exit code 4");
}

/// The commands that use the data directory, with what they read from standard input.
const AT_HOME: [&str; 8] = [
    "connections --json",
    "data list --json",
    "data delete drafts --yes --json",
    "data delete history --yes --json",
    "vault status --json",
    "vault use passphrase --json",
    "vault forget --yes --json",
    "connect http://127.0.0.1:1 --prism http://127.0.0.1:1 --name Tea --json",
];

#[test]
fn no_command_uses_a_linked_data_directory_or_makes_anything_in_it() {
    for words in AT_HOME {
        for end in ["", "/", "/."] {
            let dir = Dir::new();
            let (real, data) = (dir.path().join("real"), dir.path().join("spectroscope"));
            fs::create_dir(&real).unwrap();
            fs::write(real.join("connections.json.7-0.new"), "theirs").unwrap();
            symlink(&real, &data).unwrap();
            let place = format!("{}{end}", data.display());
            let set = [
                ("SPECTROSCOPE_DATA_DIR", place.as_str()),
                ("SPECTROSCOPE_VAULT_PASSPHRASE", "seven-lamps-under-a-quiet-bridge"),
            ];
            let ran = run_in(dir.path(), &words.split(' ').collect::<Vec<_>>(), b"", &set);
            let said = ran.out + &ran.err;
            // A server that cannot be reached stops `connect` first.
            assert!(
                said.contains("data_dir.unsafe") || words.starts_with("connect "),
                "{words} {place}: {said}"
            );
            let left: Vec<_> =
                fs::read_dir(&real).unwrap().flatten().map(|entry| entry.file_name()).collect();
            assert_eq!(left, ["connections.json.7-0.new"], "{words} {place}");
            assert_eq!(mode(&real), mode(dir.path()), "{words} {place}: it is not ours to change");
        }
    }
}

#[test]
fn a_data_directory_that_is_mended_is_said_by_each_command_that_lists_it() {
    for words in ["connections --json", "data list --json", "vault status --json"] {
        let dir = Dir::new();
        let data = dir.path().join("spectroscope");
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        let ran = run_in(dir.path(), &words.split(' ').collect::<Vec<_>>(), b"", &[]);
        assert!(ran.out.contains("data_dir.closed"), "{words}: {}{}", ran.out, ran.err);
        assert_eq!(mode(&data), 0o700, "{words}");
    }
}

#[test]
fn a_data_directory_that_others_can_open_is_closed_and_a_linked_one_is_refused() {
    let dir = Dir::new();
    let data = dir.path().join("spectroscope");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
    let listed = run_in(dir.path(), &["connections", "--json"], b"", &[]);
    assert!(listed.out.contains("data_dir.closed"), "{} {}", listed.out, listed.err);
    assert_eq!(mode(&data), 0o700);
    let again = run_in(dir.path(), &["connections", "--json"], b"", &[]);
    assert!(!again.out.contains("data_dir.closed"), "{}", again.out);

    let real = dir.path().join("real");
    fs::rename(&data, &real).unwrap();
    symlink(&real, &data).unwrap();
    let linked = run_in(dir.path(), &["connections", "--json"], b"", &[]);
    assert!(linked.out.contains("data_dir.unsafe"), "{} {}", linked.out, linked.err);
    assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
}

#[test]
fn data_lists_every_file_and_removes_drafts_on_request() {
    let dir = Dir::new();
    let data = dir.path().join("spectroscope");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    for (name, content) in [
        ("connections.json", r#"{"version":2,"connections":[]}"#),
        ("connections.json.7-0.new", "draft"),
        ("history.json", "[]"),
        ("journal.sqlite", "x"),
        ("theirs.txt", "theirs"),
    ] {
        fs::write(data.join(name), content).unwrap();
    }
    let run = |args: &[&str]| run_in(dir.path(), args, b"", &[]);
    let listed = run(&["data", "list", "--json"]).json();
    let files = listed["files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 5, "{listed}");
    let of = |name: &str| {
        files.iter().find(|file| file["path"].as_str().unwrap().ends_with(name)).unwrap().clone()
    };
    assert_eq!(of("connections.json")["content"], "connections");
    assert_eq!(of("connections.json")["bytes"], 30);
    assert_eq!(of(".new")["content"], "draft");
    assert_eq!(of("theirs.txt")["content"], "unknown");
    let text = run(&["data", "list"]);
    assert!(text.out.contains("data delete drafts") && text.out.contains("theirs.txt"), "{}", text.out);

    let unasked = run(&["data", "delete", "drafts"]);
    assert_eq!(unasked.code, 1, "{}", unasked.err);
    assert!(data.join("connections.json.7-0.new").exists());
    for (kind, gone) in
        [("drafts", "connections.json.7-0.new"), ("history", "history.json"), ("journal", "journal.sqlite")]
    {
        let deleted = run(&["data", "delete", kind, "--yes", "--json"]);
        assert_eq!(deleted.code, 0, "{}", deleted.err);
        assert!(deleted.json()["removed"][0]["path"].as_str().unwrap().ends_with(gone));
        assert!(!data.join(gone).exists(), "{gone}");
    }
    assert!(data.join("connections.json").exists() && data.join("theirs.txt").exists());
}

#[test]
fn nothing_hides_in_json_output() {
    let hidden = "a\u{85}b\u{202e}c\u{200b}d\u{2066}e";
    let body = serde_json::json!({ "error": hidden }).to_string();
    let text = format!("HTTP/1.1 403 Forbidden\n\n{body}");
    let dir = Dir::new();
    let json = run_in(dir.path(), &["diagnose", "--json"], text.as_bytes(), &[]);
    let plain = run_in(dir.path(), &["diagnose"], text.as_bytes(), &[]);
    for out in [&json.out, &json.err, &plain.out, &plain.err] {
        assert!(out.chars().all(|c| scopes::text::invisible(c).is_none()), "{out}");
    }
    let definitions =
        serde_json::json!([{ "scope": "read", "title": "Read\u{202e}x\u{9b}", "description": "" }]);
    let source = dir.file("definitions.json", definitions.to_string());
    let plan = run_in(dir.path(), &["definitions", "plan", "--sandbox", "--json", &source], b"", &[]);
    assert!(plan.out.chars().all(|c| scopes::text::invisible(c).is_none()), "{}", plan.out);
    assert!(plan.out.contains("\\u202e") && plan.out.contains("\\u009b"), "{}", plan.out);
}

/// Commands that say back what was typed; `@` stands for a text with characters that cannot be seen.
const SAID_BACK: [&str; 22] = [
    "definitions plan --sandbox FILE",
    "definitions apply --sandbox FILE",
    "definitions plan /tmp/@.json",
    "scopes build --client-id prism_@ --scope read_todos",
    "scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --platform openid,@ --scope read_todos",
    "rules add --sandbox app_deny x@",
    "call me --sandbox --as x@",
    "call list_sets --sandbox --as mia_full --set team=@",
    "call create_set --sandbox --as mia_full --set team=@ --set name=@",
    "call create_set --sandbox --as mia_full --set team=x --set name=@ --curl",
    "matrix --sandbox --as x@",
    "reasons @",
    "connect http://x@",
    "connect http://127.0.0.1:1 --name @",
    "connections check @",
    "identity show @ --sandbox",
    "diagnose /tmp/@.har",
    "diagnose --format @",
    "diagnose --@",
    "vault use @",
    "data list @",
    "@",
];

#[test]
fn nothing_hides_in_what_a_command_says_back() {
    let hidden = "a\u{85}b\u{202e}c\u{200b}d\u{2066}e\u{9b}f";
    let dir = Dir::new();
    let definitions = serde_json::json!([
        { "scope": "re\u{202e}ad", "title": hidden, "description": hidden }, { "scope": "fresh", "title": hidden },
    ]);
    let file = dir.file("definitions.json", definitions.to_string());
    for words in SAID_BACK {
        for more in [&[][..], &["--json"]] {
            let words: Vec<String> =
                words.split(' ').map(|word| word.replace('@', hidden).replace("FILE", &file)).collect();
            let args: Vec<&str> = words.iter().map(String::as_str).chain(more.iter().copied()).collect();
            let ran = run_in(dir.path(), &args, b"", &[]);
            for out in [&ran.out, &ran.err] {
                assert!(out.chars().all(|c| scopes::text::invisible(c).is_none()), "{args:?}: {out}");
            }
        }
    }
}

#[test]
fn a_secret_in_the_wrong_place_of_a_command_is_not_said_back() {
    let secret = "prism_pat_UR8BogdMIGeqxJ2Q6RcJlRK6nQTIvInmZvjZxn3fAbCdEfGhIjKlMnOpQrStUvWx";
    let dir = Dir::new();
    for words in ["identity add @", "@", "data list --token=@", "vault use @", "call me --as @", "reasons @"]
    {
        let args: Vec<String> = words.split(' ').map(|word| word.replace('@', secret)).collect();
        for more in [&[][..], &["--json"]] {
            let args: Vec<&str> = args.iter().map(String::as_str).chain(more.iter().copied()).collect();
            let ran = run_in(dir.path(), &args, b"", &[]);
            let said = ran.out + &ran.err;
            assert!(!said.contains(&secret[..24]), "{words}: {said}");
        }
    }
}

#[test]
fn a_report_says_what_was_refused_and_who_has_to_do_what_in_both_languages() {
    let dir = Dir::new();
    let run = |args: &[&str]| run_in(dir.path(), args, ANSWER.as_bytes(), &[]);
    let report = run(&[
        "diagnose",
        "--url",
        "https://glint.example.com/api/cross-app/me",
        "--method",
        "GET",
        "--report",
        "-",
    ]);
    for piece in [
        "## Refused call",
        "### Who has to do what",
        "### Evidence",
        "## 被拒绝的调用",
        "### 由谁做什么",
        "token.inactive",
        "401",
    ] {
        assert!(report.out.contains(piece), "{piece}: {}", report.out);
    }
    let both = run(&["diagnose", "--report", "-", "--capsule", "-"]);
    assert!(both.err.contains("pass_on.one_output"), "{}", both.err);
}

#[test]
fn capsule_and_report_never_share_a_file() {
    let dir = Dir::new();
    let at = |name: &str| dir.path().join(name).display().to_string();
    fs::create_dir(dir.path().join("sub")).unwrap();
    symlink(dir.path().join("target"), dir.path().join("dangling")).unwrap();
    symlink(dir.path().join("sub"), dir.path().join("linked")).unwrap();
    fs::write(dir.path().join("there"), "mine").unwrap();
    symlink("there", dir.path().join("link")).unwrap();
    fs::hard_link(dir.path().join("there"), dir.path().join("second")).unwrap();
    let pairs = [
        (at("one"), at("one")),
        (at("one"), at("./one")),
        (at("one"), at("sub/../one")),
        (at("target"), at("dangling")),
        (at("sub/one"), at("linked/one")),
        (at("there"), at("link")),
        (at("there"), at("second")),
    ];
    for (capsule, report) in &pairs {
        for (one, other) in [(capsule, report), (report, capsule)] {
            for more in [&[][..], &["--force"]] {
                let args = ["diagnose", "--capsule", one, "--report", other];
                let args: Vec<&str> = args.into_iter().chain(more.iter().copied()).collect();
                let ran = run_in(dir.path(), &args, ANSWER.as_bytes(), &[]);
                assert_eq!(ran.code, 2, "{one} {other}: {}", ran.err);
                assert!(ran.err.contains("pass_on.same_file"), "{one} {other}: {}", ran.err);
            }
        }
    }
    assert!(!dir.path().join("one").exists() && !dir.path().join("target").exists());
    assert!(!dir.path().join("sub/one").exists());
    assert_eq!(fs::read_to_string(dir.path().join("there")).unwrap(), "mine");
    let two = ["diagnose", "--capsule", &at("a"), "--report", &at("b")];
    assert!(run_in(dir.path(), &two, ANSWER.as_bytes(), &[]).code < 2);
    assert!(dir.path().join("a").exists() && dir.path().join("b").exists());
}
