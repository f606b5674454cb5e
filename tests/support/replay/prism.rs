//! Every recorded exchange with Prism.

use super::stage::{OUT_OF_REACH, Stage};
use super::{Exchange, Ground, Report, Response, differences, exchanges, prism_matrix, prism_steps};
use sandbox::scenario::Scenario;
use serde_json::Value;

/// File name, text, and how its state differs from the shared scenario.
type File = (&'static str, &'static str, fn(&mut Scenario));

const FILES: [File; 8] = [
    ("prism-init", include_str!("../../recorded/prism-init.json"), prism_steps::nothing),
    ("prism-apps", include_str!("../../recorded/prism-apps.json"), prism_steps::fresh),
    (
        "prism-scope-definitions",
        include_str!("../../recorded/prism-scope-definitions.json"),
        prism_steps::fresh,
    ),
    ("prism-access-rules", include_str!("../../recorded/prism-access-rules.json"), prism_steps::defined),
    (
        "prism-consent-preview",
        include_str!("../../recorded/prism-consent-preview.json"),
        prism_steps::registered,
    ),
    ("prism-oauth", include_str!("../../recorded/prism-oauth.json"), prism_steps::registered),
    ("prism-auth-failures", include_str!("../../recorded/prism-auth-failures.json"), prism_steps::fresh),
    ("prism-identity", include_str!("../../recorded/prism-identity.json"), prism_steps::fresh),
];

/// Exchanges that cannot be played, with the reason.
const NOT_APPLICABLE: [(&str, &str); 1] = [(
    "2fa-challenges-429",
    "only the refusal of the 61st step-up challenge was recorded, never a challenge, so the sandbox has no such route",
)];

/// The recorder repeated this call 150 times and kept nothing but the status.
const REPEATED: &str = "no-rate-limit-on-api";

/// Plays every recorded exchange with Prism, on a sandbox of its own for every file, or on the servers of `ground`.
///
/// # Errors
/// A sentence when a file cannot be read, a sandbox cannot start, or a step between two exchanges fails.
pub async fn prism(ground: &Ground) -> Result<Report, String> {
    let mut report = Report::default();
    for (file, text, edit) in FILES.into_iter().filter(|(file, ..)| ground.plays(file)) {
        let mut stage = Stage::start(ground, edit).await?;
        let mut reachable = true;
        for exchange in exchanges(text).map_err(|e| format!("{file}: {e}"))? {
            let known = NOT_APPLICABLE.iter().find(|(name, _)| *name == exchange.name);
            let played = match known {
                Some((_, why)) => Err((*why).to_owned()),
                None if !reachable => Err(OUT_OF_REACH.to_owned()),
                None => after_its_step(&mut stage, file, &exchange, &mut report).await,
            };
            match played {
                Err(reason) if known.is_some() || reason == OUT_OF_REACH => {
                    reachable &= known.is_some();
                    report.skip(file, &exchange.name, &reason);
                }
                played => played?,
            }
        }
    }
    if ground.plays("prism-auth-matrix") {
        prism_matrix::play(ground, &mut report).await?;
    }
    Ok(report)
}

async fn after_its_step(
    stage: &mut Stage,
    file: &str,
    exchange: &Exchange,
    report: &mut Report,
) -> Result<(), String> {
    prism_steps::before(stage, file, &exchange.name).await?;
    play(stage, file, exchange, report).await
}

async fn play(stage: &mut Stage, file: &str, exchange: &Exchange, report: &mut Report) -> Result<(), String> {
    let Some(request) = &exchange.request else {
        return Err(format!("{file} {}: no request", exchange.name));
    };
    let mut request = request.clone();
    prism_steps::spell_out(&mut request.body);
    let repeated = exchange.name == REPEATED;
    if repeated {
        request.headers.insert("Authorization".into(), "Bearer {pat:bob}".into());
    }
    let mut present =
        stage.play_prism(&request).await.map_err(|e| format!("{file} {}: {e}", exchange.name))?;
    if repeated {
        present = Response { headers: Default::default(), body: Value::Null, ..present };
    }
    let mut found = differences(&exchange.response, &present, &stage.names);
    let location = |answer: &Response| answer.headers.get("location").cloned();
    if location(&exchange.response).map(|text| stage.names.apply(&text)) != location(&present) {
        let recorded = location(&exchange.response);
        found.push(format!("location {:?}, recorded {recorded:?}", location(&present)));
    }
    report.note(file, &exchange.name, &found);
    stage.names.learn(&exchange.response.body, &present.body);
    if let (Some(recorded), Some(present)) = (code(&exchange.response.body), code(&present.body)) {
        stage.names.put(recorded, present);
    }
    Ok(())
}

/// The authorization code in the answer of the consent page's POST.
pub(super) fn code(body: &Value) -> Option<&str> {
    let redirect = body.get("redirect")?.as_str()?;
    redirect.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="))
}
