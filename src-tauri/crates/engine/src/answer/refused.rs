//! What a server that refused is reported as.

use scopes::diagnosis::{Family, Meaning};
use scopes::lang::Lang;
use scopes::problem::{IdentityWay, Problem};
use scopes::say;

/// The refusal as the diagnosis of its exchange names it, in words. A redirect is none of any server's answers.
pub(super) fn refused(status: u16, error: Option<&str>, meaning: Meaning, host: &str, lang: Lang) -> Problem {
    let text = error.unwrap_or_default();
    let code = if (300..400).contains(&status) { "reach.redirected" } else { meaning.cause.as_str() };
    let message = if code == "reach.redirected" {
        say!(
            lang,
            "`{host}` answered {status}, a redirect, which was not followed.",
            "`{host}` 返回了 {status}（重定向），没有跟随。"
        )
    } else if text.is_empty() {
        say!(lang, "`{host}` answered {status}.", "`{host}` 返回了 {status}。")
    } else {
        say!(lang, "`{host}` answered {status}: `{text}`.", "`{host}` 返回了 {status}：`{text}`。")
    };
    let problem = Problem::refused(code, message);
    let problem = match way(meaning.cause.family()).filter(|_| meaning.cause == code) {
        Some(way) => problem.cured_by(way),
        None => problem,
    };
    let by_gateway = matches!(status, 502..=504).then(|| {
        say!(
            lang,
            "A gateway answered in place of the server: check that the server behind it runs, then try again.",
            "应答的是服务器前面的网关：检查其后的服务器是否在运行，然后重试。"
        )
    });
    let problem = match meaning.who.filter(|_| meaning.cause == code) {
        Some(who) => problem.for_actor(who),
        None => problem,
    };
    match by_gateway.or_else(|| hint(code, lang)) {
        Some(hint) => problem.hinted(hint),
        None => problem,
    }
}

/// Another identity helps where the one that was used is what was refused.
fn way(family: Family) -> Option<IdentityWay> {
    match family {
        Family::Credential | Family::App => Some(IdentityWay::Pat),
        Family::Token => Some(IdentityWay::Token),
        _ => None,
    }
}

fn hint(code: &str, lang: Lang) -> Option<String> {
    Some(match code {
        "credential.invalid" | "credential.wrong_kind" | "credential.missing" => say!(
            lang,
            "Use another identity: this one is unknown to Prism, signed out, or of a kind this endpoint does not take.",
            "换一个身份：Prism 不认识它，它已登出，或该接口不接受这一类凭据。"
        ),
        "credential.expired" => say!(
            lang,
            "Create a new personal access token at Prism and add it as an identity.",
            "在 Prism 创建新的个人访问令牌并添加为身份。"
        ),
        "credential.insufficient_scope" => say!(
            lang,
            "Use a personal access token that carries `apps:read` and `apps:write`.",
            "使用带有 `apps:read` 和 `apps:write` 的个人访问令牌。"
        ),
        "app.forbidden" => say!(
            lang,
            "Use an identity of the app's owner, of an admin of its team, or of a site administrator.",
            "使用应用所有者、其团队管理员或站点管理员的身份。"
        ),
        "app.not_found" => say!(
            lang,
            "Check that the app still exists at this Prism.",
            "检查该应用在此 Prism 上是否仍然存在。"
        ),
        "reach.no_route" => say!(
            lang,
            "Check that the address belongs to a server of a version that is supported.",
            "检查该地址是否属于受支持版本的服务器。"
        ),
        "reach.redirected" => say!(
            lang,
            "Enter the address that the server really has, without a redirect before it.",
            "填写服务器真正的地址，前面不要有重定向。"
        ),
        "server.rate_limited" => say!(
            lang,
            "The server is there and limits requests: wait a minute, then try again.",
            "服务器在运行，但限制了请求次数：等待一分钟后再试。"
        ),
        "server.error" => say!(
            lang,
            "Look at the server's log; the request was understood by our side as documented.",
            "查看服务器日志；该请求符合文档。"
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::answer::read;
    use scopes::exchange::{Exchange, Request, Response};
    use scopes::lang::Lang;
    use serde_json::{Value, json};

    fn code(line: &str, status: u16, error: &str) -> String {
        let (method, url) = line.split_once(' ').unwrap();
        let request = Request { method: method.into(), url: url.into(), ..Request::default() };
        let body = Some(json!({ "error": error }).to_string());
        let response = Some(Response { status, headers: Vec::new(), body, truncated: false });
        let answer = read::<Value>(Exchange { request, response, ..Exchange::default() });
        answer.or_problem(Lang::En).unwrap_err().code
    }

    /// The status alone means another thing at another endpoint, and below a path prefix it means the same.
    #[test]
    fn a_refusal_has_the_code_of_its_diagnosis() {
        for (line, status, error, wanted) in [
            ("POST https://p.test/api/apps/a/scope-access-rules", 409, "Rule already exists", "rule.exists"),
            (
                "POST https://p.test/id/api/apps/a/scope-access-rules",
                409,
                "Rule already exists",
                "rule.exists",
            ),
            ("PATCH https://p.test/api/apps/a/scope-definitions/d", 409, "Conflict", "request.conflict"),
            (
                "PATCH https://p.test/api/apps/a/scope-definitions/d",
                400,
                "title is required",
                "definition.invalid",
            ),
            ("GET https://p.test/api/apps/a", 404, "Not found", "app.not_found"),
            ("GET https://p.test/api/nothing", 404, "Not found", "reach.no_route"),
            (
                "GET https://g.test/api/cross-app/me",
                403,
                "Missing required scope: read_todos",
                "scope.undetermined",
            ),
            ("GET https://p.test/api/apps/a", 302, "", "reach.redirected"),
        ] {
            assert_eq!(code(line, status, error), wanted, "{line} {status}");
        }
    }
}
