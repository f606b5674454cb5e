//! What the suites share: a scripted host, a world of sandbox and engine, and a page host for browser runs.

pub mod answers;
pub mod driven;
#[cfg(target_os = "linux")]
pub mod driver;
pub mod host;
#[cfg(target_os = "linux")]
pub mod keyring;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod oidc;
pub mod page_host;
pub mod places;
pub mod provider;
pub mod proxy;
pub mod raw;
pub mod recorded_denials;
pub mod replay;
pub mod sign_in;
pub mod signed_in;
pub mod twin;
pub mod world;

pub use host::ScriptedHost;
pub use oidc::OidcProvider;
pub use provider::Provider;
pub use raw::RawServer;
pub use world::World;
