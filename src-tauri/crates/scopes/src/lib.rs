//! Pure decisions about OAuth scopes: grammar, catalogue, access rules, import plans, diagnosis.
//!
//! Nothing here knows time, network, disk, async or who is asking. Facts come in as values, verdicts go out as values.

pub mod access;
pub mod build;
pub mod catalog;
pub mod csv;
pub mod diagnosis;
mod digest;
pub mod endpoint;
pub mod exchange;
#[cfg(test)]
mod growth;
pub mod id;
pub mod import;
mod json;
pub mod lang;
mod lints;
pub mod list;
pub mod path_prefixes;
pub mod plan;
pub mod problem;
pub mod profile;
pub mod routes;
pub mod scope;
pub mod secret;
pub mod text;
mod work;
