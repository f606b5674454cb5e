//! An emulated Prism and Glint in the foreground.

use super::Ended;
use crate::args::{Global, Sandbox};
use crate::render::{Table, cell};
use crate::session::language;
use crate::signals::{self, UnderWay};
use crate::{Outcome, handout, out};
use ::sandbox::Scenario;
use ::sandbox::glint::GlintVersion;
use scopes::lang::Lang;
use scopes::problem::Problem;
use scopes::say;

pub(crate) async fn run(global: &Global, command: &Sandbox) -> Ended {
    let lang = language(global.lang);
    let failed = |words: String| Problem::refused("sandbox.not_started", words);
    let scenario = scenario(command, lang)?;
    let options = sandbox::Options { preferred_ports: !command.any_port, scenario };
    let sandbox = sandbox::start(options).map_err(|error| failed(error.to_string()))?;
    let text = serde_json::to_string_pretty(sandbox.handout()).map_err(|error| failed(error.to_string()))?;
    // Before anybody hears of the sandbox: whoever ends it at once must not leave its handout behind.
    let _under_way = UnderWay::begin();
    let left = handout::leave(&text);
    if global.json {
        out::line(&text);
    } else {
        print(sandbox.handout(), lang);
    }
    if let Err(error) = &left {
        out::error_line(&say!(
            lang,
            "other commands will not find this sandbox: {error}",
            "其他命令找不到这个沙盒：{error}"
        ));
    }
    // A signal is how this command ends.
    signals::received().await;
    signals::expected();
    drop(left);
    sandbox.stop();
    Ok(Outcome::Done)
}

/// The scenario asked for: a shipped one by its name, or a file.
fn scenario(command: &Sandbox, lang: Lang) -> Result<Scenario, Problem> {
    let named = Scenario::named(&command.scenario);
    let mut scenario = match named {
        Some(scenario) => scenario,
        None => {
            let unreadable = |error: String| {
                let name = &command.scenario;
                Problem::refused(
                    "scenario.unreadable",
                    say!(
                        lang,
                        "The scenario `{name}` cannot be read: {error}.",
                        "无法读取场景 `{name}`：{error}。"
                    ),
                )
                .hinted(say!(
                    lang,
                    "Name lived-in, empty, large, or a scenario file.",
                    "写 lived-in、empty、large，或一个场景文件。"
                ))
            };
            let text =
                std::fs::read_to_string(&command.scenario).map_err(|error| unreadable(error.to_string()))?;
            Scenario::from_json(&text).map_err(|error| unreadable(error.to_string()))?
        }
    };
    if command.glint == "document" {
        scenario.glint.version = GlintVersion::Document;
    }
    Ok(scenario)
}

/// The admin controls, for the help.
pub(crate) fn controls() -> String {
    let lines = sandbox::admin::CONTROLS.iter().map(|(call, body, does)| {
        let body = if body.is_empty() { String::new() } else { format!("\n      {body}") };
        format!("\n  {call}{body}\n      {does}")
    });
    format!(
        "Examples:\n  spectroscope sandbox\n  spectroscope sandbox --scenario large --any-port --json\n\n\
         Controls, with curl at the admin address:{}",
        lines.collect::<String>()
    )
}

fn print(handout: &sandbox::Handout, lang: Lang) {
    out::line(&format!("Prism   {}", handout.prism_url));
    out::line(&format!("Glint   {}", handout.glint_url));
    out::line(&say!(lang, "Admin   {}", "管理    {}", handout.admin_url));
    out::line(&say!(
        lang,
        "Client  {} ({})",
        "客户端  {} ({})",
        handout.provider.client_id,
        handout.provider.name
    ));
    out::line("");
    let mut table = Table::new(&[
        say!(lang, "IDENTITY", "身份"),
        say!(lang, "WHO", "谁"),
        say!(lang, "CLIENT", "客户端"),
        say!(lang, "GOOD FOR", "用途"),
        say!(lang, "CREDENTIAL", "凭据"),
    ]);
    for credential in &handout.credentials {
        let note = match lang {
            Lang::En => &credential.note.en,
            Lang::Zh => &credential.note.zh,
        };
        table.row(vec![
            cell(&credential.id),
            cell(credential.username.as_deref().unwrap_or("–")),
            cell(credential.client_name.as_deref().unwrap_or("–")),
            cell(note),
            cell(&credential.secret),
        ]);
    }
    table.print();
    out::line("");
    out::line(&say!(
        lang,
        "Running until Ctrl-C. Other commands use it by themselves.",
        "运行中，按 Ctrl-C 结束。其他命令会自动使用它。"
    ));
}
