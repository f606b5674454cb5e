use super::*;

fn one(text: &str) -> Exchange {
    let read = read(text, &Hint::default(), Lang::En).unwrap_or_else(|| panic!("{text}"));
    read.entries.into_iter().next().unwrap_or_else(|| panic!("{text}: {:?}", read.problems)).exchange
}

#[test]
fn errors_of_runtimes_say_why_no_answer_came() {
    for (text, kind, url) in [
        (
            "2026/11/30 Get \"https://g.test/api/cross-app/me\": dial tcp: lookup g.test: no such host",
            TransportFailure::Dns,
            "https://g.test/api/cross-app/me",
        ),
        (
            "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='g.test', port=443): Max retries exceeded with url: /api/x (Caused by ConnectTimeoutError())",
            TransportFailure::Timeout,
            "https://g.test:443/api/x",
        ),
        (
            "TypeError: fetch failed [cause]: Error: connect ECONNREFUSED 1.2.3.4:443",
            TransportFailure::Refused,
            "",
        ),
        ("GET https://g.test/api/x net::ERR_ABORTED", TransportFailure::Cancelled, "https://g.test/api/x"),
        ("Error: self-signed certificate { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }", TransportFailure::Tls, ""),
    ] {
        let exchange = one(text);
        assert_eq!(exchange.failure.map(|(kind, _)| kind), Some(kind), "{text}");
        assert_eq!(exchange.request.url, url, "{text}");
    }
}

#[test]
fn copied_requests_keep_their_headers() {
    let fetch = "fetch(\"https://g.test/api/cross-app/me\", {\n \"headers\": {\n \"authorization\": \"Bearer t\"\n },\n \"body\": null,\n \"method\": \"GET\"\n});\nHTTP/1.1 403 Forbidden\n\n{\"error\":\"Not a member of this team\"}";
    let shell = "Invoke-WebRequest -UseBasicParsing -Uri \"https://g.test/api/cross-app/me\" `\n-Method \"GET\" `\n-Headers @{\n\"authorization\"=\"Bearer t\"\n}\nHTTP/1.1 403 Forbidden\n\n{\"error\":\"Not a member of this team\"}";
    let httpie = "$ https g.test/api/cross-app/me Authorization:'Bearer t'\nHTTP/1.1 403 Forbidden\n\n{\"error\":\"Not a member of this team\"}";
    for text in [fetch, shell, httpie] {
        let exchange = one(text);
        assert_eq!(exchange.request.url, "https://g.test/api/cross-app/me", "{text}");
        assert_eq!(exchange.request.method, "GET", "{text}");
        assert_eq!(exchange.request.headers.len(), 1, "{text}: {:?}", exchange.request.headers);
        assert_eq!(exchange.request.headers[0].1, "Bearer t", "{text}");
        assert_eq!(exchange.response.unwrap().status, 403, "{text}");
    }
    let alone = "Invoke-WebRequest -Uri \"https://g.test/x\"";
    assert_eq!(read(alone, &Hint::default(), Lang::En).unwrap().problems[0].code, "read.no_answer");
}

#[test]
fn answers_inside_errors_and_consoles() {
    let axios = "AxiosError: Request failed with status code 403\n {\n config: { method: 'post', url: 'https://g.test/x', data: '{\"a\":1}' },\n response: { status: 403, data: { error: 'No permission to manage sets' } } }";
    let exchange = one(axios);
    assert_eq!(
        (exchange.request.method.as_str(), exchange.request.body.as_deref()),
        ("POST", Some("{\"a\":1}"))
    );
    assert_eq!(exchange.response.unwrap().body.unwrap(), "{\"error\":\"No permission to manage sets\"}");
    let console = one("GET https://g.test/api/x 401 (Unauthorized)");
    assert_eq!(console.response.unwrap().status, 401);
    for other in ["hello", "{\"error\":\"x\"}", "HTTP/1.1 403 Forbidden", "the connection was fine"] {
        assert!(read(other, &Hint::default(), Lang::En).is_none(), "{other}");
    }
}
