//! Identifiers, parsed once.
