//! A credential goes only to a Prism that a person named: by typing its origin, or by confirming the one found.

use super::Deployment;
use crate::operations::connections::NamedBy;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

impl Deployment {
    /// Allows a credential to be used here.
    ///
    /// # Errors
    /// `connection.prism_unconfirmed` when only Glint's configuration names this Prism.
    pub(crate) fn confirmed(&self, lang: Lang) -> Result<(), Problem> {
        if self.saved.prism_named_by == NamedBy::Person {
            return Ok(());
        }
        let prism = self.prism.base();
        let glint = self.glint.as_ref().map(crate::server::Server::base).unwrap_or_default();
        Err(Problem::refused(
            "connection.prism_unconfirmed",
            say!(
                lang,
                "Only the configuration of `{glint}` names `{prism}` as its Prism; no credential was sent there.",
                "只有 `{glint}` 的配置把 `{prism}` 称作它的 Prism；没有向那里发送任何凭据。"
            ),
        )
        .hinted(say!(
            lang,
            "Check that `{prism}` is your Prism; then confirm it in Connections, or add `--prism {prism}` (or `SPECTROSCOPE_PRISM`).",
            "确认 `{prism}` 是你的 Prism；然后在“连接”面板确认，或加上 `--prism {prism}`（或 `SPECTROSCOPE_PRISM`）。"
        ))
        .about(prism))
    }
}
