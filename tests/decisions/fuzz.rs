//! Archives, JSON lines, `curl` with its output, answers and definitions, mutated: nothing panics, nothing hangs and
//! nothing grows. The seed is fixed, so that a failure can be reproduced; `cargo xtask fuzz 1000000` runs longer.

use scopes::diagnosis::groups::By;
use scopes::diagnosis::read::{self, Format, Hint};
use scopes::diagnosis::stream::Counter;
use scopes::diagnosis::{Surroundings, diagnose_among, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;

const WORDS: [&[u8]; 22] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"null",
    b"-1",
    b"1e999",
    b"{\"log\":{\"entries\":[",
    b"\"request\":{",
    b"\"response\":",
    b"\"encoding\":\"base64\"",
    b"Bearer ",
    b"curl -i ",
    b"HTTP/1.1 403 ",
    b"https://a.test/api/cross-app/teams/",
    "\u{2039}access token 3f\u{203a}".as_bytes(),
];

struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).unwrap() % most.max(1)
    }
}

/// Everything recorded, whole and line by line, and some commands.
fn seeds() -> Vec<Vec<u8>> {
    let tests = tests::places::data("");
    let mut seeds: Vec<Vec<u8>> = vec![
        b"$ curl -i -X DELETE 'https://g.test/api/cross-app/teams/t/todos/x' -H 'Authorization: bearer a'\nHTTP/2 401\ncontent-type: application/json\n\n{\"error\":\"Unauthorized\"}\n".to_vec(),
        b"curl: (6) Could not resolve host: g.test".to_vec(),
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n\r\n{\"error\":\"Not a member of this team\"}".to_vec(),
    ];
    for folder in ["cases/diagnosis", "recorded"] {
        for file in std::fs::read_dir(tests.join(folder)).unwrap().map(|file| file.unwrap().path()) {
            let text = std::fs::read(&file).unwrap();
            let value: Option<serde_json::Value> = serde_json::from_slice(&text).ok();
            let entries = value.as_ref().and_then(|value| value["log"]["entries"].as_array().cloned());
            let lines: Vec<String> = entries.iter().flatten().map(ToString::to_string).collect();
            if !lines.is_empty() {
                seeds.push(lines.join("\n").into_bytes());
            }
            seeds.push(text.into_iter().take(64 * 1024).collect());
        }
    }
    seeds.sort();
    seeds
}

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len());
        match random.below(6) {
            0 => text.truncate(at),
            1 if at < text.len() => text[at] ^= 1 << random.below(8),
            2 => {
                let word = WORDS[random.below(WORDS.len())];
                text.splice(at..at, word.iter().copied());
            }
            3 => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let part: Vec<u8> = other.iter().skip(from).take(random.below(2000)).copied().collect();
                text.splice(at..at, part);
            }
            4 => drop(text.drain(at..(at + random.below(200)).min(text.len()))),
            _ => {
                let end = (at + random.below(300)).min(text.len());
                let part = text[at..end].to_vec();
                text.splice(at..at, part);
            }
        }
    }
    text
}

/// Reads and explains a text in one format; how many bytes came out.
fn swallow(bytes: &[u8], format: Option<Format>) -> usize {
    let text = String::from_utf8_lossy(bytes);
    let read = read::read(&text, format, &Hint::default(), Lang::Zh);
    let all: Vec<Exchange> = read.entries.into_iter().map(|entry| entry.exchange).collect();
    let around = Surroundings::of(&all);
    let body = |one: &Exchange| {
        let answer = one.response.as_ref().and_then(|answer| answer.body.as_deref()).map_or(0, str::len);
        answer + one.request.body.as_deref().map_or(0, str::len) + one.request.url.len()
    };
    for at in subjects(&all).into_iter().take(20) {
        let (_, answer) = diagnose_among(&all[at], &around, Some(at), &Default::default(), Lang::En);
        assert!(!answer.headline.is_empty());
    }
    all.iter().map(body).sum()
}

#[test]
fn mutations_are_swallowed() {
    let rounds = std::env::var("FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let (seeds, mut random) = (seeds(), Random(0x5eed_f00d));
    let mut bytes = 0;
    for round in 0..rounds {
        let text = mutated(&seeds, &mut random);
        bytes += text.len();
        for format in [None, Some(Format::Har), Some(Format::Jsonl), Some(Format::Curl), Some(Format::Answer)]
        {
            let out = swallow(&text, format);
            // What is not UTF-8 takes three bytes for one; nothing is told twice.
            assert!(out <= 6 * text.len() + 1024, "round {round}: {out} bytes out of {}", text.len());
        }
        let mut counter = Counter::new(By::Cause, "", Lang::En);
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let _ = counter.line(line, index as u64);
        }
        let _ = scopes::import::read(&text, Lang::En);
    }
    println!(
        "count: {rounds} mutated texts of {} seeds, {bytes} bytes, read in five formats each",
        seeds.len()
    );
}
