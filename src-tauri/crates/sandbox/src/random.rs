//! Identifiers and secrets in the forms Prism and Glint give them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

/// `N` random bytes of the system's generator.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0_u8; N];
    // A system without randomness cannot run a sandbox at all; zeros would only make tokens guessable, never wrong.
    let _ = SystemRandom::new().fill(&mut out);
    out
}

/// 32 hex digits: the form of every Prism id.
pub fn hex_id() -> String {
    hex(&bytes::<16>())
}

/// `prism_` and 22 base64url characters: the form of a client id.
pub fn client_id() -> String {
    format!("prism_{}", base64url(&bytes::<16>()))
}

/// 43 base64url characters: the form of a client secret and of an authorization code.
pub fn client_secret() -> String {
    base64url(&bytes::<32>())
}

/// 64 base64url characters: the form of an opaque access or refresh token.
pub fn opaque_token() -> String {
    base64url(&bytes::<48>())
}

/// `prism_pat_` and 64 base64url characters: the form of a personal access token.
pub fn personal_access_token() -> String {
    format!("prism_pat_{}", opaque_token())
}

/// A random UUID (version 4): the form of every Glint id.
pub fn uuid() -> String {
    let mut raw = bytes::<16>();
    if let Some(b) = raw.get_mut(6) {
        *b = (*b & 0x0f) | 0x40;
    }
    if let Some(b) = raw.get_mut(8) {
        *b = (*b & 0x3f) | 0x80;
    }
    let digits = hex(&raw);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Lower-case hex digits of `raw`.
pub fn hex(raw: &[u8]) -> String {
    raw.iter().map(|b| format!("{b:02x}")).collect()
}

/// Base64url without padding (RFC 4648 §5).
pub fn base64url(raw: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(raw)
}

/// The bytes behind unpadded base64url text, or `None` when it is not that.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256 of `raw`.
pub fn sha256(raw: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, raw).as_ref().to_vec()
}

/// 64 base64url characters that depend on `key` and `label` only: what a reset must not change.
pub fn derived_token(key: &[u8], label: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), label.as_bytes());
    base64url(tag.as_ref().get(..48).unwrap_or_default())
}
