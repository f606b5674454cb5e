//! `docs/sandbox.md` works as written.

use std::process::Command;

#[test]
fn the_commands_of_the_sandbox_page_do_what_it_says() {
    let root = tests::places::repository("");
    let page = std::fs::read_to_string(root.join("docs/sandbox.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
    let desk = std::env::temp_dir().join(format!("sandbox-page-{}", std::process::id()));
    std::fs::create_dir_all(&desk).unwrap();
    // Everything but the files it writes happens where a reader would stand: beside `docs`.
    std::os::unix::fs::symlink(root.join("docs").canonicalize().unwrap(), desk.join("docs")).unwrap();
    let ran = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &blocks.concat()])
        .env("ADMIN", &sandbox.handout().admin_url)
        .current_dir(&desk)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&desk).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    for expected in [
        r#""grantedScopes":["read_todos"]"#,
        "Missing required scope. Token must include one of: delete_todos",
        "503\n503\n200",
        "the consumer's test passed",
        "http://127.0.0.1:47831/callback/127.0.0.1-",
        "prism_pat_",
    ] {
        assert!(said.contains(expected), "`{expected}` is missing in: {said}");
    }
}
