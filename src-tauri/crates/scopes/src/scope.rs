//! Scope grammar.
