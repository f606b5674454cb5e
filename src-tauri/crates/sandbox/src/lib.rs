//! An in-memory Prism and Glint over real HTTP on loopback ports, with a lived-in scenario.
//!
//! Depends on none of our other crates: it is one of the judges of the engine, so it may not share code with it.

pub mod glint;
pub mod prism;
