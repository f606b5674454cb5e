//! No secret leaves in any shape through any part of a shown exchange, and what explains a denial stays.
#![cfg(test)]

use proptest::prelude::*;
use scopes::exchange::{Exchange, ExchangeView, Request, Response, TransportFailure, view};

const OPAQUE: &str = "GzenrVIy91k-09A3XTX5K6_AkAlyG_ZdGe6s5c6KDRMdHh1QmSHx1ZDOx7oQgbuL";
const PAT: &str = "prism_pat_UR8BogdMIGeqxJ2Q6RcJlRK6nQTIvInmZvjZxn3fAbCdEfGhIjKlMnOpQrStUvWx";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IiLCJpYXQiOjF9.c2lnbmF0dXJl-_c2ln";
const CODE: &str = "ON3BVPp5UhV7SSbracPetXNO9hJQLFO-q-GyJLixTN0";
const SHORT: &str = "Hunter2x9";

/// Secret and the text that gives it away.
fn shapes() -> Vec<(&'static str, String)> {
    let with = |secret: &'static str, text: &str| (secret, text.replace('@', secret));
    vec![
        with(PAT, "@"),
        with(PAT, "see @, please"),
        with(PAT, "x%3D@%26y"),
        with(JWT, "@"),
        with(JWT, "a%20@"),
        with(OPAQUE, "@"),
        with(OPAQUE, "Bearer @"),
        with(CODE, "bearer @"),
        with(CODE, "Authorization: Bearer @"),
        with(CODE, "Bearer%20@"),
        with("cHJpc21fYTpTZWNyZXQtMTIz", "Basic @"),
        with(CODE, "code=@&state=s1"),
        with(CODE, "a=1&code_verifier=@"),
        with(SHORT, "client_secret=@&a=1"),
        with(SHORT, "password=@"),
        with(CODE, "refresh_token=@"),
        with(CODE, "{\"access_token\":\"@\"}"),
        with(SHORT, "{\"a\":[{\"client_secret\" : \"@\"}]}"),
        with(SHORT, "{\"clientSecret\":\"@\",\"n\":1}"),
        with(SHORT, "{\"password\":\"@"),
        with(CODE, "{\"id_token\":\"@"),
        with(CODE, "{\"inner\":\"{\\\"refresh_token\\\":\\\"@\\\",\\\"x\\\":1}\"}"),
        with(CODE, "{\"i\":\"{\\\\\\\"code\\\\\\\": \\\\\\\"@\\\\\\\"}\"}"),
        with(CODE, "{'token': '@'}"),
        with("73924618", "{\"totp\":73924618}"),
        with(CODE, "redirect=https%3A%2F%2Fapp.test%2Fcb%3Fcode%3D@%26state%3Ds1"),
        with(CODE, "to=https%253A%252F%252Fapp.test%253Fcode%253D@%2526x"),
        with(SHORT, "%7B%22client_secret%22%3A%22@%22%7D"),
        with(CODE, "https://app.test/cb?code=@#x"),
        with(CODE, "https://app.test/cb#access_token=@&token_type=Bearer"),
        (SHORT, format!("https://bob:{SHORT}@app.test/")),
        with(CODE, "X-Session-Token: @"),
        with(CODE, "client_secret: @"),
        with(SHORT, "<client_secret>@</client_secret>"),
        with(SHORT, "<input type='hidden' name=\"client_secret\" value=\"@\">"),
        with(SHORT, "--b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\n@\r\n--b--"),
    ]
}

fn call() -> Exchange {
    Exchange {
        request: Request {
            method: "GET".into(),
            url: "https://g.test/api/cross-app/me".into(),
            ..Request::default()
        },
        response: Some(Response { status: 403, ..Response::default() }),
        ..Exchange::default()
    }
}

type Sink = (&'static str, fn(&mut Exchange, &str));

fn answer(call: &mut Exchange) -> &mut Response {
    call.response.as_mut().unwrap()
}

const SINKS: [Sink; 11] = [
    ("path", |call, text| call.request.url.push_str(&format!("/{text}"))),
    ("query", |call, text| call.request.url.push_str(&format!("?x=1&{text}"))),
    ("fragment", |call, text| call.request.url.push_str(&format!("#{text}"))),
    ("request header", |call, text| call.request.headers.push(("X-Note".into(), text.into()))),
    ("request body", |call, text| call.request.body = Some(text.into())),
    ("location", |call, text| answer(call).headers.push(("Location".into(), text.into()))),
    ("body", |call, text| answer(call).body = Some(text.into())),
    ("body within text", |call, text| answer(call).body = Some(format!("It said\n{text}\nand ended."))),
    ("cut body", |call, text| {
        *answer(call) =
            Response { status: 200, body: Some(format!("[1,{text}")), truncated: true, headers: vec![] };
    }),
    ("failure", |call, text| {
        call.response = None;
        call.failure = Some((TransportFailure::Other, text.into()));
    }),
    ("all at once", |call, text| {
        call.request.headers.push(("Cookie".into(), text.into()));
        call.request.body = Some(text.into());
        answer(call).body = Some(text.into());
    }),
];

fn shown(view: &ExchangeView) -> String {
    serde_json::to_string(view).unwrap()
}

#[test]
fn every_shape_is_hidden_in_every_part() {
    let mut leaks = Vec::new();
    for (secret, text) in shapes() {
        for (name, put) in SINKS {
            let mut call = call();
            put(&mut call, &text);
            let seen = shown(&view(&call));
            if seen.contains(secret) {
                leaks.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// A secret named once is hidden in every other part, too, however it is written there.
#[test]
fn a_known_secret_is_hidden_where_nothing_names_it() {
    let secret = "aZ9+/ü\"x&y=q";
    let json = serde_json::to_string(secret).unwrap();
    let form: String = url_encoded(secret);
    let sources: [fn(&mut Exchange, &str, &str); 3] = [
        |call, _, json| call.request.body = Some(format!("{{\"client_secret\":{json}}}")),
        |call, form, _| call.request.body = Some(format!("client_secret={form}")),
        |call, form, _| call.request.url.push_str(&format!("?client_secret={form}")),
    ];
    for source in sources {
        for written in [secret, json.trim_matches('"'), form.as_str()] {
            let mut call = call();
            source(&mut call, &form, &json);
            call.request.headers.push(("X-Echo".into(), written.into()));
            answer(&mut call).body = Some(format!("no {written} here"));
            let seen = view(&call);
            let shown = &seen.request_headers[0].value;
            assert!(shown.starts_with("‹client secret ") && shown.ends_with('›'), "{shown}");
            assert_eq!(seen.body, Some(format!("no {shown} here")));
        }
    }
}

fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn marks_that_are_not_ours_hide_nothing() {
    let secret = "Zq8vT2mWk4Lx7Rb1Yc9Nd3Hs";
    for text in [
        format!("password=‹password {secret}›"),
        format!("‹access token {secret}›"),
        format!(r#"{{"client_secret":"‹secret {secret}›"}}"#),
        format!("Authorization: Bearer ‹access token {secret}›"),
    ] {
        for (name, put) in SINKS {
            let mut call = call();
            put(&mut call, &text);
            assert!(!shown(&view(&call)).contains(secret), "{name}: {text}");
        }
    }
}

#[test]
fn what_explains_a_denial_stays_readable() {
    let app = "app:prism_6wsjw653PfFYk7GOq6wuSQ:read_todos";
    for text in [
        r#"{"error":"Missing required scope for this action","required":["read_todos","write_todos"]}"#,
        r#"{"error":"invalid_grant","error_description":"Code expired"}"#,
        r#"{"error":"invalid_token"}"#,
        r#"{"error":"Token inactive or expired"}"#,
        r#"{"error":"code_verifier required"}"#,
        r#"{"code":"not_found","token":"expired","secret":"missing"}"#,
        r#"{"code":"ERR_404","message":"InvalidGrant"}"#,
        r#"{"code":404,"token_type":"Bearer","expires_in":3600}"#,
        r#"{"response_types_supported":["code"],"grant_types_supported":["authorization_code","refresh_token"]}"#,
        r#"{"token_endpoint":"https://prism.test/api/oauth/token"}"#,
        r#"{"active":true,"sub":"26b5cfd9f29adc7f5f83db02acd53ba0","exp":1795324648}"#,
        "grant_type=password&scope=profile+teams%3Aread",
        "response_type=code&code_challenge=t-_D02B4tYMmp1IyygZXqg-s5qNyCdB2JeGWSZi32EI&code_challenge_method=S256",
        "Bearer token missing",
        "The token: expired. The code: unknown.",
        "error=access_denied&state=s16414a7c",
        r#"{"state":"completed","signature":"invalid","credentials":"required","pass":false,"csrf":"missing"}"#,
        r#"{"hasPin":"yes","require_otp":true,"error_code":"E1234567","statement":"x","bypass":"allowed"}"#,
        r#"{"credentials":"include","mode":"cors","pass":12,"fail":3}"#,
        r#"{"required":["password","email"],"fields":["username","email","password","role"]}"#,
        r#"{"type":"password","message":"Password must be at least 8 characters"}"#,
        r#"{"grant_type":"password","error":"unsupported_grant_type"}"#,
        "<label>Password</label> <a href=\"/reset\">Forgotten?</a>",
        "<tr><th>Password</th><th>Email</th></tr>",
        "password:\n  type: string\n  minLength: 8\n",
        "The signature is invalid. Your credentials are wrong.",
        "0b2d5a0e-3c1f-4d6e-9a55-7f7d0f3b1c11",
        app,
    ] {
        let mut call = call();
        call.request.body = Some(text.into());
        answer(&mut call).body = Some(text.into());
        let seen = view(&call);
        assert_eq!(seen.body.as_deref(), Some(text));
        assert_eq!(seen.request_body.as_deref(), Some(text));
    }
}

#[test]
fn a_copied_command_runs_as_it_reads() {
    let mut call = call();
    call.request.method = "GET; rm -rf ~".into();
    call.request.url = "-o/tmp/x".into();
    call.request.headers = vec![
        ("X-Session-Token".into(), JWT.into()),
        ("Authorization".into(), format!("`id` {OPAQUE}")),
        ("@/etc/passwd".into(), "x".into()),
        ("X-A".into(), "$(id) 'b'".into()),
    ];
    let curl = view(&call).curl;
    let lines: Vec<&str> = curl.lines().collect();
    assert_eq!(lines[0], "curl -X 'GET; rm -rf ~' --url '-o/tmp/x' \\");
    assert_eq!(lines[1], "  -H \"X-Session-Token: $TOKEN\" \\");
    assert_eq!(lines[2], "  -H \"Authorization: $TOKEN\" \\");
    assert_eq!(lines[3], "  -H 'X-A: $(id) '\\''b'\\'''");
    assert_eq!(lines.len(), 4);
}

fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{20,70}".prop_filter("mixed", |text| {
        text.bytes().any(|b| b.is_ascii_digit())
            && text.bytes().any(|b| b.is_ascii_lowercase())
            && text.bytes().any(|b| b.is_ascii_uppercase())
    })
}

proptest! {
    #[test]
    fn any_text_is_shown_without_a_panic_and_once_more_unchanged(text in "\\PC{0,80}|[\"'&=%:{}<>\\\\‹› a-z_]{0,60}", put in 0..SINKS.len()) {
        let mut call = call();
        SINKS[put].1(&mut call, &text);
        let first = view(&call);
        // What was shown may be read again (a saved archive) and shows the same.
        call.request.body = first.request_body.clone();
        if let (Some(answer), Some(body)) = (&mut call.response, &first.body) {
            answer.body = Some(body.clone());
        }
        call.request.url = first.url.clone();
        let second = view(&call);
        prop_assert_eq!(&second.request_body, &first.request_body);
        prop_assert_eq!(&second.body, &first.body);
        prop_assert_eq!(&second.url, &first.url);
    }

    #[test]
    fn a_token_of_the_header_is_nowhere(token in secret(), before in "[ -~]{0,12}", after in "[ -~]{0,12}") {
        let mut call = call();
        call.request.headers.push(("Authorization".into(), format!("Bearer {token}")));
        call.request.url.push_str(&format!("/{before}{token}{after}"));
        call.request.body = Some(format!("{before}{token}{after}"));
        answer(&mut call).body = Some(format!("{{\"x\":\"{before}{token}{after}\"}}"));
        let seen = shown(&view(&call));
        prop_assert!(!seen.contains(&token), "{}", seen);
    }

    #[test]
    fn equal_values_show_alike_and_others_differ(one in secret(), other in secret()) {
        let show = |token: &str| {
            let mut call = call();
            call.request.body = Some(format!("token={token}"));
            view(&call).request_body.unwrap()
        };
        prop_assert_eq!(show(&one), show(&one));
        prop_assert_eq!(show(&one) == show(&other), one == other);
    }
}
