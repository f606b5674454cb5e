//! Two that share no code agree: the evaluator's verdict on random rules, and what the sandbox does under them.

use axum::http::{Method, header};
use sandbox::wire::Call;
use sandbox::{Options, Sandbox};
use scopes::access::{Rule, RuleType, may_register, may_request};
use scopes::lang::Lang;
use serde_json::{Value, json};

const GLINT_APP: &str = "052877d243367e69e10b707373ddb44b";
const CALLBACK: &str = "http://127.0.0.1:8899/callback";
/// Consumers that have registered `read_todos`.
const CONSUMERS: [(&str, &str); 2] = [
    ("prism_4Kg-r67d_NcD72Kg9XU1Fg", "0a78444e7e74c1c0526bcd7a170a8152"),
    ("prism_wl26DFRxxToGcOuw00SsQA", "1f34a60103242da217ee5af12e6e2c72"),
];
/// People who may change the first consumer: its owner and a site administrator, with their PATs.
const PEOPLE: [(&str, &str); 2] =
    [("ff5327c922d16d9ca05bd28b4aac10ad", "bob_pat"), ("102b79a3ca715e79ec7d5ffe5ceb095e", "olivia_pat")];
const TYPES: [RuleType; 4] =
    [RuleType::OwnerAllow, RuleType::OwnerDeny, RuleType::AppAllow, RuleType::AppDeny];
const ROUNDS: u64 = 400;

/// A small generator (splitmix64), so that a failing round can be named and repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most).unwrap()).unwrap()
    }
}

struct Desk {
    sandbox: Sandbox,
}

impl Desk {
    fn ask(&self, credential: &str, call: &str, body: &Value) -> (u16, Value) {
        let (verb, path) = call.split_once(' ').unwrap();
        let secret = &self.sandbox.handout().credentials.iter().find(|c| c.id == credential).unwrap().secret;
        let method: Method = verb.parse().unwrap();
        let call = Call::new(method, path)
            .header(header::AUTHORIZATION, &format!("Bearer {secret}"))
            .content("application/json", body.to_string());
        let reply = self.sandbox.prism().call(&call);
        (reply.status.as_u16(), reply.value().unwrap_or_default())
    }

    fn scope(&self, inner: &str) -> String {
        format!("app:{}:{inner}", self.sandbox.handout().provider.client_id)
    }

    /// Random rules, posted; the answer is what the evaluator reads.
    fn set_rules(&self, dice: &mut Dice) -> Vec<Rule> {
        self.sandbox.admin().reset();
        let path = format!("/api/apps/{GLINT_APP}/scope-access-rules");
        let (_, listed) = self.ask("olivia_pat", &format!("GET {path}"), &Value::Null);
        for rule in listed["rules"].as_array().unwrap() {
            let call = format!("DELETE {path}/{}", rule["id"].as_str().unwrap());
            assert_eq!(self.ask("olivia_pat", &call, &Value::Null).0, 200);
        }
        for _ in 0..dice.below(6) {
            let rule_type = TYPES[dice.below(TYPES.len())];
            let rule = json!({ "rule_type": rule_type.name(), "target_id": target(dice) });
            assert!(matches!(self.ask("olivia_pat", &format!("POST {path}"), &rule).0, 201 | 409));
        }
        let (_, listed) = self.ask("olivia_pat", &format!("GET {path}"), &Value::Null);
        serde_json::from_value(listed["rules"].clone()).unwrap()
    }

    fn requests(&self, client_id: &str) -> bool {
        let scope = self.scope("read_todos");
        let call = format!(
            "GET /api/oauth/app-info?response_type=code&client_id={client_id}&redirect_uri={CALLBACK}&scope={scope}"
        );
        let (_, preview) = self.ask("bob_pat", &call, &Value::Null);
        let granted = preview["scopes"] == json!([scope]);
        assert!(granted || preview["rejected_scopes"][0]["reason"] == "app_denied", "{preview}");
        granted
    }

    fn registers(&self, credential: &str) -> bool {
        let call = format!("PATCH /api/apps/{}", CONSUMERS[0].1);
        let wanted = json!({ "allowed_scopes": [self.scope("delete_todos")] });
        let (status, said) = self.ask(credential, &call, &wanted);
        assert!(matches!(status, 200 | 403), "{said}");
        status == 200
    }
}

/// Any id that ends up in rules, of the right kind or not.
fn target(dice: &mut Dice) -> &'static str {
    let targets = [
        CONSUMERS[0].0,
        CONSUMERS[1].0,
        CONSUMERS[0].1,
        PEOPLE[0].0,
        PEOPLE[1].0,
        "bob",
        "prism_nobody",
        "0e59370791a76d72f6305b6456bebe52",
    ];
    targets[dice.below(targets.len())]
}

#[test]
fn the_evaluator_and_the_sandbox_agree_on_random_rules() {
    let desk = Desk { sandbox: sandbox::start(Options::default()).unwrap() };
    let mut seen = [0_u32; 4];
    for round in 0..ROUNDS {
        let rules = desk.set_rules(&mut Dice(round));
        for (client_id, _) in CONSUMERS {
            let verdict = may_request(&rules, Some(client_id), &[], Lang::En);
            assert_eq!(
                verdict.allowed,
                desk.requests(client_id),
                "round {round}: {rules:?}, {}",
                verdict.sentence
            );
            seen[usize::from(verdict.allowed)] += 1;
        }
        // A granted registration is kept from then on, so the deciding one comes first in every other round.
        let person = PEOPLE[usize::from(round % 2 == 0)];
        let verdict = may_register(&rules, Some(person.0), &[], Lang::En);
        assert_eq!(
            verdict.allowed,
            desk.registers(person.1),
            "round {round}: {rules:?}, {}",
            verdict.sentence
        );
        seen[2 + usize::from(verdict.allowed)] += 1;
    }
    assert!(seen.iter().all(|&count| count > 20), "the rounds were one-sided: {seen:?}");
}
