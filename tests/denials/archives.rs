//! Which exchanges of a scene or an archive count as evidence, and how far.

use crate::scene::{
    G, GLINT, PRISM, app, config, denied, explained, glint_me, introspected, lacks_read, lists, matrix,
    outsider, preview, prism_teams, says,
};
use crate::support::{With, call};
use scopes::diagnosis::Certainty::{Likely, Possible, Proven};
use scopes::diagnosis::subjects;
use scopes::exchange::Exchange;
use serde_json::{Value, json};

#[test]
fn archives_without_bodies_still_name_the_gate() {
    let mut subject = lacks_read();
    subject.response.as_mut().unwrap().body = None;
    let read = app("read_todos");
    says(
        &[subject, introspected("profile"), preview(&[], &[(&read, "not_allowed")]), config(G, PRISM)],
        "scope.not_registered",
        Likely,
    );
    let mut subject = outsider();
    subject.response.as_mut().unwrap().body = None;
    assert!(explained(&[subject]).certainty == Possible);
    let mut subject = denied("GET /me", 401, "x").header("X", "y");
    subject.response.as_mut().unwrap().body = None;
    says(&[subject], "token.inactive", Possible);
}

#[test]
fn later_facts_count_and_foreign_servers_do_not() {
    let scopes = format!("teams:read {}", app("read_todos"));
    let teams = |at: i64, rows: Value| prism_teams(200, json!({ "teams": rows })).at(at);
    let member = json!([{"id": "t1", "name": "T", "role": "member", "joined_at": 5}]);
    let scene = [
        outsider(),
        introspected(&scopes),
        teams(-30, json!([])),
        teams(2, member.clone()),
        glint_me(json!([])),
    ];
    assert_eq!(explained(&scene).cause, "membership.stale_denial");
    let mut other = glint_me(json!([{"id": "t1", "name": "T", "role": "member"}]));
    other.request.url = other.request.url.replace("glint.test", "other-glint.test");
    says(
        &[outsider(), introspected(&scopes), teams(2, member), glint_me(json!([])), other],
        "membership.stale_denial",
        Proven,
    );
}

#[test]
fn noise_of_an_archive_is_no_subject() {
    let page = call("GET https://app.test/index.html", 200, json!("<!doctype html>"));
    let icon = call("GET https://app.test/favicon.ico", 404, json!("not here"));
    let preflight = call(&format!("OPTIONS {GLINT}/me"), 204, json!(""));
    assert_eq!(
        subjects(&[page.clone(), icon.clone(), preflight, lacks_read(), introspected("profile")]),
        [3]
    );
    assert_eq!(subjects(&[page, icon]), [1]);
    assert_eq!(
        subjects(&[introspected("profile"), denied("GET /me", 401, "Token inactive or expired")]),
        [1]
    );
}

#[test]
fn an_archive_without_credentials_is_read_as_far_as_it_goes() {
    let bare = |mut exchange: Exchange| {
        exchange.request.headers.retain(|(name, _)| name != "Authorization");
        exchange
    };
    let read = app("read_todos");
    let preview = || preview(&[], &[(&read, "not_allowed")]);
    says(
        &[bare(lacks_read()), introspected("profile"), preview(), config(G, PRISM)],
        "scope.not_registered",
        Likely,
    );
    let masked = bare(lacks_read()).bearer("***");
    says(&[masked, introspected("profile"), preview(), config(G, PRISM)], "scope.not_registered", Likely);
    let mut second = introspected("profile");
    second.request.body = Some("token=another".into());
    assert_eq!(
        explained(&[bare(lacks_read()), introspected("profile"), second, preview(), config(G, PRISM)]).cause,
        "scope.undetermined"
    );
}

#[test]
fn a_cure_that_came_later_does_not_hide_the_cause() {
    let scopes = format!("teams:read {}", app("read_todos"));
    let [prism, cured] = lists("member");
    let scene = [outsider(), introspected(&scopes), prism, glint_me(json!([])).at(3), cured.at(60)];
    assert_eq!(explained(&scene).cause, "membership.stale_denial");
    let view = denied("GET /teams/t1/sets/s1/todos", 403, "No permission to view todos in this set");
    let [prism, glint] = lists("member");
    let row = |value: bool| matrix(true, true, json!({"s1": {"member": {"view_todos": value}}}));
    let scene = [view, introspected("teams:read"), prism, glint, row(false).at(5), row(true).at(60)];
    assert_eq!(explained(&scene).cause, "role.set_override");
    let read = app("read_todos");
    let later = preview(&[&read], &[]).at(60);
    let scene = [
        lacks_read(),
        introspected("profile"),
        preview(&[], &[(&read, "not_allowed")]),
        later,
        config(G, PRISM),
    ];
    assert_eq!(explained(&scene).cause, "scope.token_predates");
}
