//! Changing what is known of an identity: its name, and whether a token of another client is used all the same.

use crate::context::Context;
use crate::engine::Engine;
use crate::identities::{Held, update};
use crate::operation::Operation;
use crate::operations::connections::{Connections, Origin};
use crate::operations::identities::{AcceptIdentity, RenameIdentity};
use crate::use_cases::connections::list;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

/// Most characters of a name.
const LONGEST: usize = 120;

impl Operation for RenameIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let held = engine.connection(&self.connection, lang)?.identity(&self.identity, lang)?;
        if held.origin == Origin::BuiltIn {
            return Err(Problem::refused(
                "identity.built_in",
                say!(lang, "Identities of the sandbox keep their names.", "沙盒自带的身份不能改名。"),
            ));
        }
        let label = checked(&self.label, lang)?;
        update(engine, &self.connection, &self.identity, lang, |held| held.label = label)?;
        Ok(list(engine, lang))
    }
}

/// The name a person gave to a new identity; an empty one is none.
///
/// # Errors
/// When it is too long or does not stand on one line.
pub(in crate::use_cases) fn given_label(label: Option<&str>, lang: Lang) -> Result<Option<String>, Problem> {
    label.filter(|label| !label.trim().is_empty()).map(|label| checked(label, lang)).transpose()
}

fn checked(label: &str, lang: Lang) -> Result<String, Problem> {
    let label = label.trim();
    let refused = |message: String| Problem::refused("identity.bad_name", message).about("label");
    if label.is_empty() {
        return Err(refused(say!(lang, "The identity needs a name.", "身份需要一个名称。")).hinted(say!(
            lang,
            "Write a name.",
            "写一个名称。"
        )));
    }
    if label.chars().count() > LONGEST
        || label.chars().any(|c| c.is_control() || scopes::text::invisible(c).is_some())
    {
        return Err(refused(say!(
            lang,
            "The name has more than {LONGEST} characters, or an invisible one.",
            "名称超过 {LONGEST} 个字符，或含有不可见字符。"
        ))
        .hinted(say!(lang, "Write a shorter name on one line.", "写一个单行的较短名称。")));
    }
    Ok(label.to_owned())
}

impl Operation for AcceptIdentity {
    async fn run(self, engine: &Engine, cx: &Context<'_>) -> Result<Connections, Problem> {
        let lang = cx.lang;
        let deployment = engine.connection(&self.connection, lang)?;
        let held = deployment.identity(&self.identity, lang)?;
        if held.is_foreign(&deployment) {
            let accept = |held: &mut Held| held.accepted = true;
            update(engine, &self.connection, &self.identity, lang, accept)?;
        }
        Ok(list(engine, lang))
    }
}
