//! What happened between the recorded authorizations, exchanges and introspections.

use super::prism::code;
use super::prism_steps::{B, B_SECRET, BASE, C, CALLBACK, GLINT, Step, of_glint, register, set_rules};
use super::stage::Stage;
use sandbox::random;
use serde_json::{Value, json};

/// How the recordings write the token of a deactivated user.
const NORAS_TOKEN: &str =
    "{token of nora via App B: openid profile teams:read offline_access glint:read_todos}";

/// What has to happen before this exchange.
pub(super) async fn before(stage: &mut Stage, name: &str) -> Step {
    let wide = format!("{} {}", BASE.join(" "), of_glint("read_todos"));
    match name {
        "refresh-after-app-deny" => set_rules(stage, &[("app_deny", B)]).await,
        "token-after-unregister" => {
            set_rules(stage, &[]).await?;
            let verifier = "6MaExKIw9n7CskWJA3-evH51rMTv6q88YSpXp_9piJCKxGW_oE-H-q10JqrQSVO3";
            approve(stage, "mia", B, &wide, Some(verifier), "qB5JrcSvpDnRyhOlAGurCjtqUoCOnQAnzp7PR-8SE3M")
                .await?;
            register(stage, &[]).await
        }
        "authorize-team-scope-without-team" => {
            register(stage, &[&of_glint("read_todos"), "team:read", "site:user:read"]).await
        }
        "token-wrong-secret" => {
            let verifier = "-ezpqtfhUdyX-uevrqQYVq9jCo_20uE7CQ87gMdNGil4e_iZrr-hbyC0vsypzVNV";
            approve(stage, "mia", B, "openid", Some(verifier), "hTa-YXBvcLqDS95vpbUfocgs2sX7Gl9EKfeJHfM7erk")
                .await
        }
        "token-json" => {
            let verifier = "hF08fA27l2Vr6sDY-OWtBt01YP-TFXZffCMhtrOx86XnkU-54IdyK_EenwgPGqwV";
            approve(stage, "mia", B, "openid", Some(verifier), "lVYzCpgSxWaf79luSsN4HnRkSJ_vH8-n20ivMMY8Uwg")
                .await
        }
        "token-code-expired" => {
            let verifier = "-sRmlffSx6RC-ixPSvNmZSyq9ax9aaztUu3vrZwatQPx0TppBbBC6_7YBsGzE3l6";
            approve(stage, "mia", B, "openid", Some(verifier), "dbhyxpDieh5-BF5CLVsqlTxbZEHGyLvuuV7hx9LwLb4")
                .await?;
            stage.sandbox()?.clock().advance(700);
            Ok(())
        }
        "token-without-pkce-confidential" => {
            approve(stage, "mia", B, "openid", None, "yTPPoDH4NLmBTg4eZw3eNoAnTbGfIN2lLJlA9R56Y-A").await
        }
        "token-public-client" => {
            let verifier = "9k0JhjrNg3fpFFGGRIN3dvvW4l3odj0VlDw0vH_Ul3nMOyoQAk5irhmveMJ99o_E";
            let scope = format!("openid profile teams:read {}", of_glint("read_todos"));
            approve(stage, "mia", C, &scope, Some(verifier), "q-GMlznLfrde0pcGUF864pAdfnARZJvfFeZdejF5mKc")
                .await
        }
        _ => later(stage, name, &wide).await,
    }
}

async fn later(stage: &mut Stage, name: &str, wide: &str) -> Step {
    match name {
        "revoke" => {
            obtain(
                stage,
                "mia",
                wide,
                "G5Sbx5vdgZGWNzm33qiPOs5E--Dm_S5lNx1DVtx4Cb4o5nIf0L4RzTX9Colc2Kcr",
                "mZqpnGVVTZO3HvPlo3KCFOBcHLiG-tdpS0xowkDDuyw5BCm7fjXWt7R-ca3IclKn",
            )
            .await
        }
        "revoke-refresh" => {
            obtain(
                stage,
                "mia",
                wide,
                "s6WQF-dZ4wS5qhv5VAxaFTpt0IqmBHZNUXNjVabB-YZkL7bKGRjOmy2C-VeAiFXj",
                "dE_pyru-Qlylv_gHx4OwNKb_P-P7WJTtLUwg9CikyqxzEqya3WEYmmbTv4-OH2sZ",
            )
            .await
        }
        "introspect-expired" => {
            obtain(
                stage,
                "mia",
                wide,
                "RF_UFkKvLWYMKBwQdAvxYNTyIEXAY1HWaO7S4QoAuHSCnzxpjpdYa613M3AJ39oO",
                "UGKxKr7vvrdd_l7UzQaITRvFsRvPoteo_RhuJsyQ0aVSuAx6e-Hq8TpccbhjuGoU",
            )
            .await?;
            stage.sandbox()?.clock().advance(3700);
            Ok(())
        }
        "consent-revoke" => {
            obtain(stage, "mia", wide, "AasTN5JlbdHuZVQavuQvRqUpe__36MSjUtwdpb6LzssiiIFsJVJ8KMPrVLp9TH0r", "")
                .await
        }
        "introspect-older-wider-token" => {
            obtain(
                stage,
                "mia",
                wide,
                "x7ZP75qrwO0OxyeOK4bFcWmaRbbA8GHTe_QfmiZEr4LwDsWJ-pgcWShndgR9JDWl",
                "",
            )
            .await?;
            obtain(stage, "mia", "openid", "", "").await
        }
        "introspect-user-deactivated" => {
            let access = "il8lbEE8Yrj1vhNzsQrNUoZzRRMD5JSWl01IMfMuDzdKElQlgNvG1cBIhlFU8U8p";
            obtain(
                stage,
                "nora",
                wide,
                access,
                "CI2lSixqARk5-ghhWWU4gnWzHy6p4wupd9Wwz2c1g3JneUImcyOvOxFKmPkt6d0b",
            )
            .await?;
            let present = stage.names.apply(access);
            stage.names.put(NORAS_TOKEN, present);
            stage.sandbox()?.prism().switch_user("nora", Some(false), None);
            Ok(())
        }
        "introspect-client-deactivated" => {
            stage.sandbox()?.prism().switch_client(B, Some(false), None);
            Ok(())
        }
        "authorize-jwt-flag" => {
            stage.sandbox()?.prism().switch_client(B, Some(true), None);
            obtain(
                stage,
                "mia",
                wide,
                "nRadeCDkyF25_DFrLj3BVSTkjtSIJKLAO8r-jGRCdQtroZ4SBZc-K7Cb-4gzbxNs",
                "bbGMF13zYsZEJVTpox0DdvH7rqtln7D4V1DG8RV7vwL96mwDacnug74iVSBv0pDP",
            )
            .await?;
            stage.sandbox()?.prism().switch_client(B, None, Some(true));
            Ok(())
        }
        "token-after-jwt-500" => {
            stage.sandbox()?.prism().switch_client(B, None, Some(false));
            Ok(())
        }
        "refresh-target-deactivated" => {
            obtain(
                stage,
                "mia",
                wide,
                "",
                "P9EndeTXFMsZOMXOrCN4MDHmXVPx_Wq7v7CQVYomrFe6OP5_cCGxfJDxowK7Y-MT",
            )
            .await?;
            stage.sandbox()?.prism().switch_client(GLINT, Some(false), None);
            Ok(())
        }
        "refresh-expired" => {
            stage.sandbox()?.prism().switch_client(GLINT, Some(true), None);
            obtain(
                stage,
                "mia",
                wide,
                "",
                "xDuhY7EHMXgcmRk30M6UZKpibfXJ0cUcxbrmK2jynkp9w0586QFQ20wCK9ZdI6zd",
            )
            .await?;
            stage.sandbox()?.clock().advance(31 * 24 * 3600);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// An approval that was not recorded; the code it gave was.
async fn approve(
    stage: &mut Stage,
    user: &str,
    client: &str,
    scope: &str,
    verifier: Option<&str>,
    recorded: &str,
) -> Step {
    let mut wanted = json!({
        "client_id": client, "redirect_uri": CALLBACK, "scope": scope, "state": "st-1", "action": "approve",
    });
    if let (Some(verifier), Some(members)) = (verifier, wanted.as_object_mut()) {
        let challenge = random::base64url(&random::sha256(verifier.as_bytes()));
        members.insert("code_challenge".into(), json!(challenge));
        members.insert("code_challenge_method".into(), json!("S256"));
    }
    let answer = stage.ask_prism(&format!("session:{user}"), "POST /api/oauth/authorize", wanted).await?;
    stage.names.put(recorded, code(&answer).ok_or("an approval gave no code")?);
    Ok(())
}

/// Tokens of App B that were obtained off the record; empty names are not needed later.
async fn obtain(stage: &mut Stage, user: &str, scope: &str, access: &str, refresh: &str) -> Step {
    approve(stage, user, B, scope, None, "a code off the record").await?;
    let form = format!(
        "grant_type=authorization_code&code=a code off the record&redirect_uri={CALLBACK}&client_id={B}&client_secret={B_SECRET}"
    );
    let answer = stage.ask_prism("client:b", "POST /api/oauth/token", Value::String(form)).await?;
    for (recorded, member) in [(access, "access_token"), (refresh, "refresh_token")] {
        if let (false, Some(present)) = (recorded.is_empty(), answer.get(member).and_then(Value::as_str)) {
            stage.names.put(recorded, present);
        }
    }
    Ok(())
}
