//! The table of refusals of a route, with the one that applies lit.

use super::Finding;
use super::call::Kind;
use super::facts::Facts;
use super::types::Refusal;
use crate::lang::Lang;
use crate::say;

/// Status, start of the server's text, family of codes.
const GLINT: [(u16, &str, &str); 16] = [
    (401, "Unauthorized", "header"),
    (401, "Token inactive or expired", "token"),
    (403, "Missing required scope…", "scope"),
    (403, "Team membership is unavailable…", "membership.unavailable"),
    (403, "Not a member of this team", "membership"),
    (403, "No permission…", "role"),
    (404, "Not found", "resource.missing"),
    (404, "404 Not Found", "reach.no_route"),
    (400, "Title is required …", "request.invalid"),
    (409, "… already exists …", "request.conflict"),
    (426, "Expected WebSocket upgrade", "request.upgrade_required"),
    (500, "Unexpected end of JSON input …", "request.malformed_body"),
    (500, "… FOREIGN KEY constraint failed …", "resource.missing"),
    (500, "… CHECK constraint failed: role …", "request.invalid"),
    (500, "Network connection lost. …", "server"),
    (503, "… not available …", "server"),
];

const PRISM: [(u16, &str, &str); 8] = [
    (401, "Unauthorized", "credential"),
    (401, "Token expired", "credential.expired"),
    (403, "insufficient_scope", "credential.insufficient_scope"),
    (403, "Forbidden", "app.forbidden"),
    (403, "You are not permitted to use this app's scopes …", "registration"),
    (404, "Not found", "app.not_found"),
    (400, "scope is required …", "definition.invalid"),
    (500, "Internal server error", "request.malformed_body"),
];

pub(crate) fn table(facts: &Facts<'_>, finding: &Finding) -> Vec<Refusal> {
    let rows: &[(u16, &str, &str)] = match facts.call.kind {
        Kind::Glint | Kind::Other => &GLINT,
        Kind::Prism => &PRISM,
        Kind::OAuth => &[],
    };
    let lit = rows
        .iter()
        .position(|(status, _, family)| *status == facts.call.status && covers(family, finding.cause));
    let shown = rows.iter().enumerate().filter(|(_, (status, _, family))| {
        // Two texts of the database, each of one route only (contract §8.4).
        let only = match (*status, *family) {
            (500, "resource.missing") => Some("import_into_set"),
            (500, "request.invalid") => Some("write_permissions"),
            _ => None,
        };
        let route = facts.call.route.as_ref().map(|hit| hit.route.id.as_str());
        only.map_or_else(|| applies(facts, family), |only| route == Some(only))
    });
    shown
        .map(|(at, (status, text, family))| {
            let is_lit = lit == Some(at);
            Refusal {
                status: *status,
                text: (*text).to_owned(),
                code: if is_lit {
                    finding.cause.to_owned()
                } else if family.contains('.') {
                    (*family).to_owned()
                } else {
                    format!("{family}.*")
                },
                meaning: meaning(family, facts.lang),
                lit: is_lit,
            }
        })
        .collect()
}

/// A whole code stands for itself, a family for all codes of it that have no row of their own.
fn covers(family: &str, cause: &str) -> bool {
    cause == family
        || (!family.contains('.')
            && cause.split('.').next() == Some(family)
            && cause != "membership.unavailable")
}

/// Leaves out what this route never answers.
fn applies(facts: &Facts<'_>, family: &str) -> bool {
    let Some(hit) = &facts.call.route else { return true };
    match family {
        "role" => {
            !hit.route.permissions.is_empty()
                || hit.route.inputs.iter().any(|input| !input.permissions.is_empty())
        }
        "membership" => hit.route.path.contains(":team"),
        "resource.missing" => hit.route.order.iter().any(|gate| gate == "resource"),
        "request.invalid" | "request.conflict" | "request.malformed_body" => {
            hit.route.writes && hit.route.order.iter().any(|gate| gate == "request")
        }
        "request.upgrade_required" => hit.route.id == "live_socket",
        _ => true,
    }
}

fn meaning(family: &str, lang: Lang) -> String {
    match family {
        "header" => say!(
            lang,
            "no `Authorization`, or not exactly `Bearer `",
            "没有 `Authorization`，或不是准确的 `Bearer `"
        ),
        "token" => say!(lang, "not a living access token", "不是有效的访问令牌"),
        "scope" => say!(lang, "the token lacks the scope", "令牌缺少权限范围"),
        "membership.unavailable" => {
            say!(lang, "no team list, and no `teams:read`", "没有团队列表，也没有 `teams:read`")
        }
        "membership" => say!(lang, "not in this team, by Glint's list", "按 Glint 的列表不在此团队"),
        "role" => say!(lang, "the role may not", "角色不允许"),
        "resource.missing" => say!(lang, "not there, or of another team", "不存在，或属于别的团队"),
        "reach.no_route" => say!(lang, "no such route or verb", "没有这个路由或方法"),
        "request.invalid" => say!(lang, "a value is missing or wrong", "缺少值或值有误"),
        "request.conflict" => say!(lang, "the name or title is taken", "名称或标题已被占用"),
        "request.upgrade_required" => say!(lang, "needs a WebSocket", "需要 WebSocket"),
        "request.malformed_body" => say!(lang, "the body cannot be read", "请求体无法读取"),
        "server" => say!(lang, "the deployment is broken or incomplete", "部署有故障或不完整"),
        "credential" => say!(lang, "no credential, or none that works here", "没有凭据，或凭据在此无效"),
        "credential.expired" => say!(lang, "the personal access token is over", "个人访问令牌已过期"),
        "credential.insufficient_scope" => say!(lang, "the credential lacks a scope", "凭据缺少权限范围"),
        "app.forbidden" => say!(lang, "not this caller's app", "不是调用者的应用"),
        "app.not_found" => say!(lang, "unknown id, or a client id", "未知 ID，或填了客户端 ID"),
        "registration" => say!(lang, "an owner rule is in the way", "有所有者规则阻挡"),
        _ => say!(lang, "a value is wrong", "值有误"),
    }
}
