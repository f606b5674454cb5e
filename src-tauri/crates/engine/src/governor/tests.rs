use super::backoff::{Policy, jittered, retry_after};
use super::state::{Admission, Manner, Next, Observation, Sent, State, Stop};
use proptest::prelude::*;
use scopes::exchange::{Exchange, Response};
use std::time::Duration;

const SINGLE: Manner = Manner { batch: false, repeats: false, reads: false };

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn first(at: Duration) -> Sent {
    Sent { at, first: at, attempt: 1 }
}

/// Sends `count` requests, one after the other, each answered after the same time.
fn answered(state: &mut State, now: &mut Duration, latency: Duration, count: usize) {
    for _ in 0..count {
        assert_eq!(state.admit(*now, Manner::IDEMPOTENT), Admission::Go);
        let sent = first(*now);
        *now += latency;
        state.finish(*now, sent, Manner::IDEMPOTENT, Observation::Answered, 0.5);
    }
}

#[test]
fn concurrency_doubles_while_latency_holds_and_is_halved_once_by_one_overload() {
    let (mut state, mut now) = (State::new(Policy::default()), ms(1));
    let mut limits = vec![state.limit()];
    for _ in 0..4 {
        let window = state.limit();
        answered(&mut state, &mut now, ms(40), window);
        limits.push(state.limit());
    }
    assert_eq!(limits, [4, 8, 16, 32, 32]);
    let sent: Vec<Sent> = (0..8)
        .map(|_| {
            assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Go);
            first(now)
        })
        .collect();
    now += ms(5);
    for sent in sent {
        state.finish(now, sent, Manner::IDEMPOTENT, Observation::Busy(None), 0.5);
    }
    assert_eq!(state.limit(), 16, "eight refusals at once are one overload");
}

#[test]
fn concurrency_stops_growing_where_answers_become_slow_and_shrinks_where_they_become_very_slow() {
    let (mut state, mut now) = (State::new(Policy::default()), ms(1));
    answered(&mut state, &mut now, ms(40), 4);
    assert_eq!(state.limit(), 8);
    answered(&mut state, &mut now, ms(150), 8);
    assert_eq!(state.limit(), 8);
    answered(&mut state, &mut now, ms(400), 8);
    assert_eq!(state.limit(), 6);
}

#[test]
fn a_server_that_never_answers_costs_one_time_out_and_one_test() {
    let (mut state, now) = (State::new(Policy::default()), ms(1));
    let mut sent = Vec::new();
    while state.admit(now, Manner::IDEMPOTENT) == Admission::Go {
        sent.push(first(now));
    }
    assert_eq!(sent.len(), 4);
    let later = now + ms(10_000);
    for sent in sent {
        assert_eq!(state.finish(later, sent, Manner::IDEMPOTENT, Observation::Silent, 0.5), Next::Done);
    }
    assert_eq!(state.admit(later, Manner::IDEMPOTENT), Admission::Stop(Stop::Silent));
    // One read tests the server; another waits for what comes of it.
    assert_eq!(state.admit(later, Manner::READ_BACK), Admission::Go);
    assert_eq!(state.admit(later, Manner::READ_BACK), Admission::Wait(None));
    state.finish(later + ms(10_000), first(later), Manner::READ_BACK, Observation::Silent, 0.5);
    assert_eq!(state.admit(later + ms(10_001), Manner::READ_BACK), Admission::Stop(Stop::Silent));
    assert_eq!(state.admit(later + ms(10_001), SINGLE), Admission::Go, "what a person asks for is sent");
}

#[test]
fn a_server_that_answers_others_meanwhile_is_slow_not_silent() {
    let (mut state, now) = (State::new(Policy::default()), ms(1));
    for _ in 0..2 {
        assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Go);
    }
    state.finish(now + ms(50), first(now), Manner::IDEMPOTENT, Observation::Answered, 0.5);
    state.finish(now + ms(10_000), first(now), Manner::IDEMPOTENT, Observation::Silent, 0.5);
    assert_eq!(state.admit(now + ms(10_000), Manner::IDEMPOTENT), Admission::Go);
}

#[test]
fn an_answered_test_closes_the_circuit_and_the_batch_stays_stopped() {
    let (mut state, now) = (State::new(Policy::default()), ms(1));
    assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Go);
    state.finish(now + ms(10_000), first(now), Manner::IDEMPOTENT, Observation::Silent, 0.5);
    let later = now + ms(10_001);
    assert_eq!(state.admit(later, Manner::READ_BACK), Admission::Go);
    state.finish(later + ms(5), first(later), Manner::READ_BACK, Observation::Answered, 0.5);
    assert_eq!(state.admit(later + ms(6), Manner::READ_BACK), Admission::Go);
    assert_eq!(state.admit(later + ms(6), Manner::IDEMPOTENT), Admission::Stop(Stop::Silent));
}

#[test]
fn the_first_refused_credential_stops_the_batch() {
    let (mut state, now) = (State::new(Policy::default()), ms(1));
    assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Go);
    assert_eq!(state.finish(now, first(now), Manner::IDEMPOTENT, Observation::Denied, 0.5), Next::Done);
    assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Stop(Stop::Denied));
    // Reads of other identities and single requests go on.
    assert_eq!(state.admit(now, SINGLE), Admission::Go);
}

#[test]
fn a_wait_the_server_asks_for_pauses_the_batch_up_to_the_limit() {
    let policy = Policy::default();
    let mut state = State::new(policy);
    assert_eq!(state.admit(ms(0), Manner::IDEMPOTENT), Admission::Go);
    let asked = Observation::Busy(Some(ms(7_000)));
    let next = state.finish(ms(10), first(ms(0)), Manner::IDEMPOTENT, asked, 0.5);
    assert_eq!(next, Next::Again(ms(7_000)));
    assert_eq!(state.admit(ms(10), Manner::IDEMPOTENT), Admission::Wait(Some(ms(7_000))));
    assert_eq!(state.admit(ms(7_010), Manner::IDEMPOTENT), Admission::Go);
    let too_long = policy.longest_retry_after + ms(1_000);
    let asked = Observation::Busy(Some(too_long));
    let next = state.finish(ms(7_020), first(ms(7_010)), Manner::IDEMPOTENT, asked, 0.5);
    assert_eq!(next, Next::Done);
    assert_eq!(state.admit(ms(7_020), Manner::IDEMPOTENT), Admission::Stop(Stop::RetryAfter(too_long)));
}

#[test]
fn a_request_that_fails_as_often_as_it_is_sent_stops_the_batch_unless_others_succeed() {
    for (other_succeeds, stopped) in [(false, true), (true, false)] {
        let mut state = State::new(Policy::default());
        let mut now = ms(1);
        let first = now;
        for attempt in 1..=3 {
            assert_eq!(state.admit(now, Manner::IDEMPOTENT), Admission::Go);
            let sent = Sent { at: now, first, attempt };
            now += ms(5);
            if other_succeeds && attempt == 2 {
                answered(&mut state, &mut now, ms(5), 1);
            }
            let seen = Observation::Failing { gateway: true };
            let next = state.finish(now, sent, Manner::IDEMPOTENT, seen, 0.5);
            assert_eq!(next == Next::Done, attempt == 3);
            now += ms(10_000);
        }
        let stop = Admission::Stop(Stop::Failing);
        assert_eq!(state.admit(now, Manner::IDEMPOTENT) == stop, stopped);
    }
}

#[test]
fn a_job_past_its_deadline_sends_nothing_more() {
    let policy = Policy::default();
    let mut state = State::new(policy);
    assert_eq!(state.admit(policy.deadline - ms(1), Manner::IDEMPOTENT), Admission::Go);
    assert_eq!(state.admit(policy.deadline, Manner::IDEMPOTENT), Admission::Stop(Stop::Deadline));
    assert_eq!(state.admit(policy.deadline, Manner::READ_BACK), Admission::Go, "it is still read back");
}

#[test]
fn the_wait_is_read_in_seconds_and_as_a_date() {
    let asked = |headers: &[(&str, &str)], now_ms: i64| {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let response = Some(Response { status: 429, headers, ..Response::default() });
        retry_after(&Exchange { response, ..Exchange::default() }, now_ms)
    };
    let date = ("Date", "Mon, 30 Nov 2026 10:00:00 GMT");
    let until = "Mon, 30 Nov 2026 10:00:20 GMT";
    assert_eq!(asked(&[("Retry-After", "7")], 0), Some(ms(7_000)));
    assert_eq!(asked(&[("retry-after", until), date], 0), Some(ms(20_000)), "by the server's own clock");
    assert_eq!(asked(&[("retry-after", until)], 1_796_032_815_000), Some(ms(5_000)), "else by ours");
    assert_eq!(asked(&[("retry-after", until)], 1_796_099_999_000), Some(ms(0)), "a date that has passed");
    assert_eq!(asked(&[("retry-after", "99999999999999999999999")], 0), Some(Duration::from_secs(u64::MAX)));
    for odd in ["", "-5", "soon", "1.5"] {
        assert_eq!(asked(&[("retry-after", odd)], 0), None, "{odd}");
    }
    assert_eq!(asked(&[], 0), None);
}

fn observation() -> impl Strategy<Value = Observation> {
    prop_oneof![
        6 => Just(Observation::Answered),
        1 => Just(Observation::Denied),
        1 => (0_u64..60).prop_map(|s| Observation::Busy(Some(Duration::from_secs(s)))),
        1 => Just(Observation::Busy(None)),
        1 => any::<bool>().prop_map(|gateway| Observation::Failing { gateway }),
        1 => Just(Observation::Lost),
        1 => any::<bool>().prop_map(|passing| Observation::Unreachable { passing }),
        1 => Just(Observation::Silent),
        1 => Just(Observation::Ours),
    ]
}

fn manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        4 => Just(Manner::IDEMPOTENT),
        1 => Just(Manner::WITH_A_LOOK),
        1 => Just(Manner::READ_BACK),
        1 => Just(SINGLE),
    ]
}

proptest! {
    /// Whatever servers do: the limits hold, nothing of a batch is sent after a stop, and no wait is shorter or longer
    /// than stated.
    #[test]
    fn the_rules_hold_for_any_sequence_of_observations(
        steps in prop::collection::vec((manner(), observation(), 0_u64..2_000, 0.0_f64..=1.0, any::<bool>()), 1..200),
    ) {
        let policy = Policy::default();
        let mut state = State::new(policy);
        let mut now = ms(0);
        let mut in_flight: Vec<(Manner, Sent)> = Vec::new();
        let mut stopped = false;
        for (manner, seen, passed, random, end) in steps {
            now += ms(passed);
            match state.admit(now, manner) {
                Admission::Go => {
                    in_flight.push((manner, first(now)));
                    prop_assert!(!(stopped && manner.batch && !manner.reads), "sent after a stop");
                }
                Admission::Stop(_) => stopped |= manner.batch && !manner.reads,
                Admission::Wait(Some(wait)) => {
                    prop_assert!(wait <= policy.longest_retry_after.max(policy.longest), "{wait:?}");
                }
                Admission::Wait(None) => prop_assert!(!in_flight.is_empty(), "nothing is under way to wait for"),
            }
            if end && let Some((manner, sent)) = in_flight.pop() {
                match state.finish(now, sent, manner, seen, random) {
                    Next::Again(wait) => {
                        prop_assert!(manner.repeats && sent.attempt < policy.attempts);
                        let longest = policy.longest.max(policy.longest_retry_after);
                        prop_assert!(wait >= policy.shortest && wait <= longest, "{wait:?}");
                    }
                    Next::Done => {}
                }
                if seen == Observation::Denied && manner.batch {
                    let admitted = state.clone().admit(now, Manner::IDEMPOTENT);
                    prop_assert!(matches!(admitted, Admission::Stop(_)), "{admitted:?}");
                }
            }
            prop_assert!((1..=policy.most).contains(&state.limit()));
        }
        prop_assert!(in_flight.len() <= policy.most);
    }

    /// Full jitter never falls within milliseconds, and never beyond the longest wait.
    #[test]
    fn back_off_is_bounded(attempt in 0_u32..100, random in -1.0_f64..2.0) {
        let policy = Policy::default();
        let wait = jittered(&policy, attempt, random);
        prop_assert!(wait >= policy.shortest && wait <= policy.longest, "{wait:?}");
    }
}
