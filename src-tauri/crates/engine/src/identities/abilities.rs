//! What an identity can and cannot do, by the measured matrix (contract §1), in words.

use super::Held;
use crate::connections::Deployment;
use crate::operations::connections::{Ability, CredentialKind};
use scopes::lang::Lang;
use scopes::say;

/// What is known about one ability: whether it is there, and the sentence beside it.
type Known = (bool, String);

impl Held {
    pub(super) fn abilities(&self, deployment: &Deployment, lang: Lang) -> Vec<Ability> {
        let ability = |id: &str, title: String, known: Known| Ability {
            id: id.to_owned(),
            title,
            can: known.0,
            note: known.1,
        };
        vec![
            ability("read_apps", say!(lang, "Read apps", "读取应用"), self.apps("apps:read", lang)),
            ability("write_apps", say!(lang, "Change apps", "修改应用"), self.apps("apps:write", lang)),
            ability(
                "definitions",
                say!(lang, "Change scope definitions", "修改权限范围定义"),
                self.definitions(deployment, lang),
            ),
            ability(
                "rules",
                say!(lang, "Change access rules", "修改访问规则"),
                self.apps("apps:write", lang),
            ),
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
            (true, String::new())
        } else if self.scopes_are_complete || self.lacks.iter().any(|lacking| lacking == scope) {
            (false, say!(lang, "It lacks `{scope}`.", "它没有 `{scope}`。"))
        } else {
            (
                true,
                say!(
                    lang,
                    "Only if it carries `{scope}`; Prism does not say which scopes it has.",
                    "仅当它带有 `{scope}` 时可以；Prism 不会说明它有哪些权限范围。"
                ),
            )
        }
    }

    pub(super) fn apps(&self, scope: &str, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::PersonalAccessToken => self.carries(scope, lang),
            CredentialKind::SessionToken => (true, String::new()),
            CredentialKind::AccessToken => (
                false,
                say!(
                    lang,
                    "Prism takes no access tokens here; it needs a personal access token.",
                    "Prism 在此不接受访问令牌，需要个人访问令牌。"
                ),
            ),
            CredentialKind::ClientCredentials => (
                false,
                say!(
                    lang,
                    "Prism takes client credentials for scope definitions only.",
                    "Prism 只在权限范围定义上接受客户端凭据。"
                ),
            ),
        }
    }

    pub(super) fn definitions(&self, deployment: &Deployment, lang: Lang) -> Known {
        if self.kind != CredentialKind::ClientCredentials {
            return self.apps("apps:write", lang);
        }
        if self.client_id.is_none() || self.client_id.as_deref() != deployment.provider() {
            return (
                false,
                say!(
                    lang,
                    "Only for the client's own definitions, and this is not the provider's client.",
                    "只能管理该客户端自己的定义，而它不是提供方的客户端。"
                ),
            );
        }
        (
            true,
            say!(
                lang,
                "Only while the app may manage its exported permissions itself.",
                "仅当应用允许自行管理其导出权限时可以。"
            ),
        )
    }

    pub(super) fn calls(&self, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::AccessToken => (true, String::new()),
            _ => {
                (false, say!(lang, "Glint takes only OAuth access tokens.", "Glint 只接受 OAuth 访问令牌。"))
            }
        }
    }

    fn teams(&self, lang: Lang) -> Known {
        match self.kind {
            CredentialKind::SessionToken => (true, String::new()),
            CredentialKind::ClientCredentials => {
                (false, say!(lang, "It acts for no person.", "它不代表任何人。"))
            }
            _ => self.carries("teams:read", lang),
        }
    }
}
