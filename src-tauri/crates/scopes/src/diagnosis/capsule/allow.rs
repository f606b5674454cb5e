//! An exchange with only what is known by name and form; every other value is left out or replaced.

use super::contents::{Counts, What};
use super::fingerprint;
use super::frame::Frame;
use super::hosts::is_authority;
use super::ids::fingerprint_of_id;
use super::stand_in::is_stand_in;
use super::terms::{is_known_word, is_path_word};
use super::vocabulary::{Class, class_of, is_word};
use crate::exchange::{Exchange, Request, Response};
use crate::routes::percent_decoded;
use crate::secret::is_id;
use std::collections::{BTreeMap, BTreeSet};

/// Most parameters of an address or a form.
const MAX_PAIRS: usize = 100;

/// Applies the allow-list. The same text gets the same replacement within one capsule.
pub(super) struct Allow<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) counts: Counts,
    pub(super) seen: BTreeMap<String, String>,
    /// Values that were replaced and may stay where the answer needs them.
    pub(super) lost: BTreeSet<String>,
    /// How many values of the body at hand may still be written.
    pub(super) room: usize,
}

impl<'a> Allow<'a> {
    pub(super) fn new(frame: &'a Frame<'a>) -> Self {
        Self { frame, counts: Counts::default(), seen: BTreeMap::new(), lost: BTreeSet::new(), room: 0 }
    }

    /// Whether a value stays exactly as it is: the answer needs it.
    pub(super) fn is_kept(&self, text: &str) -> bool {
        self.frame.keep.contains(text)
    }

    /// Whether a scope or a row is one that the answer needs, by itself or by its last part.
    pub(super) fn is_needed(&self, text: &str) -> bool {
        self.is_kept(text) || text.rsplit_once(':').is_some_and(|(_, last)| self.is_kept(last))
    }

    /// Remembers a value that was replaced although the answer might need it.
    pub(super) fn lose(&mut self, text: &str) {
        if text.len() <= 200 {
            self.lost.insert(text.to_owned());
        }
    }

    /// The exchange with what is known alone.
    pub(super) fn exchange(&mut self, exchange: &Exchange) -> Exchange {
        Exchange {
            request: Request {
                method: self.method(&exchange.request.method),
                url: self.address(&exchange.request.url),
                headers: self.headers(&exchange.request.headers),
                body: exchange.request.body.as_deref().map(|body| self.body(body)),
            },
            response: exchange.response.as_ref().map(|response| Response {
                status: response.status,
                headers: self.headers(&response.headers),
                body: response.body.as_deref().map(|body| self.body(body)),
                truncated: response.truncated,
            }),
            failure: exchange.failure.as_ref().map(|(kind, words)| (*kind, self.sentence(words))),
            started_at: exchange.started_at.map(|at| self.frame.clock.millis(at)),
            elapsed_ms: exchange.elapsed_ms,
        }
    }

    fn method(&mut self, method: &str) -> String {
        const KNOWN: [&str; 9] =
            ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
        if method.is_empty() || KNOWN.iter().any(|known| method.eq_ignore_ascii_case(known)) {
            return method.to_owned();
        }
        self.counts.add(What::Text);
        "OTHER".to_owned()
    }

    /// An address: known words and IDs of its path, known parameters of its query and fragment.
    pub(super) fn address(&mut self, url: &str) -> String {
        self.address_parts(url).0
    }

    /// An address that is compared with others: what was left out of it leaves a fingerprint.
    pub(super) fn address_value(&mut self, url: &str) -> String {
        let (address, left_out) = self.address_parts(url);
        if left_out.is_empty() {
            return address;
        }
        let (front, fragment) = match address.split_once('#') {
            Some((front, fragment)) => (front, format!("#{fragment}")),
            None => (address.as_str(), String::new()),
        };
        let sign = if front.contains('?') { '&' } else { '?' };
        let sign = if front.ends_with('?') { "".to_owned() } else { sign.to_string() };
        format!("{front}{sign}left_out={}{fragment}", fingerprint(&left_out, 6))
    }

    fn address_parts(&mut self, url: &str) -> (String, String) {
        let (front, fragment) = url.split_once('#').map_or((url, None), |(front, rest)| (front, Some(rest)));
        let (base, query) = front.split_once('?').map_or((front, None), |(base, rest)| (base, Some(rest)));
        let host_end = base.find("://").map_or(0, |at| {
            base.get(at + 3..).and_then(|rest| rest.find('/')).map_or(base.len(), |slash| at + 3 + slash)
        });
        let (origin, path) = base.split_at(host_end);
        let path: Vec<String> = path.split('/').take(64).map(|segment| self.segment(segment)).collect();
        let mut out = format!("{}{}", self.origin(origin), path.join("/"));
        let mut left_out = String::new();
        for (sign, part) in [('?', query), ('#', fragment)] {
            let Some(part) = part else { continue };
            let (kept, gone) = self.pairs_parts(part);
            out.push(sign);
            out.push_str(&kept);
            left_out.push_str(&gone);
        }
        (out, left_out)
    }

    /// Scheme and authority of an absolute URL.
    pub(super) fn origin(&mut self, origin: &str) -> String {
        let Some((scheme, authority)) = origin.split_once("://") else { return origin.to_owned() };
        let (user, host) = match authority.rsplit_once('@') {
            Some((_, host)) => ("%E2%80%B9user%E2%80%BA@", host),
            None => ("", authority),
        };
        let known = ["http", "https", "ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        let plain =
            scheme.len() <= 40 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
        let scheme = match known || (plain && !self.frame.wanted.minimised) || scheme.starts_with("scheme-") {
            true => scheme.to_owned(),
            false => format!("scheme-{}", fingerprint(scheme, 6)),
        };
        format!("{scheme}://{user}{}", self.host(&scheme, host))
    }

    fn host(&mut self, scheme: &str, authority: &str) -> String {
        if !authority.is_empty() && !is_authority(authority) {
            self.counts.add(What::Host);
            return "left-out.invalid".to_owned();
        }
        let shown = self.frame.hosts.shown(scheme, authority);
        if shown != authority {
            self.counts.add(What::Host);
        }
        shown
    }

    /// The value of `Host`, and of headers that hold an origin.
    pub(super) fn bare_origin(&mut self, value: &str) -> String {
        if matches!(value, "null" | "*" | "") {
            return value.to_owned();
        }
        match value.split_once("://") {
            Some((scheme, rest)) => {
                let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
                self.origin(&format!("{scheme}://{}", rest.get(..end).unwrap_or_default()))
            }
            None => self.host("", value),
        }
    }

    fn segment(&mut self, segment: &str) -> String {
        let plain = percent_decoded(segment);
        if segment.is_empty() || is_stand_in(&plain) || self.is_kept(&plain) {
            return segment.to_owned();
        }
        if self.frame.wanted.minimised {
            return self.minimised_segment(segment);
        }
        let known = |part: &str| {
            part.is_empty()
                || is_word(part)
                || is_id(part)
                || (part.len() <= 12
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        };
        if segment.len() <= 120 && (segment.split([':', '|']).all(known) || self.frame.cited.contains(&plain))
        {
            return segment.to_owned();
        }
        self.counts.add(What::Text);
        self.lose(&plain);
        encoded(&self.stand_in(&plain, "text"))
    }

    /// Words of the servers' own paths stay; whatever else is in a path is an ID.
    fn minimised_segment(&mut self, segment: &str) -> String {
        let mut out = String::new();
        for piece in segment.split_inclusive([':', '|']) {
            let part = piece.trim_end_matches([':', '|']);
            let plain = percent_decoded(part);
            let known = part.is_empty() || is_path_word(part) || is_id(part) || part == "personal";
            if known || is_stand_in(&plain) || self.is_kept(&plain) {
                out.push_str(part);
            } else {
                self.counts.add(What::Id);
                out.push_str(&fingerprint_of_id(&plain));
            }
            out.push_str(piece.get(part.len()..).unwrap_or_default());
        }
        out
    }

    /// A query or a form body.
    pub(super) fn pairs(&mut self, text: &str) -> String {
        self.pairs_parts(text).0
    }

    fn pairs_parts(&mut self, text: &str) -> (String, String) {
        let (mut kept, mut left_out) = (Vec::new(), String::new());
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) =
                pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
            let class = class_of(&percent_decoded(name)).filter(|_| kept.len() < MAX_PAIRS);
            let Some(class) = class else {
                self.counts.add(What::Parameter);
                left_out.push_str(pair);
                continue;
            };
            match value {
                None => kept.push(name.to_owned()),
                Some(value) => {
                    let plain = percent_decoded(&value.replace('+', " "));
                    let clean = self.value(class, &plain);
                    let same = clean == plain;
                    kept.push(format!("{name}={}", if same { value.to_owned() } else { encoded(&clean) }));
                }
            }
        }
        (kept.join("&"), left_out)
    }

    /// `Bearer realm="…", error="invalid_token"` (RFC 6750 §3): known parameters stay.
    pub(super) fn challenge(&mut self, value: &str) -> String {
        let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
        let mut kept = Vec::new();
        for part in rest.split(',').take(MAX_PAIRS) {
            let Some((name, text)) = part.trim().split_once('=') else { continue };
            let text = text.trim_matches('"');
            let class = match name {
                "realm" => Some(Class::Text),
                "error" => Some(Class::Word),
                _ => class_of(name),
            };
            match class {
                Some(class) => kept.push(format!("{name}=\"{}\"", self.value(class, text).replace('"', "'"))),
                None => self.counts.add(What::Parameter),
            }
        }
        let known = is_known_word(scheme) || (is_word(scheme) && !self.frame.wanted.minimised);
        let scheme = if known { scheme.to_owned() } else { self.removed() };
        format!("{scheme} {}", kept.join(", ")).trim_end().to_owned()
    }

    pub(super) fn removed(&mut self) -> String {
        self.counts.add(What::Header);
        "‹left out›".to_owned()
    }
}

fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
