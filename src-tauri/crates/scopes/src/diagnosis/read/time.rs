//! ISO 8601 times as archives write them.

/// Unix milliseconds of `2026-11-22T06:25:37.471Z` or with an offset; a time without zone counts as UTC.
pub(crate) fn unix_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let valid =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 25 && minute < 60 && second < 61;
    let rest = text.get(19..)?;
    let digits: String = rest
        .strip_prefix(['.', ','])
        .map(|r| r.chars().take_while(char::is_ascii_digit).collect())
        .unwrap_or_default();
    let millis: i64 = format!("{digits:0<3}").get(..3)?.parse().ok()?;
    let zone = rest.trim_start_matches(['.', ',']).trim_start_matches(|c: char| c.is_ascii_digit());
    let shift = match zone.as_bytes().first() {
        Some(sign @ (b'+' | b'-')) => {
            let hours: i64 = zone.get(1..3)?.parse().ok()?;
            let minutes: i64 =
                zone.get(3..)?.trim_start_matches(':').get(..2).unwrap_or("00").parse().ok()?;
            (hours * 60 + minutes) * if *sign == b'-' { -60 } else { 60 }
        }
        _ => 0,
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - shift;
    valid.then_some(seconds * 1000 + millis)
}

/// Days from 1970-01-01 in the Gregorian calendar; years are counted from March so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::unix_ms;

    #[test]
    fn times_of_archives() {
        assert_eq!(unix_ms("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(unix_ms("2026-11-22T06:25:37.471Z"), Some(1_795_328_737_471));
        assert_eq!(unix_ms("2026-11-22T08:25:37.4712+02:00"), Some(1_795_328_737_471));
        assert_eq!(unix_ms("2024-02-29T12:00:00-0130"), Some(1_709_213_400_000));
        assert_eq!(unix_ms("yesterday"), None);
        assert_eq!(unix_ms("2026-13-22T06:25:37Z"), None);
    }
}
