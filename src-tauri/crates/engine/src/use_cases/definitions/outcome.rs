//! What became of each row, said in either language.

use super::Desk;
use crate::answer::Refusal;
use crate::engine::Engine;
use crate::governor::NotSent;
use crate::operations::definitions::RowProgress;
use crate::operations::desk::{ActivityEntry, ActivityItem};
use crate::prism::scope_definitions::Stored;
use scopes::lang::Lang;
use scopes::plan::{Action, Definition, PlanRow, RowState};
use scopes::problem::Problem;
use scopes::say;

/// Why a row is not verified, or what is odd although it is.
#[derive(Clone)]
pub(super) enum Fault {
    /// Prism refused, or there was no connection to it.
    Refused(Refusal),
    /// Sent; no answer came, and the change was not found when it was read back.
    Unclear(Refusal),
    /// Read back, Prism holds something else.
    NotAsSent(Option<Definition>),
    /// Read back, the deleted definition is still there.
    StillThere,
    /// Read back, its id is another one: somebody else deleted and created it.
    Recreated,
    /// It could not be read back; the refusal where there was an answer.
    NotReadBack(Option<Refusal>),
    /// It was not sent.
    NotSent(NotSent),
}

/// One row with its state.
#[derive(Clone)]
pub(super) struct Outcome {
    /// The planned change.
    pub(super) row: PlanRow,
    /// Where it ended.
    pub(super) state: RowState,
    /// Why it is not verified.
    pub(super) fault: Option<Fault>,
    /// Prism's id of the definition, as far as it is known.
    pub(super) id: Option<String>,
}

/// All rows of one application.
pub(super) struct Applied {
    /// The rows in the plan's order.
    pub(super) rows: Vec<Outcome>,
    /// The definitions as read back; `None` when that failed.
    pub(super) after: Option<Vec<Stored>>,
}

impl Fault {
    fn problem(&self, row: &PlanRow, lang: Lang) -> Problem {
        let scope = &row.scope;
        match self {
            Self::Refused(refusal) => refusal.problem(lang),
            Self::NotAsSent(None) => Problem::refused(
                "definition.not_stored",
                say!(
                    lang,
                    "Prism does not hold `{scope}` after the change.",
                    "更改之后 Prism 上没有 `{scope}`。"
                ),
            ),
            Self::NotAsSent(Some(there)) => {
                let title = &there.title;
                Problem::refused(
                    "definition.not_as_sent",
                    say!(
                        lang,
                        "Prism holds another `{scope}` than was sent; its title there is `{title}`.",
                        "Prism 上的 `{scope}` 与发送的不同；那里的标题是 `{title}`。"
                    ),
                )
            }
            Self::Unclear(refusal) => {
                let mut problem = Problem::refused(
                    "definition.unclear",
                    say!(
                        lang,
                        "`{scope}` was sent and not answered; Prism may still carry it out.",
                        "`{scope}` 已发送，但没有应答；Prism 仍可能执行它。"
                    ),
                )
                .hinted(plan_again(lang));
                problem.exchange = refusal.problem(lang).exchange;
                problem
            }
            Self::StillThere => Problem::refused(
                "definition.still_there",
                say!(
                    lang,
                    "Prism still holds `{scope}` after it was deleted.",
                    "删除之后 Prism 上仍有 `{scope}`。"
                ),
            ),
            Self::Recreated => Problem::risky(
                "definition.recreated",
                say!(
                    lang,
                    "Another client deleted and created `{scope}` meanwhile: its ID changed.",
                    "其间另一个客户端删除并重新创建了 `{scope}`：它的 ID 变了。"
                ),
            )
            .hinted(plan_again(lang)),
            Self::NotReadBack(refusal) => {
                let mut problem = Problem::refused(
                    "definition.not_read_back",
                    say!(
                        lang,
                        "`{scope}` was sent, but could not be read back, so what became of it is not known.",
                        "`{scope}` 已发送，但无法读回，因此不知道结果。"
                    ),
                )
                .hinted(plan_again(lang));
                problem.exchange = refusal.as_ref().and_then(|refusal| refusal.problem(lang).exchange);
                problem
            }
            Self::NotSent(stop) => stop.problem(lang),
        }
        .about(scope)
    }
}

fn plan_again(lang: Lang) -> String {
    say!(lang, "Make the plan again; it shows what is there now.", "重新制定计划，即可看到现状。")
}

impl Outcome {
    /// Why it is not verified, in words.
    pub(super) fn problem(&self, lang: Lang) -> Option<Problem> {
        self.fault.as_ref().map(|fault| fault.problem(&self.row, lang))
    }

    /// The row as it is reported.
    pub(super) fn progress(&self, lang: Lang) -> RowProgress {
        RowProgress {
            scope: self.row.scope.clone(),
            action: self.row.action,
            state: self.state,
            problem: self.problem(lang),
        }
    }

    fn item(&self, lang: Lang) -> ActivityItem {
        ActivityItem {
            subject: self.row.scope.clone(),
            action: match self.row.action {
                Action::Create => say!(lang, "created", "新建"),
                Action::Update => say!(lang, "updated", "更新"),
                Action::Delete => say!(lang, "deleted", "删除"),
                Action::Unchanged | Action::OnlyAtPrism => say!(lang, "left alone", "未改动"),
            },
            state: self.state,
            changes: self.row.changes.clone(),
            problem: self.problem(lang),
        }
    }
}

impl Applied {
    /// Why the rest was not sent, if so.
    pub(super) fn halted(&self, lang: Lang) -> Option<Problem> {
        let stop = self.rows.iter().find_map(|row| match &row.fault {
            Some(Fault::NotSent(stop)) => Some(*stop),
            _ => None,
        })?;
        Some(stop.problem(lang))
    }

    /// The states in order.
    pub(super) fn states(&self) -> Vec<RowState> {
        self.rows.iter().map(|row| row.state).collect()
    }

    /// Enters it in the activity.
    pub(super) fn record(&self, engine: &Engine, desk: &Desk, operation: &'static str) {
        let at = engine.host().now_ms();
        let (deployment, held, rows) = (desk.deployment.clone(), desk.held.clone(), self.rows.clone());
        let complete = rows.iter().all(|row| row.state == RowState::Verified);
        let states = self.states();
        engine.journal().record(move |lang| ActivityEntry {
            id: 0,
            at,
            connection: deployment.name(lang),
            identity: held.in_words(lang),
            operation: operation.to_owned(),
            summary: done(&rows, lang).unwrap_or_else(|| summary(&states, lang)),
            items: rows.iter().map(|row| row.item(lang)).collect(),
            complete,
        });
    }
}

/// What was done, said by its subject; `None` unless all of it is verified.
fn done(rows: &[Outcome], lang: Lang) -> Option<String> {
    if rows.is_empty() || rows.iter().any(|row| row.state != RowState::Verified) {
        return None;
    }
    let count = |action: Action| rows.iter().filter(|row| row.row.action == action).count();
    let (created, updated, deleted) = (count(Action::Create), count(Action::Update), count(Action::Delete));
    if let [only] = rows {
        let scope = &only.row.scope;
        return Some(match only.row.action {
            Action::Create => say!(lang, "Created the definition `{scope}`", "新建了定义 `{scope}`"),
            Action::Delete => say!(lang, "Deleted the definition `{scope}`", "删除了定义 `{scope}`"),
            _ => say!(lang, "Updated the definition `{scope}`", "更新了定义 `{scope}`"),
        });
    }
    let parts = [
        (created, say!(lang, "{created} created", "新建 {created} 条")),
        (updated, say!(lang, "{updated} updated", "更新 {updated} 条")),
        (deleted, say!(lang, "{deleted} deleted", "删除 {deleted} 条")),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
    let all = rows.len();
    Some(match lang {
        Lang::En => format!("{all} definitions: {}", said.join(", ")),
        Lang::Zh => format!("{all} 条定义：{}", said.join("，")),
    })
}

/// What is done and what is not, in one sentence.
pub(in crate::use_cases) fn summary(states: &[RowState], lang: Lang) -> String {
    let all = states.len();
    let count = |wanted: RowState| states.iter().filter(|state| **state == wanted).count();
    let verified = count(RowState::Verified);
    if all == 0 {
        return say!(lang, "Nothing had to be changed.", "没有需要更改的内容。");
    }
    if verified == all {
        return match all {
            1 => say!(lang, "The change was sent and verified.", "更改已发送并核实。"),
            _ => say!(lang, "All {all} changes were sent and verified.", "全部 {all} 处更改已发送并核实。"),
        };
    }
    let parts = [
        (verified, say!(lang, "{verified} verified", "{verified} 处已核实")),
        (count(RowState::Refused), {
            let refused = count(RowState::Refused);
            say!(lang, "{refused} refused", "{refused} 处被拒绝")
        }),
        (count(RowState::NotSent), {
            let not_sent = count(RowState::NotSent);
            say!(lang, "{not_sent} not sent", "{not_sent} 处未发送")
        }),
        (count(RowState::Unknown), {
            let unknown = count(RowState::Unknown);
            say!(lang, "{unknown} sent with unknown result", "{unknown} 处已发送但结果未知")
        }),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
    match lang {
        Lang::En => format!("Of {all} changes: {}.", said.join(", ")),
        Lang::Zh => format!("共 {all} 处更改：{}。", said.join("，")),
    }
}
