//! I/O and use cases of Spectroscope. Knows no window and no terminal.

pub mod contract;
pub mod operation;
pub mod operations;
