//! Signing in with the system browser: redirect URIs are probed, one is listened on, the browser is sent off, its answer
//! exchanged, checked and kept.

mod finish;
mod granted;
mod keep;
mod prepare;
mod probe;
mod register;
mod trouble;

use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::oauth::{self, Arrived, Client, Endpoints, Listener, Page, Serving, Started, Tokens, Waiting};
use crate::operation::{Operation, stopped};
use crate::operations::connections::CredentialKind;
use crate::operations::sign_in::{SignIn, SignInStep, SignedIn};
use crate::use_cases::identities::given_label;
use probe::Probe;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use scopes::secret::Secret;
use trouble::{no_client, other_issuer, too_late};

impl Operation for SignIn {
    const STOPS_BY_ITSELF: bool = true;

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<SignedIn, Problem> {
        let deployment = engine.connection(&self.connection, cx.lang)?;
        if self.as_client {
            return tokio::select! {
                done = self.alone(engine, &deployment, cx.lang) => done,
                () = cx.cancel.wait() => Err(stopped(cx)),
            };
        }
        let came = tokio::select! {
            came = self.wait(engine, &deployment, cx) => came?,
            () = cx.cancel.wait() => return Err(stopped(cx)),
        };
        // From here on the code is used up: what comes of it is kept, whoever turns the switch.
        let Came { ground, arrived, started, redirect_uri, serving } = came;
        let outcome = self.settle(engine, &deployment, &ground, &arrived, started, redirect_uri, cx).await;
        let name = deployment.name(cx.lang);
        arrived
            .show(match &outcome {
                Ok(signed_in) => {
                    let worth = !signed_in.granted.is_empty() || signed_in.requested.is_empty();
                    Page::done(&name, &granted::in_short(signed_in, cx.lang), worth, cx.lang)
                }
                Err(problem) => Page::failed(&name, problem, cx.lang),
            })
            .await;
        serving.close().await;
        outcome
    }
}

/// What is known before the browser is sent off.
struct Ground {
    at: Endpoints,
    client: Client,
    probes: Vec<Probe>,
    scopes: Vec<String>,
}

impl Ground {
    /// Whether the server has Prism's consent preview.
    fn is_prism(&self) -> bool {
        self.probes.iter().any(|probe| probe.registered.is_some())
    }
}

/// The browser came back. The port stays taken until its page is shown, so that a second answer is refused.
struct Came {
    ground: Ground,
    arrived: Arrived,
    started: Started,
    redirect_uri: String,
    serving: Serving,
}

impl SignIn {
    async fn ground(&self, engine: &Engine, deployment: &Deployment, lang: Lang) -> Result<Ground, Problem> {
        given_label(self.label.as_deref(), lang)?;
        deployment.confirmed(lang)?;
        // Tokens nobody can keep are not asked for.
        if deployment.lasting {
            engine.vault().ready(lang).await?;
        }
        let client = self.client(engine, deployment, lang).await?;
        let at = oauth::endpoints(engine, deployment, lang).await?;
        let mut scopes: Vec<String> = Vec::new();
        for scope in self.scopes.iter().flat_map(|text| text.split_whitespace()) {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        Ok(Ground { at, client, probes: Vec::new(), scopes })
    }

    /// The client with its secret: as given, or as the connection holds it.
    async fn client(&self, engine: &Engine, deployment: &Deployment, lang: Lang) -> Result<Client, Problem> {
        let id = self.client_id.trim().to_owned();
        if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(no_client(&id, lang));
        }
        let given = self.client_secret.as_ref().map(|secret| secret.expose().trim().to_owned());
        if let Some(secret) = given.filter(|secret| !secret.is_empty()) {
            return Ok(Client { id, secret: Some(Secret::new(secret)) });
        }
        let held = deployment.identities.iter().find(|held| {
            held.kind == CredentialKind::ClientCredentials && held.client_id.as_deref() == Some(&id)
        });
        let secret = match held {
            Some(held) => Some(engine.token(deployment, held, lang).await?),
            None => None,
        };
        Ok(Client { id, secret })
    }

    /// Sends the browser off and waits for its answer.
    async fn wait(
        &self,
        engine: &Engine,
        deployment: &Deployment,
        cx: &Context<'_>,
    ) -> Result<Came, Problem> {
        let lang = cx.lang;
        let mut ground = self.ground(engine, deployment, lang).await?;
        ground.probes = probe::all(engine, deployment, &ground.client.id, &ground.scopes, lang).await?;
        let listener = listen(&ground.probes, lang).await?;
        let redirect_uri = ground
            .probes
            .iter()
            .find(|probe| probe.port == listener.port)
            .map(|probe| probe.uri.clone())
            .unwrap_or_default();
        // OpenID Connect Core §11 gives `offline_access` only with it; Prism asks anyway, and is sent what was measured.
        let asks = |wanted: &str| ground.scopes.iter().any(|scope| scope == wanted);
        let consent = !ground.is_prism() && asks("openid") && asks("offline_access");
        let started = ground.client.start(&ground.at, &redirect_uri, &ground.scopes, consent, lang)?;
        let (waiting, mut answers) =
            Waiting::new(started.state.clone(), redirect_uri.clone(), started.url.clone());
        let _entered = engine.sign_ins().enter(waiting.clone());
        let serving = listener.serve(waiting.clone(), lang);
        let limit = engine.limits().sign_in;
        let problem =
            if self.open_browser { opened(engine, &waiting.one_time_address(), lang) } else { None };
        let until = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
        cx.report(&SignInStep::Waiting {
            authorization_url: started.url.to_string(),
            redirect_uri: redirect_uri.clone(),
            until: engine.host().now_ms().saturating_add(until),
            problem,
        });
        match tokio::time::timeout(limit, answers.recv()).await {
            Ok(Some(arrived)) => Ok(Came { ground, arrived, started, redirect_uri, serving }),
            _ => Err(too_late(limit.as_secs(), lang)),
        }
    }

    /// From the browser's answer to a kept identity.
    #[expect(clippy::too_many_arguments, reason = "what one sign-in is made of, used here only")]
    async fn settle(
        &self,
        engine: &Engine,
        deployment: &Deployment,
        ground: &Ground,
        arrived: &Arrived,
        started: Started,
        redirect_uri: String,
        cx: &Context<'_>,
    ) -> Result<SignedIn, Problem> {
        let (lang, at) = (cx.lang, &ground.at);
        // Before anything is believed, its error included: who says so (RFC 9207 §2.4).
        match &arrived.callback.iss {
            Some(iss) if *iss != at.issuer => return Err(other_issuer(iss, lang)),
            None if at.names_issuer => return Err(other_issuer("", lang)),
            _ => {}
        }
        let code =
            arrived.callback.outcome.as_ref().map_err(|denied| oauth::at_authorization(denied, lang))?;
        cx.report(&SignInStep::Exchanging);
        let nonce = started.nonce.clone();
        let tokens = ground.client.exchange(engine, at, code, started, lang).await?.value;
        let granted = granted::of(&tokens, &ground.scopes);
        let claims = self.claims(engine, ground, &tokens, nonce.as_ref(), &granted, lang).await;
        let claims = match claims {
            Ok(claims) => claims,
            Err(problem) => {
                // Tokens of an answer that is not believed are not left lying about.
                keep::discard(engine, deployment, &ground.client, &tokens, lang).await;
                return Err(problem);
            }
        };
        let kept = keep::Kept {
            tokens,
            claims,
            granted,
            redirect_uri: Some(redirect_uri),
            label: self.label.clone(),
        };
        keep::keep(engine, deployment, ground, kept, lang).await
    }

    /// What the id token says; `None` where none was asked for or `openid` was not granted.
    async fn claims(
        &self,
        engine: &Engine,
        ground: &Ground,
        tokens: &Tokens,
        nonce: Option<&Secret>,
        granted: &[String],
        lang: Lang,
    ) -> Result<Option<oauth::Claims>, Problem> {
        if nonce.is_none() {
            return Ok(None);
        }
        let Some(token) = &tokens.id_token else {
            let promised = granted.iter().any(|scope| scope == "openid");
            return if promised { Err(oauth::id_token_missing(lang)) } else { Ok(None) };
        };
        let now = engine.host().now_ms() / 1000;
        let expected = oauth::Expected { client_id: &ground.client.id, nonce, now };
        oauth::check_id_token(engine, &ground.at, token, &expected, lang).await.map(Some)
    }

    /// The client as itself.
    async fn alone(&self, engine: &Engine, deployment: &Deployment, lang: Lang) -> Result<SignedIn, Problem> {
        let ground = self.ground(engine, deployment, lang).await?;
        let answer =
            oauth::client_credentials(engine, &ground.at, &ground.client, &ground.scopes, lang).await?;
        let granted = granted::of(&answer.value, &ground.scopes);
        let label = self.label.clone();
        let kept = keep::Kept { tokens: answer.value, claims: None, granted, redirect_uri: None, label };
        keep::keep(engine, deployment, &ground, kept, lang).await
    }
}

/// The first port that is free and whose redirect URI the client has registered, as far as known.
async fn listen(probes: &[Probe], lang: Lang) -> Result<Listener, Problem> {
    let usable: Vec<u16> =
        probes.iter().filter(|probe| probe.registered != Some(false)).map(|probe| probe.port).collect();
    if usable.is_empty() {
        return Err(prepare::not_registered(probes, lang));
    }
    Listener::bind(&usable).await.ok_or_else(|| prepare::ports_busy(&usable, lang))
}

fn opened(engine: &Engine, url: &str, lang: Lang) -> Option<Problem> {
    let words = engine.host().open_url(url).err()?;
    Some(
        Problem::risky(
            "sign_in.browser",
            say!(lang, "The browser did not open: {words}.", "浏览器未能打开：{words}。"),
        )
        .hinted(say!(
            lang,
            "Open the address yourself, on any computer, and paste the address it ends at.",
            "在任意一台电脑上自行打开该地址，然后粘贴浏览器最后到达的地址。"
        )),
    )
}
