//! Names inside paths of names, names of other languages, secrets in sentences, and keys of well-known services.

use super::{BY_NAME, PLAIN, Planted, base};
use serde_json::json;

/// `@` stands for the secret, in an answer.
const NAMED: &[(&str, &str)] = &[
    ("bracketed form", "a=1&user[password]=@&b=2"),
    ("list form", "a=1&pin[]=@&b=2"),
    ("deep form", "a=1&a[b][token]=@"),
    ("indexed form", "a=1&password[0]=@"),
    ("escaped brackets", "a=1&user%5Bpassword%5D=@&b=2"),
    ("brackets escaped twice", "next=a%253D1%2526user%255Bpassword%255D%253D@"),
    ("dotted form", "a=1&user.password=@"),
    ("dotted weak name", "a=1&user.token=@"),
    (
        "multipart brackets",
        "--b\r\nContent-Disposition: form-data; name=\"user[password]\"\r\n\r\n@\r\n--b--",
    ),
    ("multipart list", "--b\r\nContent-Disposition: form-data; name=\"pin[]\"\r\n\r\n@\r\n--b--"),
    ("is", r#"{"error":"the password is @"}"#),
    ("was", r#"{"error":"your secret key was @, it is refused"}"#),
    ("wrong password", r#"{"error":"wrong password '@' for mia"}"#),
    ("quoted passphrase", r#"{"error":"passphrase \"@\" refused"}"#),
    ("typographic quotes", r#"{"error":"the passphrase “@” was refused"}"#),
    ("colon", r#"{"error":"login failed, password: @"}"#),
    ("API key", r#"{"error":"the API key is @"}"#),
    ("Chinese is", r#"{"error":"密码是@"}"#),
    ("Chinese colon", r#"{"error":"密码:@"}"#),
    ("Chinese wide colon", r#"{"error":"密码：@。"}"#),
    ("Chinese quotes", r#"{"error":"口令“@”错误"}"#),
    ("Chinese member", r#"{"error":"x","密码":"@"}"#),
    ("Chinese key member", r#"{"error":"x","密钥":"@"}"#),
    ("Chinese form", "a=1&口令=@&b=2"),
    ("Chinese form, escaped", "a=1&%E5%AF%86%E7%A0%81=@&b=2"),
    ("full-width member", r#"{"error":"x","ｐａｓｓｗｏｒｄ":"@"}"#),
    ("half full-width member", r#"{"error":"x","passｗｏｒｄ":"@"}"#),
    ("full-width form", "a=1&ｐａｓｓｗｏｒｄ=@"),
    ("kennwort", r#"{"error":"x","kennwort":"@"}"#),
    ("Passwort in a sentence", r#"{"error":"Das Passwort ist @"}"#),
    ("geheimnis", r#"{"error":"x","geheimnis":"@"}"#),
    ("mot_de_passe", r#"{"error":"x","mot_de_passe":"@"}"#),
    ("mot de passe", r#"{"error":"mot de passe : @"}"#),
    ("contraseña", r#"{"error":"x","contraseña":"@"}"#),
    ("contrasena", r#"{"error":"x","contrasena":"@"}"#),
    ("zod", r#"{"error":[{"path":["user","password"],"received":"@"}]}"#),
    ("zod, value first", r#"{"error":[{"received":"@","path":["user","password"]}]}"#),
    ("pydantic", r#"{"detail":[{"loc":["body","password"],"msg":"x","input":"@"}]}"#),
    ("ajv", r#"{"error":[{"instancePath":"/user/password","data":"@"}]}"#),
    ("express-validator", r#"{"errors":[{"type":"field","path":"password","value":"@"}]}"#),
    ("attributes without quotes, value first", "<html><input value=@ name=client_secret></html>"),
    ("URL within a parameter", "cb=https%3A%2F%2Fa.test%2F%3Fpassword%3D@%26b%3D1"),
    ("user of a URL in a sentence", r#"{"error":"cannot fetch https://mia:@@glint.example.com/x"}"#),
    ("user of a host", r#"{"error":"cannot reach mia:@@glint.example.com"}"#),
    ("host", r#"{"error":"Could not resolve host: @@glint.example.com"}"#),
    ("nested weak key", r#"{"error":"x","u":"/x?user[token]=@"}"#),
    ("query", r#"{"error":"x","u":"/x?user[password]=@&a=1"}"#),
    ("fragment", r#"{"error":"x","u":"/x#user[password]=@"}"#),
    ("escaped query", r#"{"error":"x","u":"/x?user%5bpassword%5d=@&a=1"}"#),
    ("passwort in a form", "a=1&passwort=@"),
    ("set to", r#"{"error":"password was set to @, sign in again"}"#),
    ("whose it is", r#"{"error":"the password of mia is @"}"#),
    ("value in front", r#"{"error":"'@' is not the password"}"#),
    ("wrong, no quotes", r#"{"error":"wrong password @ for mia"}"#),
    ("with", r#"{"error":"login with password @ failed"}"#),
    ("joi", r#"{"error":"\"password\" with value \"@\" fails to match the required pattern"}"#),
    (
        "pydantic text",
        "1 validation error\npassword\n  Value error [type=value_error, input_value='@', input_type=str]",
    ),
    ("Spring", r#"{"error":"Field error on field 'password': rejected value [@]; codes [Size]"}"#),
    ("Postgres", r#"{"error":"Key (password)=(@) already exists."}"#),
    ("MySQL", r#"{"error":"Duplicate entry '@' for key 'users.password'"}"#),
    ("value for", r#"{"error":"Invalid value '@' for password"}"#),
    ("Python", "requests.get(url, auth=('mia','@'))"),
    ("Python in JSON", r#"{"error":"requests.get(url, auth=(\"mia\", \"@\"))"}"#),
    ("Go", "req.SetBasicAuth(\"mia\", \"@\")"),
    ("lookup", r#"{"error":"dial tcp: lookup @@glint.example.com: no such host"}"#),
    (
        "brackets in multipart and JSON",
        r#"{"error":"--b\r\nContent-Disposition: form-data; name=\"a[b][token]\"\r\n\r\n@\r\n--b--"}"#,
    ),
    ("a name in brackets and dots", "filter[user.password]=@"),
    ("brackets", r#"{"error":"the password (@) is wrong"}"#),
    ("an arrow", r#"{"error":"password -> @"}"#),
    ("does not match", r#"{"error":"password does not match: @"}"#),
    ("Chinese error", r#"{"error":"密码错误：@"}"#),
    ("Chinese sentence", r#"{"error":"登录密码为@"}"#),
    ("Chinese, blanks", r#"{"error":"密码 @ 错误"}"#),
    ("Chinese compound", r#"{"error":"x","用户密码":"@"}"#),
    ("name of two words", r#"{"error":"x","mot de passe":"@"}"#),
    ("mdp", r#"{"error":"x","mdp":"@"}"#),
    ("Zugangscode", r#"{"error":"x","Zugangscode":"@"}"#),
    ("clave", r#"{"error":"x","clave":"@"}"#),
    ("hasło", r#"{"error":"x","hasło":"@"}"#),
    ("Spring members", r#"{"errors":[{"field":"password","rejectedValue":"@"}]}"#),
    ("JSON:API", r#"{"errors":[{"source":{"pointer":"/data/attributes/password"},"value":"@"}]}"#),
    ("capital attributes", "<html><INPUT VALUE='@' NAME='password'></html>"),
    ("user of a port", r#"{"error":"cannot reach @@glint.example.com:443"}"#),
];

/// Keys of well-known services; every one is made up. `+` joins the parts, so that no scanner takes them for real.
const KEYS: [(&str, &str); 34] = [
    ("Google OAuth", "ya29.+a0AfH6SMBxKanarieQ7w2LrY8sDf4GhJ6"),
    ("Slack webhook", "https://hooks.slack.com/services/+T01KANARI/B02KANARI/xYkanarieverborgenabcdef"),
    ("Slack workflow", "https://hooks.slack.com/workflows/+T01KANARI/A02KANARI/kanarieverborgenabcdef"),
    ("Discord webhook", "https://discord.com/api/webhooks/+914273650182/kanarieverborgenabcdefgh"),
    ("Telegram", "123456789:+AAkanarieverborgenabcdefghijklmnopqr"),
    ("Telegram address", "https://api.telegram.org/bot+123456789:AAkanarieverborgenabcdefghijklmnopqr"),
    ("GitLab", "glpat-+kanarieverborgenab"),
    ("GitLab runner", "glrt-+kanarieverborgenab"),
    ("GitLab trigger", "glptt-+kanarieverborgenab"),
    ("npm", "npm_+kanarieverborgenabcdefghijklmnopqrst"),
    ("PyPI", "pypi-+kanarieverborgenabcdefgh"),
    ("Stripe", "sk_live_+kanarieverborgen"),
    ("SendGrid", "SG.+kanarieverborgenabcde.kanarieverborgenabcdefghijklmnopqrstuvwxyza"),
    ("Twilio", "SK+0123456789abcdef0123456789abcdef"),
    ("DigitalOcean", "dop_v1_+kanarieverborgenabcdef"),
    ("DigitalOcean OAuth", "doo_v1_+kanarieverborgenabcdef"),
    ("Hugging Face", "hf_+kanarieverborgenabcdefgh"),
    ("OpenAI", "sk-proj-+kanarieverborgenabcdefgh"),
    ("Anthropic", "sk-ant-api03-+kanarieverborgenabcdefgh"),
    ("age", "AGE-SECRET-KEY-1+KANARIEVERBORGENABCDEFGH"),
    ("Vault", "hvs.+kanarieverborgenabcdefgh"),
    ("RubyGems", "rubygems_+kanarieverborgenabcdefgh"),
    ("Shopify", "shpca_+kanarieverborgenabcdefgh"),
    ("Docker", "dckr_pat_+kanarieverborgenabcdefgh"),
    ("Grafana", "glsa_+kanarieverborgenabcdefgh"),
    ("Sentry", "sntrys_+kanarieverborgenabcdefgh"),
    ("New Relic", "NRAK-+KANARIEVERBORGENABCDEFGH"),
    ("Postman", "PMAK-+kanarieverborgenabcdefgh"),
    ("Brevo", "xkeysib-+kanarieverborgenabcdefgh"),
    ("NVIDIA", "nvapi-+kanarieverborgenabcdefgh"),
    ("Groq", "gsk_+kanarieverborgenabcdefgh"),
    ("Tailscale", "tskey-+kanarieverborgenabcdefgh"),
    ("Square", "sq0atp-+kanarieverborgenabcdefgh"),
    ("Slack client", "xoxc-+kanarieverborgenabcdefgh"),
];

/// Ways to write a name in the address of the call, or in the form that it sends.
const SENT: [&str; 8] = [
    "user[password]=@",
    "user%5Bpassword%5D=@&a=1",
    "pin[]=@",
    "a[b][token]=@",
    "user.password=@",
    "password[0]=@&password[1]=b",
    "cb=https%3A%2F%2Fa.test%2F%3Fpassword%3D@%26b%3D1",
    "q=user%255Bpassword%255D%253D@",
];

/// Every name with two canaries, and every key in a sentence.
pub(super) fn planted() -> Vec<Planted> {
    let (mut all, mut sent) = (Vec::new(), Vec::new());
    let mut answered = |name: String, body: &str, secret: &str| {
        let mut har = base();
        har["log"]["entries"][0]["response"]["content"]["text"] = json!(body);
        all.push(Planted { name, text: har.to_string(), secrets: vec![secret.to_owned()] });
    };
    for (corner, body) in NAMED {
        for (kind, secret) in [("mixed", BY_NAME), ("plain", PLAIN)] {
            answered(format!("{corner}: {kind}"), &body.replacen('@', secret, 1), secret);
        }
    }
    for text in SENT {
        let text = text.replacen('@', PLAIN, 1);
        let me = "https://glint.example.com/api/cross-app/me";
        let mut har = base();
        har["log"]["entries"][0]["request"]["url"] = json!(format!("{me}?{text}#{text}"));
        har["log"]["entries"][0]["request"]["postData"] =
            json!({ "mimeType": "application/x-www-form-urlencoded", "text": text });
        let secrets = vec![PLAIN.to_owned()];
        sent.push(Planted { name: format!("sent: {text}"), text: har.to_string(), secrets });
    }
    for (service, key) in KEYS {
        let (_, secret) = key.split_once('+').unwrap();
        answered(
            service.to_owned(),
            &json!({ "error": format!("no such key {}", key.replace('+', "")) }).to_string(),
            secret,
        );
    }
    all.extend(sent);
    all
}
