//! What each operation does: requests that do not depend on each other run together, a pure function decides, one reply
//! holds everything a panel paints.

mod connections;
mod desk;
mod pending;
