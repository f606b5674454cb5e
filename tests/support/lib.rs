//! Shared support of the suites.
