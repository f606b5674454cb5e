//! Long scalars over several lines.

/// How wide a line may be.
const WIDTH: usize = 80;
const LEAST: usize = 20;

/// Breaks `text` at spaces, and a quoted one within words where need be, so that its lines are not too wide.
/// `indent` is that of the further lines, `start` the width already used on the first one.
pub(super) fn fold(text: &str, indent: usize, start: Option<usize>, quoted: bool) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let step = (1 + LEAST).max((1 + WIDTH).saturating_sub(indent));
    if units.len() <= step {
        return text.into();
    }
    let Some(folds) = (Folds { units: &units, step, indent, quoted }).places(start) else {
        return text.into();
    };
    let mut out = String::new();
    let part = |from: usize, to: usize| String::from_utf16_lossy(units.get(from..to).unwrap_or_default());
    let mut rest = 0;
    for (at, escaped) in folds {
        if at == 0 {
            out.push('\n');
        } else {
            out.push_str(&part(rest, if escaped { at + 1 } else { at }));
            out.push_str(if escaped { "\\\n" } else { "\n" });
            rest = at + 1;
        }
        out.push_str(&" ".repeat(indent));
    }
    out + &part(rest, units.len())
}

struct Folds<'a> {
    units: &'a [u16],
    step: usize,
    indent: usize,
    quoted: bool,
}

impl Folds<'_> {
    /// Where lines end, and whether within a word; `None` when a quoted text cannot be broken.
    fn places(&self, start: Option<usize>) -> Option<Vec<(usize, bool)>> {
        let mut folds: Vec<(usize, bool)> = Vec::new();
        let mut end =
            WIDTH.saturating_sub(start.filter(|start| *start <= WIDTH - LEAST).unwrap_or(self.indent));
        if start.is_some_and(|start| start > WIDTH - LEAST) {
            folds.push((0, false));
        }
        let (mut split, mut previous, mut escape) = (None, None, (0, 0));
        let mut at = 0;
        while let Some(mut unit) = self.char(at) {
            if self.quoted && unit == '\\' {
                escape = (at, at + self.escaped(at));
                at = escape.1;
            }
            if unit == '\n' {
                end = at + self.indent + self.step;
                split = None;
            } else {
                if unit == ' ' && previous.is_some_and(inked) && self.char(at + 1).is_some_and(inked) {
                    split = Some(at);
                }
                if at >= end {
                    if let Some(place) = split.take() {
                        folds.push((place, false));
                        end = place + self.step;
                    } else if self.quoted {
                        while matches!(previous, Some(' ' | '\t')) {
                            previous = Some(unit);
                            at += 1;
                            unit = self.char(at)?;
                        }
                        let place = if at > escape.1 + 1 { at - 2 } else { escape.0.checked_sub(1)? };
                        if folds.contains(&(place, true)) {
                            return None;
                        }
                        folds.push((place, true));
                        end = place + self.step;
                    }
                }
            }
            previous = Some(unit);
            at += 1;
        }
        Some(folds)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.units.get(at).map(|unit| char::from_u32(u32::from(*unit)).unwrap_or('\u{fffd}'))
    }

    fn escaped(&self, at: usize) -> usize {
        match self.char(at + 1) {
            Some('x') => 3,
            Some('u') => 5,
            _ => 1,
        }
    }
}

fn inked(unit: char) -> bool {
    !matches!(unit, ' ' | '\n' | '\t')
}
