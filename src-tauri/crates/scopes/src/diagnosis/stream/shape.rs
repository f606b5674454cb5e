//! What of a line decides its answer: everything but the values of ids, opaque tokens and clocks.
//!
//! A refused call without evidence is explained by its route, its status, its words and the form of its credential. Which
//! of two random ids stands in it changes nothing, only whether two places hold the same one. So two lines of one shape
//! have one answer, and only the first of them is explained. What is replaced is recognised strictly: a doubtful text
//! stays as it is, and then the line is merely explained on its own.

use memchr::{memchr, memmem::Finder};
use std::ops::Range;
use std::sync::OnceLock;

/// Begins what stands for a replaced text. It never occurs in UTF-8.
const MARK: u8 = 0xff;
/// The shortest run that may be an id: 22 characters after `prism_`.
const SHORTEST: usize = 28;
/// Lines with more ids than this are explained on their own.
const MOST_IDS: usize = 24;

/// What a replaced text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// 64 base64url characters: an opaque token.
    Token = 1,
    /// The same after `prism_pat_`.
    PersonalToken,
    /// `prism_` and 22 base64url characters.
    Client,
    /// 32 hex digits.
    Hex,
    /// A UUID.
    Uuid,
    /// A time or a duration.
    Clock,
}

/// Writes the shape of a line into `out`. Whether it has one: `false` where the line must be explained on its own.
pub(super) fn shape(line: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    static BASIC: OnceLock<Finder<'static>> = OnceLock::new();
    // `Basic` credentials are read, not only compared.
    let plain =
        memchr(MARK, line).is_none() && BASIC.get_or_init(|| Finder::new("Basic ")).find(line).is_none();
    let Some(clocks) = clocks(line).filter(|_| plain) else { return false };
    let mut ids = Ids { seen: [const { 0..0 }; MOST_IDS], count: 0 };
    let mut from = 0;
    for clock in clocks.into_iter().flatten() {
        if clock.start < from || !ids.replace(line, from..clock.start, out) {
            return false;
        }
        out.extend([MARK, Class::Clock as u8]);
        from = clock.end;
    }
    ids.replace(line, from..line.len(), out)
}

/// The ids of one line in their order.
struct Ids {
    seen: [Range<usize>; MOST_IDS],
    count: usize,
}

impl Ids {
    fn replace(&mut self, line: &[u8], part: Range<usize>, out: &mut Vec<u8>) -> bool {
        let mut copied = part.start;
        let mut probe = part.start + SHORTEST - 1;
        // A run of the shortest length covers every place this far apart, so that most bytes are never looked at.
        while probe < part.end {
            if !line.get(probe).is_some_and(|byte| is_word(*byte)) {
                probe += SHORTEST;
                continue;
            }
            let back = line.get(copied..probe).unwrap_or_default();
            let start = probe - back.iter().rev().take_while(|byte| is_word(**byte)).count();
            let rest = line.get(probe..part.end).unwrap_or_default();
            let end = probe + rest.iter().take_while(|byte| is_word(**byte)).count();
            if let Some((class, lead)) = class_of(line, start..end) {
                let Some(ordinal) = self.ordinal(line, start + lead..end) else { return false };
                out.extend_from_slice(line.get(copied..start + lead).unwrap_or_default());
                out.extend([MARK, class as u8, ordinal]);
                copied = end;
            }
            probe = end + SHORTEST;
        }
        out.extend_from_slice(line.get(copied..part.end).unwrap_or_default());
        true
    }

    /// Which of the different ids of the line this one is.
    fn ordinal(&mut self, line: &[u8], id: Range<usize>) -> Option<u8> {
        let text = line.get(id.clone());
        let known = self.seen.iter().take(self.count);
        let same = known.into_iter().position(|other| line.get(other.clone()) == text);
        let at = same.unwrap_or(self.count);
        if same.is_none() {
            *self.seen.get_mut(self.count)? = id;
            self.count += 1;
        }
        u8::try_from(at).ok()
    }
}

fn is_word(byte: u8) -> bool {
    #[expect(clippy::indexing_slicing, reason = "worked out by the compiler, which would say so")]
    const WORDS: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let c = byte as u8;
            table[byte] = c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
            byte += 1;
        }
        table
    };
    WORDS.get(usize::from(byte)).copied().unwrap_or(false)
}

/// What a run of word characters is, and how many of its first characters stay.
fn class_of(line: &[u8], run: Range<usize>) -> Option<(Class, usize)> {
    let text = line.get(run.clone())?;
    let before = run.start.checked_sub(1).and_then(|at| line.get(at)).copied().unwrap_or(b' ');
    let after = line.get(run.end).copied().unwrap_or(b' ');
    // A part of a signed token, of an escape, of a percent-encoded byte or before padding means something.
    if b".\\%".contains(&before) || b".=".contains(&after) {
        return None;
    }
    match text.len() {
        64 if is_random(text) => Some((Class::Token, 0)),
        74 if text.starts_with(b"prism_pat_") && is_random(text.get(10..)?) => {
            Some((Class::PersonalToken, 10))
        }
        28 if text.starts_with(b"prism_") && is_random(text.get(6..)?) => Some((Class::Client, 6)),
        32 if text.iter().all(|byte| is_hex(*byte)) && has_letter(text) => Some((Class::Hex, 0)),
        36 if is_uuid(text) && has_letter(text) => Some((Class::Uuid, 0)),
        _ => None,
    }
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// A digit run may also be a number; a letter that no number holds makes it a text.
fn has_letter(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'a'..=b'd' | b'f'))
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => is_hex(*byte),
    })
}

/// Letters of both cases and digits, and none of the words by which credentials are blacked out.
fn is_random(text: &[u8]) -> bool {
    let (mut lower, mut upper, mut digit) = (false, false, false);
    for byte in text {
        lower |= byte.is_ascii_lowercase();
        upper |= byte.is_ascii_uppercase();
        digit |= byte.is_ascii_digit();
    }
    let says = |at: usize, word: &[u8]| {
        at.checked_sub(2)
            .and_then(|at| text.get(at..at + word.len()))
            .is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let masked = || {
        text.iter().enumerate().any(|(at, byte)| match byte | 0x20 {
            b'd' => says(at, b"redact") || says(at, b"hidden"),
            b's' => says(at, b"masked"),
            _ => false,
        })
    };
    lower && upper && digit && !masked()
}

/// When the call began and how long it took, if the line says it no more than once each: the clocks of two exchanges
/// are compared.
fn clocks(line: &[u8]) -> Option<[Option<Range<usize>>; 2]> {
    static KEYS: OnceLock<[Finder<'static>; 2]> = OnceLock::new();
    let [started, time] = KEYS.get_or_init(|| [Finder::new("\"startedDateTime\""), Finder::new("\"time\"")]);
    let began = value_after(line, started, 17, instant)?;
    let took = value_after(line, time, 6, duration)?;
    Some(match (&began, &took) {
        (Some(one), Some(other)) if other.start < one.start => [took, began],
        _ => [began, took],
    })
}

/// The place of the value after a key. `None` where the key recurs or its value is not of the form.
fn value_after(
    line: &[u8],
    key: &Finder<'_>,
    length: usize,
    form: fn(&[u8]) -> Option<usize>,
) -> Option<Option<Range<usize>>> {
    let Some(at) = key.find(line) else { return Some(None) };
    let rest = line.get(at + length..)?;
    if key.find(rest).is_some() {
        return None;
    }
    let colon = blanks(rest);
    let value = rest.get(colon..)?.strip_prefix(b":")?;
    let gap = blanks(value);
    let start = at + length + colon + 1 + gap;
    let end = start + form(value.get(gap..)?)?;
    Some(Some(start..end))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b' ').count()
}

/// The length of `"2026-11-22T06:25:37.471Z"` with its quotes, offsets in minutes included.
fn instant(text: &[u8]) -> Option<usize> {
    const FORM: &[u8; 20] = b"\"dddd-dd-ddTdd:dd:dd";
    let head = text.get(..FORM.len())?;
    let fits = head.iter().zip(FORM).all(|(byte, form)| match form {
        b'd' => byte.is_ascii_digit(),
        _ => byte == form,
    });
    let number = |range: Range<usize>| -> Option<u32> {
        std::str::from_utf8(text.get(range)?).ok().and_then(|digits| digits.parse().ok())
    };
    let within = (1..=12).contains(&number(6..8)?)
        && (1..=31).contains(&number(9..11)?)
        && number(12..14)? < 24
        && number(15..17)? < 60
        && number(18..20)? < 60;
    let rest = text.get(FORM.len()..)?;
    let fraction = match rest.strip_prefix(b".") {
        Some(digits) => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        None => 0,
    };
    let zone = match rest.get(fraction..)? {
        [b'Z', b'"', ..] => 2,
        [b'+' | b'-', a, b, b':', c, d, b'"', ..]
            if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) =>
        {
            7
        }
        _ => return None,
    };
    (fits && within).then_some(FORM.len() + fraction + zone)
}

/// The length of a plain number.
fn duration(text: &[u8]) -> Option<usize> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(text.first() == Some(&b'-'));
    let whole = digits(text.get(sign..)?);
    let leading_zero = whole > 1 && text.get(sign) == Some(&b'0');
    let rest = text.get(sign + whole..)?;
    let fraction = rest
        .strip_prefix(b".")
        .map_or(Some(0), |rest| Some(digits(rest)).filter(|count| *count > 0).map(|count| count + 1))?;
    let length = sign + whole + fraction;
    let ends = matches!(text.get(length)?, b',' | b'}' | b' ');
    ((1..=15).contains(&whole) && fraction <= 20 && !leading_zero && ends).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        shape(line.as_bytes(), &mut out).then_some(out)
    }

    const A: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
    const B: &str = "Qjlm1AAWbyEvDFTMjO8JkKfvscAfh2mguBnV_JV2TjIgVrPyA3QnXG2gWwUWpdIC";

    #[test]
    fn lines_that_differ_in_ids_and_clocks_have_one_shape() {
        let line = |token: &str, team: &str, when: &str, took: &str| {
            format!(
                r#"{{"startedDateTime":"{when}","time":{took},"request":{{"url":"https://g.test/teams/{team}/sets/8d7f6c1e-0b7a-4e0c-9f5e-2d3b4a596877","headers":[{{"name":"Authorization","value":"Bearer {token}"}}]}},"response":{{"status":403}}}}"#
            )
        };
        let one = line(A, "22d71a4a3697a1d674be910d93c3cae1", "2026-11-22T06:25:37.471Z", "12.5");
        let other = line(B, "deadbeef3697a1d674be910d93c3cae1", "2025-01-02T23:59:59+08:00", "3");
        assert_eq!(of(&one), of(&other));
        assert!(of(&one).is_some());
        for changed in [
            one.replace("403", "404"),
            one.replace("Bearer ", "bearer "),
            one.replace("22d71a4a3697a1d674be910d93c3cae1", "t1"),
            one.replace("37.471Z", "77.471Z"),
            one.replace("12.5", "1e5"),
            one.replace("12.5", "01"),
            one.replace(A, &A.replace('k', "redact")[..64]),
            one.replace(A, &"x".repeat(64)),
            one.replace(A, &format!("prism_pat_{A}")),
            one.replace(A, &format!("{A}.{A}.{A}")),
        ] {
            assert_ne!(of(&one), of(&changed), "{changed}");
        }
    }

    #[test]
    fn the_same_id_in_two_places_is_not_two_ids() {
        let line = |first: &str, second: &str| format!("{{\"a\":\"{first}\",\"b\":\"{second}\"}}");
        assert_eq!(of(&line(A, A)), of(&line(B, B)));
        assert_eq!(of(&line(A, B)), of(&line(B, A)));
        assert_ne!(of(&line(A, A)), of(&line(A, B)));
    }

    #[test]
    fn two_clocks_a_strange_byte_or_too_many_ids_are_no_shape() {
        let clock = r#""startedDateTime":"2026-11-22T06:25:37.471Z""#;
        assert!(of(&format!("{{{clock}}}")).is_some());
        assert!(of(&format!("{{{clock},{clock}}}")).is_none());
        let mut out = Vec::new();
        assert!(!shape(&[b'a', MARK], &mut out));
        let ids: String =
            (0..=MOST_IDS).map(|n| format!("\"{n:08x}-aaaa-4aaa-8aaa-aaaaaaaaaaaa\",")).collect();
        assert!(of(&ids).is_none());
    }

    #[test]
    fn credentials_that_mean_something_stay() {
        let basic = |text: &str| format!("\"value\":\"Basic {text}\"");
        assert_eq!(of(&basic(A)), None);
        let escaped = |text: &str| format!("\"a\\{text}\"");
        assert_ne!(of(&escaped(A)), of(&escaped(B)));
    }
}
