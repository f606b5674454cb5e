//! Secrets in commands, scripts, settings and protocols, in answers and in pasted texts.

use super::{BY_FORM, BY_NAME, PLAIN, Planted, base};
use serde_json::json;

/// Commands and scripts with their answer; `@` stands for the password.
const COMMANDS: [&str; 46] = [
    "http -a mia:@ GET https://glint.example.com/api/cross-app/me",
    "http -a=mia:@ https://glint.example.com/api/cross-app/me",
    "http -amia:@ https://glint.example.com/api/cross-app/me",
    "http --auth mia:@ https://glint.example.com/api/cross-app/me",
    "http --auth=mia:@ https://glint.example.com/api/cross-app/me",
    "http --auth 'mia:@' https://glint.example.com/api/cross-app/me",
    "http -A bearer -a @ https://glint.example.com/api/cross-app/me",
    "http --auth-type=bearer --auth=@ https://glint.example.com/api/cross-app/me",
    "http https://glint.example.com/api/cross-app/me --auth mia:@",
    "http -v \\\n  --auth mia:@ \\\n  https://glint.example.com/api/cross-app/me",
    "http --session-password @ https://glint.example.com/api/cross-app/me",
    "http --form POST https://prism.example.com/api/oauth/token client_secret=@",
    "http POST https://prism.example.com/api/oauth/token password=@",
    "http https://glint.example.com/api/cross-app/me 'Cookie:sid=@'",
    "https -a mia:@ glint.example.com/api/cross-app/me",
    "xh -a mia:@ https://glint.example.com/api/cross-app/me",
    "xh --bearer @ https://glint.example.com/api/cross-app/me",
    "xhs -A bearer -a @ glint.example.com/api/cross-app/me",
    "curlie -u mia:@ https://glint.example.com/api/cross-app/me",
    "curlie POST https://prism.example.com/api/oauth/token client_secret=@",
    "wget --header='Authorization: Bearer @' https://glint.example.com/api/cross-app/me",
    "wget --header 'X-Api-Key: @' https://glint.example.com/api/cross-app/me",
    "wget --user=mia --password=@ https://glint.example.com/api/cross-app/me",
    "wget --user mia --password @ https://glint.example.com/api/cross-app/me",
    "wget --http-user=mia --http-password=@ https://glint.example.com/api/cross-app/me",
    "wget --proxy-user=mia --proxy-password=@ https://glint.example.com/api/cross-app/me",
    "wget --post-data='client_secret=@' https://prism.example.com/api/oauth/token",
    "curl -u mia:@ https://glint.example.com/api/cross-app/me",
    "curl -umia:@ https://glint.example.com/api/cross-app/me",
    "curl --user=mia:@ https://glint.example.com/api/cross-app/me",
    "curl --oauth2-bearer @ https://glint.example.com/api/cross-app/me",
    "curl --proxy-user mia:@ https://glint.example.com/api/cross-app/me",
    "curl -U mia:@ -x http://proxy.example.com https://glint.example.com/api/cross-app/me",
    "curl --cookie 'sid=@' https://glint.example.com/api/cross-app/me",
    "curl -bsid=@ https://glint.example.com/api/cross-app/me",
    "curl --data-urlencode 'client_secret=@' https://prism.example.com/api/oauth/token",
    "curl --unknown-option mia:@ https://glint.example.com/api/cross-app/me --password @",
    "curl --cert client.pem:@ --pass @ https://glint.example.com/api/cross-app/me",
    "Invoke-RestMethod -Uri \"https://glint.example.com/api/cross-app/me\" -Headers @{Authorization=\"Bearer §\"; Accept=\"*/*;q=1\"}",
    "Invoke-RestMethod -Uri \"https://glint.example.com/api/cross-app/me\" -Authentication Bearer -Token (ConvertTo-SecureString \"@\" -AsPlainText -Force)",
    "Invoke-WebRequest -Uri \"https://glint.example.com/api/cross-app/me\" -Credential (New-Object PSCredential(\"mia\", (ConvertTo-SecureString \"@\" -AsPlainText -Force)))",
    "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.Cookies.Add((New-Object System.Net.Cookie(\"sid\", \"@\", \"/\", \"glint.example.com\")))\nInvoke-WebRequest -Uri \"https://glint.example.com/api/cross-app/me\" -WebSession $session",
    "requests.get(\"https://glint.example.com/api/cross-app/me\", auth=(\"mia\", \"@\"))",
    "r = requests.post(\"https://prism.example.com/api/oauth/token\", auth=HTTPBasicAuth('mia', '@'), cookies={\"sid\": \"@\"})",
    "axios.get('https://glint.example.com/api/cross-app/me', { auth: { username: 'mia', password: '@' } })",
    "await axios.post('https://prism.example.com/api/oauth/token', { client_secret: '@' }, { headers: { Authorization: 'Bearer @' } })",
];

/// Answers, settings, logs and protocol texts; `@` stands for the password.
const TEXTS: [(&str, &str); 62] = [
    ("member without a digit", r#"{"error":"x","password":"@"}"#),
    ("secret", r#"{"error":"x","secret":"@"}"#),
    ("list under a name", r#"{"error":"x","passwords":["@","b"]}"#),
    ("one in a list", r#"{"error":"x","password":["@"]}"#),
    ("object under a name", r#"{"error":"x","clientSecret":{"current":"@","n":{"old":["@"]}}}"#),
    ("key of an object under a name", r#"{"error":"x","recovery_codes":{"@":true}}"#),
    ("list in JSON in JSON", r#"{"error":"x","d":"{\"password\":[\"@\"]}"}"#),
    ("name and list", r#"{"error":"x","f":[{"name":"password","value":["@"]}]}"#),
    ("name and object", r#"{"error":"x","f":[{"name":"password","value":{"now":"@"}}]}"#),
    ("script object", "{ user: 'mia', password: '@' }"),
    ("YAML", "error: x\npassword: @\n"),
    ("YAML with quotes", "error: x\npassword: \"@\"\n"),
    ("YAML list of maps", "- user: mia\n  password: @ # for now\n"),
    ("environment file", "DB_HOST=db\nDB_PASSWORD=@\n"),
    ("environment token", "API_TOKEN=@\n"),
    ("Dockerfile", "ENV APP_SECRET=@\n"),
    ("INI", "[db]\npassword = @\n"),
    ("properties", "spring.datasource.password=@\n"),
    ("npmrc", "//registry.npmjs.org/:_authToken=@\n"),
    ("netrc", "machine glint.example.com login mia password @\n"),
    ("pgpass by environment", "PGPASSWORD=@ psql -h db\n"),
    ("mysql option", "mysql --user=root --password=@ app"),
    ("redis option", "redis-cli -h cache --pass @"),
    ("docker option", "docker login -u mia --password @ registry.example.com"),
    ("program arguments", r#"{"error":"x","argv":["deploy","--token","@"]}"#),
    ("program arguments with user", r#"{"error":"x","argv":["curl","-u","mia:@","https://x.example"]}"#),
    ("script variable", "os.environ[\"DB_PASSWORD\"] = \"@\""),
    ("header in a script", "headers[\"Authorization\"] = \"Bearer @\""),
    ("authorization in a list", r#"{"error":"x","metadata":[["authorization","Bearer @"]]}"#),
    (
        "authorization in raw headers",
        r#"{"error":"x","raw":["accept","*/*","authorization","Bearer @","te","x"]}"#,
    ),
    ("authorization as name and value", r#"{"error":"x","h":[{"name":"authorization","value":"Bearer @"}]}"#),
    ("authorization as member", r#"{"error":"x","headers":{"authorization":"Bearer @"}}"#),
    ("proxy authorization", r#"{"error":"x","headers":{"Proxy-Authorization":"Basic @"}}"#),
    ("forwarded authorization", r#"{"error":"x","headers":{"x-original-authorization":"Bearer @"}}"#),
    ("metadata of gRPC", "metadata: authorization: Bearer @"),
    ("HTTP/2 of curl", "* [HTTP/2] [1] [authorization: Bearer @]"),
    ("cookie in a text", "request failed: Cookie: theme=dark; __Host-session=@"),
    ("cookie as member", r#"{"error":"x","headers":{"cookie":"__Host-session=@; theme=dark"}}"#),
    ("Set-Cookie2 in a text", "Set-Cookie2: __Secure-sid=@; Version=1"),
    ("Digest", "Authorization: Digest username=\"mia\", response=\"@\""),
    ("namespace", "<r><wsse:Password Type=\"x#PasswordText\">@</wsse:Password></r>"),
    ("CDATA", "<r><password><![CDATA[@]]></password></r>"),
    ("element in an element", "<r><clientSecret><value>@</value></clientSecret></r>"),
    (
        "SAML",
        "<saml:Assertion ID=\"a\"><saml:Subject><saml:NameID>@</saml:NameID></saml:Subject></saml:Assertion>",
    ),
    ("attribute", "<r><user name=\"mia\" password=\"@\"/></r>"),
    ("MySQL", r#"{"error":"cannot reach mysql://app:@@db.example.com:3306/x"}"#),
    ("MySQL in Go", r#"{"error":"x","dsn":"app:@@tcp(db:3306)/x"}"#),
    ("PostgreSQL with a slash", r#"{"error":"cannot reach postgres://app:a/@@db.example.com/x"}"#),
    ("PostgreSQL words", r#"{"error":"host=db user=app password=@ sslmode=require"}"#),
    ("MongoDB", r#"{"error":"cannot reach mongodb+srv://app:@@db.example.com/x?w=majority"}"#),
    ("Redis", r#"{"error":"cannot reach redis://:@@cache.example.com:6379/0"}"#),
    ("AMQP", r#"{"error":"cannot reach amqps://guest:@@mq.example.com/%2f"}"#),
    ("JDBC", r#"{"error":"jdbc:sqlserver://db;user=sa;password=@;encrypt=true"}"#),
    ("JDBC query", r#"{"error":"jdbc:mysql://db/x?user=app&password=@"}"#),
    ("ODBC", r#"{"error":"Driver={x};Server=db;Uid=sa;Pwd=@;"}"#),
    (
        "refresh of a page",
        "<html><meta http-equiv=\"refresh\" content=\"0;url=https://a.example/cb?code=@\"></html>",
    ),
    ("Azure", r#"{"error":"https://a.blob.core.windows.net/c?sv=2024-01-01&sig=@&se=2026-12-01"}"#),
    ("Service Bus", r#"{"error":"Endpoint=sb://a.example/;SharedAccessKeyName=k;SharedAccessKey=@"}"#),
    ("PIN", r#"{"error":"x","pin":"@"}"#),
    ("one-time code", r#"{"error":"x","otp_code":"@"}"#),
    (
        "client secret in a client ID",
        r#"{"error":"x","client_id":"ghp_x7Kd93mQpLzR2vTnW8sYcB4hJ6fG1aE5uI0o","password":"@"}"#,
    ),
    ("password grant", "grant_type=password&username=mia&password=@"),
];

/// Numbers under the names of secrets.
const NUMBERS: [&str; 5] = [
    r#"{"error":"x","otp":§}"#,
    r#"{"error":"x","password":-§.5}"#,
    r#"{"error":"x","pin":§}"#,
    r#"{"error":"x","f":[{"name":"otp","value":§}]}"#,
    r#"{"error":"x","recovery_codes":[§,1]}"#,
];
const NUMBER: &str = "739246185";

/// Keys that are known by their form.
const KEYS: [(&str, &str); 14] = [
    ("Stripe", "sk_live_51KanarieQIBADANBgkq"),
    ("GitLab", "glpat-KanarieQIBADANBgkq12"),
    ("npm", "npm_KanarieQIBADANBgkqhkiG9w0BAQEFAASC"),
    ("GitHub", "github_pat_11KANARIEQIBADANBgkqhkiG9w0"),
    ("SendGrid", "SG.KanarieQIBADANBgkqhk.iG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"),
    ("Hugging Face", "hf_KanarieQIBADANBgkqhkiGwBAQEFA"),
    ("DigitalOcean", "dop_v1_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ("PyPI", "pypi-AgEIcHlwaS5vcmcCKanarieQIBADANB"),
    ("OpenAI", "sk-proj-KanarieQIBADANBgkqhkiG9w0"),
    ("Shopify", "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"),
    ("age", "AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3"),
    ("Google", "AIzaSyD9x3KmQ7pLzR2vTnW8sYcB4hJ6fG1aE5u"),
    ("Slack app", "xapp-1-A111-222-Kanarie9f86d081884c7d659a2f"),
    ("AWS temporary", "ASIAQYLPMN5HKANARIE2"),
];

/// Where a client ID is written.
const CLIENT_IDS: [&str; 5] = [
    r#"{"error":"x","client_id":"@"}"#,
    r#"{"error":"x","clientId":"@"}"#,
    "client_id=@&grant_type=client_credentials",
    r#"{"error":"x","consumer":"@"}"#,
    r#"{"error":"x","kid":"@"}"#,
];

const OPENSSH: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB\nKanarieAAAAMwAAAAtzc2gtZWQyNTUxOQAAACB\n-----END OPENSSH PRIVATE KEY-----";

fn answered(name: String, body: &str, secrets: &[&str]) -> Planted {
    let mut har = base();
    har["log"]["entries"][0]["response"]["content"]["text"] = json!(body);
    Planted {
        name,
        text: har.to_string(),
        secrets: secrets.iter().map(|secret| (*secret).to_owned()).collect(),
    }
}

/// Every command with three passwords, every text as answer and pasted, every key in an answer and as a client ID.
pub(super) fn planted() -> Vec<Planted> {
    let mut all = Vec::new();
    let refusal = "\nHTTP/1.1 401 Unauthorized\n\n{\"error\":\"Unauthorized\"}";
    for command in COMMANDS {
        for secret in [PLAIN, BY_NAME, BY_FORM[0].1] {
            // PowerShell has an `@` of its own.
            let mark = if command.contains('§') { "§" } else { "@" };
            let text = command.replace(mark, secret) + refusal;
            all.push(Planted {
                name: format!("{command}: {secret}"),
                text,
                secrets: vec![secret.to_owned()],
            });
        }
    }
    for (corner, text) in TEXTS {
        for secret in [PLAIN, BY_NAME] {
            // `@@` is the password in front of a host.
            let text = text.replace("@@", "\u{1}@").replace('\u{1}', secret);
            let text = if text.contains(secret) { text } else { text.replace('@', secret) };
            all.push(answered(format!("{corner}: {secret}"), &text, &[secret]));
            let pasted = format!("HTTP/1.1 401 Unauthorized\n\n{text}");
            all.push(Planted {
                name: format!("{corner}, pasted: {secret}"),
                text: pasted,
                secrets: vec![secret.to_owned()],
            });
        }
    }
    for text in NUMBERS {
        all.push(answered(text.to_owned(), &text.replace('§', NUMBER), &[NUMBER]));
    }
    for (kind, key) in KEYS {
        all.push(answered(
            format!("{kind} in a sentence"),
            &json!({ "error": format!("no such key {key}.") }).to_string(),
            &[key],
        ));
        all.push(answered(
            format!("{kind} in a page"),
            &format!("<!doctype html><p data-x='{key}'>{key}</p>"),
            &[key],
        ));
        for place in CLIENT_IDS.iter().filter(|_| !key.contains(' ')) {
            all.push(answered(format!("{kind} as {place}"), &place.replace('@', key), &[key]));
        }
    }
    let key = OPENSSH.replace('\n', "\\n");
    all.push(answered(
        "OpenSSH".to_owned(),
        &format!("{{\"error\":\"x {key}\"}}"),
        &["KanarieAAAAMwAAAAtzc2gtZWQyNTUxOQAAACB"],
    ));
    all.push(answered("OpenSSH in a text".to_owned(), OPENSSH, &["KanarieAAAAMwAAAAtzc2gtZWQyNTUxOQAAACB"]));
    all
}
