//! Why no answer came, in the words of browsers, runtimes and `curl`.

use crate::exchange::TransportFailure;

const SIGNS: [(&str, TransportFailure); 30] = [
    ("name_not_resolved", TransportFailure::Dns),
    ("name_resolution", TransportFailure::Dns),
    ("dns", TransportFailure::Dns),
    ("unknown_host", TransportFailure::Dns),
    ("enotfound", TransportFailure::Dns),
    ("eai_again", TransportFailure::Dns),
    ("could not resolve", TransportFailure::Dns),
    ("name or service not known", TransportFailure::Dns),
    ("connection_refused", TransportFailure::Refused),
    ("econnrefused", TransportFailure::Refused),
    ("connection refused", TransportFailure::Refused),
    ("failed to connect", TransportFailure::Refused),
    ("couldn't connect", TransportFailure::Refused),
    ("could not connect", TransportFailure::Refused),
    ("address_unreachable", TransportFailure::Refused),
    ("timed_out", TransportFailure::Timeout),
    ("timeout", TransportFailure::Timeout),
    ("timed out", TransportFailure::Timeout),
    ("etimedout", TransportFailure::Timeout),
    ("err_ssl", TransportFailure::Tls),
    ("err_cert", TransportFailure::Tls),
    ("certificate", TransportFailure::Tls),
    ("ssl", TransportFailure::Tls),
    ("tls", TransportFailure::Tls),
    ("reset", TransportFailure::Reset),
    ("connection_closed", TransportFailure::Reset),
    ("empty_response", TransportFailure::Reset),
    ("empty reply", TransportFailure::Reset),
    ("abort", TransportFailure::Cancelled),
    ("cancel", TransportFailure::Cancelled),
];

/// The kind of failure a text tells of.
pub(super) fn failure(text: &str) -> TransportFailure {
    let text = text.to_lowercase();
    SIGNS.iter().find(|(sign, _)| text.contains(sign)).map_or(TransportFailure::Other, |(_, kind)| *kind)
}

/// The failure `curl` reports as `curl: (6) Could not resolve host: …`.
pub(super) fn of_curl(line: &str) -> Option<(TransportFailure, String)> {
    let rest = line.trim().strip_prefix("curl: (")?;
    let (number, words) = rest.split_once(')')?;
    let kind = match number.parse::<u32>().ok()? {
        5 | 6 => TransportFailure::Dns,
        7 => TransportFailure::Refused,
        28 => TransportFailure::Timeout,
        35 | 51 | 53 | 54 | 58..=60 | 66 | 77 | 80 | 83 | 90 | 91 => TransportFailure::Tls,
        16 | 18 | 52 | 55 | 56 | 92 => TransportFailure::Reset,
        // 22 says only that an error status came; the answer itself was hidden by `--fail`.
        22 => return None,
        _ => failure(words),
    };
    Some((kind, words.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_by_their_words() {
        assert_eq!(failure("net::ERR_NAME_NOT_RESOLVED"), TransportFailure::Dns);
        assert_eq!(failure("net::ERR_CERT_AUTHORITY_INVALID"), TransportFailure::Tls);
        assert_eq!(failure("NS_ERROR_CONNECTION_REFUSED"), TransportFailure::Refused);
        assert_eq!(failure("connect ETIMEDOUT 1.2.3.4:443"), TransportFailure::Timeout);
        assert_eq!(failure("net::ERR_FAILED"), TransportFailure::Other);
        assert_eq!(of_curl("curl: (7) Failed to connect").unwrap().0, TransportFailure::Refused);
        assert!(of_curl("curl: (22) The requested URL returned error: 403").is_none());
    }
}
