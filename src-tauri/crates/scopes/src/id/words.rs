//! What is said about a mistake with an identifier, and the cure.

use super::{ClientIdForm, IdMistake};
use crate::lang::{Lang, brief};
use crate::problem::Problem;
use crate::say;

/// Says what is the matter with a client id, and the cure.
#[must_use]
pub fn client_id_problem(mistake: IdMistake, text: &str, form: &ClientIdForm, lang: Lang) -> Problem {
    let code = format!("client_id.{}", mistake.code());
    let message = client_id_message(mistake, text, form, lang);
    let problem =
        if mistake.is_only_odd() { Problem::risky(code, message) } else { Problem::refused(code, message) };
    problem.hinted(client_id_hint(mistake, lang))
}

fn client_id_message(mistake: IdMistake, text: &str, form: &ClientIdForm, lang: Lang) -> String {
    let (ClientIdForm { prefix, length }, text) = (form, brief(text));
    match mistake {
        IdMistake::Empty => say!(lang, "The client id is missing.", "还没有填写 client id。"),
        IdMistake::BlankAround => {
            say!(lang, "The client id has a blank in front or behind.", "client id 的前面或后面有空白字符。")
        }
        IdMistake::BlankInside => {
            say!(lang, "The client id has a blank inside.", "client id 中间有空白字符。")
        }
        IdMistake::Quoted => {
            say!(
                lang,
                "Quotation marks were copied along with the client id.",
                "复制 client id 时带上了引号。"
            )
        }
        IdMistake::Invisible => {
            say!(lang, "The client id holds an invisible character.", "client id 中有看不见的字符。")
        }
        IdMistake::InternalId => say!(
            lang,
            "`{text}` is an internal id; scopes are named after the client id, which starts with `{prefix}`.",
            "`{text}` 是内部 id；范围以 client id 命名，它以 `{prefix}` 开头。"
        ),
        IdMistake::NotAlone => {
            say!(lang, "This is more than the client id alone.", "这里不只是 client id。")
        }
        IdMistake::Credential => {
            say!(lang, "This is a credential, not a client id.", "这是凭据，不是 client id。")
        }
        IdMistake::WrongLength => say!(
            lang,
            "A client id of Prism has {length} characters after `{prefix}`; this one is an example or was cut off.",
            "Prism 的 client id 在 `{prefix}` 之后有 {length} 个字符；这一个是示例，或者没有复制完整。"
        ),
        IdMistake::WrongStart | IdMistake::ClientIdInstead => say!(
            lang,
            "The client ids of Prism start with `{prefix}`; this one does not.",
            "Prism 的 client id 以 `{prefix}` 开头；这一个不是。"
        ),
        IdMistake::WrongCharacter => say!(
            lang,
            "The client id holds a character other than letters, digits, `-` and `_`.",
            "client id 中有字母、数字、`-` 和 `_` 以外的字符。"
        ),
    }
}

fn client_id_hint(mistake: IdMistake, lang: Lang) -> String {
    match mistake {
        IdMistake::BlankAround | IdMistake::BlankInside => {
            say!(lang, "Remove the blank.", "删除空白字符。")
        }
        IdMistake::Quoted => say!(lang, "Remove the quotation marks.", "删除引号。"),
        IdMistake::Credential => {
            say!(
                lang,
                "Remove it from here; if others may have seen it, revoke it at Prism.",
                "从这里删除；如果别人可能看到过，在 Prism 撤销它。"
            )
        }
        _ => say!(
            lang,
            "Copy the client id from Glint: Settings, App Config.",
            "从 Glint 的“设置 → 应用配置”复制 client id。"
        ),
    }
}
