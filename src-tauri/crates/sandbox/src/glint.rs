//! Glint, the resource server.
