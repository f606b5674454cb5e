//! `spectroscope connections` and `--connection`.

use crate::support::{Dir, Ran, run_in, secret, start};
use serde_json::Value;

fn run(dir: &Dir, args: &[&str]) -> Ran {
    run_in(dir.path(), args, b"", &[])
}

/// A saved connection to a sandbox that runs elsewhere.
fn connected(dir: &Dir, handout: &Value, name: &str) {
    let glint = handout["glint_url"].as_str().expect("an address");
    let prism = handout["prism_url"].as_str().expect("an address");
    let ran = run(dir, &["connect", glint, "--prism", prism, "--name", name]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

fn names(dir: &Dir) -> Vec<String> {
    let list = run(dir, &["connections", "--json"]).json();
    let all = list.get("connections").and_then(Value::as_array).expect("a list");
    let name = |one: &Value| one.get("name").and_then(Value::as_str).expect("a name").to_owned();
    all.iter().map(name).collect()
}

#[test]
fn connections_are_renamed_edited_copied_and_removed() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    connected(&dir, &handout, "Tea");
    assert_eq!(run(&dir, &["connections", "rename", "tea", "Tea House"]).code, 0);
    let edited = run(
        &dir,
        &[
            "connections",
            "edit",
            "Tea House",
            "--environment",
            "staging",
            "--colour",
            "teal",
            "--redirect-port",
            "8899",
            "--json",
        ],
    );
    let connection = edited.json();
    assert_eq!(edited.code, 0, "{}", edited.err);
    assert_eq!(connection["environment"], "staging");
    assert_eq!(connection["colour"], "teal");
    assert_eq!(connection["transport"]["redirect_ports"], serde_json::json!([8899]));
    let back = run(&dir, &["connections", "edit", "Tea House", "--usual-redirect-ports", "--json"]).json();
    assert_eq!(back["transport"]["redirect_ports"], serde_json::json!([]));

    let plain = run(&dir, &["connections", "edit", "Tea House", "--colour", "none", "--json"]).json();
    assert_eq!((&plain["colour"], &plain["environment"]), (&Value::Null, &"staging".into()));
    run(&dir, &["connections", "edit", "Tea House", "--colour", "teal"]);

    let copied = run(&dir, &["connections", "duplicate", "Tea House", "Trial", "--json"]).json();
    assert_eq!((&copied["name"], &copied["colour"]), (&"Trial".into(), &"teal".into()));
    assert_eq!(names(&dir), ["Tea House", "Trial"]);
    let alone = run(&dir, &["connections", "edit", "Trial", "--no-glint", "--json"]).json();
    assert_eq!(alone["glint_url"], Value::Null);

    let removed = run(&dir, &["connections", "remove", "Tea House"]);
    assert_eq!((removed.code, removed.out.as_str()), (0, "Removed: Tea House\n"));
    assert_eq!(names(&dir), ["Trial"]);
}

#[test]
fn a_name_that_is_not_there_is_a_usage_mistake_that_lists_what_is() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    let nothing = run(&dir, &["definitions", "plan", "--connection", "tea"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("spectroscope connect"), "{}", nothing.err);
    connected(&dir, &handout, "Tea");
    assert_eq!(run(&dir, &["connections", "duplicate", "Tea", "Team"]).code, 0);
    for args in [
        &["connections", "check", "x\u{1b}[31m"][..],
        &["connections", "remove", "nobody"],
        &["connections", "rename", "nobody", "somebody"],
        &["connections", "edit", "nobody", "--environment", "staging"],
        &["definitions", "plan", "--connection", "nobody"],
    ] {
        let ran = run(&dir, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains("connection.unknown") && ran.err.contains("`Tea` and `Team`"),
            "{}",
            ran.err
        );
        assert!(!ran.err.contains('\u{1b}'));
    }
    let several = run(&dir, &["definitions", "plan", "--connection", "te"]);
    assert!(several.code == 2 && several.err.contains("connection.ambiguous"), "{}", several.err);
    let unnamed = run(&dir, &["definitions", "plan"]);
    assert!(unnamed.code == 2 && unnamed.err.contains("connection.unnamed"), "{}", unnamed.err);
    assert_eq!(run(&dir, &["connections", "edit", "Tea"]).code, 2, "nothing to change");
    assert_eq!(
        run(&dir, &["connections", "edit", "Tea", "--no-glint", "--glint", "https://a.example"]).code,
        2
    );
}

#[test]
fn what_a_command_works_on_has_one_order() {
    let (home, dir) = (Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    connected(&dir, &handout, "Tea");
    let glint = handout["glint_url"].as_str().expect("an address");
    let bad = ("SPECTROSCOPE_CONNECTION", "nobody");
    let plan = |more: &[&str], variables: &[(&str, &str)]| {
        let args: Vec<&str> = ["definitions", "plan"].iter().chain(more).copied().collect();
        run_in(dir.path(), &args, b"", variables)
    };
    // Without an identity the plan is refused, but by the servers it was meant for.
    let only = plan(&[], &[]);
    assert!(only.code == 2 && only.err.contains("only saved connection is used: Tea"), "{}", only.err);
    assert!(only.err.contains("identity add"), "what to do now: {}", only.err);
    assert_eq!(plan(&[], &[bad]).code, 2);
    let by_option = plan(&["--connection", "Tea"], &[bad]);
    assert!(by_option.err.contains("identity.none_for_definitions"), "the option outranks the variable");
    assert_eq!(plan(&["--sandbox"], &[bad]).code, 0);
    assert_eq!(plan(&["--glint", glint], &[bad]).code, 2);
    let both = plan(&[], &[bad, ("SPECTROSCOPE_GLINT", glint)]);
    assert!(both.code == 2 && both.err.contains("connection.ambiguous"), "{}", both.err);
    for pair in [["--connection", "Tea", "--glint", glint], ["--connection", "Tea", "--prism", glint]] {
        assert_eq!(plan(&pair, &[]).code, 2, "{pair:?}");
    }
    assert_eq!(plan(&["--connection", "Tea", "--sandbox"], &[]).code, 2);
    let asleep = plan(&["--connection", "sandbox"], &[]);
    assert!(asleep.code == 4 && asleep.err.contains("sandbox.not_running"), "{}", asleep.err);
    let awake = run_in(home.path(), &["definitions", "plan", "--connection", "sandbox"], b"", &[]);
    assert_eq!(awake.code, 0, "{}", awake.err);
}

#[test]
fn a_damaged_file_is_kept_and_said() {
    let dir = Dir::new();
    std::fs::create_dir_all(dir.path().join("spectroscope")).expect("a directory");
    let file = dir.path().join("spectroscope/connections.json");
    for content in ["{", "[]", r#"{"version":99,"connections":[]}"#] {
        std::fs::write(&file, content).expect("a file");
        let ran = run(&dir, &["connections"]);
        assert!(ran.err.contains("→"), "{content}: {}", ran.err);
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), content);
    }
}

#[test]
fn production_is_read_only_until_changes_are_allowed() {
    let home = crate::home::Home::new();
    assert_eq!(home.add(&["--kind", "pat", "--name", "admin"], secret(&home.handout, "olivia_pat")).code, 0);
    let listed = home.run(&["connections"], b"").out;
    assert!(listed.contains("production, read-only"), "{listed}");
    let list = br#"[{"scope":"one_more","title":"One more","description":""}]"#;
    let planned = home.run(&["definitions", "plan", "-"], list);
    assert!(planned.out.contains("one_more"), "a plan only reads: {}{}", planned.out, planned.err);
    let deny = ["rules", "add", "app_deny", "prism_4Kg-r67d_NcD72Kg9XU1Fg", "--yes"];
    for (args, input) in [(&["definitions", "apply", "-", "--yes"][..], &list[..]), (&deny, b"")] {
        let refused = home.run(args, input);
        assert_eq!(refused.code, 1, "{args:?}: {}", refused.err);
        assert!(
            refused.err.contains("connection.read_only")
                && refused.err.contains("spectroscope connections edit \"Tea\" --allow-changes"),
            "{args:?}: {}",
            refused.err
        );
    }
    let edited = home.run(&["connections", "edit", "Tea", "--allow-changes", "--json"], b"").json();
    assert_eq!(edited["read_only"], false);
    let applied = home.run(&["definitions", "apply", "-", "--yes"], list);
    assert_eq!(applied.code, 0, "{}{}", applied.out, applied.err);
    let edited = home.run(&["connections", "edit", "Tea", "--read-only", "--json"], b"").json();
    assert_eq!(edited["read_only"], true);
    assert_eq!(home.run(&deny, b"").code, 1);
    assert_eq!(home.run(&["connections", "edit", "Tea", "--read-only", "--allow-changes"], b"").code, 2);
}

/// Addresses, typed or of the environment, do not lift what was decided for the same servers.
#[test]
fn read_only_holds_for_the_same_servers_by_address() {
    let (home, dir, elsewhere) = (Dir::new(), Dir::new(), Dir::new());
    let (_running, handout) = start(home.path());
    let text = |name: &str| handout[name].as_str().expect("an address").to_owned();
    let (glint, prism) = (text("glint_url"), text("prism_url"));
    connected(&dir, &handout, "Tea");
    let fresh = r#"[{"scope":"fresh","title":"Fresh"}]"#;
    let team = "team=22d71a4a3697a1d674be910d93c3cae1";
    let admin = ("SPECTROSCOPE_TOKEN", secret(&handout, "olivia_pat"));
    let caller = ("SPECTROSCOPE_TOKEN", secret(&handout, "mia_full"));
    let by_name = [("SPECTROSCOPE_GLINT", glint.as_str()), ("SPECTROSCOPE_PRISM", prism.as_str())];
    let typed = ["--glint", glint.as_str(), "--prism", prism.as_str()];
    for (args, credential) in [
        (&["definitions", "apply", "-", "--yes"][..], admin),
        (&["rules", "add", "app_deny", "prism_wl26DFRxxToGcOuw00SsQA", "--yes"], admin),
        (&["call", "create_set", "--set", team, "--set", "name=A set", "--yes"], caller),
    ] {
        let in_environment =
            run_in(dir.path(), args, fresh.as_bytes(), &[&by_name[..], &[credential]].concat());
        let by_option = run_in(dir.path(), &[args, &typed].concat(), fresh.as_bytes(), &[credential]);
        for ran in [in_environment, by_option] {
            let said = format!("{}{}", ran.out, ran.err);
            assert_eq!(ran.code, 1, "{args:?}: {said}");
            assert!(said.contains("connection.read_only") && said.contains("`Tea`"), "{args:?}: {said}");
            assert!(said.contains("connections edit \"Tea\" --allow-changes"), "{args:?}: {said}");
        }
    }
    let reads = [&["rules", "list"], &typed[..]].concat();
    assert_eq!(run_in(dir.path(), &reads, b"", &[admin]).code, 0, "reads go on");
    // Where these servers were never saved, or changes were allowed, the addresses are enough.
    let apply = ["definitions", "apply", "-", "--yes"];
    let sent = run_in(elsewhere.path(), &apply, fresh.as_bytes(), &[&by_name[..], &[admin]].concat());
    assert_eq!(sent.code, 0, "{}{}", sent.out, sent.err);
    assert_eq!(run(&dir, &["connections", "edit", "Tea", "--allow-changes"]).code, 0);
    let more = r#"[{"scope":"fresh_2","title":"Fresh"}]"#;
    let sent = run_in(dir.path(), &apply, more.as_bytes(), &[&by_name[..], &[admin]].concat());
    assert_eq!(sent.code, 0, "{}{}", sent.out, sent.err);
}
