//! How hard a passphrase is to guess.

use std::collections::BTreeSet;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// How many characters are looked at: what comes after them costs time and adds nothing.
const ESTIMATED: usize = 100;
/// Shortest word that is looked for.
const MIN_WORD: usize = 3;
/// Most words that are looked for.
const MAX_WORDS: usize = 500;

/// The words of the product itself.
const PRODUCT: [&str; 13] = [
    "spectroscope",
    "prism",
    "glint",
    "oauth",
    "passphrase",
    "password",
    "vault",
    "scope",
    "example",
    "com",
    "org",
    "localhost",
    "https",
];

/// Passphrases that everybody has read, letters only.
const FAMOUS: [&str; 8] = [
    "correcthorsebatterystaple",
    "correctstaplehorsebattery",
    "thequickbrownfoxjumpsoverthelazydog",
    "loremipsumdolorsitamet",
    "tobeornottobethatisthequestion",
    "openthepodbaydoorshal",
    "troubador",
    "troubadour",
];

/// Rows of keyboards: QWERTY, QWERTZ, AZERTY, and digits.
const ROWS: [&str; 12] = [
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü+",
    "asdfghjklöä#",
    "yxcvbnm,.-",
    "azertyuiop^$",
    "qsdfghjklmù*",
    "wxcvbn,;:!",
    "1234567890",
    "^1234567890ß´",
    "!@#$%^&*()",
];
/// Fewest keys side by side that are a run.
const MIN_RUN: usize = 4;

/// Longest passphrase that is looked at as one word, with the most signs around the word, and the most consonants or
/// vowels in a row of one that can be spoken.
const MAX_ONE_WORD: usize = 13;
const MAX_AROUND: usize = 4;
const MAX_CLUSTER: usize = 3;

/// Whether zxcvbn scores a passphrase under 3, as it is or without the words that somebody who knows the person tries
/// first. zxcvbn counts each known word as a further guess, so that some known words in a row would pass.
pub(super) fn is_weak(passphrase: &str, words: &[String]) -> bool {
    let start: Zeroizing<String> = Zeroizing::new(passphrase.chars().take(ESTIMATED).collect());
    let words = parts(words);
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let rest = without(&start, &words);
    let fresh = without_runs(&rest);
    let famous = without_famous(&start);
    if is_one_word(&start) {
        return true;
    }
    let weak = |text: &str| zxcvbn(text, &inputs).score() < Score::Three;
    weak(&start) || weak(&rest) || weak(&fresh) || famous.is_some_and(|rest| weak(&rest))
}

/// The words of names and hosts, each once, the longest first.
fn parts(words: &[String]) -> Vec<String> {
    let own = PRODUCT.iter().map(|word| (*word).to_owned());
    let given = words.iter().flat_map(|word| {
        let word = word.to_lowercase();
        let pieces: Vec<String> = word.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        std::iter::once(word).chain(pieces)
    });
    let long = |word: &String| word.chars().count() >= MIN_WORD;
    let all: BTreeSet<String> = own.chain(given).filter(long).take(MAX_WORDS).collect();
    let mut all: Vec<String> = all.into_iter().collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    all
}

/// The passphrase without the words, however they are written.
fn without(passphrase: &str, words: &[String]) -> Zeroizing<String> {
    let signs: Zeroizing<Vec<char>> = Zeroizing::new(passphrase.chars().collect());
    let plain: Zeroizing<Vec<char>> = Zeroizing::new(signs.iter().map(|c| letter(*c)).collect());
    let mut gone = vec![false; signs.len()];
    for word in words {
        let word: Vec<char> = word.chars().map(letter).collect();
        for (at, window) in plain.windows(word.len()).enumerate() {
            if window == word {
                gone.iter_mut().skip(at).take(word.len()).for_each(|gone| *gone = true);
            }
        }
    }
    Zeroizing::new(signs.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(c, _)| *c).collect())
}

/// The passphrase without keys that are side by side on a keyboard.
fn without_runs(passphrase: &str) -> Zeroizing<String> {
    let keys: Zeroizing<Vec<char>> = Zeroizing::new(passphrase.to_lowercase().chars().collect());
    let rows: Vec<Vec<char>> = ROWS
        .iter()
        .flat_map(|row| [row.chars().collect::<Vec<char>>(), row.chars().rev().collect()])
        .collect();
    let mut gone = vec![false; keys.len()];
    for (at, window) in keys.windows(MIN_RUN).enumerate() {
        if rows.iter().any(|row| row.windows(MIN_RUN).any(|run| run == window)) {
            gone.iter_mut().skip(at).take(MIN_RUN).for_each(|gone| *gone = true);
        }
    }
    Zeroizing::new(keys.iter().zip(&gone).filter(|(_, gone)| !**gone).map(|(c, _)| *c).collect())
}

/// Whether a passphrase is one word that can be spoken, however its letters are written, with a few signs around it.
/// zxcvbn tries every letter of a word that its lists lack; who guesses tries such words before.
fn is_one_word(passphrase: &str) -> bool {
    let signs: Zeroizing<Vec<char>> = Zeroizing::new(passphrase.chars().map(letter).collect());
    let mut longest: &[char] = &[];
    for run in signs.split(|c| !c.is_ascii_alphabetic()) {
        longest = if run.len() > longest.len() { run } else { longest };
    }
    let is_vowel = |c: &char| "aeiouy".contains(*c);
    let mut clusters = longest.split(is_vowel).chain(longest.split(|c| !is_vowel(c)));
    let vowels = longest.iter().filter(|c| is_vowel(c)).count();
    let spoken = vowels * 4 >= longest.len() && clusters.all(|cluster| cluster.len() <= MAX_CLUSTER);
    signs.len() <= MAX_ONE_WORD && longest.len() + MAX_AROUND >= signs.len() && spoken
}

/// The letters and digits without a passphrase that everybody has read; `None` where there is none.
fn without_famous(passphrase: &str) -> Option<Zeroizing<String>> {
    let plain: Zeroizing<String> =
        Zeroizing::new(passphrase.chars().map(letter).filter(|c| c.is_alphanumeric()).collect());
    let famous = FAMOUS.iter().find(|famous| plain.contains(**famous))?;
    Some(Zeroizing::new(plain.replace(famous, "")))
}

/// A letter in lower case, signs that stand for letters included.
fn letter(c: char) -> char {
    match c {
        '4' | '@' => 'a',
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        '7' => 't',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_at_hand_add_nothing() {
        let words = ["Tea house".to_owned(), "glint.teahouse.example".to_owned(), "olivia".to_owned()];
        for weak in [
            "Prismglint#2026",
            "pr1sm-gl1nt-2026!",
            "spectroscope-vault-99",
            "Olivia@teahouse2026",
            "glint.teahouse.example",
            "TeaHouse-Prism-Glint-1",
            "password1234",
            "correct horse battery staple",
            "correcthorsebatterystaple",
            "Correct-Horse-Battery-Staple-1",
            "glint.example.com",
            "prism.example.com2026",
            "qwertzuiopü123456",
            "azertyuiop-qsdfghjklm",
            "https://prism.example.com",
            "tr0ub4dor&3",
            "Tr0ub4dour&3",
            "tr0ub4dor&3tr0ub4dor&3",
            "w1nt3rh4lt3!",
            "K4n4r1en#22",
            "",
        ] {
            assert!(is_weak(weak, &words), "{weak}");
        }
        for strong in [
            "seven-lamps-under-a-quiet-bridge",
            "four unrelated words",
            "the prism sits under seven lamps",
            "kR7#vq9!Lz2p",
            "Lampen-unter-Bruecken-7",
            "x7Kd93mQpLzR",
        ] {
            assert!(!is_weak(strong, &words), "{strong}");
        }
        assert!(is_weak(&"a".repeat(5000), &words));
    }
}
