//! Whom a token was issued to. Glint's guide calls a token of another client an "app token" and warns of it; here it is
//! told apart by introspection, and nothing uses it by itself until the person says so.

use super::Held;
use crate::connections::Deployment;
use crate::operations::connections::{CredentialKind, Origin};
use scopes::lang::Lang;
use scopes::problem::{Actor, Problem};
use scopes::say;

impl Held {
    /// Whether it was issued to another client than it is used for, and the person did not say to go on.
    pub(crate) fn is_foreign(&self, deployment: &Deployment) -> bool {
        !self.accepted && self.is_of_another_client(deployment)
    }

    /// Whether it was issued to another client than the one it is used for; where that was not said, to the provider
    /// itself. The sandbox's own identities are what their label says.
    fn is_of_another_client(&self, deployment: &Deployment) -> bool {
        if self.kind != CredentialKind::AccessToken || self.origin == Origin::BuiltIn {
            return false;
        }
        let Some(issued_to) = self.client_id.as_deref() else { return false };
        match (self.used_for.as_deref(), deployment.provider()) {
            (Some(used_for), _) => issued_to != used_for,
            (None, Some(provider)) => issued_to == provider,
            (None, None) => false,
        }
    }

    /// The warning, with the two ways out.
    pub(crate) fn foreign_warning(&self, deployment: &Deployment, lang: Lang) -> Option<Problem> {
        if !self.is_foreign(deployment) {
            return None;
        }
        let issued_to = self.client_id.clone().unwrap_or_default();
        let name = self.client_name.clone().unwrap_or_else(|| issued_to.clone());
        let message = match (&self.used_for, deployment.provider() == Some(issued_to.as_str())) {
            (Some(used_for), _) => say!(
                lang,
                "This is an app token: it was issued to {name}, not to `{used_for}`, which it is used for. Whoever runs {name} can act with it, too.",
                "这是应用令牌：它签发给 {name}，而不是给使用它的 `{used_for}`。运营 {name} 的人也能用它操作。"
            ),
            (None, true) => say!(
                lang,
                "This is an app token: it was issued to the provider itself, not to a consumer. It does not show what a consumer may do.",
                "这是应用令牌：它签发给提供方自身，而不是消费方。它不能说明消费方可以做什么。"
            ),
            (None, false) => say!(
                lang,
                "This is an app token: it was issued to {name}, not to you.",
                "这是应用令牌：它签发给 {name}，而不是给你。"
            ),
        };
        Some(
            Problem::risky("token.foreign_client", message)
                .hinted(say!(
                    lang,
                    "Discard it unless you expected this; continue only if you know where it comes from.",
                    "如果不是预期的情况，丢弃它；只有知道它的来源时才继续。"
                ))
                .for_actor(Actor::ConsumerDeveloper)
                .about(issued_to),
        )
    }

    /// App scopes that all belong to another client than this provider.
    pub(crate) fn namespace_warning(&self, deployment: &Deployment, lang: Lang) -> Option<Problem> {
        let provider = deployment.provider()?;
        let own = format!("app:{provider}:");
        let mut inside = self.scopes.iter().filter(|scope| scope.starts_with("app:")).peekable();
        inside.peek()?;
        if inside.any(|scope| scope.starts_with(&own)) {
            return None;
        }
        Some(
            Problem::risky(
                "scope.other_namespace",
                say!(
                    lang,
                    "Its app scopes belong to another client than this provider.",
                    "它的应用权限范围属于另一个客户端，而不是这个提供方。"
                ),
            )
            .hinted(say!(
                lang,
                "Compare the client id inside its scopes with `{provider}`.",
                "对照其权限范围中的 client id 与 `{provider}`。"
            )),
        )
    }
}
