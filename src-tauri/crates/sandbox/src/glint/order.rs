//! New orders of sets and todos: the two routes whose items are taken apart one by one.

use serde_json::Value;

use super::input::{self, Input};
use super::refusal::Refusal;
use crate::js;

/// One item as the statement takes it.
pub(super) struct Move {
    pub(super) id: Value,
    pub(super) order: Value,
}

/// Whether the body has items at all; anything that has a length passes.
pub(super) fn asked(input: &Input) -> Result<(), Refusal> {
    if js::has_length(input.get("items")) { Ok(()) } else { Err(Refusal::bad("No items")) }
}

/// The items, each with both of its values bound.
pub(super) fn moves(input: &Input) -> Result<Vec<Move>, Refusal> {
    let item = |item: &Value| {
        if item.is_null() {
            let text = "Cannot destructure property 'id' of 'object null' as it is null.";
            return Err(Refusal::type_error(text));
        }
        let order = input::bind(item.get("sortOrder"))?;
        Ok(Move { id: input::bind(item.get("id"))?, order: js::d1::real(order) })
    };
    input::elements(input.get("items"), "items.map")?.iter().map(item).collect()
}

impl Move {
    /// Whether this is about the row of this id.
    pub(super) fn hits(&self, id: &str) -> bool {
        self.id.as_str() == Some(id)
    }
}

/// Refuses a row of `table` whose place is nothing.
pub(super) fn placed(order: &Value, table: &str) -> Result<(), Refusal> {
    if order.is_null() { Err(Refusal::not_null(table, "sort_order")) } else { Ok(()) }
}
