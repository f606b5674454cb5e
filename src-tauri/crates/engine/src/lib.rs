//! I/O and use cases of Spectroscope. Knows no window and no terminal.

mod activity;
mod answer;
mod ask;
mod browser;
mod clipboard;
mod connections;
mod context;
pub mod contract;
mod data_dir;
mod effects;
mod engine;
pub mod files;
mod glint;
mod governor;
mod harden;
pub mod host;
mod http;
mod identities;
mod jobs;
mod oauth;
mod offload;
pub mod operation;
pub mod operations;
mod prism;
mod private_file;
mod recent;
#[cfg(test)]
mod recordings;
mod server;
pub mod stream;
mod texts;
mod use_cases;
mod vault;

pub use context::Context;
pub use effects::{Effect, Moment};
pub use engine::Engine;
pub use harden::harden_process;
pub use host::{Host, KeychainUse};
pub use http::Limits;
pub use operation::{Envelope, Operation};
