//! Small words that several commands say: lengths of time, kinds, places.

use scopes::lang::Lang;
use scopes::say;
use std::path::Path;

/// "in 42 min", "3 days ago"; the two largest units, where the second one says something.
pub(crate) fn from_now(at_seconds: i64, now_ms: i64, lang: Lang) -> String {
    let left = at_seconds - now_ms.div_euclid(1000);
    let span = span(left.unsigned_abs(), lang);
    if left > 0 { say!(lang, "in {span}", "{span}后") } else { say!(lang, "{span} ago", "{span}前") }
}

fn span(seconds: u64, lang: Lang) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..60 => say!(lang, "{seconds} s", "{seconds} 秒"),
        60..3600 => say!(lang, "{minutes} min", "{minutes} 分钟"),
        3600..86400 => {
            let rest = minutes % 60;
            say!(lang, "{hours} h {rest} min", "{hours} 小时 {rest} 分钟")
        }
        _ if days == 1 => say!(lang, "1 day", "1 天"),
        _ => say!(lang, "{days} days", "{days} 天"),
    }
}

/// Kind of a credential.
pub(crate) fn kind(word: &str, lang: Lang) -> String {
    match word {
        "personal_access_token" => say!(lang, "personal access token", "个人访问令牌"),
        "client_credentials" => say!(lang, "client credentials", "客户端凭据"),
        "access_token" => say!(lang, "access token", "访问令牌"),
        "session_token" => say!(lang, "session token", "登录令牌"),
        other => other.to_owned(),
    }
}

/// Where secrets are kept.
pub(crate) fn place(word: Option<&str>, lang: Lang) -> String {
    match word {
        Some("keychain") => say!(lang, "keychain", "钥匙串"),
        Some("passphrase") => say!(lang, "passphrase vault", "口令保险库"),
        Some("memory") => say!(lang, "this run only", "仅本次运行"),
        _ => say!(lang, "not here, or locked", "不在本机，或已锁定"),
    }
}

/// A path that means the same from every directory, as far as it can be told.
pub(crate) fn whole_path(path: &str) -> String {
    std::path::absolute(Path::new(path)).map_or_else(|_| path.to_owned(), |whole| whole.display().to_string())
}

/// What was replaced in a capsule.
pub(crate) fn replaced(what: &str, lang: Lang) -> String {
    match what {
        "secret" => say!(lang, "secrets", "密钥"),
        "person" => say!(lang, "names of people", "人名"),
        "text" => say!(lang, "texts", "文本"),
        "id" => say!(lang, "IDs", "ID 值"),
        "host" => say!(lang, "host names", "主机名"),
        "header" => say!(lang, "headers", "请求头和响应头"),
        "parameter" => say!(lang, "parameters", "参数"),
        "member" => say!(lang, "JSON members", "JSON 成员"),
        "body" => say!(lang, "bodies", "正文"),
        _ => say!(lang, "random words and e-mail addresses", "随机字符串和邮箱地址"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_said_as_people_say_it() {
        for (seconds, said) in [
            (42 * 60 + 30, "in 42 min"),
            (59, "in 59 s"),
            (3600 + 60, "in 1 h 1 min"),
            (86_400 * 3, "in 3 days"),
            (-5, "5 s ago"),
            (-7200, "2 h 0 min ago"),
        ] {
            assert_eq!(from_now(1_000_000 + seconds, 1_000_000_000, Lang::En), said);
        }
        assert_eq!(from_now(1_000_000 + 120, 1_000_000_000, Lang::Zh), "2 分钟后");
    }
}
