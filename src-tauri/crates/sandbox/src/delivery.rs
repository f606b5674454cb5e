//! Sending an answer: whole, in drops, cut short, or not at all.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderMap, HeaderValue, Response, header};
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

/// Cuts the connection it belongs to, and tells it what is read next.
#[derive(Clone, Default)]
pub(crate) struct Cord(Arc<Ends>);

#[derive(Default)]
struct Ends {
    cut: AtomicBool,
    in_body: AtomicBool,
}

impl Cord {
    /// From now on nothing is written; the client sees a reset.
    pub(crate) fn cut(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
    }

    /// A head has been read; what follows is a body.
    pub(crate) fn reads_body(&self) {
        self.0.in_body.store(true, Ordering::SeqCst);
    }

    /// What follows is the next head.
    pub(crate) fn reads_head(&self) {
        self.0.in_body.store(false, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }

    fn is_in_body(&self) -> bool {
        self.0.in_body.load(Ordering::SeqCst)
    }
}

/// The two fields whose blanks at the end the real servers see; the HTTP layer here takes them off.
const KEPT_BLANKS: [&str; 2] = ["authorization:", "x-session-token:"];
/// What such a blank travels as through the HTTP layer. No field of a real client holds this byte.
const BLANK: u8 = 0xff;

/// Marks the blanks at the end of those fields in a head, or in the part of one that was read.
fn mark_blanks(bytes: &mut [u8]) {
    for line in bytes.split_mut(|byte| *byte == b'\n') {
        if line == b"\r" {
            // What follows is a body.
            return;
        }
        mark_line(line);
    }
}

fn mark_line(line: &mut [u8]) {
    let named = KEPT_BLANKS
        .iter()
        .any(|name| line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes())));
    let Some((b'\r', line)) = line.split_last_mut().map(|(last, rest)| (*last, rest)) else { return };
    if named {
        line.iter_mut().rev().take_while(|byte| **byte == b' ').for_each(|byte| *byte = BLANK);
    }
}

/// Turns the marks back into blanks.
pub(crate) fn restore_blanks(headers: &mut HeaderMap) {
    for value in headers.values_mut().filter(|value| value.as_bytes().ends_with(&[BLANK])) {
        let kept = value.as_bytes().iter().rposition(|byte| *byte != BLANK).map_or(0, |last| last + 1);
        let mut bytes = value.as_bytes().to_vec();
        bytes.iter_mut().skip(kept).for_each(|byte| *byte = b' ');
        if let Ok(restored) = HeaderValue::from_bytes(&bytes) {
            *value = restored;
        }
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
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if !self.cord.is_in_body() {
            mark_blanks(buf.filled_mut().get_mut(before..).unwrap_or_default());
        }
        read
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blanks_at_the_end_of_credentials_are_marked() {
        let mut head =
            *b"GET / HTTP/1.1\r\nAuthorization: Bearer  \r\nAccept: x \r\n\r\nauthorization: a \r\n";
        mark_blanks(&mut head);
        assert_eq!(
            head,
            *b"GET / HTTP/1.1\r\nAuthorization: Bearer\xff\xff\r\nAccept: x \r\n\r\nauthorization: a \r\n"
        );
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_bytes(b"Bearer a\xff\xff").unwrap());
        restore_blanks(&mut headers);
        assert_eq!(headers.get(header::AUTHORIZATION).unwrap().as_bytes(), b"Bearer a  ");
    }
}
