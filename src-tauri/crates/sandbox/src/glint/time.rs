//! The two forms in which Glint writes times, mixed within one answer (contract §8.1).

/// `2026-01-31T09:00:00.000Z`: what Glint's own code writes.
pub(super) fn iso(ms: i64) -> String {
    let (date, time) = parts(ms);
    format!("{date}T{time}.{:03}Z", ms.rem_euclid(1000))
}

/// `2026-01-31 09:00:00`: what its database writes, UTC without saying so.
pub(super) fn plain(ms: i64) -> String {
    let (date, time) = parts(ms);
    format!("{date} {time}")
}

fn parts(ms: i64) -> (String, String) {
    let seconds = ms.div_euclid(1000);
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    let time = format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
    (format!("{year:04}-{month:02}-{day:02}"), time)
}

/// Year, month and day of a day count since 1970-01-01, by cutting time into eras of 400 years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_known_moments() {
        assert_eq!(iso(1_769_850_000_007), "2026-01-31T09:00:00.007Z");
        assert_eq!(plain(1_769_850_000_007), "2026-01-31 09:00:00");
        assert_eq!(plain(1_709_164_799_000), "2024-02-28 23:59:59");
        assert_eq!(plain(1_709_164_800_000), "2024-02-29 00:00:00");
        assert_eq!(plain(0), "1970-01-01 00:00:00");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn as_text_the_plain_form_sorts_below_the_other_of_the_same_day() {
        assert!(plain(1_769_899_999_000) < iso(1_769_850_000_000));
    }
}
