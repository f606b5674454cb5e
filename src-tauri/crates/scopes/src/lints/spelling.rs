//! Remarks on single entries: what Prism drops without a word, and what can never be asked for (contract §2, §5).

use super::{Subject, curable, remark};
use crate::catalog::Lint;
use crate::lang::{Lang, brief, list};
use crate::problem::{Actor, Problem};
use crate::profile::prism;
use crate::say;
use crate::scope::{Scope, did_you_mean, is_inner_scope, split};

pub(crate) fn lints(subject: &Subject<'_>) -> Vec<Lint> {
    let mut lints: Vec<Lint> =
        subject.set.as_slice().iter().filter_map(|scope| entry(subject, scope)).collect();
    lints.extend(duplicates(subject));
    lints
}

fn entry(subject: &Subject<'_>, scope: &str) -> Option<Lint> {
    let lang = subject.input.lang;
    if scope.contains(char::is_whitespace) && matches!(split(scope), Some(Scope::App { .. })) {
        return Some(never_requested(subject, scope));
    }
    match split(scope) {
        None => Some(dropped(subject, scope)),
        Some(Scope::Platform(name)) if !is_platform(name) => Some(dropped(subject, scope)),
        Some(Scope::App { client_id, inner }) if !is_inner_scope(inner) => {
            Some(remark(
                Problem::risky(
                    "scope.never_defined",
                    say!(
                        lang,
                        "`{inner}` can never be defined at Prism: names there hold letters, digits, `_`, `-` and `.`.",
                        "`{inner}` 无法在 Prism 定义：名称只能有字母、数字、`_`、`-` 和 `.`。"
                    ),
                )
                .about(scope)
                .hinted(say!(
                    lang,
                    "Ask the owner of `{client_id}` for the right name.",
                    "向 `{client_id}` 的所有者确认正确的名称。"
                )),
            ))
        }
        _ => None,
    }
}

fn is_platform(name: &str) -> bool {
    prism().scopes.iter().any(|scope| scope.key == name)
}

fn never_requested(subject: &Subject<'_>, scope: &str) -> Lint {
    let (lang, shown) = (subject.input.lang, brief(scope));
    let problem = Problem::risky(
        "scope.never_requested",
        say!(
            lang,
            "`{shown}` holds a blank: Prism stores it, but nobody can ever request it.",
            "`{shown}` 中有空白：Prism 会保存它，但永远无法被请求。"
        ),
    )
    .about(scope)
    .for_actor(Actor::ConsumerDeveloper);
    let key = split(scope).and_then(|parts| match parts {
        Scope::App { inner, .. } => Some(inner),
        _ => None,
    });
    let untick = subject.ticked(&[key.unwrap_or_default()]);
    let meant = key.and_then(|key| {
        let joined = key.split_whitespace().collect::<Vec<_>>().join("_");
        subject.input.profile.scope(&joined).map(|known| known.key.clone())
    });
    let tick: Vec<String> = meant.into_iter().filter(|_| !untick.is_empty()).collect();
    curable(problem.hinted(remove_or_replace(&tick, lang)), fix_label(&tick, lang), tick, untick)
}

fn dropped(subject: &Subject<'_>, scope: &str) -> Lint {
    let (lang, shown) = (subject.input.lang, brief(scope));
    let platform = prism().scopes.iter().map(|known| known.key.as_str());
    let inner = subject.input.profile.scopes.iter().map(|known| known.key.as_str());
    let exact = subject.input.profile.scope(scope).map(|known| known.key.as_str());
    let meant = exact.or_else(|| did_you_mean(scope, platform.chain(inner)));
    let problem = Problem::risky(
        "scope.dropped",
        say!(
            lang,
            "Prism would drop `{shown}` without a word: it is neither one of its own scopes nor `app:<client id>:<inner scope>`.",
            "Prism 会悄悄丢弃 `{shown}`：它既不是 Prism 自己的范围，也不是 `app:<client id>:<范围>` 的形式。"
        ),
    )
    .about(scope)
    .for_actor(Actor::ConsumerDeveloper);
    let untick = subject.ticked(&[scope]);
    let tick: Vec<String> = meant.map(str::to_owned).into_iter().filter(|_| !untick.is_empty()).collect();
    let hint = match meant {
        Some(meant) => say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？"),
        None => say!(lang, "Remove it.", "移除它。"),
    };
    curable(problem.hinted(hint), fix_label(&tick, lang), tick, untick)
}

fn remove_or_replace(tick: &[String], lang: Lang) -> String {
    match tick.first() {
        Some(meant) => say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？"),
        None => say!(lang, "Remove it.", "移除它。"),
    }
}

fn fix_label(tick: &[String], lang: Lang) -> String {
    if tick.is_empty() { say!(lang, "Remove it", "移除") } else { say!(lang, "Replace it", "替换") }
}

fn duplicates(subject: &Subject<'_>) -> Option<Lint> {
    let lang = subject.input.lang;
    let mut seen = std::collections::HashSet::new();
    let mut twice: Vec<&str> = subject
        .pasted
        .iter()
        .map(|entry| entry.scope.as_str())
        .filter(|scope| !seen.insert(*scope))
        .collect();
    twice.sort_unstable();
    twice.dedup();
    if twice.is_empty() {
        return None;
    }
    let names = list(lang, &twice);
    let mut problem = Problem::note(
        "scope.duplicate",
        say!(
            lang,
            "The pasted list holds {names} more than once; here each stands once.",
            "粘贴的列表中 {names} 重复出现；这里各保留一次。"
        ),
    );
    problem.related = twice.into_iter().map(str::to_owned).collect();
    Some(remark(problem))
}
