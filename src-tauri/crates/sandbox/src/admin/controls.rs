//! What each control does.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Admin, described};
use crate::faults::Fault;
use crate::glint::GlintChange;
use crate::scenario::Scenario;
use crate::wire::{Call, Reply};

type Done = Result<Reply, (u16, String)>;

impl Admin {
    pub(super) fn control(&self, call: &Call, path: &[&str]) -> Done {
        match (call.method.as_str(), path) {
            ("GET", []) => Ok(Reply::json(200, &described())),
            ("GET", ["handout"]) => shown(&self.handout()),
            ("POST", ["reset"]) => shown(&self.reset()),
            (_, ["scenarios" | "scenario", ..]) => self.scenarios(call, path),
            ("GET", ["clock"]) => Ok(self.time()),
            ("POST", ["clock"]) => self.advance(call),
            ("POST", ["caches", "drop"]) => {
                self.inner.glint.drop_caches();
                self.inner.prism.forget_rate_limits();
                Ok(Reply::json(200, &json!({})))
            }
            ("PATCH", ["users", name]) => self.change_user(call, name),
            ("PATCH", ["clients", client_id]) => self.change_client(call, client_id),
            ("PUT" | "DELETE", ["teams", team, "members", name]) => self.change_member(call, team, name),
            ("POST", ["glint"]) => self.change_glint(call),
            (_, ["faults", ..]) => self.fault(call, path),
            ("GET", ["log"]) => Ok(Reply::json(200, &self.inner.log.archive())),
            ("DELETE", ["log"]) => {
                self.inner.log.clear();
                Ok(Reply::json(200, &json!({})))
            }
            _ => Err((404, "There is no such control; GET / lists them.".into())),
        }
    }

    fn scenarios(&self, call: &Call, path: &[&str]) -> Done {
        match (call.method.as_str(), path) {
            ("GET", ["scenarios"]) => Ok(Reply::json(200, &json!({ "scenarios": Scenario::SHIPPED }))),
            ("GET", ["scenario"]) => shown(&*self.loaded().0),
            ("GET", ["scenario", "schema"]) => Ok(Reply::json(200, &Scenario::schema())),
            ("POST", ["scenario"]) => {
                let text = String::from_utf8_lossy(&call.body);
                let named = serde_json::from_str::<Named>(&text).ok();
                let scenario = match named {
                    Some(Named { name }) => Scenario::named(&name)
                        .ok_or_else(|| (404, format!("There is no scenario `{name}`.")))?,
                    None => Scenario::from_json(&text).map_err(|why| (400, why.to_string()))?,
                };
                shown(&self.load(scenario))
            }
            _ => Err((404, "There is no such control; GET / lists them.".into())),
        }
    }

    fn time(&self) -> Reply {
        let clock = &self.inner.clock;
        Reply::json(200, &json!({ "now": clock.now(), "offset_seconds": clock.offset() }))
    }

    fn advance(&self, call: &Call) -> Done {
        let step: Step = read(call)?;
        self.inner.clock.advance(step.advance_seconds);
        Ok(self.time())
    }

    fn change_user(&self, call: &Call, name: &str) -> Done {
        let change: Switches = read(call)?;
        found(self.inner.prism.switch_user(name, change.is_active, change.profile_is_public), "user", name)
    }

    fn change_client(&self, call: &Call, client_id: &str) -> Done {
        let change: Switches = read(call)?;
        let done = self.inner.prism.switch_client(client_id, change.is_active, change.use_jwt_tokens);
        found(done, "client", client_id)
    }

    fn change_member(&self, call: &Call, team: &str, name: &str) -> Done {
        let role = match call.method.as_str() {
            "PUT" => Some(read::<Membership>(call)?.role),
            _ => None,
        };
        found(self.inner.prism.set_member(team, name, role.as_deref()), "team or user", name)
    }

    fn change_glint(&self, call: &Call) -> Done {
        let wanted: GlintChange = read(call)?;
        shown(&self.inner.glint.change(wanted))
    }

    fn fault(&self, call: &Call, path: &[&str]) -> Done {
        let faults = &self.inner.faults;
        match (call.method.as_str(), path) {
            ("GET", ["faults"]) => Ok(Reply::json(200, &json!({ "faults": faults.list() }))),
            ("POST", ["faults"]) => {
                let fault: Fault = read(call)?;
                shown(&faults.inject(fault))
            }
            ("DELETE", ["faults"]) => {
                faults.clear();
                Ok(Reply::json(200, &json!({})))
            }
            ("DELETE", ["faults", id]) => found(faults.remove(id), "fault", id),
            _ => Err((404, "There is no such control; GET / lists them.".into())),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    advance_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switches {
    is_active: Option<bool>,
    profile_is_public: Option<bool>,
    use_jwt_tokens: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Membership {
    role: String,
}

fn read<T: serde::de::DeserializeOwned>(call: &Call) -> Result<T, (u16, String)> {
    serde_json::from_slice(&call.body).map_err(|why| (400, format!("The body cannot be read: {why}.")))
}

fn shown(value: &impl serde::Serialize) -> Done {
    serde_json::to_value(value).map(|v: Value| Reply::json(200, &v)).map_err(|why| (500, why.to_string()))
}

fn found(done: bool, what: &str, name: &str) -> Done {
    if done { Ok(Reply::json(200, &json!({}))) } else { Err((404, format!("There is no {what} `{name}`."))) }
}
