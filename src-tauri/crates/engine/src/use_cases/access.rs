//! Job 3: the rules, whom they hit, and saving a staged change.

mod apply;

use super::consumers;
use super::provider::{Need, app_id, at_prism, identity_for};
use crate::connections::Deployment;
use crate::context::Context;
use crate::engine::Engine;
use crate::identities::Held;
use crate::operation::Operation;
use crate::operations::access::{AccessReview, ApplyRules, ReviewAccess, RulesResult};
use crate::operations::scopes::Consumer;
use crate::prism::access_rules;
use scopes::access::{self, Party, ReviewInput, Rule, RuleDraft};
use scopes::lang::Lang;
use scopes::plan::RowState;
use scopes::problem::Problem;
use scopes::say;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Everything a review or a change starts from.
struct Desk {
    deployment: Deployment,
    held: Arc<Held>,
    app_id: String,
    rules: Vec<Rule>,
    consumers: Arc<Vec<Consumer>>,
}

impl Desk {
    async fn open(engine: &Engine, connection: &str, lang: Lang) -> Result<Self, Problem> {
        let deployment = engine.connection(connection, lang)?;
        let held = identity_for(engine, &deployment, Need::Rules, lang)?;
        let app_id = app_id(engine, &deployment, &held, lang).await?;
        let credential = at_prism(engine, &deployment, &held, lang).await?;
        let ask = access_rules::list(&app_id);
        let (rules, (consumers, _)) = tokio::join!(
            engine.ask_patiently(&deployment.prism, &ask, Some(&credential)),
            consumers::read(engine, &deployment, lang),
        );
        let rules = known(&rules.or_problem(lang)?.rules);
        Ok(Self { rules, held, app_id, consumers, deployment })
    }

    fn review(&self, add: &[RuleDraft], remove: &[String], lang: Lang) -> AccessReview {
        self.review_of(add, remove, &[], &[], lang)
    }

    /// The same with what is asked about beside everybody known. Whom a rule or a staged change names is known by that,
    /// although no consumer and no person of that ID can be read.
    fn review_of(
        &self,
        add: &[RuleDraft],
        remove: &[String],
        consumers: &[String],
        people: &[String],
        lang: Lang,
    ) -> AccessReview {
        let staged = add.iter().map(|draft| (draft.rule_type.is_app(), &draft.target_id));
        let ruled = self.rules.iter().map(|rule| (rule.rule_type.is_app(), &rule.target_id));
        let named: Vec<(bool, &String)> = staged.chain(ruled).collect();
        let asked = |given: &[String], app: bool| -> Vec<String> {
            let named = named.iter().filter(|(is_app, _)| *is_app == app).map(|(_, target)| *target);
            given.iter().chain(named).cloned().collect()
        };
        let reviewed = access::review(&ReviewInput {
            rules: &self.rules,
            add,
            remove,
            consumers: &self.consumers.iter().map(|c| consumer(c, lang)).collect::<Vec<_>>(),
            people: &self.people(lang),
            asked_consumers: &asked(consumers, true),
            asked_people: &asked(people, false),
            self_id: self.held.user_id.as_deref(),
            lang,
        });
        AccessReview {
            rules: reviewed.rules,
            consumers: reviewed.consumers,
            people: reviewed.people,
            app_mode: reviewed.app_mode,
            app_mode_after: reviewed.app_mode_after,
            owner_mode: reviewed.owner_mode,
            owner_mode_after: reviewed.owner_mode_after,
            warnings: reviewed.warnings,
            limits: reviewed.limits,
            blocked: reviewed.blocked,
            base: access::fingerprint(&self.rules),
            acts_as: Some(self.held.in_words(lang)),
        }
    }

    /// Everybody an identity acts for, and every owner of a consumer. Prism offers no list of its users.
    fn people(&self, lang: Lang) -> Vec<Party> {
        let mut people: BTreeMap<&str, Party> = BTreeMap::new();
        for held in &self.deployment.identities {
            let Some(id) = held.user_id.as_deref() else { continue };
            let party = people.entry(id).or_insert_with(|| Party { id: id.to_owned(), ..Party::default() });
            if let (None, Some(name)) = (&party.name, &held.user_name) {
                party.name = Some(name.clone());
                party.aliases.push(name.clone());
            }
        }
        let mut owned: HashMap<&str, Vec<&str>> = HashMap::new();
        for consumer in self.consumers.iter() {
            let Some(owner) = consumer.owner_id.as_deref() else { continue };
            people.entry(owner).or_insert_with(|| Party { id: owner.to_owned(), ..Party::default() });
            owned.entry(owner).or_default().push(&consumer.name);
        }
        for (id, names) in &owned {
            if let Some(party) = people.get_mut(id) {
                party.note = owner_of(names, lang);
            }
        }
        let mut people: Vec<Party> = people.into_values().collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        people
    }
}

/// "owner of Tea Board": a few by name, the rest by number.
fn owner_of(names: &[&str], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let shown = names.get(..SHOWN).unwrap_or(names).join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => say!(lang, "owner of {shown}", "{shown} 的所有者"),
        more => {
            let all = names.len();
            say!(lang, "owner of {shown} and {more} more", "{shown} 等 {all} 个的所有者")
        }
    }
}

fn known(stored: &[access_rules::Stored]) -> Vec<Rule> {
    stored.iter().filter_map(access_rules::Stored::known).collect()
}

fn consumer(consumer: &Consumer, lang: Lang) -> Party {
    let kind = match (&consumer.allowed_scopes, consumer.is_public) {
        (None, _) => String::new(),
        (Some(_), true) => say!(lang, "public", "公开"),
        (Some(_), false) => say!(lang, "confidential", "机密"),
    };
    Party {
        id: consumer.client_id.clone(),
        name: Some(consumer.name.clone()),
        note: kind,
        aliases: consumer.app_id.iter().cloned().collect(),
    }
}

impl Operation for ReviewAccess {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<AccessReview, Problem> {
        let desk = Desk::open(engine, &self.connection, cx.lang).await?;
        Ok(desk.review_of(&self.add, &self.remove, &self.consumers, &self.people, cx.lang))
    }
}

impl Operation for ApplyRules {
    const STOPS_BY_ITSELF: bool = true;

    fn changes(&self) -> Option<&str> {
        Some(&self.connection)
    }

    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<RulesResult, Problem> {
        let lang = cx.lang;
        let mut desk = Desk::open(engine, &self.connection, lang).await?;
        let review = desk.review(&self.add, &self.remove, lang);
        if review.base != self.base {
            return Err(stale(lang));
        }
        if let Some(blocked) = review.blocked {
            return Err(blocked);
        }
        let applied = apply::apply(engine, &desk, &self.add, &self.remove, cx).await?;
        applied.record(engine, &desk);
        if let Some(after) = applied.after.clone() {
            desk.rules = after;
        }
        let states: Vec<RowState> = applied.rows.iter().map(|row| row.state).collect();
        Ok(RulesResult {
            summary: super::definitions::summary(&states, lang),
            rows: applied.rows.iter().map(|row| row.progress(lang)).collect(),
            halted: applied.halted(lang),
            review: desk.review(&[], &[], lang),
        })
    }
}

/// The rules moved since the review.
fn stale(lang: Lang) -> Problem {
    Problem::refused(
        "stale_plan",
        say!(
            lang,
            "The rules at Prism changed after this review; nothing was sent.",
            "在此次查看之后 Prism 上的规则发生了变化；没有发送任何请求。"
        ),
    )
    .hinted(say!(lang, "Look at the effect again, then save.", "重新查看影响，然后再保存。"))
}
