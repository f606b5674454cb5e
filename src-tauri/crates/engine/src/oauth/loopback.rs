//! The listener the browser starts at and comes back to (RFC 8252 §7.3): 127.0.0.1 only, sockets of the same user only,
//! each address for one use. Whatever does not carry the state of this sign-in is answered with a refusal and changes
//! nothing, an `error=` included.

use super::callback::{Callback, Fault};
use super::crowd::Crowd;
use super::page::{Ignored, Page, to_authorization};
use super::same_user::is_same_user;
use super::waiting::Waiting;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use scopes::lang::Lang;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// How long a connection may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of a request's line and headers.
const HEAD: usize = 16 * 1024;

/// An answer with the right state, and where the outcome goes.
pub(crate) struct Arrived {
    /// What it says.
    pub(crate) callback: Callback,
    /// The page of the browser that waits for it, if a browser brought it.
    browser: Option<(oneshot::Sender<Page>, Arc<Notify>)>,
}

impl Arrived {
    /// One that was pasted.
    pub(crate) fn pasted(callback: Callback) -> Self {
        Self { callback, browser: None }
    }

    /// Shows the browser how it ended and waits, shortly, until it has the page.
    pub(crate) async fn show(self, page: Page) {
        let Some((show, shown)) = self.browser else { return };
        if show.send(page).is_ok() {
            // A browser that does not read its page is no reason to wait; the page is a courtesy.
            let _ = tokio::time::timeout(Duration::from_secs(2), shown.notified()).await;
        }
    }
}

/// A bound port.
pub(crate) struct Listener {
    listener: TcpListener,
    /// Its number.
    pub(crate) port: u16,
}

impl Listener {
    /// The first of the ports that is free.
    pub(crate) async fn bind(ports: &[u16]) -> Option<Self> {
        for port in ports {
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await {
                return Some(Self { listener, port: *port });
            }
        }
        None
    }

    /// Listens for this sign-in until the value is dropped or closed.
    pub(crate) fn serve(self, waiting: Waiting, lang: Lang) -> Serving {
        let site = Arc::new(Site {
            host: format!("127.0.0.1:{}", self.port),
            path: url::Url::parse(&waiting.redirect_uri).map(|url| url.path().to_owned()).unwrap_or_default(),
            waiting,
            lang,
        });
        Serving(tokio::spawn(async move {
            let mut crowd = Crowd::default();
            loop {
                let Ok((stream, peer)) = self.listener.accept().await else {
                    // Out of descriptors: others must close some first.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                };
                // Before it takes a place: another user gets neither an answer nor anybody's place.
                let Ok(own) = stream.local_addr() else { continue };
                if !is_same_user(peer, own).await || !crowd.make_room() {
                    continue;
                }
                let has_asked = Arc::new(AtomicBool::new(false));
                let task = tokio::spawn(connection(stream, site.clone(), has_asked.clone()));
                crowd.add(task.abort_handle(), has_asked);
            }
        }))
    }
}

/// A listener at work.
pub(crate) struct Serving(JoinHandle<()>);

impl Serving {
    /// Frees the port, and returns when it is free.
    pub(crate) async fn close(mut self) {
        self.0.abort();
        // It was told to stop, so the only result is that it did.
        let _ = (&mut self.0).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a request is for.
enum Wanted {
    /// The way to the authorization server.
    Authorization,
    /// To hand in its answer.
    Answer(Callback),
}

struct Site {
    host: String,
    path: String,
    waiting: Waiting,
    lang: Lang,
}

async fn connection(stream: TcpStream, site: Arc<Site>, has_asked: Arc<AtomicBool>) {
    let shown = Arc::new(Notify::new());
    let answer = |request: Request<Incoming>| {
        has_asked.store(true, Ordering::Release);
        let (site, shown) = (site.clone(), shown.clone());
        async move { Ok::<_, Infallible>(site.answer(&request, shown).await) }
    };
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer));
    // A connection that breaks off concerns nobody: the sign-in goes on waiting.
    let _ = served.await;
    shown.notify_one();
}

impl Site {
    async fn answer(&self, request: &Request<Incoming>, shown: Arc<Notify>) -> Response<Full<Bytes>> {
        let page = match self.look(request) {
            Err(why) => Page::ignored(why, self.lang),
            Ok(Wanted::Authorization) => return to_authorization(&self.waiting.authorization_url),
            Ok(Wanted::Answer(callback)) => self.hand_in(callback, shown).await,
        };
        page.response(self.lang)
    }

    fn look(&self, request: &Request<Incoming>) -> Result<Wanted, Ignored> {
        // A page of another site may reach this port under a name of its own (DNS rebinding).
        let host = request.headers().get("host").and_then(|host| host.to_str().ok());
        if host != Some(&self.host) {
            return Err(Ignored::OtherHost);
        }
        let path = request.uri().path();
        let is_get = request.method() == Method::GET;
        match if is_get { self.waiting.redeem(path) } else { None } {
            Some(true) => return Ok(Wanted::Authorization),
            Some(false) => return Err(Ignored::Opened),
            None if path != self.path => return Err(Ignored::OtherPath),
            None if !is_get => return Err(Ignored::Method),
            None => {}
        }
        let callback =
            Callback::parse(request.uri().query().unwrap_or_default()).map_err(|fault| match fault {
                Fault::NoState => Ignored::State,
                Fault::Repeated | Fault::NoCode => Ignored::Unclear,
            })?;
        if !self.waiting.is_mine(&callback) {
            return Err(Ignored::State);
        }
        Ok(Wanted::Answer(callback))
    }

    async fn hand_in(&self, callback: Callback, shown: Arc<Notify>) -> Page {
        let (show, page) = oneshot::channel();
        let arrived = Arrived { callback, browser: Some((show, shown)) };
        if !self.waiting.hand_in(arrived) {
            return Page::ignored(Ignored::Used, self.lang);
        }
        match page.await {
            Ok(page) => page,
            Err(_) => Page::ignored(Ignored::Stopped, self.lang),
        }
    }
}
