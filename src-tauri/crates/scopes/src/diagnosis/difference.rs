//! Where two addresses differ.

/// Two addresses with the parts that differ between «».
pub(crate) fn differing(one: &str, other: &str) -> (String, String) {
    const MOST: usize = 64;
    let parts = |text: &str| -> Vec<String> {
        text.split_inclusive(['/', ':', '?', '&', '=', '.']).map(str::to_owned).collect()
    };
    let (a, b) = (parts(one), parts(other));
    if a.len() > MOST || b.len() > MOST {
        return (one.to_owned(), other.to_owned());
    }
    // The longest common subsequence of the parts, from the end.
    let mut longest = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    let at = |table: &[Vec<usize>], i: usize, j: usize| {
        table.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0)
    };
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let best = if left == right {
                at(&longest, i + 1, j + 1) + 1
            } else {
                at(&longest, i + 1, j).max(at(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(i).and_then(|row| row.get_mut(j)) {
                *cell = best;
            }
        }
    }
    let (mut common_a, mut common_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        if left == right {
            common_a.get_mut(i).into_iter().chain(common_b.get_mut(j)).for_each(|common| *common = true);
            (i, j) = (i + 1, j + 1);
        } else if at(&longest, i + 1, j) >= at(&longest, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    (marked(&a, &common_a), marked(&b, &common_b))
}

fn marked(parts: &[String], common: &[bool]) -> String {
    let mut out = String::new();
    let mut open = false;
    for (part, common) in parts.iter().zip(common) {
        if open == *common {
            out.push(if open { '»' } else { '«' });
            open = !open;
        }
        out.push_str(part);
    }
    if open {
        out.push('»');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_marked() {
        let (one, other) = differing("http://127.0.0.1:1/cb", "http://localhost:1/cb/");
        assert_eq!(
            (one.as_str(), other.as_str()),
            ("http://«127.0.0.1:»1/«cb»", "http://«localhost:»1/«cb/»")
        );
        assert_eq!(differing("a", "a"), ("a".to_owned(), "a".to_owned()));
    }
}
