//! Sending an answer: whole, in drops, cut short, or not at all.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{Response, header};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::faults::Delivery;

/// What goes to the client.
pub(crate) struct Sent {
    pub(crate) response: Response<Body>,
    /// The connection is reset instead.
    pub(crate) reset: bool,
}

/// A connection that can be reset from elsewhere.
pub(crate) struct Corded {
    stream: TcpStream,
    cord: Cord,
}

/// Cuts the connection it belongs to.
#[derive(Clone, Default)]
pub(crate) struct Cord(Arc<AtomicBool>);

impl Cord {
    /// From now on nothing is written; the client sees a reset.
    pub(crate) fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A connection and its cord.
pub(crate) fn with_cord(stream: TcpStream) -> (Corded, Cord) {
    let cord = Cord::default();
    (Corded { stream, cord: cord.clone() }, cord)
}

impl Corded {
    /// Without lingering, closing the socket sends a reset in place of an orderly end.
    fn reset(&self) -> io::Error {
        let _ = self.stream.set_zero_linger();
        io::ErrorKind::ConnectionReset.into()
    }
}

impl AsyncRead for Corded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Corded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.cord.is_cut() {
            return Poll::Ready(Err(self.reset()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.cord.is_cut() {
            return Poll::Ready(Err(self.reset()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The answer, and its body when that is known in full; streams stay streams.
pub(crate) async fn settle(response: Response<Body>) -> (Response<Body>, Option<Bytes>) {
    if response.body().size_hint().exact().is_none() {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(whole) => {
            let whole = whole.to_bytes();
            (Response::from_parts(parts, Body::from(whole.clone())), Some(whole))
        }
        Err(_) => (Response::from_parts(parts, Body::empty()), None),
    }
}

/// The answer as it is to travel.
pub(crate) fn send(response: Response<Body>, whole: Option<Bytes>, delivery: Delivery) -> Sent {
    let whole_or_nothing = whole.unwrap_or_default();
    let response = match delivery {
        Delivery::Whole | Delivery::Reset => response,
        Delivery::Drip { bytes, pause } => announced(response, dripping(whole_or_nothing, bytes, pause)),
        Delivery::Truncated(bytes) => {
            let begin = whole_or_nothing
                .get(..bytes)
                .map_or_else(|| whole_or_nothing.clone(), Bytes::copy_from_slice);
            announced(response, breaking_off(begin))
        }
    };
    Sent { response, reset: delivery == Delivery::Reset }
}

/// The same head, the full length announced, another body behind it.
fn announced(response: Response<Body>, body: Body) -> Response<Body> {
    let (mut parts, whole) = response.into_parts();
    if let Some(length) = whole.size_hint().exact() {
        parts.headers.insert(header::CONTENT_LENGTH, length.into());
    }
    Response::from_parts(parts, body)
}

fn dripping(whole: Bytes, bytes: usize, pause: Duration) -> Body {
    let drops = futures_util::stream::unfold(whole, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(bytes.min(rest.len()));
        Some((Ok::<_, io::Error>(drop), rest))
    });
    Body::from_stream(drops)
}

fn breaking_off(begin: Bytes) -> Body {
    let end = futures_util::stream::once(async {
        // Waiting once lets the begin be flushed before the connection ends.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Body::from_stream(futures_util::stream::iter([Ok(begin)]).chain(end))
}
