//! Operations whose decisions are not in place yet; each refuses.

use crate::context::Context;
use crate::engine::Engine;
use crate::operation::{Described, Operation};
use crate::operations::calls;
use ::scopes::problem::Problem;

macro_rules! pending {
    ($($args:path),* $(,)?) => {
        $(impl Operation for $args {
            async fn run(self, _: &Engine, _: &Context<'_>) -> Result<Self::Reply, Problem> {
                Err(Problem::refused("operation.pending", format!("`{}` is not built yet.", Self::NAME)))
            }
        })*
    };
}

pending!(calls::TestCall, calls::DiagnoseText,);
