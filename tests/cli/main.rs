//! The binary as people run it.

#![expect(
    clippy::expect_used,
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
mod exit_codes;
mod files;
mod home;
mod identity;
mod inputs;
mod leaks;
#[path = "../leaks/mod.rs"]
mod leaks_corpus;
mod moving;
mod origins;
mod reasons;
mod redaction;
mod reference;
mod rules;
mod sandbox;
mod scopes;
mod shown;
mod sign_in;
mod slips;
mod stream;
mod support;
#[cfg(unix)]
mod upgrade;
mod vault;
mod written;
