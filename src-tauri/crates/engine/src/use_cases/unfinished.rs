//! Operations whose body is being written.

use crate::context::Context;
use crate::engine::Engine;
use crate::operation::{Described, Operation};
use crate::operations::sign_in;
use scopes::problem::Problem;

macro_rules! unfinished {
    ($($args:path),* $(,)?) => {$(
        impl Operation for $args {
            async fn run(self, _: &Engine, _: &Context<'_>) -> Result<<Self as Described>::Reply, Problem> {
                Err(Problem::refused("operation.unfinished", <Self as Described>::NAME.to_owned()))
            }
        }
    )*};
}

unfinished!(sign_in::PrepareSignIn, sign_in::SignIn, sign_in::FinishSignIn, sign_in::RegisterClient,);
