//! The command line of a POSIX shell, cut into words as the shell does.

/// The words of the first command and what follows it. Quotes, `\` at line ends and `$'…'` are understood; nothing is expanded.
pub(super) fn command(text: &str) -> (Vec<String>, &str) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' | '^' if matches!(chars.peek(), Some((_, '\n' | '\r'))) => {
                while matches!(chars.peek(), Some((_, '\n' | '\r'))) {
                    chars.next();
                }
            }
            '\n' => {
                words.extend(word.take());
                return (words, text.get(at + 1..).unwrap_or_default());
            }
            ';' | '|' | '&' => {
                words.extend(word.take());
                let rest = text.get(at..).and_then(|rest| rest.split_once('\n'));
                return (words, rest.map_or("", |(_, rest)| rest));
            }
            ' ' | '\t' | '\r' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_with(String::new);
                word.extend(chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '\''));
            }
            '"' => double_quoted(&mut chars, word.get_or_insert_with(String::new)),
            '$' if matches!(chars.peek(), Some((_, '\''))) => {
                chars.next();
                ansi_quoted(&mut chars, word.get_or_insert_with(String::new));
            }
            '\\' => word.get_or_insert_with(String::new).extend(chars.next().map(|(_, c)| c)),
            _ => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    (words, "")
}

type Chars<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

fn double_quoted(chars: &mut Chars<'_>, word: &mut String) {
    while let Some((_, c)) = chars.next() {
        match c {
            '"' => return,
            '\\' => match chars.next().map(|(_, c)| c) {
                Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                Some('\n') | None => {}
                Some(c) => word.extend(['\\', c]),
            },
            _ => word.push(c),
        }
    }
}

fn ansi_quoted(chars: &mut Chars<'_>, word: &mut String) {
    while let Some((_, c)) = chars.next() {
        match c {
            '\'' => return,
            '\\' => match chars.next().map(|(_, c)| c) {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some(c) => word.push(c),
                None => {}
            },
            _ => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn words_as_the_shell_cuts_them() {
        let (words, rest) = command("curl -H 'A: b c' \\\n  \"x\\\"$T\" $'l\\n' a\\ b ''\nHTTP/1.1 200");
        assert_eq!(words, ["curl", "-H", "A: b c", "x\"$T", "l\n", "a b", ""]);
        assert_eq!(rest, "HTTP/1.1 200");
    }
}
