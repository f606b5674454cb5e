//! Taking a credential in: its kind by its form, who it is by asking, and what looks odd about it.

mod known;
pub(super) mod looks;
mod tokens;

pub(super) use known::given_label;

use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, Material, NewIdentity, draft, keep_held, kind_word};
use crate::operation::Operation;
use crate::operations::connections::{AddIdentity, AddedIdentity, CredentialKind, Origin};
use scopes::id::ClientId;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;

impl Operation for AddIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<AddedIdentity, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        deployment.confirmed(lang)?;
        let label = given_label(self.label.as_deref(), lang)?;
        let mut problems = Vec::new();
        let text = Secret::new(cleaned(self.secret.expose(), &mut problems, lang)?);
        let form = kind_of(text.expose());
        let kind = self.kind.unwrap_or(form);
        if kind != form {
            problems.push(mistaken(kind, form, lang));
        }
        let used_for = self.used_for.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let mut held = held(text.expose(), kind, used_for, lang)?;
        problems.extend(held.used_for.as_deref().and_then(|used_for| no_client_id(used_for, lang)));
        looks::look(engine, &deployment, &mut held, &mut problems, lang).await;
        // A dead access token may be called with, to see why it fails; a dead one for administration is of no use.
        if let Some(refused) = problems.iter().find(|problem| problem.code == looks::NOT_ACCEPTED) {
            return Err(refused.clone());
        }
        held.label = match label {
            Some(label) => label,
            None if held.user_name.is_none() && held.client_name.is_none() => kind_word(kind, lang),
            None => held.in_words(lang),
        };
        let identity = keep_held(engine, &self.connection, held, None, lang).await?;
        Ok(AddedIdentity { identity, problems })
    }
}

/// A name where a client id belongs would flag every token as somebody else's.
fn no_client_id(text: &str, lang: Lang) -> Option<Problem> {
    ClientId::try_from(text).err()?;
    let shown: String = text.chars().take(60).collect();
    let words = say!(
        lang,
        "`{shown}` is not a client id as Prism makes them.",
        "`{shown}` 不是 Prism 的 client id 形式。"
    );
    let hint = say!(
        lang,
        "Compare it with the consumer's client id (`prism_…`) at Prism.",
        "对照 Prism 上消费方的 client id（`prism_…`）。"
    );
    Some(Problem::risky("identity.no_client_id", words).hinted(hint).about("used_for"))
}

/// Without the blanks and quotes that copying leaves around a credential; they are reported, because an integration
/// that sends them gets a dead token (contract §6).
fn cleaned(given: &str, problems: &mut Vec<Problem>, lang: Lang) -> Result<String, Problem> {
    let around = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
    let text = given.trim_matches(around);
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim_matches(around);
    if text.is_empty() {
        return Err(Problem::refused("identity.empty", say!(lang, "There is no credential.", "没有凭据。"))
            .about("secret"));
    }
    if text.chars().any(char::is_control) || text.contains(char::is_whitespace) {
        return Err(Problem::refused(
            "token.whitespace",
            say!(lang, "There is a blank or line break inside the credential.", "凭据中间有空白或换行。"),
        )
        .hinted(say!(lang, "Copy it again as one piece.", "重新完整复制。"))
        .about("secret"));
    }
    if text != given {
        problems.push(
            Problem::risky(
                "token.whitespace",
                say!(
                    lang,
                    "There were blanks, quotes or the word Bearer around the credential; they are left out here.",
                    "凭据前后有空白、引号或 Bearer 字样；这里已去掉。"
                ),
            )
            .hinted(say!(
                lang,
                "Check the place it was copied from: sent like that, Prism calls it inactive.",
                "检查复制来源：照那样发送，Prism 会视为无效。"
            )),
        );
    }
    Ok(text.to_owned())
}

/// The kind by its form. Access and refresh tokens cannot be told apart.
fn kind_of(text: &str) -> CredentialKind {
    if text.starts_with("prism_pat_") {
        CredentialKind::PersonalAccessToken
    } else if text.starts_with("prism_") && text.contains(':') {
        CredentialKind::ClientCredentials
    } else if text.split('.').count() == 3 && text.starts_with("ey") {
        CredentialKind::SessionToken
    } else {
        CredentialKind::AccessToken
    }
}

fn mistaken(kind: CredentialKind, form: CredentialKind, lang: Lang) -> Problem {
    let (said, looks) = (kind_word(kind, lang), kind_word(form, lang));
    Problem::risky(
        "identity.kind_mismatch",
        say!(
            lang,
            "It is added as {said}, but looks like: {looks}.",
            "它被添加为{said}，但看起来是{looks}。"
        ),
    )
    .hinted(say!(lang, "Let the kind be found out by its form.", "让程序根据形式判断类型。"))
}

/// A pasted credential; client credentials are taken apart.
fn held(text: &str, kind: CredentialKind, used_for: Option<String>, lang: Lang) -> Result<Held, Problem> {
    let (client_id, secret) = match (kind, text.split_once(':')) {
        (CredentialKind::ClientCredentials, Some((id, secret))) => (Some(id.to_owned()), secret),
        (CredentialKind::ClientCredentials, None) => {
            return Err(Problem::refused(
                "identity.no_client_secret",
                say!(
                    lang,
                    "Client credentials are the client id and the client secret with a colon between.",
                    "客户端凭据由 client id 和 client secret 组成，中间用冒号分隔。"
                ),
            )
            .hinted(say!(lang, "Write `client_id:client_secret`.", "写成 `client_id:client_secret`。"))
            .about("secret"));
        }
        _ => (None, text),
    };
    Ok(draft(NewIdentity {
        label: String::new(),
        kind,
        origin: Origin::Pasted,
        material: Material::Credential(Secret::new(secret)),
        client_secret: None,
        user_name: None,
        user_id: None,
        client_id,
        client_name: None,
        scopes: Vec::new(),
        scopes_are_complete: false,
        redirect_uri: None,
        used_for,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_form() {
        for (text, kind) in [
            ("prism_pat_abc", CredentialKind::PersonalAccessToken),
            ("prism_abc:secret", CredentialKind::ClientCredentials),
            ("eyJhbGciOi.eyJzdWIi.c2ln", CredentialKind::SessionToken),
            ("qq-JUPk0YkeLNACVBVNFlorh_wZ5ezlG", CredentialKind::AccessToken),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
    }

    #[test]
    fn what_copying_leaves_around_is_taken_off_and_said() {
        for (given, clean, said) in
            [("abc", "abc", 0), (" abc\n", "abc", 1), ("\"abc\"", "abc", 1), ("Bearer abc", "abc", 1)]
        {
            let mut problems = Vec::new();
            assert_eq!(cleaned(given, &mut problems, Lang::En).unwrap(), clean, "{given:?}");
            assert_eq!(problems.len(), said, "{given:?}");
        }
        for given in ["", "  \n", "a b", "a\nb"] {
            assert!(cleaned(given, &mut Vec::new(), Lang::En).is_err(), "{given:?}");
        }
    }
}
