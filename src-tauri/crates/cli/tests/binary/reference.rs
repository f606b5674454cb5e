//! `docs/cli.md` is what the commands say.

#[test]
fn the_reference_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/cli.md");
    let made = cli::reference();
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs")).expect("the folder");
        std::fs::write(path, &made).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == made, "docs/cli.md is stale: BLESS=1 cargo test -p cli");
}

#[test]
fn every_page_of_help_says_what_the_command_does() {
    for path in [
        "scopes build",
        "definitions plan",
        "definitions apply",
        "definitions export",
        "rules add",
        "rules check",
        "call",
        "diagnose",
    ] {
        let args: Vec<&str> = path.split(' ').chain(["--help"]).collect();
        let ran = crate::support::run(&args);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("Examples:"), "{path} has no example");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = crate::support::run(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("definitions"), "{shell}");
    }
}
