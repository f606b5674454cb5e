//! Why a sign-in comes to nothing before or after the browser, in words.

use scopes::lang::{Lang, brief};
use scopes::problem::{Actor, Problem};
use scopes::say;

/// What was given is no client id.
pub(super) fn no_client(given: &str, lang: Lang) -> Problem {
    let shown = brief(given);
    let message = if given.is_empty() {
        say!(lang, "There is no client id.", "没有 client id。")
    } else {
        say!(
            lang,
            "`{shown}` is no client id: there is a blank in it.",
            "`{shown}` 不是 client id：其中有空白。"
        )
    };
    Problem::refused("sign_in.no_client", message)
        .hinted(say!(
            lang,
            "Copy the client id (`prism_…`) from the client's page at Prism.",
            "从 Prism 上客户端的页面复制 client id（`prism_…`）。"
        ))
        .about("client_id")
}

/// The browser did not come back.
pub(super) fn too_late(seconds: u64, lang: Lang) -> Problem {
    let wait = match (seconds / 60, seconds % 60) {
        (0, seconds) => say!(lang, "{seconds} s", "{seconds} 秒"),
        (minutes, _) => say!(lang, "{minutes} minutes", "{minutes} 分钟"),
    };
    Problem::refused(
        "sign_in.timeout",
        say!(lang, "The browser did not come back within {wait}.", "浏览器没有在 {wait} 内返回。"),
    )
    .hinted(say!(
        lang,
        "Sign in again and finish in the browser. Where the browser runs elsewhere, paste the address it ended at.",
        "重新登录并在浏览器中完成。如果浏览器在别的电脑上，粘贴它最后到达的地址。"
    ))
    .for_actor(Actor::EndUser)
}

/// The answer names another server than was asked, or none where this one always names itself.
pub(super) fn other_issuer(iss: &str, lang: Lang) -> Problem {
    let shown = brief(iss);
    let message = if iss.is_empty() {
        say!(
            lang,
            "The answer does not say which server it is from, although this one always does.",
            "应答没有说明来自哪台服务器，而此服务器总会说明。"
        )
    } else {
        say!(lang, "The answer is from another server: `{shown}`.", "应答来自另一台服务器：`{shown}`。")
    };
    Problem::refused("oauth.other_issuer", message)
        .hinted(say!(
            lang,
            "Sign in again; if it stays so, somebody mixes up the servers on purpose.",
            "重新登录；如果仍然如此，说明有人故意混淆服务器。"
        ))
        .for_actor(Actor::Operator)
}
