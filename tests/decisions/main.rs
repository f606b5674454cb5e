//! The pure decisions: cases as files, properties, mutations, redaction, and how the product speaks.

mod cases;
#[cfg(test)]
mod fuzz;
mod properties;
#[cfg(test)]
mod reading;
mod redaction;
mod words;
