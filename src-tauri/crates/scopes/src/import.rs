//! Reading a source of scope definitions.
