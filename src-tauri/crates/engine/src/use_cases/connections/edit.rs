//! Adding, changing, copying and removing connections.

use super::list;
use crate::connections::{Deployment, SANDBOX, Saved, handle};
use crate::context::Context;
use crate::engine::Engine;
use crate::http;
use crate::identities::{Held, forget, left_behind};
use crate::operation::Operation;
use crate::operations::connections::{
    AddConnection, Connections, DuplicateConnection, EditConnection, Environment, NamedBy, RemoveConnection,
    Transport,
};
use crate::server::Server;
use scopes::lang::Lang;
use scopes::problem::{Problem, Severity};
use scopes::say;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most redirect ports of a connection: each is one more redirect URI for somebody to register.
const MOST_PORTS: usize = 5;

impl Operation for AddConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let name = usable_name(&self.name, lang)?;
        not_sandbox(self.environment, lang)?;
        let prism_url = address(&self.prism_url, "prism_url", lang)?;
        let mut saved = Saved::new(handle("c"), name, self.environment, prism_url);
        saved.glint_url = given(self.glint_url).map(|text| address(&text, "glint_url", lang)).transpose()?;
        saved.provider_client_id = given(self.provider_client_id);
        saved.colour = self.colour;
        saved.transport = usable_transport(self.transport, lang)?;
        saved.read_only = self.read_only;
        saved.prism_named_by = self.prism_named_by;
        engine.store().add(saved, !self.unsaved, lang)?;
        Ok(list(engine, lang))
    }
}

impl Operation for EditConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        built_in(&self.connection, lang)?;
        let id = self.connection.clone();
        let (before, dropped) = engine.store().try_change_saved(&id, lang, |kept| {
            let before = kept.clone();
            let mut saved = kept.saved.clone();
            self.apply(&mut saved, lang)?;
            let dropped = kept.edited(saved, lang)?;
            Ok((before, dropped))
        })?;
        let mut connections = list(engine, lang);
        if !dropped.is_empty() {
            connections.problems.push(forgotten(&dropped, lang));
        }
        connections.problems.extend(delete_secrets(engine, &before, &dropped, lang).await);
        Ok(connections)
    }
}

impl EditConnection {
    fn apply(self, saved: &mut Saved, lang: Lang) -> Result<(), Problem> {
        if let Some(name) = self.name {
            saved.name = usable_name(&name, lang)?;
        }
        if let Some(environment) = self.environment {
            not_sandbox(environment, lang)?;
            if environment != saved.environment && environment.is_read_only() {
                // What was allowed at a test deployment was not allowed here.
                saved.read_only = None;
            }
            saved.environment = environment;
        }
        if let Some(text) = self.prism_url {
            saved.prism_url = address(&text, "prism_url", lang)?;
            saved.prism_named_by = NamedBy::Person;
        }
        if self.glint_url.is_some() {
            saved.glint_url =
                given(self.glint_url).map(|text| address(&text, "glint_url", lang)).transpose()?;
        }
        if self.provider_client_id.is_some() {
            saved.provider_client_id = given(self.provider_client_id);
        }
        if let Some(transport) = self.transport {
            saved.transport = usable_transport(transport, lang)?;
        }
        saved.read_only = self.read_only.or(saved.read_only);
        saved.colour = self.colour.or(saved.colour.filter(|_| !self.no_colour));
        Ok(())
    }
}

impl Operation for DuplicateConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        built_in(&self.connection, lang)?;
        let original = engine.connection(&self.connection, lang)?;
        let copy = Saved {
            id: handle("c"),
            name: usable_name(&self.name, lang)?,
            read_only: original.saved.is_read_only().then_some(true),
            admin: None,
            identities: Vec::new(),
            ..original.saved
        };
        engine.store().add(copy, original.lasting, lang)?;
        Ok(list(engine, lang))
    }
}

impl Operation for RemoveConnection {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        built_in(&self.connection, lang)?;
        let deployment = engine.connection(&self.connection, lang)?;
        engine.store().remove(&self.connection, lang)?;
        let left = delete_secrets(engine, &deployment, &deployment.identities, lang).await;
        let mut connections = list(engine, lang);
        connections.problems.extend(left);
        Ok(connections)
    }
}

/// Deletes what the vault keeps of identities that are gone. What cannot be deleted is named, so that nothing stays
/// behind unknown.
async fn delete_secrets(
    engine: &Engine,
    deployment: &Deployment,
    gone: &[Arc<Held>],
    lang: Lang,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for held in gone {
        if let Err(problem) = forget(engine, deployment, held, lang).await {
            problems.push(left_behind(deployment, held, &problem, lang));
        }
    }
    problems
}

fn forgotten(dropped: &[Arc<Held>], lang: Lang) -> Problem {
    let names: Vec<&str> = dropped.iter().map(|held| held.label_in(lang)).collect();
    let (en, zh) = (names.join(", "), names.join("、"));
    Problem::note(
        "connection.identities_forgotten",
        say!(
            lang,
            "The address is another one, so these identities are forgotten: {en}. A credential belongs to one scheme, host and port.",
            "地址已更改，因此忘记了这些身份：{zh}。凭据只属于一个协议、主机和端口。"
        ),
    )
    .hinted(say!(
        lang,
        "Add identities for the new address in Connections.",
        "在“连接”面板为新地址添加身份。"
    ))
}

/// A saved connection from elsewhere as it can be saved here, and what had to be left out of it.
///
/// # Errors
/// When its name, an address or its ports cannot be used.
pub(in crate::use_cases) fn checked(from: Saved, lang: Lang) -> Result<(Saved, Option<Problem>), Problem> {
    not_sandbox(from.environment, lang)?;
    let name = usable_name(&from.name, lang)?;
    let prism_url = address(&from.prism_url, "prism_url", lang)?;
    let glint_url =
        given(from.glint_url.clone()).map(|text| address(&text, "glint_url", lang)).transpose()?;
    let (transport, left_out) = match usable_transport(from.transport.clone(), lang) {
        // A file of the other computer.
        Err(problem) if problem.code == "transport.ca_file" => {
            let without = Transport { ca_file: None, ..from.transport.clone() };
            (usable_transport(without, lang)?, Some(Problem { severity: Severity::Risky, ..problem }))
        }
        transport => (transport?, None),
    };
    Ok((Saved { name, prism_url, glint_url, transport, ..from }, left_out))
}

fn built_in(connection: &str, lang: Lang) -> Result<(), Problem> {
    if connection != SANDBOX {
        return Ok(());
    }
    Err(Problem::refused(
        "connection.sandbox",
        say!(
            lang,
            "The sandbox is built in; it cannot be changed, copied or removed.",
            "沙盒是内置的，不能更改、复制或移除。"
        ),
    )
    .hinted(say!(lang, "Choose another connection.", "选择另一个连接。")))
}

fn not_sandbox(environment: Environment, lang: Lang) -> Result<(), Problem> {
    if environment != Environment::Sandbox {
        return Ok(());
    }
    Err(Problem::refused(
        "connection.sandbox",
        say!(lang, "The sandbox is built in and cannot be added.", "沙盒是内置的，不能添加。"),
    )
    .hinted(say!(lang, "Choose staging or production.", "选择测试或生产。"))
    .about("environment"))
}

fn usable_name(name: &str, lang: Lang) -> Result<String, Problem> {
    let name = name.trim();
    let problem = |words: String| Err(Problem::refused("connection.no_name", words).about("name"));
    if name.is_empty() {
        return problem(say!(lang, "The connection needs a name.", "连接需要一个名称。"));
    }
    if name.chars().count() > 100
        || name.chars().any(|c| c.is_control() || scopes::text::invisible(c).is_some())
    {
        return problem(say!(
            lang,
            "The name is longer than 100 characters or holds an invisible one.",
            "名称超过 100 个字符或含有不可见字符。"
        ));
    }
    Ok(name.to_owned())
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn address(text: &str, field: &str, lang: Lang) -> Result<String, Problem> {
    let server = Server::parse(text).map_err(|fault| fault.problem(text, lang).about(field))?;
    Ok(server.base())
}

/// A transport that can be saved: a file that holds certificates, and ports somebody can register.
pub(in crate::use_cases) fn usable_transport(
    mut transport: Transport,
    lang: Lang,
) -> Result<Transport, Problem> {
    if let Some(text) = transport.typed_ports.take() {
        transport.redirect_ports = typed_ports(&text, lang)?;
    }
    let ports = &transport.redirect_ports;
    let different: BTreeSet<&u16> = ports.iter().collect();
    if ports.len() > MOST_PORTS || different.len() < ports.len() || ports.iter().any(|port| *port < 1024) {
        return Err(bad_ports(
            say!(
                lang,
                "Redirect ports are at most {MOST_PORTS} different numbers from 1024 to 65535.",
                "重定向端口最多 {MOST_PORTS} 个，互不相同，范围 1024 到 65535。"
            ),
            lang,
        ));
    }
    let usable =
        |path: String| http::usable_ca_file(path.trim(), lang).map_err(|problem| problem.about("ca_file"));
    transport.ca_file = given(transport.ca_file).map(usable).transpose()?;
    Ok(transport)
}

/// Ports as a person types them, with blanks or commas between.
fn typed_ports(text: &str, lang: Lang) -> Result<Vec<u16>, Problem> {
    let apart = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '，' | '、');
    let one = |text: &str| {
        text.parse().map_err(|_| {
            bad_ports(say!(lang, "`{text}` is not a port number.", "`{text}` 不是端口号。"), lang)
        })
    };
    text.split(apart).filter(|text| !text.is_empty()).map(one).collect()
}

fn bad_ports(message: String, lang: Lang) -> Problem {
    Problem::refused("transport.redirect_ports", message)
        .hinted(say!(
            lang,
            "Leave them empty for the usual three, or name those that the client has registered.",
            "留空则使用通常的三个端口，或填写客户端已注册的端口。"
        ))
        .about("redirect_ports")
}
