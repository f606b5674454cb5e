//! Secrets as types, and redaction.
