//! `spectroscope scopes build`.

use crate::support::{Dir, run, run_with};

const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";

/// The list the integration guide builds for its example.
const EXAMPLE: &str = r#"[
  "openid",
  "profile",
  "teams:read",
  "offline_access",
  "app:prism_abc123:read_todos"
]
"#;

#[test]
fn the_example_of_the_guide_is_built_letter_by_letter() {
    let ran = run(&[
        "scopes",
        "build",
        "--client-id",
        "prism_abc123",
        "--platform",
        "openid,profile,teams:read,offline_access",
        "--scope",
        "read_todos",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (0, EXAMPLE));
    assert!(ran.err.contains("client_id.wrong_length"), "{}", ran.err);
}

#[test]
fn a_preset_is_the_set_of_the_guide() {
    let ran = run(&[
        "scopes",
        "build",
        "--client-id",
        GLINT,
        "--preset",
        "full_automation",
        "--format",
        "scope-string",
    ]);
    let keys = ["read", "create", "edit", "complete", "delete", "reorder", "claim"];
    let expected: Vec<String> = keys.iter().map(|key| format!("app:{GLINT}:{key}_todos")).collect();
    assert_eq!((ran.code, ran.out.trim_end()), (0, expected.join(" ").as_str()));
}

#[test]
fn a_list_on_standard_input_is_kept_and_appended_to() {
    let input = b"[\"app:other:x\",\"openid\"]";
    let ran = run_with(
        &[
            "scopes",
            "build",
            "--client-id",
            GLINT,
            "--platform",
            "openid,teams:read",
            "--scope",
            "read_todos",
            "--merge",
            "-",
        ],
        input,
        &[],
    );
    let list: Vec<String> = serde_json::from_str(&ran.out).expect("a list");
    assert_eq!(list, ["app:other:x", "openid", "teams:read", &format!("app:{GLINT}:read_todos")]);
}

#[test]
fn a_list_in_utf_16_is_read() {
    let dir = Dir::new();
    let bytes: Vec<u8> = "\u{feff}[\"openid\"]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = dir.file("list.json", bytes);
    let ran = run(&["scopes", "build", "--client-id", GLINT, "--scope", "read_todos", "--merge", &file]);
    assert!(ran.out.starts_with("[\n  \"openid\",\n"), "{}", ran.out);
}

#[test]
fn a_broken_list_is_pointed_into_and_nothing_is_printed() {
    let ran = run_with(
        &["scopes", "build", "--client-id", GLINT, "--merge", "-"],
        b"[\n  \"openid\"\n  \"email\"\n]",
        &[],
    );
    assert_eq!((ran.code, ran.out.as_str()), (4, ""));
    assert!(ran.err.contains("-:2:11\n2 │   \"openid\"\n  │           ^\n  → Add `,` here."), "{}", ran.err);
}

#[test]
fn a_wrong_client_id_prints_no_list() {
    let ran =
        run(&["scopes", "build", "--client-id", "052877d243367e69e10b707373ddb44b", "--scope", "read_todos"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("client_id.internal_id"), "{}", ran.err);
}

#[test]
fn wrong_usage_ends_with_two() {
    assert_eq!(run(&["scopes", "build"]).code, 2);
    assert_eq!(run(&["scopes", "build", "--client-id", GLINT, "--preset", "everything"]).code, 2);
    assert_eq!(run(&["nonsense"]).code, 2);
    assert_eq!(run(&["--help"]).code, 0);
}

#[test]
fn json_holds_the_whole_reply() {
    let reply = run(&["scopes", "build", "--json", "--client-id", GLINT, "--scope", "write_todos"]).json();
    let codes: Vec<&str> = reply["lints"]
        .as_array()
        .expect("remarks")
        .iter()
        .filter_map(|lint| lint["problem"]["code"].as_str())
        .collect();
    assert_eq!(codes, ["scope.no_membership", "scope.no_base", "scope.no_offline", "scope.legacy"]);
    assert_eq!(reply["count"], 1);
}

#[test]
fn sentences_come_in_chinese_too() {
    let ran = run_with(
        &["scopes", "build", "--client-id", "", "--scope", "read_todos"],
        b"",
        &[("LC_ALL", "zh_CN.UTF-8")],
    );
    assert!(ran.err.contains("还没有填写 client id。"), "{}", ran.err);
}
