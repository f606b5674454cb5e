//! Use cases, one file per family. Each operation is one struct: payload of the bridge, arguments of the command line,
//! type of the UI and documentation at once.

pub mod access;
pub mod calls;
pub mod capsules;
pub mod connections;
pub mod data;
pub mod definitions;
pub mod desk;
pub mod identities;
pub mod matrix;
pub mod scopes;
pub mod sign_in;
pub mod texts;
pub mod vault;
