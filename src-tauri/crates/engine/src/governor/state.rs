//! The decisions of the governor for one server: a state machine over observations. It holds no clock; time is passed in,
//! counted from the start of the job.

use super::backoff::{Policy, jittered};
use std::time::Duration;

/// How a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manner {
    /// One of many requests of a job: it is not sent after the job has been stopped.
    pub(crate) batch: bool,
    /// Whether it may be sent again: it reads, or has the same effect when carried out twice.
    pub(crate) repeats: bool,
    /// Whether it only reads, so that it can test a server that has just not answered.
    pub(crate) reads: bool,
}

/// What came of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Observation {
    /// The server answered, whatever it said.
    Answered,
    /// 401 or 403: the credential is refused, or its account is switched off.
    Denied,
    /// 429 or 503, with the wait the server asks for, if it does.
    Busy(Option<Duration>),
    /// 500, 502 or 504; a gateway's answer may be repeated, a server's own error may not.
    Failing {
        /// 502 or 504.
        gateway: bool,
    },
    /// The connection ended before the answer was complete.
    Lost,
    /// No connection; nothing was sent.
    Unreachable {
        /// Whether trying again can help: a refused connection, but no name and no certificate.
        passing: bool,
    },
    /// No answer in time.
    Silent,
    /// Not sent or given up by us; says nothing about the server.
    Ours,
}

/// Why a job sends nothing more to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The credential was refused.
    Denied,
    /// A request was not answered in time.
    Silent,
    /// No connection could be made.
    Unreachable,
    /// A request failed as often as it is repeated, and none succeeded meanwhile.
    Failing,
    /// The server asks for a longer wait than is kept.
    RetryAfter(Duration),
    /// The job has used up its time.
    Deadline,
    /// The person stopped.
    Cancelled,
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Now.
    Go,
    /// After this time, or when another request has ended.
    Wait(Option<Duration>),
    /// Not in this job.
    Stop(Stop),
}

/// What follows the end of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Its answer counts.
    Done,
    /// It is sent again after this time.
    Again(Duration),
}

/// Whether the server answers in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaker {
    Closed,
    /// One request was not answered, and none since. Batches stop; a read may test the server, one at a time.
    Suspect {
        /// When the test was sent.
        tested: Option<Duration>,
    },
    /// The test was not answered either.
    Open,
}

/// When a request was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    /// This time.
    pub(crate) at: Duration,
    /// For the first time.
    pub(crate) first: Duration,
    /// How often, this time included.
    pub(crate) attempt: u32,
}

/// What is known about one server during one job.
#[derive(Debug, Clone)]
pub(crate) struct State {
    policy: Policy,
    limit: usize,
    in_flight: usize,
    slow_start: bool,
    window: Window,
    /// The lowest mean latency of a window so far.
    base: Option<Duration>,
    /// Failures of requests sent before this are the consequence of the same load.
    shrunk_at: Duration,
    paused_until: Duration,
    last_success: Option<Duration>,
    breaker: Breaker,
    stop: Option<Stop>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Window {
    count: u32,
    latency: Duration,
}

impl State {
    /// Nothing is known yet.
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            limit: policy.first,
            policy,
            in_flight: 0,
            slow_start: true,
            window: Window::default(),
            base: None,
            shrunk_at: Duration::ZERO,
            paused_until: Duration::ZERO,
            last_success: None,
            breaker: Breaker::Closed,
            stop: None,
        }
    }

    /// How many requests may be under way at once.
    #[cfg(test)]
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Asks to send a request; after [`Admission::Go`] it counts as under way until [`Self::finish`] or [`Self::abandon`].
    pub(crate) fn admit(&mut self, now: Duration, manner: Manner) -> Admission {
        if let Some(stop) = self.stopped(now, manner) {
            return Admission::Stop(stop);
        }
        if manner.batch && now < self.paused_until {
            return Admission::Wait(Some(self.paused_until.saturating_sub(now)));
        }
        if self.in_flight >= self.limit {
            return Admission::Wait(None);
        }
        if manner.reads
            && let Breaker::Suspect { tested } = &mut self.breaker
        {
            if tested.is_some() {
                return Admission::Wait(None);
            }
            *tested = Some(now);
        }
        self.in_flight += 1;
        Admission::Go
    }

    /// Why a request is not sent. A read of a batch that was stopped for want of an answer may still test the server: what
    /// became of the writes is found out that way.
    fn stopped(&self, now: Duration, manner: Manner) -> Option<Stop> {
        if self.breaker == Breaker::Open && manner.reads {
            return Some(Stop::Silent);
        }
        if !manner.batch || manner.reads {
            return None;
        }
        if let Some(stop) = self.stop {
            return Some(stop);
        }
        (now >= self.policy.deadline).then_some(Stop::Deadline)
    }

    /// A request that was under way ended without an observation.
    pub(crate) fn abandon(&mut self, sent_at: Duration) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Breaker::Suspect { tested } = &mut self.breaker
            && *tested == Some(sent_at)
        {
            *tested = None;
        }
    }

    /// Takes note of the end of a request. `random` is a number from 0 to 1.
    pub(crate) fn finish(
        &mut self,
        now: Duration,
        sent: Sent,
        manner: Manner,
        seen: Observation,
        random: f64,
    ) -> Next {
        self.trip(manner, sent, seen);
        self.abandon(sent.at);
        self.adapt(now, sent.at, seen);
        let Some(wait) = self.wait_after(sent.attempt, seen, random) else { return Next::Done };
        if let Observation::Busy(Some(asked)) = seen {
            if asked > self.policy.longest_retry_after {
                return self.give_up(manner, Stop::RetryAfter(asked));
            }
            self.paused_until = self.paused_until.max(now.saturating_add(wait));
        } else if manner.batch && !manner.repeats {
            // Whoever sent it looks before it is sent again, and waits for that as well.
            self.paused_until = self.paused_until.max(now.saturating_add(wait));
        }
        if now.saturating_add(wait) >= self.policy.deadline {
            return self.give_up(manner, Stop::Deadline);
        }
        if sent.attempt < self.policy.attempts {
            return if manner.repeats { Next::Again(wait) } else { Next::Done };
        }
        match seen {
            _ if self.answered_since(sent.first) => Next::Done,
            Observation::Unreachable { .. } => self.give_up(manner, Stop::Unreachable),
            _ => self.give_up(manner, Stop::Failing),
        }
    }

    fn answered_since(&self, then: Duration) -> bool {
        self.last_success.is_some_and(|at| at > then)
    }

    fn give_up(&mut self, manner: Manner, stop: Stop) -> Next {
        if manner.batch {
            self.stop.get_or_insert(stop);
        }
        Next::Done
    }

    /// How long to wait before the same request is sent again; `None` where that cannot help.
    fn wait_after(&self, attempt: u32, seen: Observation, random: f64) -> Option<Duration> {
        let jittered = || jittered(&self.policy, attempt, random);
        match seen {
            Observation::Busy(Some(asked)) => Some(asked.max(self.policy.shortest)),
            Observation::Busy(None)
            | Observation::Lost
            | Observation::Failing { gateway: true }
            | Observation::Unreachable { passing: true } => Some(jittered()),
            _ => None,
        }
    }

    /// What ends the job, and what opens and closes the circuit.
    fn trip(&mut self, manner: Manner, sent: Sent, seen: Observation) {
        let is_test = self.breaker == Breaker::Suspect { tested: Some(sent.at) };
        match seen {
            // A server that answered others meanwhile is slow, not silent.
            Observation::Silent if self.answered_since(sent.at) => {}
            Observation::Silent => {
                self.breaker = match self.breaker {
                    Breaker::Closed => Breaker::Suspect { tested: None },
                    Breaker::Suspect { .. } if is_test => Breaker::Open,
                    other => other,
                };
                self.give_up(manner, Stop::Silent);
            }
            Observation::Denied => {
                self.breaker = Breaker::Closed;
                self.give_up(manner, Stop::Denied);
            }
            Observation::Unreachable { passing: false } => {
                self.give_up(manner, Stop::Unreachable);
            }
            Observation::Answered | Observation::Busy(_) | Observation::Failing { .. } => {
                self.breaker = Breaker::Closed;
            }
            Observation::Lost | Observation::Unreachable { .. } | Observation::Ours => {}
        }
    }

    /// Grows the limit while latency holds, and halves it where the server is overloaded.
    fn adapt(&mut self, now: Duration, sent_at: Duration, seen: Observation) {
        match seen {
            Observation::Answered => {
                self.last_success = Some(now);
                self.window.count += 1;
                self.window.latency = self.window.latency.saturating_add(now.saturating_sub(sent_at));
                if self.window.count as usize >= self.limit {
                    self.close_window();
                }
            }
            Observation::Busy(_) | Observation::Failing { .. } | Observation::Lost | Observation::Silent => {
                // One overload fails many requests at once; it counts once.
                if sent_at >= self.shrunk_at {
                    self.limit = (self.limit / 2).max(1);
                    self.shrunk_at = now;
                    self.slow_start = false;
                    self.window = Window::default();
                }
            }
            Observation::Denied | Observation::Unreachable { .. } | Observation::Ours => {}
        }
    }

    fn close_window(&mut self) {
        let mean = self.window.latency / self.window.count.max(1);
        self.window = Window::default();
        let base = self.base.map_or(mean, |base| base.min(mean));
        self.base = Some(base);
        if mean <= base.saturating_mul(2).saturating_add(self.policy.slack) {
            let step = if self.slow_start { self.limit } else { 1 };
            self.limit = (self.limit + step).min(self.policy.most);
            return;
        }
        self.slow_start = false;
        if mean > base.saturating_mul(4).saturating_add(self.policy.slack) {
            self.limit = (self.limit - self.limit / 4).max(1);
        }
    }
}
