use super::super::groups::group;
use super::*;

fn denial(token: &str, team: &str) -> String {
    format!(
        r#"{{"startedDateTime":"2026-11-22T06:25:37.471Z","time":3.5,"request":{{"method":"GET","url":"https://g.test/api/cross-app/teams/{team}/sets","headers":[{{"name":"Authorization","value":"Bearer {token}"}}]}},"response":{{"status":403,"content":{{"text":"{{\"error\":\"Not a member of this team\"}}"}}}}}}"#
    )
}

fn token(seed: usize) -> String {
    format!("Aa{seed:0>62}")
}

#[test]
fn lines_are_counted_and_bad_ones_named() {
    let mut counter = Counter::new(By::Cause, "", Lang::En);
    for seed in 0..100 {
        counter
            .line(denial(&token(seed), "22d71a4a3697a1d674be910d93c3cae1").as_bytes(), seed as u64)
            .unwrap();
    }
    counter.line(b"", 100).unwrap();
    for (line, code) in [(&b"{"[..], "read.line"), (b"\xff", "read.line"), (b"{}", "read.entry")] {
        assert_eq!(counter.line(line, 101).unwrap_err().code, code);
    }
    let groups = counter.counts().groups(Lang::En);
    assert_eq!(groups.len(), 1);
    let one = &groups[0];
    assert_eq!((one.key.as_deref(), one.count, one.open), (Some("membership.unproven"), 100, 100));
}

#[test]
fn a_line_may_bring_its_evidence_along() {
    let token = token(7);
    let entry = denial(&token, "t1");
    let list = |path: &str, body: &str| {
        let body = body.replace('"', "\\\"");
        format!(
            r#"{{"startedDateTime":"2026-11-22T06:25:38Z","request":{{"method":"GET","url":"https://g.test{path}","headers":[{{"name":"Authorization","value":"Bearer {token}"}}]}},"response":{{"status":200,"content":{{"text":"{body}"}}}}}}"#
        )
    };
    let prism = list("/api/oauth/me/teams", r#"{"teams":[]}"#);
    let glint = list("/api/cross-app/me", r#"{"user":{"teams":[]}}"#);
    let line = format!(r#"{{"log":{{"entries":[{prism},{glint},{entry}]}}}}"#);
    let answers = explain(line.as_bytes(), 0, Lang::En).unwrap();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0].entry, Some(2));
    assert_eq!(answers[0].diagnosis.cause, "membership.not_member");
    let alone = explain(entry.as_bytes(), 0, Lang::En).unwrap();
    assert_eq!((alone[0].entry, alone[0].diagnosis.cause.as_str()), (None, "membership.unproven"));
}

#[test]
fn groups_are_the_same_however_they_were_counted() {
    let lines: Vec<String> = (0..50).map(|seed| denial(&token(seed), &format!("{seed:0>31}a"))).collect();
    let verdicts: Vec<_> = lines
        .iter()
        .flat_map(|line| explain(line.as_bytes(), 0, Lang::En).unwrap())
        .map(|answer| answer.verdict)
        .collect();
    for by in [By::Cause, By::Route, By::Consumer, By::Person] {
        for filter in ["", "403 member", "list_sets", "nothing of the kind"] {
            let mut halves = [Counter::new(by, filter, Lang::Zh), Counter::new(by, filter, Lang::Zh)];
            for (at, line) in lines.iter().enumerate() {
                halves[at % 2].line(line.as_bytes(), at as u64).unwrap();
            }
            let [one, other] = halves.map(Counter::counts);
            let mut counts = one;
            counts.merge(other);
            assert_eq!(counts.groups(Lang::Zh), group(&verdicts, by, filter, Lang::Zh), "{by:?} {filter}");
        }
    }
}
