//! `rules …`.

use super::parse::{draft, rule_type};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the rules with what is wrong with them.
    #[command(after_help = "Examples:\n  \
        spectroscope rules list\n  \
        spectroscope rules list --json | jq -r '.[].rule.id'")]
    List,
    /// Add a rule, after showing whom it hits.
    #[command(after_help = "Examples:\n  \
        spectroscope rules add app_deny prism_4Kg-r67d_NcD72Kg9XU1Fg --dry-run\n  \
        spectroscope rules add owner_allow ff5327c922d16d9ca05bd28b4aac10ad")]
    Add(RulesAdd),
    /// Remove rules by their ids.
    #[command(after_help = "Examples:\n  \
        spectroscope rules remove f4889a20d138724c289db0fc5af72834 --dry-run")]
    Remove(RulesRemove),
    /// Say who may request and who may register; exit code 1 when somebody named may not.
    #[command(after_help = "Examples:\n  \
        spectroscope rules check\n  \
        spectroscope rules check --consumer \"Standup Bot\" --person nora\n  \
        spectroscope rules check --consumer prism_4Kg-r67d_NcD72Kg9XU1Fg --what-if app_allow:prism_wl26DFRxxToGcOuw00SsQA")]
    Check(RulesCheck),
}

#[derive(Debug, Args)]
pub(crate) struct RulesAdd {
    /// owner_allow, owner_deny, app_allow or app_deny.
    #[arg(value_parser = rule_type)]
    pub(crate) rule_type: String,
    /// A client id for app rules, a user id for owner rules.
    pub(crate) target: String,
    /// Shows the effect and sends nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesRemove {
    /// Ids as `rules list` shows them.
    #[arg(required = true)]
    pub(crate) ids: Vec<String>,
    /// Shows the effect and sends nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesCheck {
    /// A consumer by client ID or name; any client ID is judged, known or not.
    #[arg(long, value_name = "CONSUMER")]
    pub(crate) consumer: Vec<String>,
    /// A person by user ID or name; any user ID is judged, known or not.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Vec<String>,
    /// Judges as if this rule were there: TYPE:TARGET.
    #[arg(long, value_name = "RULE", value_parser = draft)]
    pub(crate) what_if: Vec<(String, String)>,
    /// Judges as if this rule were gone.
    #[arg(long, value_name = "ID")]
    pub(crate) without: Vec<String>,
}
