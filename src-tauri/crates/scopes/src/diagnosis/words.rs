//! Putting a finding into words: headline, detail, alternatives, names of gates.

use super::Finding;
use super::code::{self, Code, Family, GateId};
use super::facts::Facts;
use super::reasons;
use super::role;
use super::types::{Alternative, Certainty, GateState};
use crate::lang::{Lang, list};
use crate::say;

pub(crate) struct Told {
    pub(crate) headline: String,
    pub(crate) detail: String,
}

pub(crate) fn tell(facts: &Facts<'_>, finding: &Finding) -> Told {
    if let Some(headline) = unsure(facts, finding) {
        return Told { headline, detail: detail(facts, finding) };
    }
    if finding.cause.family() == Family::Reach
        && finding.certainty == Certainty::Possible
        && facts.call.status == 0
        && finding.cause != code::REACH_CORS
    {
        let headline =
            say!(facts.lang, "No answer came, and nothing says why.", "没有收到答复，也没有说明原因。");
        return Told { headline, detail: detail(facts, finding) };
    }
    let headline =
        reasons::of(finding.cause).map(|reason| fill(reason.headline.get(facts.lang), facts, finding));
    Told { headline: headline.unwrap_or_else(|| finding.cause.to_string()), detail: detail(facts, finding) }
}

/// A record may lack a header that was sent, and a proxy may have removed or changed one: what is not known is not said.
fn unsure(facts: &Facts<'_>, finding: &Finding) -> Option<String> {
    let lang = facts.lang;
    if finding.certainty == Certainty::Proven {
        return None;
    }
    let server = server(facts);
    match finding.cause {
        code::REACH_NOT_API if matches!(facts.call.status, 301..=399) && !facts.call.is_page() => Some(say!(
            lang,
            "The server answered with a redirect, not with an answer of the interface.",
            "服务器返回了重定向，而不是接口的响应。"
        )),
        code::HEADER_MISSING if facts.token.is_some() => Some(say!(
            lang,
            "{server} found no usable `Authorization` header, although the recorded one is right.",
            "{server} 没有得到可用的 `Authorization` 请求头，尽管记录中的请求头是正确的。"
        )),
        code::HEADER_MISSING | code::HEADER_MALFORMED | code::CREDENTIAL_MISSING => Some(say!(
            lang,
            "{server} found no usable credential; the record does not show which one was sent.",
            "{server} 没有得到可用的凭据；记录没有显示发送了什么。"
        )),
        _ => None,
    }
}

/// Where the call was stopped, and what that rests on.
fn detail(facts: &Facts<'_>, finding: &Finding) -> String {
    let lang = facts.lang;
    let gates = super::gates::ladder(facts, finding);
    let Some(gate) = finding.gate else {
        if gates.iter().any(|found| found.state != GateState::Passed) {
            return say!(
                lang,
                "Status {}: nothing was refused; not every gate is known to have been passed.",
                "状态 {}：没有被拒绝；无法确认通过了所有关卡。",
                facts.call.status
            );
        }
        return say!(
            lang,
            "Status {}: every gate let it pass.",
            "状态 {}：所有关卡都放行了。",
            facts.call.status
        );
    };
    let at = gates.iter().position(|found| found.id == gate).map_or(0, |at| at + 1);
    let title = gate_title(gate, lang);
    let server = server(facts);
    if gates.iter().any(|found| found.id == gate && found.state == GateState::Passed) {
        return say!(
            lang,
            "Status {}, and yet not what it seems.",
            "状态 {}，但并不如表面所示。",
            facts.call.status
        );
    }
    if finding.cause == code::REACH_UNREADABLE {
        return say!(
            lang,
            "Status {}, but no gate is known to have been passed.",
            "状态 {}，但无法确认通过了任何关卡。",
            facts.call.status
        );
    }
    if gates.iter().any(|found| found.state == GateState::Unknown) && facts.call.status != 0 {
        return say!(
            lang,
            "Nothing says at which gate {server} stopped the call; from here it looks most like {title}.",
            "没有信息说明 {server} 在哪一关拦住了调用；目前看最像是{title}。"
        );
    }
    match facts.call.status {
        0 => say!(lang, "No answer came; nothing is known beyond that.", "没有收到答复；此外一无所知。"),
        200..=299 => {
            say!(lang, "{server} answered {} all the same.", "{server} 仍然答复了 {}。", facts.call.status)
        }
        _ => say!(
            lang,
            "{server} stopped the call at gate {at} of {}: {title}.",
            "{server} 在第 {at} 关（共 {} 关）拦住了调用：{title}。",
            gates.len()
        ),
    }
}

fn server(facts: &Facts<'_>) -> &'static str {
    match facts.call.kind {
        super::Kind::Prism | super::Kind::OAuth => "Prism",
        super::Kind::Glint | super::Kind::Web | super::Kind::Other => "Glint",
    }
}

/// Fills the places of a text with what is known, with a plain word where it is not.
pub(crate) fn fill(text: &str, facts: &Facts<'_>, finding: &Finding) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let lang = facts.lang;
    let consumer = facts.consumer_called().unwrap_or_else(|| say!(lang, "the consumer", "消费方"));
    let person = facts.person().unwrap_or_else(|| say!(lang, "the user", "用户"));
    let scopes = match &finding.needs.scopes {
        Some(scopes)
            if scopes.len() > 1
                && finding.cause != code::OAUTH_SCOPES_NARROWED
                && finding.cause != code::REGISTRATION_DROPPED =>
        {
            any_of(lang, scopes)
        }
        Some(scopes) if !scopes.is_empty() => list(lang, scopes),
        _ => say!(lang, "the scope", "所需的权限范围"),
    };
    let permission = finding.needs.permission.as_ref().map(|name| format!("`{name}`"));
    let permission = permission.unwrap_or_else(|| say!(lang, "what the call needs", "此调用所需的权限"));
    let role = role::role(facts).unwrap_or_else(|| say!(lang, "of this user", "该用户"));
    let resource =
        finding.needs.resource.as_deref().map_or_else(String::new, |what| resource_word(what, lang));
    let filled = text
        .replace("{consumer}", &consumer)
        .replace("{person}", &person)
        .replace("{scopes}", &scopes)
        .replace("`{permission}`", &permission)
        .replace("{role}", &role)
        .replace("{resource}", &resource);
    spaced(lang, &capitalised(&filled))
}

/// Chinese puts a blank between its own characters and Latin names; which names come is known only now.
fn spaced(lang: Lang, text: &str) -> String {
    if lang == Lang::En {
        return text.to_owned();
    }
    let han = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
    let mut spaced = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        let meets = han(before) && character.is_ascii_alphanumeric();
        if meets || (before.is_ascii_alphanumeric() && han(character)) {
            spaced.push(' ');
        }
        spaced.push(character);
        before = character;
    }
    spaced
}

/// `a` or `b`.
pub(crate) fn any_of(lang: Lang, scopes: &[String]) -> String {
    let quoted: Vec<String> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
    quoted.join(match lang {
        Lang::En => " or ",
        Lang::Zh => " 或 ",
    })
}

/// A sentence that starts with a plain word starts with a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if text.starts_with("the ") => first.to_uppercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}

fn resource_word(what: &str, lang: Lang) -> String {
    match what {
        "set" => say!(lang, "set", "清单"),
        "parent" => say!(lang, "parent todo", "上级待办"),
        "comment" => say!(lang, "comment", "评论"),
        "todo_or_comment" => say!(lang, "todo or comment", "待办或评论"),
        "team" => say!(lang, "team", "团队"),
        _ => say!(lang, "todo", "待办"),
    }
}

pub(crate) fn alternatives(finding: &Finding, lang: Lang) -> Vec<Alternative> {
    if finding.certainty == Certainty::Proven && finding.because.is_none() {
        return Vec::new();
    }
    let told = finding.alternatives.iter().filter_map(|code| reasons::of(*code));
    told.map(|reason| Alternative {
        code: reason.code,
        title: reason.title.get(lang).to_owned(),
        question: reason.question.as_ref().map(|text| text.get(lang).to_owned()).unwrap_or_default(),
    })
    .collect()
}

/// What a wrong kind of credential is called.
pub(crate) fn form_word(code: Code, lang: Lang) -> String {
    match code {
        code::TOKEN_EMPTY => say!(lang, "nothing, or a placeholder", "空值或占位符"),
        code::TOKEN_WHITESPACE => {
            say!(lang, "a token with blanks or quotes around it", "前后带有空白或引号的令牌")
        }
        code::TOKEN_PERSONAL_ACCESS_TOKEN => say!(lang, "a personal access token", "个人访问令牌"),
        code::TOKEN_ID_TOKEN => say!(lang, "an id token", "身份令牌"),
        _ => say!(lang, "a session token", "会话令牌"),
    }
}

pub(crate) fn gate_title(id: GateId, lang: Lang) -> String {
    let row = reasons::gates().iter().find(|row| row.gate == id);
    row.map(|row| row.title.get(lang).to_owned()).unwrap_or_default()
}

pub(crate) fn gate_question(facts: &Facts<'_>, finding: &Finding, id: GateId) -> String {
    let lang = facts.lang;
    match id {
        GateId::Reach => say!(lang, "does a server answer?", "有服务器应答吗？"),
        GateId::Header => say!(lang, "is it `Bearer ` and a token?", "是 `Bearer ` 加令牌吗？"),
        GateId::Token => say!(lang, "is it alive at Prism?", "在 Prism 上有效吗？"),
        GateId::Scope => {
            let route = facts.call.route.as_ref().map(|hit| hit.route.scopes.clone());
            let wanted =
                finding.needs.scopes.clone().filter(|_| finding.gate == Some(GateId::Scope)).or(route);
            wanted.map_or_else(
                || say!(lang, "does it carry the scope?", "带有所需的权限范围吗？"),
                |scopes| say!(lang, "does it carry {}?", "带有 {} 吗？", any_of(lang, &scopes)),
            )
        }
        GateId::Membership => {
            let team = facts.call.part("team").and_then(|id| facts.known.names.get(id));
            let person = facts.person().unwrap_or_else(|| say!(lang, "the user", "用户"));
            let asked = team.map_or_else(
                || say!(lang, "is {person} in the team?", "{person}在团队里吗？"),
                |team| say!(lang, "is {person} in {team}?", "{person}在 {team} 里吗？"),
            );
            spaced(lang, &asked)
        }
        GateId::Resource => say!(lang, "is it there?", "它存在吗？"),
        GateId::Role => say!(lang, "may this role do it?", "这个角色可以吗？"),
        GateId::Server => say!(lang, "is the deployment complete?", "部署完整吗？"),
        GateId::Credential => say!(lang, "is it of the right kind, and alive?", "种类正确且有效吗？"),
        GateId::App => say!(lang, "may the caller touch this client?", "调用者可以操作此客户端吗？"),
        GateId::Request => say!(lang, "is the request acceptable?", "请求可以接受吗？"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_apart_in_chinese() {
        assert_eq!(spaced(Lang::Zh, "把Rosa Ruiz加入团队"), "把 Rosa Ruiz 加入团队");
        assert_eq!(spaced(Lang::Zh, "用户在团队里吗？"), "用户在团队里吗？");
        assert_eq!(spaced(Lang::Zh, "需要 `a` 或 b。"), "需要 `a` 或 b。");
    }
}
