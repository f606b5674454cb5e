//! Bad input: it stays up, bounded, and says why it refused.

use crate::world::{World, answer};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

fn connect(world: &World) -> TcpStream {
    let authority = world.sandbox.handout().prism_url.trim_start_matches("http://").to_owned();
    TcpStream::connect(authority).expect("a connection")
}

fn say(stream: &mut TcpStream, bytes: &[u8]) -> String {
    // The server may answer and close before everything is written.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard);
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn garbage_bytes_are_refused() {
    let world = World::new();
    for garbage in
        [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\x00\xff\xfe\r\n\r\n", b"GET\r\n\r\n", &[b'A'; 200_000]]
    {
        let heard = say(&mut connect(&world), garbage);
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 4"), "{heard}");
    }
    assert_eq!(answer(world.prism("GET /api/site")).await.0, 200);
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused_and_ten_megabytes_are_read() {
    let world = World::new();
    let olivia = world.secret("olivia_pat");
    let path = "POST /api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
    let title = "x".repeat(10 * 1024 * 1024);
    let body = serde_json::json!({ "scope": "huge", "title": title }).to_string();
    assert_eq!(answer(world.prism(path).bearer_auth(olivia).body(body)).await.0, 201);
    let mut stream = connect(&world);
    let head = "POST /api/apps HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("the head is taken");
    let mut writer = stream.try_clone().expect("a second handle");
    let rest = std::thread::spawn(move || writer.write_all(&vec![b' '; 17 * 1024 * 1024]).is_ok());
    let mut heard = [0_u8; 1024];
    let read = stream.read(&mut heard).expect("an answer");
    let heard = String::from_utf8_lossy(heard.get(..read).expect("within bounds")).into_owned();
    assert!(heard.starts_with("HTTP/1.1 413") && heard.contains("larger than 16 MiB"), "{heard}");
    drop(stream);
    let _ = rest.join();
}

#[tokio::test]
async fn deep_nesting_is_a_refusal_and_not_a_crash() {
    let world = World::new();
    let olivia = world.secret("olivia_pat");
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let path = "POST /api/apps/prism_6wsjw653PfFYk7GOq6wuSQ/scope-definitions";
    assert_eq!(answer(world.prism(path).bearer_auth(olivia).body(deep.clone())).await.0, 500);
    let path = "POST /api/cross-app/teams/22d71a4a3697a1d674be910d93c3cae1/sets";
    let (status, _) = answer(world.glint(path).bearer_auth(world.secret("olivia_full")).body(deep)).await;
    assert!((400..=500).contains(&status));
    assert_eq!(answer(world.prism("GET /api/site")).await.0, 200);
}

#[tokio::test]
async fn many_silent_connections_do_not_keep_others_out() {
    let world = World::new();
    let silent: Vec<TcpStream> = (0..500).map(|_| connect(&world)).collect();
    assert_eq!(answer(world.prism("GET /api/site")).await.0, 200);
    drop(silent);
}
