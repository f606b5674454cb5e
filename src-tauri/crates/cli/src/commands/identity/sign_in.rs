//! Signing in: by the browser and the loopback redirect, or by pasting where the browser was sent to.

use super::{Ended, show};
use crate::args::{IdentitySignIn, Variable};
use crate::out::{self, paint, safe};
use crate::render::{self, Reply, items, problem_of, text};
use crate::session::{Session, secret};
use crate::terminal::now_ms;
use crate::{Outcome, words};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, stdin};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

pub(super) async fn run(session: &Session, command: &IdentitySignIn) -> Ended {
    let scopes: Vec<&str> = command.scope.iter().flat_map(|scope| scope.split_whitespace()).collect();
    if scopes.is_empty() {
        session.refuse(&no_scope(session.lang), None);
        return Ok(Outcome::Usage);
    }
    super::is_new(session, command.name.as_deref()).await?;
    if !session.is_sandbox {
        session.ready_vault().await?;
    }
    let client_secret = client_secret(session, command).await?;
    let mut lines = lines();
    let client_secret = match client_secret {
        ClientSecret::FirstLine => lines.recv().await.filter(|line| !line.is_empty()),
        ClientSecret::Known(secret) => secret,
    };
    if command.confidential && client_secret.is_none() && !held(session, &command.client_id).await? {
        return Err(no_secret(session.lang));
    }
    let args = json!({
        "connection": session.connection, "client_id": command.client_id.trim(),
        "client_secret": client_secret, "scopes": scopes, "label": command.name,
        "open_browser": !command.no_browser,
    });
    let signed_in = wait(session, args, lines).await?;
    if session.json {
        session.print_json(&signed_in);
    } else {
        print(&signed_in, session.lang);
        super::for_now(session, signed_in.at("identity"));
    }
    Ok(Outcome::Done)
}

enum ClientSecret {
    Known(Option<String>),
    FirstLine,
}

async fn client_secret(session: &Session, command: &IdentitySignIn) -> Result<ClientSecret, Problem> {
    if !command.confidential || held(session, &command.client_id).await? {
        return Ok(ClientSecret::Known(None));
    }
    if let Some(given) = Variable::ClientSecret.value() {
        return Ok(ClientSecret::Known(Some(given)));
    }
    if !stdin().is_terminal() {
        return Ok(ClientSecret::FirstLine);
    }
    let typed = secret(&say!(session.lang, "Client secret: ", "客户端密钥："), session.lang)?;
    Ok(ClientSecret::Known(Some(typed.expose().to_owned())))
}

/// Whether the connection holds the credentials of this client.
async fn held(session: &Session, client: &str) -> Result<bool, Problem> {
    let identities = session.identities().await?;
    let is_it = |i: &Value| i.at("kind") == "client_credentials" && i.at("client_id") == client.trim();
    Ok(identities.iter().any(is_it))
}

fn no_scope(lang: Lang) -> Problem {
    Problem::refused(
        "sign_in.no_scope",
        say!(
            lang,
            "No scope is asked for; a token without one opens nothing.",
            "没有请求任何权限范围；没有权限范围的令牌什么也打不开。"
        ),
    )
    .hinted(say!(
        lang,
        "Name at least one with `--scope`, such as `openid`.",
        "用 `--scope` 至少写一个，例如 `openid`。"
    ))
}

fn no_secret(lang: Lang) -> Problem {
    Problem::refused("text.empty", say!(lang, "The client secret did not come.", "没有收到 client secret。"))
        .hinted(say!(
            lang,
            "Type it, set `SPECTROSCOPE_CLIENT_SECRET`, or leave `--confidential` out for a public client.",
            "输入它、设置 `SPECTROSCOPE_CLIENT_SECRET`，公开客户端则去掉 `--confidential`。"
        ))
}

/// Lines of standard input, read by a thread of its own: nobody waits for it when the command ends.
fn lines() -> UnboundedReceiver<String> {
    let (sender, receiver) = unbounded_channel();
    std::thread::spawn(move || {
        for line in stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line.trim().to_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Waits for the redirect, or a pasted one; a signal stops it.
async fn wait(
    session: &Session,
    args: Value,
    mut lines: UnboundedReceiver<String>,
) -> Result<Value, Problem> {
    let lang = session.lang;
    let show = move |step: Value| show_step(&step, lang);
    let mut running = std::pin::pin!(session.run("sign_in", args, None, &show));
    let mut open = true;
    loop {
        tokio::select! {
            ended = &mut running => return ended,
            line = lines.recv(), if open => match line {
                Some(line) if line.is_empty() => {}
                Some(line) => {
                    let paste = session.ask("finish_sign_in", json!({ "redirect": line }));
                    tokio::select! {
                        ended = &mut running => return ended,
                        taken = paste => if let Err(problem) = taken {
                            render::problem(&problem, None, lang);
                        },
                    }
                }
                None => open = false,
            },
        }
    }
}

/// Says on standard error what to do now; standard output is for the result.
fn show_step(step: &Value, lang: Lang) {
    if step.at("step") != "waiting" {
        out::error_line(&say!(lang, "The code came; it is exchanged.", "已收到授权码，正在换取令牌。"));
        return;
    }
    if let Some(problem) = problem_of(step.at("problem")) {
        render::problem(&problem, None, lang);
    }
    out::error_line(&say!(lang, "Open this address in a browser:", "在浏览器中打开此地址："));
    out::error_line(&format!("\n{}\n", safe(text(step.at("authorization_url")))));
    let until = step.at("until").as_i64().unwrap_or_default().div_euclid(1000);
    let left = words::from_now(until, now_ms(), lang);
    let uri = safe(text(step.at("redirect_uri")));
    out::error_line(&say!(
        lang,
        "Waiting at {uri}; the wait ends {left}. A browser elsewhere cannot reach this: paste the address it was sent to here.",
        "在 {uri} 等待，{left}结束。如果浏览器在另一台机器上，把它最后被转到的地址粘贴到这里。"
    ));
}

fn print(signed_in: &Value, lang: Lang) {
    show::print(signed_in.at("identity"), lang);
    for dropped in items(signed_in.at("dropped")) {
        let (scope, why) = (safe(text(dropped.at("scope"))), safe(text(dropped.at("words"))));
        let mark = paint(out::Tone::Warn, "−");
        out::line(&say!(lang, "  {mark} not granted: {scope}  {why}", "  {mark} 未授予：{scope}  {why}"));
    }
    render::problems(signed_in.at("problems"), None, lang);
}
