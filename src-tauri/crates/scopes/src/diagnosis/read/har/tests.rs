use super::*;
use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};
use serde_json::json;
use std::io::{self, Read as _};

fn call(status: Value, headers: Value) -> Value {
    json!({
        "startedDateTime": "2026-11-22T06:25:37.471Z",
        "timings": { "blocked": -1, "connect": 3, "ssl": 2, "send": 1, "wait": 8.5 },
        "request": { "method": "get", "url": "https://g.test/x", "headers": headers },
        "response": { "status": status, "headers": [], "content": { "text": "{}", "mimeType": "x-unknown" } },
    })
}

fn read(value: &Value) -> Read {
    archive(&value.to_string(), Lang::En)
}

fn codes(read: &Read) -> Vec<&str> {
    read.problems.iter().map(|problem| problem.code.as_str()).collect()
}

#[test]
fn pseudo_headers_are_none_and_times_are_summed() {
    let headers = json!([{ "name": ":path", "value": "/x" }, { "name": "A", "value": "b" }]);
    let read = read(&json!({ "log": { "entries": [call(json!("403"), headers)] } }));
    let exchange = &read.entries[0].exchange;
    assert_eq!(exchange.request.headers, [("A".to_owned(), "b".to_owned())]);
    assert_eq!((exchange.elapsed_ms, exchange.started_at), (Some(12.5), Some(1_795_328_737_471)));
    assert_eq!(exchange.response.as_ref().unwrap().status, 403);
    assert!(exchange.response.as_ref().unwrap().headers.is_empty());
}

#[test]
fn archives_come_with_and_without_frame() {
    let entry = call(json!(200), json!([{ "name": "A", "value": "b" }]));
    for whole in [json!({ "log": { "entries": [entry] } }), json!({ "entries": [entry] }), json!([entry])] {
        assert_eq!(read(&whole).entries.len(), 1, "{whole}");
    }
    for none in [json!({ "log": {} }), json!({ "log": 1 }), json!([1]), json!({ "log": { "entries": null } })]
    {
        assert!(read(&none).entries.is_empty(), "{none}");
        assert_eq!(read(&none).problems.len(), 1, "{none}");
    }
}

#[test]
fn credentials_a_browser_left_out_are_unknown() {
    let with = |name: &str| {
        let entry = call(json!(401), json!([{ "name": name, "value": "Bearer x" }]));
        read(&json!({ "log": { "creator": { "name": "WebInspector" }, "entries": [entry] } }))
    };
    assert!(with("Accept").entries[0].headers_unknown);
    assert_eq!(codes(&with("Accept")), ["read.no_credentials"]);
    assert!(!with("authorization").entries[0].headers_unknown);
    let masked = call(json!(401), json!([{ "name": "Authorization", "value": "[REDACTED]" }]));
    let masked = read(&json!([masked]));
    assert!(masked.entries[0].headers_unknown && masked.entries[0].exchange.request.headers.is_empty());
}

#[test]
fn a_cut_archive_gives_what_came_before_and_says_where() {
    let entry = call(json!(200), json!([{ "name": "A", "value": "b" }]));
    let text = json!({ "log": { "version": "1.2", "entries": [entry, entry] } }).to_string();
    let cut = archive(&text[..text.len() - 20], Lang::En);
    assert_eq!((cut.entries.len(), codes(&cut)), (1, vec!["read.truncated"]));
    let nothing = archive(&text[..60], Lang::Zh);
    assert_eq!((nothing.entries.len(), codes(&nothing)), (0, vec!["read.truncated"]));
    assert!(nothing.problems[0].span.is_some());
}

fn body(content: Value, coding: &str) -> (Option<String>, Vec<String>) {
    let mut entry = call(json!(200), json!([]));
    entry["response"]["headers"] = json!([{ "name": "Content-Encoding", "value": coding }]);
    entry["response"]["content"] = content;
    let read = read(&json!([entry]));
    let codes = codes(&read).into_iter().map(str::to_owned).collect();
    (read.entries[0].exchange.response.clone().unwrap().body, codes)
}

fn coded(bytes: &[u8]) -> Value {
    json!({ "text": STANDARD.encode(bytes), "encoding": "base64" })
}

#[test]
fn coded_bodies_and_none() {
    assert_eq!(body(json!({ "text": "eyJhIjoxfQ==", "encoding": "base64" }), "").0.unwrap(), "{\"a\":1}");
    assert_eq!(body(json!({ "size": 37 }), ""), (None, vec![]));
}

/// As they came over the wire, with and without a word about it.
#[test]
fn gzip_and_deflate_are_unpacked() {
    let text = "{\"error\":\"Not a member of this team\"}";
    let packed = |mut packer: Box<dyn io::Read>| {
        let mut bytes = Vec::new();
        packer.read_to_end(&mut bytes).unwrap();
        coded(&bytes)
    };
    let (bytes, usual) = (text.as_bytes(), Compression::default());
    for (coding, content) in [
        ("gzip", packed(Box::new(GzEncoder::new(bytes, usual)))),
        ("", packed(Box::new(GzEncoder::new(bytes, usual)))),
        ("deflate", packed(Box::new(ZlibEncoder::new(bytes, usual)))),
        ("Deflate ", packed(Box::new(DeflateEncoder::new(bytes, usual)))),
        // The header is kept beside a body that is unpacked already.
        ("gzip", coded(bytes)),
        ("deflate", coded(bytes)),
        ("br", coded(bytes)),
        ("gzip", json!({ "text": text })),
    ] {
        assert_eq!(body(content, coding), (Some(text.into()), vec![]), "{coding}");
    }
}

#[test]
fn what_cannot_be_unpacked_is_left_out_and_said() {
    let mut bomb = Vec::new();
    GzEncoder::new(io::repeat(b' ').take(9 * 1024 * 1024), Compression::fast())
        .read_to_end(&mut bomb)
        .unwrap();
    let cut = json!({ "text": "H4sIAAAA", "encoding": "base64" });
    let zstd = coded(&[0x28, 0xb5, 0x2f, 0xfd, 4, 0, 0, 0]);
    let brotli = coded(&[0x8b, 0xa0, 0xff, 0x81, 0xfe, 0xf3, 0x9c, 0x88, 0xb0, 0xd1]);
    for (coding, content) in [("gzip", coded(&bomb)), ("gzip", cut), ("zstd", zstd), ("br", brotli)] {
        assert_eq!(body(content, coding), (None, vec!["read.body".into()]), "{coding}");
    }
}
