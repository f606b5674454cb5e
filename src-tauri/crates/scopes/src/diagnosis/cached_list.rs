//! How long Glint's cached team list can be out of date (contract §8.3): one list per user, kept for one hour whatever it holds.

use super::code::{self, Code};
use serde::Serialize;
use ts_rs::TS;

/// How long a list is kept, in milliseconds.
const KEPT: i64 = 60 * 60 * 1000;

/// What a list that is out of date does to this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CacheEffect {
    /// Keeps a member out.
    Denies,
    /// Lets somebody in who is no member any more.
    Admits,
    /// Holds an old role.
    Role,
    /// Keeps a new member out later.
    Later,
    /// There is no list.
    None,
}

/// The cached list behind an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct CachedList {
    /// What it does.
    pub effect: CacheEffect,
    /// When the list that this call met expires at the latest, Unix milliseconds; `None` where that is not known.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// The cached list behind a reason code; `started_at` of the call counts Unix milliseconds. `None` where no list is behind it.
#[must_use]
pub fn cached_list(cause: Code, started_at: Option<i64>) -> Option<CachedList> {
    let effect = match cause {
        code::MEMBERSHIP_STALE_DENIAL | code::MEMBERSHIP_UNPROVEN => CacheEffect::Denies,
        code::HIDDEN_STALE_ACCESS => CacheEffect::Admits,
        code::ROLE_STALE_ROLE => CacheEffect::Role,
        code::MEMBERSHIP_NOT_MEMBER => CacheEffect::Later,
        code::MEMBERSHIP_UNAVAILABLE => CacheEffect::None,
        _ => return None,
    };
    let until = started_at.filter(|_| effect != CacheEffect::None).map(|at| at.saturating_add(KEPT));
    Some(CachedList { effect, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_expires_an_hour_after_the_call_that_met_it() {
        let list = |cause| cached_list(cause, Some(1_000)).map(|list| (list.effect, list.until));
        assert_eq!(list(code::MEMBERSHIP_STALE_DENIAL), Some((CacheEffect::Denies, Some(3_601_000))));
        assert_eq!(list(code::HIDDEN_STALE_ACCESS), Some((CacheEffect::Admits, Some(3_601_000))));
        assert_eq!(list(code::MEMBERSHIP_UNAVAILABLE), Some((CacheEffect::None, None)));
        assert_eq!(list(code::SCOPE_MISSPELT), None);
        assert_eq!(cached_list(code::ROLE_STALE_ROLE, None).and_then(|list| list.until), None);
    }
}
