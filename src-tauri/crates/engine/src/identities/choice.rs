//! Which identity does what: one table for every panel and the command line (contract §1).

use super::Held;
use crate::connections::Deployment;
use scopes::lang::Lang;
use scopes::problem::{Actor, IdentityWay, Problem};
use scopes::say;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an identity is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// `GET /api/apps`: personal access tokens with `apps:read`, session tokens.
    ReadApps,
    /// `PATCH /api/apps/:id`: personal access tokens with `apps:write`, session tokens.
    WriteApps,
    /// Scope definitions take client credentials of the provider, too.
    Definitions,
    /// Access rules take personal access tokens and session tokens only.
    Rules,
    /// Glint takes OAuth access tokens only.
    CallGlint,
}

/// How well an identity fits a need; less is better.
type Fit = (bool, bool, bool);

/// The identity for a need: the chosen one where it fits, else the one that fits best; an ended one only when there is no
/// other. A token that was issued to somebody else is never taken by itself.
///
/// # Errors
/// `identity.none_for_…` when none fits: which kind it takes, and who can make it.
pub(crate) fn choose(
    deployment: &Deployment,
    need: Need,
    now: i64,
    lang: Lang,
) -> Result<Arc<Held>, Problem> {
    best(deployment, need, now).cloned().ok_or_else(|| need.nobody(lang))
}

/// The one that fits best; of equals the one that came first.
fn best(deployment: &Deployment, need: Need, now: i64) -> Option<&Arc<Held>> {
    let fitting =
        deployment.identities.iter().filter_map(|held| Some((held.fit(deployment, need, now)?, held)));
    fitting.min_by_key(|(fit, _)| *fit).map(|(_, held)| held)
}

/// Which identity is taken for what, by the id of the ability; a need that none fits is left out.
pub(crate) fn choices(deployment: &Deployment, now: i64) -> BTreeMap<String, String> {
    let chosen = |need: Need| Some((need.ability().to_owned(), best(deployment, need, now)?.id.clone()));
    Need::ALL.into_iter().filter_map(chosen).collect()
}

/// All identities that fit a need, the best first; equals stay in the order they came.
pub(crate) fn candidates(deployment: &Deployment, need: Need, now: i64) -> Vec<Arc<Held>> {
    let mut fitting: Vec<(Fit, &Arc<Held>)> = deployment
        .identities
        .iter()
        .filter_map(|held| Some((held.fit(deployment, need, now)?, held)))
        .collect();
    fitting.sort_by_key(|(fit, _)| *fit);
    fitting.into_iter().map(|(_, held)| held.clone()).collect()
}

impl Held {
    /// Whether it has ended and nothing can be done about it here.
    pub(crate) fn has_ended(&self, now: i64) -> bool {
        let over = self.expires_at.is_some_and(|end| end <= now);
        over && (!self.refreshable || self.refresh_dead)
    }

    /// `None`: it cannot do it.
    fn fit(&self, deployment: &Deployment, need: Need, now: i64) -> Option<Fit> {
        let known = match need {
            Need::ReadApps => self.apps("apps:read", Lang::En),
            Need::WriteApps => self.apps("apps:write", Lang::En),
            Need::Rules => self.rules(deployment, Lang::En),
            Need::Definitions => self.definitions(deployment, Lang::En),
            Need::CallGlint => self.calls(Lang::En),
        };
        if !known.can() || self.is_foreign(deployment) {
            return None;
        }
        let named = deployment.admin_now.as_ref().filter(|_| need.is_administration());
        if named.is_some_and(|named| *named != self.id) {
            return None;
        }
        let chosen = need.is_administration() && deployment.administers() == Some(&self.id);
        Some((self.has_ended(now), !chosen, known.is_unknown()))
    }
}

impl Need {
    const ALL: [Self; 5] = [Self::ReadApps, Self::WriteApps, Self::Definitions, Self::Rules, Self::CallGlint];

    /// The ability it is a need for.
    fn ability(self) -> &'static str {
        match self {
            Self::ReadApps => "read_apps",
            Self::WriteApps => "write_apps",
            Self::Definitions => "definitions",
            Self::Rules => "rules",
            Self::CallGlint => "call_glint",
        }
    }

    /// Whether the identity chosen for administration goes first.
    fn is_administration(self) -> bool {
        self != Self::CallGlint
    }

    fn nobody(self, lang: Lang) -> Problem {
        let (code, message) = self.missing(lang);
        let (hint, who) = self.cure(lang);
        let way = if self.is_administration() { IdentityWay::Pat } else { IdentityWay::SignIn };
        let problem = Problem::refused(code, message).hinted(hint).for_actor(who).cured_by(way);
        Problem { no_identity: true, ..problem }
    }

    fn missing(self, lang: Lang) -> (&'static str, String) {
        match self {
            Self::ReadApps => (
                "identity.none_for_apps",
                say!(lang, "No identity of this connection can read apps.", "此连接没有可以读取应用的身份。"),
            ),
            Self::WriteApps => (
                "identity.none_for_changing_apps",
                say!(
                    lang,
                    "No identity of this connection can change apps.",
                    "此连接没有可以修改应用的身份。"
                ),
            ),
            Self::Definitions => (
                "identity.none_for_definitions",
                say!(
                    lang,
                    "No identity of this connection can read and change scope definitions.",
                    "此连接没有可以读取和修改权限范围定义的身份。"
                ),
            ),
            Self::Rules => (
                "identity.none_for_rules",
                say!(
                    lang,
                    "No identity of this connection can read and change access rules.",
                    "此连接没有可以读取和修改访问规则的身份。"
                ),
            ),
            Self::CallGlint => (
                "identity.none_for_calls",
                say!(
                    lang,
                    "No identity of this connection can call Glint as a user.",
                    "此连接没有可以用户身份调用 Glint 的身份。"
                ),
            ),
        }
    }

    /// The kind it takes, with which scopes, and who can make one.
    fn cure(self, lang: Lang) -> (String, Actor) {
        match self {
            Self::ReadApps => (
                say!(
                    lang,
                    "Add a personal access token of the app's owner with `apps:read` in Connections; Prism takes no access tokens here.",
                    "在“连接”面板添加应用所有者的个人访问令牌，需带有 `apps:read`；Prism 在此不接受访问令牌。"
                ),
                Actor::ConsumerDeveloper,
            ),
            Self::WriteApps => (
                say!(
                    lang,
                    "Add a personal access token of the app's owner with `apps:read` and `apps:write` in Connections; Prism takes no access tokens here.",
                    "在“连接”面板添加应用所有者的个人访问令牌，需带有 `apps:read` 和 `apps:write`；Prism 在此不接受访问令牌。"
                ),
                Actor::ConsumerDeveloper,
            ),
            Self::Definitions => (
                say!(
                    lang,
                    "Add in Connections a personal access token of the provider's owner with `apps:read` and `apps:write`, or the provider's client credentials while it may manage its exported permissions itself.",
                    "在“连接”面板添加提供方所有者的个人访问令牌（带有 `apps:read` 和 `apps:write`），或在提供方允许自行管理导出权限时添加其客户端凭据。"
                ),
                Actor::ProviderOwner,
            ),
            Self::Rules => (
                say!(
                    lang,
                    "Add in Connections a personal access token of the provider's owner with `apps:read` and `apps:write`; rules take no client credentials and no access tokens.",
                    "在“连接”面板添加提供方所有者的个人访问令牌，需带有 `apps:read` 和 `apps:write`；规则不接受客户端凭据和访问令牌。"
                ),
                Actor::ProviderOwner,
            ),
            Self::CallGlint => (
                say!(
                    lang,
                    "Sign in as a user of a consumer in Connections, or add an access token; Glint takes no personal access tokens.",
                    "在“连接”面板以消费方用户的身份登录，或添加访问令牌；Glint 不接受个人访问令牌。"
                ),
                Actor::EndUser,
            ),
        }
    }
}

#[cfg(test)]
mod tests;
