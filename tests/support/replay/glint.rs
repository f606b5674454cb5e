//! Every recorded exchange with Glint.

use super::stage::{OUT_OF_REACH, Stage};
use super::{Exchange, Ground, Report, Response, differences, exchanges, glint_steps};
use sandbox::scenario::Scenario;
use serde_json::{Value, json};

/// File name, text, and how its state differs from the shared scenario.
type File = (&'static str, &'static str, fn(&mut Scenario));

const FILES: [File; 5] = [
    ("glint-init", include_str!("../../recorded/glint-init.json"), glint_steps::unconfigured),
    (
        "glint-crossapp-success",
        include_str!("../../recorded/glint-crossapp-success.json"),
        glint_steps::no_sets,
    ),
    ("glint-crossapp-denials", include_str!("../../recorded/glint-crossapp-denials.json"), |_| ()),
    ("glint-membership-cache", include_str!("../../recorded/glint-membership-cache.json"), |_| ()),
    (
        "glint-broken-deployments",
        include_str!("../../recorded/glint-broken-deployments.json"),
        glint_steps::broken,
    ),
];

/// Plays every recorded exchange with Glint, on a sandbox of its own for every file, or on the servers of `ground`.
///
/// # Errors
/// A sentence when a file cannot be read, a sandbox cannot start, or a step between two exchanges fails.
pub async fn glint(ground: &Ground) -> Result<Report, String> {
    let mut report = Report::default();
    for (file, text, edit) in FILES.into_iter().filter(|(file, ..)| ground.plays(file)) {
        let mut stage = Stage::start(ground, edit).await?;
        let mut reachable = true;
        for exchange in exchanges(text).map_err(|e| format!("{file}: {e}"))? {
            // What follows a step that could not be taken cannot be judged either.
            let played = match reachable {
                true => play(&mut stage, file, &exchange, &mut report).await,
                false => Err(OUT_OF_REACH.to_owned()),
            };
            match played {
                Err(reason) if reason == OUT_OF_REACH => {
                    reachable = false;
                    report.skip(file, &exchange.name, &reason);
                }
                played => played?,
            }
        }
    }
    Ok(report)
}

async fn play(stage: &mut Stage, file: &str, exchange: &Exchange, report: &mut Report) -> Result<(), String> {
    glint_steps::before(stage, file, &exchange.name).await?;
    let present = answer(stage, file, exchange).await?;
    let recorded = Response { body: unwrapped(&exchange.response.body), ..exchange.response.clone() };
    report.note(file, &exchange.name, &differences(&recorded, &present, &stage.names));
    stage.learn(exchange, &present);
    Ok(())
}

async fn answer(stage: &Stage, file: &str, exchange: &Exchange) -> Result<Response, String> {
    let Some(request) = &exchange.request else {
        return inspected(stage, file, &exchange.name);
    };
    let mut request = request.clone();
    if request.path == "/api/auth/callback" && request.body.get("code").is_some_and(|code| code != "nope") {
        let user = if exchange.name == "callback-olivia" { "olivia" } else { "mia" };
        let (code, verifier) = stage.code(user).await?;
        request.body = json!({ "code": code, "codeVerifier": verifier });
    }
    stage.play(&request).await.map_err(|e| format!("{file} {}: {e}", exchange.name))
}

/// The recorder looked into Glint's cache; so does this.
fn inspected(stage: &Stage, file: &str, name: &str) -> Result<Response, String> {
    let user = if name.starts_with("9-") { "nora" } else { "mia" };
    let cached = stage.sandbox()?.glint().has_team_list(&stage.user_id(user));
    let expected = glint_steps::cached(file, name);
    let body = if cached == expected {
        json!({ "cached": cached })
    } else {
        json!({ "error": "the cache differs" })
    };
    Ok(Response { status: None, headers: Default::default(), body })
}

/// The first frame of a socket was recorded as text.
fn unwrapped(body: &Value) -> Value {
    let read = body.as_str().and_then(|text| serde_json::from_str(text).ok());
    read.filter(Value::is_object).unwrap_or_else(|| body.clone())
}
