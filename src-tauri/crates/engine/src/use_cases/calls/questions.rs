//! Which questions a refusal raises, by the family of its reason code. Decided from the answer alone.

use scopes::diagnosis::{Diagnosis, Family};
use scopes::exchange::Exchange;
use scopes::routes::Route;

/// Something that can be asked about a call, by the identity that made it or by nobody in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Prism: is the token live, which scopes, which client? Needs no credential but the token.
    Introspection,
    /// Glint: which Prism, which client id? Public.
    Configuration,
    /// Prism: the live memberships of this user.
    TeamsAtPrism,
    /// Glint: the cached memberships of this user.
    TeamsAtGlint,
    /// Glint: what the role may do here.
    MyPermissions,
    /// Glint: on which level that is decided.
    Matrix,
    /// Glint: whose todo it is.
    Todos,
    /// Glint: how many sets there are, and then which.
    Overview,
}

/// The questions that do not depend on one another.
pub(super) fn first(found: &Diagnosis, call: &Exchange, route: &Route) -> Vec<Question> {
    use Question::{
        Configuration, Introspection, Matrix, MyPermissions, Overview, TeamsAtGlint, TeamsAtPrism, Todos,
    };
    match found.cause.family() {
        Family::Token | Family::Scope => vec![Introspection, Configuration],
        Family::Membership => vec![Introspection, TeamsAtPrism, TeamsAtGlint],
        Family::Role => vec![Introspection, MyPermissions, Matrix, TeamsAtPrism, TeamsAtGlint, Todos],
        Family::Resource => vec![Overview],
        Family::Server => vec![Configuration],
        Family::Allowed | Family::Hidden => quiet(call, route),
        _ => Vec::new(),
    }
}

/// What may be wrong although nothing was refused: the set is not there, or the user has left the team.
fn quiet(call: &Exchange, route: &Route) -> Vec<Question> {
    let mut asked = Vec::new();
    if route.path.contains("/sets/:") && (route.method == "PATCH" || found_nothing(call)) {
        asked.push(Question::Overview);
    }
    if route.path.contains("/teams/:") {
        asked.push(Question::TeamsAtPrism);
    }
    asked
}

fn found_nothing(call: &Exchange) -> bool {
    let body = call.response.as_ref().and_then(|response| response.body.as_deref());
    let value = body.and_then(|body| serde_json::from_str::<serde_json::Value>(body).ok());
    value.is_some_and(|v| v.get("todos").and_then(|todos| todos.as_array()).is_some_and(Vec::is_empty))
}
