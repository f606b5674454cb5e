//! What each operation does: requests that do not depend on each other run together, a pure function decides, one reply
//! holds everything a panel paints.

mod access;
mod calls;
mod catalog;
mod connections;
mod consumers;
mod data;
mod definitions;
mod desk;
mod discovery;
mod identities;
mod provider;
mod sign_in;
mod vault;
