//! The pure decisions: cases as files, properties, mutations and redaction.

mod cases;
#[cfg(test)]
mod fuzz;
mod properties;
#[cfg(test)]
mod reading;
mod redaction;
