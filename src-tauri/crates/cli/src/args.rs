//! The commands, as people type them. The comments are the help.

mod parse;

use clap::{Args, Parser, Subcommand, ValueEnum};
use parse::{draft, pair, rule_type};
use std::path::PathBuf;

const EXIT_CODES: &str =
    "Exit codes: 0 done or allowed · 1 refused, denied or different · 2 wrong usage · 3 could not tell";

/// Which scope passes Prism, which call passes Glint, and why the others don't.
#[derive(Debug, Parser)]
#[command(name = "spectroscope", version, after_help = EXIT_CODES, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Prints the reply as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of every sentence; otherwise the system's.
    #[arg(long, global = true, value_name = "LANG", env = "SPECTROSCOPE_LANG", hide_env_values = true)]
    pub(crate) lang: Option<Tongue>,
    /// Address of Prism; otherwise the one in SPECTROSCOPE_PRISM.
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) prism: Option<String>,
    /// Address of Glint, which says itself which Prism it uses; otherwise the one in SPECTROSCOPE_GLINT. The credential comes from SPECTROSCOPE_TOKEN.
    #[arg(long, global = true, value_name = "URL", help_heading = "Connection")]
    pub(crate) glint: Option<String>,
    /// Starts a sandbox for this command alone. Without any connection the running `spectroscope sandbox` is used.
    #[arg(long, global = true, conflicts_with_all = ["prism", "glint"], help_heading = "Connection")]
    pub(crate) sandbox: bool,
    /// Sends changes to a real server without asking.
    #[arg(long, global = true, help_heading = "Connection")]
    pub(crate) yes: bool,
}

impl Global {
    /// The addresses of Prism and Glint: as typed, otherwise from the environment, where an empty one is none.
    pub(crate) fn addresses(&self) -> (Option<String>, Option<String>) {
        let set = |name| std::env::var(name).ok().filter(|address| !address.is_empty());
        let prism = self.prism.clone().or_else(|| set("SPECTROSCOPE_PRISM"));
        (prism, self.glint.clone().or_else(|| set("SPECTROSCOPE_GLINT")))
    }
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tongue {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build the `allowed_scopes` of a consumer.
    #[command(subcommand)]
    Scopes(Scopes),
    /// Define scopes at Prism from a list: see what would change, apply it, read it back.
    #[command(subcommand)]
    Definitions(Definitions),
    /// Decide which consumers may request and which people may register the scopes.
    #[command(subcommand)]
    Rules(Rules),
    /// Send one call to Glint and say why it was answered so.
    Call(Call),
    /// List Glint's cross-app routes with the scope and role permission each asks for.
    Routes(Routes),
    /// Say why a recorded or pasted call was refused, without sending anything.
    Diagnose(Diagnose),
    /// Explain the reason codes a diagnosis names: all of them, one family, or one with its cure.
    Reasons(Reasons),
    /// Run an emulated Prism and Glint in the foreground; ends on Ctrl-C.
    Sandbox(Sandbox),
    /// Do the four jobs on a sandbox, print what really happened, and check it.
    #[command(after_help = "Examples:\n  \
        spectroscope tour\n  \
        spectroscope tour --lang zh")]
    Tour,
    /// Print a completion script for a shell.
    Completions(Completions),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Scopes {
    /// Print the list as Prism's import takes it.
    #[command(after_help = "Examples:\n  \
        spectroscope scopes build --client-id prism_6wsjw653PfFYk7GOq6wuSQ --platform openid,teams:read --scope read_todos\n  \
        spectroscope scopes build --client-id \"$GLINT_CLIENT_ID\" --preset write --platform teams:read --merge existing.json\n  \
        spectroscope scopes build --client-id \"$GLINT_CLIENT_ID\" --preset read_only --format scope-string")]
    Build(ScopesBuild),
}

#[derive(Debug, Args)]
pub(crate) struct ScopesBuild {
    /// The provider's client id.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// Platform scopes, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) platform: Vec<String>,
    /// Inner scopes, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) scope: Vec<String>,
    /// A recommended set of inner scopes: read_only, write, full_automation.
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Vec<String>,
    /// A list to keep and append to: JSON or a scope string; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) merge: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = ListFormat::Json)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// JSON array, two-space indent.
    Json,
    /// Scopes separated by one space, as in an authorization request.
    ScopeString,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Definitions {
    /// Show what an import would change; exit code 1 when anything would.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions plan definitions.json\n  \
        spectroscope definitions plan    # the list of Glint's integration guide\n  \
        curl -s https://example.com/definitions.json | spectroscope definitions plan -")]
    Plan(DefinitionsSource),
    /// Apply an import: one request per change, then everything is read back.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions apply definitions.json --delete old_scope\n  \
        SPECTROSCOPE_TOKEN=prism_pat_… spectroscope definitions apply --glint https://glint.example.com definitions.json")]
    Apply(DefinitionsSource),
    /// Print the definitions at Prism in the form the import reads.
    #[command(after_help = "Examples:\n  \
        spectroscope definitions export > definitions.json\n  \
        spectroscope definitions export --guide")]
    Export(DefinitionsExport),
}

#[derive(Debug, Args)]
pub(crate) struct DefinitionsSource {
    /// JSON array of definitions, or Prism's own answer; `-` reads standard input. Without it: the guide's list.
    pub(crate) file: Option<PathBuf>,
    /// Definitions to delete that the source does not hold, separated by commas.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    pub(crate) delete: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DefinitionsExport {
    /// Where to write; standard output without it.
    pub(crate) file: Option<PathBuf>,
    /// The list of Glint's integration guide instead; needs no connection.
    #[arg(long)]
    pub(crate) guide: bool,
}

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
    /// A consumer by client id or name.
    #[arg(long, value_name = "CONSUMER")]
    pub(crate) consumer: Vec<String>,
    /// A person by user id or name.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Vec<String>,
    /// Judges as if this rule were there: TYPE:TARGET.
    #[arg(long, value_name = "RULE", value_parser = draft)]
    pub(crate) what_if: Vec<(String, String)>,
    /// Judges as if this rule were gone.
    #[arg(long, value_name = "ID")]
    pub(crate) without: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope call list_sets --as mia_full --set team=22d71a4a3697a1d674be910d93c3cae1\n  \
    spectroscope call create_todo --as mia_full --set team=\"Tea Party\" --set set=Pantry --set title=Milk\n  \
    spectroscope call delete_todo --as mia_reader --set team=\"Tea Party\" --set set=Pantry --set todo=\"Label the tea tins\"\n  \
    SPECTROSCOPE_TOKEN=… spectroscope call me --glint https://glint.example.com")]
pub(crate) struct Call {
    /// Route id as `routes` lists it.
    pub(crate) route: String,
    /// Identity by id or label. Without it: the credential in SPECTROSCOPE_TOKEN.
    #[arg(long = "as", value_name = "IDENTITY")]
    pub(crate) identity: Option<String>,
    /// A value of the call; teams, sets, todos, comments and members may be given by id or by name.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) values: Vec<(String, String)>,
    /// Prints the request as a `curl` command and sends nothing.
    #[arg(long)]
    pub(crate) curl: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope routes\n  \
    spectroscope routes delete_todos")]
pub(crate) struct Routes {
    /// Only routes whose id, path, scope or permission holds this text.
    pub(crate) filter: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    curl -i … | spectroscope diagnose -\n  \
    spectroscope diagnose capsule.har --entry 2\n  \
    echo '{\"error\":\"Not a member of this team\"}' | spectroscope diagnose --status 403")]
pub(crate) struct Diagnose {
    /// An answer, `curl -i` or `curl -v` output, a HAR, or JSON lines; `-` or nothing reads standard input.
    pub(crate) file: Option<PathBuf>,
    /// How to read it; found out without it.
    #[arg(long, value_name = "FORMAT", value_parser = ["har", "jsonl", "curl", "answer"])]
    pub(crate) format: Option<String>,
    /// Explains only the call with this index, from 0.
    #[arg(long, value_name = "N")]
    pub(crate) entry: Option<u32>,
    /// Verb of the call, where the text does not say.
    #[arg(long, value_name = "VERB")]
    pub(crate) method: Option<String>,
    /// URL or path of the call, where the text does not say.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Status of the answer, where the text does not say.
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..600))]
    pub(crate) status: Option<u16>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope reasons\n  \
    spectroscope reasons scope\n  \
    spectroscope reasons scope.not_registered --lang zh\n  \
    spectroscope reasons --json | jq -r '.reasons[].code'")]
pub(crate) struct Reasons {
    /// A code, or what stands before its dot.
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = crate::commands::sandbox_controls())]
pub(crate) struct Sandbox {
    /// Free ports instead of 47310 to 47312.
    #[arg(long)]
    pub(crate) any_port: bool,
    /// What the servers hold at the start: lived-in, empty, large, or a scenario file.
    #[arg(long, value_name = "NAME|FILE", default_value = "lived-in")]
    pub(crate) scenario: String,
    /// Which Glint answers: the measured one with 15 scopes, or the one of its integration guide with 13.
    #[arg(long, value_name = "VERSION", default_value = "measured", value_parser = ["measured", "document"])]
    pub(crate) glint: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope completions bash > ~/.local/share/bash-completion/completions/spectroscope")]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
