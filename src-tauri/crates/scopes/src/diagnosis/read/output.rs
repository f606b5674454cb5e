//! What `curl` prints beside the answer: the talk of `-v`, the progress meter, the status of `-w`, its own errors.

use super::transport;
use crate::exchange::{Request, TransportFailure};
use crate::secret::placeholder_kind;
use serde::de::IgnoredAny;

/// An answer without what `curl` says around it.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// Status line, headers and body, as far as they were printed.
    pub(super) text: String,
    /// The status that `--write-out` printed behind the body or `--fail` put into its message.
    pub(super) status: Option<u16>,
    /// Why no answer came.
    pub(super) failure: Option<(TransportFailure, String)>,
    /// The answer began and did not end.
    pub(super) cut: bool,
}

/// Takes the output apart. What `-v` shows of the request is put into it.
pub(super) fn taken_apart(text: &str, request: &mut Request) -> Output {
    let mut output = Output::default();
    let mut own = None;
    let text: String = text
        .split_inclusive('\n')
        .filter(|line| {
            let line = line.trim();
            own = own.take().or_else(|| line.starts_with("curl: (").then(|| line.to_owned()));
            !line.starts_with("curl: (") && !is_meter(line)
        })
        .collect();
    output.text = without_talk(&text, request);
    let answered = output.text.trim_start().starts_with("HTTP/");
    if let Some(line) = own {
        output.status = line.strip_prefix("curl: (22)").and_then(last_number);
        match transport::of_curl(&line) {
            Some(_) if answered => output.cut = true,
            failure => output.failure = failure,
        }
    }
    if !answered {
        written_out(&mut output);
    }
    output
}

/// The two head lines of the progress meter, its rows of numbers, and the rows that `\r` left behind.
fn is_meter(line: &str) -> bool {
    let last = line.rsplit('\r').next().unwrap_or_default();
    let numbers = || {
        last.split_whitespace().all(|word| word.bytes().all(|b| b.is_ascii_digit() || b"-:.kMG".contains(&b)))
    };
    line.starts_with("% Total") || line.starts_with("Dload  Upload") || (last.contains(":--") && numbers())
}

fn without_talk(text: &str, request: &mut Request) -> String {
    let is_head = |line: &str| line.starts_with("< HTTP/");
    let is_sent = |line: &str| {
        line.starts_with("> ")
            && line.trim_end().ends_with(|c: char| c.is_ascii_digit())
            && line.contains(" HTTP/")
    };
    if !text.lines().any(|line| is_head(line) || is_sent(line)) {
        return without_farewell(text).to_owned();
    }
    let mut out = String::new();
    for line in text.lines() {
        if is_sent(line) {
            sent_line(line, request);
        } else if let Some(sent) = line.strip_prefix("> ") {
            sent_header(sent, request);
        } else if let Some(received) = line.strip_prefix("< ").or((line.trim_end() == "<").then_some("")) {
            if received.starts_with("HTTP/") {
                out.clear();
            }
            out.push_str(received.trim());
            out.push('\n');
        } else if !["* ", ">", "{ [", "} ["].iter().any(|talk| line.starts_with(talk)) {
            out.push_str(without_farewell(line));
            out.push('\n');
        }
    }
    out
}

/// A body without line break at its end is followed at once by the last words of `-v`.
fn without_farewell(text: &str) -> &str {
    let words = ["* Connection #", "* Closing connection", "* Request completely", "* shutting down"];
    let at = words.iter().filter_map(|words| text.find(words)).min();
    at.and_then(|at| text.get(..at)).unwrap_or(text)
}

fn sent_line(line: &str, request: &mut Request) {
    let mut words = line.split_whitespace().skip(1);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if request.url.is_empty() {
        method.clone_into(&mut request.method);
        path.clone_into(&mut request.url);
    }
}

/// What was really sent says more than a command with a variable in it.
fn sent_header(text: &str, request: &mut Request) {
    let Some((name, value)) = text.split_once(':') else { return };
    let value = value.strip_prefix(' ').unwrap_or(value).trim_end_matches('\r');
    if name.eq_ignore_ascii_case("host") && request.url.starts_with('/') {
        request.url = format!("https://{value}{}", request.url);
    }
    let known = request.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known {
        Some((_, held)) if held.contains('‹') && placeholder_kind(value).is_none() => {
            value.clone_into(held)
        }
        Some(_) => {}
        None => request.headers.push((name.to_owned(), value.to_owned())),
    }
}

/// `-w '%{http_code}'` prints the status behind the body, with or without a line break or a word before it.
fn written_out(output: &mut Output) {
    let text = output.text.trim_end();
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let rest = text.get(..text.len() - digits).unwrap_or_default();
    let status = text.get(rest.len()..).and_then(|digits| digits.parse().ok());
    let status = status.filter(|status| digits == 3 && (100..600).contains(status));
    let line = rest.rsplit(['\n', '}', '>']).next().unwrap_or_default();
    let word = line.trim().trim_end_matches([':', '=', ' ']).to_ascii_lowercase();
    let told = ["", "http", "status", "http status", "http_code", "http code", "code", "status code"];
    let body_before = rest.trim_end().len() > line.trim().len();
    if status.is_some() && told.contains(&word.as_str()) && body_before {
        output.status = status;
        output.text.truncate(rest.len() - line.len());
    }
}

/// A body without the prompt that follows it, on its line or on the next.
pub(super) fn without_prompt(body: &str) -> &str {
    let is_prompt = |text: &str| {
        let text = text.trim();
        text.len() <= 80
            && text.ends_with(['$', '#', '%', '>', '❯', '➜'])
            && !text.contains(['\n', '<', '{', '}', '"'])
    };
    if body.starts_with(['{', '[']) {
        let mut stream = serde_json::Deserializer::from_str(body).into_iter::<IgnoredAny>();
        let ends = stream.next().is_some_and(|value| value.is_ok()).then(|| stream.byte_offset());
        let parts = ends.and_then(|at| body.split_at_checked(at));
        return parts.filter(|(_, rest)| is_prompt(rest)).map_or(body, |(json, _)| json);
    }
    body.rsplit_once('\n').filter(|(_, last)| is_prompt(last)).map_or(body, |(text, _)| text.trim_end())
}

fn last_number(text: &str) -> Option<u16> {
    text.rsplit(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"error":"Not a member of this team"}"#;

    fn apart(text: &str) -> (Output, Request) {
        let mut request = Request::default();
        let output = taken_apart(text, &mut request);
        (output, request)
    }

    #[test]
    fn a_body_without_line_break_stays_whole() {
        let text = format!(
            "* Connected to g.test\n> PATCH /api/x HTTP/2\n> Host: g.test\n> authorization: Bearer t\n> \n* done\n< HTTP/2 403 \n< content-type: application/json\n< \n{{ [37 bytes data]\n{BODY}* Connection #0 to host g.test left intact\n"
        );
        let (output, request) = apart(&text);
        assert_eq!(output.text, format!("HTTP/2 403\ncontent-type: application/json\n\n{BODY}\n"));
        assert_eq!((request.method.as_str(), request.url.as_str()), ("PATCH", "https://g.test/api/x"));
        assert_eq!(request.headers[1], ("authorization".to_owned(), "Bearer t".to_owned()));
    }

    #[test]
    fn the_prompt_behind_a_body_is_no_body() {
        for after in ["%", "me@host:~$ ", "\nme@host:~$ ", "\n\nPS C:\\>", ""] {
            assert_eq!(without_prompt(&format!("{BODY}{after}")), BODY, "{after}");
        }
        assert_eq!(without_prompt("404 Not Found\n$ "), "404 Not Found");
        for body in ["<html>\n</html>", "{\"a\":1} {\"b\":2}", "[1,", "50%", "a\n\"b\"$"] {
            assert_eq!(without_prompt(body), body);
        }
    }

    #[test]
    fn pages_keep_their_brackets() {
        let (output, _) = apart("< HTTP/1.1 200 OK\n< content-type: text/html\n<\n<!doctype html>\n<html>\n");
        assert!(output.text.ends_with("\n\n<!doctype html>\n<html>\n"), "{}", output.text);
    }

    #[test]
    fn the_meter_and_the_written_status_are_no_body() {
        let meter = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\r100    37  100    37    0     0    370      0 --:--:-- --:--:-- --:--:--   370\n";
        for tail in ["403", "\n403\n", "\nHTTP 403", "\nstatus: 403\n", "\nhttp_code=403"] {
            let (output, _) = apart(&format!("{meter}{BODY}{tail}"));
            assert_eq!((output.status, output.text.trim()), (Some(403), BODY), "{tail}");
        }
        for body in ["{\"count\":403}", "403", "x403", "Took 403"] {
            assert_eq!(apart(body).0.status, None, "{body}");
        }
    }

    #[test]
    fn its_own_errors_are_told_apart() {
        let (hidden, _) = apart("curl: (22) The requested URL returned error: 403\n");
        assert_eq!((hidden.status, hidden.failure), (Some(403), None));
        let (gone, _) = apart("curl: (92) HTTP/2 stream 0 was not closed cleanly\n");
        assert_eq!(gone.failure.map(|(kind, _)| kind), Some(TransportFailure::Reset));
        let (cut, _) = apart("HTTP/1.1 200 OK\n\n{\"a\ncurl: (18) transfer closed\n");
        assert!(cut.cut && cut.failure.is_none());
    }
}
