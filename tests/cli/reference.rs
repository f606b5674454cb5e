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
