//! How Glint's deployment was broken and mended between the recorded exchanges.

use super::glint_steps::{Step, know_secret};
use super::stage::Stage;

/// What has to happen before this exchange.
pub(super) fn before(stage: &mut Stage, name: &str) -> Step {
    let glint = stage.sandbox()?.glint().clone();
    let handout = stage.sandbox()?.handout().clone();
    let upstreams = &stage.inside()?.upstreams;
    let base = |url: &str| glint.configure(|config| config.prism_base_url = url.into());
    let right_id = handout.provider.client_id.clone();
    match name {
        "setup" => know_secret(stage),
        "base-url-slash" => base(&format!("{}/", handout.prism_url)),
        "base-url-subpath" => base(&format!("{}/auth", handout.prism_url)),
        "prism-unreachable" => base("http://127.0.0.1:1"),
        "prism-url-is-glint" => base(&handout.glint_url),
        "prism-answers-html" => base(&upstreams.html),
        "prism-answers-503" => base(&upstreams.down),
        "prism-answers-empty" => base(&upstreams.empty),
        "base-url-empty" => base(""),
        "base-url-no-scheme" => base("127.0.0.1:8801"),
        "wrong-client-id" => {
            base(&handout.prism_url);
            glint.configure(|config| config.prism_client_id = "prism_AAAAAAAAAAAAAAAAAAAAAA".into());
        }
        "client-id-trailing-blank" => {
            glint.configure(|config| config.prism_client_id = format!("{right_id} "))
        }
        "wrong-secret-bearer" => glint.configure(|config| {
            config.prism_client_id = right_id;
            config.prism_client_secret = "wrong".into();
        }),
        "allowed-team-bearer" => {
            let secret = stage.credential("client:glint").map(|credential| credential.secret.clone());
            glint.configure(|config| {
                config.prism_client_secret = secret.unwrap_or_default();
                config.allowed_team_id = "0a5ede7a4e6908a08a81ee86d44b7bac".into();
            });
        }
        "login-without-teams-read" => {
            glint.configure(|config| config.allowed_team_id.clear());
            stage.change_prism(|scenario| {
                let apps = scenario.prism.apps.iter_mut().filter(|app| app.name == "Glint");
                apps.for_each(|app| app.allowed_scopes.retain(|scope| scope != "teams:read"));
            })?;
        }
        "hiccup-teams-503" => {
            glint.drop_caches();
            base(&upstreams.without_teams);
        }
        "hiccup-over-still-denied" => base(&handout.prism_url),
        _ => {}
    }
    Ok(())
}
