//! What a command reads: never replaced by what it writes, and not quoted where people and what they wrote stay out.
#![cfg(unix)]

use crate::support::{Dir, Ran, command, run_in};
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;

const ANSWER: &str =
    "HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"error\":\"Token inactive or expired\"}";

/// An archive of one refused call with further headers.
fn archive(headers: &[(&str, &str)]) -> String {
    let headers: Vec<_> = headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let request = json!({
        "method": "GET", "url": "https://glint.example.com/api/cross-app/me", "httpVersion": "HTTP/1.1",
        "cookies": [], "queryString": [], "headers": headers, "headersSize": -1, "bodySize": -1,
    });
    let content = json!({"size": -1, "mimeType": "application/json", "text": "{\"error\":\"Unauthorized\"}"});
    let response = json!({
        "status": 401, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": headers,
        "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1,
    });
    let entry = json!({
        "startedDateTime": "2026-11-22T06:25:00.000Z", "time": 12.0, "request": request, "response": response,
        "cache": {}, "timings": {"send": 0, "wait": 12, "receive": 0},
    });
    json!({"log": {"version": "1.2", "creator": {"name": "r", "version": "1"}, "entries": [entry]}})
        .to_string()
}

#[test]
fn no_output_replaces_the_input() {
    let mut refused = 0;
    for option in ["--capsule", "--report"] {
        for input in ["in", "./in", "sub/../in", "linked/in", "second", "standard input"] {
            let dir = Dir::new();
            let name = dir.file("in", ANSWER);
            let at = |name: &str| dir.path().join(name).display().to_string();
            fs::create_dir(dir.path().join("sub")).unwrap();
            symlink(dir.path(), dir.path().join("linked")).unwrap();
            fs::hard_link(&name, dir.path().join("second")).unwrap();
            let ran = if input == "standard input" {
                let mut child = command(dir.path());
                child.args(["diagnose", "-", option, &name, "--force"]);
                let out = child.stdin(Stdio::from(fs::File::open(&name).unwrap())).output().unwrap();
                let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
                Ran { code: out.status.code().unwrap(), out: text(out.stdout), err: text(out.stderr) }
            } else {
                run_in(dir.path(), &["diagnose", &at(input), option, &name, "--force"], b"", &[])
            };
            assert_eq!(ran.code, 4, "{option} {input}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains("file.is_input"), "{option} {input}: {}", ran.err);
            assert_eq!(fs::read_to_string(&name).unwrap(), ANSWER, "{option} {input}");
            refused += 1;
        }
    }
    let dir = Dir::new();
    let name = dir.file("in", ANSWER);
    let other = dir.file("other", "mine");
    assert!(run_in(dir.path(), &["diagnose", &name, "--capsule", &other, "--force"], b"", &[]).code < 2);
    println!("count: {refused} outputs over their input refused");
}

#[test]
fn the_folder_of_an_output_may_be_a_link_and_that_of_the_data_may_not() {
    let dir = Dir::new();
    fs::create_dir(dir.path().join("real")).unwrap();
    symlink(dir.path().join("real"), dir.path().join("linked")).unwrap();
    let name = dir.path().join("linked/out.har").display().to_string();
    let ran = run_in(dir.path(), &["diagnose", "--capsule", &name], ANSWER.as_bytes(), &[]);
    assert!(ran.code < 2 && dir.path().join("real/out.har").is_file(), "{}", ran.err);
    let linked = dir.path().join("linked").display().to_string();
    let ran = run_in(dir.path(), &["data", "list"], b"", &[("SPECTROSCOPE_DATA_DIR", &linked)]);
    assert!(ran.err.contains("data_dir.unsafe"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_place_in_a_file_shows_no_words_where_people_stay_out() {
    let broken = "{\"log\": {\"comment\": \"Zaphira Quill wrote this\" \"entries\": []}}";
    let dir = Dir::new();
    let name = dir.file("broken.har", broken);
    let run = |more: &[&str]| {
        let args: Vec<&str> = ["diagnose", &name, "--format", "har"].iter().chain(more).copied().collect();
        run_in(dir.path(), &args, b"", &[]).err
    };
    let shown = run(&[]);
    assert!(shown.contains("Zaphira") && shown.contains("broken.har:1:"), "{shown}");
    for more in [&["--minimise"][..], &["--hide-hosts"], &["--minimise", "--capsule", "-"]] {
        let shown = run(more);
        assert!(!shown.contains("Zaphira") && shown.contains("broken.har:1:"), "{more:?}: {shown}");
    }
}

#[test]
fn headers_that_nobody_knows_are_shown_to_the_person_and_not_passed_on() {
    let plain = [("X-Shop-Word", "lavendelwiese")];
    let secret = [("X-Shop-Word", "Kq9ZxvT3mB7nWc2LrY8sDf4GhJ6kP1aQeUiO5tRwXz0")];
    let dir = Dir::new();
    let run = |headers: &[(&str, &str)], more: &[&str]| {
        let name = dir.file("in.har", archive(headers));
        let args: Vec<&str> = ["diagnose", &name].iter().chain(more).copied().collect();
        run_in(dir.path(), &args, b"", &[]).out
    };
    assert!(run(&plain, &["--json"]).contains("lavendelwiese"));
    for more in [["--capsule", "-"], ["--report", "-"]] {
        let out = run(&plain, &more);
        let lower = out.to_lowercase();
        assert!(
            !out.is_empty() && !lower.contains("lavendelwiese") && !lower.contains("x-shop-word"),
            "{out}"
        );
    }
    for more in [&["--json"][..], &["--capsule", "-"], &["--report", "-"]] {
        let out = run(&secret, more);
        assert!(!out.is_empty() && !out.contains(secret[0].1), "{out}");
    }
}
