//! Files that are written for a person: new or replaced on purpose, never through a link, readable by their owner only,
//! placed in one step.

use crate::data_dir::DataDir;
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
    /// A link, a directory, a pipe or a device has this name, or its folder is missing.
    NoFile(io::Error),
    /// The system's error.
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
            Self::NoFile(error) => Problem::refused(
                "file.no_file",
                say!(lang, "`{name}` cannot be written: {error}.", "无法写入 `{name}`：{error}。"),
            )
            .hinted(say!(
                lang,
                "Name a new file in an existing folder.",
                "指定现有文件夹中的新文件。"
            )),
            Self::Io(error) => Problem::refused(
                "file.unwritable",
                say!(lang, "`{name}` was not saved: {error}.", "`{name}` 未能保存：{error}。"),
            ),
        }
    }
}

/// Whether a file could be saved under this name, to be asked before anything is done for it: `true`, it replaces one.
///
/// # Errors
/// [`SaveError::Exists`] where there is one and `replace` does not say to replace it; [`SaveError::NoFile`].
pub fn check(path: &Path, replace: bool) -> Result<bool, SaveError> {
    let exists = private_file::look(path).map_err(SaveError::NoFile)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.map(std::fs::metadata).transpose() {
        Err(error) => return Err(SaveError::NoFile(error)),
        Ok(Some(found)) if !found.is_dir() => {
            return Err(SaveError::NoFile(io::Error::new(
                io::ErrorKind::NotADirectory,
                "its folder is no folder",
            )));
        }
        Ok(_) => {}
    }
    if exists && !replace { Err(SaveError::Exists) } else { Ok(exists) }
}

/// Writes a file for a person.
///
/// # Errors
/// Those of [`check`], and the system's.
pub fn save(path: &Path, bytes: &[u8], replace: bool) -> Result<(), SaveError> {
    if check(path, replace)? {
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
pub fn save_own(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = DataDir::new(dir).make()?.join(name);
    private_file::look(&path)?;
    private_file::write(&path, bytes)
}

/// Reads a file of the console itself from its data directory; `None`: it is not there, or no text.
///
/// # Errors
/// The system's; a link in the place of the file or the directory is refused.
pub fn read_own(dir: &Path, name: &str) -> io::Result<Option<String>> {
    let path = DataDir::new(dir).enter()?.join(name);
    Ok(private_file::read(&path)?.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// Removes a file of the console itself from its data directory.
///
/// # Errors
/// The system's; a link in the place of the directory is refused.
pub fn remove_own(dir: &Path, name: &str) -> io::Result<bool> {
    private_file::remove(&DataDir::new(dir).enter()?.join(name))
}
