//! The UI's types are those of the engine. `BLESS=1` rewrites the file.

use crate::generated;

#[test]
fn contract_is_current() {
    generated::check("ui/src/contract.ts", &engine::contract::typescript());
}
