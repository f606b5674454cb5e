//! Team settings: values are not validated, unknown keys are dropped (contract §8.1).

use serde_json::{Value, json};

use super::gate::Member;
use super::input::Input;
use super::refusal::Answer;
use super::state::{State, setting_defaults};
use crate::wire::{Call, Reply};

/// `GET T/settings`
pub(super) fn get(state: &State, who: &Member) -> Answer {
    let values = state.settings_of(&who.team);
    let settings: Value = setting_defaults()
        .into_iter()
        .map(|(key, default)| (key.to_owned(), values.get(key).cloned().unwrap_or(default)))
        .collect();
    Ok(Reply::json(200, &json!({ "settings": settings })))
}

/// `PATCH T/settings`: the role comes before the body.
pub(super) fn patch(state: &mut State, who: &Member, call: &Call) -> Answer {
    who.must(state, "manage_settings", None, "No permission to manage settings")?;
    let input = Input::searched(call, "site_name")?;
    let stored = state.settings.entry(who.team.clone()).or_default();
    for (key, _) in setting_defaults() {
        if let Some(sent) = input.get(key) {
            stored.insert(key.into(), sent.clone());
        }
    }
    get(state, who)
}
