//! Which identity is taken for what.

use super::*;
use crate::connections::{Saved, deployment};
use crate::identities::{Material, NewIdentity, draft};
use crate::operations::connections::CredentialKind;
use crate::operations::connections::{Environment, Origin};
use scopes::secret::Secret;

const NOW: i64 = 1_000;

/// An identity by its name, kind and scopes; a name with `!` does not tell all its scopes.
fn held(name: &str, kind: CredentialKind, scopes: &[&str]) -> Held {
    let mut held = draft(NewIdentity {
        label: name.into(),
        kind,
        origin: Origin::Pasted,
        material: Material::Credential(Secret::new("x")),
        client_secret: None,
        user_name: None,
        user_id: None,
        client_id: None,
        client_name: None,
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        scopes_are_complete: !name.contains('!'),
        redirect_uri: None,
        used_for: None,
    });
    held.id = name.into();
    held
}

fn at(identities: Vec<Held>) -> Deployment {
    let mut saved = Saved::new("c".into(), "C".into(), Environment::Staging, "https://prism.example".into());
    saved.provider_client_id = Some(" provider ".into());
    let mut at = deployment(saved).unwrap();
    at.identities = identities.into_iter().map(Arc::new).collect();
    at
}

fn order(at: &Deployment, need: Need) -> Vec<String> {
    candidates(at, need, NOW).iter().map(|held| held.id.clone()).collect()
}

fn client(name: &str, id: &str) -> Held {
    Held { client_id: Some(id.into()), ..held(name, CredentialKind::ClientCredentials, &[]) }
}

/// One of every kind, in an order that makes nothing right by accident.
fn everybody() -> Deployment {
    let owner = |held: Held| Held { owns: vec!["provider".into()], ..held };
    at(vec![
        client("own_client", "provider"),
        client("other_client", "somebody"),
        held("token", CredentialKind::AccessToken, &["apps:read", "apps:write", "teams:read"]),
        held("token_alone", CredentialKind::AccessToken, &[]),
        held("pat_read", CredentialKind::PersonalAccessToken, &["apps:read"]),
        held("pat!", CredentialKind::PersonalAccessToken, &["apps:read"]),
        owner(held("pat", CredentialKind::PersonalAccessToken, &["apps:read", "apps:write", "teams:read"])),
        owner(held("session", CredentialKind::SessionToken, &[])),
    ])
}

#[test]
fn the_matrix_of_the_contract_decides_who_may() {
    use Need::{CallGlint, Definitions, ReadApps, Rules, WriteApps};
    let at = everybody();
    // Those that surely can stand before those that perhaps can.
    for (need, expected) in [
        (ReadApps, vec!["pat_read", "pat!", "pat", "session"]),
        (WriteApps, vec!["pat", "session", "pat!"]),
        (Rules, vec!["pat", "session", "pat!"]),
        (Definitions, vec!["pat", "session", "own_client", "pat!"]),
        (CallGlint, vec!["token", "token_alone"]),
    ] {
        assert_eq!(order(&at, need), expected, "{need:?}");
    }
}

#[test]
fn the_list_says_what_a_panel_takes() {
    let mut at = everybody();
    at.admin = Some("own_client".into());
    let told = |at: &Deployment| choices(at, NOW).into_iter().collect::<Vec<_>>();
    let taken = [
        ("call_glint", "token"),
        ("definitions", "own_client"),
        ("read_apps", "pat_read"),
        ("rules", "pat"),
        ("write_apps", "pat"),
    ];
    assert_eq!(told(&at), taken.map(|(ability, id)| (ability.to_owned(), id.to_owned())));
    let known: Vec<String> =
        at.identities[0].abilities(&at, Lang::En).into_iter().map(|ability| ability.id).collect();
    for need in Need::ALL {
        assert_eq!(choices(&at, NOW)[need.ability()], order(&at, need)[0], "{need:?}");
        assert!(known.iter().any(|id| id == need.ability()), "{need:?}");
    }
    // Named for this run, no other one stands in for it.
    at.admin_now = Some("own_client".into());
    let named = ["call_glint", "definitions"].map(str::to_owned);
    assert_eq!(choices(&at, NOW).into_keys().collect::<Vec<_>>(), named);
}

#[test]
fn what_an_identity_may_not_is_said_with_the_reason() {
    let at = everybody();
    let mut refused = 0;
    for held in &at.identities {
        for lang in [Lang::En, Lang::Zh] {
            for ability in held.abilities(&at, lang).into_iter().filter(|ability| !ability.can) {
                assert!(!ability.note.is_empty(), "{} {} {lang:?}", held.id, ability.id);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 2 * (5 + 6 + 4 + 5 + 5 + 1 + 1 + 1), "cells of the matrix that are a no");
}

/// `yes`, `no` or `unknown` for reading apps, changing them, definitions and rules.
fn known(held: &Held, at: &Deployment) -> [&'static str; 4] {
    let all = held.abilities(at, Lang::En);
    ["read_apps", "write_apps", "definitions", "rules"].map(|id| {
        let ability = all.iter().find(|ability| ability.id == id).unwrap();
        assert_eq!(ability.note.is_empty(), ability.can && ability.known, "{id}: {}", ability.note);
        match (ability.can, ability.known) {
            (true, true) => "yes",
            (true, false) => "unknown",
            (false, _) => "no",
        }
    })
}

#[test]
fn what_was_not_observed_is_not_known() {
    let pat = |name: &str, scopes: &[&str]| held(name, CredentialKind::PersonalAccessToken, scopes);
    let owner = |held: Held| Held { owns: vec!["provider".into()], ..held };
    let full = ["apps:read", "apps:write"];
    let lacking = Held { lacks: vec!["apps:write".into()], ..pat("lacking!", &["apps:read"]) };
    for (held, expected) in [
        (owner(pat("owner", &full)), ["yes", "yes", "yes", "yes"]),
        (pat("foreign", &full), ["yes", "yes", "unknown", "unknown"]),
        (owner(pat("silent!", &["apps:read"])), ["yes", "unknown", "unknown", "unknown"]),
        (owner(pat("capped", &["apps:read"])), ["yes", "no", "no", "no"]),
        (owner(lacking), ["yes", "no", "no", "no"]),
        (pat("nothing", &["profile"]), ["no", "no", "no", "no"]),
        (held("session", CredentialKind::SessionToken, &[]), ["yes", "yes", "unknown", "unknown"]),
        (client("client", "provider"), ["no", "no", "unknown", "no"]),
    ] {
        assert_eq!(known(&held, &at(Vec::new())), expected, "{}", held.id);
    }
}

#[test]
fn what_has_expired_or_is_not_accepted_can_do_nothing() {
    let pat = || held("pat", CredentialKind::PersonalAccessToken, &["apps:read", "apps:write"]);
    let expired = Held { expires_at: Some(NOW), ..pat() };
    let refused = pat();
    refused.cache.refusals().store(true, std::sync::atomic::Ordering::Relaxed);
    for (held, words) in [(expired, "expired"), (refused, "401")] {
        let view = held.view_now(&at(Vec::new()), NOW, Lang::En);
        assert!(
            view.abilities
                .iter()
                .all(|ability| !ability.can && ability.known && ability.note.contains(words))
        );
    }
    assert!(pat().view_now(&at(Vec::new()), NOW, Lang::En).abilities.iter().any(|ability| ability.can));
}

#[test]
fn the_chosen_one_goes_first_where_it_fits() {
    use Need::{CallGlint, Definitions, Rules};
    let mut at = everybody();
    at.admin = Some("own_client".into());
    assert_eq!(choose(&at, Definitions, NOW, Lang::En).unwrap().id, "own_client");
    assert_eq!(choose(&at, Rules, NOW, Lang::En).unwrap().id, "pat", "rules take no client credentials");
    at.admin = Some("token_alone".into());
    assert_eq!(choose(&at, CallGlint, NOW, Lang::En).unwrap().id, "token", "chosen for administration only");
}

#[test]
fn what_has_ended_goes_last() {
    let ended = |held: Held| Held { expires_at: Some(NOW), ..held };
    let pat = |name: &str| held(name, CredentialKind::PersonalAccessToken, &["apps:write"]);
    let mut at = at(vec![ended(pat("ended")), pat("living")]);
    at.admin = Some("ended".into());
    assert_eq!(order(&at, Need::Rules), ["living", "ended"]);
    let refreshable = Held { refreshable: true, ..ended(held("r", CredentialKind::AccessToken, &[])) };
    assert!(!refreshable.has_ended(NOW), "it is renewed when it is used");
    assert!(Held { refresh_dead: true, ..refreshable }.has_ended(NOW));
}

#[test]
fn a_token_of_another_client_is_taken_only_when_accepted() {
    let issued = |name: &str, to: &str, used_for: Option<&str>| Held {
        client_id: Some(to.into()),
        used_for: used_for.map(str::to_owned),
        ..held(name, CredentialKind::AccessToken, &[])
    };
    let accepted = |held: Held| Held { accepted: true, ..held };
    let at = at(vec![
        issued("of_provider", "provider", None),
        issued("of_another", "bot", Some("board")),
        issued("of_a_consumer", "bot", None),
        issued("as_said", "bot", Some("bot")),
        issued("provider_as_said", "provider", Some("provider")),
        accepted(issued("accepted", "bot", Some("board"))),
    ]);
    assert_eq!(order(&at, Need::CallGlint), ["of_a_consumer", "as_said", "provider_as_said", "accepted"]);
    let warned = |id: &str| {
        let held = at.identities.iter().find(|held| held.id == id).unwrap();
        held.foreign_warning(&at, Lang::En).map(|problem| problem.code)
    };
    assert_eq!(warned("of_provider").as_deref(), Some("token.foreign_client"));
    assert_eq!(warned("of_another").as_deref(), Some("token.foreign_client"));
    assert_eq!(warned("accepted"), None);
}

#[test]
fn where_nobody_can_the_kind_and_who_makes_it_are_said() {
    let nobody = at(Vec::new());
    for (need, code, words) in [
        (Need::ReadApps, "identity.none_for_apps", "`apps:read`"),
        (Need::WriteApps, "identity.none_for_changing_apps", "`apps:write`"),
        (Need::Definitions, "identity.none_for_definitions", "client credentials"),
        (Need::Rules, "identity.none_for_rules", "no client credentials"),
        (Need::CallGlint, "identity.none_for_calls", "Sign in"),
    ] {
        for lang in [Lang::En, Lang::Zh] {
            let Err(problem) = choose(&nobody, need, NOW, lang) else { panic!("{need:?}") };
            assert_eq!(problem.code, code);
            assert!(problem.who.is_some() && problem.hints.len() == 1, "{code}");
            assert!(lang == Lang::Zh || problem.hints[0].contains(words), "{code}: {:?}", problem.hints);
            assert!(lang == Lang::En || problem.hints[0].contains("“连接”"), "{code}: {:?}", problem.hints);
        }
    }
}
