//! What an identity can and cannot do, by the measured matrix (contract §1), in words.

use super::Held;
use crate::connections::Deployment;
use crate::operations::connections::{Ability, CredentialKind};
use scopes::lang::Lang;
use scopes::say;

/// What is known about one ability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// It is there.
    Yes,
    /// It is there if all these conditions hold, which were not observed.
    Unknown(Vec<String>),
    /// It is not there, for this reason.
    No(String),
}

impl Known {
    /// Whether it is there, as far as known.
    pub(super) fn can(&self) -> bool {
        !matches!(self, Self::No(_))
    }

    /// Whether it depends on something that was not observed.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The same with one more condition.
    fn only_if(self, condition: String) -> Self {
        match self {
            Self::Yes => Self::Unknown(vec![condition]),
            Self::Unknown(mut conditions) => {
                conditions.push(condition);
                Self::Unknown(conditions)
            }
            no @ Self::No(_) => no,
        }
    }

    fn note(self) -> String {
        match self {
            Self::Yes => String::new(),
            Self::Unknown(conditions) => conditions.join(" "),
            Self::No(why) => why,
        }
    }
}

impl Held {
    pub(super) fn abilities(&self, deployment: &Deployment, lang: Lang) -> Vec<Ability> {
        let ability = |id: &str, title: String, known: Known| Ability {
            id: id.to_owned(),
            title,
            can: known.can(),
            known: !known.is_unknown(),
            note: known.note(),
        };
        vec![
            ability("read_apps", say!(lang, "Read apps", "读取应用"), self.apps("apps:read", lang)),
            ability("write_apps", say!(lang, "Change apps", "修改应用"), self.apps("apps:write", lang)),
            ability(
                "definitions",
                say!(lang, "Change scope definitions", "修改权限范围定义"),
                self.definitions(deployment, lang),
            ),
            ability("rules", say!(lang, "Change access rules", "修改访问规则"), self.rules(deployment, lang)),
            ability(
                "call_glint",
                say!(lang, "Call Glint as a user", "以用户身份调用 Glint"),
                self.calls(lang),
            ),
            ability("read_teams", say!(lang, "Read teams at Prism", "读取 Prism 上的团队"), self.teams(lang)),
        ]
    }

    pub(super) fn carries(&self, scope: &str, lang: Lang) -> Known {
        if self.scopes.iter().any(|held| held == scope) {
            Known::Yes
        } else if self.scopes_are_complete || self.lacks.iter().any(|lacking| lacking == scope) {
            Known::No(say!(lang, "It lacks `{scope}`.", "它没有 `{scope}`。"))
        } else {
            Known::Yes.only_if(say!(
                lang,
                "Only if it carries `{scope}`; Prism does not say which scopes it has.",
                "仅当它带有 `{scope}` 时可以；Prism 不会说明它有哪些权限范围。"
            ))
        }
    }

    pub(super) fn apps(&self, scope: &str, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::PersonalAccessToken => self.carries(scope, lang),
            CredentialKind::SessionToken => Known::Yes,
            CredentialKind::AccessToken => Known::No(say!(
                lang,
                "Prism takes no access tokens here; it needs a personal access token.",
                "Prism 在此不接受访问令牌，需要个人访问令牌。"
            )),
            CredentialKind::ClientCredentials => Known::No(say!(
                lang,
                "Prism takes client credentials for scope definitions only.",
                "Prism 只在权限范围定义上接受客户端凭据。"
            )),
        }
    }

    pub(super) fn definitions(&self, deployment: &Deployment, lang: Lang) -> Known {
        if self.kind != CredentialKind::ClientCredentials {
            return self.rules(deployment, lang);
        }
        if self.client_id.is_none() || self.client_id.as_deref() != deployment.provider() {
            return Known::No(say!(
                lang,
                "Only for the client's own definitions, and this is not the provider's client.",
                "只能管理该客户端自己的定义，而它不是提供方的客户端。"
            ));
        }
        Known::Yes.only_if(say!(
            lang,
            "Only while the app may manage its exported permissions itself.",
            "仅当应用允许自行管理其导出权限时可以。"
        ))
    }

    /// Access rules of the provider: its owner, an admin of its team, or a site administrator (contract §1). Prism tells
    /// only which personal apps a user owns.
    pub(super) fn rules(&self, deployment: &Deployment, lang: Lang) -> Known {
        let apps = self.apps("apps:write", lang);
        if deployment.provider().is_some_and(|provider| self.owns.iter().any(|owned| owned == provider)) {
            return apps;
        }
        apps.only_if(say!(
            lang,
            "Only as an admin of the provider's team or a site administrator; the provider is not among its own apps.",
            "仅当它是提供方团队的管理员或站点管理员时可以；提供方不在它自己的应用中。"
        ))
    }

    pub(super) fn calls(&self, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::AccessToken => Known::Yes,
            _ => Known::No(say!(
                lang,
                "Glint takes only OAuth access tokens.",
                "Glint 只接受 OAuth 访问令牌。"
            )),
        }
    }

    fn teams(&self, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::SessionToken => Known::Yes,
            CredentialKind::ClientCredentials => {
                Known::No(say!(lang, "It acts for no person.", "它不代表任何人。"))
            }
            _ => self.carries("teams:read", lang),
        }
    }
}
