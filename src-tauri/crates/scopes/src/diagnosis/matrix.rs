//! The access matrix: every route for one token in one place, foretold by the gates that explain denials.
//!
//! Each route becomes a call that is not sent. The gates judge it in the server's order by the evidence there is, and
//! the first that would fail gives the reason code as it would after the call. What is foretold is never proven: only
//! a call shows what a server does. A sound request for things that exist is assumed.

mod outlook;
mod table;

pub use table::{as_csv, foresee};

use super::code::{Code, Family, GateId};
use super::types::{Certainty, Diagnosis, GateState, Needs, Remedy};
use serde::Serialize;
use ts_rs::TS;

/// Where the calls would go.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Glint's address without path.
    pub glint: String,
    /// The credential's header as it would be sent. Stays inside: nothing of it is in the rows.
    pub authorization: Option<crate::secret::Secret>,
    /// The team, or a personal space.
    pub team: String,
    /// The set, if one was chosen.
    pub set: Option<String>,
    /// Now, Unix milliseconds.
    pub now: i64,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It passes every gate.
    Allowed,
    /// It passes for what the person made, and not for what others made.
    OwnOnly,
    /// A gate stops it.
    Denied,
    /// The evidence does not tell.
    Unknown,
}

/// One gate of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RowGate {
    /// `header`, `token`, `scope`, `membership`, `resource`, `role`.
    pub id: String,
    /// What becomes of the call there.
    pub state: GateState,
    /// The fact that says so; empty where none does.
    pub fact: String,
}

/// What a real call showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Observed {
    /// Status; 0 when no answer came.
    pub status: u16,
    /// What became of it; `unknown` when a server was in trouble.
    pub access: Access,
    /// Reason code.
    #[ts(type = "string")]
    pub cause: Code,
    /// How sure the reason is.
    pub certainty: Certainty,
    /// The gate that stopped it.
    #[ts(type = "string | null")]
    pub gate: Option<GateId>,
    /// One sentence when this is not what was foretold.
    pub differs: Option<String>,
}

/// One route, or one of its body fields where that has scopes or permissions of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AccessRow {
    /// Route id.
    pub route: String,
    /// The body field this row is about.
    pub field: Option<String>,
    /// Verb.
    pub method: String,
    /// Path with `:name` parts.
    pub path: String,
    /// Group of the route.
    pub group: String,
    /// Whether it changes something: never sent as a proof.
    pub writes: bool,
    /// Whether a real call may prove it: a read that changes nothing and ends.
    pub provable: bool,
    /// What is foretold.
    pub access: Access,
    /// How sure, never proven.
    pub certainty: Certainty,
    /// The gate that would stop it.
    #[ts(type = "string | null")]
    pub gate: Option<GateId>,
    /// Reason code it would be refused with; `allowed` otherwise.
    #[ts(type = "string")]
    pub cause: Code,
    /// The code behind it.
    #[ts(type = "string | null")]
    pub because: Option<Code>,
    /// The reason in one sentence; empty when allowed.
    pub headline: String,
    /// What is missing.
    pub needs: Needs,
    /// The cure.
    pub remedies: Vec<Remedy>,
    /// The gates in their order.
    pub gates: Vec<RowGate>,
    /// What a real call showed, if one was made.
    pub observed: Option<Observed>,
}

impl AccessRow {
    /// Puts a real call beside what was foretold.
    pub fn observe(&mut self, found: &Diagnosis, lang: crate::lang::Lang) {
        let gate = found.gates.iter().find(|gate| gate.state == GateState::Failed).map(|gate| gate.id);
        let access = match found.cause.family() {
            Family::Allowed | Family::Hidden => Access::Allowed,
            Family::Reach | Family::Server => Access::Unknown,
            _ => Access::Denied,
        };
        let differs = self.differs(access, gate, found.cause, lang);
        self.observed = Some(Observed {
            status: found.status,
            access,
            cause: found.cause,
            certainty: found.certainty,
            gate,
            differs,
        });
    }

    fn differs(
        &self,
        access: Access,
        gate: Option<GateId>,
        cause: Code,
        lang: crate::lang::Lang,
    ) -> Option<String> {
        let foretold = self.cause;
        match (self.access, access) {
            (Access::Allowed | Access::OwnOnly, Access::Denied) => Some(crate::say!(
                lang,
                "Foretold as allowed, and refused: `{cause}`.",
                "预测为允许，实际被拒绝：`{cause}`。"
            )),
            (Access::Denied, Access::Allowed) => Some(crate::say!(
                lang,
                "Foretold as denied (`{foretold}`), and allowed.",
                "预测为拒绝（`{foretold}`），实际被允许。"
            )),
            // An uncertain gate may stand before the one that was foretold.
            (Access::Denied, Access::Denied) if self.certainty > Certainty::Possible && gate != self.gate => {
                Some(crate::say!(
                    lang,
                    "Foretold as `{foretold}`, and refused by another gate: `{cause}`.",
                    "预测为 `{foretold}`，实际被另一道关卡拒绝：`{cause}`。"
                ))
            }
            _ => None,
        }
    }
}
