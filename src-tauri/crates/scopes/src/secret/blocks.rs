//! Values that layout binds to their names: YAML scalars on lines of their own, cells of tables, and members of JSON
//! without their colon.

use super::prose::is_word;
use super::random::is_secret;
use super::value::{Form, Value, closed, end_of, start_of};

/// How far behind a name its value is looked for, in bytes.
const WINDOW: usize = 1024;
/// Longest block scalar.
const MAX_BLOCK: usize = 64 * 1024;
/// Longest text in front of a name in its cell.
const MAX_CELL: usize = 64;
/// Most tags between two cells.
const MAX_TAGS: usize = 8;
/// Elements whose text is a value where a name is in front of it.
const CELLS: [&str; 11] =
    ["td", "dd", "code", "kbd", "samp", "pre", "tt", "output", "value", "val", "string"];

/// The value that belongs to the name at `start..end`.
pub(super) fn value(text: &str, start: usize, end: usize, strong: bool) -> Option<Value> {
    let before = text.get(..start)?;
    let rest = start_of(text.get(end..)?, WINDOW);
    let found = html_cell(before, rest, end).or_else(|| text_cell(before, rest, end));
    // By other signs only for a name that is nothing else.
    let signed = || without_colon(before, rest, end).or_else(|| assigned(rest, end));
    found.or_else(|| strong.then(signed).flatten())
}

/// `<td>Password</td><td>x</td>`, `<dt>Password</dt><dd>x</dd>`.
fn html_cell(before: &str, rest: &str, end: usize) -> Option<Value> {
    let opened = behind_words(before).trim_end().ends_with('>');
    let mut at = rest.len() - rest.trim_start_matches([' ', ':', '\u{a0}']).len();
    if !opened || !rest.get(at..)?.starts_with("</") {
        return None;
    }
    let mut element = "";
    for _ in 0..MAX_TAGS {
        let next = rest.get(at..)?;
        let tag = next.trim_start();
        let Some(inside) = tag.strip_prefix('<') else { break };
        let length = inside.find('>')?;
        let name = inside.get(..length)?.split(char::is_whitespace).next()?;
        if !name.starts_with('/') {
            element = name;
        }
        at += next.len() - tag.len() + length + 2;
    }
    let cell = rest.get(at..)?;
    let cell = cell.get(..cell.find('<')?)?;
    let value = cell.trim();
    let is_cell = CELLS.iter().any(|known| known.eq_ignore_ascii_case(element));
    let fine = is_word(value) && (is_cell || (!element.is_empty() && is_secret(value)));
    let from = end + at + (cell.len() - cell.trim_start().len());
    fine.then(|| Value::new(from, from + value.len(), Form::Pair))
}

/// A text without the words of the cell that are in front of a name: `<td>Client ` is `<td>`.
fn behind_words(before: &str) -> &str {
    let near = end_of(before, MAX_CELL);
    let words = |c: char| c.is_alphanumeric() || " -_'\t".contains(c);
    let start = near.trim_end_matches(words);
    before.get(..before.len() - near.len() + start.len()).unwrap_or_default()
}

/// `| password | x |` of Markdown and of terminals. The row above a line of dashes holds names alone.
fn text_cell(before: &str, rest: &str, end: usize) -> Option<Value> {
    const SIGNS: [char; 3] = [' ', '*', '`'];
    let begins = before.trim_end_matches(SIGNS);
    let in_row = || behind_words(begins).trim_end_matches(SIGNS).ends_with(['|', '│']);
    if !(begins.is_empty() || begins.ends_with('\n') || in_row()) {
        return None;
    }
    let cell = rest.trim_start_matches(SIGNS).strip_prefix(['|', '│'])?;
    let line = cell.split('\n').next()?;
    let inside = line.get(..line.find(['|', '│']).unwrap_or(line.len()))?;
    let value = inside.trim_matches(SIGNS).trim();
    let below = cell.get(line.len()..)?.trim_start().trim_start_matches(['|', '│', '├', ' ', ':']);
    let is_head = below.starts_with(['-', '─', '=']);
    let from = end + rest.len() - cell.len() + inside.find(value)?;
    (!is_head && !value.contains(' ') && is_word(value))
        .then(|| Value::new(from, from + value.len(), Form::Pair))
}

/// `"password" "x"`, `"password" = "x"`, `"password" => "x"`.
fn without_colon(before: &str, rest: &str, end: usize) -> Option<Value> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'') && before.ends_with(*c))?;
    let sign = rest.get(1..)?.trim_start();
    let value = ["=>", "=", ";", ""].into_iter().find_map(|known| sign.strip_prefix(known))?.trim_start();
    let inner = value.strip_prefix(['"', '\''])?;
    let own = value.chars().next().unwrap_or(quote);
    // The closing quote of the name and the opening one of the value are two.
    let apart = rest.len() - value.len() > 1;
    let line = inner.split('\n').next()?;
    let length = closed(line, own, 0);
    let from = end + rest.len() - inner.len();
    (apart && is_word(line.get(..length)?)).then(|| Value::new(from, from + length, Form::Pair))
}

/// `password := "x"`, `setPassword("x")`, `[password] => x` of PHP, `**Password:** x` of Markdown.
fn assigned(rest: &str, end: usize) -> Option<Value> {
    let sign = rest.trim_start_matches([' ', '\'', '"']);
    let call = [":=", "==", "("].into_iter().find_map(|known| sign.strip_prefix(known));
    let dump = || sign.strip_prefix(']')?.trim_start().strip_prefix("=>");
    let bold = || [":**", "**:", ":__"].into_iter().find_map(|known| sign.strip_prefix(known));
    let value = match call {
        Some(value) => value.trim_start_matches(' ').strip_prefix(['"', '\'', '`'])?,
        None => dump().or_else(bold)?.trim_start_matches([' ', '"', '\'', '`']),
    };
    let line = value.split('\n').next()?;
    let stop = |c: char| matches!(c, '"' | '\'' | '`' | '\\' | '<') || (call.is_none() && c.is_whitespace());
    let word = line.get(..line.find(stop).unwrap_or(line.len()))?;
    let from = end + rest.len() - value.len();
    is_word(word).then(|| Value::new(from, from + word.len(), Form::Pair))
}

/// The scalar of YAML on the lines behind a key whose own line ends with its colon, `|` or `>`. `value`: what follows the
/// colon, at `from`.
pub(super) fn scalar(before: &str, value: &str, from: usize) -> Option<Value> {
    let first = value.find('\n')?;
    let head = value.get(..first)?.trim();
    let block =
        head.starts_with(['|', '>']) && head.chars().skip(1).all(|c| c.is_ascii_digit() || "+-".contains(c));
    if !block && !head.is_empty() {
        return None;
    }
    let own = end_of(before, WINDOW).rsplit('\n').next()?;
    // Inside a text of JSON the first line begins at its quote, and the last one ends at the other.
    let (own, quote) = match own.rfind(['"', '\'']) {
        Some(at) => (own.get(at + 1..)?, own.get(at..)?.chars().next()),
        None => (own, None),
    };
    if !own.chars().all(|c| matches!(c, ' ' | '-')) {
        return None;
    }
    let indent = own.len() - own.trim_start_matches([' ', '-']).len();
    let lines = start_of(value.get(first + 1..)?, MAX_BLOCK);
    let lines = quote.and_then(|quote| lines.split(quote).next()).unwrap_or(lines);
    let (begin, finish) = below(lines, indent, block)?;
    let from = from + first + 1;
    let found = lines.get(begin..finish)?;
    // A mapping or a list of its own, or a sentence, is no scalar.
    let fine = block
        || (!found.starts_with("- ") && !found.ends_with(':') && !found.contains(": ") && is_word(found));
    fine.then(|| Value::new(from + begin, from + finish, Form::Pair))
}

/// The lines that are farther in than their key: all of a block, else the first one.
fn below(lines: &str, indent: usize, block: bool) -> Option<(usize, usize)> {
    let (mut begin, mut finish, mut at) = (None, 0, 0);
    for line in lines.split_inclusive('\n') {
        let depth = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() {
            if depth <= indent || (!block && begin.is_some()) {
                break;
            }
            begin = begin.or(Some(at + depth));
            finish = at + line.trim_end().len();
        }
        at += line.len();
    }
    Some((begin?, finish))
}

#[cfg(test)]
mod tests {
    use crate::secret::Redactor;

    #[test]
    fn values_are_bound_to_their_names_by_layout() {
        for text in [
            "<tr><td>Password</td><td>@</td></tr>",
            "<tr>\n <th> Password: </th>\n <td class='x'><code>@</code></td>\n</tr>",
            "<dl><dt>API key</dt><dd>@</dd></dl>",
            "| user | mia |\n| password | @ |",
            "| **Password** | `@` |\n",
            "password: |\n  @\n",
            "a:\n  password: >-\n    one\n    @\n  b: 1\n",
            "password:\n  @\nb: 1",
            "{\"error\":\"password: |\\n  @\"}",
            "<dt>Client secret</dt><dd>@</dd>",
            "- name: DB_PASSWORD\n  value: |\n    @\n",
            r#"{"user": "mia", "password" "@"}"#,
            r#"{"password" = '@'}"#,
            "password := \"@\"",
            "client.setPassword('@')",
            "Array\n(\n    [password] => @\n)",
            "**Password:** @",
            "<param><name>password</name><value>@</value></param>",
            "<r><password value=\"@\"/></r>",
            "<field name=\"password\"><![CDATA[@]]></field>",
            "password: '@\n",
        ] {
            for secret in ["verborgenkanarie", "Kanarie7verborgen"] {
                let clean = Redactor::new().clean(&text.replace('@', secret));
                assert!(!clean.contains(secret), "{clean}");
            }
        }
    }

    #[test]
    fn other_cells_and_blocks_stay() {
        for text in [
            "<tr><th>Password</th><th>Email</th></tr>",
            "<label>Password</label> <a href='/reset'>Forgotten?</a>",
            "| password | address |\n|---|---|\n",
            "password:\n  type: string\n  minLength: 8\n",
            "error: |\n  the password is wrong\n",
            r#"["password" "email"]"#,
            "setPassword(\"\")",
            "if password == \"\" then stop",
            "password(s) expired",
            "password: ''\n",
        ] {
            assert_eq!(Redactor::new().clean(text), text);
        }
    }
}
