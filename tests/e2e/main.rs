//! End to end: the panels in a browser, the same script in the real window.

mod connections;
mod dialogs;
mod drafts;
mod driver;
mod four_jobs;
mod loss;
mod page;
mod panels;
#[cfg(unix)]
mod sandbox_page;
mod sign_in;
mod third_party;
mod window;
