//! Identities: what is known of a credential, what it may do, and where its secret is. Only handles of it leave the engine.

mod abilities;
mod choice;
mod credential;
mod doubt;
mod keep;
mod material;
mod moved;
mod provenance;
mod renew;
mod revoke;
mod saved;
mod trouble;
mod turn;
mod update;

use crate::connections::Deployment;
use crate::operations::connections::{CredentialKind, Identity, Origin};
use crate::operations::vault::VaultKind;
use scopes::lang::{Lang, Text};
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Map, Value};
use std::sync::Arc;

pub(crate) use choice::{Need, candidates, choices, choose};
pub(crate) use keep::{NewIdentity, draft, forget, keep, keep_held};
pub(crate) use material::{Cache, Material, TokenSet};
pub(crate) use moved::moved;
pub(crate) use revoke::revoke;
pub(crate) use saved::SavedIdentity;
pub(crate) use trouble::left_behind;
pub(crate) use update::update;

/// An identity. Its secret is not in here: [`crate::engine::Engine::credential`] gets it from the vault when it is used.
#[derive(Clone)]
pub(crate) struct Held {
    /// Handle.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) label: String,
    /// The same in Simplified Chinese, where somebody gave it.
    pub(crate) label_zh: Option<String>,
    /// Kind.
    pub(crate) kind: CredentialKind,
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
    /// Client ids of the apps its user was seen to own.
    pub(crate) owns: Vec<String>,
    /// Unix seconds.
    pub(crate) expires_at: Option<i64>,
    /// What it is good for.
    pub(crate) note: Option<Text>,
    /// How it came here.
    pub(crate) origin: Origin,
    /// The client the person says it is used for.
    pub(crate) used_for: Option<String>,
    /// The redirect URI it was signed in with, to be tried first the next time.
    pub(crate) redirect_uri: Option<String>,
    /// Whether a refresh token came with it.
    pub(crate) refreshable: bool,
    /// Whether the server refused its refresh token for good.
    pub(crate) refresh_dead: bool,
    /// Whether the person goes on with it though it was issued to another client than it is used for.
    pub(crate) accepted: bool,
    /// Whether the secret of its client lies in the vault beside it.
    pub(crate) has_client_secret: bool,
    /// Whether it came with an import, without its secrets.
    pub(crate) imported: bool,
    /// Saved members that this version does not know.
    pub(crate) rest: Map<String, Value>,
    /// Where its secrets went; `None`: not known yet in this run.
    pub(crate) kept: Option<VaultKind>,
    /// What was loaded of its secrets, shared by all copies.
    pub(crate) cache: Arc<Cache>,
}

impl Held {
    /// Whether it is, or may be, accepted by `/api/apps` for writing.
    pub(crate) fn can_write_apps(&self) -> bool {
        self.apps("apps:write", Lang::En).can()
    }

    /// Whether it is, or may be, accepted by `/api/apps` for reading.
    pub(crate) fn can_read_apps(&self) -> bool {
        self.apps("apps:read", Lang::En).can()
    }

    /// Whether it carries the scope, as far as known.
    pub(crate) fn may_carry(&self, scope: &str) -> bool {
        self.carries(scope, Lang::En).can()
    }

    /// Whether it is meant for Glint, so that it is bound to Glint's address as well.
    pub(crate) fn goes_to_glint(&self) -> bool {
        self.kind == CredentialKind::AccessToken
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
        if who == kind {
            // Nobody is known, and nobody named it.
            return kind;
        }
        say!(lang, "{who}, {kind}", "{who}，{kind}")
    }

    /// Where its secrets lie, when `open` can be read now; `None`: they are gone or locked away.
    pub(crate) fn kept_now(&self, open: Option<VaultKind>) -> Option<VaultKind> {
        match self.kept {
            Some(VaultKind::Memory) => self.kept,
            _ if self.imported || self.cache.is_gone() => None,
            _ => open,
        }
    }

    /// Newer tokens than those in the vault are in memory only.
    pub(crate) fn unwritten_warning(&self, lang: Lang) -> Option<Problem> {
        self.cache.is_unwritten().then(|| trouble::unwritten(self, lang))
    }

    fn note_in(&self, lang: Lang) -> String {
        match (&self.note, self.kept) {
            (Some(note), _) => note.get(lang).to_owned(),
            (None, Some(VaultKind::Memory)) => {
                say!(lang, "Held in memory for this run.", "仅在本次运行期间保存在内存中。")
            }
            (None, _) if self.imported => say!(
                lang,
                "Imported without its secret. Add the credential again, or sign in.",
                "导入时不含密钥。重新添加凭据，或重新登录。"
            ),
            (None, _) => String::new(),
        }
    }

    /// What the window sees now: an identity that has expired, or that Prism does not accept, can do nothing.
    pub(crate) fn view_now(&self, deployment: &Deployment, now: i64, lang: Lang) -> Identity {
        let mut view = self.view(deployment, lang);
        let why = if self.has_ended(now) {
            say!(lang, "It has expired.", "它已过期。")
        } else if self.cache.is_refused() {
            say!(
                lang,
                "Prism answered 401 when it was used last: it is expired, revoked or unknown.",
                "上次使用时 Prism 返回了 401：它已过期、已被撤销或未知。"
            )
        } else {
            return view;
        };
        for ability in &mut view.abilities {
            (ability.can, ability.known) = (false, true);
            ability.note.clone_from(&why);
        }
        view
    }

    /// What the window sees.
    pub(crate) fn view(&self, deployment: &Deployment, lang: Lang) -> Identity {
        let administers =
            matches!(self.kind, CredentialKind::PersonalAccessToken | CredentialKind::SessionToken)
                && self.can_read_apps()
                || self.kind == CredentialKind::ClientCredentials && self.definitions(deployment, lang).can();
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
            note: self.note_in(lang),
            abilities: self.abilities(deployment, lang),
            // On the sandbox the wrong kind of credential may be tried; a real Glint never gets to see one.
            for_calls: self.kind == CredentialKind::AccessToken || deployment.is_sandbox(),
            for_admin: administers,
            removable: self.origin != Origin::BuiltIn,
            origin: self.origin,
            kept: self.kept,
            refreshable: self.refreshable,
            used_for: self.used_for.clone(),
            foreign: self.is_foreign(deployment),
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
