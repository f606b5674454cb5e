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

/// Commands with the request they make: method, URL, and the headers beside those of the content.
#[test]
fn credentials_of_options_are_headers_and_the_url_is_the_word_with_a_scheme() {
    let basic = "Authorization: Basic bWlhOnB3";
    let me = "https://g.test/api/cross-app/me";
    for (command, method, url, header) in [
        ("http -a mia:pw GET https://g.test/api/cross-app/me", "GET", me, basic),
        ("http -a=mia:pw https://g.test/api/cross-app/me", "GET", me, basic),
        ("http -amia:pw https://g.test/api/cross-app/me", "GET", me, basic),
        ("http -va mia:pw https://g.test/api/cross-app/me", "GET", me, basic),
        ("http --auth mia:pw --unknown x https://g.test/api/cross-app/me", "GET", me, basic),
        ("http --verify no \\\n  --auth='mia:pw' \\\n  https://g.test/api/cross-app/me", "GET", me, basic),
        ("http -A bearer -a t https://g.test/api/cross-app/me", "GET", me, "Authorization: Bearer t"),
        (
            "xh --bearer t g.test/api/cross-app/me",
            "GET",
            "http://g.test/api/cross-app/me",
            "Authorization: Bearer t",
        ),
        ("xhs g.test/api/cross-app/me -a mia:pw", "GET", me, basic),
        ("http :8080/a b==1 X-A:c", "GET", "http://localhost:8080/a?b=1", "X-A: c"),
        ("http PUT https://g.test/x name=y", "PUT", "https://g.test/x", "Content-Type: application/json"),
        ("http -f https://g.test/x name=y", "POST", "https://g.test/x", ""),
        ("curlie -u mia:pw https://g.test/api/cross-app/me", "GET", me, basic),
        ("curlie POST https://g.test/x name=y", "POST", "https://g.test/x", "Content-Type: application/json"),
        ("wget --user=mia --password pw https://g.test/api/cross-app/me", "GET", me, basic),
        (
            "wget --header 'Authorization: Bearer t' -O- https://g.test/api/cross-app/me",
            "GET",
            me,
            "Authorization: Bearer t",
        ),
        ("wget --post-data=a=1 https://g.test/x", "POST", "https://g.test/x", ""),
        ("requests.get('https://g.test/api/cross-app/me', auth=('mia', 'pw'), timeout=5)", "GET", me, basic),
        (
            "r = httpx.get(url='https://g.test/api/cross-app/me', headers={'Authorization': 'Bearer t'})",
            "GET",
            me,
            "Authorization: Bearer t",
        ),
        (
            "axios.get('https://g.test/api/cross-app/me', { auth: { username: 'mia', password: 'pw' } })",
            "GET",
            me,
            basic,
        ),
        (
            "const r = await axios({ method: 'put', url: 'https://g.test/x', headers: { 'X-A': 'c' } })",
            "PUT",
            "https://g.test/x",
            "X-A: c",
        ),
        (
            "Invoke-RestMethod -Uri \"https://g.test/api/cross-app/me\" -Headers @{Authorization=\"Bearer t\"; Accept=\"a;q=1\"}",
            "GET",
            me,
            "Authorization: Bearer t",
        ),
        (
            "Invoke-RestMethod -Uri https://g.test/api/cross-app/me -Token (ConvertTo-SecureString \"t\" -AsPlainText -Force)",
            "GET",
            me,
            "Authorization: Bearer t",
        ),
        (
            "$session = New-Object X\n$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"s\", \"/\", \"g.test\")))\nInvoke-WebRequest -Uri \"https://g.test/api/cross-app/me\" `\n-WebSession $session",
            "GET",
            me,
            "Cookie: sid=s",
        ),
    ] {
        let exchange = one(&format!("{command}\nHTTP/1.1 403 Forbidden\n\n{{\"error\":\"x\"}}"));
        let request = exchange.request;
        assert_eq!((request.method.as_str(), request.url.as_str()), (method, url), "{command}");
        let headers: Vec<String> =
            request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert!(header.is_empty() || headers.iter().any(|found| found == header), "{command}: {headers:?}");
        assert_eq!(exchange.response.map(|answer| answer.status), Some(403), "{command}");
    }
}
