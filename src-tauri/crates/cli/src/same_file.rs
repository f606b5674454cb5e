//! Whether two paths name one file, so that no command replaces what it reads.

use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::path::{Path, PathBuf};

/// Standard input as a file of the system.
const STANDARD_INPUT: &str = "/dev/stdin";

/// Refuses to write over what the same command reads; `-` is standard input, which may be a file as well.
pub(crate) fn refuse_input(file: &Path, input: Option<&Path>, lang: Lang) -> Result<(), Problem> {
    let Some(input) = input else { return Ok(()) };
    let input = if input == Path::new("-") { Path::new(STANDARD_INPUT) } else { input };
    if !is_same_file(input, file) {
        return Ok(());
    }
    let name = crate::out::safe(&file.display().to_string());
    let problem = Problem::refused(
        "file.is_input",
        say!(
            lang,
            "`{name}` is the file that this command reads. It was not replaced.",
            "`{name}` 就是此命令读取的文件，未被替换。"
        ),
    );
    Err(problem.hinted(say!(lang, "Name another file.", "指定另一个文件。")))
}

/// Whether two paths name one file: by another spelling, through a link, or in another case where case does not count.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let (one, other) = (resolved(one), resolved(other));
    let same_id = || matches!((file_id(&one), file_id(&other)), (Some(one), Some(other)) if one == other);
    let caseless = cfg!(any(windows, target_os = "macos"))
        && one.to_string_lossy().to_lowercase() == other.to_string_lossy().to_lowercase();
    one == other || caseless || same_id()
}

/// A path without links and dots, also of a file that does not exist yet.
fn resolved(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // Longer chains of links are no files for the system either.
    for _ in 0..40 {
        if let Ok(whole) = path.canonicalize() {
            return whole;
        }
        let Ok(target) = path.read_link() else { break };
        path = parent_of(&path).join(target);
    }
    match (parent_of(&path).canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => path,
    }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What the system knows a file by; two names of one file have the same.
#[cfg(unix)]
fn file_id(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let data = path.metadata().ok()?;
    Some((data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn file_id(_path: &Path) -> Option<(u64, u64)> {
    None
}
