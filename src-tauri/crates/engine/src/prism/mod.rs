//! Prism, the authorization server: one file per resource, requests as values (contract §1–6).

pub(crate) mod access_rules;
pub(crate) mod apps;
pub(crate) mod consent;
pub(crate) mod oauth;
pub(crate) mod scope_definitions;

/// Whether a path must never be called: reading `/api/oauth/me/apps` is always a 500, and writing below it erases every
/// app scope without a word (contract §2, §10.2).
pub(crate) fn is_blocked(segments: &[String]) -> bool {
    let mut parts = segments.iter().map(String::as_str);
    ["api", "oauth", "me", "apps"].iter().all(|expected| parts.next() == Some(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eraser_is_blocked_and_nothing_else() {
        let blocked = |path: &str| is_blocked(&path.split('/').map(str::to_owned).collect::<Vec<_>>());
        assert!(blocked("api/oauth/me/apps"));
        assert!(blocked("api/oauth/me/apps/0a78444e7e74c1c0526bcd7a170a8152"));
        assert!(!blocked("api/oauth/me/team-apps"));
        assert!(!blocked("api/apps"));
    }
}
