//! The membership gate: Prism's list against Glint's cached one (contract §8.3, §11).

use super::Finding;
use super::code::{self, Code, GateId};
use super::evidence::{Source, inferred, observed};
use super::facts::{Facts, Member};
use super::scope;
use super::types::Certainty::{Likely, Possible, Proven};
use super::types::{Evidence, Needs, Remedy};
use crate::problem::Actor;
use crate::say;

const TEAMS_READ: &str = "teams:read";
/// What it may be as long as neither list was read.
const OPEN: [Code; 3] =
    [code::MEMBERSHIP_NOT_MEMBER, code::MEMBERSHIP_STALE_DENIAL, code::MEMBERSHIP_ACCOUNT_DEACTIVATED];

/// `Team membership is unavailable…`: no cached list and no `teams:read`.
pub(crate) fn unavailable(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let wanted = vec![TEAMS_READ.to_owned()];
    let lacks = facts.held().is_some_and(|held| !held.iter().any(|scope| scope == TEAMS_READ));
    let behind = scope::chain(facts, &wanted, Source::Answer);
    let mut finding =
        Finding::new(code::MEMBERSHIP_UNAVAILABLE, if lacks { Proven } else { Likely }, GateId::Membership);
    finding.because = Some(behind.cause);
    let says = say!(lang, "Glint has no team list for this user", "Glint 没有该用户的团队列表");
    finding = finding.shown([observed(lang, Source::Answer, says)]).shown(behind.evidence);
    finding.wants_scopes(wanted)
}

/// `Not a member of this team`.
pub(crate) fn not_member(facts: &Facts<'_>) -> Finding {
    let Some(team) = facts.call.part("team") else { return unproven(facts, &OPEN) };
    if let Some(space) = team.strip_prefix("personal:") {
        return personal(facts, space);
    }
    let at_prism = facts.prism_teams.as_ref().map(|teams| teams.as_ref().map(|teams| member(teams, team)));
    let at_glint = facts.glint_teams.as_ref().map(|teams| member(teams, team));
    match (at_prism, at_glint) {
        (Some(Err(403)), _) if holds_teams_read(facts) => deactivated(facts),
        (Some(Ok(Some(member))), Some(_)) if joined_later(facts, member) => joined_since(facts),
        (Some(Ok(Some(member))), Some(None)) => stale(facts, member),
        (Some(Ok(None)), Some(None)) => neither(facts),
        (Some(Ok(Some(_))), _) => {
            unproven(facts, &[code::MEMBERSHIP_STALE_DENIAL, code::MEMBERSHIP_NOT_MEMBER])
        }
        (Some(Ok(None)), _) => unproven(facts, &[code::MEMBERSHIP_NOT_MEMBER]),
        _ => unproven(facts, &OPEN),
    }
}

/// Somebody else's personal space; one's own always opens.
fn personal(facts: &Facts<'_>, space: &str) -> Finding {
    let user = facts.introspection.as_ref().and_then(|seen| seen.user_id.as_deref());
    let certainty = if user.is_some_and(|user| user != space) { Proven } else { Likely };
    let lang = facts.lang;
    let fact = say!(lang, "this is the personal space of another user", "这是另一位用户的个人空间");
    let step = Remedy {
        who: Actor::ConsumerDeveloper,
        who_name: None,
        action: say!(
            lang,
            "Use the personal space of the token's own user, or a team",
            "使用该令牌所属用户自己的个人空间，或使用团队"
        ),
        detail: say!(
            lang,
            "Nobody can be added to a personal space; its id is `personal:` and the user ID.",
            "个人空间不能添加其他人；它的 ID 是 `personal:` 加用户 ID。"
        ),
        reauthorize: false,
        fix: None,
    };
    let finding =
        Finding::new(code::MEMBERSHIP_NOT_MEMBER, certainty, GateId::Membership).advised(vec![step]);
    missing_team(finding.shown([inferred(lang, Source::Request, fact)]))
}

fn neither(facts: &Facts<'_>) -> Finding {
    missing_team(Finding::new(code::MEMBERSHIP_NOT_MEMBER, Proven, GateId::Membership).shown(lists(facts)))
}

/// In the team at Prism and not in Glint's list; proven only where the member joined before the call beyond doubt.
fn stale(facts: &Facts<'_>, member: &Member) -> Finding {
    let finding = Finding::new(code::MEMBERSHIP_STALE_DENIAL, Proven, GateId::Membership).shown(lists(facts));
    if joined_before(facts, member) {
        return finding;
    }
    Finding { certainty: Likely, ..finding }.or(&[code::MEMBERSHIP_NOT_MEMBER])
}

/// Joined after the call: the refusal was right at its time.
fn joined_since(facts: &Facts<'_>) -> Finding {
    let fact = say!(facts.lang, "joined the team after this call", "在这次调用之后才加入团队");
    let finding = Finding::new(code::MEMBERSHIP_NOT_MEMBER, Proven, GateId::Membership);
    missing_team(finding.shown([observed(facts.lang, Source::PrismTeams, fact)]).shown(lists(facts)))
}

fn deactivated(facts: &Facts<'_>) -> Finding {
    let lang = facts.lang;
    let refused = say!(
        lang,
        "Prism refuses the team list although the token lists `teams:read`",
        "令牌含有 `teams:read`，Prism 却拒绝给出团队列表"
    );
    let finding = Finding::new(code::MEMBERSHIP_ACCOUNT_DEACTIVATED, Proven, GateId::Membership);
    let finding = finding.shown([observed(lang, Source::PrismTeams, refused)]);
    // A token that died in between is refused with the same words.
    if facts.prism_teams_are_fresh() {
        return finding;
    }
    Finding { certainty: Likely, ..finding }.or(&[code::MEMBERSHIP_UNPROVEN])
}

/// The two lists cannot both be read; what was read still tells what is nearer.
fn unproven(facts: &Facts<'_>, open: &[Code]) -> Finding {
    let asked = facts.prism_teams.is_some()
        || facts.glint_teams.is_some()
        || facts.introspection.as_ref().is_some_and(|seen| seen.active);
    let finding =
        Finding::new(code::MEMBERSHIP_UNPROVEN, if asked { Likely } else { Possible }, GateId::Membership)
            .shown(lists(facts));
    missing_team(finding.or(open))
}

/// What both lists say about this team, as far as they were read.
pub(crate) fn lists(facts: &Facts<'_>) -> Vec<Evidence> {
    let (lang, Some(team)) = (facts.lang, facts.call.part("team")) else { return Vec::new() };
    let listed = |found: Option<&Member>| match found {
        Some(member) => say!(lang, "lists the team, role `{}`", "列有该团队，角色 `{}`", member.role),
        None => say!(lang, "does not list the team", "没有列出该团队"),
    };
    let prism = facts.prism_teams.as_ref().map(|teams| match teams {
        Ok(teams) => observed(lang, Source::PrismTeams, listed(member(teams, team))),
        Err(status) => observed(
            lang,
            Source::PrismTeams,
            say!(lang, "not readable with this token: {status}", "用此令牌读不到：{status}"),
        ),
    });
    let glint =
        facts.glint_teams.as_ref().map(|teams| observed(lang, Source::GlintMe, listed(member(teams, team))));
    prism.into_iter().chain(glint).collect()
}

pub(crate) fn member<'a>(teams: &'a [Member], team: &str) -> Option<&'a Member> {
    teams.iter().find(|member| member.team == team)
}

/// Role in this team, at Prism and as Glint has it cached.
pub(crate) fn roles<'a>(facts: &'a Facts<'_>) -> (Option<&'a str>, Option<&'a str>) {
    let Some(team) = facts.call.part("team") else { return (None, None) };
    let prism = facts
        .prism_teams
        .as_ref()
        .and_then(|teams| teams.as_ref().ok())
        .and_then(|teams| member(teams, team));
    let glint = facts.glint_teams.as_ref().and_then(|teams| member(teams, team));
    (prism.map(|member| member.role.as_str()), glint.map(|member| member.role.as_str()))
}

fn holds_teams_read(facts: &Facts<'_>) -> bool {
    facts
        .introspection
        .as_ref()
        .is_some_and(|seen| seen.active && seen.scopes.iter().any(|scope| scope == TEAMS_READ))
}

/// Prism counts whole seconds: who joined in the second of the call was there first or not, nobody can say.
fn joined_later(facts: &Facts<'_>, member: &Member) -> bool {
    member.joined_at.zip(time_of(facts)).is_some_and(|(joined, start)| joined > start)
}

fn joined_before(facts: &Facts<'_>, member: &Member) -> bool {
    member.joined_at.zip(time_of(facts)).is_some_and(|(joined, start)| joined < start)
}

/// Time of the call that can be compared with Prism's, Unix seconds; the recorder's clock may be wrong.
fn time_of(facts: &Facts<'_>) -> Option<i64> {
    facts.at_server().filter(|_| facts.clock_agrees())
}

fn missing_team(mut finding: Finding) -> Finding {
    finding.needs = Needs { resource: Some("team".into()), ..Needs::default() };
    finding
}
