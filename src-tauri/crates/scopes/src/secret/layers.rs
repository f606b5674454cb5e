//! A text with its escapes undone, layer by layer: percent-encoding, JSON escapes, character references.
//!
//! A secret that was escaped twice is found in the second layer and replaced at its place in the text itself.

/// How often escapes are undone.
const MAX_LAYERS: usize = 4;

/// A text and, where escapes were undone, the offset of each of its bytes in the text it was made of.
pub(super) struct Layer {
    pub(super) text: String,
    offsets: Vec<usize>,
}

impl Layer {
    /// The place in the original text of a piece of this layer.
    pub(super) fn origin(&self, from: usize, to: usize) -> (usize, usize) {
        let at = |offset: usize| self.offsets.get(offset).copied().unwrap_or(usize::MAX);
        (at(from), at(to))
    }
}

/// The layers below a text; none where nothing is escaped.
pub(super) fn layers(text: &str) -> Vec<Layer> {
    let mut all: Vec<Layer> = Vec::new();
    while all.len() < MAX_LAYERS {
        let next = match all.last() {
            Some(above) => undone(&above.text).map(|below| Layer {
                offsets: below
                    .offsets
                    .iter()
                    .map(|at| above.offsets.get(*at).copied().unwrap_or(text.len()))
                    .collect(),
                text: below.text,
            }),
            None => undone(text),
        };
        match next {
            Some(layer) => all.push(layer),
            None => break,
        }
    }
    all
}

/// The text with one level of escapes undone; `None` where there is none.
fn undone(text: &str) -> Option<Layer> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
        return None;
    }
    let bytes = text.as_bytes();
    let (mut out, mut offsets) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len() + 1));
    let (mut at, mut any) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let escape = match byte {
            b'%' => percent(rest),
            b'\\' => backslash(rest),
            b'&' => reference(rest),
            _ => None,
        };
        let (piece, length) = match &escape {
            Some((piece, length)) => (piece.as_slice(), *length),
            None => (std::slice::from_ref(byte), 1),
        };
        any |= escape.is_some();
        out.extend_from_slice(piece);
        offsets.extend(std::iter::repeat_n(at, piece.len()));
        at += length;
    }
    if !any {
        return None;
    }
    offsets.push(bytes.len());
    Some(Layer { text: text_of(out), offsets })
}

/// The bytes as text of the same length: what is no UTF-8 becomes `?`.
fn text_of(mut bytes: Vec<u8>) -> String {
    loop {
        match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => {
                let bad = error.utf8_error().valid_up_to();
                bytes = error.into_bytes();
                if let Some(byte) = bytes.get_mut(bad) {
                    *byte = b'?';
                }
            }
        }
    }
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let digits = std::str::from_utf8(digits?).ok()?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

fn percent(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let byte = u8::try_from(hex(rest.get(1..3))?).ok()?;
    Some((vec![byte], 3))
}

fn backslash(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let plain = match rest.get(1)? {
        byte @ (b'"' | b'\\' | b'/' | b'\'') => *byte,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'x' => return Some((vec![u8::try_from(hex(rest.get(2..4))?).ok()?], 4)),
        b'u' => {
            let c = char::from_u32(hex(rest.get(2..6))?)?;
            return Some((c.to_string().into_bytes(), 6));
        }
        _ => return None,
    };
    Some((vec![plain], 2))
}

fn reference(rest: &[u8]) -> Option<(Vec<u8>, usize)> {
    let end = rest.iter().take(10).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let c = match name {
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c.to_string().into_bytes(), end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_places_are_kept() {
        let text = r#"a=%2522x\u0041\"&quot;%FF"#;
        let all = layers(text);
        let shown: Vec<&str> = all.iter().map(|layer| layer.text.as_str()).collect();
        assert_eq!(shown.first(), Some(&"a=%22xA\"\"?"));
        assert_eq!(shown.get(1), Some(&"a=\"xA\"\"?"));
        let (layer, whole) = (&all[1], text.len());
        assert_eq!(layer.origin(2, 3), (2, 7));
        assert_eq!(layer.origin(0, layer.text.len()), (0, whole));
        assert!(layers("plain 100% text").is_empty());
    }
}
