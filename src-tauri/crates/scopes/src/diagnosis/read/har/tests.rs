use super::*;
use serde_json::json;

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

#[test]
fn compressed_and_coded_bodies() {
    let body = |content: Value| {
        let mut entry = call(json!(200), json!([]));
        entry["response"]["content"] = content;
        let read = read(&json!([entry]));
        let codes = codes(&read).into_iter().map(str::to_owned).collect::<Vec<_>>();
        (read.entries[0].exchange.response.clone().unwrap().body, codes)
    };
    assert_eq!(body(json!({ "text": "eyJhIjoxfQ==", "encoding": "base64" })).0.unwrap(), "{\"a\":1}");
    assert_eq!(body(json!({ "text": "H4sIAAAA", "encoding": "base64" })), (None, vec!["read.body".into()]));
    assert_eq!(body(json!({ "size": 37 })), (None, vec![]));
}
