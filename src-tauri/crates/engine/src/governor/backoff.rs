//! How long is waited before a request is sent again.

use scopes::exchange::Exchange;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The numbers the governor goes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    /// How many requests are under way at once at first.
    pub(crate) first: usize,
    /// The most that ever are.
    pub(crate) most: usize,
    /// How often one request is sent.
    pub(crate) attempts: u32,
    /// The shortest wait before it is sent again.
    pub(crate) shortest: Duration,
    /// The longest wait after the first attempt; it doubles with each.
    pub(crate) base: Duration,
    /// The longest wait that is chosen by us.
    pub(crate) longest: Duration,
    /// The longest wait a server may ask for by `Retry-After`.
    pub(crate) longest_retry_after: Duration,
    /// How long a job sends requests.
    pub(crate) deadline: Duration,
    /// Differences of latency that are noise.
    pub(crate) slack: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            first: 4,
            most: 32,
            attempts: 3,
            shortest: Duration::from_millis(100),
            base: Duration::from_millis(400),
            longest: Duration::from_secs(10),
            longest_retry_after: Duration::from_secs(30),
            deadline: Duration::from_secs(15 * 60),
            slack: Duration::from_millis(10),
        }
    }
}

/// Full jitter: anything from the shortest wait to a limit that doubles with each attempt.
pub(crate) fn jittered(policy: &Policy, attempt: u32, random: f64) -> Duration {
    let doubled =
        policy.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
    let span = doubled.min(policy.longest).saturating_sub(policy.shortest);
    policy.shortest.saturating_add(span.mul_f64(random.clamp(0.0, 1.0)))
}

/// The wait an answer asks for by `Retry-After`; see [`asked_wait`].
pub(crate) fn retry_after(exchange: &Exchange, now_ms: i64) -> Option<Duration> {
    let header = |wanted: &str| {
        let headers = exchange.response.iter().flat_map(|response| &response.headers);
        headers.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str()).next()
    };
    asked_wait(header, now_ms)
}

/// The wait that the headers of an answer ask for by `Retry-After`, in seconds or as a date (RFC 9110 §10.2.3). A date is
/// compared with the answer's own `Date` where there is one, else with `now_ms`: the clocks may differ.
pub(crate) fn asked_wait<'h>(header: impl Fn(&str) -> Option<&'h str>, now_ms: i64) -> Option<Duration> {
    let asked = header("retry-after")?.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are longer than any limit.
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let date = header("date").and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    let now = date.or_else(|| clock(now_ms))?;
    Some(until.duration_since(now).unwrap_or_default())
}

fn clock(now_ms: i64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(u64::try_from(now_ms).ok()?))
}
