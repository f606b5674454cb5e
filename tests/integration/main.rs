//! The integration suite: every use case through the one door, against the sandbox over real HTTP.

mod access;
mod bad_input;
mod beside;
mod call_evidence;
mod call_form;
mod calls;
mod capsule;
mod catalog;
mod clipboard;
mod compare;
mod connection_edits;
mod connections;
mod definitions;
mod desk;
mod discovery;
mod every_operation;
mod faults;
mod four_jobs;
mod governor;
mod honeypot;
mod hostile;
mod identities;
mod languages;
mod local_files;
mod matrix;
mod pasted;
mod provoked;
mod read_only;
mod redaction;
mod secrets;
mod sign_in;
mod stopped;
mod texts;
mod tls;
#[cfg(target_os = "linux")]
mod vault_faults;
#[cfg(target_os = "linux")]
mod vault_memory;
