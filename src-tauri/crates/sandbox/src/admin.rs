//! The admin controls, on their own address.
