//! The servers' clocks against this computer's, by the `Date` of an answer (RFC 9110 §6.6.1). Expiry is counted on both
//! sides, so a wrong clock makes live tokens look dead or dead ones alive.

use super::findings::Findings;
use crate::operations::connections::Found;
use crate::server::Server;
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;
use std::time::UNIX_EPOCH;

/// How far two clocks may be apart, milliseconds. `Date` counts whole seconds and the answer takes its time.
const TOLERATED: i64 = 30_000;

/// What one server's clock says.
pub(super) struct Clock {
    name: &'static str,
    host: String,
    /// Milliseconds it is ahead of this computer's; negative: behind.
    ahead: i64,
}

impl Findings {
    /// Reads the clock of the server that answered; an answer without a date says nothing.
    pub(super) fn clock(&mut self, name: &'static str, server: &Server, exchange: &Exchange) {
        let headers = exchange.response.iter().flat_map(|response| &response.headers);
        let mut dates = headers.filter(|(header, _)| header.eq_ignore_ascii_case("date"));
        let Some((_, date)) = dates.next() else { return };
        let Some(ahead) = ahead(date, exchange) else { return };
        let (lang, apart) = (self.lang, in_words(ahead.abs(), self.lang));
        let value = match ahead {
            ahead if ahead.abs() <= 1500 => date.clone(),
            ahead if ahead > 0 => say!(lang, "{date}, {apart} ahead", "{date}，快 {apart}"),
            _ => say!(lang, "{date}, {apart} behind", "{date}，慢 {apart}"),
        };
        let title = say!(lang, "Clock of {name}", "{name} 的时钟");
        self.found.push(Found { title, value, source: "Date".to_owned(), elapsed_ms: exchange.elapsed_ms });
        self.clocks.push(Clock { name, host: server.host(), ahead });
    }

    /// Says which clock is off: when both servers agree, it is this computer's.
    pub(super) fn judge_clocks(&mut self) {
        let lang = self.lang;
        let off: Vec<&Clock> = self.clocks.iter().filter(|clock| clock.ahead.abs() > TOLERATED).collect();
        let agree = match off.as_slice() {
            [one, other] => (one.ahead - other.ahead).abs() <= TOLERATED,
            _ => false,
        };
        let problems: Vec<Problem> = match off.first() {
            Some(first) if agree => vec![ours(first.ahead, lang)],
            _ => off.into_iter().map(|clock| clock.problem(lang)).collect(),
        };
        self.problems.extend(problems);
    }
}

/// Milliseconds the date is ahead of this computer's clock at the middle of the exchange. A date stands for its second.
fn ahead(date: &str, exchange: &Exchange) -> Option<i64> {
    let server = httpdate::parse_http_date(date.trim()).ok()?.duration_since(UNIX_EPOCH).ok()?;
    let server = i64::try_from(server.as_millis()).ok()?.checked_add(500)?;
    let half = exchange.elapsed_ms.unwrap_or_default() / 2.0;
    #[expect(clippy::cast_possible_truncation, reason = "a request takes less than 292 million years")]
    let here = exchange.started_at?.checked_add(half as i64)?;
    server.checked_sub(here)
}

impl Clock {
    fn problem(&self, lang: Lang) -> Problem {
        let (name, host, apart) = (self.name, &self.host, in_words(self.ahead.abs(), lang));
        let message = if self.ahead > 0 {
            say!(
                lang,
                "The clock of {name} at `{host}` is {apart} ahead of this computer's: tokens end there sooner than is shown here.",
                "位于 `{host}` 的 {name} 的时钟比本机快 {apart}：令牌在那里会比此处显示的更早到期。"
            )
        } else {
            say!(
                lang,
                "The clock of {name} at `{host}` is {apart} behind this computer's: tokens seem expired here too early.",
                "位于 `{host}` 的 {name} 的时钟比本机慢 {apart}：令牌在此处会过早显得已到期。"
            )
        };
        Problem::risky("clock.skew", message)
            .hinted(say!(
                lang,
                "Compare both clocks with a third, and set the wrong one.",
                "用第三个时钟对照两者，校正错误的那个。"
            ))
            .for_actor(Actor::Operator)
            .about(host)
    }
}

fn ours(ahead: i64, lang: Lang) -> Problem {
    let apart = in_words(ahead.abs(), lang);
    let message = if ahead > 0 {
        say!(
            lang,
            "This computer's clock is {apart} behind both servers: tokens end sooner than is shown here.",
            "本机时钟比两台服务器慢 {apart}：令牌会比此处显示的更早到期。"
        )
    } else {
        say!(
            lang,
            "This computer's clock is {apart} ahead of both servers: tokens seem expired here too early.",
            "本机时钟比两台服务器快 {apart}：令牌在此处会过早显得已到期。"
        )
    };
    Problem::risky("clock.skew", message)
        .hinted(say!(lang, "Set this computer's clock.", "校正本机时钟。"))
        .about("this computer")
}

/// "95 s", "12 min", "3 h", "5 days".
fn in_words(milliseconds: i64, lang: Lang) -> String {
    let seconds = (milliseconds + 500) / 1000;
    match seconds {
        0..=119 => say!(lang, "{seconds} s", "{seconds} 秒"),
        120..=7199 => {
            let minutes = seconds / 60;
            say!(lang, "{minutes} min", "{minutes} 分钟")
        }
        7200..=172_799 => {
            let hours = seconds / 3600;
            say!(lang, "{hours} h", "{hours} 小时")
        }
        _ => {
            let days = seconds / 86_400;
            say!(lang, "{days} days", "{days} 天")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_rounded_to_seconds_and_cut_to_the_unit_above() {
        for (milliseconds, words) in [
            (0, "0 s"),
            (94_500, "95 s"),
            (119_499, "119 s"),
            (119_500, "2 min"),
            (7_199_499, "119 min"),
            (7_200_000, "2 h"),
            (172_799_499, "47 h"),
            (777_600_000, "9 days"),
        ] {
            assert_eq!(in_words(milliseconds, Lang::En), words, "{milliseconds}");
        }
    }
}
