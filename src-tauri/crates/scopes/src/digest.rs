//! Digests: short names for a value, equal on every machine.

use sha2::{Digest as _, Sha256};

/// SHA-256 (FIPS 180-4) over parts, each behind its length in bytes as eight bytes, little end first, so that no two lists
/// of parts run together. 64 hexadecimal digits.
pub(crate) fn of_parts<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    format!("{:x}", digest.finalize())
}

/// The first hexadecimal digits of a value's digest; 64 at most.
pub(crate) fn short(value: &str, digits: usize) -> String {
    of_parts(std::iter::once(value)).chars().take(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::{of_parts, short};

    #[test]
    fn parts_do_not_run_together() {
        let digest = |parts: &[&str]| of_parts(parts.iter().copied());
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["a", ""]), digest(&["a"]));
        assert_eq!(digest(&["a", "b"]), digest(&["a", "b"]));
    }

    #[test]
    fn it_is_the_same_on_every_machine() {
        // printf '\x03\0\0\0\0\0\0\0abc' | sha256sum
        assert_eq!(short("abc", 16), "ce91dc5eec0139ad");
    }
}
