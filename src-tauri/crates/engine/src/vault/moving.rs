//! Choosing a place, and moving what is kept: first everything is written to the new place and read back, then the choice
//! is saved, then the old place is cleared. Until the choice is saved everything can be read where it was.

use super::{Fault, Place, SecretName, Vault};
use crate::operations::vault::{VaultKind, VaultState};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use std::sync::atomic::Ordering;

/// How a place stands.
pub(crate) struct Standing {
    /// The place in use.
    pub(crate) kind: Option<VaultKind>,
    /// Whether it can be used now.
    pub(crate) state: VaultState,
    /// Why the keychain cannot be used.
    pub(crate) keychain: Option<Fault>,
    /// Whether a passphrase vault was made.
    pub(crate) passphrase_exists: bool,
    /// Secrets kept beyond this run.
    pub(crate) kept: usize,
    /// What is wrong with the place in use.
    pub(crate) problems: Vec<Problem>,
}

/// What is on its way: a secret, and where it comes from.
struct Moved {
    name: SecretName,
    secret: Secret,
    from_memory: bool,
}

impl Vault {
    /// Looks at all places.
    pub(crate) async fn standing(&self, names: &[SecretName], again: bool, lang: Lang) -> Standing {
        let known = self.probed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let keychain = match known {
            Some(known) if !again => known.err(),
            _ => self.probe(true).await.err(),
        };
        let passphrase_exists = self.disk.as_ref().is_some_and(|disk| disk.passphrase.exists());
        let mut standing = Standing {
            kind: None,
            state: VaultState::Absent,
            keychain,
            passphrase_exists,
            kept: 0,
            problems: Vec::new(),
        };
        match self.place() {
            Ok(place) => self.look_at(place, &mut standing, lang).await,
            Err(fault) => standing.problems.push(fault.problem(lang)),
        }
        if standing.kind == Some(VaultKind::Passphrase)
            && self.disk.as_ref().is_some_and(|disk| disk.passphrase.is_weak())
        {
            standing.problems.push(super::fault::weak_but_open(lang));
        }
        match self.lasting_count(names, standing.keychain.is_none()).await {
            Ok(kept) => standing.kept = kept,
            Err(fault) => standing.problems.push(fault.problem(lang)),
        }
        standing
    }

    async fn look_at(&self, place: Place, standing: &mut Standing, lang: Lang) {
        standing.kind = Some(place.kind());
        let fault = match place {
            Place::Memory => None,
            Place::Keychain { .. } => standing.keychain.clone(),
            Place::Passphrase => self.passphrase(|vault| vault.check()).await.err(),
        };
        standing.state = match (&fault, place) {
            (None, _) => VaultState::Ready,
            (Some(_), Place::Keychain { chosen: false }) => {
                standing.kind = None;
                VaultState::Unchosen
            }
            (Some(Fault::Locked | Fault::KeychainLocked | Fault::KeychainWaits), _) => VaultState::Locked,
            (Some(_), _) => VaultState::Absent,
        };
        if let Some(fault) = fault.filter(|fault| !matches!(fault, Fault::Locked)) {
            standing.problems.push(place.problem(&fault, lang));
        }
    }

    async fn lasting_count(&self, names: &[SecretName], keychain_works: bool) -> Result<usize, Fault> {
        match self.lasting() {
            Ok(Place::Passphrase) => self.passphrase(super::Passphrase::count).await,
            Ok(Place::Keychain { .. }) if keychain_works && !names.is_empty() => {
                self.keychain.count(names).await
            }
            // What is wrong with the choice is said with the place in use.
            _ => Ok(0),
        }
    }

    /// Chooses where secrets are kept and moves what is kept there. What stays behind is said in the answer. This run only
    /// moves nothing: what is kept is not to be lost with the run.
    ///
    /// # Errors
    /// When the new place does not take everything, or the old one cannot be read; then everything is as it was.
    pub(crate) async fn choose(
        &self,
        kind: VaultKind,
        passphrase: Option<&Secret>,
        names: &[SecretName],
        lang: Lang,
    ) -> Result<Vec<Problem>, Problem> {
        let _alone = self.moving.write().await;
        if kind == VaultKind::Memory {
            self.this_run.store(true, Ordering::Release);
            return Ok(Vec::new());
        }
        let plain = |fault: Fault| fault.problem(lang);
        let target = self.prepare(kind, passphrase).await.map_err(plain)?;
        // A choice that cannot be read names no old place; choosing anew is the way out.
        let old = self.lasting().ok().filter(|old| old.kind() != kind);
        let mut left = Vec::new();
        let moved = match self.gather(old, names).await {
            Ok(moved) => moved,
            Err(Fault::KeychainAbsent(_) | Fault::Missing) if old.is_some() => {
                left.push(left_behind(lang));
                self.gather(None, names).await.map_err(plain)?
            }
            Err(fault) => return Err(plain(fault)),
        };
        self.deliver(target, &moved).await.map_err(plain)?;
        self.this_run.store(false, Ordering::Release);
        let mut uncleared = 0;
        for one in &moved {
            self.memory().remove(&one.name);
            if let Some(old) = old.filter(|_| !one.from_memory) {
                uncleared += usize::from(self.delete_at(old, &one.name).await.is_err());
            }
        }
        if uncleared > 0 {
            left.push(uncleared_problem(uncleared, lang));
        }
        Ok(left)
    }

    async fn prepare(&self, kind: VaultKind, passphrase: Option<&Secret>) -> Result<Place, Fault> {
        if self.disk.is_none() {
            return Err(Fault::NoDirectory);
        }
        if kind == VaultKind::Keychain {
            self.probe(true).await?;
            return Ok(Place::Keychain { chosen: true });
        }
        match passphrase.cloned() {
            Some(passphrase) => self.passphrase(move |vault| vault.make(&passphrase)).await?,
            None if self.passphrase(|vault| vault.check()).await.is_ok() => {}
            None => return Err(Fault::NoPassphrase),
        }
        Ok(Place::Passphrase)
    }

    /// Everything that goes along, read from where it is.
    async fn gather(&self, old: Option<Place>, names: &[SecretName]) -> Result<Vec<Moved>, Fault> {
        let mut moved: Vec<Moved> = self
            .memory()
            .iter()
            .filter(|(_, held)| held.moves)
            .map(|(name, held)| Moved { name: name.clone(), secret: held.secret.clone(), from_memory: true })
            .collect();
        let Some(old) = old else { return Ok(moved) };
        for name in names {
            if moved.iter().any(|one| one.name == *name) {
                continue;
            }
            match self.get_at(old, name).await {
                Ok(Some(secret)) => moved.push(Moved { name: name.clone(), secret, from_memory: false }),
                Ok(None) => {}
                // Nobody chose it and it is not there: nothing can be in it.
                Err(Fault::KeychainAbsent(_)) if old == (Place::Keychain { chosen: false }) => break,
                Err(fault) => return Err(fault),
            }
        }
        Ok(moved)
    }

    /// Writes everything to the new place, then saves the choice. What was written is taken back if either fails.
    async fn deliver(&self, target: Place, moved: &[Moved]) -> Result<(), Fault> {
        let mut written = Vec::new();
        let mut outcome = Ok(());
        for one in moved {
            written.push(&one.name);
            outcome = self.put_at(target, &one.name, &one.secret).await;
            if outcome.is_err() {
                break;
            }
        }
        if outcome.is_ok() {
            outcome = self.disk.as_ref().map_or(Err(Fault::NoDirectory), |d| d.choice.save(target.kind()));
        }
        if outcome.is_err() && self.lasting().ok().map(Place::kind) != Some(target.kind()) {
            for name in written {
                // A copy that cannot be taken back is as safe there as the original would have been.
                let _ = self.delete_at(target, name).await;
            }
        }
        outcome
    }

    /// Opens the passphrase vault for this run.
    ///
    /// # Errors
    /// When the passphrase is wrong, or there is no such vault.
    pub(crate) async fn unlock(&self, passphrase: &Secret, lang: Lang) -> Result<(), Problem> {
        let passphrase = passphrase.clone();
        let unlocked = self.passphrase(move |vault| vault.unlock(&passphrase)).await;
        unlocked.map_err(|fault| fault.problem(lang))
    }

    /// Closes the passphrase vault.
    pub(crate) fn lock(&self) {
        if let Some(disk) = &self.disk {
            disk.passphrase.close();
        }
    }

    /// Removes the passphrase vault with all it holds, the choice, and what is in memory; how many secrets the vault held.
    ///
    /// # Errors
    /// When files cannot be removed.
    pub(crate) async fn forget(&self, lang: Lang) -> Result<usize, Problem> {
        let _alone = self.moving.write().await;
        self.memory().retain(|_, held| !held.moves);
        self.this_run.store(false, Ordering::Release);
        if self.disk.is_none() {
            return Ok(0);
        }
        let forgotten =
            self.passphrase(super::Passphrase::forget).await.map_err(|fault| fault.problem(lang))?;
        let choice = self.disk.as_ref().map_or(Ok(()), |disk| disk.choice.forget());
        choice.map(|()| forgotten).map_err(|fault| fault.problem(lang))
    }
}

fn left_behind(lang: Lang) -> Problem {
    Problem::risky(
        "vault.not_moved",
        say!(
            lang,
            "The old place does not answer, so what it holds stays there.",
            "原来的位置没有响应，其中的内容留在原处。"
        ),
    )
    .hinted(say!(
        lang,
        "Add the identities again, or choose the old place again when it works.",
        "重新添加身份，或在原来的位置可用后重新选择它。"
    ))
}

fn uncleared_problem(count: usize, lang: Lang) -> Problem {
    Problem::risky(
        "vault.left_behind",
        say!(
            lang,
            "{count} secrets were moved, but could not be deleted where they were.",
            "已移动 {count} 个密钥，但无法从原来的位置删除。"
        ),
    )
    .hinted(say!(
        lang,
        "Delete the entries named `spectroscope` in the keychain by hand.",
        "在钥匙串中手动删除名为 `spectroscope` 的条目。"
    ))
}
