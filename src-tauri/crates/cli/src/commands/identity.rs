//! The identities of a connection.

mod show;
mod sign_in;

use super::Ended;
use crate::args::{CredentialKind, Global, Identity, IdentityAdd};
use crate::out::{self, safe};
use crate::render::{self, Reply, text};
use crate::session::{Session, Wants, secret};
use crate::{Outcome, words};
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Identity) -> Ended {
    let session = Session::open(global, Wants::Kept).await?;
    match command {
        Identity::Add(add) => self::add(&session, &add).await,
        Identity::SignIn(command) => sign_in::run(&session, &command).await,
        Identity::List => show::list(&session).await,
        Identity::Show(one) => show::one(&session, &one.name).await,
        Identity::Refresh(one) => refresh(&session, &one.name, one.force).await,
        Identity::Introspect(one) => introspect(&session, &one.name).await,
        Identity::Revoke(one) => revoke(&session, &one.name).await,
        Identity::Remove(one) => {
            let gone = say!(session.lang, "Forgotten: {0}", "已忘记：{0}", safe(&one.name));
            listed(&session, "remove_identity", &one.name, json!({}), gone).await
        }
        Identity::Rename(one) => {
            let label = json!({ "label": one.new_name });
            let done = say!(session.lang, "Renamed: {0}", "已改名：{0}", safe(&one.new_name));
            listed(&session, "rename_identity", &one.name, label, done).await
        }
        Identity::Accept(one) => {
            let done = say!(session.lang, "Goes on as it is: {0}", "照原样继续使用：{0}", safe(&one.name));
            listed(&session, "accept_identity", &one.name, json!({}), done).await
        }
        Identity::Use(one) => {
            let done = say!(session.lang, "Administers: {0}", "用于管理：{0}", safe(&one.name));
            listed(&session, "use_admin_identity", &one.name, json!({}), done).await
        }
    }
}

/// Carries out an operation on one identity that answers with the list.
async fn listed(session: &Session, operation: &str, name: &str, more: Value, done: String) -> Ended {
    let identity = session.identity_called(name).await?;
    let mut args = json!({ "connection": session.connection, "identity": identity });
    if let (Some(args), Value::Object(more)) = (args.as_object_mut(), more) {
        args.extend(more);
    }
    let list = session.ask(operation, args).await?;
    if session.json {
        session.print_json(&list);
    } else {
        out::line(&done);
        render::problems(list.at("problems"), None, session.lang);
    }
    Ok(Outcome::Done)
}

async fn add(session: &Session, command: &IdentityAdd) -> Ended {
    let lang = session.lang;
    if let Some(kind) =
        command.kind.filter(|kind| *kind != CredentialKind::Client && command.client_id.is_some())
    {
        session.refuse(&of_no_client(kind, lang), None);
        return Ok(Outcome::Usage);
    }
    is_new(session, command.name.as_deref()).await?;
    // Whoever types a secret is told first that there is no place for it.
    if !session.is_sandbox {
        session.ready_vault().await?;
    }
    let is_client = command.kind == Some(CredentialKind::Client) || command.client_id.is_some();
    let what = match command.kind {
        Some(CredentialKind::Pat) => say!(lang, "Personal access token: ", "个人访问令牌："),
        Some(CredentialKind::Token) => say!(lang, "Access token: ", "访问令牌："),
        _ if command.client_id.is_some() => say!(lang, "Client secret: ", "客户端密钥："),
        _ if is_client => say!(lang, "`client_id:client_secret`: ", "`client_id:client_secret`："),
        _ => say!(lang, "Credential: ", "凭据："),
    };
    let typed = secret(&what, lang)?;
    let typed = match &command.client_id {
        Some(client) => Secret::new(format!("{}:{}", client.trim(), typed.expose())),
        None => typed,
    };
    let kind = if is_client { Some(CredentialKind::Client) } else { command.kind };
    let args = json!({
        "connection": session.connection, "label": command.name, "secret": typed.expose(),
        "kind": kind.map(CredentialKind::word), "used_for": command.used_for,
    });
    let added = session.ask("add_identity", args).await?;
    if session.json {
        session.print_json(&added);
    } else {
        show::print(added.at("identity"), lang);
        render::problems(added.at("problems"), None, lang);
        for_now(session, added.at("identity"));
    }
    Ok(Outcome::Done)
}

fn of_no_client(kind: CredentialKind, lang: Lang) -> Problem {
    let kind = words::kind(kind.word(), lang);
    Problem::refused(
        "identity.client_id_unused",
        say!(
            lang,
            "`--client-id` is for client credentials, and this is to be: {kind}.",
            "`--client-id` 用于客户端凭据，而这里要添加的是：{kind}。"
        ),
    )
    .hinted(say!(
        lang,
        "Leave `--client-id` out, or write `--kind client`.",
        "去掉 `--client-id`，或写 `--kind client`。"
    ))
}

/// A name says one identity: two of a name could be told apart by their handles only.
///
/// # Errors
/// When an identity of the connection has it.
async fn is_new(session: &Session, name: Option<&str>) -> Result<(), Problem> {
    let lang = session.lang;
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else { return Ok(()) };
    if session.identities().await?.iter().all(|known| text(known.at("label")) != name) {
        return Ok(());
    }
    Err(Problem::refused(
        "identity.name_taken",
        say!(lang, "There is an identity `{name}` already.", "已有名为 `{name}` 的身份。"),
    )
    .hinted(say!(lang, "Give another one with `--name`.", "用 `--name` 换一个名称。"))
    .hinted(say!(
        lang,
        "If this one replaces it, first run `spectroscope identity remove \"{name}\"`.",
        "若要取代它，先运行 `spectroscope identity remove \"{name}\"`。"
    )))
}

/// Says that what was taken in ends with the command.
fn for_now(session: &Session, identity: &Value) {
    if identity.at("kept") == "memory" {
        out::error_line(&say!(
            session.lang,
            "it is held in memory and gone when this command ends",
            "它只保存在内存中，此命令结束时消失"
        ));
    }
}

/// The report of an operation on one identity.
async fn reported(session: &Session, operation: &str, name: &str, force: bool) -> Result<Value, Problem> {
    let identity = session.identity_called(name).await?;
    let mut args = json!({ "connection": session.connection, "identity": identity });
    if let Some(args) = args.as_object_mut().filter(|_| force) {
        args.insert("force".into(), json!(true));
    }
    session.ask(operation, args).await
}

async fn refresh(session: &Session, name: &str, force: bool) -> Ended {
    let report = reported(session, "refresh_identity", name, force).await?;
    let lang = session.lang;
    if session.json {
        session.print_json(&report);
    } else {
        let expires = show::expires(report.at("identity"), lang);
        out::line(&if report.at("done") == true {
            say!(lang, "A new token; it expires {expires}.", "已换新令牌；{expires}过期。")
        } else {
            say!(lang, "The token has time left; it expires {expires}.", "令牌仍有效；{expires}过期。")
        });
        render::problems(report.at("problems"), None, lang);
    }
    Ok(Outcome::Done)
}

async fn introspect(session: &Session, name: &str) -> Ended {
    let report = reported(session, "introspect_identity", name, false).await?;
    let active = report.at("done") == true;
    if session.json {
        session.print_json(&report);
    } else {
        print_active(active, session.lang);
        show::print(report.at("identity"), session.lang);
        render::problems(report.at("problems"), None, session.lang);
    }
    Ok(if active { Outcome::Done } else { Outcome::Refused })
}

fn print_active(active: bool, lang: Lang) {
    let (tone, word) = if active {
        (out::Tone::Pass, say!(lang, "✓ active", "✓ 有效"))
    } else {
        (out::Tone::Fail, say!(lang, "✗ not active", "✗ 无效"))
    };
    out::line(&out::paint(tone, &word));
}

async fn revoke(session: &Session, name: &str) -> Ended {
    let lang = session.lang;
    let revoked = reported(session, "revoke_identity", name, false).await?;
    let dead = revoked.at("dead").as_bool();
    if session.json {
        session.print_json(&revoked);
    } else {
        out::line(&match dead {
            Some(true) => {
                say!(lang, "Revoked, and the server says it is dead.", "已撤销，服务器确认它已失效。")
            }
            Some(false) => say!(lang, "Still alive at the server.", "在服务器上仍然有效。"),
            None => {
                say!(
                    lang,
                    "Forgotten here; the server does not say whether it is dead.",
                    "已在此忘记；服务器没有说明它是否失效。"
                )
            }
        });
        render::problems(revoked.at("problems"), None, lang);
    }
    Ok(match dead {
        Some(true) => Outcome::Done,
        Some(false) => Outcome::Refused,
        None => Outcome::Unknown,
    })
}

/// "olivia, personal access token".
fn headline(identity: &Value, lang: Lang) -> String {
    let (label, kind) = (safe(text(identity.at("label"))), words::kind(text(identity.at("kind")), lang));
    say!(lang, "{label}, {kind}", "{label}，{kind}")
}
