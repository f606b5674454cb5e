//! What each command does: arguments in, an operation, its reply printed.

mod call;
mod capsule;
mod compare;
mod connect;
mod connections;
mod data;
mod definitions;
mod diagnose;
mod identity;
mod matrix;
mod reasons;
mod rules;
mod sandbox;
mod scopes;
mod tour;
mod vault;

pub(crate) use sandbox::controls as sandbox_controls;

use crate::Outcome;
use crate::args::{Cli, Command, Global};
use crate::session::{self, Session, Wants};
use ::scopes::problem::Problem;
use clap::CommandFactory;

/// How a command ended, or why it could not go on.
pub(crate) type Ended = Result<Outcome, Problem>;

/// Does what the arguments say.
pub(crate) async fn run(cli: Cli) -> Outcome {
    let global = cli.global;
    let ended = match cli.command {
        Command::Scopes(command) => scopes::run(&global, command).await,
        Command::Definitions(command) => definitions::run(&global, command).await,
        Command::Rules(command) => rules::run(&global, command).await,
        Command::Call(command) => call::run(&global, command).await,
        Command::Matrix(command) => matrix::run(&global, command).await,
        Command::Routes(command) => call::routes(&global, command).await,
        Command::Diagnose(command) => diagnose::run(&global, command).await,
        Command::Reasons(command) => reasons::run(&global, command).await,
        Command::Connect(command) => connect::run(&global, command).await,
        Command::Connections(command) => connections::run(&global, command).await,
        Command::Identity(command) => identity::run(&global, command).await,
        Command::Vault(command) => vault::run(&global, command).await,
        Command::Data(command) => data::run(&global, command).await,
        Command::SignOut => vault::sign_out(&global).await,
        Command::Sandbox(command) => sandbox::run(&global, &command).await,
        Command::Tour => tour::run(&global).await,
        Command::Completions(command) => {
            let mut script = Vec::new();
            clap_complete::generate(command.shell, &mut Cli::command(), "spectroscope", &mut script);
            crate::out::raw(&String::from_utf8_lossy(&script));
            Ok(Outcome::Done)
        }
    };
    ended.unwrap_or_else(|problem| {
        session::report(&problem, None, session::language(global.lang), global.json)
    })
}

/// A session on a connection, for administration as the identity that was named, or as one that fits.
async fn administering(global: &Global) -> Result<Session, Problem> {
    let session = connected(global).await?;
    session.administer().await?;
    Ok(session)
}

/// A session on a connection.
async fn connected(global: &Global) -> Result<Session, Problem> {
    Session::open(global, Wants::Connection).await
}
