//! Job 3: access rules and whom they hit.

use super::definitions::{print_halted, state};
use super::{Ended, administering};
use crate::Outcome;
use crate::args::{Global, Rules, RulesCheck};
use crate::out::{self, Tone};
use crate::render::{self, Reply, Table, cell, items, problem_of, prose, text};
use crate::session::Session;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;
use serde_json::{Value, json};

pub(crate) async fn run(global: &Global, command: Rules) -> Ended {
    let session = administering(global).await?;
    match command {
        Rules::List => list(&session).await,
        Rules::Add(command) => {
            let add = json!([{ "rule_type": command.rule_type, "target_id": command.target }]);
            change(&session, add, json!([]), command.dry_run).await
        }
        Rules::Remove(command) => change(&session, json!([]), json!(command.ids), command.dry_run).await,
        Rules::Check(command) => check(&session, &command).await,
    }
}

async fn review(session: &Session, add: Value, remove: Value) -> Result<Value, Problem> {
    review_of(session, json!({ "add": add, "remove": remove })).await
}

async fn review_of(session: &Session, mut args: Value) -> Result<Value, Problem> {
    if let Some(members) = args.as_object_mut() {
        members.insert("connection".into(), json!(session.connection));
    }
    let review = session.ask("review_access", args).await?;
    session.say_who(&review);
    Ok(review)
}

async fn list(session: &Session) -> Ended {
    let review = review(session, json!([]), json!([])).await?;
    if session.json {
        session.print_json(review.at("rules"));
        return Ok(Outcome::Done);
    }
    print_rules(&review, session.lang);
    render::problems(review.at("warnings"), None, session.lang);
    Ok(Outcome::Done)
}

fn print_rules(review: &Value, lang: Lang) {
    if items(review.at("rules")).is_empty() {
        out::line(&say!(
            lang,
            "There are no rules: everybody may request and register.",
            "没有规则：任何人都可以请求和注册。"
        ));
        return;
    }
    let mut table = Table::new(&[
        say!(lang, "RULE", "规则"),
        say!(lang, "NAME", "名称"),
        say!(lang, "TARGET", "对象"),
        "ID".to_owned(),
    ]);
    for view in items(review.at("rules")) {
        let rule = view.at("rule");
        let mark = match text(view.at("change")) {
            "added" => "+ ",
            "removed" => "− ",
            _ => "",
        };
        let tone = if text(rule.at("rule_type")).ends_with("deny") { Tone::Fail } else { Tone::Pass };
        table.row(vec![
            (format!("{mark}{}", text(rule.at("rule_type"))), tone),
            prose(view.at("target_name").as_str().unwrap_or("–")),
            cell(text(rule.at("target_id"))),
            cell(text(rule.at("id"))),
        ]);
    }
    table.print();
    for view in items(review.at("rules")) {
        print_rule_problems(view, lang);
    }
}

/// Prints what is wrong with a rule, below its type and target.
fn print_rule_problems(view: &Value, lang: Lang) {
    let rule = view.at("rule");
    let target = view.at("target_name").as_str().unwrap_or(text(rule.at("target_id")));
    let subject = format!("{} {target}", text(rule.at("rule_type")));
    for problem in items(view.at("problems")).iter().filter_map(problem_of) {
        render::problem_with(&subject, &problem, lang);
    }
}

/// Whether a rule to be removed is not there.
fn names_no_rule(review: &Value) -> bool {
    items(review.at("warnings")).iter().any(|warning| warning.at("code") == "access.rule_gone")
}

/// Prints who may before and after, for those whose answer changes.
fn print_effects(review: &Value, lang: Lang) {
    for (side, doing) in
        [("consumers", say!(lang, "request", "请求")), ("people", say!(lang, "register", "注册"))]
    {
        for effect in items(review.at(side)).iter().filter(|effect| effect.at("changed") == true) {
            let after = text(effect.at("after").at("sentence"));
            let tone = if effect.at("after").at("allowed") == true { Tone::Pass } else { Tone::Fail };
            out::line(&format!("{} {}", out::paint(tone, &format!("[{doing}]")), out::safe(after)));
        }
    }
}

async fn change(session: &Session, add: Value, remove: Value, dry_run: bool) -> Ended {
    let planned = review(session, add.clone(), remove.clone()).await?;
    if !session.json {
        print_rules(&planned, session.lang);
        print_effects(&planned, session.lang);
        render::problems(planned.at("warnings"), None, session.lang);
    }
    if let Some(blocked) = problem_of(planned.at("blocked")) {
        // In words it has been said beside its rule already.
        return Ok(if session.json { session.refuse(&blocked, None) } else { Outcome::Refused });
    }
    let done = if names_no_rule(&planned) { Outcome::Refused } else { Outcome::Done };
    if dry_run {
        if session.json {
            session.print_json(&planned);
        }
        return Ok(done);
    }
    session.may_write().await?;
    let args = json!({
        "connection": session.connection, "add": add, "remove": remove, "base": planned.at("base"),
    });
    let result = session.ask_stoppable("apply_rules", args, &|_| {}).await?;
    if session.json {
        session.print_json(&result);
    } else {
        print_result(&result, session.lang);
    }
    let sent = Outcome::of_rows(result.at("rows"));
    Ok(if sent == Outcome::Done { done } else { sent })
}

fn print_result(result: &Value, lang: Lang) {
    for row in items(result.at("rows")) {
        let (word, tone) = state(text(row.at("state")), lang);
        let mark = if row.at("change") == "removed" { "−" } else { "+" };
        let (kind, target) = (text(row.at("draft").at("rule_type")), text(row.at("draft").at("target_id")));
        out::line(&format!("{} {mark} {kind} {}", out::paint(tone, &word), out::safe(target)));
        let halted = |problem: &Problem| problem.code == text(result.at("halted").at("code"));
        if let Some(problem) = problem_of(row.at("problem")).filter(|problem| !halted(problem)) {
            render::problem(&problem, None, lang);
        }
    }
    print_halted(result, lang);
    out::line(&out::safe(text(result.at("summary"))));
}

async fn check(session: &Session, command: &RulesCheck) -> Ended {
    let add: Vec<Value> = command
        .what_if
        .iter()
        .map(|(kind, target)| json!({ "rule_type": kind, "target_id": target }))
        .collect();
    let review = review_of(
        session,
        json!({
            "add": add, "remove": command.without,
            "consumers": command.consumer, "people": command.person,
        }),
    )
    .await?;
    let mut unknown = Vec::new();
    let mut chosen: Vec<&Value> = Vec::new();
    for (side, wanted) in [("consumers", &command.consumer), ("people", &command.person)] {
        for name in wanted {
            match find(review.at(side), name) {
                Some(effect) => chosen.push(effect),
                None => unknown.push(name.as_str()),
            }
        }
    }
    let named = !chosen.is_empty() || !unknown.is_empty();
    let mut more = 0;
    if !named {
        chosen = items(review.at("consumers")).iter().chain(items(review.at("people"))).collect();
        // Of thousands, those whose decision changes are shown first; details are for those asked about.
        if chosen.len() > MAX_SHOWN {
            chosen.sort_by_key(|effect| effect.at("changed") != true);
            more = chosen.len() - MAX_SHOWN;
            chosen.truncate(MAX_SHOWN);
        }
    }
    let counts = counts(&review);
    if session.json {
        session.print_json(&json!({
            "checked": chosen, "unknown": unknown, "counts": counts, "not_shown": more,
        }));
    } else {
        print_verdicts(&chosen, &unknown, session.lang);
        print_counts(&counts, more, session.lang);
        for view in items(review.at("rules")).iter().filter(|view| view.at("change") == "added") {
            print_rule_problems(view, session.lang);
        }
        render::problems(review.at("warnings"), None, session.lang);
    }
    let denied = named && chosen.iter().any(|effect| effect.at("after").at("allowed") == false);
    Ok(match (denied, unknown.is_empty() && !names_no_rule(&review)) {
        (true, _) => Outcome::Refused,
        (false, false) => Outcome::Unknown,
        (false, true) => Outcome::Done,
    })
}

/// How many parties are shown where nobody was named.
const MAX_SHOWN: usize = 200;

/// How many consumers may request and how many people may register after the change, and for how many it changes.
fn counts(review: &Value) -> Value {
    let of = |side: &str| {
        let known = || items(review.at(side)).iter().filter(|effect| !effect.at("id").is_null());
        json!({
            "known": known().count(),
            "allowed": known().filter(|effect| effect.at("after").at("allowed") == true).count(),
            "changed": known().filter(|effect| effect.at("changed") == true).count(),
        })
    };
    json!({ "consumers": of("consumers"), "people": of("people") })
}

/// Prints the counts where not everybody is shown.
fn print_counts(counts: &Value, more: usize, lang: Lang) {
    if more == 0 {
        return;
    }
    let of = |side: &str, name: &str| counts.at(side).at(name).as_u64().unwrap_or(0);
    let (consumers, may_request) = (of("consumers", "known"), of("consumers", "allowed"));
    let (people, may_register) = (of("people", "known"), of("people", "allowed"));
    out::line(&say!(
        lang,
        "{may_request} of {consumers} consumers may request, {may_register} of {people} people may register.",
        "{consumers} 个消费方中有 {may_request} 个可以请求，{people} 个用户中有 {may_register} 个可以注册。"
    ));
    out::line(&say!(
        lang,
        "{more} more are not shown; name them with `--consumer` or `--person`.",
        "另有 {more} 个未显示；用 `--consumer` 或 `--person` 指定。"
    ));
}

fn find<'a>(effects: &'a Value, name: &str) -> Option<&'a Value> {
    let by =
        |field: &'static str, value: &str| items(effects).iter().find(|effect| effect.at(field) == value);
    by("id", name.trim()).or_else(|| by("name", name))
}

fn print_verdicts(chosen: &[&Value], unknown: &[&str], lang: Lang) {
    for effect in chosen {
        let verdict = effect.at("after");
        let (mark, tone) =
            if verdict.at("allowed") == true { ("✓", Tone::Pass) } else { ("✗", Tone::Fail) };
        out::line(&format!("{} {}", out::paint(tone, mark), out::safe(text(verdict.at("sentence")))));
    }
    for name in unknown {
        let problem = Problem::refused(
            "access.unknown_party",
            say!(lang, "Nobody called `{name}` is known here.", "这里不知道 `{name}`。"),
        )
        .hinted(say!(lang, "Give the client id or user id.", "给出 client id 或用户 id。"));
        render::problem(&problem, None, lang);
    }
}
