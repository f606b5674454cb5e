//! Files that are written for a person: new or replaced on purpose, never through a link, readable by their owner only,
//! placed in one step.

use crate::private_file;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::io;
use std::path::Path;

/// Why a file was not written.
#[derive(Debug)]
pub enum SaveError {
    /// There is one of this name already.
    Exists,
    /// The system's error, or what stands in the place is no file.
    Io(io::Error),
}

impl SaveError {
    /// What a person reads, with what to do about it where the command has an option for it.
    #[must_use]
    pub fn problem(&self, path: &Path, lang: Lang) -> Problem {
        let name = path.display();
        match self {
            Self::Exists => {
                Problem::refused("file.exists", say!(lang, "`{name}` exists already.", "`{name}` 已存在。"))
                    .hinted(say!(
                        lang,
                        "Choose another name, or add `--force` to replace it.",
                        "换一个名称，或加上 `--force` 以替换它。"
                    ))
            }
            Self::Io(error) => Problem::refused(
                "file.unwritable",
                say!(lang, "`{name}` was not saved: {error}.", "`{name}` 未能保存：{error}。"),
            ),
        }
    }
}

/// Writes a file for a person.
///
/// # Errors
/// [`SaveError::Exists`] where there is one and `replace` does not say to replace it; the system's; a link, or what is
/// not a file, is refused.
pub fn save(path: &Path, bytes: &[u8], replace: bool) -> Result<(), SaveError> {
    let exists = private_file::look(path).map_err(SaveError::Io)?;
    if exists && !replace {
        return Err(SaveError::Exists);
    }
    if exists {
        return private_file::write(path, bytes).map_err(SaveError::Io);
    }
    match private_file::create(path, bytes) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SaveError::Exists),
        Err(error) => Err(SaveError::Io(error)),
    }
}

/// Writes a file of the console itself into its data directory, which becomes its owner's alone.
///
/// # Errors
/// The system's; a link in the place of the file or the directory is refused.
pub fn save_own(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        private_file::make_dir(dir)?;
    }
    private_file::look(path)?;
    private_file::write(path, bytes)
}
