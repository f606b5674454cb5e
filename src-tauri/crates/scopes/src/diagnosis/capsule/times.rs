//! Times of a minimised capsule: counted from the call, whose own time becomes the first second of the year 2000. All
//! differences stay, so that lifetimes and clocks compare as before.

use super::super::facts::http_date;
use super::super::read::unix_ms;
use super::entry::time;
use crate::exchange::Exchange;
use serde_json::Value;

/// What stands for the time of the call, Unix milliseconds.
const ORIGIN: i64 = 946_684_800_000;
/// Smaller numbers are no points in time.
const MIN_SECONDS: i64 = 100_000_000;
/// From here on a number counts milliseconds.
const MIN_MILLIS: i64 = 100_000_000_000;

/// By how much the times of a capsule are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Times stay as they are.
    Kept,
    /// Times are moved by whole seconds, in milliseconds.
    Moved(i64),
    /// No exchange has a time, so that none is needed: each is replaced by the same one.
    Replaced,
}

impl Clock {
    /// The clock in which a call happens at the origin.
    pub(super) fn of(call: &Exchange, others: &[Exchange]) -> Self {
        let dated = |exchange: &Exchange| {
            let headers = exchange.response.iter().flat_map(|response| &response.headers);
            let mut dates = headers.filter(|(name, _)| name.eq_ignore_ascii_case("date"));
            dates.find_map(|(_, value)| http_date(value)).map(|seconds| seconds * 1000)
        };
        let all = || std::iter::once(call).chain(others);
        let anchor = all().find_map(|one| one.started_at).or_else(|| all().find_map(dated));
        anchor.map_or(Self::Replaced, |at| Self::Moved(at.div_euclid(1000) * 1000 - ORIGIN))
    }

    /// A time in Unix milliseconds.
    pub(super) fn millis(self, at: i64) -> i64 {
        match self {
            Self::Kept => at,
            Self::Moved(by) => at.saturating_sub(by),
            Self::Replaced => ORIGIN,
        }
    }

    /// A number of seconds or milliseconds; what is too small for a time stays.
    pub(super) fn number(self, at: i64) -> i64 {
        match at {
            MIN_MILLIS.. => self.millis(at),
            MIN_SECONDS.. => self.millis(at.saturating_mul(1000)).div_euclid(1000),
            _ => at,
        }
    }

    /// A time as text: a number, or ISO 8601; `None` where it is neither.
    pub(super) fn text(self, text: &str) -> Option<String> {
        if let Ok(number) = text.trim().parse::<i64>() {
            return Some(self.number(number).to_string());
        }
        let iso = time(self.millis(unix_ms(text)?));
        // Glint writes times in two forms (contract §8.1).
        let blank = text.trim().as_bytes().get(10) == Some(&b' ');
        Some(if blank { iso.replace('T', " ").get(..19).unwrap_or_default().to_owned() } else { iso })
    }

    /// A time of a header (RFC 9110 §5.6.7); `None` where it is none.
    pub(super) fn header(self, text: &str) -> Option<String> {
        let at = self.millis(http_date(text)?.saturating_mul(1000));
        let iso = time(at);
        let (date, clock) = (iso.get(..10)?, iso.get(11..19)?);
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let weekday = usize::try_from(at.div_euclid(86_400_000).rem_euclid(7)).ok()?;
        let (weekday, month) = (days.get(weekday)?, names.get(month.checked_sub(1)?)?);
        Some(format!("{weekday}, {day} {month} {year} {clock} GMT"))
    }

    /// A number of JSON.
    pub(super) fn json(self, value: Value) -> Value {
        match value.as_i64() {
            Some(at) if self != Self::Kept => Value::from(self.number(at)),
            _ => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_moves_by_the_same() {
        let clock = Clock::Moved(1_795_328_700_000 - ORIGIN);
        assert_eq!(clock.text("1795328701").as_deref(), Some("946684801"));
        assert_eq!(clock.text("1795328700123").as_deref(), Some("946684800123"));
        assert_eq!(clock.text("2026-11-22T06:25:00.123Z").as_deref(), Some("2000-01-01T00:00:00.123Z"));
        assert_eq!(clock.text("2026-11-22 06:25:09 Alice").as_deref(), Some("2000-01-01 00:00:09"));
        let date = clock.header("Sun, 22 Nov 2026 06:25:00 GMT");
        assert_eq!(date.as_deref(), Some("Sat, 01 Jan 2000 00:00:00 GMT"));
        assert_eq!(clock.number(3600), 3600);
        assert_eq!(clock.text("Alice"), None);
    }
}
