//! `spectroscope reasons`.

use crate::support::run;

#[test]
fn every_code_is_listed_and_a_family_alone() {
    let all = run(&["reasons", "--lang", "en"]);
    assert_eq!(all.code, 0, "{}", all.err);
    assert!(all.out.starts_with("CODE") && all.out.lines().count() > 80, "{}", all.out);
    let family = run(&["reasons", "membership", "--lang", "en"]);
    assert_eq!((family.code, family.out.lines().count()), (0, 6), "{}", family.out);
    assert!(family.out.lines().skip(1).all(|line| line.starts_with("membership.")), "{}", family.out);
}

#[test]
fn one_code_is_explained_in_both_languages() {
    let en = run(&["reasons", "scope.not_registered", "--lang", "en"]);
    assert_eq!(en.code, 0, "{}", en.err);
    assert!(en.out.contains("The consumer never registered the scope."), "{}", en.out);
    assert!(en.out.contains("1. Register the scope (developer of the consumer)"), "{}", en.out);
    assert!(en.out.contains("Needs a new approval"), "{}", en.out);
    let zh = run(&["reasons", "scope.not_registered", "--lang", "zh"]);
    assert!(zh.out.contains("消费方从未注册所需的权限范围。"), "{}", zh.out);
}

#[test]
fn json_holds_what_was_asked_for() {
    let ran = run(&["reasons", "role.default", "--json", "--lang", "en"]);
    let reply = ran.json();
    assert_eq!(reply["reasons"].as_array().map(Vec::len), Some(1), "{}", ran.out);
    assert_eq!(reply["reasons"][0]["family"], "role");
    assert_eq!(reply["reasons"][0]["steps"][0]["who"], "team_admin");
    assert_eq!(
        run(&["reasons", "--json"]).json()["reasons"].as_array().map(|all| all.len() > 80),
        Some(true)
    );
}

#[test]
fn a_code_nobody_says_is_refused_with_the_likely_one() {
    let ran = run(&["reasons", "scope.not_registred", "--lang", "en"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("`scope.not_registered`") && ran.out.is_empty(), "{}{}", ran.out, ran.err);
}
