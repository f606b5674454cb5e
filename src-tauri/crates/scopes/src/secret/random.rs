//! Whether a word looks made by chance.

/// Shortest word of three character classes that counts as random anywhere.
const MIN_MIXED: usize = 20;
/// The same in a text that is passed on, where nothing random is needed.
const MIN_MIXED_STRICT: usize = 18;
/// Length from which a word of two classes with many changes counts.
const MIN_LONG: usize = 40;
/// Shortest random word of one case with digits.
const MIN_ONE_CASE: usize = 32;

/// Shortest value of letters alone that counts by how often their case changes.
const MIN_CHANGING: usize = 12;

/// Whether a value under a weak name is a secret and not a word such as `not_found`, `ERR_404` or `InvalidGrant`.
pub(super) fn is_secret(value: &str) -> bool {
    if value.len() < 6 || value.contains(char::is_whitespace) {
        return false;
    }
    let any = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    let mixed = any(u8::is_ascii_uppercase) && any(u8::is_ascii_lowercase);
    let words = value.split(['_', '-', '.', ':']);
    let one_case = |word: &str| {
        let all = |test: fn(&u8) -> bool| word.as_bytes().iter().all(test);
        all(u8::is_ascii_lowercase) || all(u8::is_ascii_uppercase) || all(u8::is_ascii_digit)
    };
    let is_words = value.len() < 32 && value.contains(['_', '-', '.', ':']) && words.clone().all(one_case);
    // Names in camel case change at the beginning of a word only.
    let changing = || value.len() >= MIN_CHANGING && changes(value) * 5 >= value.len() * 2;
    !is_words && (any(u8::is_ascii_digit) || (mixed && (value.len() >= 20 || changing())))
}

/// Whether a value in running text looks random: what stands behind `Bearer ` or `client_secret: `.
pub(super) fn is_random(value: &str) -> bool {
    value.len() >= 8 && value.bytes().any(|byte| byte.is_ascii_alphabetic()) && is_secret(value)
}

/// Whether a word of base64url characters looks like an opaque token. Ids do not: UUIDs, 32 hexadecimal digits and
/// Prism's client ids.
pub(super) fn is_token(word: &str, strict: bool) -> bool {
    if is_id(word) {
        return false;
    }
    let count = |test: fn(&u8) -> bool| word.as_bytes().iter().filter(|byte| test(byte)).count();
    let (upper, lower, digits) =
        (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase), count(u8::is_ascii_digit));
    let letters = upper + lower + digits;
    if (word.len() - letters) * 8 > word.len() {
        return false;
    }
    let changes = changes(word);
    let min = if strict { MIN_MIXED_STRICT } else { MIN_MIXED };
    if upper > 0 && lower > 0 {
        let long = word.len() >= MIN_LONG && changes * 20 >= letters * 7;
        return long || (digits > 0 && word.len() >= min && changes * 100 >= letters * 45);
    }
    if digits == 0 || upper + lower == 0 || letters < word.len() {
        return false;
    }
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { word.len() >= MIN_LONG } else { word.len() >= MIN_ONE_CASE && changes * 10 >= letters * 3 }
}

/// Whether a word mixes both cases and digits more often than names do.
pub(super) fn is_mixed(word: &str) -> bool {
    let any = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    any(u8::is_ascii_uppercase)
        && any(u8::is_ascii_lowercase)
        && any(u8::is_ascii_digit)
        && changes(word) * 10 >= word.len() * 3
}

/// Ids of the servers: public within a deployment, and needed to tell resources apart.
pub(crate) fn is_id(word: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if word.len() == 32 && hex(word) {
        return true;
    }
    if word.len() == 36 {
        let groups: Vec<usize> = word.split('-').map(str::len).collect();
        return groups == [8, 4, 4, 4, 12] && hex(&word.replace('-', ""));
    }
    word.len() == 28 && word.starts_with("prism_")
}

/// How often the class of the character changes, separators left out.
fn changes(word: &str) -> usize {
    let class = |byte: u8| match byte {
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        b'0'..=b'9' => 3,
        _ => 0,
    };
    let classes: Vec<u8> = word.bytes().map(class).filter(|class| *class > 0).collect();
    classes.windows(2).filter(|pair| pair.first() != pair.last()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_secrets() {
        for word in [
            "not_found",
            "ERR_404",
            "InvalidGrant",
            "InvalidGrantTypeId",
            "expired",
            "access_denied",
            "edit_todos",
            "is required",
        ] {
            assert!(!is_secret(word), "{word}");
        }
        for secret in [
            "ON3BVPp5UhV7SSbracPetXNO9hJQLFO",
            "123456",
            "a1b2c3d4",
            "kQzPwxYtRbNmLcVd",
            "xYzAbCdEfGhIjKlMnOpQ",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
    }

    #[test]
    fn tokens_look_random_and_ids_and_names_do_not() {
        for token in [
            "ON3BVPp5UhV7SSbracPetXNO9hJQLFO-q-GyJLixTN0",
            "GzenrVIy91k-09A3XTX5K6_AkAlyG_Zd",
            "3f9a12c4d5e6f708192a3b4c5d6e7f8091a2b3c4",
            "x8k2j4h6q9z1m3n5b7v0c2x4l6k8j1h3",
        ] {
            assert!(is_token(token, false), "{token}");
        }
        for word in [
            "22d71a4a3697a1d674be910d93c3cae1",
            "550e8400-e29b-41d4-a716-446655440000",
            "prism_6wsjw653PfFYk7GOq6wuSQ",
            "a-very-long-kebab-case-name-of-2024-v2",
            "MyTeam2024ProjectPlanV2Final",
            "thisIsAVeryLongCamelCaseIdentifierForSomething",
            "20261130T193155Z",
        ] {
            assert!(!is_token(word, false), "{word}");
        }
    }
}
