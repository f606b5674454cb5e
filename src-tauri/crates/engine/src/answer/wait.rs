//! The wait that an answer asks for by `Retry-After` (RFC 9110 §10.2.3).

use crate::governor::asked_wait;
use scopes::exchange::ExchangeView;
use scopes::lang::Lang;
use scopes::say;

/// A server that asks for more than this is not waited for: something is wrong there, or the header is.
const LONGEST: u64 = 3600;

/// The wait in seconds.
pub(super) fn of(view: &ExchangeView) -> Option<u64> {
    let header = |wanted: &str| {
        let found = view.response_headers.iter().find(|header| header.name.eq_ignore_ascii_case(wanted));
        found.map(|header| header.value.as_str())
    };
    asked_wait(header, view.started_at.unwrap_or_default()).map(|wait| wait.as_secs())
}

/// What to do about it.
pub(super) fn words(seconds: u64, lang: Lang) -> String {
    match seconds {
        0 => say!(lang, "Try again: the server asks for no wait.", "重试：服务器没有要求等待。"),
        1..=LONGEST => say!(
            lang,
            "Wait {seconds} s, as the server asks with `Retry-After`, then try again.",
            "按服务器在 `Retry-After` 中的要求等待 {seconds} 秒，然后重试。"
        ),
        _ => say!(
            lang,
            "The server asks with `Retry-After` for a wait of more than one hour: ask who runs it.",
            "服务器在 `Retry-After` 中要求等待一小时以上：需联系其运维人员。"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use scopes::lang::Lang;

    #[test]
    fn a_wait_is_said_up_to_an_hour() {
        assert!(words(0, Lang::En).contains("no wait"));
        assert!(words(7, Lang::En).contains("Wait 7 s"));
        assert!(words(3600, Lang::En).contains("3600 s"));
        for absurd in [3601, u64::MAX] {
            let said = words(absurd, Lang::En);
            assert!(said.contains("more than one hour") && !said.contains(&absurd.to_string()), "{said}");
        }
    }
}
