//! `docs/cli.md` is what the commands say.

#[test]
fn the_reference_is_current() {
    let path = tests::places::repository("docs/cli.md");
    let made = cli::reference();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "docs/cli.md is stale: `cargo xtask bless` rewrites it");
}

#[test]
fn every_command_has_an_example() {
    let page = cli::reference();
    let commands: Vec<&str> = page.split("\n## `").skip(1).filter(|part| part.contains("\n```\n")).collect();
    assert!(commands.len() >= 13, "{}", commands.len());
    for command in commands {
        let name = command.split('`').next().expect("a name");
        assert!(command.contains("Examples:"), "{name} has no example");
        let words: Vec<&str> = name.split(' ').skip(1).chain(["--help"]).collect();
        let ran = crate::support::run(&words);
        assert!(ran.code == 0 && ran.out.contains("Examples:"), "{name}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = crate::support::run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("definitions"), "{shell}");
    }
}

#[test]
fn every_variable_that_is_read_stands_in_the_table() {
    let page = cli::reference();
    let table =
        page.split("## Environment").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the table");
    let mut folders = vec![tests::places::repository("src-tauri/crates/cli/src")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("readable");
            for (at, _) in text.match_indices("SPECTROSCOPE_") {
                let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
                let name: String = text[at..].chars().take_while(|c| is_name(*c)).collect();
                assert!(
                    table.contains(&format!("`{name}`")),
                    "{name} of {} is not in the table",
                    path.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}
