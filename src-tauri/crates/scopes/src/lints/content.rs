//! Remarks on the list as a whole: what is missing, what is said twice, what the provider does not know.

use super::{Subject, curable, remark};
use crate::catalog::{Badge, Lint};
use crate::lang::list;
use crate::problem::{Actor, Problem};
use crate::profile::ProfileScope;
use crate::say;
use crate::scope::{did_you_mean, is_inner_scope};

pub(crate) fn lints(subject: &Subject<'_>) -> Vec<Lint> {
    if subject.inner.is_empty() {
        return Vec::new();
    }
    let provider = subject.input.profile;
    let mut lints: Vec<Lint> = [
        other_provider(subject),
        no_membership_scope(subject),
        no_base_scope(subject),
        no_offline_scope(subject),
        not_defined(subject),
        unfamiliar(subject),
    ]
    .into_iter()
    .flatten()
    .collect();
    for scope in provider.scopes.iter().filter(|scope| subject.holds(&scope.key)) {
        lints.extend(renamed(subject, scope));
        lints.extend(broad(subject, scope));
    }
    lints
}

fn other_provider(subject: &Subject<'_>) -> Option<Lint> {
    let (input, lang) = (subject.input, subject.input.lang);
    let known = input.provider_client_id_known?;
    if input.client_id.is_empty() || input.client_id == known {
        return None;
    }
    let name = &input.profile.name;
    let message = if known.trim() == input.client_id {
        say!(
            lang,
            "{name} is configured with a blank around its client id: it will look for another scope than this one.",
            "{name} 配置的 client id 带有空白：它会查找与此不同的范围。"
        )
    } else {
        say!(
            lang,
            "The connected {name} has the client id `{known}`; it does not recognise scopes of another one.",
            "当前连接的 {name} 的 client id 是 `{known}`；它不认其他 client id 的范围。"
        )
    };
    let hint = say!(lang, "Use `{known}` as the client id.", "把 client id 改为 `{known}`。");
    Some(remark(Problem::risky("scope.other_provider", message).hinted(hint).about(known)))
}

fn no_membership_scope(subject: &Subject<'_>) -> Option<Lint> {
    let (name, lang) = (&subject.input.profile.name, subject.input.lang);
    let scope = subject.input.profile.always_with.membership.as_ref()?;
    if subject.set.contains(scope) {
        return None;
    }
    let problem = Problem::risky(
        "scope.no_membership",
        say!(
            lang,
            "Without `{scope}` {name} refuses every user who has not signed in to it within the last hour.",
            "没有 `{scope}`，{name} 会拒绝最近一小时内没有登录过它的用户。"
        ),
    )
    .hinted(say!(lang, "Add `{scope}`.", "加上 `{scope}`。"))
    .about(scope);
    Some(curable(problem, say!(lang, "Add it", "加上"), vec![scope.clone()], Vec::new()))
}

fn no_base_scope(subject: &Subject<'_>) -> Option<Lint> {
    let (profile, lang) = (subject.input.profile, subject.input.lang);
    let base = profile.always_with.base.as_ref()?;
    let opens = |scope: &&ProfileScope| scope.key == *base || scope.covers.contains(base);
    if profile.scopes.iter().filter(opens).any(|scope| subject.holds(&scope.key)) {
        return None;
    }
    let problem = Problem::risky(
        "scope.no_base",
        say!(
            lang,
            "Without `{base}` the integration cannot list anything, not even the ids the other calls need.",
            "没有 `{base}`，集成无法列出任何内容，其他调用所需的 id 也拿不到。"
        ),
    )
    .hinted(say!(lang, "Add `{base}`.", "加上 `{base}`。"))
    .about(base);
    Some(curable(problem, say!(lang, "Add it", "加上"), vec![base.clone()], Vec::new()))
}

fn no_offline_scope(subject: &Subject<'_>) -> Option<Lint> {
    let lang = subject.input.lang;
    let scope = subject.input.profile.always_with.offline.as_ref()?;
    if subject.set.contains(scope) {
        return None;
    }
    let problem = Problem::note(
        "scope.no_offline",
        say!(
            lang,
            "Without `{scope}` there is no refresh token: a server integration stops when its access token expires.",
            "没有 `{scope}` 就没有 refresh token：access token 过期后，服务器端的集成会停止工作。"
        ),
    )
    .hinted(say!(lang, "Add `{scope}` if it works without its user.", "如果用户不在场时也要工作，加上 `{scope}`。"))
    .about(scope);
    Some(curable(problem, say!(lang, "Add it", "加上"), vec![scope.clone()], Vec::new()))
}

fn not_defined(subject: &Subject<'_>) -> Option<Lint> {
    let lang = subject.input.lang;
    let live = subject.input.live?;
    let known = |key: &&str| subject.input.profile.scope(key).is_some();
    let missing: Vec<&str> = subject
        .inner
        .iter()
        .copied()
        .filter(known)
        .filter(|key| !live.iter().any(|d| d.scope == *key))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let names = list(lang, &missing);
    let mut problem = Problem::note(
        "scope.not_defined",
        say!(
            lang,
            "Prism holds no definition of {names}: users see the bare scope at consent.",
            "Prism 没有 {names} 的定义：用户在授权页只能看到范围的原名。"
        ),
    )
    .hinted(say!(
        lang,
        "{} defines it; calls work without.",
        "由 {} 的所有者定义；没有定义也能调用。",
        subject.input.profile.name
    ))
    .for_actor(Actor::ProviderOwner);
    problem.related = missing.into_iter().map(str::to_owned).collect();
    Some(remark(problem))
}

/// An inner scope that neither the profile nor the live definitions know.
fn unfamiliar(subject: &Subject<'_>) -> Option<Lint> {
    let (profile, lang) = (subject.input.profile, subject.input.lang);
    let live = || subject.input.live.unwrap_or_default().iter().map(|definition| definition.scope.as_str());
    let known = || profile.scopes.iter().map(|scope| scope.key.as_str()).chain(live());
    let strange = |key: &&str| is_inner_scope(key) && !known().any(|known| known == *key);
    let strange: Vec<&str> = subject.inner.iter().copied().filter(strange).collect();
    let first = strange.first()?;
    let (names, provider) = (list(lang, &strange), &profile.name);
    let mut problem = Problem::risky(
        "scope.unfamiliar",
        say!(
            lang,
            "{names}: no {provider} that is known here has such a scope; Prism takes it all the same.",
            "{names}：这里已知的 {provider} 没有这样的范围；Prism 仍会接受。"
        ),
    );
    let (mut tick, mut untick) = (Vec::new(), Vec::new());
    if let Some(meant) = did_you_mean(first, known()) {
        problem = problem.hinted(say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？"));
        if strange.len() == 1 {
            untick = subject.ticked(&[first]);
            tick = if untick.is_empty() { Vec::new() } else { vec![meant.to_owned()] };
        }
    }
    problem.related = strange.into_iter().map(str::to_owned).collect();
    Some(curable(problem, say!(lang, "Replace it", "替换"), tick, untick))
}

/// A scope the provider renamed. Whether this deployment already has is read off its definitions, where they are known.
fn renamed(subject: &Subject<'_>, scope: &ProfileScope) -> Option<Lint> {
    if !scope.badges.contains(&Badge::Gone) {
        return None;
    }
    let (key, lang, name) = (&scope.key, subject.input.lang, &subject.input.profile.name);
    let new = list(lang, &scope.replaced_by);
    let is_live = |key: &str| subject.input.live.map(|live| live.iter().any(|d| d.scope == key));
    let moved = is_live(key) == Some(false) || scope.replaced_by.iter().any(|new| is_live(new) == Some(true));
    let message = say!(
        lang,
        "Newer versions of {name} no longer know `{key}`; there it opens nothing, and {new} took its place.",
        "较新的 {name} 不再认识 `{key}`；它在那里不起作用，由 {new} 取代。"
    );
    let problem = if moved {
        Problem::risky("scope.renamed", message)
    } else {
        Problem::note("scope.renamed", message)
    };
    let problem = problem
        .hinted(say!(
            lang,
            "Use {new}, after asking users for consent again.",
            "改用 {new}，并让用户重新授权。"
        ))
        .about(key);
    let tick = scope.replaced_by.iter().filter(|new| !subject.holds(new)).cloned().collect();
    Some(curable(problem, say!(lang, "Replace it", "替换"), tick, subject.ticked(&[key])))
}

/// A scope that covers others: said twice, or broader than needed.
fn broad(subject: &Subject<'_>, scope: &ProfileScope) -> Option<Lint> {
    let (key, lang) = (scope.key.as_str(), subject.input.lang);
    let covered: Vec<&str> = scope.covers.iter().map(String::as_str).filter(|c| subject.holds(c)).collect();
    let names = list(lang, &covered);
    if scope.badges.contains(&Badge::Bundle) {
        let message = if covered.is_empty() {
            say!(lang, "`{key}` opens nearly everything at once.", "`{key}` 会一次打开几乎全部功能。")
        } else {
            say!(
                lang,
                "`{key}` opens nearly everything at once, {names} included.",
                "`{key}` 会一次打开几乎全部功能，其中包括 {names}。"
            )
        };
        let problem = Problem::risky("scope.bundle", message)
            .hinted(say!(lang, "Ask for the single scopes the calls need.", "只申请调用所需的单项范围。"))
            .about(key);
        let untick = if covered.is_empty() { Vec::new() } else { subject.ticked(&[key]) };
        return Some(curable(problem, say!(lang, "Remove `{key}`", "移除 `{key}`"), Vec::new(), untick));
    }
    if !scope.badges.contains(&Badge::Legacy) {
        return None;
    }
    let every = list(lang, &scope.covers);
    let message = if covered.is_empty() {
        say!(
            lang,
            "`{key}` is a legacy scope that opens {every} at once.",
            "`{key}` 是旧版范围，一次打开 {every}。"
        )
    } else {
        say!(lang, "`{key}` already covers {names}.", "`{key}` 已经包含 {names}。")
    };
    let hint = say!(lang, "Ask for the single scopes instead.", "改为申请单项范围。");
    let problem = Problem::note("scope.legacy", message).hinted(hint).about(key);
    let untick = subject.ticked(&[key]);
    let tick = if covered.is_empty() && !untick.is_empty() { scope.replaced_by.clone() } else { Vec::new() };
    let label = if covered.is_empty() {
        say!(lang, "Replace it", "替换")
    } else {
        say!(lang, "Remove `{key}`", "移除 `{key}`")
    };
    Some(curable(problem, label, tick, untick))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_scopes_named_by_the_profile_exist_at_prism() {
        let with = &crate::profile::glint().always_with;
        for key in with.membership.iter().chain(&with.offline) {
            assert!(crate::profile::prism().scopes.iter().any(|scope| scope.key == *key), "{key}");
        }
    }
}
