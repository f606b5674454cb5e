//! What happened between the recorded exchanges with Prism.

use super::prism_oauth_steps;
use super::stage::Stage;
use sandbox::handout::CredentialKind;
use sandbox::scenario::{AppSeed, DefinitionSeed, Scenario};
use serde_json::{Value, json};

pub(super) const GLINT: &str = "prism_6wsjw653PfFYk7GOq6wuSQ";
const GLINT_APP: &str = "052877d243367e69e10b707373ddb44b";
pub(super) const B: &str = "prism_4Kg-r67d_NcD72Kg9XU1Fg";
const B_APP: &str = "0a78444e7e74c1c0526bcd7a170a8152";
pub(super) const B_SECRET: &str = "TmgHZPkhIxJHre0EeMwSqkSFLXhA9CgSdr8Zhqzug8k";
pub(super) const C: &str = "prism_wl26DFRxxToGcOuw00SsQA";
const C_APP: &str = "1f34a60103242da217ee5af12e6e2c72";
const DEAD_TARGET: &str = "prism_8jNqcG9siRFGM6gaGawPQw";
const TEAM: &str = "22d71a4a3697a1d674be910d93c3cae1";
const BOB: &str = "ff5327c922d16d9ca05bd28b4aac10ad";
const NORA: &str = "0e59370791a76d72f6305b6456bebe52";
pub(super) const CALLBACK: &str = "http://127.0.0.1:8899/callback";
pub(super) const BASE: [&str; 4] = ["openid", "profile", "teams:read", "offline_access"];
const WITH_EMAIL: [&str; 5] = ["openid", "profile", "email", "teams:read", "offline_access"];

pub(super) type Step = Result<(), String>;

/// Before the first account.
pub(super) fn nothing(scenario: &mut Scenario) {
    *scenario = Scenario::empty();
}

/// Before any definition, rule, registration or token.
pub(super) fn fresh(scenario: &mut Scenario) {
    scenario
        .credentials
        .retain(|c| !matches!(c.kind, CredentialKind::AccessToken | CredentialKind::RefreshToken));
    for user in &mut scenario.prism.users {
        user.password = format!("{}-pass-123", user.username);
    }
    for app in &mut scenario.prism.apps {
        app.definitions.clear();
        app.rules.clear();
        if app.owner == "bob" {
            app.redirect_uris = vec![CALLBACK.into()];
        }
        if app.client_id == C {
            app.allowed_scopes = BASE.iter().take(3).map(|&scope| scope.to_owned()).collect();
        }
        if app.client_id == B {
            app.allowed_scopes = WITH_EMAIL.map(str::to_owned).to_vec();
            app.client_secret = Some(B_SECRET.into());
        }
    }
}

/// After Glint defined a scope that nobody registered.
pub(super) fn defined(scenario: &mut Scenario) {
    fresh(scenario);
    let glint = scenario.prism.apps.iter_mut().filter(|app| app.client_id == GLINT);
    glint.for_each(|app| app.definitions = vec![definition("read_todos")]);
}

/// After the first scopes were defined and registered.
pub(super) fn registered(scenario: &mut Scenario) {
    fresh(scenario);
    let gone = AppSeed {
        id: "2d50f3e7a4aa71755e6b9d7ccabec764".into(),
        client_id: DEAD_TARGET.into(),
        name: "Dead target".into(),
        owner: "bob".into(),
        redirect_uris: vec![CALLBACK.into()],
        is_active: true,
        ..AppSeed::default()
    };
    scenario.prism.apps.retain(|app| app.client_id != DEAD_TARGET);
    scenario.prism.apps.push(gone);
    for app in &mut scenario.prism.apps {
        let inner: &[&str] = match app.client_id.as_str() {
            B => &["read_todos", "create_todos"],
            C => &["never_defined", "read_todos"],
            _ => &[],
        };
        app.allowed_scopes.extend(inner.iter().map(|inner| of_glint(inner)));
        match app.client_id.as_str() {
            GLINT => app.definitions = ["read_todos", "create_todos"].map(definition).to_vec(),
            DEAD_TARGET => app.allowed_scopes = vec!["openid".into(), "app:prism_gone:read_todos".into()],
            _ => {}
        }
    }
}

fn definition(scope: &str) -> DefinitionSeed {
    DefinitionSeed { scope: scope.into(), title: scope.replace('_', " "), description: "text".into() }
}

pub(super) fn of_glint(inner: &str) -> String {
    format!("app:{GLINT}:{inner}")
}

/// Writes out what the recorder shortened: `<T repeated 5000 times>`.
pub(super) fn spell_out(body: &mut Value) {
    let Value::Object(members) = body else { return };
    for value in members.values_mut() {
        let text = value
            .as_str()
            .and_then(|t| t.strip_prefix('<')?.strip_suffix(" times>")?.split_once(" repeated "));
        if let Some((letter, times)) = text.and_then(|(letter, times)| Some((letter, times.parse().ok()?))) {
            *value = Value::String(letter.repeat(times));
        }
    }
}

/// What has to happen before this exchange.
pub(super) async fn before(stage: &mut Stage, file: &str, name: &str) -> Step {
    match file {
        "prism-scope-definitions" => definitions(stage, name).await,
        "prism-access-rules" => access_rules(stage, name).await,
        "prism-consent-preview" => preview(stage, name).await,
        "prism-oauth" => prism_oauth_steps::before(stage, name).await,
        "prism-auth-failures" => failures(stage, name).await,
        "prism-identity" if name == "users-public" => {
            stage.sandbox()?.prism().switch_user("bob", None, Some(true));
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn definitions(stage: &mut Stage, name: &str) -> Step {
    if name == "basic-public-app" {
        let on = json!({ "allow_self_manage_exported_permissions": true });
        stage.ask_prism("session:bob", &format!("PATCH /api/apps/{C_APP}"), on).await?;
    }
    Ok(())
}

/// Bob's confidential app without any of Glint's scopes, then these rules.
async fn unregistered_under(stage: &mut Stage, rules: &[(&str, &str)]) -> Step {
    set_rules(stage, &[]).await?;
    register(stage, &[]).await?;
    set_rules(stage, rules).await
}

async fn access_rules(stage: &mut Stage, name: &str) -> Step {
    match name {
        "effect-owner-deny" => unregistered_under(stage, &[("owner_deny", BOB)]).await,
        "effect-owner-allow-other" => unregistered_under(stage, &[("owner_allow", NORA)]).await,
        "effect-owner-allow-listed" => {
            unregistered_under(stage, &[("owner_allow", NORA), ("owner_allow", BOB)]).await
        }
        "effect-owner-deny-beats-allow" => {
            unregistered_under(stage, &[("owner_allow", BOB), ("owner_deny", BOB)]).await
        }
        "effect-app-deny-patch" => unregistered_under(stage, &[("app_deny", B)]).await,
        "effect-team-owner" => {
            let app = json!({ "name": "Team App", "redirect_uris": [CALLBACK] });
            let made = stage.ask_prism("session:adam", &format!("POST /api/teams/{TEAM}/apps"), app).await?;
            let id = made.pointer("/app/id").and_then(Value::as_str).unwrap_or_default();
            stage.names.put("98ae01b0b65b14c475ae90b81caa1163", id);
            set_rules(stage, &[("owner_allow", TEAM)]).await
        }
        "effect-target-inactive" => {
            unregistered_under(stage, &[]).await?;
            stage.sandbox()?.prism().switch_client(GLINT, Some(false), None);
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn preview(stage: &mut Stage, name: &str) -> Step {
    match name {
        "app-denied-by-deny" => set_rules(stage, &[("app_deny", B)]).await,
        "app-denied-by-allow-list" => set_rules(stage, &[("app_allow", C)]).await,
        "app-deny-beats-allow" => set_rules(stage, &[("app_allow", B), ("app_deny", B)]).await,
        "app-allow-wrong-kind" => set_rules(stage, &[("app_allow", B_APP)]).await,
        "target-inactive" => {
            set_rules(stage, &[]).await?;
            stage.sandbox()?.prism().switch_client(GLINT, Some(false), None);
            Ok(())
        }
        "client-inactive" => {
            stage.sandbox()?.prism().switch_client(B, Some(false), None);
            Ok(())
        }
        "target-missing" | "unbound-team-scope-not-allowed" => {
            stage.sandbox()?.prism().switch_client(GLINT, Some(true), None);
            stage.sandbox()?.prism().switch_client(B, Some(true), None);
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn failures(stage: &mut Stage, name: &str) -> Step {
    let sign_in = json!({ "identifier": "mia", "password": "mia-pass-123" });
    match name {
        "session-tampered" => {
            let session = stage.credential("session:mia").map(|c| c.secret.clone()).unwrap_or_default();
            stage.names.put("{session jwt}", format!("{}x", session.trim_end_matches('x')));
        }
        "logout" => {
            let answer = stage.ask_prism("session:mia", "POST /api/auth/login", sign_in).await?;
            stage.names.put("{session jwt}", answer.get("token").and_then(Value::as_str).unwrap_or_default());
        }
        "pat-user-deactivated" => {
            stage.sandbox()?.prism().switch_user("nora", Some(false), None);
        }
        "pat-create-bad-scopes" => {
            stage.sandbox()?.prism().switch_user("nora", Some(true), None);
        }
        "login-429" => {
            stage.sandbox()?.prism().forget_rate_limits();
            for _ in 0..10 {
                stage.ask_prism("session:mia", "POST /api/auth/login", sign_in.clone()).await?;
            }
        }
        "register-429" => {
            for n in 0..5 {
                let somebody = json!({ "email": format!("u{n}@example.test"), "username": format!("u{n}"), "password": "long-enough" });
                stage.ask_prism("session:mia", "POST /api/auth/register", somebody).await?;
            }
        }
        "no-rate-limit-on-api" => {
            for _ in 0..149 {
                stage.ask_prism("pat:bob", "GET /api/apps", Value::Null).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Registers Bob's confidential app for the base scopes and these.
pub(super) async fn register(stage: &mut Stage, more: &[&str]) -> Step {
    let scopes: Vec<&str> = BASE.iter().chain(more).copied().collect();
    let wanted = json!({ "allowed_scopes": scopes });
    stage.ask_prism("session:olivia", &format!("PATCH /api/apps/{B_APP}"), wanted).await.map(drop)
}

/// Replaces all rules of Glint.
pub(super) async fn set_rules(stage: &mut Stage, rules: &[(&str, &str)]) -> Step {
    let path = format!("/api/apps/{GLINT_APP}/scope-access-rules");
    let answer = stage.ask_prism("pat:olivia", &format!("GET {path}"), Value::Null).await?;
    for rule in answer.get("rules").and_then(Value::as_array).into_iter().flatten() {
        let id = rule.get("id").and_then(Value::as_str).unwrap_or_default();
        stage.ask_prism("pat:olivia", &format!("DELETE {path}/{id}"), Value::Null).await?;
    }
    for (rule_type, target_id) in rules {
        let rule = json!({ "rule_type": rule_type, "target_id": target_id });
        stage.ask_prism("pat:olivia", &format!("POST {path}"), rule).await?;
    }
    Ok(())
}
