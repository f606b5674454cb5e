//! The pages of the reason codes are those of the table. `BLESS=1` rewrites them.

use crate::generated;
use scopes::diagnosis::reference;
use scopes::lang::Lang;

#[test]
fn the_pages_of_the_reason_codes_are_current() {
    generated::check("docs/reasons.md", &reference::page(Lang::En));
    generated::check("docs/reasons.zh.md", &reference::page(Lang::Zh));
}
