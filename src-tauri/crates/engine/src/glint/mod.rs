//! Glint, the resource server (contract §7, §8).

pub(crate) mod config;
pub(crate) mod cross_app;
