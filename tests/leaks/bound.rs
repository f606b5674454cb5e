//! Names of several words in every place of a call, random values under names with other uses, and values that are bound
//! to their names by pairs, markup and layout.

use super::{BY_NAME, PLAIN, Planted, base};
use serde_json::{Value, json};

/// Names of headers, parameters and members.
const NAMES: [&str; 26] = [
    "X-Otp",
    "X-TOTP",
    "X-OTP-Code",
    "X-MFA-Code",
    "X-PIN",
    "X-Pass",
    "X-Credential",
    "X-Credentials",
    "X-Recovery-Code",
    "X-密码",
    "X-驗證碼",
    "X-Contraseña",
    "X-Şifre",
    "X-ПАРОЛЬ",
    "mfaPin",
    "backup_pin",
    "password2",
    "passwordConfirmation",
    "X-One-Time-Code",
    "X-2FA-Code",
    "X-MFA",
    "session_key",
    "security_answer",
    "csrf-token",
    "PW",
    "JSESSIONID",
];

/// Random values that are too short to be known by their form alone.
const RANDOM: [&str; 3] = ["kQzPwxYtRbNmLcVd", "x8k2j4h6q9z1m3n5", "9f86d081884c7d659a2feaa0c55ad015"];

/// Parts of an address that hold them; `@` stands for the value.
const ADDRESSES: [&str; 11] = [
    "?state=@",
    "?a=1&nonce=@",
    "?oauth_nonce=@",
    "?RelayState=@",
    "?hmac=@",
    "?X-Amz-Signature=@&X-Amz-Date=20260101T000000Z",
    "?Signature=@",
    "?X-Amz-Credential=@%2F20260101%2Feu%2Fs3%2Faws4_request",
    ";jsessionid=@",
    ";jsessionid=@?page=2",
    "#state=@",
];
const HEADERS: [(&str, &str); 6] = [
    ("X-Signature", "@"),
    ("X-Hub-Signature-256", "sha256=@"),
    ("DPoP", "@"),
    ("X-Key", "@"),
    ("X-CSRF", "@"),
    ("Session", "@"),
];

/// Answers; `@` stands for the secret.
const ANSWERS: &[(&str, &str)] = &[
    ("capital members", r#"{"error":"x","f":[{"Name":"Password","Value":"@"}]}"#),
    ("upper-case members", r#"{"error":"x","f":[{"VALUE":"@","KEY":"DB_PASSWORD"}]}"#),
    ("kind of an input", r#"{"error":"x","f":[{"type":"password","id":"i7","text":"@"}]}"#),
    ("kind of an input, value first", r#"{"error":"x","f":[{"value":"@","type":"password"}]}"#),
    ("bare keys", "{ error: 'x', f: [{ name: 'password', value: '@' }] }"),
    ("flat list", r#"{"error":"x","f":["user","mia","password","@"]}"#),
    ("flat list, blanks", r#"{"error":"x","f":[ "user", "mia", "totp_code", "@" ]}"#),
    ("input by its type", "<html><input value='@' type=password></html>"),
    ("input by its type, type first", "<html><input type=\"password\" value=\"@\"></html>"),
    ("entry", "<properties><entry key=\"password\">@</entry></properties>"),
    ("setting", "<configuration><add key=\"Password\" value=\"@\"/></configuration>"),
    ("meta, content first", "<html><meta content=\"@\" name=\"csrf-token\"></html>"),
    ("cells", "<html><table><tr><td>Password</td><td>@</td></tr></table></html>"),
    ("cells with head", "<html><tr>\n<th>Password:</th>\n<td class=\"v\"><code>@</code></td></tr></html>"),
    ("definition", "<html><dl><dt>Client secret</dt><dd>@</dd></dl></html>"),
    ("Markdown table", "| name | value |\n|---|---|\n| password | @ |\n"),
    ("YAML block", "error: x\npassword: |\n  @\n"),
    ("YAML folded block", "error: x\nlogin:\n  password: >-\n    @\n  user: mia\n"),
    ("YAML line below", "error: x\npassword:\n  @\n"),
    ("YAML block of a pair", "env:\n  - name: DB_PASSWORD\n    value: |\n      @\n"),
    ("YAML value first", "env:\n  - value: @\n    name: DB_PASSWORD\n"),
    ("YAML block in JSON", r#"{"error":"password: |\n  @\n"}"#),
    ("extended parameter", "--b\r\nContent-Disposition: form-data; name*=utf-8''password\r\n\r\n@\r\n--b--"),
    ("elements", "<param><name>password</name><value>@</value></param>"),
    ("property list", "<plist><key>password</key><string>@</string></plist>"),
    ("attribute of its own element", "<r><password value=\"@\"/></r>"),
    ("CDATA by attribute", "<r><field name=\"password\"><![CDATA[@]]></field></r>"),
    ("autocomplete", "<html><input autocomplete=\"current-password\" value=\"@\"></html>"),
    ("cell with a colon", "<html><tr><td>PW:</td><td>@</td></tr></html>"),
    ("list of values", r#"{"error":"x","f":[{"name":"password","values":["@"]}]}"#),
    ("bold", "**Password:** @\n"),
    ("assignment", "password := \"@\"\n"),
    ("call", "client.setPassword('@')"),
    ("dump", "Array\n(\n    [password] => @\n)\n"),
    ("open quote", "error: x\npassword: '@\n"),
    ("dash", r#"{"error":"пароль — @"}"#),
    ("lautet", r#"{"error":"Das Passwort lautet @"}"#),
    ("heißt", r#"{"error":"Das Kennwort heißt @."}"#),
    ("PW", r#"{"error":"PW: @"}"#),
    ("PW in a line", "user: mia\nPW: @\n"),
    ("full-width sign", r#"{"error":"PW：@"}"#),
];

/// Broken JSON, of which the terminal shows the place of the error.
const BROKEN: [&str; 10] = [
    "{\"log\": {'password': '@',, }}",
    "{\"password\": '@'}",
    "{\"password\": @}",
    "{\"a\": 1, \"password\": @, \"b\": 2}",
    "{'password': @}",
    "{password: '@'}",
    "{password: @}",
    "{\"password\" \"@\"}",
    "{\"password\" = \"@\"}",
    "{\"log\": {\"entries\": [{\"password\": `@`}]}",
];

fn call(har: &mut Value) -> &mut Value {
    &mut har["log"]["entries"][0]
}

fn header(owner: &mut Value, name: &str, value: &str) {
    owner["headers"].as_array_mut().unwrap().push(json!({ "name": name, "value": value }));
}

fn with(name: String, secret: &str, plant: impl FnOnce(&mut Value)) -> Planted {
    let mut har = base();
    plant(&mut har);
    Planted { name, text: har.to_string(), secrets: vec![secret.to_owned()] }
}

fn answered(har: &mut Value, body: &str) {
    call(har)["response"]["content"]["text"] = json!(body);
}

fn append(har: &mut Value, part: &str) {
    let url = format!("{}{part}", call(har)["request"]["url"].as_str().unwrap());
    call(har)["request"]["url"] = json!(url);
}

/// A name in every place, with a password that looks like a word.
fn places(name: &str) -> [Planted; 6] {
    let named = |place: &str| format!("{name} as {place}");
    [
        with(named("header sent"), PLAIN, |har| header(&mut call(har)["request"], name, PLAIN)),
        with(named("header answered"), PLAIN, |har| header(&mut call(har)["response"], name, PLAIN)),
        with(named("parameter"), PLAIN, |har| append(har, &format!("?a=1&{name}={PLAIN}&b=2"))),
        with(named("member"), PLAIN, |har| answered(har, &json!({ "error": "x", name: PLAIN }).to_string())),
        with(named("pair"), PLAIN, |har| {
            answered(har, &json!({ "error": "x", "f": [{ "name": name, "value": PLAIN }] }).to_string());
        }),
        with(named("form"), PLAIN, |har| {
            call(har)["request"]["postData"] = json!({
                "mimeType": "application/x-www-form-urlencoded", "text": format!("a=1&{name}={PLAIN}"),
            });
        }),
    ]
}

pub(super) fn planted() -> Vec<Planted> {
    let mut all: Vec<Planted> = NAMES.into_iter().flat_map(places).collect();
    for secret in RANDOM {
        for part in ADDRESSES {
            let part = part.replace('@', secret);
            all.push(with(format!("address{part}"), secret, |har| append(har, &part)));
            let there = format!("https://app.example.com/cb{part}");
            all.push(with(format!("location{part}"), secret, |har| {
                header(&mut call(har)["response"], "Location", &there);
            }));
        }
        for (name, value) in HEADERS {
            let value = value.replace('@', secret);
            all.push(with(format!("{name}: {value}"), secret, |har| {
                header(&mut call(har)["request"], name, &value);
            }));
        }
    }
    for secret in [PLAIN, BY_NAME] {
        for (corner, body) in ANSWERS {
            let body = body.replace('@', secret);
            all.push(with(format!("{corner}: {secret}"), secret, |har| answered(har, &body)));
        }
        for text in BROKEN {
            let text = text.replace('@', secret);
            all.push(Planted { name: text.clone(), text, secrets: vec![secret.to_owned()] });
        }
    }
    all
}
