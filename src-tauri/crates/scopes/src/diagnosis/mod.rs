//! Why was this call refused? Evidence in, ordered gates and the first failure out.
//!
//! [`diagnose`] takes the exchange to explain and every other exchange known to belong to the same credential, and
//! returns an [`Diagnosis`] whose certainty never exceeds the evidence. Live calls, archives and pasted answers all come
//! here, so that they get the same answer.

mod types;

pub use types::*;
