//! What a list of routes can leave out of its paths.

use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// The two directory prefixes of a list of paths, both with their slash; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct PathPrefixes {
    /// What all paths begin with.
    pub all: String,
    /// What most paths begin with, chosen so that leaving it out saves the most; at least as long as `all`.
    pub most: String,
}

/// The prefixes of some paths.
#[must_use]
pub fn path_prefixes<'a>(paths: impl IntoIterator<Item = &'a str>) -> PathPrefixes {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = 0;
    for path in paths {
        total += 1;
        let ends = path.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end > 1);
        for directory in ends.filter_map(|end| path.get(..end)) {
            *counts.entry(directory).or_default() += 1;
        }
    }
    let of_all = counts.iter().filter(|(_, count)| **count == total).map(|(directory, _)| *directory);
    let all = of_all.max_by_key(|directory| directory.len()).unwrap_or_default();
    let of_most = counts.iter().filter(|(_, count)| **count * 2 > total);
    let most =
        of_most.max_by_key(|(directory, count)| **count * directory.len()).map_or("", |(found, _)| *found);
    let most = if most.len() > all.len() { most } else { all };
    PathPrefixes { all: all.to_owned(), most: most.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_paths_share_one_prefix_and_most_a_longer_one() {
        let paths = ["/api/c/me", "/api/c/teams/:t/sets", "/api/c/teams/:t/todos/:d", "/api/c/teams/:t/feed"];
        let expected = PathPrefixes { all: "/api/c/".to_owned(), most: "/api/c/teams/:t/".to_owned() };
        assert_eq!(path_prefixes(paths), expected);
        assert_eq!(path_prefixes([]), PathPrefixes::default());
        assert_eq!(path_prefixes(["/a", "/b/c"]), PathPrefixes::default());
    }
}
