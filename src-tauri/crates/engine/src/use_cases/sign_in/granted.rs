//! Granted against requested. Prism drops scopes without a word; its consent preview says why (contract §5, §6).

use super::probe::Probe;
use crate::oauth::Tokens;
use crate::operations::sign_in::{DroppedScope, SignedIn};
use crate::use_cases::catalog::{key, refusal};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;

/// The granted scopes; an answer that names none granted what was asked for (RFC 6749 §5.1).
pub(super) fn of(tokens: &Tokens, requested: &[String]) -> Vec<String> {
    match &tokens.scope {
        Some(scope) => scope.split_whitespace().map(str::to_owned).collect(),
        None => requested.to_vec(),
    }
}

/// What was asked for and not granted, each with its reason.
pub(super) fn dropped(
    requested: &[String],
    granted: &[String],
    probes: &[Probe],
    client: &str,
    lang: Lang,
) -> Vec<DroppedScope> {
    let missing = requested.iter().filter(|scope| !holds(granted, scope));
    missing
        .map(|scope| {
            let previews = probes.iter().filter_map(|probe| probe.preview.as_ref());
            let reason = previews
                .flat_map(|preview| &preview.rejected_scopes)
                .find(|rejected| rejected.scope == *scope)
                .map(|rejected| rejected.reason.clone());
            let words = match &reason {
                Some(reason) => in_words(reason, scope, client, lang),
                None => untold(scope, lang),
            };
            DroppedScope { scope: scope.clone(), reason, words }
        })
        .collect()
}

/// What the preview leaves out already.
pub(super) fn foreseen(probes: &[Probe], client: &str, lang: Lang) -> Vec<DroppedScope> {
    let preview = probes.iter().find_map(|probe| probe.preview.as_ref());
    preview
        .into_iter()
        .flat_map(|preview| &preview.rejected_scopes)
        .map(|rejected| DroppedScope {
            scope: rejected.scope.clone(),
            reason: Some(rejected.reason.clone()),
            words: in_words(&rejected.reason, &rejected.scope, client, lang),
        })
        .collect()
}

/// A scope about one team comes back bound to it: `team:read` as `team:<id>:read`.
fn holds(granted: &[String], scope: &str) -> bool {
    let bound = |granted: &str| {
        let inner = scope.strip_prefix("team:")?;
        let (_, last) = granted.strip_prefix("team:")?.split_once(':')?;
        Some(last == inner)
    };
    granted.iter().any(|granted| granted == scope || bound(granted) == Some(true))
}

fn in_words(reason: &str, scope: &str, client: &str, lang: Lang) -> String {
    let problem = refusal(reason, &key(scope), client, lang);
    let between = match lang {
        Lang::En => " ",
        Lang::Zh => "",
    };
    std::iter::once(problem.message).chain(problem.hints).collect::<Vec<_>>().join(between)
}

fn untold(scope: &str, lang: Lang) -> String {
    let key = key(scope);
    say!(
        lang,
        "The server left `{key}` out and does not say why. Look whether it was unticked at consent.",
        "服务器略去了 `{key}`，没有说明原因。查看授权时是否取消了勾选。"
    )
}

/// Everything was dropped: the token opens nothing.
pub(super) fn nothing(requested: &[String], granted: &[String], lang: Lang) -> Option<Problem> {
    (granted.is_empty() && !requested.is_empty()).then(|| {
        Problem::risky(
            "sign_in.nothing_granted",
            say!(
                lang,
                "The sign-in worked, but nothing was granted: the token has no scope and opens nothing.",
                "登录已完成，但什么都没有授予：令牌没有任何权限范围，什么也打不开。"
            ),
        )
        .hinted(say!(
            lang,
            "Look at the reason beside each scope, mend it, and sign in again.",
            "查看每个权限范围旁的原因，解决后重新登录。"
        ))
        .for_actor(Actor::ConsumerDeveloper)
    })
}

/// More was granted than asked for, which no server of ours does.
pub(super) fn surplus(requested: &[String], granted: &[String], lang: Lang) -> Option<Problem> {
    let more: Vec<&String> =
        granted.iter().filter(|scope| !requested.contains(scope) && !is_bound(requested, scope)).collect();
    let names = scopes::lang::list(lang, &more);
    (!more.is_empty()).then(|| {
        Problem::risky(
            "sign_in.more_granted",
            say!(lang, "More was granted than asked for: {names}.", "授予的多于请求的：{names}。"),
        )
        .hinted(say!(
            lang,
            "Revoke the identity if you did not mean to allow that.",
            "如果不打算允许，撤销此身份。"
        ))
    })
}

fn is_bound(requested: &[String], granted: &str) -> bool {
    requested.iter().any(|scope| holds(&[granted.to_owned()], scope))
}

/// One sentence for the browser's page.
pub(super) fn in_short(signed_in: &SignedIn, lang: Lang) -> String {
    let (granted, requested) = (signed_in.granted.len(), signed_in.requested.len());
    if granted == 0 && requested > 0 {
        return say!(
            lang,
            "But nothing was granted: none of the scopes asked for. Spectroscope says why.",
            "但什么都没有授予：请求的权限范围一个也没有。Spectroscope 会说明原因。"
        );
    }
    match signed_in.dropped.len() {
        0 => say!(lang, "Everything asked for was granted.", "请求的全部权限范围均已授予。"),
        1 => say!(
            lang,
            "One of {requested} scopes was left out. Spectroscope says why.",
            "{requested} 个权限范围中有 1 个被略去。Spectroscope 会说明原因。"
        ),
        dropped => say!(
            lang,
            "{dropped} of {requested} scopes were left out. Spectroscope says why.",
            "{requested} 个权限范围中有 {dropped} 个被略去。Spectroscope 会说明原因。"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_scope_bound_to_a_team_counts_as_granted() {
        let granted = list("openid team:22d7:read");
        assert!(holds(&granted, "team:read") && holds(&granted, "openid"));
        assert!(!holds(&granted, "team:write") && !holds(&granted, "profile"));
        assert!(surplus(&list("openid team:read"), &granted, Lang::En).is_none());
        assert!(surplus(&list("openid"), &granted, Lang::En).is_some());
    }

    #[test]
    fn no_scope_at_all_is_said_aloud() {
        let tokens = |scope: Option<&str>| Tokens {
            access_token: scopes::secret::Secret::new("t"),
            refresh_token: None,
            id_token: None,
            expires_in: None,
            scope: scope.map(str::to_owned),
        };
        let asked = list("openid profile");
        assert_eq!(of(&tokens(None), &asked), asked);
        assert_eq!(of(&tokens(Some("")), &asked), Vec::<String>::new());
        assert!(nothing(&asked, &of(&tokens(Some("")), &asked), Lang::En).is_some());
        assert!(nothing(&[], &[], Lang::En).is_none());
    }
}
