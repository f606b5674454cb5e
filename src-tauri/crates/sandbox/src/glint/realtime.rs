//! Realtime: the two routes that end in a stream (contract §8.1). What flows after the first words is not part of the
//! contract, so nothing does: an event stream only pings, a socket says that it is ready and then listens.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts as _;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{Method, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::refusal::{Answer, Refusal};
use super::state::State;
use crate::wire::{Call, Reply};

const PING: Bytes = Bytes::from_static(b": ping\n\n");
const BETWEEN_PINGS: Duration = Duration::from_secs(25);

/// `GET T/sets/:s/ws` up to the upgrade; whether the set exists is not asked.
pub(super) fn knock(state: &State, call: &Call) -> Answer {
    available(state)?;
    if call.method == Method::HEAD {
        return Ok(Reply::empty(200));
    }
    if call.text_header("upgrade") != Some("websocket") {
        return Err(Refusal::Said(426, "Expected WebSocket upgrade".into()));
    }
    Ok(Reply::empty(101))
}

/// `GET T/sets/:s/sse` up to the first ping.
pub(super) fn stream(state: &State) -> Answer {
    available(state)?;
    Ok(Reply::text(200, "text/event-stream", PING))
}

/// Keeps an event stream open behind its head.
pub(super) fn keep_pinging(reply: Reply) -> Response<Body> {
    let mut response = reply.into_response();
    let later = stream::unfold((), |()| async {
        tokio::time::sleep(BETWEEN_PINGS).await;
        Some((PING, ()))
    });
    let body = stream::once(async { PING }).chain(later).map(Ok::<_, Infallible>);
    *response.body_mut() = Body::from_stream(body);
    response
}

/// Turns the request into a socket; `None` when its handshake is incomplete.
pub(super) async fn upgrade(parts: &mut Parts, set: String) -> Option<Response<Body>> {
    let upgrade = WebSocketUpgrade::from_request_parts(parts, &()).await.ok()?;
    Some(upgrade.on_upgrade(|socket| converse(socket, set)))
}

async fn converse(mut socket: WebSocket, set: String) {
    let ready = json!({ "type": "realtime:ready", "setId": set }).to_string();
    if socket.send(Message::Text(ready.into())).await.is_err() {
        return;
    }
    while let Some(Ok(_)) = socket.recv().await {}
}

fn available(state: &State) -> Result<(), Refusal> {
    if state.deployment.realtime {
        return Ok(());
    }
    Err(Refusal::unavailable("Realtime sync is not available on this deployment"))
}
