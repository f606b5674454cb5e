use super::*;

fn status_and_body(text: &str) -> (u16, String) {
    let read = pasted(text, &Hint::default(), Lang::En);
    let response = read.entries[0].exchange.response.clone().unwrap();
    (response.status, response.body.unwrap_or_default())
}

#[test]
fn answers_in_every_dress() {
    let body = r#"{"error":"Not a member of this team"}"#;
    for text in [
        format!("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{body}"),
        format!("HTTP/2 100\n\nHTTP/2 403\n\n{body}\n"),
        format!("403 Forbidden\n{body}"),
        format!("403 {body}"),
        format!("HTTP 403: {body}"),
        body.to_owned(),
        "Not a member of this team".to_owned(),
        format!(
            "* Connected\n> GET /x HTTP/1.1\n> Authorization: Bearer t\n>\n< HTTP/1.1 403 Forbidden\n< Content-Type: application/json\n<\n* left intact\n{body}"
        ),
    ] {
        assert_eq!(status_and_body(&text), (403, body.to_owned()), "{text}");
    }
    assert_eq!(status_and_body("404 Not Found"), (404, "404 Not Found".to_owned()));
    assert_eq!(status_and_body("HTTP/1.1 404 Not Found\n\n404 Not Found").1, "404 Not Found");
    assert_eq!(status_and_body("<!doctype html><title>x</title>").0, 0);
}

#[test]
fn a_request_may_stand_before() {
    let text = "POST /api/cross-app/me HTTP/1.1\nHost: g.test\nAuthorization: bearer x\n\n{\"a\":1}\n\nHTTP/1.1 401 Unauthorized\n\n{\"error\":\"Unauthorized\"}";
    let read = pasted(text, &Hint::default(), Lang::En);
    let request = &read.entries[0].exchange.request;
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://g.test/api/cross-app/me"));
    assert_eq!(request.body.as_deref(), Some("{\"a\":1}"));
    assert!(!read.entries[0].headers_unknown);
    let read = pasted("GET /api/cross-app/me\n{\"error\":\"Unauthorized\"}", &Hint::default(), Lang::En);
    assert_eq!(read.entries[0].exchange.response.as_ref().unwrap().status, 401);
    assert!(read.entries[0].headers_unknown);
}

#[test]
fn json_of_any_kind_is_no_answer_of_200() {
    for text in ["[{\"scope\":\"read_todos\"}]", "{\"active\":true}", "[]"] {
        assert_eq!(status_and_body(text).0, 0, "{text}");
        assert_eq!(pasted(text, &Hint::default(), Lang::En).problems[0].code, "read.status_unknown");
    }
    let asked = Hint { url: Some("/api/cross-app/me".to_owned()), ..Hint::default() };
    let read = pasted("{\"user\":{}}", &asked, Lang::En);
    assert_eq!(read.entries[0].exchange.response.as_ref().unwrap().status, 200);
}

#[test]
fn only_this_computer_is_called_without_tls() {
    let url = |host: &str| {
        let text = format!("GET /x HTTP/1.1\nHost: {host}\n\nHTTP/1.1 401 Unauthorized\n");
        pasted(&text, &Hint::default(), Lang::En).entries[0].exchange.request.url.clone()
    };
    assert_eq!(url("127.0.0.1:47311"), "http://127.0.0.1:47311/x");
    assert_eq!(url("localhost.example.com"), "https://localhost.example.com/x");
}

#[test]
fn a_failed_connection_is_no_answer() {
    let read = pasted("curl: (6) Could not resolve host: g.test", &Hint::default(), Lang::En);
    assert!(read.entries[0].exchange.response.is_none());
    assert!(read.entries[0].exchange.failure.is_some());
}
