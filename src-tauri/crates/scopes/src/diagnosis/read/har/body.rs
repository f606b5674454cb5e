//! Bodies as archives hold them: text, base64, and compressed as they came over the wire (RFC 9110 §8.4).

use crate::exchange::base64;
use crate::lang::Lang;
use crate::problem::Problem;
use crate::say;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use serde_json::Value;
use std::io::Read;

/// Longest body that is unpacked, in bytes; a small archive may unfold into any size.
const LONGEST: u64 = 8 * 1024 * 1024;

/// The text of an answer; `None` where there is none, or none that can be read.
pub(super) fn of_answer(response: &Value) -> Option<String> {
    let content = response.get("content")?;
    let text = content.get("text")?.as_str()?;
    if !is_base64(content) {
        return plain(text.as_bytes());
    }
    // What is said to be base64 and is not was written down as text.
    let Some(bytes) = base64::decode(text) else { return plain(text.as_bytes()) };
    match unpacked(&bytes, &coding(response)) {
        Some(unpacked) => plain(&unpacked),
        None => plain(&bytes),
    }
}

/// The text of what was sent.
pub(super) fn of_request(data: &Value) -> Option<String> {
    let text = data.get("text").and_then(Value::as_str).filter(|text| !text.is_empty())?;
    match base64::decode(text).filter(|_| is_base64(data)) {
        Some(bytes) => plain(&bytes),
        None => Some(text.to_owned()),
    }
}

fn is_base64(content: &Value) -> bool {
    content.get("encoding").and_then(Value::as_str) == Some("base64")
}

/// What `Content-Encoding` says, in small letters; archives often keep it beside a body that is unpacked already.
fn coding(response: &Value) -> String {
    let headers = response.get("headers").and_then(Value::as_array).into_iter().flatten();
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    headers
        .filter(|row| text(row, "name").eq_ignore_ascii_case("content-encoding"))
        .map(|row| text(row, "value").trim().to_ascii_lowercase())
        .next_back()
        .unwrap_or_default()
}

/// The bytes behind gzip or deflate; `None` where they are neither, damaged, or too many.
fn unpacked(bytes: &[u8], coding: &str) -> Option<Vec<u8>> {
    if is_gzip(bytes) {
        return whole(MultiGzDecoder::new(bytes));
    }
    // Some servers leave the zlib frame out (RFC 9110 §8.4.1.2).
    (coding == "deflate")
        .then(|| whole(ZlibDecoder::new(bytes)).or_else(|| whole(DeflateDecoder::new(bytes))))?
}

fn whole(packed: impl Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    packed.take(LONGEST + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 <= LONGEST).then_some(out)
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

fn is_zstd(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// Compressed bytes are no text.
fn plain(bytes: &[u8]) -> Option<String> {
    if is_gzip(bytes) || is_zstd(bytes) {
        return None;
    }
    let text = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    Some(String::from_utf8_lossy(text).into_owned())
        .filter(|text| text.matches('\u{fffd}').count() * 10 <= text.len())
}

/// That the body of an entry could not be read.
pub(super) fn unreadable(entry: &Value, index: u32, lang: Lang) -> Option<Problem> {
    let response = entry.get("response")?;
    let text = response.get("content")?.get("text")?.as_str()?;
    if text.is_empty() || of_answer(response).is_some() {
        return None;
    }
    let coding = coding(response);
    let words = match coding.as_str() {
        "br" | "zstd" => say!(
            lang,
            "The answer of entry {index} is compressed as `{coding}`, which is not unpacked; it is left out.",
            "条目 {index} 的响应体以 `{coding}` 压缩，无法解开，已略去。"
        ),
        _ => say!(
            lang,
            "The answer of entry {index} is compressed or not text; it is left out.",
            "条目 {index} 的响应体被压缩或不是文本，已略去。"
        ),
    };
    Some(Problem::note("read.body", words).about(index.to_string()).hinted(say!(
        lang,
        "Save the archive with a browser, which unpacks bodies, or paste the answer itself.",
        "用浏览器保存归档（它会解开响应体），或直接粘贴应答。"
    )))
}
