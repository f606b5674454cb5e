//! All connections of this run: the sandbox, the saved ones as the file has them now, and those for this run only.

use super::file::{ConnectionsFile, Content, Fault, Mine};
use super::{Deployment, Saved, deployment};
use crate::data_dir::DataDir;
use crate::effects::{self, Effect};
use crate::private_file::Stamp;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// All connections; the saved ones are on disk as soon as they are here. What another process saves is seen with the
/// next look.
pub(crate) struct Store {
    file: Option<ConnectionsFile>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    deployments: Vec<Deployment>,
    /// Why the file is not written to: it is of a newer version, or cannot be read.
    fault: Option<Fault>,
    /// Saved connections whose address cannot be used; they stay in the file as they are.
    unusable: Vec<Saved>,
    /// The state of the file that was read last; the outer `None`: it was never read.
    seen: Option<Option<Stamp>>,
}

impl Store {
    /// The connections saved in the directory; without one, nothing outlives this run.
    pub(crate) fn open(data_dir: Option<DataDir>) -> Self {
        let file = data_dir.map(ConnectionsFile::in_dir);
        Self { file, state: Mutex::default() }
    }

    /// The state, after what another process wrote was read.
    fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &self.file {
            // Looked at before it is read: what is written in between is read once more with the next look.
            let stamp = file.stamp();
            if state.seen.as_ref() != Some(&stamp) {
                match file.load() {
                    Ok(content) => state.adopt(content, stamp),
                    Err(fault) => state.lose(fault, stamp),
                }
            }
        }
        state
    }

    /// What is wrong with the file.
    pub(crate) fn problems(&self, lang: Lang) -> Vec<Problem> {
        let state = self.lock();
        let unusable = state.unusable.iter().map(|saved| unusable(saved, lang));
        let note = self.file.as_ref().and_then(|file| file.note(lang));
        state.fault.iter().map(|fault| fault.problem(lang)).chain(unusable).chain(note).collect()
    }

    /// All of them, the sandbox first.
    pub(crate) fn all(&self) -> Vec<Deployment> {
        self.lock().deployments.clone()
    }

    /// One of them.
    pub(crate) fn get(&self, id: &str) -> Option<Deployment> {
        self.lock().deployments.iter().find(|d| d.saved.id == id).cloned()
    }

    /// Puts the sandbox in front.
    pub(crate) fn attach(&self, sandbox: Deployment) {
        let mut state = self.lock();
        state.deployments.retain(|d| !d.is_sandbox());
        state.deployments.insert(0, sandbox);
    }

    /// Adds a connection: to the file where there is one and `lasting` says so, else for this run. Nothing is added when
    /// it cannot be saved.
    ///
    /// # Errors
    /// When its name is taken, its address cannot be used, or the file cannot be written.
    pub(crate) fn add(&self, saved: Saved, lasting: bool, lang: Lang) -> Result<(), Problem> {
        self.add_all(vec![saved], lasting, lang)
    }

    /// Adds several in one step: all of them, or none.
    ///
    /// # Errors
    /// Those of [`Self::add`], for any of them.
    pub(crate) fn add_all(&self, all: Vec<Saved>, lasting: bool, lang: Lang) -> Result<(), Problem> {
        let fresh = all.iter().map(|saved| deployment(saved.clone()).ok_or_else(|| unusable(saved, lang)));
        let fresh: Vec<Deployment> = fresh.collect::<Result<_, _>>()?;
        let mine = self.file.as_ref().filter(|_| lasting).map(|file| file.hold(lang)).transpose()?;
        let _effect = effects::begin(Effect::Saved);
        let mut state = self.lock();
        for saved in &all {
            state.name_is_free(&saved.name, &saved.id, lang)?;
        }
        let Some(file) = mine else {
            state.deployments.extend(fresh);
            return Ok(());
        };
        let ((), content, stamp) = file.change(lang, |content| {
            for saved in all {
                name_is_free(content.connections.iter(), &saved.name, &saved.id, lang)?;
                content.connections.push(saved);
            }
            Ok(())
        })?;
        state.adopt(content, stamp);
        Ok(())
    }

    /// Changes what is saved of a connection and of its identities: in the file, on what it says now, where the
    /// connection is in it; else in memory. Nothing is changed when it cannot be saved.
    ///
    /// # Errors
    /// When the connection is gone, or the file cannot be written.
    pub(crate) fn change_saved<T>(
        &self,
        id: &str,
        lang: Lang,
        change: impl FnOnce(&mut Deployment) -> T,
    ) -> Result<T, Problem> {
        self.try_change_saved(id, lang, |deployment| Ok(change(deployment)))
    }

    /// The same for a change that may be refused, which changes nothing then.
    ///
    /// # Errors
    /// Those of `change` as well, and when its new name is taken.
    pub(crate) fn try_change_saved<T>(
        &self,
        id: &str,
        lang: Lang,
        change: impl FnOnce(&mut Deployment) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mine = self.hold_for(id, lang)?;
        let _effect = effects::begin(Effect::Saved);
        let mut state = self.lock();
        let (at, before) = state.find(id).ok_or_else(|| unknown(id, lang))?;
        let carry_out = |mut deployment: Deployment| {
            let reply = change(&mut deployment)?;
            deployment.saved = deployment.to_saved();
            Ok::<_, Problem>((reply, deployment))
        };
        let Some(file) = mine else {
            let (reply, after) = carry_out(before)?;
            state.name_is_free(&after.saved.name, id, lang)?;
            state.put(at, after);
            return Ok(reply);
        };
        let this_run = state.of_this_run();
        let ((reply, after), content, stamp) = file.change(lang, |content| {
            let place = content.connections.iter_mut().find(|saved| saved.id == id);
            let place = place.ok_or_else(|| unknown(id, lang))?;
            let now = before.saved_as(place.clone()).ok_or_else(|| unusable(place, lang))?;
            let (reply, after) = carry_out(now)?;
            *place = after.saved.clone();
            name_is_free(content.connections.iter().chain(&this_run), &after.saved.name, id, lang)?;
            Ok((reply, after))
        })?;
        state.put(at, after);
        state.adopt(content, stamp);
        Ok(reply)
    }

    /// Removes a connection with its identities, not their secrets.
    ///
    /// # Errors
    /// When it is gone already, or the file cannot be written.
    pub(crate) fn remove(&self, id: &str, lang: Lang) -> Result<(), Problem> {
        let mine = self.hold_for(id, lang)?;
        let _effect = effects::begin(Effect::Saved);
        let mut state = self.lock();
        let is_there = state.deployments.iter().map(|d| &d.saved).chain(&state.unusable).any(|s| s.id == id);
        match mine {
            _ if !is_there => return Err(unknown(id, lang)),
            None => state.deployments.retain(|d| d.saved.id != id),
            Some(file) => {
                let ((), content, stamp) = file.change(lang, |content| {
                    content.connections.retain(|saved| saved.id != id);
                    Ok(())
                })?;
                state.adopt(content, stamp);
            }
        }
        Ok(())
    }

    /// The file, where the connection is in it, held for a change of it; `None`: it is for this run only.
    fn hold_for(&self, id: &str, lang: Lang) -> Result<Option<Mine<'_>>, Problem> {
        let this_run = self.get(id).is_some_and(|deployment| !deployment.lasting);
        self.file.as_ref().filter(|_| !this_run).map(|file| file.hold(lang)).transpose()
    }

    /// Changes what is held in memory of a connection; nothing of it is saved.
    pub(crate) fn change(&self, id: &str, change: impl FnOnce(&mut Deployment)) {
        if let Some(deployment) = self.lock().deployments.iter_mut().find(|d| d.saved.id == id) {
            change(deployment);
        }
    }
}

/// A new handle: `prefix` and eight random hexadecimal digits.
pub(crate) fn handle(prefix: &str) -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{prefix}-{}", random.get(..8).unwrap_or(&random))
}

impl State {
    /// Takes over what the file says; what is known in memory of a connection stays while its servers stay.
    fn adopt(&mut self, content: Content, stamp: Option<Stamp>) {
        let mut before = std::mem::take(&mut self.deployments);
        let this_run = before.extract_if(.., |d| !d.lasting).collect::<Vec<_>>();
        let (sandbox, this_run): (Vec<_>, Vec<_>) = this_run.into_iter().partition(Deployment::is_sandbox);
        let mut unusable = Vec::new();
        let mut lasting = Vec::new();
        for saved in content.connections {
            let known = before.iter().find(|d| d.saved.id == saved.id);
            let after = match known {
                Some(known) => known.saved_as(saved.clone()),
                None => deployment(saved.clone()),
            };
            match after {
                Some(after) => lasting.push(Deployment { lasting: true, ..after }),
                None => unusable.push(saved),
            }
        }
        self.deployments = sandbox.into_iter().chain(lasting).chain(this_run).collect();
        self.unusable = unusable;
        self.fault = None;
        self.seen = Some(stamp);
    }

    /// The file became unusable: what was read of it before stays for this run.
    fn lose(&mut self, fault: Fault, stamp: Option<Stamp>) {
        self.fault = Some(fault);
        self.seen = Some(stamp);
    }

    fn find(&self, id: &str) -> Option<(usize, Deployment)> {
        let found = self.deployments.iter().enumerate().find(|(_, d)| d.saved.id == id);
        found.map(|(at, deployment)| (at, deployment.clone()))
    }

    fn put(&mut self, at: usize, deployment: Deployment) {
        if let Some(place) = self.deployments.get_mut(at) {
            *place = deployment;
        }
    }

    /// Those that are in no file.
    fn of_this_run(&self) -> Vec<Saved> {
        self.deployments.iter().filter(|d| !d.lasting).map(|d| d.saved.clone()).collect()
    }

    fn name_is_free(&self, name: &str, id: &str, lang: Lang) -> Result<(), Problem> {
        let all = self.deployments.iter().map(|d| &d.saved).chain(&self.unusable);
        name_is_free(all, name, id, lang)
    }
}

/// Names are how the command line tells connections apart.
fn name_is_free<'a>(
    mut all: impl Iterator<Item = &'a Saved>,
    name: &str,
    id: &str,
    lang: Lang,
) -> Result<(), Problem> {
    let wanted = name.to_lowercase();
    let is_ours = matches!(wanted.as_str(), "sandbox" | "沙盒") && id != super::SANDBOX;
    if !is_ours && !all.any(|other| other.id != id && other.name.to_lowercase() == wanted) {
        return Ok(());
    }
    Err(Problem::refused(
        "connection.name_taken",
        say!(lang, "There is a connection `{name}` already.", "已有名为 `{name}` 的连接。"),
    )
    .hinted(say!(lang, "Choose another name.", "换一个名称。"))
    .about("name"))
}

/// There is no connection of this handle.
pub(crate) fn unknown(id: &str, lang: Lang) -> Problem {
    Problem::refused(
        "connection.unknown",
        say!(lang, "There is no connection `{id}`.", "没有名为 `{id}` 的连接。"),
    )
    .hinted(say!(lang, "Choose another connection.", "选择另一个连接。"))
}

pub(super) fn unusable(saved: &Saved, lang: Lang) -> Problem {
    let (name, address) = (&saved.name, &saved.prism_url);
    Problem::risky(
        "connections.unusable_address",
        say!(
            lang,
            "The saved connection {name} is left out: its address `{address}` cannot be used.",
            "已略去保存的连接 {name}：无法使用它的地址 `{address}`。"
        ),
    )
    .hinted(say!(lang, "Add it again with an address that has https.", "用 https 地址重新添加。"))
}
