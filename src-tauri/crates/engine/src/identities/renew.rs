//! Renewing the tokens of a sign-in: one at a time in this process and across processes, and no token is ever lost.
//!
//! Under the lock the vault is read again: what somebody else fetched meanwhile is taken. Otherwise the refresh token is
//! used, and the answer is in the vault before the lock is given back. Prism ends the old access token with the answer and
//! keeps the refresh token (contract §6); where a server sends a new refresh token, that one is kept (RFC 6749 §6).
//!
//! Before a refresh token is spent the vault is tried, and the identity is put in doubt on disk until the new tokens are in
//! the vault: a refresh that was sent and not answered, or answered 5xx, may have been carried out. Where no answer came
//! the old refresh token is used once more, unless the server is known to replace it: then the new one got lost with the
//! answer, and using the old one again would be taken for theft (RFC 9700 §4.14.2).

use super::keep::{name, this_run_only};
use super::material::{Loaded, Material, TokenSet};
use super::turn::{Mine, Turn};
use super::{Held, trouble, update};
use crate::connections::Deployment;
use crate::effects::of_this_job;
use crate::engine::Engine;
use crate::oauth::{self, Settled, Tokens};
use crate::vault::Part;
use scopes::exchange::ExchangeView;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::secret::Secret;

/// What became of a renewal.
pub(crate) struct Renewal {
    /// The access token to go on with.
    pub(super) token: Secret,
    /// Whether the server was asked; otherwise somebody else had done it.
    pub(crate) asked: bool,
    /// The exchange, redacted.
    pub(crate) exchange: Option<ExchangeView>,
    /// What looks odd: the new tokens could not be written.
    pub(crate) problems: Vec<Problem>,
}

impl Engine {
    /// Whether the token has to be renewed before it is used.
    pub(super) fn must_renew(&self, held: &Held, tokens: &TokenSet) -> bool {
        let known = held.cache.get();
        tokens.refresh_token.is_some() && !known.dead && (known.in_doubt || tokens.is_due(self.now()))
    }

    /// Renews the tokens unless somebody did since `seen` was the access token; `force`, though there is time left. Goes
    /// on to its end even where the caller is stopped: the answer holds the only copy of the new tokens.
    ///
    /// # Errors
    /// `identity.refresh_dead` when the server refuses for good, those of the vault and of the way to the server.
    pub(crate) async fn renew(
        &self,
        deployment: &Deployment,
        held: &Held,
        seen: &Secret,
        force: bool,
        lang: Lang,
    ) -> Result<Renewal, Problem> {
        let job = Job {
            engine: self.clone(),
            deployment: deployment.clone(),
            held: held.clone(),
            seen: seen.clone(),
            force,
            lang,
        };
        let renewing = self.renewing();
        let running = async move {
            let _renewing = renewing;
            job.run().await
        };
        tokio::spawn(of_this_job(running)).await.map_err(|error| trouble::ended_early(&error, lang))?
    }
}

struct Job {
    engine: Engine,
    deployment: Deployment,
    held: Held,
    seen: Secret,
    force: bool,
    lang: Lang,
}

impl Job {
    async fn run(self) -> Result<Renewal, Problem> {
        let _one = self.held.cache.gate.lock().await;
        let turn = self.engine.turn(&self.deployment, &self.held);
        let _mine = match &turn {
            Some(turn) => Some(self.wait_for(turn).await?),
            None => None,
        };
        let Material::Tokens(tokens) = self.newest(turn.as_ref()).await? else {
            return Err(trouble::not_refreshable(&self.held, self.lang));
        };
        let somebody_did = tokens.access_token.expose() != self.seen.expose();
        if !self.engine.must_renew(&self.held, &tokens) && (somebody_did || !self.force) {
            return Ok(Renewal::known(tokens.access_token));
        }
        let Some(refresh_token) = tokens.refresh_token.clone() else {
            return Err(trouble::not_refreshable(&self.held, self.lang));
        };
        let was_in_doubt = self.begin(&tokens, turn.as_ref()).await?;
        let (asked, in_doubt) = self.ask(&refresh_token, tokens.rotates != Some(true)).await;
        let problem = match asked {
            Ok(settled) => return Ok(self.keep(tokens, settled, turn.as_ref()).await),
            Err(problem) => problem,
        };
        let refused = ["oauth.invalid_grant", "oauth.refresh_expired"].contains(&problem.code.as_str());
        if refused || !in_doubt && !was_in_doubt {
            turn.iter().for_each(Turn::settle);
        } else {
            self.held.cache.doubt();
        }
        Err(if refused { self.give_up(&problem) } else { problem })
    }

    /// Makes sure that the new tokens can be kept, and puts the identity in doubt; whether it was before.
    async fn begin(&self, tokens: &TokenSet, turn: Option<&Turn>) -> Result<bool, Problem> {
        let Some(turn) = turn else { return Ok(self.held.cache.get().in_doubt) };
        let (name, entry) =
            (name(&self.deployment, &self.held, Part::Credential), Material::Tokens(tokens.clone()).entry());
        self.engine.vault().rehearse(&name, &entry, self.lang).await?;
        let was_in_doubt = turn.is_in_doubt() || self.held.cache.get().in_doubt;
        turn.doubt().map_err(|error| trouble::not_begun(&self.held, &error, self.lang))?;
        Ok(was_in_doubt)
    }

    async fn wait_for(&self, turn: &Turn) -> Result<Mine, Problem> {
        match turn.take().await {
            Ok(Some(mine)) => Ok(mine),
            Ok(None) => Err(trouble::busy(&self.held, self.lang)),
            Err(error) => Err(trouble::no_lock(&error, self.lang)),
        }
    }

    /// The tokens as the vault has them under the lock; where newer ones could not be written, those in memory.
    async fn newest(&self, turn: Option<&Turn>) -> Result<Material, Problem> {
        let known = self.held.cache.get();
        match (turn, known.material) {
            (Some(turn), material) if material.is_none() || !known.unwritten => {
                let fresh = self.engine.reload(&self.deployment, &self.held, turn.last(), self.lang).await?;
                // What this process learnt about the very same tokens still holds.
                let same =
                    material.is_some_and(|old| old.credential().expose() == fresh.credential().expose());
                self.held.cache.change(|loaded| {
                    loaded.in_doubt = turn.is_in_doubt() || same && known.in_doubt;
                    loaded.dead |= same && known.dead;
                });
                Ok(fresh)
            }
            (_, Some(material)) => Ok(material),
            (_, None) => self.engine.load(&self.deployment, &self.held, self.lang).await,
        }
    }

    /// Uses the refresh token; where no answer came, once more if `again` allows. The second value: whether a refresh may
    /// have been carried out of which nothing is known here.
    async fn ask(&self, refresh_token: &Secret, again: bool) -> (Result<Settled<Tokens>, Problem>, bool) {
        let (engine, at, lang) = (&self.engine, &self.deployment, self.lang);
        let client = match engine.client_of(at, &self.held, lang).await {
            Ok(client) => client,
            Err(problem) => return (Err(problem), false),
        };
        let problem = match oauth::refresh(engine, at, &client, refresh_token, lang).await {
            Ok(settled) => return (Ok(settled), false),
            Err(problem) => problem,
        };
        match outcome(&problem) {
            Outcome::NotCarriedOut => return (Err(problem), false),
            Outcome::Failed => return (Err(trouble::doubtful(problem, lang)), true),
            Outcome::Lost if !again => return (Err(trouble::lost(&self.held, problem, lang)), true),
            Outcome::Lost => {}
        }
        let second = oauth::refresh(engine, at, &client, refresh_token, lang).await;
        let second = second.map_err(|problem| match outcome(&problem) {
            Outcome::NotCarriedOut => problem,
            Outcome::Failed => trouble::doubtful(problem, lang),
            Outcome::Lost => trouble::lost(&self.held, problem, lang),
        });
        (second, true)
    }

    /// The new tokens are in the vault, and the others know, before the lock is given back.
    async fn keep(&self, old: TokenSet, settled: Settled<Tokens>, turn: Option<&Turn>) -> Renewal {
        let now = self.engine.now();
        let Settled { value: got, exchange } = settled;
        let lifetime = got.expires_in.and_then(|seconds| i64::try_from(seconds).ok());
        let replaced =
            got.refresh_token.as_ref().map(Secret::expose) != old.refresh_token.as_ref().map(Secret::expose);
        let tokens = TokenSet {
            access_token: got.access_token.clone(),
            refresh_token: got.refresh_token.or(old.refresh_token),
            id_token: got.id_token.or(old.id_token),
            issued_at: Some(now),
            expires_at: lifetime.map(|seconds| now.saturating_add(seconds)),
            rotates: Some(replaced),
        };
        let expires_at = tokens.expires_at;
        let material = Material::Tokens(tokens);
        let written = self.write(&material).await;
        let mark = turn.map(|turn| turn.pass_on().unwrap_or_else(|_| turn.last())).unwrap_or_default();
        let unwritten = written.is_err();
        if !unwritten {
            turn.iter().for_each(|turn| turn.settle());
        }
        self.held.cache.set(Loaded { material: Some(material), mark, unwritten, ..Loaded::default() });
        let problem = written.err().map(|problem| trouble::not_written(&self.held, &problem, self.lang));
        self.note(expires_at, got.scope.as_deref());
        Renewal {
            token: got.access_token,
            asked: true,
            exchange: Some(exchange),
            problems: problem.into_iter().collect(),
        }
    }

    async fn write(&self, material: &Material) -> Result<(), Problem> {
        let name = name(&self.deployment, &self.held, Part::Credential);
        if this_run_only(&self.deployment) {
            self.engine.vault().put_in_memory(&name, &material.entry());
            return Ok(());
        }
        self.engine.vault().renew(&name, &material.entry(), self.lang).await
    }

    /// What the window shows. The vault has the truth, so that this cannot be saved is no loss.
    fn note(&self, expires_at: Option<i64>, scope: Option<&str>) {
        let scopes: Option<Vec<String>> = scope.map(|s| s.split_whitespace().map(str::to_owned).collect());
        let (connection, identity) = (&self.deployment.saved.id, &self.held.id);
        drop(update(&self.engine, connection, identity, self.lang, |held| {
            held.expires_at = expires_at;
            held.refresh_dead = false;
            if let Some(scopes) = scopes {
                held.scopes = scopes;
            }
        }));
    }

    /// The server refuses the refresh token for good: it is never used again by itself.
    fn give_up(&self, problem: &Problem) -> Problem {
        self.held.cache.change(|loaded| loaded.dead = true);
        let (connection, identity) = (&self.deployment.saved.id, &self.held.id);
        drop(update(&self.engine, connection, identity, self.lang, |held| held.refresh_dead = true));
        trouble::dead(&self.held, problem, self.lang)
    }
}

impl Renewal {
    /// Somebody else did it.
    fn known(token: Secret) -> Self {
        Self { token, asked: false, exchange: None, problems: Vec::new() }
    }
}

/// What a refresh that failed here did at the server.
enum Outcome {
    /// Nothing: it did not leave, or was refused.
    NotCarriedOut,
    /// The server answered 5xx, before or after it was done.
    Failed,
    /// Unknown: it left, and no usable answer came.
    Lost,
}

fn outcome(problem: &Problem) -> Outcome {
    let Some(exchange) = problem.exchange.as_ref().filter(|exchange| exchange.method == "POST") else {
        return Outcome::NotCarriedOut;
    };
    let not_sent = matches!(
        problem.code.as_str(),
        "reach.refused" | "reach.dns" | "reach.tls" | "request.not_sent" | "transport.ca_file"
    );
    match exchange.status {
        None if not_sent => Outcome::NotCarriedOut,
        None | Some(200..300) => Outcome::Lost,
        Some(500..) => Outcome::Failed,
        Some(_) => Outcome::NotCarriedOut,
    }
}
