//! The contract as TypeScript, made from the operations.

use crate::operation::{Described, Visitor, visit};
use std::collections::BTreeMap;
use ts_rs::{Config, TS, TypeVisitor};

#[derive(Default)]
struct Types {
    declared: BTreeMap<String, String>,
    operations: Vec<String>,
}

fn config() -> Config {
    Config::default().with_large_int("number")
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let config = config();
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let name = T::ident(&config);
        if self.declared.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.declared.insert(name, format!("{docs}export {}", T::decl(&config)));
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl Visitor for Types {
    fn operation<O: Described>(&mut self) {
        let config = config();
        self.visit::<O>();
        self.visit::<O::Reply>();
        self.visit::<O::Progress>();
        let progress =
            if O::Progress::name(&config) == "null" { "never".into() } else { O::Progress::name(&config) };
        let docs = O::docs().unwrap_or_default().replace('\n', "\n  ");
        self.operations.push(format!(
            "  {}{}: {{ args: {}; reply: {}; progress: {progress} }};",
            docs,
            O::NAME,
            O::name(&config),
            O::Reply::name(&config)
        ));
    }
}

/// The text of `ui/src/contract.ts`.
#[must_use]
pub fn typescript() -> String {
    let mut types = Types::default();
    visit(&mut types);
    <Types as TypeVisitor>::visit::<scopes::problem::Problem>(&mut types);
    <Types as TypeVisitor>::visit::<scopes::lang::Lang>(&mut types);
    <Types as TypeVisitor>::visit::<crate::operation::Envelope>(&mut types);
    let declared: Vec<String> = types.declared.into_values().collect();
    format!(
        "// Generated from the operations of the engine. Rewrite with `cargo xtask bless`.\n\n{}\n\n/** Every operation: what goes in, what comes out, what is reported meanwhile. */\nexport interface Contract {{\n{}\n}}\n",
        declared.join("\n\n"),
        types.operations.join("\n")
    )
}
