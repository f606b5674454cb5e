//! What every sentence has to keep to, checked while the program is compiled.

#![expect(
    clippy::indexing_slicing,
    reason = "a constant function has no other way, and panics only while compiling"
)]

/// Checks both texts of a [`say!`](crate::say).
///
/// # Panics
/// While the program is compiled, where a text breaks a rule of wording: the language is missing, the sentence begs,
/// cheers or apologises, or the Chinese has narrow punctuation or a second word for a thing that has one.
pub const fn check(en: &str, zh: &str) {
    let (en, zh) = (en.as_bytes(), zh.as_bytes());
    assert!(!has_chinese(en), "there is Chinese in the English text");
    // Equal texts are names, and names are not translated.
    assert!(equal(en, zh) || !has_words(en) || has_chinese(zh), "the Chinese text is not Chinese");
    let begs = holds(en, b"please") || holds(en, b"oops") || holds(en, b"sorry");
    assert!(!begs && !holds(en, b"successful") && !holds(en, b"went wrong"), "say what is, in plain words");
    assert!(!ends_with(en, b"!") && !holds(zh, "！".as_bytes()), "a message does not shout");
    assert!(!begs_in_chinese(zh), "a message does not beg: 请");
    assert!(!holds(zh, "接入方".as_bytes()) && !holds(zh, "登记".as_bytes()), "this thing has another name");
    assert!(!narrow_punctuation(zh), "Chinese has wide punctuation");
}

/// Whether the character at a byte is one of U+4E00 to U+9FFF.
const fn chinese_at(text: &[u8], at: usize) -> bool {
    at + 2 < text.len()
        && ((text[at] == 0xE4 && text[at + 1] >= 0xB8) || (text[at] > 0xE4 && text[at] <= 0xE9))
}

const fn has_chinese(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if chinese_at(text, at) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a text has more than two letters in a piece outside `{…}` and backticks.
const fn has_words(text: &[u8]) -> bool {
    let (mut at, mut depth, mut quoted, mut letters) = (0, 0, false, 0);
    while at < text.len() {
        match text[at] {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b'`' if depth == 0 => {
                quoted = !quoted;
                letters = 0;
            }
            letter if depth == 0 && !quoted && letter.is_ascii_alphabetic() => letters += 1,
            _ => {}
        }
        if letters > 2 {
            return true;
        }
        at += 1;
    }
    false
}

const fn equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && found_at(one, 0, other)
}

const fn ends_with(text: &[u8], end: &[u8]) -> bool {
    text.len() >= end.len() && found_at(text, text.len() - end.len(), end)
}

/// Whether `word`, in small letters, stands at a byte of `text`, in letters of any size.
const fn found_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let mut next = 0;
    while next < word.len() {
        if at + next >= text.len() || !text[at + next].eq_ignore_ascii_case(&word[next]) {
            return false;
        }
        next += 1;
    }
    true
}

const fn holds(text: &[u8], word: &[u8]) -> bool {
    let mut at = 0;
    while at + word.len() <= text.len() {
        if found_at(text, at, word) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether 请 stands outside the words for request, application and invitation.
const fn begs_in_chinese(zh: &[u8]) -> bool {
    let mut at = 0;
    while at < zh.len() {
        if found_at(zh, at, "请".as_bytes()) {
            let request = found_at(zh, at, "请求".as_bytes());
            let after =
                at >= 3 && (found_at(zh, at - 3, "申".as_bytes()) || found_at(zh, at - 3, "邀".as_bytes()));
            if !request && !after {
                return true;
            }
        }
        at += 1;
    }
    false
}

const fn narrow_punctuation(zh: &[u8]) -> bool {
    let mut at = 0;
    while at + 3 < zh.len() {
        if chinese_at(zh, at) && matches!(zh[at + 3], b',' | b';' | b'?' | b'!' | b':') {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn good_sentences_pass() {
        check("The request was refused.", "请求被拒绝：没有权限。");
        check("GET {path}", "GET {path}");
        check("`{code}`: {value}", "`{code}`：{value}");
        check("Invite them", "邀请他们");
    }

    #[test]
    fn each_broken_rule_is_found() {
        let broken = [
            ("The request was refused.", "The request was refused, really."),
            ("被拒绝", "被拒绝"),
            ("Please wait.", "等待。"),
            ("Something went wrong.", "出错。"),
            ("Done!", "完成。"),
            ("Done", "完成！"),
            ("Wait", "请等待"),
            ("Wait: more", "等待:更多"),
            ("The app", "接入方"),
        ];
        for (en, zh) in broken {
            assert!(std::panic::catch_unwind(|| check(en, zh)).is_err(), "{en} / {zh}");
        }
    }
}
