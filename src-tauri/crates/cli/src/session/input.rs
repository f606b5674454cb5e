//! What comes in beside the arguments: files, standard input, answers and secrets.

use crate::args::Variable;
use crate::out;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

/// Reads a file or, for `-`, standard input, as text of up to so many bytes. Answers its name, too.
pub(crate) fn read_text(path: &Path, longest: usize, lang: Lang) -> Result<(String, String), Problem> {
    let name = path.display().to_string();
    let most = longest as u64 + 1;
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => {
            let text = scopes::text::decode_up_to(longest, &bytes, lang)?;
            if text.trim().is_empty() {
                // What a failed command before a pipe leaves; taken for an empty list it would pass for done.
                let words = match name.as_str() {
                    "-" => say!(lang, "Nothing came on standard input.", "标准输入没有内容。"),
                    _ => say!(lang, "There is nothing in `{name}`.", "`{name}` 是空的。"),
                };
                return Err(Problem::refused("text.empty", words));
            }
            Ok((name, text))
        }
        Err(error) => Err(Problem::refused(
            "file.unreadable",
            say!(lang, "`{name}` cannot be read: {error}.", "无法读取 `{name}`：{error}。"),
        )),
    }
}

/// Longest secret that is read.
const LONGEST: usize = 64 * 1024;

/// Asks for a secret without echo, or reads it from standard input where nobody types. One line break at the end is
/// what `echo` leaves and no part of it.
///
/// # Errors
/// When nothing came, or it is no text.
pub(crate) fn secret(prompt: &str, lang: Lang) -> Result<Secret, Problem> {
    if io::stdin().is_terminal() {
        return hidden(prompt, lang);
    }
    let (_, text) = read_text(Path::new("-"), LONGEST, lang).map_err(|problem| no_secret(problem, lang))?;
    Ok(Secret::new(without_line_break(&text)))
}

/// What helps with a file does not help with a secret.
fn no_secret(mut problem: Problem, lang: Lang) -> Problem {
    if problem.code != "text.empty" {
        problem.span = None;
        problem.hints = vec![say!(
            lang,
            "Send the credential alone, as one line of text.",
            "只发送凭据本身，作为一行文本。"
        )];
    }
    problem
}

fn without_line_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The passphrase of the vault: from the environment, or asked for; a new one is asked for twice.
///
/// # Errors
/// When there is nobody to ask, or the two differ.
pub(crate) fn passphrase(new: bool, lang: Lang) -> Result<Secret, Problem> {
    if let Some(given) = Variable::VaultPassphrase.value() {
        return Ok(Secret::new(given));
    }
    // Standard input may carry the credential; the question goes to the terminal itself.
    if !io::stderr().is_terminal() && !io::stdin().is_terminal() {
        return Err(Problem::refused(
            "vault.no_passphrase",
            say!(
                lang,
                "The passphrase vault is closed, and nobody can be asked.",
                "口令保险库未打开，且无法询问口令。"
            ),
        )
        .hinted(say!(
            lang,
            "Run this in a terminal, or set `SPECTROSCOPE_VAULT_PASSPHRASE`.",
            "在终端中运行，或设置 `SPECTROSCOPE_VAULT_PASSPHRASE`。"
        )));
    }
    let first = hidden(&say!(lang, "Passphrase of the vault: ", "保险库口令："), lang)?;
    if new {
        let again = hidden(&say!(lang, "Once more: ", "再输入一次："), lang)?;
        if first.expose() != again.expose() {
            return Err(Problem::refused(
                "vault.passphrases_differ",
                say!(lang, "The two passphrases differ.", "两次输入的口令不同。"),
            )
            .hinted(say!(lang, "Run the command again.", "重新运行命令。")));
        }
    }
    Ok(first)
}

fn hidden(prompt: &str, lang: Lang) -> Result<Secret, Problem> {
    let typed = rpassword::prompt_password(prompt).map_err(|error| {
        Problem::refused(
            "text.no_terminal",
            say!(lang, "Nothing can be asked: {error}.", "无法询问：{error}。"),
        )
    })?;
    if typed.is_empty() {
        return Err(Problem::refused("text.empty", say!(lang, "Nothing was typed.", "没有输入内容。")));
    }
    Ok(Secret::new(typed))
}

/// Asks for a yes on the terminal, where there is somebody to ask.
pub(crate) fn confirmed(question: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    out::error_line(question);
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).is_ok() && line.trim() == "yes"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_no_part_of_a_secret() {
        for (given, kept) in [("abc\n", "abc"), ("abc\r\n", "abc"), ("abc", "abc"), ("abc \n\n", "abc \n")] {
            assert_eq!(without_line_break(given), kept, "{given:?}");
        }
    }
}
