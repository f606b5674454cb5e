//! How a fact is written down.

use super::types::{Evidence, EvidenceKind};
use crate::lang::Lang;
use crate::say;

/// Where facts come from, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Answer,
    Request,
    Introspection,
    Preview,
    Configuration,
    PrismTeams,
    GlintMe,
    Matrix,
    Mine,
    Sets,
    Todos,
    App,
    Rules,
    TokenAnswer,
}

impl Source {
    pub(crate) fn word(self, lang: Lang) -> String {
        match self {
            Self::Answer => say!(lang, "the answer", "答复"),
            Self::Request => say!(lang, "the request", "请求"),
            Self::Introspection => say!(lang, "introspection", "令牌内省"),
            Self::Preview => say!(lang, "consent preview", "授权预览"),
            Self::Configuration => say!(lang, "Glint's configuration", "Glint 的配置"),
            Self::PrismTeams => say!(lang, "Prism's team list", "Prism 的团队列表"),
            Self::GlintMe => say!(lang, "Glint's cached team list", "Glint 缓存的团队列表"),
            Self::Matrix => say!(lang, "permission matrix", "权限矩阵"),
            Self::Mine => say!(lang, "own permissions", "自己的权限"),
            Self::Sets => say!(lang, "list of sets", "清单列表"),
            Self::Todos => say!(lang, "list of todos", "待办列表"),
            Self::App => say!(lang, "the consumer's registration", "消费方的注册信息"),
            Self::Rules => say!(lang, "access rules", "访问规则"),
            Self::TokenAnswer => say!(lang, "token answer", "令牌答复"),
        }
    }
}

/// A fact an exchange states.
pub(crate) fn observed(lang: Lang, source: Source, text: String) -> Evidence {
    Evidence { kind: EvidenceKind::Observed, text, source: source.word(lang) }
}

/// A fact concluded from others.
pub(crate) fn inferred(lang: Lang, source: Source, text: String) -> Evidence {
    Evidence { kind: EvidenceKind::Inferred, text, source: source.word(lang) }
}
