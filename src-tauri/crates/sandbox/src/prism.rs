//! Prism, the authorization server.
