//! One definition: what Prism would refuse, and what nobody would want to read on a consent page (contract §3).

use super::prose::text_problems;
use super::{Placed, Reader, SourceItem};
use crate::json::{self, Pairs};
use crate::lang::{Lang, brief};
use crate::plan::Definition;
use crate::problem::Problem;
use crate::say;
use crate::scope::{did_you_mean, is_inner_character};
use crate::work;
use serde_json::value::RawValue;
use std::collections::HashSet;

/// Fields of Prism's own answer that say nothing to an import.
const IGNORED: [&str; 4] = ["id", "app_id", "created_at", "updated_at"];

/// How many names are compared one by one.
const FEW: usize = 8;

/// The names of one object so far. Most objects have a few, for which comparing is quicker than hashing.
enum Names<'a> {
    Few(Vec<&'a str>),
    Many(HashSet<&'a str>),
}

impl<'a> Names<'a> {
    fn with_room_for(count: usize) -> Self {
        if count <= FEW {
            Self::Few(Vec::with_capacity(count))
        } else {
            Self::Many(HashSet::with_capacity(count))
        }
    }

    /// Whether the name is new.
    fn insert(&mut self, name: &'a str) -> bool {
        match self {
            Self::Few(names) => {
                work::steps(names.len());
                let new = !names.contains(&name);
                names.push(name);
                new
            }
            Self::Many(names) => {
                work::steps(1);
                names.insert(name)
            }
        }
    }
}

/// Text and place of `scope`, `title` and `description`.
type Fields<'a> = [Option<(String, &'a RawValue)>; 3];

/// Looks one definition over: what Prism would refuse and what is risky; `related` of each problem names the field.
#[must_use]
pub fn check_definition(definition: &Definition, lang: Lang) -> Vec<Problem> {
    let mut problems: Vec<Problem> = name_problem(&definition.scope, lang).into_iter().collect();
    problems.extend(blank_title(&definition.title, lang));
    let Definition { scope, title, description } = definition;
    for (field, text) in [("scope", scope), ("title", title), ("description", description)] {
        problems.extend(text_problems(field, text, lang));
    }
    problems
}

impl Reader<'_> {
    /// Reads one entry of the list; `None` when it cannot be used.
    pub(super) fn definition(&mut self, value: &RawValue) -> Option<Placed> {
        let Ok(Pairs(members)) = serde_json::from_str(value.get()) else {
            let problem = self.not_an_object(value.get()).at(self.lines.span_of(value.get()));
            self.problems.push(problem);
            return None;
        };
        let mut fields: Fields<'_> = [None, None, None];
        let mut usable = true;
        let mut seen = Names::with_room_for(members.len());
        for (name, value) in members.iter().map(|(name, value)| (name, *value)) {
            if !seen.insert(name) {
                self.problems.push(json::duplicate_key(name, self.lines.span_of(value.get()), self.lang));
                usable = false;
                continue;
            }
            match ["scope", "title", "description"].iter().position(|known| known == name) {
                Some(index) => match self.text(name, value) {
                    Ok(text) => {
                        if let (Some(slot), Some(text)) = (fields.get_mut(index), text) {
                            *slot = Some((text, value));
                        }
                    }
                    Err(problem) => {
                        self.problems.push(problem);
                        usable = false;
                    }
                },
                None if IGNORED.contains(&name.as_ref()) => {}
                None => self.note_unknown(name, value),
            }
        }
        self.assemble(fields, value, usable)
    }

    fn text(&self, name: &str, value: &RawValue) -> Result<Option<String>, Problem> {
        if value.get() == "null" && name == "description" {
            return Ok(None);
        }
        // The value is known to be JSON; without an escape its text stands there as it is.
        let plain = value.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(text) = plain.filter(|text| !text.contains('\\')) {
            return Ok(Some(text.to_owned()));
        }
        serde_json::from_str::<String>(value.get()).map(Some).map_err(|_| {
            let lang = self.lang;
            if let Some(problem) = json::explain(value.get(), self.lines, lang) {
                return problem.about(name);
            }
            Problem::refused(
                "import.not_text",
                say!(
                    lang,
                    "`{name}` is not text; Prism answers that with an error 500.",
                    "`{name}` 不是文字；Prism 对此会回复 500 错误。"
                ),
            )
            .hinted(say!(lang, "Put it in quotation marks.", "给它加上引号。"))
            .at(self.lines.span_of(value.get()))
            .about(name)
        })
    }

    fn assemble(&mut self, fields: Fields<'_>, whole: &RawValue, usable: bool) -> Option<Placed> {
        let lang = self.lang;
        let start = self.lines.offset_of(whole.get());
        self.line = self.lines.line_from(self.line, start);
        let at = || self.lines.span(start, start + 1);
        let [scope, title, description] = fields;
        let mut problems = Vec::new();
        match &scope {
            Some((text, place)) => {
                problems.extend(name_problem(text, lang).map(|p| p.at(self.lines.span_of(place.get()))))
            }
            None if usable => problems.push(missing("scope", lang).at(at())),
            None => {}
        }
        match &title {
            Some((text, place)) => {
                problems.extend(blank_title(text, lang).map(|p| p.at(self.lines.span_of(place.get()))))
            }
            None if usable => problems.push(missing("title", lang).at(at())),
            None => {}
        }
        let refused = !usable || !problems.is_empty();
        for (field, value) in [("scope", &scope), ("title", &title), ("description", &description)] {
            if let Some((text, place)) = value {
                let found = text_problems(field, text, lang);
                problems.extend(found.into_iter().map(|p| p.at(self.lines.span_of(place.get()))));
            }
        }
        self.problems.extend(problems);
        let ((scope, place), (title, _)) = (scope?, title?);
        let item = SourceItem {
            scope: trimmed(scope),
            title: trimmed(title),
            description: description.map(|(text, _)| trimmed(text)),
            line: self.line,
        };
        (!refused).then(|| Placed {
            item,
            place: self.lines.offset_of(place.get()),
            length: place.get().len(),
        })
    }

    fn note_unknown(&mut self, name: &str, value: &RawValue) {
        work::steps(1);
        let known = self.unknown_at.get(name).and_then(|at| self.unknown.get_mut(*at));
        if let Some((_, _, count)) = known {
            *count += 1;
            return;
        }
        self.unknown_at.insert(name.to_owned(), self.unknown.len());
        self.unknown.push((name.to_owned(), self.lines.span_of(value.get()), 1));
    }

    fn not_an_object(&self, text: &str) -> Problem {
        let lang = self.lang;
        let hint = if text.starts_with('"') {
            say!(
                lang,
                "A list of scopes belongs into the scope builder; here each entry is an object.",
                "范围列表应放到“范围”面板；这里的每一项都是对象。"
            )
        } else {
            say!(lang, "Write it as {{\"scope\": …, \"title\": …}}.", "写成 {{\"scope\": …, \"title\": …}}。")
        };
        Problem::refused(
            "import.not_an_object",
            say!(lang, "This entry is no definition.", "这一项不是定义。"),
        )
        .hinted(hint)
    }
}

fn trimmed(text: String) -> String {
    if text.trim().len() == text.len() { text } else { text.trim().to_owned() }
}

fn missing(field: &str, lang: Lang) -> Problem {
    Problem::refused(
        format!("import.no_{field}"),
        say!(lang, "This definition has no `{field}`.", "这条定义缺少 `{field}`。"),
    )
    .hinted(say!(lang, "Add `\"{field}\": \"…\"`.", "加上 `\"{field}\": \"…\"`。"))
    .about(field)
}

fn name_problem(scope: &str, lang: Lang) -> Option<Problem> {
    let name = scope.trim();
    let Some(odd) = name.chars().find(|c| !is_inner_character(*c)) else {
        return name.is_empty().then(|| {
            Problem::refused("import.no_scope", say!(lang, "The scope is blank.", "范围名为空。"))
                .hinted(say!(lang, "Give it a name.", "填写名称。"))
                .about("scope")
        });
    };
    let shown = brief(name);
    let message = match odd {
        _ if crate::text::invisible(odd).is_some() => {
            say!(lang, "The name of this scope holds an invisible character.", "范围名中有看不见的字符。")
        }
        odd if odd.is_whitespace() => say!(
            lang,
            "Prism refuses `{shown}`: a name holds no blank.",
            "Prism 会拒绝 `{shown}`：名称不能有空白。"
        ),
        odd => say!(
            lang,
            "Prism refuses `{shown}`: a name holds letters, digits, `_`, `-` and `.`, not `{odd}`.",
            "Prism 会拒绝 `{shown}`：名称只能有字母、数字、`_`、`-` 和 `.`，不能有 `{odd}`。"
        ),
    };
    Some(Problem::refused("import.bad_name", message).hinted(name_hint(name, lang)).about("scope"))
}

fn name_hint(name: &str, lang: Lang) -> String {
    if let Some(crate::scope::Scope::App { inner, .. }) =
        crate::scope::split(name).filter(|_| name.starts_with("app:"))
    {
        let inner = brief(inner);
        return say!(lang, "Give the inner scope alone: `{inner}`.", "只写最后一段：`{inner}`。");
    }
    let cured: String = name.chars().map(|c| if is_inner_character(c) { c } else { '_' }).collect();
    if cured.chars().all(|c| c == '_') {
        return say!(lang, "Choose a name of Latin letters.", "改用拉丁字母的名称。");
    }
    let known = crate::profile::glint().scopes.iter().map(|scope| scope.key.as_str());
    let meant = brief(did_you_mean(name, known).unwrap_or(&cured));
    say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？")
}

fn blank_title(title: &str, lang: Lang) -> Option<Problem> {
    title.trim().is_empty().then(|| {
        Problem::refused(
            "import.no_title",
            say!(lang, "The title is blank; Prism asks for one.", "标题为空；Prism 要求填写。"),
        )
        .hinted(say!(lang, "Write what users shall read at consent.", "写上用户在授权页看到的标题。"))
        .about("title")
    })
}
