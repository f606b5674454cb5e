//! Ways to write a name with its secret, in bodies of archives and in pasted texts.

use super::{BY_FORM, BY_NAME, Planted, base};
use serde_json::json;

/// `@` stands for the secret.
const NAMED: [(&str, &str); 40] = [
    ("member", r#"{"error":"x","password":"@"}"#),
    ("name and value", r#"{"error":"x","f":[{"name":"password","value":"@"}]}"#),
    ("value and name", r#"{"error":"x","f":[{"value":"@","name":"client_secret"}]}"#),
    ("key and value", r#"{"error":"x","env":[{"key":"DB_PASSWORD","value":"@"}]}"#),
    ("list", r#"{"error":"x","f":["password","@"]}"#),
    ("passphrase", r#"{"error":"x","passphrase":"@"}"#),
    ("pwd", r#"{"error":"x","pwd":"@"}"#),
    ("otp", r#"{"error":"x","otp":"@"}"#),
    ("private key", r#"{"error":"x","private_key":"@"}"#),
    ("webhook secret", r#"{"error":"x","webhook_secret":"@"}"#),
    ("secretKey", r#"{"error":"x","secretKey":"@"}"#),
    ("apiKey", r#"{"error":"x","apiKey":"@"}"#),
    ("signing key", r#"{"error":"x","signing-key":"@"}"#),
    ("session id", r#"{"error":"x","sessionId":"@"}"#),
    ("recovery code", r#"{"error":"x","recovery_code":"@"}"#),
    ("connection string", r#"{"error":"x","connection_string":"@"}"#),
    ("database address", r#"{"error":"cannot reach postgres://app:@@db.example.com/x"}"#),
    ("ADO connection", r#"{"error":"Server=db;User Id=app;Password=@;Pooling=true"}"#),
    ("storage account", r#"{"error":"AccountName=a;AccountKey=@;"}"#),
    ("JSON in JSON", r#"{"error":"x","d":"{\"password\":\"@\"}"}"#),
    ("JSON in JSON in JSON", r#"{"error":"x","d":"{\"e\":\"{\\\"password\\\":\\\"@\\\"}\"}"}"#),
    ("single quotes", "{'password': '@'}"),
    ("form", "a=1&password=@"),
    ("form in a form", "next=%3Fpassword%3D@%26a%3D1"),
    ("form escaped twice", "next=%253Fpassword%253D@%2526a%253D1"),
    ("multipart", "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n@\r\n--b--"),
    ("multipart without quotes", "--b\r\nContent-Disposition: form-data; name=password\r\n\r\n@\r\n--b--"),
    ("element", "<r><password>@</password></r>"),
    ("input", "<html><input type=\"hidden\" name=\"client_secret\" value=\"@\"></html>"),
    ("input, value first", "<html><input value=\"@\" type=\"hidden\" name=\"client_secret\"></html>"),
    ("input without quotes", "<html><input name=client_secret value=@></html>"),
    ("text area", "<html><textarea name=\"private_key\">@</textarea></html>"),
    ("meta", "<html><meta name=\"csrf-token\" content=\"@\"></html>"),
    ("references", "<html><p>{&quot;password&quot;:&quot;@&quot;}</p></html>"),
    ("YAML", "error: x\npassword: @\n"),
    ("YAML environment", "env:\n  - name: DB_PASSWORD\n    value: @\n"),
    ("shell", "export DB_PASSWORD=@ && run"),
    ("signature", "/files/x?sig=@&e=1"),
    ("key parameter", "/files/x?key=@"),
    ("session parameter", "/files/x?sid=@"),
];

/// Forms that hold a secret of their own.
const OWN: [(&str, &str, &str); 6] = [
    (
        "PEM",
        r#"{"error":"-----BEGIN PRIVATE KEY-----\nMIIEvKanarieQIBADANBgkqhkiG\n9w0BAQEFAASCBKc\n-----END PRIVATE KEY-----"}"#,
        "MIIEvKanarieQIBADANBgkqhkiG",
    ),
    (
        "cut off PEM",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEvKanarieQIBADANBgkqhkiG",
        "MIIEvKanarieQIBADANBgkqhkiG",
    ),
    ("AWS key id", r#"{"error":"no such key AKIAQYLPMN5HKANARIE2"}"#, "AKIAQYLPMN5HKANARIE2"),
    (
        "AWS secret",
        r#"{"error":"no such key 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"}"#,
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYKANARIEKEY",
    ),
    ("Stripe", r#"{"error":"no such key sk_live_KanarieQIBADANBg"}"#, "sk_live_KanarieQIBADANBg"),
    (
        "age",
        r#"{"error":"AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"}"#,
        "AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    ),
];

/// What people paste instead of an archive.
const PASTED: [(&str, &str); 10] = [
    (
        "curl",
        "curl -i https://glint.example.com/api/cross-app/me -H 'Authorization: Bearer @'\nHTTP/2 401\n\n{\"error\":\"Unauthorized\"}",
    ),
    (
        "curl with user",
        "curl -u app:@ https://prism.example.com/api/oauth/token -d grant_type=client_credentials\nHTTP/2 401\n\n{\"error\":\"invalid_client\"}",
    ),
    (
        "curl with cookie",
        "curl -b 's=@' https://glint.example.com/api/cross-app/me\nHTTP/2 401\n\n{\"error\":\"Unauthorized\"}",
    ),
    (
        "curl in the address",
        "curl https://glint.example.com/api/cross-app/me?access_token=@\nHTTP/2 401\n\n{\"error\":\"Unauthorized\"}",
    ),
    (
        "verbose output",
        "> GET /api/cross-app/me HTTP/1.1\n> Host: glint.example.com\n> Authorization: Bearer @\n>\n< HTTP/1.1 401 Unauthorized\n<\n{\"error\":\"Unauthorized\"}",
    ),
    ("answer", "HTTP/1.1 401 Unauthorized\nX-Debug: @\n\n{\"error\":\"Unauthorized\"}"),
    (
        "broken JSON",
        "{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"https://glint.example.com/x\",\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer @\"}]},\"response\":{\"status\":401}},{\"request\":@",
    ),
    ("wrong type", "{\"log\":{\"entries\":{\"password\":\"@\"}}}"),
    ("no archive", "{\"password\":\"@\",\"access_token\":\"@\"}"),
    ("a sentence", "It said 403 and the token was @"),
];

/// Every way to write a name with its secret in an answer, and every pasted text with three canaries.
pub(super) fn planted() -> Vec<Planted> {
    let mut all = Vec::new();
    let mut answered = |name: String, body: &str, secret: &str| {
        let mut har = base();
        har["log"]["entries"][0]["response"]["content"]["text"] = json!(body);
        all.push(Planted { name, text: har.to_string(), secrets: vec![secret.to_owned()] });
    };
    for (corner, body) in NAMED {
        answered(format!("{corner}: by name"), &body.replacen('@', BY_NAME, 1), BY_NAME);
    }
    for (corner, body, secret) in OWN {
        answered(corner.to_owned(), body, secret);
    }
    for (corner, text) in PASTED {
        for (kind, secret) in BY_FORM.iter().take(3) {
            let text = text.replace('@', secret);
            all.push(Planted {
                name: format!("{corner}: {kind}"),
                text,
                secrets: vec![(*secret).to_owned()],
            });
        }
    }
    all
}
