//! The recorder's clock against the servers': `Date` of an answer (RFC 9110 §6.6.1), `iat` and `exp` of introspections.

use super::super::call::header;
use super::others::Other;
use crate::endpoint::Endpoint;
use crate::exchange::Exchange;
use serde_json::Value;

/// Clocks that differ by no more than this many seconds agree.
const TOLERANCE: i64 = 90;

/// Within this many milliseconds of a call an answer tells about the clock of its recorder: clocks are set right, and an
/// archive may hold what several recorders saw.
const WINDOW: i64 = 60 * 60 * 1000;
/// At most this many answers before and after a call are compared.
const NEAREST: usize = 64;

/// One comparison of the two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// Seconds by which the server's clock is ahead.
    Offset(i64),
    /// The answer contradicts the recorder's clock, and does not tell by how much it is wrong.
    Contradiction,
}

/// All comparisons of an archive, by the recorder's time.
#[derive(Debug, Default)]
pub(super) struct Samples(Vec<(i64, Sample)>);

impl Samples {
    /// Takes what an exchange tells. Exchanges come in the order of their times.
    pub(super) fn see(&mut self, other: &Other<'_>) {
        let Some(start) = other.started_at else { return };
        if let Some(date) = date_of(other) {
            self.0.push((start, Sample::Offset(offset(start, other.elapsed_ms, date))));
        }
        if other.to.endpoint == Endpoint::Introspection && contradicts(other, start) {
            self.0.push((start, Sample::Contradiction));
        }
    }

    /// The clock at the time of a call.
    pub(super) fn at(&self, start: Option<i64>) -> Clock {
        let mut clock = Clock::default();
        let Some(start) = start else { return clock };
        let here = self.0.partition_point(|(at, _)| *at < start);
        let range = here.saturating_sub(NEAREST)..(here + NEAREST).min(self.0.len());
        for (at, sample) in self.0.get(range).unwrap_or_default() {
            if (at - start).abs() <= WINDOW {
                clock.see(*sample);
            }
        }
        clock
    }
}

/// Seconds by which the server's clock is ahead of the recorder's; none while the call was under way.
fn offset(start: i64, took: Option<f64>, date: i64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a duration of one exchange")]
    let took = took.unwrap_or(0.0).clamp(0.0, 3.6e6) as i64;
    let (earliest, latest) = (start / 1000, (start + took) / 1000 + 1);
    if date < earliest { date - earliest } else { (date - latest).max(0) }
}

/// A token that is active has been issued and has not expired, by the server's clock.
fn contradicts(other: &Other<'_>, at: i64) -> bool {
    let Some(json) = other.answered() else { return false };
    let active = json.get("active").and_then(Value::as_bool) == Some(true);
    let seconds = |name: &str| json.get(name).and_then(Value::as_i64);
    let late = seconds("exp").is_some_and(|end| at / 1000 > end.saturating_add(TOLERANCE));
    let early = seconds("iat").is_some_and(|issued| (at / 1000).saturating_add(TOLERANCE) < issued);
    active && (late || early)
}

/// The recorder's clock at the time of one call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    /// Seconds by which the servers' clock is ahead of the recorder's, by the largest difference seen.
    offset: Option<i64>,
    /// An answer contradicts the recorder's clock, and does not tell by how much it is wrong.
    contradicted: bool,
}

impl Clock {
    fn see(&mut self, sample: Sample) {
        match sample {
            Sample::Contradiction => self.contradicted = true,
            Sample::Offset(offset) => {
                if self.offset.is_none_or(|known| known.abs() < offset.abs()) {
                    self.offset = Some(offset);
                }
            }
        }
    }

    /// A token that was issued for a code carries the time of that answer.
    pub(super) fn see_issue(&mut self, answered_at: i64, issued_at: i64) {
        self.contradicted |= (answered_at - issued_at).abs() > TOLERANCE;
    }

    /// Whether the recorder's clock can be compared with times of the servers.
    pub(super) fn agrees(&self) -> bool {
        !self.contradicted && self.offset.is_none_or(|offset| offset.abs() <= TOLERANCE)
    }

    /// A time of the recorder as the servers' clock shows it, Unix seconds; `None` where that is not known.
    pub(super) fn at_server(&self, at: i64) -> Option<i64> {
        match self.offset {
            Some(offset) if offset.abs() > TOLERANCE => Some(at + offset),
            _ if self.contradicted => None,
            _ => Some(at),
        }
    }
}

/// `Date` of an answer in Unix seconds.
pub(super) fn date_of(exchange: &Exchange) -> Option<i64> {
    let response = exchange.response.as_ref()?;
    // A cache answers with the time at which it was filled.
    if header(&response.headers, "age").is_some_and(|age| age.trim() != "0") {
        return None;
    }
    http_date(header(&response.headers, "date")?)
}

/// Unix seconds of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
pub(crate) fn http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = text.trim().strip_suffix("GMT")?.trim_end();
    let mut parts = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let iso = format!("{year}-{month:02}-{day:0>2}T{time}Z");
    crate::diagnosis::read::unix_ms(&iso).map(|ms| ms / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for text in ["", "yesterday", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_difference_counts_beyond_the_time_the_call_took() {
        assert_eq!(offset(1_000_000, Some(200_000.0), 1_150), 0);
        let mut clock = Clock::default();
        clock.see(Sample::Offset(offset(1_000_000, None, 1_000 - 3 * 3600)));
        assert!(!clock.agrees());
        assert_eq!(clock.at_server(20_000), Some(20_000 - 3 * 3600));
    }

    #[test]
    fn only_answers_around_the_call_tell_about_its_clock() {
        let samples = Samples(vec![(0, Sample::Contradiction), (10 * WINDOW, Sample::Offset(5))]);
        assert!(!samples.at(Some(WINDOW)).agrees());
        assert!(samples.at(Some(2 * WINDOW)).agrees());
        assert!(samples.at(None).agrees());
    }
}
