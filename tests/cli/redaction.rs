//! A server that says a credential back: neither output of a command nor a file it writes holds it.

use crate::support::{Dir, run_in};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const TOKEN: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";

const SHAPES: [&str; 10] = [
    "@",
    "Authorization: Bearer @",
    "token @ is not known",
    "code=@&state=s1",
    "x%3D@%26y",
    "https://app.test/cb#access_token=@",
    "{\"inner\":\"{\\\"refresh_token\\\":\\\"@\\\"}\"}",
    "\u{1b}[31m@\u{1b}[0m",
    "<input name=\"client_secret\" value=\"@\">",
    "curl -H 'Authorization: Bearer @'",
];

/// Answers every request with the text of the moment.
fn echo(says: Arc<Mutex<String>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let at = base.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let text = says.lock().unwrap().clone();
            answer(stream, &at, &text);
        }
    });
    base
}

fn answer(mut stream: TcpStream, at: &str, text: &str) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
    let _ = reader.read_line(&mut first);
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some((_, value)) = line.to_ascii_lowercase().split_once("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    let _ = reader.take(length).read_to_end(&mut Vec::new());
    let config = first.contains("/api/auth/config");
    let status = if config { "200 OK" } else { "403 Forbidden" };
    let body = if config {
        serde_json::json!({ "baseUrl": at, "clientId": "prism_6wsjw653PfFYk7GOq6wuSQ", "redirectUri": "x" })
    } else {
        serde_json::json!({ "error": text, "message": text })
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // The command may have hung up, which is its right.
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

#[test]
fn what_a_server_says_back_is_not_printed() {
    let says: Arc<Mutex<String>> = Arc::default();
    let base = echo(says.clone());
    let dir = Dir::new();
    let archive = dir.path().join("call.har").display().to_string();
    let here = ["--prism", &base, "--glint", &base];
    let commands: [&[&str]; 6] = [
        &["call", "me"],
        &["call", "me", "--json"],
        &["call", "me", "--capsule", &archive],
        &["call", "me", "--capsule", "-", "--minimise"],
        &["matrix"],
        &["matrix", "--json"],
    ];
    let mut looked = 0;
    for shape in SHAPES {
        says.lock().unwrap().clone_from(&shape.replace('@', TOKEN));
        for command in commands {
            let args: Vec<&str> = command.iter().chain(&here).copied().collect();
            let ran = run_in(dir.path(), &args, b"", &[("SPECTROSCOPE_TOKEN", TOKEN)]);
            let file = std::fs::read_to_string(&archive).unwrap_or_default();
            for (sink, text) in [("stdout", &ran.out), ("stderr", &ran.err), ("the archive", &file)] {
                assert!(!text.contains(&TOKEN[..24]), "{sink} of {command:?} tells {shape:?}: {text}");
                looked += 1;
            }
            assert!(!ran.out.is_empty() || !ran.err.is_empty(), "{command:?}");
        }
        let file = std::fs::read_to_string(&archive).expect("an archive");
        assert!(file.contains("/api/cross-app/"), "{file}");
    }
    println!("T9: {} shapes, {looked} texts of the command line looked at, 0 leaks", SHAPES.len());
}
