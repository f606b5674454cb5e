//! `vault.json`: which place was chosen. It names the place and holds no secret.

use super::fault::Fault;
use crate::data_dir::DataDir;
use crate::operations::vault::VaultKind;
use crate::private_file as files;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    kind: VaultKind,
    /// Members this version does not know; they are written back as they were.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Only the version, so that a newer file is told from a broken one.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The saved choice. It is read anew each time: window and command line may change it under each other's feet.
pub(super) struct Choice {
    dir: DataDir,
    path: PathBuf,
}

impl Choice {
    /// The choice of a data directory.
    pub(super) fn new(dir: DataDir) -> Self {
        Self { path: dir.join("vault.json"), dir }
    }

    /// What was chosen.
    pub(super) fn load(&self) -> Result<Option<VaultKind>, Fault> {
        let unreadable = |words: String| Fault::ChoiceUnreadable(words);
        self.dir.enter().map_err(|error| Fault::Directory(error.to_string()))?;
        let Some(bytes) = files::read(&self.path).map_err(|error| unreadable(error.to_string()))? else {
            return Ok(None);
        };
        let parsed =
            serde_json::from_slice::<Versioned>(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if parsed.version > VERSION {
            return Err(Fault::ChoiceNewer(parsed.version));
        }
        let file: File = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        Ok(Some(file.kind).filter(|kind| *kind != VaultKind::Memory))
    }

    /// Saves a choice; one of a newer version is left alone.
    pub(super) fn save(&self, kind: VaultKind) -> Result<(), Fault> {
        if let Err(fault @ (Fault::ChoiceNewer(_) | Fault::Directory(_))) = self.load() {
            return Err(fault);
        }
        let failed = |error: std::io::Error| Fault::NotWritten(error.to_string());
        let before = files::read(&self.path).ok().flatten();
        let before = before.and_then(|bytes| serde_json::from_slice::<File>(&bytes).ok());
        let rest = before.map(|file| file.rest).unwrap_or_default();
        let text = serde_json::to_string_pretty(&File { version: VERSION, kind, rest })
            .map_err(|error| failed(error.into()))?;
        self.dir.make().map_err(|error| Fault::Directory(error.to_string()))?;
        files::write(&self.path, text.as_bytes()).map_err(failed)
    }

    /// Forgets the choice.
    pub(super) fn forget(&self) -> Result<(), Fault> {
        self.dir.enter().map_err(|error| Fault::Directory(error.to_string()))?;
        files::remove(&self.path).map(drop).map_err(|error| Fault::NotWritten(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::scratch::Scratch;

    #[test]
    fn a_choice_comes_back_and_a_newer_file_is_left_alone() {
        let scratch = Scratch::new("choice");
        let choice = Choice::new(DataDir::new(scratch.path()));
        assert_eq!(choice.load().unwrap(), None);
        choice.save(VaultKind::Passphrase).unwrap();
        assert_eq!(choice.load().unwrap(), Some(VaultKind::Passphrase));
        let path = scratch.path().join("vault.json");
        for (text, newer) in
            [("{\"version\":2,\"kind\":\"cloud\"}", true), ("{\"version\":1", false), ("[]", false)]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(matches!(choice.load(), Err(Fault::ChoiceNewer(2))), newer, "{text}");
            assert!(choice.load().is_err());
            assert_eq!(choice.save(VaultKind::Keychain).is_err(), newer);
        }
        choice.forget().unwrap();
        assert_eq!(choice.load().unwrap(), None);
    }

    #[test]
    fn an_unknown_member_survives_a_save() {
        let scratch = Scratch::new("choice-rest");
        let path = scratch.path().join("vault.json");
        std::fs::write(&path, r#"{"version":1,"kind":"keychain","later":{"a":[1]}}"#).unwrap();
        Choice::new(DataDir::new(scratch.path())).save(VaultKind::Passphrase).unwrap();
        let saved: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(saved["later"], serde_json::json!({ "a": [1] }));
        assert_eq!(saved["kind"], "passphrase");
    }
}
