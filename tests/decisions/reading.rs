//! Any text is read without a panic; what was written is what is read.

use proptest::prelude::*;
use scopes::diagnosis::read::{Format, Hint, Read, lines, read};
use scopes::diagnosis::subjects;
use scopes::exchange::{Exchange, view};
use scopes::lang::Lang;
use serde_json::{Value, json};

const FORMATS: [Option<Format>; 5] =
    [None, Some(Format::Har), Some(Format::Jsonl), Some(Format::Curl), Some(Format::Answer)];

fn every_way(text: &str) {
    for format in FORMATS {
        for lang in [Lang::En, Lang::Zh] {
            let Read { entries, problems, .. } = read(text, format, &Hint::default(), lang);
            assert!(!entries.is_empty() || !problems.is_empty(), "nothing was read and nothing was said");
            assert!(problems.iter().all(|problem| problem.code.starts_with("read.")));
            let exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
            assert!(subjects(&exchanges).iter().all(|index| *index < exchanges.len()));
            for exchange in &exchanges {
                let _ = view(exchange);
            }
        }
    }
    let _ = lines(text.as_bytes(), Lang::En).count();
}

#[test]
fn a_text_without_anything_visible_is_called_empty() {
    for text in ["", "\n", "\u{feff}", "\n\u{feff}", "\u{feff}\n \u{feff}\r\n"] {
        every_way(text);
    }
}

fn entry(method: &str, url: &str, headers: &[(String, String)], body: Option<&str>, answer: &str) -> Value {
    let headers: Vec<Value> =
        headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({
        "startedDateTime": "2026-11-22T06:25:37.471Z",
        "time": 12.5,
        "request": {
            "method": method, "url": url, "headers": headers,
            "postData": body.map(|text| json!({ "mimeType": "application/json", "text": text })),
        },
        "response": { "status": 403, "headers": [], "content": { "size": answer.len(), "text": answer } },
    })
}

fn archive() -> String {
    let headers = [("Authorization".to_owned(), "Bearer abc123".to_owned())];
    let entries = [
        entry("GET", "https://g.test/api/cross-app/me", &headers, None, "{\"user\":{}}"),
        entry(
            "POST",
            "https://g.test/api/cross-app/teams/t/sets",
            &headers,
            Some("{\"name\":\"x\"}"),
            "{\"error\":\"x\"}",
        ),
    ];
    json!({ "log": { "version": "1.2", "creator": { "name": "t" }, "entries": entries } }).to_string()
}

const TERMINAL: &str = "$ export T=abc\n$ curl -i -X PATCH 'https://g.test/x?a=1' \\\n  -H \"Authorization: Bearer $T\" --json '{\"a\":1}'\nHTTP/2 403\ncontent-type: application/json\n\n{\"error\":\"Not a member of this team\"}\n$ ";

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn pieces() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "curl ",
        "-H ",
        "'",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "HTTP/1.1 403 X\n",
        "HTTP/2 ",
        "403",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"log\"",
        "\"entries\"",
        "\"request\"",
        "\"response\"",
        "\"method\"",
        "\"url\"",
        "$T",
        "${",
        "$'\\u",
        "^\"",
        "^",
        "< ",
        "> ",
        "* ",
        "curl: (22) ",
        "curl: (6) ",
        "GET / HTTP/1.1\n",
        "Host: a\n",
        "null",
        "1e999",
        "‹",
        "›",
        "é",
        "\u{feff}",
        "% Total",
        "--:--",
        "=",
        "&",
        "%3D",
        "%",
        "@",
        "://",
        "eyJ",
        "Bearer ",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        every_way(&text);
    }

    #[test]
    fn any_text_of_familiar_pieces_is_read(text in pieces()) {
        every_way(&text);
    }

    #[test]
    fn any_bytes_are_a_stream(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = lines(bytes.as_slice(), Lang::En).count();
    }

    #[test]
    fn archives_and_terminals_cut_anywhere_are_read(from in 0..2000usize, to in 0..2000usize, put in "[\\PC]{0,3}") {
        for text in [archive(), TERMINAL.to_owned()] {
            let chars: Vec<char> = text.chars().collect();
            let (from, to) = (from % chars.len(), to % chars.len());
            let cut: String = chars[..from.min(to)].iter().chain(put.chars().collect::<Vec<_>>().iter()).chain(&chars[from.max(to)..]).collect();
            every_way(&cut);
        }
    }

    /// The entries before the cut are all there, whatever the place of the cut.
    #[test]
    fn a_cut_archive_keeps_what_came_before(at in 0..2000usize) {
        let text = archive();
        let ends: Vec<usize> = text.match_indices("\"size\":").map(|(at, _)| at + text[at..].find("}}}").unwrap() + 3).collect();
        let at = at % text.len();
        let read = read(&text[..at], Some(Format::Har), &Hint::default(), Lang::En);
        prop_assert_eq!(read.entries.len(), ends.iter().filter(|end| **end <= at).count());
    }

    #[test]
    fn an_archive_is_read_as_written(
        method in "[A-Z]{1,8}", path in "[a-zA-Z0-9/_.-]{0,30}",
        headers in prop::collection::vec(("[A-Za-z-]{1,12}", "[ -~é]{0,30}"), 1..4),
        body in prop::option::of("\\PC{1,40}"), answer in "\\PC{1,60}",
    ) {
        prop_assume!(!headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")));
        // A body of replacement characters was no text before it was saved.
        let answer = answer.replace('\u{fffd}', "x");
        let url = format!("https://g.test/{path}");
        let line = entry(&method, &url, &headers, body.as_deref(), &answer).to_string();
        let whole = format!("{{\"log\":{{\"entries\":[{line}]}}}}");
        for text in [line.clone(), format!("{line}\n{line}\n"), whole] {
            let read = read(&text, None, &Hint::default(), Lang::En);
            let Exchange { request, response, .. } = &read.entries[0].exchange;
            prop_assert_eq!(&request.method, &method);
            prop_assert_eq!(&request.url, &url);
            prop_assert_eq!(&request.headers, &headers);
            prop_assert_eq!(&request.body, &body);
            let response = response.as_ref().unwrap();
            prop_assert_eq!((response.status, response.body.as_deref()), (403, Some(answer.trim_start_matches('\u{feff}'))));
        }
    }

    #[test]
    fn a_command_is_read_as_the_shell_would(
        method in "[A-Z]{1,8}", query in "[a-z=&$'\"\\\\ -]{0,20}",
        value in "[ -~é]{0,30}", body in "\\PC{1,40}",
    ) {
        prop_assume!(!body.starts_with('@') && !body.contains('\u{f8ff}'));
        let url = format!("https://g.test/x?{query}");
        let text = format!(
            "curl -sS -X{method} {} \\\n  -H {} --data {}\nHTTP/1.1 409 Conflict\nA: b\n\n{{\"error\":\"x\"}}\n",
            shell_quoted(&url), shell_quoted(&format!("X-A: {value}")), shell_quoted(&body),
        );
        let read = read(&text, None, &Hint::default(), Lang::En);
        let Exchange { request, response, .. } = &read.entries[0].exchange;
        prop_assert_eq!(&request.method, &method);
        prop_assert_eq!(&request.url, &url);
        prop_assert_eq!(&request.headers, &vec![("X-A".to_owned(), value.clone())]);
        prop_assert_eq!(request.body.as_deref(), Some(body.as_str()));
        let response = response.as_ref().unwrap();
        prop_assert_eq!((response.status, response.body.as_deref()), (409, Some("{\"error\":\"x\"}")));
    }
}

/// What is shown of a call is a command that reads back as the same call.
#[test]
fn a_copied_command_reads_back() {
    let read_one = |text: &str| read(text, None, &Hint::default(), Lang::En).entries.remove(0).exchange;
    let call = read_one(TERMINAL);
    let copied = format!("{}\nHTTP/2 403\n\n{{\"error\":\"x\"}}", view(&call).curl);
    let again = read_one(&copied);
    assert_eq!((again.request.method, again.request.url), (call.request.method, call.request.url));
    assert_eq!(again.request.body, call.request.body);
    assert_eq!(again.request.headers[0].1, "Bearer ‹access token $TOKEN›");
}
