//! A redirect that was pasted, for a browser that cannot reach this computer.

use crate::context::Context;
use crate::engine::Engine;
use crate::oauth::{self, Arrived, Fault, Pasted};
use crate::operation::Operation;
use crate::operations::desk::Done;
use crate::operations::sign_in::FinishSignIn;
use scopes::lang::{Lang, brief};
use scopes::problem::Problem;
use scopes::say;

impl Operation for FinishSignIn {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Done, Problem> {
        let lang = cx.lang;
        let Pasted { address, callback, state } = Pasted::parse(self.redirect.expose());
        if engine.sign_ins().is_empty() {
            return Err(nobody_waits(lang));
        }
        let Some(state) = state.filter(|state| !state.expose().is_empty()) else {
            return Err(no_state(lang));
        };
        let Some(waiting) = engine.sign_ins().find(state.expose()) else { return Err(unknown_state(lang)) };
        if address.as_ref().is_some_and(|address| *address != waiting.redirect_uri) {
            return Err(other_address(&address.unwrap_or_default(), &waiting.redirect_uri, lang));
        }
        let callback = callback.map_err(|fault| no_code(fault, lang))?;
        let denied = callback.outcome.as_ref().err().map(|denied| oauth::at_authorization(denied, lang));
        if !waiting.hand_in(Arrived::pasted(callback)) {
            return Err(used(lang));
        }
        denied.map_or(Ok(Done {}), Err)
    }
}

fn nobody_waits(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.none_waiting",
        say!(lang, "No sign-in waits for an address.", "没有正在等待地址的登录。"),
    )
    .hinted(say!(
        lang,
        "Start the sign-in again: an address is good for one sign-in, and only while it waits.",
        "重新开始登录：一个地址只适用于一次登录，且只在等待期间有效。"
    ))
}

fn no_state(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.no_state",
        say!(
            lang,
            "There is no `state` in the text, so it cannot be told which sign-in it belongs to.",
            "文本中没有 `state`，无法判断它属于哪次登录。"
        ),
    )
    .hinted(say!(
        lang,
        "Copy the whole address from the browser's address bar, from `http://127.0.0.1` to the end.",
        "从浏览器地址栏复制完整地址，从 `http://127.0.0.1` 到末尾。"
    ))
}

fn unknown_state(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.unknown_state",
        say!(
            lang,
            "The address belongs to another sign-in, or to one that has ended.",
            "该地址属于另一次登录，或已结束的登录。"
        ),
    )
    .hinted(say!(
        lang,
        "Open the address of this sign-in in the browser and paste where it ends.",
        "在浏览器中打开这次登录的地址，然后粘贴它最后到达的地址。"
    ))
}

fn other_address(given: &str, wanted: &str, lang: Lang) -> Problem {
    let shown = brief(given);
    Problem::refused(
        "sign_in.other_address",
        say!(
            lang,
            "`{shown}` is not where this sign-in ends; that is `{wanted}`.",
            "`{shown}` 不是这次登录结束的地址；应为 `{wanted}`。"
        ),
    )
    .hinted(say!(
        lang,
        "Sign in and consent in the browser first; paste the address of the page that does not load.",
        "先在浏览器中登录并同意；粘贴那个打不开的页面的地址。"
    ))
}

fn no_code(fault: Fault, lang: Lang) -> Problem {
    let message = match fault {
        Fault::Repeated => {
            say!(lang, "A parameter stands in the address twice.", "地址中有重复的参数。")
        }
        Fault::NoState | Fault::NoCode => {
            say!(lang, "There is no `code` in the address.", "地址中没有 `code`。")
        }
    };
    Problem::refused("sign_in.no_code", message).hinted(say!(
        lang,
        "Copy the whole address again, in one piece.",
        "重新完整复制地址。"
    ))
}

fn used(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.used",
        say!(lang, "This sign-in has its answer already.", "这次登录已经收到应答。"),
    )
    .hinted(say!(lang, "Wait for it, or start another sign-in.", "等待它完成，或重新开始登录。"))
}
