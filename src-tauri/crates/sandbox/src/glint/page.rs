//! The web app: what a browser gets when it opens an address of Glint. It can do one thing, a Glint login.

use crate::wire::Reply;

/// The page, with 200, for every address.
pub(super) fn app() -> Reply {
    Reply::html(200, include_str!("app.html"))
}
