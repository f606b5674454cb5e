use super::*;

fn read(text: &str) -> Read {
    commands(text, &Hint::default(), Lang::En)
}

#[test]
fn a_command_with_its_output() {
    let read = read(
        "$ curl -sS -i -XPATCH 'https://g.test/api/cross-app/me?x=1&y=2' \\\n -H 'Authorization: Bearer abc' --json '{\"title\":\"it\\\\u0027s\"}' | cat\nHTTP/2 403 \ncontent-type: application/json\n\n{\"error\":\"Not a member of this team\"}\n",
    );
    let exchange = &read.entries[0].exchange;
    assert_eq!(exchange.request.method, "PATCH");
    assert_eq!(exchange.request.url, "https://g.test/api/cross-app/me?x=1&y=2");
    assert_eq!(exchange.request.headers[0], ("Authorization".to_owned(), "Bearer abc".to_owned()));
    assert!(exchange.request.body.is_some());
    assert_eq!(exchange.response.as_ref().unwrap().status, 403);
    assert!(read.problems.is_empty());
}

#[test]
fn forms_failures_and_missing_output() {
    let sent = read(
        "curl https://p.test/api/oauth/introspect -d token=abc --data-urlencode 'a=b c'\n{\"active\":false}",
    );
    assert_eq!(sent.entries[0].exchange.request.body.as_deref(), Some("token=abc&a=b+c"));
    assert_eq!(sent.entries[0].exchange.request.method, "POST");
    let failed = read("curl https://nowhere.test\ncurl: (6) Could not resolve host: nowhere.test");
    assert!(failed.entries[0].exchange.failure.is_some());
    assert_eq!(read("curl https://g.test/x").problems[0].code, "read.no_answer");
}

#[test]
fn several_commands_share_their_variables() {
    let text = "export TOKEN=abc123\nme@host:~$ curl -s https://p.test/api/oauth/introspect -d \"token=$TOKEN\"\n{\"active\":true}\nme@host:~$ curl -i -H \"Authorization: Bearer $TOKEN\" https://g.test/x\nHTTP/2 403\n\n{\"error\":\"Not a member of this team\"}\nme@host:~$ \n";
    let read = read(text);
    assert_eq!(read.entries.len(), 2);
    assert_eq!(read.entries[0].exchange.request.body.as_deref(), Some("token=abc123"));
    assert_eq!(read.entries[1].exchange.request.headers[0].1, "Bearer abc123");
    assert_eq!(read.entries[1].exchange.response.as_ref().unwrap().status, 403);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
}

#[test]
fn a_variable_is_an_unknown_token_and_not_an_empty_one() {
    let sent = |quote: char| {
        let text = format!("curl https://g.test/x -H {quote}Authorization: Bearer $TOKEN{quote}\n{{}}");
        read(&text).entries[0].exchange.request.headers[0].1.clone()
    };
    assert_eq!(sent('"'), "Bearer ‹access token $TOKEN›");
    assert_eq!(sent('\''), "Bearer $TOKEN");
}

#[test]
fn options_with_values_do_not_hide_the_url() {
    for text in [
        "curl --max-time 5 -o out -w '%{http_code}' https://g.test/x\n{}",
        "curl -sSo /dev/null --retry 3 --url https://g.test/x\n{}",
        "curl -sS -m5 https://g.test/x -u prism_a:b\n{}",
    ] {
        assert_eq!(read(text).entries[0].exchange.request.url, "https://g.test/x", "{text}");
    }
    let file = read("curl -d @body.json https://g.test/x\n{}");
    let request = &file.entries[0].exchange.request;
    assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", None));
}
