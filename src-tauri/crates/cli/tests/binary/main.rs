//! The binary as people run it.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it found by failing")]

mod browser;
mod calls;
mod connect;
mod connections;
mod definitions;
mod home;
mod identity;
mod reasons;
mod reference;
mod rules;
mod sandbox;
mod scopes;
mod sign_in;
mod support;
mod vault;
