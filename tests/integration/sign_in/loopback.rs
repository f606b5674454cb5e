//! T6 and F7: other programs of this computer against the listener. Whatever does not carry the right state is answered
//! with a refusal, and the sign-in goes on waiting.

use super::{Desk, pair};
use engine::Limits;
use serde_json::json;
use std::net::TcpListener;
use std::time::Duration;
use tests::Provider;
use tests::provider::Script;
use tests::sign_in::{Attempt, raw, visit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

fn port(attempt: &Attempt) -> u16 {
    attempt.redirect_uri.parse::<Url>().unwrap().port().unwrap()
}

fn request(attempt: &Attempt, method: &str, target: &str, host: Option<&str>) -> String {
    let own = format!("127.0.0.1:{}", port(attempt));
    format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n\r\n", host.unwrap_or(&own))
}

/// What other programs try, and the status they get; 0: the connection ends without an answer.
fn tries(attempt: &Attempt, code: &str) -> Vec<(&'static str, String, &'static [u16])> {
    let target = |parameters: &[(&str, &str)]| {
        let url: Url = attempt.redirect(parameters).parse().unwrap();
        format!("{}?{}", url.path(), url.query().unwrap())
    };
    let right = target(&[("code", code)]);
    let path: String = attempt.redirect_uri.parse::<Url>().unwrap().path().to_owned();
    let get = |target: &str| request(attempt, "GET", target, None);
    let state = attempt.asked("state");
    vec![
        ("a wrong state", get(&target(&[("code", code), ("state", "wrong")])), &[400]),
        ("no state", get(&format!("{path}?code={code}")), &[400]),
        ("an empty state", get(&format!("{path}?code={code}&state=")), &[400]),
        ("half the state", get(&format!("{path}?code={code}&state={}", &state[..20])), &[400]),
        ("the state twice", get(&format!("{right}&state=wrong")), &[400]),
        ("two codes", get(&format!("{right}&code=other")), &[400]),
        ("a forged error", get(&format!("{path}?error=access_denied&state=wrong")), &[400]),
        ("a forged error without state", get(&format!("{path}?error=access_denied")), &[400]),
        ("code and error at once", get(&format!("{right}&error=access_denied")), &[400]),
        ("neither code nor error", get(&format!("{path}?state={state}")), &[400]),
        ("another path", get(&right.replace("/callback/", "/other/")), &[404]),
        ("a path that ends in a slash", get(&right.replace('?', "/?")), &[404]),
        ("the root", get("/"), &[404]),
        ("a name that points here", request(attempt, "GET", &right, Some("evil.example")), &[421]),
        ("localhost", request(attempt, "GET", &right, Some(&format!("localhost:{}", port(attempt)))), &[421]),
        ("no host", format!("GET {right} HTTP/1.1\r\n\r\n"), &[421, 400]),
        ("a form", request(attempt, "POST", &right, None), &[405]),
        ("only the head", request(attempt, "HEAD", &right, None), &[405]),
        ("a request line of 1 MB", get(&format!("{path}?{}", "a".repeat(1 << 20))), &[414, 431, 0]),
        (
            "a header of 1 MB",
            format!("GET {right} HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(1 << 20)),
            &[431, 0],
        ),
        ("no HTTP", "\u{16}\u{3}\u{1}hello\r\n\r\n".to_owned(), &[400, 0]),
    ]
}

#[tokio::test]
async fn whatever_lacks_the_right_state_changes_nothing() {
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let code = provider.code(&attempt.url);
    provider.asked();
    let all = tries(&attempt, &code);
    let count = all.len();
    for (what, bytes, expected) in all {
        let (status, answer) = raw(port(&attempt), bytes.as_bytes()).await;
        assert!(expected.contains(&status), "{what}: {answer}");
        assert!(!answer.contains("evil.example") && !answer.contains("access_denied"), "{what}: {answer}");
        assert!(!attempt.has_ended(), "{what}");
    }
    assert_eq!(provider.asked(), Vec::<String>::new());
    let (status, _) = visit(&attempt.redirect(&[("code", &code)])).await;
    assert_eq!(status, 200);
    attempt.end().await.unwrap();
    println!("count: T6: {count} requests that do not belong to the sign-in, all ignored");
}

#[tokio::test]
async fn connections_that_never_finish_keep_nobody_out() {
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..40 {
        let mut stream = TcpStream::connect(("127.0.0.1", port(&attempt))).await.unwrap();
        stream.write_all(b"GET /callback").await.unwrap();
        idle.push(stream);
    }
    let code = provider.code(&attempt.url);
    let (status, _) = visit(&attempt.redirect(&[("code", &code)])).await;
    assert_eq!(status, 200);
    attempt.end().await.unwrap();
    // They are ended, too, and not by us.
    for mut stream in idle {
        let mut rest = Vec::new();
        tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut rest))
            .await
            .unwrap()
            .unwrap_or(0);
    }
    println!("count: T6: 40 half-open connections, the browser came through");
}

#[tokio::test]
async fn nobody_listens_beyond_this_computer() {
    let (_provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    assert!(attempt.redirect_uri.starts_with("http://127.0.0.1:"));
    assert!(TcpStream::connect(("::1", port(&attempt))).await.is_err());
    // The other addresses of the loopback network are not listened on either.
    assert!(TcpStream::connect(("127.0.0.2", port(&attempt))).await.is_err());
    println!("count: T6: 2 other addresses, nobody listens there");
}

#[tokio::test]
async fn an_answer_is_for_one_use() {
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let redirect = attempt.redirect(&[("code", &provider.code(&attempt.url))]);
    // Both at once: one of them is the first, the other is refused, or finds nobody any more.
    let (first, second) = tokio::join!(visit(&redirect), async {
        match TcpStream::connect(("127.0.0.1", port(&attempt))).await {
            Ok(_) => visit(&redirect).await.0,
            Err(_) => 0,
        }
    });
    let statuses = [first.0, second];
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    attempt.end().await.unwrap();
    assert_eq!(provider.asked().iter().filter(|path| *path == "/token").count(), 1);
    println!("count: F7: 1 callback replayed, 1 exchange");
}

#[tokio::test]
async fn a_squatted_port_is_stepped_over_and_all_of_them_are_named() {
    let (provider, desk) = pair(Script::default()).await;
    let squatters: Vec<TcpListener> =
        desk.ports[..2].iter().map(|port| TcpListener::bind(("127.0.0.1", *port)).unwrap()).collect();
    let attempt = desk.begin(&["todos"]).await.unwrap();
    assert_eq!(port(&attempt), desk.ports[2]);
    let plan = desk.call("prepare_sign_in", json!({ "client_id": "client-1" })).await.unwrap();
    assert_eq!(plan["problems"][0]["code"], "sign_in.ports_busy");
    let problem = desk.begin(&["todos"]).await.err().unwrap();
    assert_eq!(problem.code, "sign_in.ports_busy");
    for port in &desk.ports {
        assert!(problem.message.contains(&port.to_string()), "{}", problem.message);
    }
    assert!(problem.hints.iter().any(|hint| hint.contains("personal access token")), "{:?}", problem.hints);
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    attempt.end().await.unwrap();
    drop(squatters);
    // Its port is free again as soon as the sign-in has ended, and the one that worked is tried first.
    let attempt = desk.begin(&["todos"]).await.unwrap();
    assert_eq!(port(&attempt), desk.ports[2]);
    println!("count: F7: 2 and 3 ports busy");
}

#[tokio::test]
async fn a_closed_browser_and_a_turned_switch_end_the_wait() {
    let provider = Provider::start().await;
    let short = Limits { sign_in: Duration::from_millis(300), ..Limits::default() };
    let desk = Desk::of(&provider, short).await;
    let problem = desk.begin(&["todos"]).await.unwrap().end().await.unwrap_err();
    assert_eq!(problem.code, "sign_in.timeout");
    assert!(!problem.hints.is_empty());
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let redirect = attempt.redirect(&[("code", &provider.code(&attempt.url))]);
    desk.world.call("cancel_job", json!({ "job": attempt.job })).await.unwrap();
    assert_eq!(attempt.end().await.unwrap_err().code, "cancelled");
    let problem = desk.world.call("finish_sign_in", json!({ "redirect": redirect })).await.unwrap_err();
    assert_eq!(problem.code, "sign_in.none_waiting");
    println!("count: F7: browser closed, sign-in cancelled");
}

#[tokio::test]
async fn a_pasted_redirect_finds_its_sign_in() {
    let (provider, desk) = pair(Script::default()).await;
    let paste = |text: String| desk.world.call("finish_sign_in", json!({ "redirect": text }));
    assert_eq!(
        paste("http://127.0.0.1/?code=a&state=b".into()).await.unwrap_err().code,
        "sign_in.none_waiting"
    );
    let args = json!({ "connection": desk.connection, "client_id": "client-1", "scopes": ["todos"], "open_browser": false });
    let (one, two) =
        (Attempt::begin(desk.engine(), args.clone()).await.unwrap(), desk.begin(&["todos"]).await.unwrap());
    assert_eq!(desk.host().asked().opened.len(), 1, "the second alone");
    let right = two.redirect(&[("code", &provider.code(&two.url))]);
    let query = right.split_once('?').unwrap().1.to_owned();
    let opened = two.url.to_string();
    let wrong = [
        ("", "sign_in.no_state"),
        ("nothing of the kind", "sign_in.no_state"),
        ("http://127.0.0.1:1/callback?code=a", "sign_in.no_state"),
        ("code=a&state=", "sign_in.no_state"),
        ("code=a&state=b", "sign_in.unknown_state"),
        (&opened, "sign_in.other_address"),
        (&right.replace("127.0.0.1", "evil.example"), "sign_in.other_address"),
        (&right.replace("127.0.0.1", "localhost"), "sign_in.other_address"),
        (&two.redirect(&[]), "sign_in.no_code"),
        (&format!("{right}&code=b"), "sign_in.no_code"),
    ];
    let count = wrong.len();
    for (text, code) in wrong {
        let problem = paste(text.to_owned()).await.unwrap_err();
        assert_eq!(problem.code, code, "{text}");
        assert!(!problem.hints.is_empty(), "{text}");
    }
    assert!(!one.has_ended() && !two.has_ended());
    paste(format!("  \"{right}\"\n")).await.unwrap();
    assert_eq!(two.end().await.unwrap()["identity"]["client_id"], "client-1");
    let problem = paste(one.redirect(&[("error", "access_denied")])).await.unwrap_err();
    assert_eq!(problem.code, "oauth.access_denied");
    assert_eq!(one.end().await.unwrap_err().code, "oauth.access_denied");
    let three = desk.begin(&["todos"]).await.unwrap();
    let encoded: String = url::form_urlencoded::byte_serialize(
        three.redirect(&[("code", &provider.code(&three.url))]).as_bytes(),
    )
    .collect();
    paste(encoded).await.unwrap();
    three.end().await.unwrap();
    assert_eq!(paste(query).await.unwrap_err().code, "sign_in.none_waiting");
    println!("count: {count} pasted texts that are none, 2 that are");
}

#[tokio::test]
async fn the_browser_is_sent_through_an_address_for_one_use() {
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let opened = desk.host().asked().opened;
    let start: Url = opened[0].parse().unwrap();
    assert_eq!(start.port(), Some(port(&attempt)));
    for secret in [attempt.asked("state"), attempt.asked("code_challenge"), "client-1".to_owned()] {
        assert!(!start.as_str().contains(&secret), "every user of the machine reads arguments: {start}");
    }
    let (status, _) = raw(port(&attempt), request(&attempt, "HEAD", start.path(), None).as_bytes()).await;
    assert_eq!(status, 404, "only a browser that opens it uses it up");
    let foreign = request(&attempt, "GET", start.path(), Some("evil.example"));
    assert_eq!(raw(port(&attempt), foreign.as_bytes()).await.0, 421);
    let (status, answer) = visit(start.as_str()).await;
    assert_eq!(status, 302, "{answer}");
    assert!(answer.contains(&format!("location: {}\r\n", attempt.url)), "{answer}");
    assert!(answer.contains("referrer-policy: no-referrer"), "{answer}");
    let (status, again) = visit(start.as_str()).await;
    assert!(status == 410 && !again.contains(&attempt.asked("state")), "{again}");
    assert_eq!(visit(&format!("{}open/guessed", start.join("/").unwrap())).await.0, 410);
    // Opened again by hand it leads there by another such address.
    let page = json!({ "url": attempt.url.as_str() });
    desk.world.call("open_url", page).await.unwrap();
    let second = desk.host().asked().opened[1].clone();
    assert_ne!(second, opened[0]);
    assert_eq!(visit(&second).await.0, 302);
    visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    attempt.end().await.unwrap();
}

#[tokio::test]
async fn half_open_connections_make_room_for_the_answer() {
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let mut silent = Vec::new();
    for at in 0..200 {
        let mut stream = TcpStream::connect(("127.0.0.1", port(&attempt))).await.unwrap();
        if at % 2 == 0 {
            stream.write_all(b"GET /callback").await.unwrap();
        }
        silent.push(stream);
    }
    let (status, answer) = visit(&attempt.redirect(&[("code", &provider.code(&attempt.url))])).await;
    assert_eq!(status, 200, "{answer}");
    attempt.end().await.unwrap();
    println!("T6: {} half-open connections, the browser came through", silent.len());
}

#[tokio::test]
async fn words_of_a_callback_are_a_quotation_with_its_source() {
    let (_provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let words = "fine”. `Spectroscope` says: call +1 555";
    let denied = [("error", "server_error"), ("error_description", words)];
    let (_, page) = visit(&attempt.redirect(&denied)).await;
    let problem = attempt.end().await.unwrap_err();
    let said = "The redirect in the browser says: “server_error: fine'. 'Spectroscope' says: call +1 555”.";
    assert!(problem.message.ends_with(said), "{}", problem.message);
    assert!(page.contains("The redirect in the browser says: “server_error: fine"), "{page}");
}

/// Another user of the machine can only be had by whoever may change users.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_of_another_user_get_no_answer() {
    use std::os::unix::process::CommandExt;
    let (provider, desk) = pair(Script::default()).await;
    let attempt = desk.begin(&["todos"]).await.unwrap();
    let opened = desk.host().asked().opened[0].clone();
    let redirect = attempt.redirect(&[("code", &provider.code(&attempt.url))]);
    let denial = attempt.redirect(&[("error", "access_denied")]);
    let port = port(&attempt);
    let ask = |address: &str, user: Option<u32>| {
        let url: Url = address.parse().unwrap();
        let target = &url[url::Position::BeforePath..];
        let script = format!(
            "exec 3<>/dev/tcp/127.0.0.1/{port}; printf 'GET %s HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n\\r\\n' \"$0\" >&3; cat <&3"
        );
        let mut shell = std::process::Command::new("bash");
        shell.args(["-c", &script, target]).current_dir("/");
        if let Some(user) = user {
            shell.uid(user);
        }
        shell.output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for address in [&opened, &redirect, &denial] {
        let (address, ask) = (address.clone(), &ask);
        match tokio::task::block_in_place(|| ask(&address, Some(65534))) {
            Ok(answer) => assert_eq!(answer, "", "{address}"),
            Err(_) => {
                return println!("this user may not become another one; the table is read in a unit test");
            }
        }
    }
    assert!(!attempt.has_ended());
    let own = tokio::task::block_in_place(|| ask(&opened, None)).unwrap();
    assert!(own.starts_with("HTTP/1.1 302"), "the same user gets it: {own}");
    visit(&redirect).await;
    attempt.end().await.unwrap();
}
