//! `diagnose --format jsonl`: a line in, an answer out, whatever the length of the stream.

use crate::support::{Dir, command, run, run_with};
use serde_json::Value;
use std::process::{Command, Stdio};
#[cfg(target_os = "linux")]
use tests::memory;

const ALLOWED: &str = r#"{"request":{"method":"GET","url":"https://g.test/api/cross-app/teams/personal:u/settings","headers":[{"name":"Authorization","value":"Bearer t"}]},"response":{"status":200,"content":{"text":"{\"settings\":{}}"}}}"#;
const DENIED: &str = r#"{"request":{"method":"GET","url":"https://g.test/api/cross-app/teams/t/sets","headers":[{"name":"Authorization","value":"bearer t"}]},"response":{"status":401,"content":{"text":"{\"error\":\"Unauthorized\"}"}}}"#;
const OPEN: &str = r#"{"request":{"method":"GET","url":"https://g.test/api/cross-app/teams/t/sets","headers":[{"name":"Authorization","value":"Bearer t"}]},"response":{"status":403,"content":{"text":"{\"error\":\"Not a member of this team\"}"}}}"#;

fn objects(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_line_is_one_object_and_a_bad_one_is_named() {
    let input = format!("{DENIED}\n\nnone\n{OPEN}\n{ALLOWED}");
    let ran = run_with(&["diagnose", "--format", "jsonl", "--json"], input.as_bytes(), &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let said = objects(&ran.out);
    let indices: Vec<&Value> = said.iter().map(|object| &object["index"]).collect();
    assert_eq!(indices, [0, 2, 3, 4]);
    assert_eq!(said[1]["problem"]["code"], "read.line");
    assert_eq!(said[0]["cause"], "header.malformed");
    for member in [
        "status",
        "cause",
        "certainty",
        "alternatives",
        "needs",
        "remedies",
        "reauthorize",
        "gates",
        "evidence",
    ] {
        assert!(!said[0][member].is_null(), "{member}: {}", said[0]);
    }
    assert!(said[0]["remedies"][0]["who"].is_string(), "{}", said[0]);
    assert_eq!(said[3]["cause"], "allowed");
}

#[test]
fn one_denied_call_weighs_more_than_an_open_one() {
    let code = |lines: &[&str], more: &[&str]| {
        let args = [&["diagnose", "--format", "jsonl"], more].concat();
        run_with(&args, lines.join("\n").as_bytes(), &[]).code
    };
    for more in [&[][..], &["--json"], &["--group-by", "cause"]] {
        assert_eq!(code(&[ALLOWED, ALLOWED], more), 0, "{more:?}");
        assert_eq!(code(&[ALLOWED, OPEN], more), 3, "{more:?}");
        assert_eq!(code(&[OPEN, DENIED, ALLOWED], more), 1, "{more:?}");
        assert_eq!(code(&[ALLOWED, "none"], more), 3, "{more:?}");
        assert_eq!(code(&[], more), 4, "{more:?}");
    }
    assert_eq!(code(&[DENIED, OPEN, ALLOWED], &["--entry", "2"]), 0);
    assert_eq!(code(&[DENIED, OPEN, ALLOWED], &["--filter", "not_a_code"]), 3);
}

#[test]
fn calls_are_grouped_and_filtered() {
    let input = [DENIED, DENIED, OPEN, ALLOWED].join("\n");
    let json = |args: &[&str]| {
        run_with(&[&["diagnose", "--format", "jsonl", "--json"], args].concat(), input.as_bytes(), &[]).json()
    };
    let counts = json(&["--group-by", "cause"]);
    assert_eq!((&counts["calls"], &counts["unread"]), (&4.into(), &0.into()));
    assert_eq!(
        (&counts["groups"][0]["key"], &counts["groups"][0]["count"]),
        (&"header.malformed".into(), &2.into())
    );
    let routes = json(&["--group-by", "route", "--filter", "member 403"]);
    assert_eq!(routes["groups"].as_array().unwrap().len(), 1);
    assert_eq!((&routes["groups"][0]["key"], &routes["groups"][0]["open"]), (&"list_sets".into(), &1.into()));
    let shown = run_with(&["diagnose", "--format", "jsonl", "--group-by", "cause"], input.as_bytes(), &[]);
    assert!(shown.out.contains("2 header.malformed (proven)"), "{}", shown.out);
}

#[test]
fn no_credential_is_the_name_of_a_group() {
    let token = "ghp_x7Kd93mQpLzR2vTnW8sYcB4hJ6fG1aE5uI0o";
    let form = format!("token=abc&client_id={token}&client_secret=x");
    let line = serde_json::json!({
        "request": { "method": "POST", "url": "https://p.test/api/oauth/token", "headers": [
            { "name": "Content-Type", "value": "application/x-www-form-urlencoded" },
            { "name": "Authorization", "value": format!("Basic {}", base64_of(&format!("{token}:x"))) },
        ], "postData": { "mimeType": "application/x-www-form-urlencoded", "text": form } },
        "response": { "status": 401, "content": { "text": "{\"error\":\"invalid_client\"}" } },
    });
    let args = ["diagnose", "--format", "jsonl", "--group-by", "consumer"];
    for more in [&[][..], &["--json"]] {
        let ran = run_with(&[&args[..], more].concat(), line.to_string().as_bytes(), &[]);
        assert!(!ran.out.contains(token) && ran.out.contains('1'), "{}", ran.out);
    }
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn an_archive_is_grouped_by_who_its_evidence_names() {
    let case = tests::places::data("cases/diagnosis/05-scope-never-registered.har").display().to_string();
    let counts = run(&["diagnose", &case, "--group-by", "consumer", "--json"]).json();
    assert!(counts["groups"][0]["key"].as_str().unwrap().starts_with("prism_"), "{counts}");
    assert_eq!(counts["groups"][0]["causes"][0]["cause"], "scope.not_registered");
}

#[test]
fn a_reader_that_closes_the_pipe_changes_no_exit_code() {
    let dir = Dir::new();
    let file = dir.file("calls.jsonl", format!("{DENIED}\n").repeat(300));
    let case = tests::places::data("cases/diagnosis/06-scope-denied-by-a-rule.har").display().to_string();
    for (args, code) in [
        (&["diagnose", &file, "--format", "jsonl", "--json"][..], 1),
        (&["diagnose", &case], 1),
        (&["diagnose", &case, "--json"], 1),
        (&["call", "me", "--sandbox", "--as", "glint_client"], 1),
        (&["definitions", "plan", "--sandbox", "/nowhere.json"], 4),
        (&["reasons"], 0),
        (&["reasons", "nonsense"], 2),
    ] {
        let mut child = command(dir.path())
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

/// One whole entry makes a text JSON lines, wherever it is.
#[test]
fn json_lines_are_recognised_by_any_whole_entry() {
    for (text, code) in [
        (format!("{DENIED}\n{{\"request\": \n"), 1),
        (format!("{{\"request\": \n{DENIED}\n"), 1),
        (format!("not json\n{DENIED}\n"), 1),
        ("{\"request\":{},\"response\":{\n{\"request\":{},\"response\":{\n".to_owned(), 4),
    ] {
        let (plain, named) = (
            run_with(&["diagnose"], text.as_bytes(), &[]),
            run_with(&["diagnose", "--format", "jsonl"], text.as_bytes(), &[]),
        );
        assert_eq!((plain.code, named.code), (code, code), "{text}\n{}{}", plain.out, plain.err);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_flat_however_long_the_stream() {
    let peak = |args: &[&str], lines: usize| {
        let mut command = Command::new(tests::places::spectroscope());
        command.args(["diagnose", "--format", "jsonl"]).args(args);
        memory::peak(command, lines)
    };
    // Buffers and shapes that a thousand lines do not fill yet.
    let slack = 16 * 1024;
    let (short, long) = (peak(&["--group-by", "cause"], 1000), peak(&["--group-by", "cause"], 100_000));
    assert!(long <= short + slack, "{short} KiB for 1000 lines, {long} KiB for 100 000");
    let (short, long) = (peak(&["--json"], 1000), peak(&["--json"], 10_000));
    assert!(long <= short + 2 * slack, "{short} KiB for 1000 lines, {long} KiB for 10 000, all told");
}
