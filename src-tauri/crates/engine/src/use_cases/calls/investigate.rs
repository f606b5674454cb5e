//! Gathering evidence after a call: only what this identity may ask and the answer needs, in parallel, never a write.

use super::known::known_of;
use super::questions::{Question, first};
use crate::answer::read;
use crate::ask::Ask;
use crate::connections::Deployment;
use crate::engine::Engine;
use crate::glint::cross_app::Overview;
use crate::glint::{config, cross_app};
use crate::http::Credential;
use crate::identities::{Held, candidates};
use crate::operations::connections::CredentialKind;
use crate::operations::scopes::Consumer;
use crate::prism::{access_rules, apps, consent, oauth};
use crate::server::Server;
use crate::use_cases::consumers;
use crate::use_cases::provider::{Need, at_prism, identity_for};
use futures_util::future::join_all;
use scopes::diagnosis::code;
use scopes::diagnosis::{Certainty, Diagnosis, Family, Known, diagnose};
use scopes::endpoint::{Endpoint, is_to};
use scopes::exchange::Exchange;
use scopes::lang::Lang;
use scopes::routes::{Pick, Route};
use scopes::scope::app_scope;
use serde_json::Value;
use std::collections::BTreeMap;

/// A call and everything known around it.
pub(super) struct Case<'a> {
    pub(super) engine: &'a Engine,
    pub(super) deployment: &'a Deployment,
    pub(super) glint: &'a Server,
    pub(super) held: Option<&'a Held>,
    /// What the call was sent with: the questions are about this very token, even if it was refreshed since.
    pub(super) credential: Option<&'a Credential>,
    pub(super) route: &'a Route,
    pub(super) values: &'a BTreeMap<String, Value>,
    pub(super) call: &'a Exchange,
    pub(super) lang: Lang,
}

impl Case<'_> {
    /// Asks until the cause is proven or nothing is left to ask; the diagnosis with every exchange it rests on.
    pub(super) async fn explain(&self) -> (Diagnosis, Vec<Exchange>) {
        let mut asked: Vec<Exchange> = Vec::new();
        let mut found = self.diagnose(&asked);
        asked.extend(self.ask_all(&first(&found, self.call, self.route)).await);
        asked.extend(self.sets(&asked).await);
        found = self.diagnose(&asked);
        if self.wants_preview(&found) {
            asked.extend(self.preview(&found, &asked).await);
            found = self.diagnose(&asked);
        }
        (found, asked)
    }

    /// What the call and the evidence so far say.
    pub(super) fn diagnose(&self, asked: &[Exchange]) -> Diagnosis {
        diagnose(self.call, asked, &self.known_beside(), self.lang)
    }

    /// Names and ids the console knows without asking.
    pub(super) fn known_beside(&self) -> Known {
        Known { token_expires_at: self.held.and_then(|held| held.expires_at), ..known_of(self.deployment) }
    }

    /// Whether what Prism would grant today could tell more about a missing scope.
    fn wants_preview(&self, found: &Diagnosis) -> bool {
        match found.cause {
            code::MEMBERSHIP_UNAVAILABLE => {
                found.because.is_none_or(|because| because == code::SCOPE_UNDETERMINED)
            }
            cause => cause.family() == Family::Scope && found.certainty != Certainty::Proven,
        }
    }

    /// The answers to questions that do not depend on one another.
    pub(super) async fn ask_all(&self, questions: &[Question]) -> Vec<Exchange> {
        join_all(questions.iter().map(|question| self.ask(*question))).await.into_iter().flatten().collect()
    }

    async fn ask(&self, question: Question) -> Option<Exchange> {
        let held = self.held?;
        match question {
            // Another kind of credential is a mistake whatever Glint is configured with.
            Question::Configuration if held.kind != CredentialKind::AccessToken => None,
            Question::Configuration => Some(self.send(self.glint, &config::get(), None).await),
            Question::Introspection => {
                let token = self.credential.filter(|_| held.kind == CredentialKind::AccessToken)?.token()?;
                Some(self.send(&self.deployment.prism, &oauth::introspect(token), None).await)
            }
            // Without the scope the answer is a 403 whatever the truth is (contract §10.6).
            Question::TeamsAtPrism if held.may_carry("teams:read") => {
                Some(self.send(&self.deployment.prism, &oauth::teams(), self.credential).await)
            }
            Question::TeamsAtPrism => None,
            Question::TeamsAtGlint => self.at_glint(held, &cross_app::me()).await,
            Question::MyPermissions => {
                let ask = cross_app::my_permissions(self.picked(Pick::Team)?, self.set());
                self.at_glint(held, &ask).await
            }
            Question::Matrix => self.at_glint(held, &cross_app::permissions(self.picked(Pick::Team)?)).await,
            Question::Todos => {
                self.picked(Pick::Todo)?;
                self.at_glint(held, &cross_app::todos(self.picked(Pick::Team)?, self.set()?)).await
            }
            Question::Overview => self.at_glint(held, &cross_app::overview(self.picked(Pick::Team)?)).await,
        }
    }

    /// Listing the sets of a team that has none makes the default set (contract §8.1), and asking shall change nothing:
    /// the list is asked for only when the overview counts some.
    pub(super) async fn sets(&self, asked: &[Exchange]) -> Option<Exchange> {
        let overviews = asked.iter().filter(|exchange| is_to(exchange, Endpoint::Overview));
        let counted =
            overviews.filter_map(|exchange| read::<Overview>(exchange.clone()).value.ok()).next()?;
        if counted.sets == 0 {
            return None;
        }
        self.at_glint(self.held?, &cross_app::sets(self.picked(Pick::Team)?)).await
    }

    /// What Glint itself tells takes `read_todos`.
    pub(super) async fn at_glint<T>(&self, held: &Held, ask: &Ask<T>) -> Option<Exchange> {
        let readable = ["read_todos", "workbench"].iter().any(|inner| held.may_carry(&self.full(inner)));
        if readable { Some(self.send(self.glint, ask, self.credential).await) } else { None }
    }

    async fn send<T>(&self, server: &Server, ask: &Ask<T>, credential: Option<&Credential>) -> Exchange {
        self.engine.send(server, ask, credential, None).await
    }

    /// The value of the route's input for a team, a set and so on.
    pub(super) fn picked(&self, pick: Pick) -> Option<&str> {
        let input = self.route.inputs.iter().find(|input| input.pick == pick)?;
        self.values.get(&input.name).and_then(Value::as_str).filter(|value| !value.is_empty())
    }

    /// The set of the call; a call on a todo takes none, but the one it was picked from is known.
    pub(super) fn set(&self) -> Option<&str> {
        self.picked(Pick::Set).or_else(|| self.values.get("set")?.as_str().filter(|set| !set.is_empty()))
    }

    fn full(&self, inner: &str) -> String {
        let provider = self.deployment.saved.provider_client_id.as_deref().unwrap_or_default().trim();
        if inner.contains(':') { inner.to_owned() } else { app_scope(provider, inner) }
    }

    /// What Prism would grant the consumer today, what the consumer has registered, and, where a rule is in the way,
    /// the rules: each only if an identity of this connection may read it.
    async fn preview(&self, found: &Diagnosis, asked: &[Exchange]) -> Vec<Exchange> {
        let Some(client_id) = self.consumer(asked) else { return Vec::new() };
        let Some(consumer) = self.known(&client_id).await else { return Vec::new() };
        let wanted = match found.cause.as_str() {
            "membership.unavailable" => vec!["teams:read".to_owned()],
            _ => self.wanted(found),
        };
        self.preview_of(&consumer, &wanted).await
    }

    /// The same for everything the provider has, in one question.
    pub(super) async fn preview_all(&self, asked: &[Exchange]) -> Vec<Exchange> {
        let Some(client_id) = self.consumer(asked) else { return Vec::new() };
        let Some(consumer) = self.known(&client_id).await else { return Vec::new() };
        let inner = scopes::profile::glint().scopes.iter().map(|scope| self.full(&scope.key));
        let wanted: Vec<String> = std::iter::once("teams:read".to_owned()).chain(inner).collect();
        self.preview_of(&consumer, &wanted).await
    }

    async fn preview_of(&self, consumer: &Consumer, wanted: &[String]) -> Vec<Exchange> {
        let (preview, app) = tokio::join!(self.ask_preview(consumer, wanted), self.registered(consumer));
        let denied = preview.as_ref().is_some_and(|preview| {
            let answer = read::<consent::Preview>(preview.clone());
            answer.value.is_ok_and(|seen| seen.rejected_scopes.iter().any(|r| r.reason == "app_denied"))
        });
        let rules = if denied { self.rules().await } else { None };
        preview.into_iter().chain(app).chain(rules).collect()
    }

    /// The client the token was issued to, by introspection, else by what is known of the identity.
    fn consumer(&self, asked: &[Exchange]) -> Option<String> {
        let introspected = asked
            .iter()
            .filter(|exchange| is_to(exchange, Endpoint::Introspection))
            .find_map(|exchange| read::<oauth::Introspection>(exchange.clone()).value.ok()?.client_id);
        introspected.or_else(|| self.held.and_then(|held| held.client_id.clone()))
    }

    fn wanted(&self, found: &Diagnosis) -> Vec<String> {
        let needed = found.needs.scopes.clone();
        needed.unwrap_or_else(|| self.route.scopes.clone()).iter().map(|inner| self.full(inner)).collect()
    }

    async fn known(&self, client_id: &str) -> Option<Consumer> {
        let find = |consumers: &[Consumer]| consumers.iter().find(|c| c.client_id == client_id).cloned();
        if let Some(consumer) = find(&self.deployment.consumers) {
            return Some(consumer);
        }
        find(&consumers::read(self.engine, self.deployment, self.lang).await.0)
    }

    async fn ask_preview(&self, consumer: &Consumer, wanted: &[String]) -> Option<Exchange> {
        let ask = consent::preview(&consumer.client_id, consumer.redirect_uri.as_deref()?, wanted);
        Some(self.send(&self.deployment.prism, &ask, None).await)
    }

    /// By an identity of the consumer's owner, else by the one that administers; a refusal is no evidence.
    async fn registered(&self, consumer: &Consumer) -> Option<Exchange> {
        let now = self.engine.now();
        let readers = candidates(self.deployment, Need::ReadApps, now);
        let mut living = readers.iter().filter(|held| !held.has_ended(now));
        let owner = living.find(|held| held.user_id.is_some() && held.user_id == consumer.owner_id);
        let reader = owner.or(readers.first())?;
        let credential = at_prism(self.engine, self.deployment, reader, self.lang).await.ok()?;
        let ask = apps::get(consumer.app_id.as_deref()?);
        answered(self.send(&self.deployment.prism, &ask, Some(&credential)).await)
    }

    async fn rules(&self) -> Option<Exchange> {
        let held = identity_for(self.engine, self.deployment, Need::Rules, self.lang).ok()?;
        let ask = access_rules::list(self.deployment.provider_app_id.as_deref()?);
        let credential = at_prism(self.engine, self.deployment, &held, self.lang).await.ok()?;
        answered(self.send(&self.deployment.prism, &ask, Some(&credential)).await)
    }
}

/// Somebody else's refusal says nothing about the call.
fn answered(exchange: Exchange) -> Option<Exchange> {
    let fine = exchange.response.as_ref().is_some_and(|response| (200..300).contains(&response.status));
    fine.then_some(exchange)
}
