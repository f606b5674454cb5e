//! The sandbox under load: `cargo xtask bench load`. Prints start time, answers per second and memory.

#![expect(clippy::print_stdout, reason = "printing is what this tool is for")]

use std::io::{self, BufRead as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sandbox::{Options, Sandbox, Scenario, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Silent connections of the last measurement, and the argument of the process that holds them.
const CROWD_SIZE: usize = 10_000;
const CROWD: &str = "crowd";
const CONNECTIONS: usize = 16;
const LENGTH: Duration = Duration::from_secs(3);
const TEA_PARTY: &str = "22d71a4a3697a1d674be910d93c3cae1";

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(CROWD) {
        return crowd(&arguments.next().unwrap_or_default());
    }
    let begun = Instant::now();
    let sandbox = start(Options::default())?;
    println!("start, lived-in:        {:>8.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let list = list_of_todos(&sandbox);
    println!(
        "cross-app todo list:    {:>8.0} /s",
        runtime.block_on(rate(&glint(&sandbox), move |_| list.clone()))?
    );
    let definition = new_definition(&sandbox);
    println!("definition POST:        {:>8.0} /s", runtime.block_on(rate(&prism(&sandbox), definition))?);
    sandbox.stop();
    let before = resident();
    let begun = Instant::now();
    let large = start(Options { preferred_ports: false, scenario: Scenario::large() })?;
    println!("start, large:           {:>8.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let list = list_of_todos(&large);
    println!(
        "todo list, large:       {:>8.0} /s",
        runtime.block_on(rate(&glint(&large), move |_| list.clone()))?
    );
    println!("memory, large:          {:>8.1} MB (before: {:.1} MB)", resident(), before);
    crowded(&large, &runtime)
}

/// What a crowd of silent connections leaves of memory and speed.
fn crowded(sandbox: &Sandbox, runtime: &tokio::runtime::Runtime) -> io::Result<()> {
    let mut child = Command::new(std::env::current_exe()?)
        .args([CROWD, &glint(sandbox)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut ready = String::new();
    if let Some(said) = child.stdout.take() {
        io::BufReader::new(said).read_line(&mut ready)?;
    }
    println!("silent connections:     {:>8}", ready.trim());
    println!("memory with them:       {:>8.1} MB", resident());
    let list = list_of_todos(sandbox);
    println!(
        "todo list beside them:  {:>8.0} /s",
        runtime.block_on(rate(&glint(sandbox), move |_| list.clone()))?
    );
    drop(child.stdin.take());
    child.wait().map(drop)
}

/// The other process: opens connections, sends half a head on each, and holds them until its input ends.
fn crowd(authority: &str) -> io::Result<()> {
    let mut connections = Vec::new();
    for _ in 0..CROWD_SIZE {
        let Ok(mut stream) = std::net::TcpStream::connect(authority) else { break };
        stream.write_all(b"GET /api/auth/config HTTP/1.1\r\nhost")?;
        connections.push(stream);
    }
    println!("{}", connections.len());
    io::stdin().read_line(&mut String::new()).map(drop)
}

fn glint(sandbox: &Sandbox) -> String {
    sandbox.handout().glint_url.trim_start_matches("http://").to_owned()
}

fn prism(sandbox: &Sandbox) -> String {
    sandbox.handout().prism_url.trim_start_matches("http://").to_owned()
}

fn secret(sandbox: &Sandbox, id: &str) -> String {
    sandbox.handout().credentials.iter().find(|c| c.id == id).map(|c| c.secret.clone()).unwrap_or_default()
}

fn list_of_todos(sandbox: &Sandbox) -> Vec<u8> {
    let set = "f1d7c906-2f4a-4fc4-bd52-e55f3154381c";
    let path = format!("/api/cross-app/teams/{TEA_PARTY}/sets/{set}/todos");
    let token = secret(sandbox, "mia_full");
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

fn new_definition(sandbox: &Sandbox) -> impl Fn(usize) -> Vec<u8> + Clone + Send + 'static {
    let path = format!("/api/apps/{}/scope-definitions", sandbox.handout().provider.client_id);
    let pat = secret(sandbox, "olivia_pat");
    move |n| {
        let body =
            format!(r#"{{"scope":"load_{n}","title":"Load {n}","description":"Made by the load tool."}}"#);
        let length = body.len();
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {pat}\r\ncontent-length: {length}\r\n\r\n{body}")
            .into_bytes()
    }
}

/// Answers per second over a few connections, one request at a time on each.
async fn rate(
    authority: &str,
    request: impl Fn(usize) -> Vec<u8> + Clone + Send + 'static,
) -> io::Result<f64> {
    let begun = Instant::now();
    let mut workers = Vec::new();
    for worker in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let request = request.clone();
        workers.push(tokio::spawn(async move {
            let mut answered = 0;
            let mut buffer = Vec::with_capacity(64 * 1024);
            while begun.elapsed() < LENGTH {
                stream.write_all(&request(answered * CONNECTIONS + worker)).await?;
                read_answer(&mut stream, &mut buffer).await?;
                answered += 1;
            }
            Ok::<usize, io::Error>(answered)
        }));
    }
    let mut answered = 0;
    for worker in workers {
        answered += worker.await.map_err(io::Error::other)??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate is not that precise")]
    Ok(answered as f64 / begun.elapsed().as_secs_f64())
}

/// Reads one answer; anything but a 2xx is an error.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if !head.starts_with("HTTP/1.1 2") {
            return Err(io::Error::other(text.into_owned()));
        }
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if length.is_some_and(|length| body.len() >= length) {
            return Ok(());
        }
    }
}

/// Resident memory of this process in megabytes, load tool included.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
    kilobytes.and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}
