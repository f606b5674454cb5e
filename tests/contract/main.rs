//! The contract suite: generated files are current, and both ends agree with what real servers said.

mod conformance;
mod contract_ts;
mod dependencies;
mod exit_codes;
mod generated;
mod profile_schema;
mod reasons;
mod recordings;
mod verdicts;
