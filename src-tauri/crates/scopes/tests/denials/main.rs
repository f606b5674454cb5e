//! Diagnosis against recorded denials, every code of the taxonomy, and properties over all of them.

mod codes;
mod properties;
mod recorded;
mod support;
