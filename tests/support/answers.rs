//! What the diagnosis answers to everything the suites know, one stable line per call: two builds are compared with diff.

use scopes::diagnosis::read::{Format, Hint, read};
use scopes::diagnosis::{Diagnosis, Known, Surroundings, diagnose_among, stream, subjects};
use scopes::exchange::{Exchange, Request, Response};
use scopes::lang::Lang;
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Lines of the generated stream that are explained.
const STREAM: usize = 400;
/// When the first exchange of a recording was made, Unix milliseconds.
const START: i64 = 1_795_328_700_000;

type Done = Result<(), Box<dyn Error>>;

/// Writes the answers to the case folder, the recordings, the generated stream and the given files and folders. With
/// `whole`, each line is the whole answer with its sentences.
///
/// # Errors
/// A file that cannot be read, or an output that cannot be written.
pub fn write(out: &mut impl Write, given: &[PathBuf], whole: bool) -> Done {
    let data = crate::places::data("");
    let mut list = Writer { out, whole, base: data.clone() };
    for folder in ["cases/diagnosis", "cases/inputs"].map(|folder| data.join(folder)).iter().chain(given) {
        for file in files(folder)? {
            list.file(&file)?;
        }
    }
    for file in files(&data.join("recorded"))?.iter().chain(&files(&data.join("recorded-2"))?) {
        list.recording(file)?;
    }
    list.stream()
}

/// The files of a folder by name; a file is its own folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let read = std::fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut found = read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    found.retain(|path| path.is_file());
    found.sort();
    Ok(found)
}

struct Writer<'o, W> {
    out: &'o mut W,
    whole: bool,
    base: PathBuf,
}

impl<W: Write> Writer<'_, W> {
    fn name(&self, file: &Path) -> String {
        let name = file.strip_prefix(&self.base).ok().or(file.file_name().map(Path::new));
        name.unwrap_or(file).display().to_string()
    }

    /// Every entry of a file, as one archive; `*` marks those that want an explanation.
    fn file(&mut self, file: &Path) -> Done {
        let name = self.name(file);
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if matches!(kind, "md" | "yaml") || name.ends_with("expected.json") {
            return Ok(());
        }
        let text = std::fs::read_to_string(file)?;
        let format = (kind == "har").then_some(Format::Har);
        let found = read(&text, format, &Hint::default(), Lang::En);
        for problem in &found.problems {
            writeln!(self.out, "{name} problem {}", problem.code)?;
        }
        let unknown: Vec<bool> = found.entries.iter().map(|entry| entry.headers_unknown).collect();
        let all: Vec<Exchange> = found.entries.into_iter().map(|entry| entry.exchange).collect();
        self.archive(&name, &all, &unknown)
    }

    fn archive(&mut self, name: &str, all: &[Exchange], unknown: &[bool]) -> Done {
        let around = Surroundings::of(all);
        let wanted = subjects(all);
        for (at, exchange) in all.iter().enumerate() {
            let headers_unknown = unknown.get(at).copied().unwrap_or_default();
            let known = Known { headers_unknown, ..Known::default() };
            let answer = diagnose_among(exchange, &around, Some(at), &known, Lang::En).1;
            let mark = if wanted.contains(&at) { "*" } else { "" };
            self.line(&format!("{name}#{at}{mark}"), &answer)?;
        }
        Ok(())
    }

    /// Each recorded exchange by itself, then all of a file as one archive.
    fn recording(&mut self, file: &Path) -> Done {
        let name = self.name(file);
        if !name.ends_with(".json") || name.rsplit('/').next().is_some_and(|name| name.starts_with('_')) {
            return Ok(());
        }
        let text = std::fs::read_to_string(file)?;
        let Value::Array(rows) = serde_json::from_str(&text)? else { return Ok(()) };
        let mut all = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(exchange) = recorded(row, i64::try_from(at)?) else { continue };
            let title = row.get("name").and_then(Value::as_str).unwrap_or_default();
            let answer =
                diagnose_among(&exchange, &Surroundings::of(&[]), None, &Known::default(), Lang::En).1;
            self.line(&format!("{name}#{at} {title}"), &answer)?;
            all.push(exchange);
        }
        self.archive(&format!("{name} as archive"), &all, &[])
    }

    fn stream(&mut self) -> Done {
        for (at, line) in (0_u64..).zip(crate::recorded_denials::lines().take(STREAM)) {
            match stream::explain(line.as_bytes(), at, Lang::En) {
                Ok(answers) => {
                    for answer in answers {
                        self.line(&format!("stream#{at}"), &answer.diagnosis)?;
                    }
                }
                Err(problem) => writeln!(self.out, "stream#{at} problem {}", problem.code)?,
            }
        }
        Ok(())
    }

    fn line(&mut self, name: &str, answer: &Diagnosis) -> Done {
        let told = if self.whole { serde_json::to_value(answer)? } else { brief(answer) };
        writeln!(self.out, "{name} {told}")?;
        Ok(())
    }
}

/// What decides, without sentences.
fn brief(answer: &Diagnosis) -> Value {
    let gates = answer.gates.iter().map(|gate| json!([gate.id, gate.state, gate.would_pass]));
    let steps = answer.remedies.iter().map(|step| json!([step.who, step.reauthorize, step.action, step.fix]));
    json!([
        answer.status,
        answer.cause,
        answer.certainty,
        answer.because,
        answer.needs,
        answer.alternatives.iter().map(|other| &other.code).collect::<Vec<_>>(),
        gates.collect::<Vec<_>>(),
        steps.collect::<Vec<_>>(),
        answer.refusals.iter().filter(|row| row.lit).map(|row| &row.text).collect::<Vec<_>>(),
    ])
}

/// A recorded exchange with placeholders made to look like credentials; `None` where no answer was recorded.
fn recorded(row: &Value, at: i64) -> Option<Exchange> {
    let (sent, came) = (row.get("request")?, row.get("response")?);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let body = |value: Option<&Value>| value.filter(|value| !value.is_null()).map(text);
    let headers = |of: &Value| -> Vec<(String, String)> {
        let rows = of.get("headers").and_then(Value::as_object).into_iter().flatten();
        rows.map(|(name, value)| (name.clone(), filled(&text(value)))).collect()
    };
    let path = sent.get("path")?.as_str()?;
    let host = if path.starts_with("/api/cross-app") { "glint" } else { "prism" };
    Some(Exchange {
        request: Request {
            method: sent.get("method")?.as_str()?.to_owned(),
            url: format!("https://{host}.example.test{path}"),
            headers: headers(sent),
            body: body(sent.get("body")).map(|text| filled(&text)),
        },
        response: Some(Response {
            status: u16::try_from(came.get("status")?.as_u64()?).ok()?,
            headers: headers(came),
            body: body(came.get("body")).map(|text| filled(&text)),
            truncated: false,
        }),
        failure: None,
        started_at: Some(START + at * 1000),
        elapsed_ms: Some(5.0),
    })
}

/// Replaces `{kind:name}` by a value of the form that this kind of credential has.
fn filled(text: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        done.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| name.contains(':') && !name.contains('"'));
        let Some((name, after)) = name else {
            done.push('{');
            rest = after;
            continue;
        };
        done.push_str(&credential(name));
        rest = after;
    }
    done.push_str(rest);
    done
}

fn credential(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    match name.split_once(':') {
        Some(("pat", _)) => format!("prism_pat_{plain:0>64}"),
        Some(("session", _)) => {
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNTlmY2U1MTc3MDA3ZDZhYTA5OTg1MGFmNzRmZGE5OCJ9.c2ln".to_owned()
        }
        _ => format!("{plain:x<64}"),
    }
}

/// Writes what explaining every call of one archive costs, for archives of three sizes.
///
/// # Errors
/// An output that cannot be written.
pub fn write_cost(out: &mut impl Write) -> Done {
    for entries in [500, 4_000, 10_000] {
        let all = archive(entries);
        let begun = std::time::Instant::now();
        let around = Surroundings::of(&all);
        let wanted = subjects(&all);
        for at in &wanted {
            let Some(exchange) = all.get(*at) else { continue };
            let _ = diagnose_among(exchange, &around, Some(*at), &Known::default(), Lang::En);
        }
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        writeln!(out, "{entries:>6} entries, {:>5} calls: {took:>8.0} ms", wanted.len())?;
    }
    Ok(())
}

/// Refused calls of one token, each with the five exchanges that explain it.
fn archive(entries: usize) -> Vec<Exchange> {
    let token = "t".repeat(64);
    let answers = [
        (
            "GET",
            "glint.example.test/api/cross-app/teams/t1/sets",
            403,
            json!({"error": "Not a member of this team"}),
        ),
        (
            "POST",
            "prism.example.test/api/oauth/introspect",
            200,
            json!({"active": true, "scope": "teams:read app:prism_g:read_todos", "client_id": "prism_b", "sub": "u1"}),
        ),
        ("GET", "prism.example.test/api/oauth/me/teams", 200, json!({"teams": []})),
        ("GET", "glint.example.test/api/cross-app/me", 200, json!({"user": {"teams": []}})),
        (
            "GET",
            "prism.example.test/api/oauth/app-info?client_id=prism_b&scope=y",
            200,
            json!({"scopes": [], "rejected_scopes": []}),
        ),
        (
            "GET",
            "glint.example.test/api/auth/config",
            200,
            json!({"baseUrl": "https://prism.example.test", "clientId": "prism_g"}),
        ),
    ];
    let made = (0_i64..).zip(answers.iter().cycle()).take(entries);
    made.map(|(at, (method, url, status, body))| Exchange {
        request: Request {
            method: (*method).to_owned(),
            url: format!("https://{url}"),
            headers: vec![("Authorization".to_owned(), format!("Bearer {token}"))],
            body: (*method == "POST").then(|| format!("token={token}")),
        },
        response: Some(Response {
            status: *status,
            headers: Vec::new(),
            body: Some(body.to_string()),
            truncated: false,
        }),
        failure: None,
        started_at: Some(START + at * 200),
        elapsed_ms: Some(5.0),
    })
    .collect()
}
