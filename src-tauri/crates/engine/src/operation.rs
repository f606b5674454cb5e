//! The one list of operations, and what is made from it.

use crate::operations::{access, calls, connections, definitions, desk, scopes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ts_rs::TS;

/// A use case by name: what goes in, what comes out.
pub trait Described: DeserializeOwned + TS + Send + 'static {
    /// Name on the bridge, verb_noun.
    const NAME: &'static str;
    /// What comes out.
    type Reply: Serialize + TS + Send + 'static;
    /// What is reported while it runs; `()` for most.
    type Progress: Serialize + TS + Send + 'static;
}

macro_rules! operations {
    ($($name:ident: $args:path => $reply:path $(, reports $progress:path)?;)*) => {
        $(operations!(@described $name, $args, $reply $(, $progress)?);)*

        /// Calls the visitor once per operation.
        pub fn visit(visitor: &mut impl Visitor) {
            $(visitor.operation::<$args>();)*
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
    remove_connection: connections::RemoveConnection => connections::Connections;
    add_identity: connections::AddIdentity => connections::AddedIdentity;
    remove_identity: connections::RemoveIdentity => connections::Connections;
    use_admin_identity: connections::UseAdminIdentity => connections::Connections;
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
    diagnose_text: calls::DiagnoseText => calls::DiagnosedText;
    copy_text: desk::CopyText => desk::Done;
    save_text: desk::SaveText => desk::Saved;
    open_url: desk::OpenUrl => desk::Done;
    cancel_job: desk::CancelJob => desk::Done;
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
