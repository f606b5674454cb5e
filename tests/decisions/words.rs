//! How the product speaks: every sentence in both languages, in the same house words.

#![expect(clippy::expect_used, reason = "a test says what it found by failing")]

use std::path::{Path, PathBuf};

/// A `say!` with its place and both texts.
struct Said {
    place: String,
    en: String,
    zh: String,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The next string literal, with what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let start = text.find('"')? + 1;
    let mut value = String::new();
    let mut letters = text.get(start..)?.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some((value, text.get(start + at + 1..)?)),
            '\\' => value.extend(letters.next().map(|(_, c)| if c == 'n' { '\n' } else { c })),
            _ => value.push(c),
        }
    }
    None
}

fn everything_said() -> Vec<Said> {
    let crates = tests::places::repository("src-tauri/crates");
    let mut files = Vec::new();
    for name in ["scopes", "engine", "cli"] {
        sources(&crates.join(name).join("src"), &mut files);
    }
    let mut said = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("lang.rs")) {
        let text = std::fs::read_to_string(file).expect("readable");
        for (at, _) in text.match_indices("say!(") {
            let line = text.get(..at).map_or(0, |before| before.lines().count());
            let texts = text.get(at..).and_then(literal).and_then(|(en, rest)| Some((en, literal(rest)?.0)));
            let (en, zh) = texts.expect("two texts");
            said.push(Said { place: format!("{}:{line}", file.display()), en, zh });
        }
    }
    assert!(said.len() > 300, "only {} sentences found", said.len());
    said
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Places where a rule is broken.
fn broken(rule: impl Fn(&Said) -> bool) -> Vec<String> {
    let found = everything_said().into_iter().filter(|said| rule(said));
    found.map(|said| format!("{}\n    {}\n    {}", said.place, said.en, said.zh)).collect()
}

#[test]
fn every_sentence_is_written_in_both_languages() {
    let words = |text: &str| {
        let mut depth = 0;
        let outside: String = text
            .chars()
            .filter(|c| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth == 0
            })
            .collect();
        outside.split('`').step_by(2).any(|part| part.chars().filter(char::is_ascii_alphabetic).count() > 2)
    };
    // Equal texts are names, and names are not translated.
    let missing = broken(|said| said.en != said.zh && words(&said.en) && !said.zh.chars().any(is_chinese));
    assert!(missing.is_empty(), "no Chinese in:\n{}", missing.join("\n"));
    let mixed = broken(|said| said.en.chars().any(is_chinese));
    assert!(mixed.is_empty(), "Chinese in the English of:\n{}", mixed.join("\n"));
}

#[test]
fn nobody_begs_cheers_or_apologises() {
    let english = ["please", "oops", "sorry", "successful", "went wrong"];
    let begs = |zh: &str| {
        let plain = zh.replace("请求", "").replace("申请", "").replace("邀请", "");
        plain.contains('请') || plain.contains('！')
    };
    let found = broken(|said| {
        let en = said.en.to_lowercase();
        english.iter().any(|word| en.contains(word)) || en.ends_with('!') || begs(&said.zh)
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn chinese_has_its_own_punctuation_and_one_word_per_thing() {
    let narrow = |zh: &str| {
        let letters: Vec<char> = zh.chars().collect();
        letters.windows(2).any(|pair| matches!(pair, [a, ',' | ';' | '?' | '!' | ':'] if is_chinese(*a)))
    };
    let found = broken(|said| narrow(&said.zh) || said.zh.contains("接入方") || said.zh.contains("登记"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
