//! The vault as its callers see it: the passphrase files, a keychain that misbehaves, and moving between places.

use super::chest::{Chest, Shared};
use super::keychain::Keychain;
use super::scratch::Scratch;
use super::{Part, SecretName, Vault};
use crate::data_dir::DataDir;
use crate::host::KeychainUse;
use crate::operations::vault::{VaultKind, VaultState};
use keyring_core::{CredentialStore, mock};
use scopes::lang::Lang;
use scopes::secret::Secret;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const CANARY: &str = "canary-0b5e1d77-vault";

fn name(identity: &str) -> SecretName {
    SecretName { connection: "c-1".into(), identity: identity.into(), part: Part::Credential }
}

fn code<T>(result: Result<T, scopes::problem::Problem>) -> String {
    result.err().map(|problem| problem.code).unwrap_or_default()
}

fn on_chest(dir: &Path, chest: &Arc<Chest>) -> Vault {
    let chest = chest.clone();
    let open = move || -> keyring_core::Result<Arc<CredentialStore>> { Ok(Arc::new(Shared(chest.clone()))) };
    let (answer, dialog) = (Duration::from_millis(200), Duration::from_millis(400));
    Vault::on(Some(DataDir::new(dir)), Keychain::opened_by(Arc::new(open), answer, dialog))
}

fn without_keychain(dir: &Path) -> Vault {
    Vault::new(Some(DataDir::new(dir)), KeychainUse::None)
}

async fn passphrase_vault(dir: &Path, passphrase: &str) -> Vault {
    let vault = without_keychain(dir);
    let given = Secret::new(passphrase);
    vault.choose(VaultKind::Passphrase, Some(&given), &[], Lang::En).await.unwrap();
    vault
}

#[tokio::test]
async fn without_a_keychain_nothing_is_kept_until_a_place_is_chosen() {
    let scratch = Scratch::new("vault-unchosen");
    let vault = without_keychain(scratch.path());
    let secret = Secret::new(CANARY);
    assert_eq!(code(vault.ready(Lang::En).await), "vault.unchosen");
    let problem = vault.put(&name("i-1"), &secret, Lang::En).await.unwrap_err();
    assert_eq!(
        (problem.code.as_str(), problem.related.as_slice()),
        ("vault.unchosen", &["vault.keychain_absent".to_owned()][..])
    );
    assert_eq!(problem.hints.len(), 2);
    let standing = vault.standing(&[], false, Lang::En).await;
    assert_eq!((standing.kind, standing.state), (None, VaultState::Unchosen));
    vault.choose(VaultKind::Memory, None, &[], Lang::En).await.unwrap();
    assert_eq!(vault.put(&name("i-1"), &secret, Lang::En).await.unwrap(), VaultKind::Memory);
    assert_eq!(vault.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), CANARY);
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "memory is not saved");
    assert_eq!(code(without_keychain(scratch.path()).ready(Lang::En).await), "vault.unchosen");
}

#[tokio::test]
async fn a_passphrase_vault_keeps_locks_and_is_opened_by_another_process() {
    let scratch = Scratch::new("vault-passphrase");
    let one = passphrase_vault(scratch.path(), "four unrelated words").await;
    let other = without_keychain(scratch.path());
    one.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await.unwrap();
    assert_eq!(code(other.get(&name("i-1"), Lang::En).await), "vault.locked");
    assert_eq!(
        code(other.unlock(&Secret::new("some other words"), Lang::En).await),
        "vault.wrong_passphrase"
    );
    other.unlock(&Secret::new("four unrelated words"), Lang::En).await.unwrap();
    assert_eq!(other.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), CANARY);
    assert!(other.get(&name("i-2"), Lang::En).await.unwrap().is_none());
    one.lock();
    assert_eq!(code(one.ready(Lang::En).await), "vault.locked");
    assert!(one.delete(&name("i-1"), Lang::En).await.unwrap(), "deleting needs no key");
    assert!(other.get(&name("i-1"), Lang::En).await.unwrap().is_none());
    other.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await.unwrap();
    assert_eq!(other.forget(Lang::En).await.unwrap(), 1);
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn two_processes_that_make_the_vault_at_once_share_one_key() {
    let scratch = Scratch::new("vault-race");
    let given = Secret::new("four unrelated words");
    let (a, b) = (without_keychain(scratch.path()), without_keychain(scratch.path()));
    let (one, two) = tokio::join!(
        a.choose(VaultKind::Passphrase, Some(&given), &[], Lang::En),
        b.choose(VaultKind::Passphrase, Some(&given), &[], Lang::En)
    );
    assert!(one.is_ok() && two.is_ok());
    a.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await.unwrap();
    assert_eq!(b.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), CANARY);
}

#[tokio::test]
async fn weak_and_missing_passphrases_make_no_vault() {
    let scratch = Scratch::new("vault-weak");
    let vault = without_keychain(scratch.path());
    for weak in
        ["", "short", "        ", "aaaaaaaaaaaa", "1234567", "password123", "qwertyuiop", "spectroscope2024"]
    {
        let weak = Secret::new(weak);
        let made = vault.choose(VaultKind::Passphrase, Some(&weak), &[], Lang::En).await;
        assert_eq!(code(made), "vault.weak_passphrase");
    }
    assert_eq!(code(vault.choose(VaultKind::Passphrase, None, &[], Lang::En).await), "vault.no_passphrase");
    assert_eq!(code(vault.unlock(&Secret::new("four unrelated words"), Lang::En).await), "vault.missing");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_existing_vault_with_a_passphrase_that_is_easy_to_guess_opens_and_says_so() {
    let scratch = Scratch::new("vault-weak-kept");
    let passphrase = "olivia-quiet-garden-teahouse";
    drop(passphrase_vault(scratch.path(), passphrase).await);
    let vault = without_keychain(scratch.path());
    vault.expect_words(vec!["Olivia's garden".into(), "quiet.teahouse.example".into()]);
    vault.unlock(&Secret::new(passphrase), Lang::En).await.unwrap();
    let codes = |problems: Vec<scopes::problem::Problem>| {
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(vault.standing(&[], false, Lang::En).await.problems), ["vault.weak_passphrase_kept"]);
}

#[tokio::test]
async fn damaged_and_exchanged_files_are_noticed_and_left_alone() {
    let scratch = Scratch::new("vault-damage");
    let vault = passphrase_vault(scratch.path(), "four unrelated words").await;
    for identity in ["i-1", "i-2"] {
        vault.put(&name(identity), &Secret::new(identity), Lang::En).await.unwrap();
    }
    let file = |stem: &str| scratch.path().join(format!("vault/{stem}.age"));
    let (one, two) = (file("c-1.i-1.credential"), file("c-1.i-2.credential"));
    let whole = std::fs::read(&one).unwrap();
    assert!(!whole.windows(3).any(|part| part == b"i-1"));
    std::fs::copy(&two, &one).unwrap();
    assert_eq!(code(vault.get(&name("i-1"), Lang::En).await), "vault.swapped");
    for at in [0, 40, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        std::fs::write(&one, &damaged).unwrap();
        assert_eq!(code(vault.get(&name("i-1"), Lang::En).await), "vault.damaged", "byte {at}");
        assert_eq!(std::fs::read(&one).unwrap(), damaged);
    }
    std::fs::write(&one, &whole[..whole.len() - 9]).unwrap();
    assert_eq!(code(vault.get(&name("i-1"), Lang::En).await), "vault.damaged");
    vault.put(&name("i-1"), &Secret::new("again"), Lang::En).await.unwrap();
    assert_eq!(vault.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), "again");
    let key = std::fs::read(file("key")).unwrap();
    std::fs::write(file("key"), b"age-encryption.org/v1\n").unwrap();
    assert_eq!(code(vault.get(&name("i-1"), Lang::En).await), "vault.locked");
    for (lang, words) in
        [(Lang::En, "Without it no secret of this vault can be read"), (Lang::Zh, "没有它就无法读取")]
    {
        let problem = vault.unlock(&Secret::new("four unrelated words"), lang).await.unwrap_err();
        assert_eq!(problem.code, "vault.damaged");
        let hints = problem.hints.join(" ");
        assert!(problem.message.contains("`key.age`") && hints.contains(words), "{problem:?}");
    }
    std::fs::write(file("key"), key).unwrap();
    vault.unlock(&Secret::new("four unrelated words"), Lang::En).await.unwrap();
    assert_eq!(vault.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), "again");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_written_loses_nothing() {
    let scratch = Scratch::new("vault-full");
    let vault = passphrase_vault(scratch.path(), "four unrelated words").await;
    vault.put(&name("i-1"), &Secret::new("first"), Lang::En).await.unwrap();
    let dir = scratch.path().join("vault");
    let aside = scratch.path().join("aside");
    std::fs::rename(&dir, &aside).unwrap();
    // A directory that is gone under our feet cannot be written, for root either.
    assert_eq!(code(vault.put(&name("i-1"), &Secret::new("second"), Lang::En).await), "vault.missing");
    std::fs::rename(&aside, &dir).unwrap();
    // A name that is taken by a directory cannot be replaced by a file.
    vault.unlock(&Secret::new("four unrelated words"), Lang::En).await.unwrap();
    std::fs::create_dir_all(dir.join("c-1.i-2.credential.age/x")).unwrap();
    assert_eq!(code(vault.put(&name("i-2"), &Secret::new("second"), Lang::En).await), "vault.not_written");
    assert_eq!(vault.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), "first");
    assert!(
        !std::fs::read_dir(&dir).unwrap().flatten().any(|e| e.path().extension().is_some_and(|x| x == "new"))
    );
}

#[tokio::test]
async fn the_mock_keychain_is_refused() {
    let scratch = Scratch::new("vault-mock");
    let open = || -> keyring_core::Result<Arc<CredentialStore>> { Ok(mock::Store::new()?) };
    let second = Duration::from_secs(1);
    let vault =
        Vault::on(Some(DataDir::new(scratch.path())), Keychain::opened_by(Arc::new(open), second, second));
    let problem = vault.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await.unwrap_err();
    assert_eq!((problem.code.as_str(), problem.related[0].as_str()), ("vault.unchosen", "vault.mock_store"));
    assert_eq!(vault.standing(&[], true, Lang::En).await.keychain.unwrap().code(), "vault.mock_store");
}

#[tokio::test]
async fn a_keychain_that_forgets_is_noticed_by_reading_back() {
    let scratch = Scratch::new("vault-forgets");
    let chest = Arc::new(Chest::default());
    let vault = on_chest(scratch.path(), &chest);
    vault.put(&name("i-1"), &Secret::new("first"), Lang::En).await.unwrap();
    *chest.forgets.lock().unwrap() = true;
    assert_eq!(code(vault.put(&name("i-2"), &Secret::new(CANARY), Lang::En).await), "vault.not_kept");
    assert_eq!(code(vault.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await), "vault.not_kept");
    chest.refuse(Some("get"));
    assert_eq!(code(vault.get(&name("i-1"), Lang::En).await), "vault.keychain_failed");
}

#[tokio::test]
async fn while_the_keychain_hangs_further_calls_are_refused_at_once() {
    let scratch = Scratch::new("vault-hangs");
    let chest = Arc::new(Chest::default());
    let vault = on_chest(scratch.path(), &chest);
    vault.put(&name("i-1"), &Secret::new("first"), Lang::En).await.unwrap();
    chest.hold(true);
    let first = name("i-1");
    let both = tokio::join!(vault.get(&first, Lang::En), vault.get(&first, Lang::En));
    let hung = ["vault.keychain_hung", "vault.keychain_locked"];
    assert!(hung.contains(&code(both.0).as_str()) && hung.contains(&code(both.1).as_str()));
    let began = std::time::Instant::now();
    for _ in 0..50 {
        assert!(hung.contains(&code(vault.put(&first, &Secret::new("second"), Lang::En).await).as_str()));
    }
    assert!(began.elapsed() < Duration::from_millis(200), "refused without waiting");
    chest.hold(false);
    // The call that hung ends now; its turn is over when another one gets through.
    while vault.ready(Lang::En).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(vault.get(&first, Lang::En).await.unwrap().unwrap().expose(), "first");
}

#[tokio::test]
async fn secrets_move_and_a_failure_midway_leaves_them_where_they_were() {
    let scratch = Scratch::new("vault-moves");
    let chest = Arc::new(Chest::default());
    let vault = on_chest(scratch.path(), &chest);
    let names: Vec<SecretName> = (0..5).map(|n| name(&format!("i-{n}"))).collect();
    let given = Secret::new("four unrelated words");
    vault.choose(VaultKind::Passphrase, Some(&given), &[], Lang::En).await.unwrap();
    for one in &names {
        vault.put(one, &Secret::new(one.to_string()), Lang::En).await.unwrap();
    }
    let file = scratch.path().join("vault/c-1.i-3.credential.age");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, "damaged").unwrap();
    assert_eq!(code(vault.choose(VaultKind::Keychain, None, &names, Lang::En).await), "vault.damaged");
    std::fs::write(&file, whole).unwrap();
    chest.refuse(Some("set"));
    assert_eq!(
        code(vault.choose(VaultKind::Keychain, None, &names, Lang::En).await),
        "vault.keychain_failed"
    );
    chest.refuse(None);
    assert!(chest.entries.lock().unwrap().is_empty());
    for one in &names {
        assert_eq!(vault.get(one, Lang::En).await.unwrap().unwrap().expose(), one.to_string());
    }
    assert!(vault.choose(VaultKind::Keychain, None, &names, Lang::En).await.unwrap().is_empty());
    assert_eq!(chest.entries.lock().unwrap().len(), 5);
    let standing = vault.standing(&names, false, Lang::En).await;
    assert_eq!(
        (standing.kind, standing.kept, standing.passphrase_exists),
        (Some(VaultKind::Keychain), 5, true)
    );
    for one in &names {
        assert_eq!(vault.get(one, Lang::En).await.unwrap().unwrap().expose(), one.to_string());
    }
    assert_eq!(std::fs::read_dir(scratch.path().join("vault")).unwrap().count(), 1, "only the key");
    chest.refuse(Some("delete"));
    let left = vault.choose(VaultKind::Passphrase, Some(&given), &names, Lang::En).await.unwrap();
    assert_eq!(left[0].code, "vault.left_behind");
    for one in &names {
        assert_eq!(vault.get(one, Lang::En).await.unwrap().unwrap().expose(), one.to_string());
    }
}

#[tokio::test]
async fn what_was_for_this_run_goes_along_when_a_place_is_chosen_but_the_sandbox_does_not() {
    let scratch = Scratch::new("vault-late-choice");
    let vault = without_keychain(scratch.path());
    vault.choose(VaultKind::Memory, None, &[], Lang::En).await.unwrap();
    vault.put(&name("i-1"), &Secret::new(CANARY), Lang::En).await.unwrap();
    vault.put_in_memory(&name("i-sandbox"), &Secret::new("sandbox"));
    let given = Secret::new("four unrelated words");
    vault.choose(VaultKind::Passphrase, Some(&given), &[], Lang::En).await.unwrap();
    let other = without_keychain(scratch.path());
    other.unlock(&given, Lang::En).await.unwrap();
    assert_eq!(other.get(&name("i-1"), Lang::En).await.unwrap().unwrap().expose(), CANARY);
    assert!(other.get(&name("i-sandbox"), Lang::En).await.unwrap().is_none());
    assert!(vault.get(&name("i-sandbox"), Lang::En).await.unwrap().is_some());
    vault.choose(VaultKind::Memory, None, &[name("i-1")], Lang::En).await.unwrap();
    assert!(other.get(&name("i-1"), Lang::En).await.unwrap().is_some(), "this run only takes nothing away");
}
