//! What the console needs from its surroundings, and what it did.

use crate::context::Context;
use crate::engine::Engine;
use crate::operation::Operation;
use crate::operations::desk::{Activity, CancelJob, CopyText, Done, OpenUrl, ReadActivity, SaveText, Saved};
use crate::server::{Server, is_loopback};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

impl Operation for CopyText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Done, Problem> {
        let host = engine.host();
        let copied = if self.secret { host.copy_secret(&self.text) } else { host.copy(&self.text) };
        if self.secret && copied.is_ok() {
            clear_later(engine.clone(), Arc::new(Secret::new(self.text)));
        }
        copied.map(|()| Done {}).map_err(|words| {
            Problem::refused(
                "desk.copy",
                say!(cx.lang, "Nothing was copied: {words}.", "未能复制：{words}。"),
            )
        })
    }
}

/// How long a secret stays on the clipboard.
const ON_CLIPBOARD: Duration = Duration::from_secs(30);

fn clear_later(engine: Engine, text: Arc<Secret>) {
    engine.clipboard().holds(text.clone());
    tokio::spawn(async move {
        engine.host().pass(ON_CLIPBOARD).await;
        if engine.clipboard().is_over(&text) {
            // A clipboard that cannot be read may hold anything by now; it is left alone.
            let _ = engine.host().clear_clipboard_if(text.expose());
        }
    });
}

impl Operation for SaveText {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Saved, Problem> {
        let saved = engine.host().save(&self.name, &self.text).await.map_err(|words| {
            let name = &self.name;
            Problem::refused(
                "desk.save",
                say!(cx.lang, "`{name}` was not saved: {words}.", "`{name}` 未能保存：{words}。"),
            )
        })?;
        Ok(Saved { path: saved.map(|path| path.display().to_string()) })
    }
}

impl Operation for OpenUrl {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Done, Problem> {
        let url = allowed(engine, &self.url, cx.lang)?;
        // An authorization request carries a `state`, which stays out of the opener's arguments.
        let waiting = engine.sign_ins().leading_to(&url);
        let page = waiting.map_or_else(|| url.to_string(), |waiting| waiting.one_time_address());
        engine.host().open_url(&page).map(|()| Done {}).map_err(|words| {
            Problem::refused(
                "desk.open",
                say!(cx.lang, "The page was not opened: {words}.", "页面未能打开：{words}。"),
            )
        })
    }
}

/// A page may be opened when it belongs to a server of a connection, over https or on loopback.
fn allowed(engine: &Engine, text: &str, lang: Lang) -> Result<Url, Problem> {
    let refused = || {
        let shown: String = text.chars().take(120).collect();
        Problem::refused(
            "desk.open_refused",
            say!(
                lang,
                "`{shown}` is not a page of a server of your connections.",
                "`{shown}` 不是你的连接中服务器的页面。"
            ),
        )
    };
    let url = Url::parse(text).map_err(|_| refused())?;
    let safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
    let plain = url.username().is_empty() && url.password().is_none();
    let known = engine.store().all().iter().flat_map(|d| d.servers()).any(|server: Server| server.owns(&url));
    if safe && plain && known { Ok(url) } else { Err(refused()) }
}

impl Operation for CancelJob {
    async fn run(self, engine: &Engine, _: &Context<'_>) -> Result<Done, Problem> {
        // A job that has ended meanwhile needs no stopping.
        engine.jobs().cancel(&self.job);
        Ok(Done {})
    }
}

impl Operation for ReadActivity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Activity, Problem> {
        Ok(Activity { entries: engine.journal().entries(cx.lang) })
    }
}
