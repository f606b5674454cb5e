//! The servers of one run, what is between them and the engine, and what they hold in the end.

use super::faults::{BOT, DEFINITIONS, LIMITS, RULES, Trouble, Work};
use engine::{Engine, Envelope};
use scopes::lang::Lang;
use scopes::problem::Problem;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::ScriptedHost;
use tests::proxy::{Proxy, Script};
use tokio::net::TcpListener;

/// The servers, a proxy in front of each, and an engine that knows the proxies.
pub(crate) struct Scene {
    pub(crate) sandbox: sandbox::Sandbox,
    engine: Engine,
    /// Prepares what the other one does, and waits as long as people do.
    calm: Engine,
    pub(crate) prism: Proxy,
    pub(crate) glint: Proxy,
    _obstacle: Option<tokio::task::JoinHandle<()>>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let sandbox = sandbox::start(sandbox::Options::default()).unwrap();
        let prism = Proxy::start(&sandbox.handout().prism_url).await;
        let glint = Proxy::start(&sandbox.handout().glint_url).await;
        let engine = Engine::with_limits(Arc::new(ScriptedHost::new(None)), LIMITS);
        let calm = Engine::new(Arc::new(ScriptedHost::new(None)));
        let scene = Self { sandbox, engine, calm, prism, glint, _obstacle: None };
        for engine in [&scene.engine, &scene.calm] {
            scene.attach(engine, &scene.prism.base, &scene.glint.base);
        }
        scene
    }

    /// Connects an engine to these addresses, with the credentials of the sandbox.
    fn attach(&self, engine: &Engine, prism: &str, glint: &str) {
        let mut handout = serde_json::to_value(self.sandbox.handout()).unwrap();
        handout["prism_url"] = json!(prism);
        handout["glint_url"] = json!(glint);
        engine.attach_sandbox(&handout.to_string()).unwrap();
    }

    pub(crate) async fn ask(&self, operation: &str, args: Value) -> Result<Value, Problem> {
        handle(&self.engine, operation, args).await
    }

    /// The same by an engine that waits longer; for what comes before the fault.
    pub(crate) async fn prepare(&self, operation: &str, args: Value) -> Value {
        handle(&self.calm, operation, args).await.unwrap()
    }

    /// Puts the fault in force for this operation.
    pub(crate) async fn break_by(&mut self, trouble: &Trouble, work: Work, times: Option<usize>) {
        let (method, path) = work.request();
        let address = match trouble {
            Trouble::Request(mishap) => {
                let script =
                    Script { method: method.into(), path: path.into(), times, mishap: mishap.clone() };
                let proxy = if work == Work::Call { &self.glint } else { &self.prism };
                return proxy.inject(script);
            }
            Trouble::Refused => {
                let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
                format!("http://{}", closed.local_addr().unwrap())
            }
            Trouble::Dns => "https://prism.invalid".to_owned(),
            Trouble::BlackHole => {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = format!("http://{}", listener.local_addr().unwrap());
                self._obstacle = Some(tokio::spawn(async move {
                    let mut held = Vec::new();
                    while let Ok((stream, _)) = listener.accept().await {
                        held.push(stream);
                    }
                }));
                address
            }
            Trouble::Tls { expired } => {
                let (address, serving) = untrusted(*expired).await;
                self._obstacle = Some(serving);
                address
            }
        };
        self.attach(&self.engine, &address, &address);
    }

    /// What Prism holds, asked without a proxy and without the engine.
    pub(crate) async fn truth(&self) -> Truth {
        let handout = self.sandbox.handout();
        let token = handout.credentials.iter().find(|c| c.id == "olivia_pat").unwrap().secret.clone();
        let get = async |path: &str| -> Value {
            let request = reqwest::Client::new().get(format!("{}{path}", handout.prism_url));
            request.bearer_auth(&token).send().await.unwrap().json().await.unwrap()
        };
        let (definitions, rules) = (get(DEFINITIONS).await, get(RULES).await);
        let texts = |list: &Value, names: [&str; 2]| -> Vec<String> {
            let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
            let mut all: Vec<String> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|one| names.map(|name| text(one, name)).join(" "))
                .collect();
            all.sort();
            all
        };
        Truth {
            definitions: texts(&definitions["definitions"], ["scope", "title"]),
            rules: texts(&rules["rules"], ["rule_type", "target_id"]),
        }
    }
}

async fn handle(engine: &Engine, operation: &str, mut args: Value) -> Result<Value, Problem> {
    args["connection"] = json!("sandbox");
    let envelope = Envelope { operation: operation.into(), args, lang: Lang::En, job: None };
    engine.handle(envelope, &|_| {}).await
}

/// A TLS server whose certificate nobody trusts.
async fn untrusted(expired: bool) -> (String, tokio::task::JoinHandle<()>) {
    let mut params = rcgen::CertificateParams::new(vec!["elsewhere.example".to_owned()]).unwrap();
    if expired {
        params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    }
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    (address, serving)
}

/// What Prism holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) definitions: Vec<String>,
    pub(crate) rules: Vec<String>,
}

impl Truth {
    /// Whether the operation's change is in force.
    pub(crate) fn shows(&self, work: Work) -> bool {
        match work {
            Work::Create => self.definitions.contains(&"fresh Fresh".to_owned()),
            Work::Delete => self.definitions.iter().all(|one| !one.starts_with("claim_todos ")),
            Work::AddRule => self.rules.contains(&format!("app_deny {BOT}")),
            Work::RemoveRule => !self.rules.contains(&format!("app_allow {BOT}")),
            Work::Plan | Work::Call => false,
        }
    }
}
