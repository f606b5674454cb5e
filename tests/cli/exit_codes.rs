//! Exit codes of every command: 0 done or allowed, 1 refused, denied or different, 2 usage, 3 could not tell or partly
//! done, 4 nothing was done.

use crate::sandbox::inject;
use crate::support::{Dir, run_in, secret, start};
use serde_json::{Value, json};
use std::path::Path;

const DEFINITIONS: &str = "/api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
const NEW: &str = r#"[{"scope":"fresh","title":"Fresh"}]"#;
const TWO_NEW: &str = r#"[{"scope":"fresh_1","title":"Fresh"},{"scope":"fresh_2","title":"Fresh"}]"#;
const TWICE: &str = r#"[{"scope":"a","title":"A"},{"scope":"a","title":"A"}]"#;

/// Expected code, arguments in words, standard input.
type Row = (i32, &'static str, &'static str);

/// Every command where no server is asked, or one of its own.
const ALONE: &[Row] = &[
    (2, "nonsense", ""),
    (0, "scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --scope read_todos", ""),
    (1, "scopes build --client-id no\u{a0}id --scope read_todos", ""),
    (2, "scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --preset nonsense", ""),
    (4, "scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --scope a --merge -", r#"["a" "b"]"#),
    (4, "scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --scope a --merge /nowhere.json", ""),
    (0, "definitions plan --sandbox -", "[]"),
    (1, "definitions plan --sandbox -", NEW),
    (4, "definitions plan --sandbox -", TWICE),
    (4, "definitions plan --sandbox -", "[{"),
    (4, "definitions plan --sandbox -", r#""text""#),
    (4, "definitions plan --sandbox -", ""),
    (4, "definitions plan --sandbox /nowhere.json", ""),
    (0, "definitions apply --sandbox -", NEW),
    (4, "definitions apply --sandbox -", TWICE),
    (4, "definitions apply --sandbox -", "[{"),
    (0, "definitions export --guide", ""),
    (4, "definitions export --guide /nowhere/at/all.json", ""),
    (0, "rules list --sandbox", ""),
    (0, "rules check --sandbox", ""),
    (
        1,
        "rules check --sandbox --consumer prism_4Kg-r67d_NcD72Kg9XU1Fg --what-if app_deny:prism_4Kg-r67d_NcD72Kg9XU1Fg",
        "",
    ),
    (0, "rules add --sandbox app_deny prism_4Kg-r67d_NcD72Kg9XU1Fg --dry-run", ""),
    (0, "rules add --sandbox app_deny prism_4Kg-r67d_NcD72Kg9XU1Fg", ""),
    (1, "rules add --sandbox app_deny nobody", ""),
    (1, "rules remove --sandbox 00000000000000000000000000000000 --dry-run", ""),
    (0, "call me --sandbox --as mia_full", ""),
    (1, "call me --sandbox --as glint_client", ""),
    (2, "call nonsense --sandbox --as mia_full", ""),
    (2, "call me --sandbox --as nobody", ""),
    (2, "call list_sets --sandbox --as mia_full", ""),
    (0, "matrix --sandbox --as mia_full", ""),
    (2, "matrix --sandbox --as nobody", ""),
    (0, "routes", ""),
    (0, "reasons", ""),
    (2, "reasons nonsense", ""),
    (
        0,
        "diagnose",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"user\":{\"id\":\"a\",\"teams\":[]}}",
    ),
    (
        1,
        "diagnose",
        "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\r\n{\"error\":\"Unauthorized\"}",
    ),
    (1, "diagnose", "curl: (7) Failed to connect to glint.example.org port 443"),
    (3, "diagnose --status 403", "{\"error\":\"Not a member of this team\"}"),
    (4, "diagnose", "{\"log\":{\"entries\":["),
    (4, "diagnose", ""),
    (4, "diagnose /nowhere.har", ""),
    (4, "diagnose --format jsonl", "not json\n"),
    (2, "diagnose --format yaml", "HTTP/1.1 401 Unauthorized"),
    (2, "diagnose --entry 7", "HTTP/1.1 401 Unauthorized"),
    (4, "connect http://127.0.0.1:1", ""),
    (2, "connect ftp://127.0.0.1", ""),
    (0, "connections list", ""),
    (2, "connections check nobody", ""),
    (2, "connections rename nobody other", ""),
    (2, "connections remove nobody --yes", ""),
    (0, "identity list --sandbox", ""),
    (0, "identity show mia_full --sandbox", ""),
    (2, "identity show nobody --sandbox", ""),
    (0, "identity introspect mia_full --sandbox", ""),
    (4, "identity add --sandbox", ""),
    (2, "vault use nonsense", ""),
    (2, "vault use memory", ""),
    (1, "sign-out", ""),
    (0, "tour", ""),
    (0, "completions bash", ""),
    (2, "completions nonsense", ""),
];

/// Commands that need servers, where none listens.
const UNREACHABLE: &[Row] = &[
    (4, "call me", ""),
    (4, "call create_set --set team=t --set name=n --yes", ""),
    (4, "definitions plan -", NEW),
    (4, "definitions apply - --yes", NEW),
    (4, "definitions export", ""),
    (4, "rules list", ""),
    (4, "rules check", ""),
    (4, "rules add app_deny prism_4Kg-r67d_NcD72Kg9XU1Fg --yes", ""),
];

fn ran(data: &Path, row: &Row, variables: &[(&str, &str)]) -> Option<String> {
    let (expected, words, input) = row;
    let args: Vec<&str> = words.split(' ').collect();
    let ran = run_in(data, &args, input.as_bytes(), variables);
    (ran.code != *expected)
        .then(|| format!("{words}: {} instead of {expected}\n{}{}", ran.code, ran.out, ran.err))
}

#[test]
fn every_command_ends_with_the_code_of_what_came_of_it() {
    let wrong: Vec<String> = ALONE.iter().filter_map(|row| ran(Dir::new().path(), row, &[])).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), ALONE.len(), wrong.join("\n"));
}

#[test]
fn where_no_server_can_be_reached_nothing_is_done() {
    let set = [
        ("SPECTROSCOPE_GLINT", "http://127.0.0.1:1"),
        ("SPECTROSCOPE_PRISM", "http://127.0.0.1:1"),
        ("SPECTROSCOPE_TOKEN", "prism_pat_0123456789abcdef0123456789abcdef01234567"),
    ];
    let wrong: Vec<String> = UNREACHABLE.iter().filter_map(|row| ran(Dir::new().path(), row, &set)).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), UNREACHABLE.len(), wrong.join("\n"));
}

/// An entry of an archive with an answer that allows, refuses or leaves open.
fn entry(status: u16, body: &str) -> String {
    json!({
        "request": { "method": "GET", "url": "https://g.test/api/cross-app/teams/personal:u/settings",
            "headers": [{ "name": "Authorization", "value": "Bearer t" }] },
        "response": { "status": status, "content": { "text": body } },
    })
    .to_string()
}

#[test]
fn what_could_not_be_read_of_a_record_stays_open() {
    let (fine, denied) = (entry(200, r#"{"settings":{}}"#), entry(404, "404 Not Found"));
    let archive = |entries: &[&str]| format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(","));
    let cut = |text: String, by: usize| text.get(..text.len() - by).expect("ASCII").to_owned();
    let no_url = r#"{"request":{"method":"GET"},"response":{"status":200}}"#;
    for (what, text, code, more) in [
        ("whole", archive(&[&fine, &fine]), 0, &[][..]),
        ("cut off in the last entry", cut(archive(&[&fine, &fine]), 30), 3, &[]),
        ("cut off after the last entry", cut(archive(&[&fine, &fine]), 2), 3, &[]),
        ("malformed behind an entry", archive(&[&fine, "}"]), 3, &[]),
        ("an entry without URL", archive(&[&fine, no_url]), 3, &[]),
        ("a refusal beside it", cut(archive(&[&denied, &fine]), 30), 1, &[]),
        ("one entry chosen", cut(archive(&[&fine, &fine]), 30), 0, &["--entry", "0"]),
        ("an unreadable line", format!("{fine}\nnone\n{fine}\n"), 3, &[]),
        ("no call chosen", archive(&[&fine]), 3, &["--filter", "not_a_code"]),
    ] {
        for shown in [&[][..], &["--json"], &["--group-by", "cause"]] {
            let args = [&["diagnose"], more, shown].concat();
            let ran = run_in(Dir::new().path(), &args, text.as_bytes(), &[]);
            assert_eq!(ran.code, code, "{what} {shown:?}: {}{}", ran.out, ran.err);
        }
    }
}

#[test]
fn calls_beyond_those_that_are_explained_count() {
    let (fine, denied) = (entry(200, r#"{"settings":{}}"#), entry(404, "404 Not Found"));
    let mut entries = vec![fine.as_str(); 5000];
    let text = |entries: &[&str]| format!(r#"{{"log":{{"entries":[{}]}}}}"#, entries.join(","));
    let ended = |text: &str| {
        run_in(Dir::new().path(), &["diagnose", "--group-by", "cause", "--json"], text.as_bytes(), &[])
    };
    entries.push(&fine);
    assert_eq!(ended(&text(&entries)).code, 0);
    entries.push(&denied);
    let ran = ended(&text(&entries));
    let reply = ran.json();
    assert_eq!((ran.code, &reply["standings"]), (1, &json!({ "allowed": 5001, "denied": 1, "open": 0 })));
    assert_eq!(reply["problems"][0]["code"], "read.too_many");
    let counted: u64 =
        reply["groups"].as_array().expect("groups").iter().filter_map(|g| g["count"].as_u64()).sum();
    assert_eq!(counted, 5002);
    entries.pop();
    let open = entry(200, "{");
    entries.push(&open);
    assert_eq!(ended(&text(&entries)).code, 3);
}

/// A running sandbox with one fault, and the code a command ends with.
fn with_fault(fault: &Value, row: &Row, credential: &str) -> Option<String> {
    let dir = Dir::new();
    let (_running, handout) = start(dir.path());
    inject(&handout, fault);
    let text = |name: &str| handout[name].as_str().expect("an address").to_owned();
    let (glint, prism) = (text("glint_url"), text("prism_url"));
    let set = [
        ("SPECTROSCOPE_GLINT", glint.as_str()),
        ("SPECTROSCOPE_PRISM", prism.as_str()),
        ("SPECTROSCOPE_TOKEN", secret(&handout, credential)),
    ];
    ran(dir.path(), row, &set).map(|wrong| format!("{fault}: {wrong}"))
}

#[test]
fn what_a_server_leaves_open_is_three_and_a_definite_no_is_one() {
    let at_glint = |status: u16| json!({ "server": "glint", "path": "/api/cross-app", "kind": "status", "status": status, "times": null });
    let at_prism = |method: &str, more: Value| {
        let mut fault = json!({ "server": "prism", "method": method, "path": DEFINITIONS, "times": null });
        fault.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        fault
    };
    let apply: Row = (3, "definitions apply - --yes", NEW);
    let wrong: Vec<String> = [
        (at_glint(503), (3, "call me", ""), "mia_full"),
        (at_glint(502), (3, "call me", ""), "mia_full"),
        (
            json!({ "server": "glint", "path": "/api/cross-app", "kind": "html", "times": null }),
            (3, "call me", ""),
            "mia_full",
        ),
        (
            at_prism("GET", json!({ "kind": "status", "status": 500 })),
            (3, "definitions plan -", NEW),
            "olivia_pat",
        ),
        (at_prism("POST", json!({ "kind": "status", "status": 401 })), (1, apply.1, apply.2), "olivia_pat"),
        (at_prism("POST", json!({ "kind": "html" })), apply, "olivia_pat"),
        (
            at_prism("POST", json!({ "kind": "status", "status": 403, "skip": 1 })),
            (3, apply.1, TWO_NEW),
            "olivia_pat",
        ),
    ]
    .into_iter()
    .filter_map(|(fault, row, credential)| with_fault(&fault, &row, credential))
    .collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn help_and_reference_state_every_code() {
    let dir = Dir::new();
    let help = run_in(dir.path(), &["--help"], b"", &[]);
    let reference =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cli.md")).expect("docs/cli.md");
    for text in [help.out, reference] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for code in [
            "0 done or allowed",
            "1 refused, denied or different",
            "2 usage",
            "3 could not tell, or partly done",
            "4 nothing was done",
            "128 + its number",
        ] {
            assert!(text.contains(code), "{code}: {text}");
        }
    }
}
