//! What happened between the recorded authorizations, exchanges and introspections.

use super::prism::code;
use super::prism_steps::{B, B_SECRET, BASE, C, CALLBACK, GLINT, Step, of_glint, register, set_rules};
use super::stage::Stage;
use sandbox::random;
use serde_json::{Value, json};

/// How the recordings write the token of a deactivated user.
const NORAS_TOKEN: &str =
    "{token of nora via App B: openid profile teams:read offline_access glint:read_todos}";

/// An approval off the record: the exchange it came before, the client, the verifier, the recorded code.
type Approval = (&'static str, &'static str, Option<&'static str>, &'static str);

const APPROVALS: [Approval; 6] = [
    (
        "token-after-unregister",
        B,
        Some("6MaExKIw9n7CskWJA3-evH51rMTv6q88YSpXp_9piJCKxGW_oE-H-q10JqrQSVO3"),
        "qB5JrcSvpDnRyhOlAGurCjtqUoCOnQAnzp7PR-8SE3M",
    ),
    (
        "token-wrong-secret",
        B,
        Some("-ezpqtfhUdyX-uevrqQYVq9jCo_20uE7CQ87gMdNGil4e_iZrr-hbyC0vsypzVNV"),
        "hTa-YXBvcLqDS95vpbUfocgs2sX7Gl9EKfeJHfM7erk",
    ),
    (
        "token-json",
        B,
        Some("hF08fA27l2Vr6sDY-OWtBt01YP-TFXZffCMhtrOx86XnkU-54IdyK_EenwgPGqwV"),
        "lVYzCpgSxWaf79luSsN4HnRkSJ_vH8-n20ivMMY8Uwg",
    ),
    (
        "token-code-expired",
        B,
        Some("-sRmlffSx6RC-ixPSvNmZSyq9ax9aaztUu3vrZwatQPx0TppBbBC6_7YBsGzE3l6"),
        "dbhyxpDieh5-BF5CLVsqlTxbZEHGyLvuuV7hx9LwLb4",
    ),
    ("token-without-pkce-confidential", B, None, "yTPPoDH4NLmBTg4eZw3eNoAnTbGfIN2lLJlA9R56Y-A"),
    (
        "token-public-client",
        C,
        Some("9k0JhjrNg3fpFFGGRIN3dvvW4l3odj0VlDw0vH_Ul3nMOyoQAk5irhmveMJ99o_E"),
        "q-GMlznLfrde0pcGUF864pAdfnARZJvfFeZdejF5mKc",
    ),
];

/// Tokens of App B obtained off the record: the exchange they came before, the person, access and refresh token; an
/// empty name is not needed later.
type Obtained = (&'static str, &'static str, &'static str, &'static str);

const OBTAINED: [Obtained; 9] = [
    (
        "revoke",
        "mia",
        "G5Sbx5vdgZGWNzm33qiPOs5E--Dm_S5lNx1DVtx4Cb4o5nIf0L4RzTX9Colc2Kcr",
        "mZqpnGVVTZO3HvPlo3KCFOBcHLiG-tdpS0xowkDDuyw5BCm7fjXWt7R-ca3IclKn",
    ),
    (
        "revoke-refresh",
        "mia",
        "s6WQF-dZ4wS5qhv5VAxaFTpt0IqmBHZNUXNjVabB-YZkL7bKGRjOmy2C-VeAiFXj",
        "dE_pyru-Qlylv_gHx4OwNKb_P-P7WJTtLUwg9CikyqxzEqya3WEYmmbTv4-OH2sZ",
    ),
    (
        "introspect-expired",
        "mia",
        "RF_UFkKvLWYMKBwQdAvxYNTyIEXAY1HWaO7S4QoAuHSCnzxpjpdYa613M3AJ39oO",
        "UGKxKr7vvrdd_l7UzQaITRvFsRvPoteo_RhuJsyQ0aVSuAx6e-Hq8TpccbhjuGoU",
    ),
    ("consent-revoke", "mia", "AasTN5JlbdHuZVQavuQvRqUpe__36MSjUtwdpb6LzssiiIFsJVJ8KMPrVLp9TH0r", ""),
    (
        "introspect-older-wider-token",
        "mia",
        "x7ZP75qrwO0OxyeOK4bFcWmaRbbA8GHTe_QfmiZEr4LwDsWJ-pgcWShndgR9JDWl",
        "",
    ),
    (
        "introspect-user-deactivated",
        "nora",
        "il8lbEE8Yrj1vhNzsQrNUoZzRRMD5JSWl01IMfMuDzdKElQlgNvG1cBIhlFU8U8p",
        "CI2lSixqARk5-ghhWWU4gnWzHy6p4wupd9Wwz2c1g3JneUImcyOvOxFKmPkt6d0b",
    ),
    (
        "authorize-jwt-flag",
        "mia",
        "nRadeCDkyF25_DFrLj3BVSTkjtSIJKLAO8r-jGRCdQtroZ4SBZc-K7Cb-4gzbxNs",
        "bbGMF13zYsZEJVTpox0DdvH7rqtln7D4V1DG8RV7vwL96mwDacnug74iVSBv0pDP",
    ),
    (
        "refresh-target-deactivated",
        "mia",
        "",
        "P9EndeTXFMsZOMXOrCN4MDHmXVPx_Wq7v7CQVYomrFe6OP5_cCGxfJDxowK7Y-MT",
    ),
    ("refresh-expired", "mia", "", "xDuhY7EHMXgcmRk30M6UZKpibfXJ0cUcxbrmK2jynkp9w0586QFQ20wCK9ZdI6zd"),
];

/// What has to happen before this exchange: first what makes room, then approvals and tokens, then what they are for.
pub(super) async fn before(stage: &mut Stage, name: &str) -> Step {
    make_room(stage, name).await?;
    let all = format!("{} {}", BASE.join(" "), of_glint("read_todos"));
    if let Some((_, client, verifier, recorded)) = APPROVALS.iter().find(|approval| approval.0 == name) {
        let scope = match name {
            "token-after-unregister" => all.clone(),
            "token-public-client" => format!("openid profile teams:read {}", of_glint("read_todos")),
            _ => "openid".to_owned(),
        };
        approve(stage, "mia", client, &scope, *verifier, recorded).await?;
    }
    if let Some((_, user, access, refresh)) = OBTAINED.iter().find(|obtained| obtained.0 == name) {
        obtain(stage, user, &all, access, refresh).await?;
    }
    change(stage, name).await
}

async fn make_room(stage: &mut Stage, name: &str) -> Step {
    match name {
        "refresh-after-app-deny" => set_rules(stage, &[("app_deny", B)]).await?,
        "token-after-unregister" => set_rules(stage, &[]).await?,
        "authorize-team-scope-without-team" => {
            register(stage, &[&of_glint("read_todos"), "team:read", "site:user:read"]).await?;
        }
        "authorize-jwt-flag" => {
            stage.sandbox()?.prism().switch_client(B, Some(true), None);
        }
        "refresh-expired" => {
            stage.sandbox()?.prism().switch_client(GLINT, Some(true), None);
        }
        _ => {}
    }
    Ok(())
}

async fn change(stage: &mut Stage, name: &str) -> Step {
    match name {
        "token-after-unregister" => register(stage, &[]).await?,
        "introspect-older-wider-token" => obtain(stage, "mia", "openid", "", "").await?,
        "token-code-expired" => stage.sandbox()?.clock().advance(700),
        "introspect-expired" => stage.sandbox()?.clock().advance(3700),
        "refresh-expired" => stage.sandbox()?.clock().advance(31 * 24 * 3600),
        "introspect-user-deactivated" => {
            let token =
                OBTAINED.iter().find(|obtained| obtained.1 == "nora").map_or("", |obtained| obtained.2);
            let present = stage.names.apply(token);
            stage.names.put(NORAS_TOKEN, present);
            stage.sandbox()?.prism().switch_user("nora", Some(false), None);
        }
        "introspect-client-deactivated" => {
            stage.sandbox()?.prism().switch_client(B, Some(false), None);
        }
        "authorize-jwt-flag" => {
            stage.sandbox()?.prism().switch_client(B, None, Some(true));
        }
        "token-after-jwt-500" => {
            stage.sandbox()?.prism().switch_client(B, None, Some(false));
        }
        "refresh-target-deactivated" => {
            stage.sandbox()?.prism().switch_client(GLINT, Some(false), None);
        }
        _ => {}
    }
    Ok(())
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
