//! The binary as people run it.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what it found by failing"
)]

mod access;
mod browser;
mod calls;
mod connect;
mod connections;
mod definitions;
#[cfg(target_os = "linux")]
mod denials;
mod home;
mod identity;
#[cfg(target_os = "linux")]
mod memory;
mod reasons;
mod redaction;
mod reference;
mod rules;
mod sandbox;
mod scopes;
mod sign_in;
mod slips;
mod stream;
mod support;
mod vault;
