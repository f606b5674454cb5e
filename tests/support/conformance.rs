//! `spectroscope-tests conformance --prism URL --glint URL --state FILE`: plays the recorded exchanges against two running
//! servers, so that anybody with real ones can check them, and the sandbox with them. `record` writes such exchanges,
//! `answers` what the diagnosis says to known ones.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use tests::answers;
use tests::driven;
use tests::replay::{self, Ground, LivePair};
use tests::twin;
use zeroizing_alloc::ZeroAlloc;

/// As in the product: without it the search for secrets left in memory would look at another program.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

const USAGE: &str = "\
Usage: spectroscope-tests conformance --prism URL --glint URL --state FILE
       spectroscope-tests record --prism URL --glint URL --state FILE --requests FILE
       spectroscope-tests answers [--whole | --cost] [PATH ...]
       spectroscope-tests twin --data DIR
       spectroscope-tests engine --data DIR [--answer-ms N] [--harden]

Plays recorded exchanges against two running servers and prints `matched N of M`.
The state file names the recorded files whose beginning the servers are in, what the
recorded identifiers are called there, and the credentials behind the placeholders:

  {
    \"files\": [\"glint-crossapp-denials\"],
    \"names\": { \"22d71a4a3697a1d674be910d93c3cae1\": \"<the team there>\" },
    \"credentials\": [{ \"id\": \"token:mia_read\", \"kind\": \"access_token\", \"secret\": \"...\" }]
  }

tests/recorded/_scenario.json describes that beginning. What follows a change that has
to be made inside a server is listed as not applicable.

`record` asks the requests of a file of two running servers and prints the recording as
tests/recorded has it. Credentials of the state file become placeholders, those that an
answer brings become {new:KIND:N}, and a later request may name them so:

  [{ \"name\": \"me\", \"request\": { \"method\": \"GET\", \"path\": \"/api/cross-app/me\",
     \"headers\": { \"Authorization\": \"Bearer {token:mia_read}\" } } }]

`answers` prints what the diagnosis answers to the case folder, the recordings, a
generated stream and the given files and folders, one line per call: two builds are
compared with diff. With --whole each line holds all sentences; with --cost it prints
how long archives of 500, 4000 and 10 000 entries take.

Exit codes: 0 everything played matched, 1 something differed, 2 the call is wrong.
";

#[tokio::main]
async fn main() -> ExitCode {
    let mut out = std::io::stdout();
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|command| command == "twin") {
        return ended(twin::run(&args).await);
    }
    if args.first().is_some_and(|command| command == "engine") {
        return ended(driven::run(&args).await);
    }
    if args.first().is_some_and(|command| command == "answers") {
        let whole = args.iter().any(|arg| arg == "--whole");
        let paths: Vec<PathBuf> =
            args.iter().skip(1).filter(|arg| *arg != "--whole").map(PathBuf::from).collect();
        if args.iter().any(|arg| arg == "--cost") {
            return ended(answers::write_cost(&mut out));
        }
        let mut out = std::io::BufWriter::new(out);
        return ended(answers::write(&mut out, &paths, whole).and_then(|()| Ok(out.flush()?)));
    }
    match run(args).await {
        Ok(Some((text, agreed))) => {
            let _ = writeln!(out, "{text}");
            ExitCode::from(u8::from(!agreed))
        }
        Ok(None) => {
            let _ = write!(out, "{USAGE}");
            ExitCode::from(2)
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::from(2)
        }
    }
}

fn ended(served: Result<(), Box<dyn Error>>) -> ExitCode {
    let Err(why) = served else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "{why}");
    ExitCode::from(2)
}

/// The report and whether everything agreed; `None` when the arguments make no call.
async fn run(args: Vec<String>) -> Result<Option<(String, bool)>, Box<dyn Error>> {
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    let (Some(prism_url), Some(glint_url), Some(state)) =
        (value("--prism"), value("--glint"), value("--state"))
    else {
        return Ok(None);
    };
    let command = args.first().map(String::as_str).unwrap_or_default();
    if !matches!(command, "conformance" | "record") {
        return Ok(None);
    }
    let read: LivePair = serde_json::from_str(&std::fs::read_to_string(&state)?)?;
    let base = |url: String| url.trim_end_matches('/').to_owned();
    let pair = LivePair { prism_url: base(prism_url), glint_url: base(glint_url), ..read };
    if command == "record" {
        let Some(requests) = value("--requests") else { return Ok(None) };
        let text = replay::record(&pair, &std::fs::read_to_string(requests)?).await?;
        return Ok(Some((text, true)));
    }
    let ground = Ground::Live(pair);
    let (prism, glint) = (replay::prism(&ground).await?, replay::glint(&ground).await?);
    let agreed = prism.failed.is_empty() && glint.failed.is_empty();
    Ok(Some((format!("Prism: {prism}\nGlint: {glint}"), agreed)))
}
