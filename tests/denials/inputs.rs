//! The small inputs of the case folder, each for a kind of what people paste.

use crate::support::explain;
use scopes::diagnosis::read::{self, Hint, Read};
use scopes::diagnosis::{Certainty, Diagnosis, Known, diagnose, subjects};
use scopes::exchange::Exchange;
use scopes::lang::Lang;

fn input(name: &str) -> Read {
    let text = std::fs::read_to_string(tests::places::repository("tests/cases/inputs").join(name)).unwrap();
    read::read(&text, None, &Hint::default(), Lang::En)
}

fn exchanges(read: &Read) -> Vec<Exchange> {
    read.entries.iter().map(|entry| entry.exchange.clone()).collect()
}

fn told(answer: &Diagnosis) -> String {
    serde_json::to_string(answer).unwrap()
}

#[test]
fn a_token_answer_without_scopes_is_a_finding_and_the_reason_of_a_refusal() {
    let all = exchanges(&input("06-token-answer-empty-scope.har"));
    assert_eq!(subjects(&all), [0, 1]);
    let (token, refused) = (explain(&all, 0, Lang::En), explain(&all, 1, Lang::En));
    assert_eq!((token.cause.as_str(), token.certainty), ("oauth.scopes_narrowed", Certainty::Likely));
    assert_eq!(refused.cause, "scope.undetermined");
    assert_eq!(refused.because.map(scopes::diagnosis::Code::as_str), Some("oauth.scopes_narrowed"));
}

#[test]
fn scopes_joined_by_commas_are_split_and_the_url_is_corrected() {
    let all = exchanges(&input("11-authorize-scopes-with-commas.txt"));
    let answer = explain(&all, 0, Lang::En);
    assert_eq!((answer.cause.as_str(), answer.certainty), ("scope.misspelt", Certainty::Likely));
    let step = &answer.remedies[0].detail;
    assert!(
        step.contains("scope=openid+teams%3Aread+app%3Aprism_6wsjw653PfFYk7GOq6wuSQ%3Aread_todos&"),
        "{step}"
    );
}

#[test]
fn a_code_in_the_fragment_is_the_wrong_response_mode() {
    let answer = explain(&exchanges(&input("44c-callback-in-fragment.txt")), 0, Lang::En);
    assert_eq!(answer.cause, "oauth.invalid_request");
    assert!(told(&answer).contains("response mode"), "{}", told(&answer));
}

#[test]
fn two_redirect_uris_are_compared_and_the_difference_is_marked() {
    let answer = explain(&exchanges(&input("46-token-redirect-slash.har")), 1, Lang::En);
    assert_eq!((answer.cause.as_str(), answer.certainty), ("oauth.redirect_uri_mismatch", Certainty::Likely));
    let told = told(&answer);
    assert!(told.contains("«localhost:»") && told.contains("«127.0.0.1:»"), "{told}");
}

#[test]
fn a_copied_request_is_asked_for_its_answer() {
    let read = input("51b-copied-for-powershell.txt");
    assert!(read.entries.is_empty());
    assert_eq!(read.problems[0].code, "read.no_answer");
}

#[test]
fn text_that_is_said_to_be_base64_is_text() {
    let answer = explain(&exchanges(&input("54b-said-to-be-base64-but-is-text.har")), 0, Lang::En);
    assert_eq!(answer.cause, "scope.undetermined");
}

#[test]
fn a_recorder_that_removes_credentials_proves_no_missing_header() {
    for recorder in ["WebInspector", "some proxy"] {
        let path =
            tests::places::repository("tests/cases/inputs/58b-browser-har-without-authorization-401.har");
        let text = std::fs::read_to_string(path).unwrap().replace("WebInspector", recorder);
        let read = read::read(&text, None, &Hint::default(), Lang::En);
        assert_eq!(read.problems[0].code, "read.no_credentials", "{recorder}");
        let entry = &read.entries[0];
        let known = Known { headers_unknown: entry.headers_unknown, ..Known::default() };
        let answer = diagnose(&entry.exchange, &[], &known, Lang::En);
        assert_eq!((answer.cause.as_str(), answer.certainty), ("header.missing", Certainty::Possible));
        assert!(answer.headline.contains("does not show"), "{}", answer.headline);
    }
}

#[test]
fn a_cancelled_request_is_no_timeout_and_a_preflight_no_subject() {
    let all = exchanges(&input("60-preflight-pairs.har"));
    assert_eq!(subjects(&all), [1, 2]);
    let cancelled = explain(&all, 2, Lang::En);
    assert_eq!((cancelled.cause.as_str(), cancelled.certainty), ("reach.cancelled", Certainty::Proven));
}
