//! Glint over real HTTP, on the lived-in scenario.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper that cannot go on ends its test")]

mod desk;
mod gates;
mod rows;
mod team_lists;
mod trouble;
