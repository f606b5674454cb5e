//! The published form of a provider profile. `BLESS=1` rewrites the file.

use crate::generated;

#[test]
fn profile_schema_is_current() {
    generated::check("src-tauri/crates/scopes/profiles/profile.schema.json", &scopes::profile::schema());
}
