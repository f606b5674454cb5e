//! `spectroscope rules …` on a sandbox.

use crate::support::{Dir, run, run_in, start};

const STANDUP_BOT: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";

#[test]
fn who_may_is_said_with_the_rule_that_decided() {
    let ran = run(&["rules", "check", "--sandbox", "--consumer", "Standup Bot", "--person", "bob"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}", ran.out);
    let ran = run(&["rules", "check", "--sandbox", "--person", "nora"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, "✗ nora may not register: `owner_deny` names this one.\n");
    let ran = run(&["rules", "check", "--sandbox", "--person", "nobody at all"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
}

#[test]
fn any_well_formed_id_is_judged() {
    let (client, person) = ("prism_AAAAAAAAAAAAAAAAAAAAAA", "0123456789abcdef0123456789abcdef");
    let ran = run(&["rules", "check", "--sandbox", "--consumer", client, "--person", person]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains(client) && ran.out.contains(person), "{}", ran.out);
    let rule = format!("app_deny:{client}");
    let ran = run(&["rules", "check", "--sandbox", "--consumer", client, "--what-if", &rule]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for (kind, target, doing) in [("app_deny", client, "request"), ("owner_deny", person, "register")] {
        let dry = run(&["rules", "add", "--sandbox", kind, target, "--dry-run"]);
        assert_eq!(dry.code, 0, "{}{}", dry.out, dry.err);
        let effect = dry.out.lines().find(|line| line.contains(&format!("[{doing}]"))).expect("its effect");
        assert!(effect.contains(target) && effect.contains("may not"), "{effect}");
    }
    for (option, id) in [("--consumer", "prism_short"), ("--person", "0123")] {
        assert_eq!(run(&["rules", "check", "--sandbox", option, id]).code, 3, "{id} is no such ID");
    }
}

#[test]
fn whom_a_rule_names_is_listed_although_nothing_else_is_known() {
    let dir = Dir::new();
    let (_running, _) = start(dir.path());
    let run = |args: &[&str]| run_in(dir.path(), args, b"", &[]);
    let (client, person) = ("prism_AAAAAAAAAAAAAAAAAAAAAA", "0123456789abcdef0123456789abcdef");
    for (kind, target) in [("app_deny", client), ("owner_deny", person)] {
        let added = run(&["rules", "add", "--connection", "sandbox", kind, target]);
        assert_eq!(added.code, 0, "{}{}", added.out, added.err);
    }
    let listed = run(&["rules", "check", "--connection", "sandbox"]);
    for (id, doing) in [(client, "request"), (person, "register")] {
        let line = listed.out.lines().find(|line| line.contains(id)).unwrap_or_default();
        assert!(line.contains("may not") && line.contains(doing), "{id}: {}", listed.out);
    }
    let json = run(&["rules", "check", "--connection", "sandbox", "--json"]).json();
    for id in [client, person] {
        let of_it = json["checked"].as_array().expect("a list").iter().filter(|one| one["id"] == id);
        assert_eq!(of_it.count(), 1, "{json}");
    }
}

#[test]
fn what_if_judges_without_sending() {
    let rule = "app_allow:prism_wl26DFRxxToGcOuw00SsQA";
    let ran = run(&["rules", "check", "--sandbox", "--consumer", STANDUP_BOT, "--what-if", rule, "--json"]);
    assert_eq!(ran.code, 1);
    let reply = ran.json();
    assert_eq!(reply["checked"][0]["before"]["allowed"], true);
    assert_eq!(reply["checked"][0]["after"]["decided_by"], "not_listed");
}

#[test]
fn a_rule_of_the_wrong_kind_is_not_sent() {
    let ran = run(&["rules", "add", "--sandbox", "app_allow", "0a78444e7e74c1c0526bcd7a170a8152"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains(&format!("Name `{STANDUP_BOT}`, the id of Standup Bot.")), "{}", ran.err);
    assert!(!ran.out.contains("verified"), "{}", ran.out);
    assert_eq!(run(&["rules", "add", "--sandbox", "user_allow", "x"]).code, 2);
}

#[test]
fn a_rule_is_sent_and_read_back() {
    let dry = run(&["rules", "add", "--sandbox", "app_deny", STANDUP_BOT, "--dry-run"]);
    assert_eq!(dry.code, 0);
    assert!(dry.out.contains("Standup Bot may not request") && !dry.out.contains("verified"), "{}", dry.out);
    let sent = run(&["rules", "add", "--sandbox", "app_deny", STANDUP_BOT, "--json"]);
    assert_eq!(sent.code, 0, "{}", sent.out);
    let reply = sent.json();
    assert_eq!(reply["rows"][0]["state"], "verified");
    let denied = reply["review"]["consumers"].as_array().expect("consumers");
    let bot = denied.iter().find(|effect| effect["id"] == STANDUP_BOT).expect("the bot");
    assert_eq!(bot["after"]["allowed"], false);
}

#[test]
fn a_rule_that_is_not_there_is_not_called_removed() {
    let removed = run(&["rules", "remove", "--sandbox", "no-such-id"]);
    assert_eq!(removed.code, 1, "{}", removed.out);
    assert!(removed.err.contains("`no-such-id`"), "{}", removed.err);
    let checked = run(&["rules", "check", "--sandbox", "--without", "no-such-id"]);
    assert_eq!(checked.code, 3, "{}", checked.out);
    assert!(checked.err.contains("`no-such-id`"), "{}", checked.err);
}

#[test]
fn a_remark_names_its_rule() {
    let rule = "owner_deny:ff5327c922d16d9ca05bd28b4aac10ad";
    let ran = run(&["rules", "check", "--sandbox", "--what-if", rule, "--what-if", "app_deny:Tea Board"]);
    assert!(ran.err.contains("app_deny Tea Board: "), "{}", ran.err);
}
