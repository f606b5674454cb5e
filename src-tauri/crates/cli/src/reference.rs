//! The command-line reference, made from the commands themselves.

use crate::args::{Cli, Variable};
use clap::{Arg, Command, CommandFactory};
use std::fmt::Write;

/// The text of `docs/cli.md`.
#[must_use]
pub fn reference() -> String {
    let mut root = Cli::command().term_width(0);
    root.build();
    let mut page = String::from(
        "# Command-line reference\n\nGenerated from the commands. Rewrite with `cargo xtask bless`.\n",
    );
    let about = root.get_about().map(|about| sentence(&about.to_string())).unwrap_or_default();
    let after = root.get_after_help().map(ToString::to_string).unwrap_or_default();
    let _ = write!(page, "\n{about}\n\n{after}\n");
    section(&mut page, &root, "spectroscope");
    page
}

fn section(page: &mut String, command: &Command, path: &str) {
    let is_root = path == "spectroscope";
    if is_root {
        let _ = write!(page, "\n## Options of every command\n");
        options(page, command.get_arguments());
        variables(page);
    } else {
        let about = command.get_about().map(|about| sentence(&about.to_string())).unwrap_or_default();
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let _ = write!(page, "\n## `{path}`\n\n{about}\n");
        if command.get_subcommands().next().is_none() {
            let _ = write!(page, "\n```\n{usage}\n```\n");
            // The options of every command stand at the top. One that a command has anew is its own.
            options(page, command.get_arguments().filter(|arg| !arg.is_global_set()));
            if let Some(after) = command.get_after_help() {
                let after = after.to_string().replace("Examples:\n", "");
                let (examples, more) = after.split_once("\n\n").unwrap_or((&after, ""));
                let lines: Vec<&str> = examples.lines().map(str::trim).collect();
                let _ = write!(page, "\nExamples:\n\n```sh\n{}\n```\n", lines.join("\n"));
                if let Some((heading, block)) = more.split_once('\n') {
                    let _ = write!(page, "\n{heading}\n\n```\n{block}\n```\n");
                }
            }
        }
    }
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        section(page, sub, &format!("{path} {}", sub.get_name()));
    }
}

fn options<'a>(page: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    let mut rows = String::new();
    for arg in arguments.filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
        let help =
            arg.get_help().map(|help| sentence(&help.to_string())).unwrap_or_default().replace('|', "\\|");
        let choices: Vec<String> =
            arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        let takes_choice =
            arg.get_num_args().is_some_and(|count| count.takes_values()) && !choices.is_empty();
        let choices = if takes_choice { format!(" One of {}.", choices.join(", ")) } else { String::new() };
        let variable =
            arg.get_env().map(|name| format!(" Also `{}`.", name.to_string_lossy())).unwrap_or_default();
        let _ = writeln!(rows, "| `{arg}` | {help}{choices}{variable} |");
    }
    if !rows.is_empty() {
        let _ = write!(page, "\n| Argument | Meaning |\n|---|---|\n{rows}");
    }
}

/// The environment, for continuous integration: nothing has to be typed or saved.
fn variables(page: &mut String) {
    page.push_str("\n## Environment\n\nAn option outranks its variable; an empty variable is none.\n");
    page.push_str("\n| Variable | Meaning |\n|---|---|\n");
    for variable in Variable::ALL {
        let _ = writeln!(page, "| `{}` | {} |", variable.name(), variable.meaning());
    }
}

/// Help texts come without their last full stop.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', ')', ':']) { text.to_owned() } else { format!("{text}.") }
}
