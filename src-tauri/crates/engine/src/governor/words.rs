//! Why the rest of a job was not sent.

use super::backoff::Policy;
use super::state::Stop;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

impl Stop {
    /// What a person reads beside what was not sent.
    pub(crate) fn problem(self, lang: Lang) -> Problem {
        let policy = Policy::default();
        match self {
            Self::Cancelled => {
                Problem::note("cancelled", say!(lang, "Not sent: the job was cancelled.", "未发送：任务已取消。"))
            }
            Self::Denied => Problem::refused(
                "job.credential_refused",
                say!(
                    lang,
                    "Not sent: Prism refused the credential of an earlier change.",
                    "未发送：Prism 在之前的更改中拒绝了凭据。"
                ),
            )
            .hinted(say!(
                lang,
                "Use an identity that may change this app; if its account was switched off, have it switched on.",
                "使用有权更改此应用的身份；如果其账户已停用，先启用账户。"
            )),
            Self::Silent => Problem::refused(
                "job.no_answer",
                say!(
                    lang,
                    "Not sent: the server did not answer an earlier request in time.",
                    "未发送：服务器没有及时应答之前的请求。"
                ),
            )
            .hinted(try_again(lang)),
            Self::Unreachable => Problem::refused(
                "job.unreachable",
                say!(
                    lang,
                    "Not sent: no connection to the server could be made.",
                    "未发送：无法连接到服务器。"
                ),
            )
            .hinted(try_again(lang)),
            Self::Failing => {
                let times = policy.attempts;
                Problem::refused(
                    "job.server_failing",
                    say!(
                        lang,
                        "Not sent: an earlier change failed {times} times in a row.",
                        "未发送：之前的一处更改连续失败了 {times} 次。"
                    ),
                )
                .hinted(try_again(lang))
            }
            Self::RetryAfter(asked) => retry_after(asked.as_secs(), policy.longest_retry_after.as_secs(), lang),
            Self::Deadline => {
                let minutes = policy.deadline.as_secs() / 60;
                Problem::refused(
                    "job.deadline",
                    say!(
                        lang,
                        "Not sent: the job reached its limit of {minutes} minutes.",
                        "未发送：任务已达到 {minutes} 分钟的上限。"
                    ),
                )
                .hinted(say!(
                    lang,
                    "Start it again; only what is left is sent.",
                    "重新开始；只会发送剩余的部分。"
                ))
            }
        }
    }
}

fn retry_after(asked: u64, limit: u64, lang: Lang) -> Problem {
    let asked = if asked > 999_999_999 { "> 999999999".to_owned() } else { asked.to_string() };
    Problem::refused(
        "job.rate_limited",
        say!(
            lang,
            "Not sent: the server asks to wait {asked} s (`Retry-After`); the limit is {limit} s.",
            "未发送：服务器要求等待 {asked} 秒（`Retry-After`）；上限为 {limit} 秒。"
        ),
    )
    .hinted(say!(
        lang,
        "Wait that long, then start it again; only what is left is sent.",
        "等待相应时间后重新开始；只会发送剩余的部分。"
    ))
}

fn try_again(lang: Lang) -> String {
    say!(
        lang,
        "Check the server, then start it again; only what is left is sent.",
        "检查服务器后重新开始；只会发送剩余的部分。"
    )
}
