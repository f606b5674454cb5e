//! Corners of an HTTP archive.

use super::{BY_FORM, Planted, base, base64, gzip, percent};
use serde_json::{Value, json};

/// Puts a secret into a corner.
type Corner = (&'static str, fn(&mut Value, &str));

fn call(har: &mut Value) -> &mut Value {
    &mut har["log"]["entries"][0]
}

fn header(owner: &mut Value, name: &str, value: &str) {
    owner["headers"].as_array_mut().unwrap().push(json!({ "name": name, "value": value }));
}

fn url(har: &mut Value, change: impl Fn(&str) -> String) {
    let url = &mut call(har)["request"]["url"];
    *url = json!(change(url.as_str().unwrap()));
}

fn sent(har: &mut Value, kind: &str, text: &str) {
    call(har)["request"]["postData"] = json!({ "mimeType": kind, "text": text });
}

fn answered(har: &mut Value, text: &str) {
    call(har)["response"]["content"]["text"] = json!(text);
}

fn other(har: &mut Value, url: &str, body: &Value) {
    let mut entry = call(har).clone();
    entry["request"]["url"] = json!(url);
    entry["response"]["status"] = json!(200);
    entry["response"]["content"]["text"] = json!(body.to_string());
    har["log"]["entries"].as_array_mut().unwrap().push(entry);
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The parts of the archive an exchange is read from.
const READ: [Corner; 28] = [
    ("custom request header", |har, s| header(&mut call(har)["request"], "X-Trace", s)),
    ("custom response header", |har, s| header(&mut call(har)["response"], "X-Debug", s)),
    ("header within text", |har, s| header(&mut call(har)["response"], "Via", &format!("proxy ({s})"))),
    ("path segment", |har, s| url(har, |url| format!("{url}/{s}"))),
    ("fragment", |har, s| url(har, |url| format!("{url}#{s}"))),
    ("unknown parameter", |har, s| url(har, |url| format!("{url}?trace={s}"))),
    ("parameter without value", |har, s| url(har, |url| format!("{url}?{s}"))),
    ("user of the address", |har, s| url(har, |url| url.replace("://", &format!("://{s}@")))),
    ("password of the address", |har, s| url(har, |url| url.replace("://", &format!("://mia:{s}@")))),
    ("address inside a parameter", |har, s| {
        let inner = percent(&format!("https://app.example.com/cb?x={s}"));
        url(har, |url| format!("{url}?next={inner}"));
    }),
    ("percent-encoded twice", |har, s| {
        let twice = percent(&format!("a={s}")).replace('%', "%25");
        url(har, |url| format!("{url}?next={twice}"));
    }),
    ("every letter percent-encoded", |har, s| {
        let all = percent(s);
        url(har, |url| format!("{url}?trace={all}"));
    }),
    ("WebSocket protocol", |har, s| {
        header(&mut call(har)["request"], "Sec-WebSocket-Protocol", &format!("bearer, {s}"));
    }),
    ("cookie", |har, s| header(&mut call(har)["request"], "Cookie", &format!("theme=dark; s={s}"))),
    ("set-cookie", |har, s| header(&mut call(har)["response"], "Set-Cookie", &format!("s={s}; Path=/"))),
    ("proxy credential", |har, s| {
        header(&mut call(har)["request"], "Proxy-Authorization", &format!("Bearer {s}"));
    }),
    ("api key header", |har, s| header(&mut call(har)["request"], "X-Api-Key", s)),
    ("referer", |har, s| {
        header(&mut call(har)["request"], "Referer", &format!("https://app.example.com/#{s}"));
    }),
    ("location", |har, s| {
        header(&mut call(har)["response"], "Location", &format!("https://app.example.com/cb?x={s}"));
    }),
    ("challenge", |har, s| {
        header(&mut call(har)["response"], "WWW-Authenticate", &format!("Bearer realm=\"{s}\""));
    }),
    ("custom member sent", |har, s| sent(har, "application/json", &json!({ "trace": s }).to_string())),
    ("list sent", |har, s| sent(har, "application/json", &json!({ "a": ["x", { "b": [s] }] }).to_string())),
    ("form field", |har, s| sent(har, FORM, &format!("a=1&trace={s}"))),
    ("base64 in JSON in a form", |har, s| {
        let inner = json!({ "blob": base64(json!({ "access_token": s }).to_string().as_bytes()) });
        sent(har, FORM, &format!("payload={}", percent(&inner.to_string())));
    }),
    ("gzip in base64", |har, s| {
        answered(har, &json!({ "error": "x", "blob": base64(&gzip(s)) }).to_string());
    }),
    ("error text", |har, s| answered(har, &json!({ "error": format!("no such key {s}") }).to_string())),
    ("error description", |har, s| {
        answered(har, &json!({ "error": "invalid_request", "error_description": s }).to_string());
    }),
    ("JSON in JSON in JSON", |har, s| {
        let inner = json!({ "b": json!({ "trace": s }).to_string() }).to_string();
        answered(har, &json!({ "error": "Unauthorized", "detail": inner }).to_string());
    }),
];

/// More parts an exchange is read from.
const READ_MORE: [Corner; 12] = [
    ("comment of a page", |har, s| answered(har, &format!("<!doctype html><!-- {s} --><p>Sorry</p>"))),
    ("attribute of a page", |har, s| answered(har, &format!("<html><body data-x='{s}'>Sorry</body></html>"))),
    ("plain text", |har, s| answered(har, &format!("upstream said {s}"))),
    ("cut off JSON", |har, s| answered(har, &format!("{{\"error\":\"x\",\"trace\":\"{s}"))),
    ("name of a member", |har, s| answered(har, &json!({ "error": "x", s: true }).to_string())),
    ("body in base64", |har, s| {
        let text = base64(json!({ "error": "x", "trace": s }).to_string().as_bytes());
        call(har)["response"]["content"] =
            json!({ "size": 10, "mimeType": "application/json", "text": text, "encoding": "base64" });
    }),
    ("name of a header", |har, s| header(&mut call(har)["request"], &format!("X-{s}"), "1")),
    ("failure", |har, s| {
        call(har)["response"] = json!({ "status": 0 });
        call(har)["_error"] = json!(format!("net::ERR_FAILED {s}"));
    }),
    ("status text of a failure", |har, s| call(har)["response"] = json!({ "status": 0, "statusText": s })),
    ("another call of the same token", |har, s| {
        other(har, "https://glint.example.com/api/cross-app/teams", &json!({ "notes": [{ "text": s }] }));
    }),
    ("scopes of the introspection", |har, s| {
        let text = json!({ "active": true, "scope": format!("openid {s}"), "client_id": s }).to_string();
        har["log"]["entries"][1]["response"]["content"]["text"] = json!(text);
    }),
    ("escaped letters", |har, s| {
        let escaped: String = s.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        answered(har, &format!("{{\"error\":\"x {escaped}\"}}"));
    }),
];

/// Parts that only the recorder writes.
const BESIDE: [Corner; 15] = [
    ("comment of an entry", |har, s| call(har)["comment"] = json!(s)),
    ("comment of the archive", |har, s| har["log"]["comment"] = json!(s)),
    ("comment of the creator", |har, s| har["log"]["creator"]["comment"] = json!(s)),
    ("browser", |har, s| har["log"]["browser"] = json!({ "name": s, "version": s })),
    ("page title", |har, s| har["log"]["pages"] = json!([{ "id": "p", "title": s, "startedDateTime": "" }])),
    ("custom member of an entry", |har, s| call(har)["_trace"] = json!({ "deep": [s] })),
    ("initiator", |har, s| call(har)["_initiator"] = json!({ "url": s, "stack": { "description": s } })),
    ("WebSocket message", |har, s| {
        call(har)["_webSocketMessages"] = json!([{ "type": "send", "opcode": 1, "data": s }]);
    }),
    ("list of cookies", |har, s| call(har)["request"]["cookies"] = json!([{ "name": "s", "value": s }])),
    ("list of answered cookies", |har, s| {
        call(har)["response"]["cookies"] = json!([{ "name": "s", "value": s }]);
    }),
    ("list of parameters", |har, s| {
        call(har)["request"]["queryString"] = json!([{ "name": "x", "value": s }]);
    }),
    ("file name of a part", |har, s| {
        call(har)["request"]["postData"] =
            json!({ "mimeType": "multipart/form-data", "params": [{ "name": "f", "fileName": s }] });
    }),
    ("server address", |har, s| call(har)["serverIPAddress"] = json!(s)),
    ("comment of the timings", |har, s| call(har)["timings"]["comment"] = json!(s)),
    ("cache", |har, s| call(har)["cache"] = json!({ "afterRequest": { "eTag": s } })),
];

/// Every corner with every canary that is known by its form; a token in two halves on top.
pub(super) fn planted() -> Vec<Planted> {
    let mut all = Vec::new();
    let corners = READ.iter().chain(&READ_MORE).chain(&BESIDE);
    for (corner, plant) in corners {
        for (kind, secret) in BY_FORM.iter().take(3) {
            let mut har = base();
            plant(&mut har, secret);
            all.push(Planted {
                name: format!("{corner}: {kind}"),
                text: har.to_string(),
                secrets: vec![(*secret).to_owned()],
            });
        }
    }
    for (kind, secret) in BY_FORM.iter().skip(3) {
        for (corner, plant) in READ.iter().take(6) {
            let mut har = base();
            plant(&mut har, secret);
            all.push(Planted {
                name: format!("{corner}: {kind}"),
                text: har.to_string(),
                secrets: vec![(*secret).to_owned()],
            });
        }
    }
    for (kind, secret) in BY_FORM.iter().take(3) {
        let (start, end) = secret.split_at(secret.len() / 2);
        let mut har = base();
        answered(&mut har, &json!({ "error": "x", "first": start, "second": end }).to_string());
        all.push(Planted {
            name: format!("two halves: {kind}"),
            text: har.to_string(),
            secrets: vec![start.to_owned(), end.to_owned()],
        });
    }
    all
}
