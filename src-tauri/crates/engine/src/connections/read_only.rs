//! Read-only connections: whether one is, and the refusal of everything that would change its servers.

use super::{Deployment, Saved};
use crate::operations::connections::Environment;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

impl Saved {
    /// Whether changes of its servers are refused: as the person chose, otherwise in production. The sandbox never is.
    pub(crate) fn is_read_only(&self) -> bool {
        match self.environment {
            Environment::Sandbox => false,
            environment => self.read_only.unwrap_or(environment.is_read_only()),
        }
    }
}

impl Deployment {
    /// Allows a change of its servers.
    ///
    /// # Errors
    /// `connection.read_only` when the connection is read-only.
    pub(crate) fn writable(&self, lang: Lang) -> Result<(), Problem> {
        if !self.saved.is_read_only() {
            return Ok(());
        }
        let name = self.name(lang);
        Err(Problem::refused(
            "connection.read_only",
            say!(
                lang,
                "The connection `{name}` is read-only; nothing was sent.",
                "连接 `{name}` 是只读的；没有发送任何内容。"
            ),
        )
        .hinted(say!(
            lang,
            "Allow changes in Connections, or with `spectroscope connections edit \"{name}\" --allow-changes`.",
            "在“连接”面板允许更改，或运行 `spectroscope connections edit \"{name}\" --allow-changes`。"
        ))
        .about(self.saved.id.clone()))
    }
}
