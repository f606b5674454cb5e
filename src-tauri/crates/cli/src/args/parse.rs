//! Values with a form of their own.

/// `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// One of the four types of rule.
pub(super) fn rule_type(text: &str) -> Result<String, String> {
    match text {
        "owner_allow" | "owner_deny" | "app_allow" | "app_deny" => Ok(text.to_owned()),
        _ => Err("one of owner_allow, owner_deny, app_allow, app_deny".to_owned()),
    }
}

/// `TYPE:TARGET`.
pub(super) fn draft(text: &str) -> Result<(String, String), String> {
    let (kind, target) = text.split_once(':').ok_or("write it as TYPE:TARGET")?;
    Ok((rule_type(kind)?, target.to_owned()))
}

/// A status of HTTP. The message spells the limits out: numbers beside a wrong value may be redacted with it.
pub(super) fn status(text: &str) -> Result<u16, String> {
    let status = text.parse::<u16>().ok().filter(|status| (100..600).contains(status));
    status.ok_or_else(|| "use a number from 100 to 599".to_owned())
}
