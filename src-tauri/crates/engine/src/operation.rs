//! The one list of operations, and what is made from it.

use crate::context::Context;
use crate::engine::Engine;
use crate::offload::steps_beside_others;
use crate::operations::{
    access, calls, capsules, connections, data, definitions, desk, identities, matrix, scopes, sign_in,
    texts, vault,
};
use ::scopes::lang::Lang;
use ::scopes::problem::Problem;
use ::scopes::say;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::pin::{Pin, pin};
use ts_rs::TS;

/// A use case by name: what goes in, what comes out.
pub trait Described: DeserializeOwned + TS + Send + 'static {
    /// Name on the bridge, verb_noun.
    const NAME: &'static str;
    /// What comes out.
    type Reply: Serialize + TS + Send + 'static;
    /// What is reported while it runs; `()` for most.
    type Progress: Serialize + TS + Send + Sync + 'static;
}

/// A use case that can be carried out. Before its first effect (a change at a server, in the vault, in a file) a stopped
/// operation is dropped, and nothing was changed; afterwards it is carried out to its end and reports what was done.
pub trait Operation: Described {
    /// Whether it heeds `cancel_job` itself, because it has steps between which it can stop.
    const STOPS_BY_ITSELF: bool = false;

    /// Handle of the connection whose servers it changes, if it changes any; on a read-only connection it is refused.
    /// Signing in, renewing and revoking change nothing but credentials of this console and are always allowed.
    fn changes(&self) -> Option<&str> {
        None
    }

    /// Carries it out.
    fn run(
        self,
        engine: &Engine,
        cx: &Context<'_>,
    ) -> impl Future<Output = Result<Self::Reply, Problem>> + Send;
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Value, Problem>> + Send + 'a>>;

/// What comes with the arguments of one call that is made in JSON.
pub(crate) struct Asked<'a> {
    pub(crate) lang: Lang,
    pub(crate) job: Option<String>,
    pub(crate) progress: &'a (dyn Fn(Value) + Send + Sync),
}

macro_rules! operations {
    ($($name:ident: $args:path => $reply:path $(, reports $progress:path)?;)*) => {
        $(operations!(@described $name, $args, $reply $(, $progress)?);)*

        /// Calls the visitor once per operation.
        pub fn visit(visitor: &mut impl Visitor) {
            $(visitor.operation::<$args>();)*
        }

        /// Starts the named operation.
        pub(crate) fn start<'a>(
            name: &str,
            args: Value,
            engine: &'a Engine,
            asked: Asked<'a>,
        ) -> Result<Running<'a>, Problem> {
            match name {
                $(stringify!($name) => in_json::<$args>(args, engine, asked),)*
                other => Err(unknown(other, asked.lang)),
            }
        }
    };
    (@described $name:ident, $args:path, $reply:path) => {
        operations!(@described $name, $args, $reply, ());
    };
    (@described $name:ident, $args:path, $reply:path, $progress:path) => {
        impl Described for $args {
            const NAME: &'static str = stringify!($name);
            type Reply = $reply;
            type Progress = $progress;
        }
    };
    (@described $name:ident, $args:path, $reply:path, ()) => {
        impl Described for $args {
            const NAME: &'static str = stringify!($name);
            type Reply = $reply;
            type Progress = ();
        }
    };
}

fn in_json<'a, O: Operation>(
    args: Value,
    engine: &'a Engine,
    asked: Asked<'a>,
) -> Result<Running<'a>, Problem> {
    let Asked { lang, job, progress } = asked;
    let operation: O = serde_json::from_value(args).map_err(|error| bad_arguments(O::NAME, &error, lang))?;
    Ok(Box::pin(async move {
        let report = |step: &O::Progress| {
            if let Ok(step) = serde_json::to_value(step) {
                progress(step);
            }
        };
        let reply = engine.run(operation, lang, job, &report).await?;
        serde_json::to_value(reply).map_err(|error| bad_arguments(O::NAME, &error, lang))
    }))
}

/// Carries out an operation. One that is stopped before its first effect is dropped; afterwards it goes on to its end.
pub(crate) async fn carry_out<O: Operation>(
    operation: O,
    engine: &Engine,
    cx: &Context<'_>,
) -> Result<O::Reply, Problem> {
    if let Some(connection) = operation.changes() {
        engine.connection(connection, cx.lang)?.writable(cx.lang)?;
    }
    let effects = engine.effects();
    let mut running = pin!(effects.of(steps_beside_others(operation.run(engine, cx))));
    if O::STOPS_BY_ITSELF {
        return running.await;
    }
    tokio::select! {
        biased;
        reply = &mut running => reply,
        () = cx.cancel.wait() => if effects.none() { Err(stopped(cx)) } else { running.await },
    }
}

fn unknown(name: &str, lang: Lang) -> Problem {
    let shown: String = name.chars().take(60).collect();
    Problem::refused(
        "operation.unknown",
        say!(lang, "There is no operation `{shown}`.", "没有名为 `{shown}` 的操作。"),
    )
}

/// The parser names the field and the expected form, never the value of a secret: secrets deserialise from any text.
fn bad_arguments(name: &str, error: &serde_json::Error, lang: Lang) -> Problem {
    Problem::refused(
        "operation.bad_arguments",
        say!(
            lang,
            "`{name}` cannot be carried out with these arguments: {error}.",
            "无法用这些参数执行 `{name}`：{error}。"
        ),
    )
}

/// What `cancel_job` ends in.
pub(crate) fn stopped(cx: &Context<'_>) -> Problem {
    Problem::note("cancelled", say!(cx.lang, "Stopped; nothing was changed.", "已停止，没有任何更改。"))
}

/// Sees every operation.
pub trait Visitor {
    /// One operation.
    fn operation<O: Described>(&mut self);
}

operations! {
    list_connections: connections::ListConnections => connections::Connections;
    check_connection: connections::CheckConnection => connections::ConnectionCheck;
    discover_connection: connections::DiscoverConnection => connections::Discovered;
    add_connection: connections::AddConnection => connections::Connections;
    edit_connection: connections::EditConnection => connections::Connections;
    duplicate_connection: connections::DuplicateConnection => connections::Connections;
    remove_connection: connections::RemoveConnection => connections::Connections;
    add_identity: connections::AddIdentity => connections::AddedIdentity;
    remove_identity: connections::RemoveIdentity => connections::Connections;
    use_admin_identity: connections::UseAdminIdentity => connections::Connections;
    rename_identity: identities::RenameIdentity => connections::Connections;
    accept_identity: identities::AcceptIdentity => connections::Connections;
    refresh_identity: identities::RefreshIdentity => identities::IdentityReport;
    introspect_identity: identities::IntrospectIdentity => identities::IdentityReport;
    revoke_identity: identities::RevokeIdentity => identities::Revoked;
    prepare_sign_in: sign_in::PrepareSignIn => sign_in::SignInPlan;
    sign_in: sign_in::SignIn => sign_in::SignedIn, reports sign_in::SignInStep;
    finish_sign_in: sign_in::FinishSignIn => desk::Done;
    register_client: sign_in::RegisterClient => sign_in::RegisteredClient;
    read_vault: vault::ReadVault => vault::Vault;
    choose_vault: vault::ChooseVault => vault::Vault;
    unlock_vault: vault::UnlockVault => vault::Vault;
    lock_vault: vault::LockVault => vault::Vault;
    sign_out_everywhere: vault::SignOutEverywhere => vault::Forgotten;
    forget_everything: vault::ForgetEverything => vault::Forgotten;
    open_catalog: scopes::OpenCatalog => scopes::Catalog;
    build_scopes: scopes::BuildScopes => scopes::Built;
    preview_consent: scopes::PreviewConsent => scopes::ConsentPreview;
    plan_import: definitions::PlanImport => definitions::ImportPlan;
    apply_import: definitions::ApplyImport => definitions::ImportResult, reports definitions::RowProgress;
    check_definition: definitions::CheckDefinition => definitions::DefinitionCheck;
    save_definition: definitions::SaveDefinition => definitions::Definitions;
    delete_definition: definitions::DeleteDefinition => definitions::Definitions;
    export_definitions: definitions::ExportDefinitions => definitions::TextFile;
    review_access: access::ReviewAccess => access::AccessReview;
    apply_rules: access::ApplyRules => access::RulesResult, reports access::RuleProgress;
    list_routes: calls::ListRoutes => calls::Routes;
    list_choices: calls::ListChoices => calls::Choices;
    preview_call: calls::PreviewCall => calls::CallPreview;
    test_call: calls::TestCall => calls::CallReport;
    compare_calls: matrix::CompareCalls => matrix::Compared;
    access_matrix: matrix::AccessMatrix => matrix::Matrix, reports matrix::MatrixStep;
    save_matrix: matrix::SaveMatrix => matrix::SavedTable;
    export_capsule: capsules::ExportCapsule => capsules::SealedCall;
    recheck_call: capsules::RecheckCall => capsules::Rechecked;
    list_reasons: calls::ListReasons => calls::Reasons;
    diagnose_text: calls::DiagnoseText => calls::DiagnosedText;
    open_text: texts::OpenText => texts::OpenedText, reports texts::TextStep;
    explain_entry: texts::ExplainEntry => calls::Subject;
    close_text: texts::CloseText => desk::Done;
    copy_text: desk::CopyText => desk::Done;
    save_text: desk::SaveText => desk::Saved;
    open_url: desk::OpenUrl => desk::Done;
    cancel_job: desk::CancelJob => desk::Done;
    list_data: data::ListData => data::DataFiles;
    delete_data: data::DeleteData => data::DeletedData;
    export_data: data::ExportData => definitions::TextFile;
    import_data: data::ImportData => data::ImportedData;
    read_activity: desk::ReadActivity => desk::Activity;
}

/// What a shell hands to the engine for one call. The same JSON in the window, in the browser host and in tests.
#[derive(Debug, serde::Deserialize, TS)]
pub struct Envelope {
    /// Name of the operation.
    pub operation: String,
    /// Its arguments.
    #[ts(type = "unknown")]
    #[serde(default)]
    pub args: serde_json::Value,
    /// Language of every sentence in the reply.
    #[serde(default)]
    pub lang: ::scopes::lang::Lang,
    /// A name by which `cancel_job` can stop it.
    #[serde(default)]
    pub job: Option<String>,
}
