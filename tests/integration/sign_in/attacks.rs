//! T5: interception, mix-up, replay. Each case is one sign-in that has to end in the named refusal, or be refused before
//! the browser is opened.

use super::{Desk, pair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde_json::{Value, json};
use tests::Provider;
use tests::provider::{Script, jwks, now};
use tests::sign_in::{Attempt, visit};

/// An id token that must not be believed.
struct Forged {
    what: &'static str,
    code: &'static str,
    script: Script,
}

fn claims(what: &'static str, code: &'static str, change: impl Fn(&mut Value) + Send + 'static) -> Forged {
    Forged { what, code, script: Script { claims: Some(Box::new(change)), ..Script::default() } }
}

fn head(what: &'static str, code: &'static str, change: impl Fn(&mut Value) + Send + 'static) -> Forged {
    Forged { what, code, script: Script { head: Some(Box::new(change)), ..Script::default() } }
}

fn forge(what: &'static str, code: &'static str, change: impl Fn(&str) -> String + Send + 'static) -> Forged {
    Forged { what, code, script: Script { forge: Some(Box::new(change)), ..Script::default() } }
}

fn keys(what: &'static str, code: &'static str, change: impl Fn(&mut Value) + Send + 'static) -> Forged {
    Forged { what, code, script: Script { keys: Some(Box::new(change)), ..Script::default() } }
}

/// The same claims under another head, signed by `sign`.
fn resigned(token: &str, head: &Value, sign: impl Fn(&str) -> Vec<u8>) -> String {
    let body = token.split('.').nth(1).unwrap();
    let text = format!("{}.{body}", BASE64URL.encode(head.to_string()));
    let tag = BASE64URL.encode(sign(&text));
    format!("{text}.{tag}")
}

fn hmac_with_the_public_key(text: &str) -> Vec<u8> {
    let modulus = jwks()["keys"][2]["n"].as_str().unwrap().to_owned();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &BASE64URL.decode(modulus).unwrap());
    ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn tampered(token: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut claims: Value = serde_json::from_slice(&BASE64URL.decode(&parts[1]).unwrap()).unwrap();
    claims["sub"] = json!("somebody else");
    parts[1] = BASE64URL.encode(claims.to_string());
    parts.join(".")
}

fn by_claims() -> Vec<Forged> {
    vec![
        claims("another nonce", "nonce", |c| c["nonce"] = json!("of another sign-in")),
        claims("no nonce", "nonce", |c| drop(c.as_object_mut().unwrap().remove("nonce"))),
        claims("another audience", "audience", |c| c["aud"] = json!("client-2")),
        claims("an audience list without us", "audience", |c| c["aud"] = json!(["client-2", "client-3"])),
        claims("several audiences, no azp", "azp", |c| c["aud"] = json!(["client-1", "client-2"])),
        claims("another azp", "azp", |c| c["azp"] = json!("client-2")),
        claims("another issuer", "issuer", |c| c["iss"] = json!("https://evil.example")),
        claims("the issuer with a slash", "issuer", |c| {
            c["iss"] = json!(format!("{}/", c["iss"].as_str().unwrap()))
        }),
        claims("expired", "expired", |c| c["exp"] = json!(now() - 3600)),
        claims("issued tomorrow", "issued_at", |c| c["iat"] = json!(now() + 86_400)),
        claims("no subject", "malformed", |c| drop(c.as_object_mut().unwrap().remove("sub"))),
        claims("an empty subject", "malformed", |c| c["sub"] = json!("")),
        claims("an expiry in words", "malformed", |c| c["exp"] = json!("tomorrow")),
    ]
}

fn by_signature() -> Vec<Forged> {
    let none = json!({ "alg": "none" });
    let hs256 = json!({ "alg": "HS256", "kid": "one" });
    vec![
        forge("algorithm none, no signature", "algorithm", move |t| resigned(t, &none, |_| Vec::new())),
        forge("HS256 with the public key as the secret", "algorithm", move |t| {
            resigned(t, &hs256, hmac_with_the_public_key)
        }),
        head("RS384", "algorithm", |h| h["alg"] = json!("RS384")),
        head("nOnE", "algorithm", |h| h["alg"] = json!("nOnE")),
        head("a critical extension", "algorithm", |h| h["crit"] = json!(["exp"])),
        head("a key nobody published", "key", |h| h["kid"] = json!("of somebody else")),
        forge("claims changed after signing", "signature", tampered),
        forge("two parts", "malformed", |t| t.rsplit_once('.').unwrap().0.to_owned()),
        forge("no token at all", "malformed", |_| "hello".to_owned()),
        keys("a key for encryption only", "key", |k| k["keys"][2]["use"] = json!("enc")),
        keys("no keys", "key", |k| k["keys"] = json!([])),
        Forged {
            what: "none, although openid was granted",
            code: "missing",
            script: Script {
                tokens: Some(Box::new(|t| drop(t.as_object_mut().unwrap().remove("id_token")))),
                ..Script::default()
            },
        },
    ]
}

#[tokio::test]
async fn an_id_token_that_does_not_fit_refuses_the_sign_in() {
    let (provider, desk) = pair(Script::default()).await;
    let cases: Vec<Forged> = by_claims().into_iter().chain(by_signature()).collect();
    let count = cases.len();
    for Forged { what, code, script } in cases {
        provider.play(script);
        let attempt = desk.begin(&["openid"]).await.unwrap();
        let page = visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
        assert_eq!(page.0, 400, "{what}: {}", page.1);
        let problem = attempt.end().await.unwrap_err();
        assert_eq!(problem.code, format!("oauth.id_token_{code}"), "{what}");
        assert!(!problem.hints.is_empty(), "{what}");
        assert!(provider.asked().contains(&"/revoke".to_owned()), "{what}: the tokens are given back");
    }
    // The same server without a trick is believed, so the refusals above are of the tricks.
    provider.play(Script::default());
    let attempt = desk.begin(&["openid"]).await.unwrap();
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    assert_eq!(attempt.end().await.unwrap()["identity"]["user_name"], "mia");
    // An id token nobody asked for is not looked at.
    provider.play(Script { tokens: Some(Box::new(|t| t["id_token"] = json!("x"))), ..Script::default() });
    let attempt = desk.begin(&["todos"]).await.unwrap();
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    attempt.end().await.unwrap();
    println!("count: T5: {count} forged id tokens, all refused");
}

fn discovery(change: impl Fn(&mut Value) + Send + 'static) -> Script {
    Script { discovery: Some(Box::new(change)), ..Script::default() }
}

#[tokio::test]
async fn a_document_that_leads_elsewhere_is_not_followed() {
    let honeypot = Provider::start().await;
    let (provider, desk) = pair(Script::default()).await;
    let elsewhere = honeypot.url().to_owned();
    let mut cases: Vec<(&str, &str, Script)> = Vec::new();
    for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"] {
        let there = elsewhere.clone();
        let script = discovery(move |d| d[member] = json!(format!("{there}/token")));
        cases.push((member, "oauth.foreign_endpoint", script));
    }
    let there = elsewhere.clone();
    cases.push(("issuer", "oauth.issuer_mismatch", discovery(move |d| d["issuer"] = json!(there))));
    for (what, change) in [("a path", "/x"), ("a port", "0"), ("a query", "?x")] {
        let script =
            discovery(move |d| d["issuer"] = json!(format!("{}{change}", d["issuer"].as_str().unwrap())));
        cases.push((what, "oauth.issuer_mismatch", script));
    }
    let user = discovery(|d| {
        let token = d["token_endpoint"].as_str().unwrap().replace("http://", "http://me@");
        d["token_endpoint"] = json!(token);
    });
    cases.push(("a user name in the address", "oauth.foreign_endpoint", user));
    let plain = discovery(|d| d["code_challenge_methods_supported"] = json!(["plain"]));
    cases.push(("PKCE only in the clear", "oauth.no_s256", plain));
    let count = cases.len();
    for (what, code, script) in cases {
        provider.play(script);
        let problem = desk.begin(&["openid"]).await.err().unwrap();
        assert_eq!(problem.code, code, "{what}");
        assert!(!problem.hints.is_empty() && problem.exchange.is_some(), "{what}");
    }
    assert_eq!(desk.host().asked().opened, Vec::<String>::new());
    assert_eq!(honeypot.asked(), Vec::<String>::new());
    // A slash at the end of the issuer is tolerated, and the id token repeats it.
    provider.play(Script {
        discovery: Some(Box::new(|d| d["issuer"] = json!(format!("{}/", d["issuer"].as_str().unwrap())))),
        claims: Some(Box::new(|c| c["iss"] = json!(format!("{}/", c["iss"].as_str().unwrap())))),
        ..Script::default()
    });
    let attempt = desk.begin(&["openid"]).await.unwrap();
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    attempt.end().await.unwrap();
    println!("count: T5: {count} documents that lead elsewhere, 0 requests to the honeypot");
}

/// Hands a code to an attempt and says how it ends.
async fn hand(attempt: Attempt, parameters: &[(&str, &str)]) -> String {
    visit(&attempt.redirect(parameters)).await;
    attempt.end().await.map_or_else(|problem| problem.code, |_| "signed in".to_owned())
}

#[tokio::test]
async fn codes_of_others_are_worth_nothing() {
    let (provider, desk) = pair(Script::default()).await;
    let begin = || async { desk.begin(&["todos"]).await.unwrap() };
    // A code of somebody else's sign-in, put into ours: PKCE tells them apart at the server.
    let (ours, theirs) = (begin().await, begin().await);
    let injected = provider.code(&theirs.url);
    assert_eq!(hand(ours, &[("code", &injected)]).await, "oauth.invalid_grant");
    // The same code a second time.
    let code = provider.code(&theirs.url);
    assert_eq!(hand(theirs, &[("code", &code)]).await, "signed in");
    assert_eq!(hand(begin().await, &[("code", &code)]).await, "oauth.invalid_grant");
    // An intercepted code without its verifier.
    let attempt = begin().await;
    let code = provider.code(&attempt.url);
    let form = format!("grant_type=authorization_code&code={code}&redirect_uri={}", attempt.redirect_uri);
    let request = reqwest::Client::new().post(format!("{}/token", provider.url())).body(form);
    assert_eq!(request.send().await.unwrap().status(), 400);
    println!("count: T5: 3 codes of others, all worthless");
}

#[tokio::test]
async fn an_answer_says_who_it_is_from() {
    let (provider, desk) = pair(Script::default()).await;
    let mixed = desk.begin(&["todos"]).await.unwrap();
    let code = provider.code(&mixed.url);
    provider.asked();
    assert_eq!(hand(mixed, &[("code", &code), ("iss", "https://evil.example")]).await, "oauth.other_issuer");
    let denied = desk.begin(&["todos"]).await.unwrap();
    let answer = [("error", "access_denied"), ("iss", "https://evil.example")];
    assert_eq!(hand(denied, &answer).await, "oauth.other_issuer");
    provider.play(discovery(|d| d["authorization_response_iss_parameter_supported"] = json!(true)));
    let silent = desk.begin(&["todos"]).await.unwrap();
    let code = provider.code(&silent.url);
    assert_eq!(hand(silent, &[("code", &code)]).await, "oauth.other_issuer");
    // No code left for a token endpoint in any of these.
    assert!(!provider.asked().contains(&"/token".to_owned()));
    let named = desk.begin(&["todos"]).await.unwrap();
    let code = provider.code(&named.url);
    assert_eq!(hand(named, &[("code", &code), ("iss", provider.url())]).await, "signed in");
    println!("count: T5: 3 mixed-up answers, 0 codes sent");
}

#[tokio::test]
async fn two_servers_come_back_on_two_paths() {
    let (one, desk) = pair(Script::default()).await;
    let other = Provider::start().await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let code = one.code(&attempt.url);
    let slug = other.url().trim_start_matches("http://").replace(':', "-");
    let own = one.url().trim_start_matches("http://").replace(':', "-");
    assert!(attempt.redirect_uri.ends_with(&format!("/callback/{own}")));
    let (status, _) = visit(&attempt.redirect(&[("code", &code)]).replace(&own, &slug)).await;
    assert_eq!(status, 404);
    assert!(!attempt.has_ended());
    assert_eq!(hand(attempt, &[("code", &code)]).await, "signed in");
    println!("count: T5: 1 answer on the path of another server, ignored");
}

#[tokio::test]
async fn state_nonce_and_challenge_cannot_be_guessed() {
    let (_provider, desk) = pair(Script::default()).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let attempt = desk.begin(&["openid"]).await.unwrap();
        for name in ["state", "nonce", "code_challenge"] {
            let value = attempt.asked(name);
            assert!(BASE64URL.decode(&value).unwrap().len() >= 32, "{name}: {value}");
            assert!(seen.insert(value), "{name} repeats");
        }
        assert_eq!(attempt.asked("response_type"), "code");
        let cancel = json!({ "job": attempt.job });
        desk.world.call("cancel_job", cancel).await.unwrap();
        assert_eq!(attempt.end().await.unwrap_err().code, "cancelled");
    }
    let plain: Desk = desk;
    let attempt = plain.begin(&["todos"]).await.unwrap();
    assert_eq!(attempt.asked("nonce"), "");
    println!("count: T5: 9 random values of 256 bits, none repeated");
}
