//! Credentials held in memory, and what each may do by the measured matrix (contract §1).

use crate::connections::Deployment;
use crate::http::Credential;
use crate::operations::connections::{Ability, CredentialKind, Identity, Origin};
use crate::operations::vault::VaultKind;
use crate::server::Server;
use scopes::lang::{Lang, Text};
use scopes::say;
use scopes::secret::Secret;

/// A credential with what is known about it. Only handles of it leave the engine.
pub(crate) struct Held {
    /// Handle.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) label: String,
    /// The same in Simplified Chinese, where somebody gave it.
    pub(crate) label_zh: Option<String>,
    /// Kind.
    pub(crate) kind: CredentialKind,
    /// The credential; for client credentials the client secret.
    pub(crate) secret: Secret,
    /// Name of the person.
    pub(crate) user_name: Option<String>,
    /// User id of the person.
    pub(crate) user_id: Option<String>,
    /// Client it was issued to.
    pub(crate) client_id: Option<String>,
    /// That client's name.
    pub(crate) client_name: Option<String>,
    /// Scopes it is known to carry.
    pub(crate) scopes: Vec<String>,
    /// Whether it carries nothing beyond `scopes`; a personal access token does not tell.
    pub(crate) scopes_are_complete: bool,
    /// Scopes it was found not to carry.
    pub(crate) lacks: Vec<String>,
    /// Unix seconds.
    pub(crate) expires_at: Option<i64>,
    /// What it is good for.
    pub(crate) note: Option<Text>,
    /// Whether a person pasted it in.
    pub(crate) pasted: bool,
}

/// What is known about one ability: whether it is there, and the sentence beside it.
type Known = (bool, String);

impl Held {
    /// Its header, bound to the given servers.
    pub(crate) fn credential(&self, bound: Vec<Server>) -> Credential {
        match (self.kind, &self.client_id) {
            (CredentialKind::ClientCredentials, Some(client_id)) => {
                Credential::basic(client_id, self.secret.clone(), bound)
            }
            _ => Credential::bearer(self.secret.clone(), bound),
        }
    }

    /// Whether it is, or may be, accepted by `/api/apps` for writing.
    pub(crate) fn can_write_apps(&self) -> bool {
        self.apps("apps:write", Lang::En).0
    }

    /// Whether it is, or may be, accepted by `/api/apps` for reading.
    pub(crate) fn can_read_apps(&self) -> bool {
        self.apps("apps:read", Lang::En).0
    }

    /// Whether it carries the scope, as far as known.
    pub(crate) fn may_carry(&self, scope: &str) -> bool {
        self.carries(scope, Lang::En).0
    }

    /// The person or client, in one word.
    pub(crate) fn who(&self) -> &str {
        self.user_name.as_deref().or(self.client_name.as_deref()).unwrap_or(&self.label)
    }

    /// Its name in this language.
    pub(crate) fn label_in(&self, lang: Lang) -> &str {
        self.label_zh.as_deref().filter(|_| lang == Lang::Zh).unwrap_or(&self.label)
    }

    /// "olivia, personal access token".
    pub(crate) fn in_words(&self, lang: Lang) -> String {
        let (who, kind) = (self.who(), kind_word(self.kind, lang));
        say!(lang, "{who}, {kind}", "{who}，{kind}")
    }

    /// What the window sees.
    pub(crate) fn view(&self, deployment: &Deployment, lang: Lang) -> Identity {
        let administers =
            matches!(self.kind, CredentialKind::PersonalAccessToken | CredentialKind::SessionToken)
                && self.can_read_apps()
                || self.kind == CredentialKind::ClientCredentials && self.definitions(deployment, lang).0;
        Identity {
            id: self.id.clone(),
            label: self.label_in(lang).to_owned(),
            kind: self.kind,
            user_name: self.user_name.clone(),
            user_id: self.user_id.clone(),
            client_id: self.client_id.clone(),
            client_name: self.client_name.clone(),
            scopes: self.scopes.clone(),
            expires_at: self.expires_at,
            note: self.note.as_ref().map(|note| note.get(lang).to_owned()).unwrap_or_default(),
            abilities: self.abilities(deployment, lang),
            // On the sandbox the wrong kind of credential may be tried; a real Glint never gets to see one.
            for_calls: self.kind == CredentialKind::AccessToken || deployment.is_sandbox(),
            for_admin: administers,
            removable: self.pasted,
            origin: if self.pasted { Origin::Pasted } else { Origin::BuiltIn },
            kept: Some(VaultKind::Memory),
            refreshable: false,
            used_for: None,
            foreign: false,
        }
    }

    fn abilities(&self, deployment: &Deployment, lang: Lang) -> Vec<Ability> {
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

    fn carries(&self, scope: &str, lang: Lang) -> Known {
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

    fn apps(&self, scope: &str, lang: Lang) -> Known {
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

    fn definitions(&self, deployment: &Deployment, lang: Lang) -> Known {
        if self.kind != CredentialKind::ClientCredentials {
            return self.apps("apps:write", lang);
        }
        if self.client_id.is_none() || self.client_id != deployment.saved.provider_client_id {
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

    fn calls(&self, lang: Lang) -> Known {
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

/// A kind in words.
pub(crate) fn kind_word(kind: CredentialKind, lang: Lang) -> String {
    match kind {
        CredentialKind::PersonalAccessToken => say!(lang, "personal access token", "个人访问令牌"),
        CredentialKind::ClientCredentials => say!(lang, "client credentials", "客户端凭据"),
        CredentialKind::AccessToken => say!(lang, "access token", "访问令牌"),
        CredentialKind::SessionToken => say!(lang, "session token", "登录令牌"),
    }
}
