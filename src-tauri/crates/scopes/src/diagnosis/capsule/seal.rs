//! Making a capsule: what goes in, and what is replaced.

use super::super::read::{Hint, Read, read};
use super::super::{Diagnosis, Known};
use super::allow::Allow;
use super::choose::{agree, answer, cited, sentences, without_needless};
use super::clean::{address, clean, placeholders};
use super::contents::{Contents, Counts, What};
use super::entry::entry;
use super::frame::{Frame, addressed, mentioned, needs};
use super::hosts::{Hosts, InText};
use super::people::{People, strings};
use super::sweep::sweep;
use super::times::Clock;
use super::{Capsule, KnownBeside, MAX_BYTES, VERSION, credential};
use crate::exchange::Exchange;
use crate::lang::Lang;
use crate::secret::{Redactor, is_id};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most values that may be kept beyond their form because the answer needs them.
const MAX_CANDIDATES: usize = 2000;

/// How a capsule is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Whether what is personal is replaced as well.
    pub minimised: bool,
    /// Whether names of hosts are replaced as well.
    pub hide_hosts: bool,
}

/// A capsule, ready to be saved.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// The archive, JSON with line breaks.
    pub har: String,
    /// How many exchanges stand beside the call.
    pub evidence: usize,
    /// What goes in, and what was replaced.
    pub contents: Contents,
}

/// Why there is no capsule of a call. Nothing is loosened instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsealed {
    /// Whoever opens it would get another answer.
    AnswerDiffers,
    /// It would be larger than [`MAX_BYTES`].
    TooLarge,
}

/// Seals one call with the exchanges its answer rests on.
///
/// # Errors
/// When no capsule gives the same answer, or it is too large.
pub fn seal(call: &Exchange, others: &[Exchange], known: &Known, wanted: Wanted) -> Result<Sealed, Unsealed> {
    let chosen = cited(call, others, known);
    let answer = answer(call, &chosen, known);
    let mut redactor = Redactor::keyed();
    for exchange in std::iter::once(call).chain(&chosen) {
        credential::learn(&mut redactor, exchange);
    }
    let case = Case::of(call, &chosen, others.len() - chosen.len(), known, wanted, answer, redactor);
    let sealed = case.smallest()?;
    if sealed.har.len() > MAX_BYTES {
        return Err(Unsealed::TooLarge);
    }
    Ok(sealed)
}

struct Case<'a> {
    chosen: &'a [Exchange],
    left_out: usize,
    known: &'a Known,
    wanted: Wanted,
    answer: Diagnosis,
    redactor: Redactor,
    /// The exchanges without their secrets, and how many were replaced in each.
    clean: Vec<(Exchange, usize)>,
    said: String,
    mentioned: BTreeSet<String>,
    addressed: BTreeSet<String>,
    people: People,
    hosts: Hosts,
    in_text: Option<InText>,
    clock: Clock,
}

impl<'a> Case<'a> {
    fn of(
        call: &'a Exchange,
        chosen: &'a [Exchange],
        left_out: usize,
        known: &'a Known,
        wanted: Wanted,
        answer: Diagnosis,
        redactor: Redactor,
    ) -> Self {
        let all = || std::iter::once(call).chain(chosen);
        let mut people = People::default();
        if wanted.minimised {
            all().for_each(|exchange| people.learn(exchange));
            let of_people = known.names.iter().filter(|(id, _)| !id.starts_with("prism_"));
            of_people.for_each(|(_, name)| people.name(name));
        }
        let without_secrets = |exchange: &Exchange| {
            let clean = clean(&redactor, exchange);
            let replaced = placeholders(&clean);
            (clean, replaced)
        };
        Self {
            clean: all().map(without_secrets).collect(),
            said: sentences(&answer),
            mentioned: mentioned(all()),
            addressed: addressed(all()),
            hosts: Hosts::of(all(), wanted, &people),
            in_text: wanted.hide_hosts.then(|| InText::of(all())),
            clock: if wanted.minimised { Clock::of(call, chosen) } else { Clock::Kept },
            chosen,
            left_out,
            known,
            wanted,
            answer,
            redactor,
            people,
        }
    }

    /// The capsule with the fewest values that gives the same answer. Names of headers, parameters and members that are
    /// not known stay out of every one; only values under known names are kept beyond their form.
    fn smallest(&self) -> Result<Sealed, Unsealed> {
        let needs = needs(&self.answer);
        let (strictest, lost) = self.sealed(&needs);
        if self.agrees(&strictest) {
            return Ok(strictest);
        }
        let candidates: Vec<String> =
            lost.into_iter().filter(|value| !self.people.has(value)).take(MAX_CANDIDATES).collect();
        let with = |kept: &[String]| {
            let keep: BTreeSet<String> = needs.iter().chain(kept).cloned().collect();
            Some(self.sealed(&keep).0).filter(|sealed| self.agrees(sealed))
        };
        with(&candidates).ok_or(Unsealed::AnswerDiffers)?;
        let needed = without_needless(candidates, |kept| with(kept).is_some());
        with(&needed).ok_or(Unsealed::AnswerDiffers)
    }

    /// Whether whoever opens a capsule gets the same answer.
    fn agrees(&self, sealed: &Sealed) -> bool {
        let Read { entries, capsule, .. } = read(&sealed.har, None, &Hint::default(), Lang::En);
        let Some(capsule) = capsule.filter(|_| !entries.is_empty()) else { return false };
        let mut exchanges: Vec<Exchange> = entries.into_iter().map(|entry| entry.exchange).collect();
        let subject = exchanges.remove(0);
        agree(&answer(&subject, &exchanges, &capsule.known()), &self.answer)
    }

    /// A capsule with these values as they are; and the values that were replaced and might be needed.
    fn sealed(&self, keep: &BTreeSet<String>) -> (Sealed, BTreeSet<String>) {
        let frame = Frame {
            cited: &self.said,
            keep,
            mentioned: &self.mentioned,
            addressed: &self.addressed,
            wanted: self.wanted,
            hosts: &self.hosts,
            clock: self.clock,
        };
        let mut allow = Allow::new(&frame);
        let mut secrets = 0;
        let mut entries = Vec::new();
        for (at, (clean, replaced)) in self.clean.iter().enumerate() {
            secrets += replaced;
            let mut exchange = allow.exchange(clean);
            exchange.request.url = address(&exchange.request.url);
            entries.push(entry(&exchange, at == 0));
        }
        let Allow { mut counts, lost, .. } = allow;
        counts.add_many(What::Secret, secrets);
        let mut known = json!(self.beside(&entries));
        self.replace(&mut entries, &mut known, &mut counts);
        (self.archive(&entries, known, &counts), lost)
    }

    /// Hosts and people by value, and the last sweep.
    fn replace(&self, entries: &mut [Value], known: &mut Value, counts: &mut Counts) {
        if let Some(hosts) = &self.in_text {
            for value in entries.iter_mut().chain([&mut *known]) {
                strings(value, &mut |text| {
                    let (clean, found) = hosts.replace(text);
                    counts.add_many(What::Host, found);
                    clean
                });
            }
        }
        if self.wanted.minimised {
            self.people.replace(entries, counts);
            self.people.replace(std::slice::from_mut(known), counts);
        }
        for value in entries.iter_mut().chain([known]) {
            strings(value, &mut |text| {
                let (clean, found) = sweep(&self.redactor, text);
                counts.add_many(What::Swept, found);
                clean
            });
        }
    }

    fn archive(&self, entries: &[Value], known: Value, counts: &Counts) -> Sealed {
        let mark = json!(Capsule {
            capsule: VERSION,
            call: 0,
            minimised: self.wanted.minimised,
            known: serde_json::from_value(known).unwrap_or_default(),
        });
        let archive = json!({ "log": {
            "version": "1.2",
            "creator": { "name": "Spectroscope", "version": env!("CARGO_PKG_VERSION") },
            "_spectroscope": mark,
            "entries": entries,
        }});
        let har = crate::text::pretty_json(&archive);
        let contents = Contents::of(entries, self.left_out, counts, har.len());
        Sealed { har, evidence: self.chosen.len(), contents }
    }

    /// Only names that the answer says, and of people only where nothing is minimised; only IDs that are IDs in form.
    fn beside(&self, entries: &[Value]) -> KnownBeside {
        let text = Value::from(entries.to_vec()).to_string();
        let told = |id: &str, name: &str| {
            is_id(id)
                && text.contains(id)
                && self.said.contains(name)
                && (!self.wanted.minimised || id.starts_with("prism_"))
        };
        let names: BTreeMap<String, String> = self
            .known
            .names
            .iter()
            .filter(|(id, name)| told(id, name))
            .map(|(id, name)| (id.clone(), name.clone()))
            .collect();
        KnownBeside {
            names,
            provider_client_id: self.known.provider_client_id.clone().filter(|id| is_id(id)),
            token_expires_at: self.known.token_expires_at.map(|at| self.clock.number(at)),
            headers_unknown: self.known.headers_unknown,
        }
    }
}
