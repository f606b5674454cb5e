//! What a server that refused is reported as.

use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

/// The codes of the reason taxonomy for Prism calls (contract §1).
pub(super) fn refused(status: u16, error: Option<&str>, host: &str, lang: Lang) -> Problem {
    let text = error.unwrap_or_default();
    let code = match (status, text) {
        (401, "Token expired") => "credential.expired",
        (401, _) => "credential.invalid",
        (403, "insufficient_scope") => "credential.insufficient_scope",
        (403, t) if t.starts_with("App with client_id") => "registration.target_missing",
        (403, t) if t.starts_with("You are not permitted to use") => "registration.owner_denied",
        (403, t) if t.starts_with("You are not on the allow-list") => "registration.owner_not_listed",
        (403, _) => "app.forbidden",
        (404, _) => "app.not_found",
        (409, _) => "rule.exists",
        (300..=399, _) => "reach.redirected",
        (429, _) => "server.rate_limited",
        (400..=499, _) => "request.invalid",
        _ => "server.error",
    };
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
    let by_gateway = matches!(status, 502..=504).then(|| {
        say!(
            lang,
            "A gateway answered in place of the server: check that the server behind it runs, then try again.",
            "应答的是服务器前面的网关：检查其后的服务器是否在运行，然后重试。"
        )
    });
    match by_gateway.or_else(|| hint(code, lang)) {
        Some(hint) => problem.hinted(hint),
        None => problem,
    }
}

fn hint(code: &str, lang: Lang) -> Option<String> {
    Some(match code {
        "credential.invalid" => say!(
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
