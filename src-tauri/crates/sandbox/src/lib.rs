//! An in-memory Prism and Glint over real HTTP on loopback ports, with a default scenario.
//!
//! Depends on none of our other crates: it is one of the judges of the engine, so it may not share code with it.
//! Where a behaviour is quoted as `contract §n`, that section of the measured contract is its source.

pub mod admin;
pub mod clock;
mod delivery;
pub mod faults;
pub mod glint;
pub mod handout;
pub mod har;
mod js;
pub mod prism;
pub mod random;
mod running;
pub mod scenario;
mod server;
pub mod wire;

pub use handout::{CredentialKind, Handout};
pub use running::{Options, Sandbox, start};
pub use scenario::Scenario;
