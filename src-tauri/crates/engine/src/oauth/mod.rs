//! OAuth as a client: discovery, authorization code with PKCE over a loopback redirect, refresh, revocation, introspection,
//! registration. Everything goes by what discovery says; nothing here knows a path of Prism.

mod callback;
mod client;
mod crowd;
mod discovery;
mod id_token;
mod loopback;
mod page;
mod redirect;
mod refusal;
mod register;
mod same_user;
mod waiting;
mod wire;

pub(crate) use callback::{Fault, Pasted};
pub(crate) use client::{Client, Started, client_credentials, introspect, refresh, revoke};
pub(crate) use discovery::{Endpoints, endpoints};
pub(crate) use id_token::{Claims, Expected, check as check_id_token, missing as id_token_missing};
pub(crate) use loopback::{Arrived, Listener, Serving};
pub(crate) use page::Page;
pub(crate) use redirect::{is_free, port, ports, slug, uri};
pub(crate) use refusal::at_authorization;
pub(crate) use register::register;
pub(crate) use waiting::{SignIns, Waiting};
pub(crate) use wire::Settled;

use scopes::secret::Secret;

/// What a token endpoint issued. The tokens belong together and are replaced together.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    /// The access token.
    pub(crate) access_token: Secret,
    /// The refresh token, where one was issued.
    pub(crate) refresh_token: Option<Secret>,
    /// The id token, unchecked.
    pub(crate) id_token: Option<Secret>,
    /// Lifetime of the access token in seconds from now.
    pub(crate) expires_in: Option<u64>,
    /// The granted scopes as the server wrote them; `None`: the same as asked for (RFC 6749 §5.1).
    pub(crate) scope: Option<String>,
}
