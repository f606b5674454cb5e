//! `call`, `matrix`, `routes`, `diagnose` and `reasons`.

use super::parse::{pair, status};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope call list_sets --as mia_full --set team=22d71a4a3697a1d674be910d93c3cae1\n  \
    spectroscope call create_todo --as mia_full --set team=\"Tea Party\" --set set=Pantry --set title=Milk\n  \
    spectroscope call delete_todo --as mia_reader --set team=\"Tea Party\" --set set=Pantry --set todo=\"Label the tea tins\"\n  \
    spectroscope call list_todos --compare mia_full,mia_reader,leo_member --set team=\"Tea Party\" --set set=Pantry\n  \
    spectroscope call delete_todo --as mia_reader --set team=\"Tea Party\" --set todo=… --capsule denied.har --minimise\n  \
    spectroscope call delete_todo --as mia_reader --set team=\"Tea Party\" --set todo=… --report -\n  \
    SPECTROSCOPE_TOKEN=… spectroscope call me --prism https://prism.example.com --glint https://glint.example.com")]
pub(crate) struct Call {
    /// Route id as `routes` lists it.
    pub(crate) route: String,
    /// As whom to call, as `--identity`. With an address instead of a connection: the credential in SPECTROSCOPE_TOKEN.
    #[arg(long = "as", value_name = "IDENTITY")]
    pub(crate) caller: Option<String>,
    /// A value of the call; teams, sets, todos, comments and members may be given by id or by name.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) values: Vec<(String, String)>,
    /// Prints the request as a `curl` command and sends nothing.
    #[arg(long, conflicts_with_all = ["capsule", "report"])]
    pub(crate) curl: bool,
    /// Sends the same read as each of these identities, separated by commas, and puts the answers side by side.
    #[arg(long, value_name = "IDENTITIES", value_delimiter = ',', conflicts_with_all = ["caller", "curl", "capsule", "report"])]
    pub(crate) compare: Vec<String>,
    #[command(flatten)]
    pub(crate) pass_on: PassOn,
}

/// How a call is passed on.
#[derive(Debug, Args)]
pub(crate) struct PassOn {
    /// Saves the call and the exchanges its answer rests on as an HTTP archive (a capsule): only what the diagnosis needs, without secrets. `-` prints it instead of the answer.
    #[arg(long, value_name = "FILE", help_heading = "Pass on")]
    pub(crate) capsule: Option<PathBuf>,
    /// Saves a report for a ticket as Markdown, in English and Chinese: what was refused, why, who has to do what. `-` prints it instead of the answer.
    #[arg(long, value_name = "FILE", help_heading = "Pass on")]
    pub(crate) report: Option<PathBuf>,
    /// Replaces names of people, what they wrote, IDs and times. Client IDs stay. IDs become fingerprints, so that the call cannot be sent again.
    #[arg(long, help_heading = "Pass on")]
    pub(crate) minimise: bool,
    /// Replaces host names, IP addresses and ports.
    #[arg(long, help_heading = "Pass on")]
    pub(crate) hide_hosts: bool,
    /// Replaces files that exist already, without asking.
    #[arg(long, help_heading = "Pass on")]
    pub(crate) force: bool,
}

impl PassOn {
    /// Whether anything is to be passed on.
    pub(crate) fn is_wanted(&self) -> bool {
        self.capsule.is_some() || self.report.is_some()
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    spectroscope matrix --as mia_reader\n  \
    spectroscope matrix --as mia_full --team \"Tea Party\" --set Pantry --prove\n  \
    spectroscope matrix --as mia_full --csv > access.csv")]
pub(crate) struct Matrix {
    /// Whose access, as `--identity`.
    #[arg(long = "as", value_name = "IDENTITY")]
    pub(crate) caller: Option<String>,
    /// Team by id or name; without it the first one Glint lists for this user.
    #[arg(long, value_name = "TEAM")]
    pub(crate) team: Option<String>,
    /// Set by id or name; without it whatever holds for the whole team.
    #[arg(long, value_name = "SET")]
    pub(crate) set: Option<String>,
    /// Sends every read, too, and says where it shows something else than was foretold.
    #[arg(long)]
    pub(crate) prove: bool,
    /// Prints a comma-separated table.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
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
    spectroscope diagnose calls.har --entry 2\n  \
    spectroscope diagnose calls.har --entry 2 --capsule denied.har --minimise\n  \
    spectroscope diagnose calls.har --entry 2 --report ticket.md --minimise\n  \
    spectroscope diagnose denied.har --recheck mia_full\n  \
    echo '{\"error\":\"Not a member of this team\"}' | spectroscope diagnose --status 403\n  \
    spectroscope diagnose calls.jsonl --format jsonl --group-by cause\n\n\
    With `--format jsonl` every line is explained by itself as it is read, whatever the length of the stream.\n\
    A line may be an archive of up to 10000 entries.\n\n\
    Exit code: 1 if any call was refused or did not reach its server, else 3 if any reason is open, else 0; 4 if no call could be read.\n\
    An answer that proves nothing (`reach.unreadable`, a gateway's 429, 502, 503 or 504) leaves the reason open.")]
pub(crate) struct Diagnose {
    /// An answer, `curl -i` or `curl -v` output, a HAR, JSON lines, a request copied as `fetch`, for PowerShell or HTTPie
    /// with its answer, or what a program printed when its call failed; `-` or nothing reads standard input.
    pub(crate) file: Option<PathBuf>,
    /// How to read it; found out without it.
    #[arg(long, value_name = "FORMAT", value_parser = ["har", "jsonl", "curl", "answer"])]
    pub(crate) format: Option<String>,
    /// Explains only the call with this index, from 0.
    #[arg(long, value_name = "N")]
    pub(crate) entry: Option<u32>,
    /// Prints counts instead of answers: calls with the same reason, consumer, route or person together.
    #[arg(long, value_name = "WHAT", value_parser = ["cause", "consumer", "route", "person"])]
    pub(crate) group_by: Option<String>,
    /// Only calls in whose reason, status, route, consumer or person all these words stand.
    #[arg(long, value_name = "WORDS")]
    pub(crate) filter: Option<String>,
    /// Verb of the call, where the text does not say.
    #[arg(long, value_name = "VERB")]
    pub(crate) method: Option<String>,
    /// URL or path of the call, where the text does not say.
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Status of the answer, where the text does not say.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub(crate) status: Option<u16>,
    #[command(flatten)]
    pub(crate) pass_on: PassOn,
    /// Asks the same again now as this identity of the connection; what writes is only foretold.
    #[arg(long, value_name = "IDENTITY", conflicts_with_all = ["capsule", "report"])]
    pub(crate) recheck: Option<String>,
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
