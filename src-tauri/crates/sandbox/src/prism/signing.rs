//! Session JWTs (HS256) and id tokens (RS256).

use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RsaKeyPair};
use ring::{hmac, signature};
use serde_json::{Value, json};

use crate::random;

/// A key that is public on purpose: it signs nothing but the sandbox's own id tokens.
static SIGNING_KEY: &[u8] = include_bytes!("../signing_key.der");

/// The name of that key in `/.well-known/jwks.json`.
const KEY_ID: &str = "5a4d8b0e-0000-4000-8000-73616e64626f";

/// A signed session token with these claims.
pub(super) fn session_jwt(key: &[u8], claims: &Value) -> String {
    let head = random::base64url(json!({ "alg": "HS256", "typ": "JWT" }).to_string().as_bytes());
    let body = random::base64url(claims.to_string().as_bytes());
    let signed = format!("{head}.{body}");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
    format!("{signed}.{}", random::base64url(tag.as_ref()))
}

/// The claims of a session token that this key signed.
pub(super) fn session_claims(key: &[u8], token: &str) -> Option<Value> {
    let (signed, tag) = token.rsplit_once('.')?;
    let tag = random::from_base64url(tag)?;
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes(), &tag).ok()?;
    let (_, body) = signed.split_once('.')?;
    serde_json::from_slice(&random::from_base64url(body)?).ok()
}

/// A signed id token with these claims.
pub(super) fn id_token(claims: &Value) -> Option<String> {
    let key = RsaKeyPair::from_pkcs8(SIGNING_KEY).ok()?;
    let head =
        random::base64url(json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID }).to_string().as_bytes());
    let signed = format!("{head}.{}", random::base64url(claims.to_string().as_bytes()));
    let mut tag = vec![0; key.public().modulus_len()];
    key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut tag).ok()?;
    Some(format!("{signed}.{}", random::base64url(&tag)))
}

/// The public half, as `/.well-known/jwks.json` shows it (RFC 7517).
pub(super) fn jwks() -> Value {
    let Ok(key) = RsaKeyPair::from_pkcs8(SIGNING_KEY) else { return json!({ "keys": [] }) };
    let parts = signature::RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    json!({ "keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
        "n": random::base64url(&parts.n), "e": random::base64url(&parts.e),
    }] })
}
