//! Reading a source of scope definitions.

mod definition;
mod fixes;
mod problems;
mod prose;
mod repetitions;
mod wrapping;

use crate::json::{self, Pairs};
use crate::lang::{Lang, brief};
use crate::problem::{Problem, Severity, Span};
use crate::say;
use crate::text::Lines;
use problems::Problems;
use repetitions::Repetition;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use ts_rs::TS;

pub use crate::text::decode;
pub use definition::check_definition;
pub use fixes::{FixKind, SourceFix, TextEdit, fixes};

/// How many problems are listed one by one.
const MOST_PROBLEMS: usize = 200;

/// How many definitions one source may hold.
pub const MAX_DEFINITIONS: usize = 250_000;

/// One definition of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceItem {
    /// Inner scope, trimmed as Prism does.
    pub scope: String,
    /// Title, trimmed.
    pub title: String,
    /// Description, trimmed; `None` when the source has none (Prism would erase a stored one).
    pub description: Option<String>,
    /// Line where the item starts, from 1.
    pub line: u32,
}

/// What a source holds.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Source {
    /// The definitions that can be used.
    pub items: Vec<SourceItem>,
    /// What is wrong, in order of place: the first 200, then one that counts the rest. A `refused` one blocks the import.
    pub problems: Vec<Problem>,
    /// How many refused problems there are, listed or not.
    #[serde(skip)]
    pub refused: u64,
}

/// Reads definitions: a JSON array of `{scope, title, description}`, or `{"definitions":[…]}` as Prism answers.
/// An empty text holds no definitions and is no mistake.
#[must_use]
pub fn read(bytes: &[u8], lang: Lang) -> Source {
    match decode(bytes, lang) {
        Ok(text) => read_text(&text, lang),
        Err(problem) => unreadable(problem),
    }
}

fn unreadable(problem: Problem) -> Source {
    Source { items: Vec::new(), problems: vec![problem], refused: 1 }
}

/// [`read`] for a text that is decoded already.
#[must_use]
pub fn read_text(text: &str, lang: Lang) -> Source {
    if let Err(problem) = crate::text::check_size(text.len(), lang) {
        return unreadable(problem);
    }
    let (text, remark) = wrapping::unwrap(text, lang);
    let text = text.as_ref();
    let lines = Lines::new(text);
    let mut reader = Reader {
        lines: &lines,
        lang,
        items: Vec::new(),
        problems: Problems::default(),
        unknown: Vec::new(),
        unknown_at: HashMap::new(),
        line: 1,
    };
    reader.problems.extend(remark);
    if !text.trim().is_empty()
        && let Err(problem) = reader.whole(text)
    {
        reader.problems.push(problem);
    }
    reader.finish()
}

/// Why nothing of a source may be applied: the first refused problem, counted together with the others.
#[must_use]
pub fn blocked(source: &Source, lang: Lang) -> Option<Problem> {
    let count = source.refused;
    let message = match count {
        0 => return None,
        1 => say!(lang, "One mistake in the source has to be cured first.", "需要先改正来源中的一处错误。"),
        _ => say!(
            lang,
            "{count} mistakes in the source have to be cured first.",
            "需要先改正来源中的 {count} 处错误。"
        ),
    };
    let mut problem = Problem::refused("import.blocked", message);
    problem.span = source.problems.iter().find(|p| p.severity == Severity::Refused).and_then(|p| p.span);
    Some(problem)
}

/// Equal for names that differ only by case.
fn folded_hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for byte in name.bytes() {
        hasher.write_u8(byte.to_ascii_lowercase());
    }
    hasher.finish()
}

/// An item together with the place of its name.
struct Placed {
    item: SourceItem,
    place: usize,
    length: usize,
}

impl Placed {
    fn span(&self, lines: &Lines<'_>) -> Span {
        lines.span(self.place, self.place + self.length)
    }
}

struct Reader<'a> {
    lines: &'a Lines<'a>,
    lang: Lang,
    items: Vec<Placed>,
    problems: Problems,
    /// Fields that are not used, with the place of the first and their number.
    unknown: Vec<(String, Span, usize)>,
    /// Where each of them is in the list.
    unknown_at: HashMap<String, usize>,
    /// Line of the last entry; entries come in order of place.
    line: u32,
}

impl Reader<'_> {
    fn whole(&mut self, text: &str) -> Result<(), Problem> {
        if text.trim_start().starts_with('{') {
            let Pairs(members) = json::read(text, self.lines, self.lang)?;
            return self.object(&members);
        }
        if text.trim_start().starts_with('[') {
            let values: Vec<&RawValue> = json::read(text, self.lines, self.lang)?;
            return self.array(&values);
        }
        json::read::<&RawValue>(text, self.lines, self.lang)?;
        let start = text.len() - text.trim_start().len();
        Err(self.not_a_list(self.lines.span(start, text.trim_end().len())))
    }

    fn object(&mut self, members: &[(std::borrow::Cow<'_, str>, &RawValue)]) -> Result<(), Problem> {
        let mut lists = members.iter().filter(|(name, _)| name == "definitions").map(|(_, value)| *value);
        let Some(list) = lists.next() else {
            let first = members.first().map(|(_, value)| self.lines.offset_of(value.get()));
            let place = self.lines.span(first.unwrap_or(0), first.unwrap_or(0));
            let single = members.iter().any(|(name, _)| name == "scope");
            return Err(if single { self.single(place) } else { self.not_a_list(place) });
        };
        if let Some(second) = lists.next() {
            return Err(json::duplicate_key("definitions", self.lines.span_of(second.get()), self.lang));
        }
        match serde_json::from_str::<Vec<&RawValue>>(list.get()) {
            Ok(values) => self.array(&values),
            Err(_) => Err(self.not_a_list(self.lines.span_of(list.get()))),
        }
    }

    fn array(&mut self, values: &[&RawValue]) -> Result<(), Problem> {
        if let Some(beyond) = values.get(MAX_DEFINITIONS) {
            return Err(self.too_many(self.lines.span_of(beyond.get())));
        }
        self.items.reserve(values.len());
        for value in values {
            let placed = self.definition(value);
            self.items.extend(placed);
        }
        self.settle_repetitions();
        Ok(())
    }

    /// Drops what stands twice and remarks on what differs only by case.
    fn settle_repetitions(&mut self) {
        let found = repetitions::find(&self.items);
        let mut repeated = found.iter().filter(|(_, kind)| matches!(kind, Repetition::Same(_))).peekable();
        for (at, kind) in &found {
            let (Repetition::Same(first) | Repetition::Case(first)) = kind;
            let (Some(placed), Some(other)) = (self.items.get(*at), self.items.get(*first)) else { continue };
            let line = self.lines.line(other.place);
            let problem = match kind {
                Repetition::Same(_) => self.duplicate(placed, line),
                Repetition::Case(_) => self.case_clash(placed, &other.item.scope, line),
            };
            self.problems.push(problem);
        }
        let mut at = 0;
        self.items.retain(|_| {
            let drop = repeated.next_if(|(dropped, _)| *dropped == at).is_some();
            at += 1;
            !drop
        });
    }

    fn too_many(&self, span: Span) -> Problem {
        let lang = self.lang;
        Problem::refused(
            "import.too_many",
            say!(
                lang,
                "The source holds more than {MAX_DEFINITIONS} definitions.",
                "来源包含超过 {MAX_DEFINITIONS} 条定义。"
            ),
        )
        .hinted(say!(lang, "Split it into several files.", "把它拆成几个文件。"))
        .at(span)
    }

    fn not_a_list(&self, span: Span) -> Problem {
        let lang = self.lang;
        Problem::refused(
            "import.not_a_list",
            say!(lang, "This is no list of definitions.", "这不是定义列表。"),
        )
        .hinted(say!(
            lang,
            "Paste an array of {{\"scope\", \"title\", \"description\"}}, or an object with `definitions`.",
            "粘贴由 {{\"scope\", \"title\", \"description\"}} 组成的数组，或含有 `definitions` 的对象。"
        ))
        .at(span)
    }

    fn single(&self, span: Span) -> Problem {
        let lang = self.lang;
        Problem::refused(
            "import.no_brackets",
            say!(lang, "This is one definition, not a list.", "这是一条定义，不是列表。"),
        )
        .hinted(say!(lang, "Put `[` in front and `]` behind.", "在前面加 `[`，在后面加 `]`。"))
        .at(Span { line: 1, column: 1, ..span })
    }

    fn duplicate(&self, placed: &Placed, line: u32) -> Problem {
        let (scope, lang) = (brief(&placed.item.scope), self.lang);
        Problem::refused(
            "import.duplicate_scope",
            say!(
                lang,
                "`{scope}` stands here again; line {line} has it already.",
                "`{scope}` 重复；第 {line} 行已有。"
            ),
        )
        .hinted(say!(lang, "Remove one of the two.", "删除其中一条。"))
        .at(placed.span(self.lines))
        .about(scope.as_ref())
    }

    fn case_clash(&self, placed: &Placed, name: &str, line: u32) -> Problem {
        let (scope, name, lang) = (brief(&placed.item.scope), brief(name), self.lang);
        Problem::risky(
            "import.case_clash",
            say!(
                lang,
                "`{scope}` and `{name}` of line {line} differ only by case: for Prism they are two scopes.",
                "`{scope}` 与第 {line} 行的 `{name}` 只有大小写不同：在 Prism 中它们是两个范围。"
            ),
        )
        .hinted(say!(lang, "Keep one spelling.", "只保留一种写法。"))
        .at(placed.span(self.lines))
        .about(scope.as_ref())
        .about(name.as_ref())
    }

    fn finish(mut self) -> Source {
        for (name, span, count) in std::mem::take(&mut self.unknown) {
            let problem = self.unknown_field(&name, count).at(span);
            self.problems.push(problem);
        }
        let (problems, refused) = self.problems.finish(self.lang);
        Source { items: self.items.into_iter().map(|placed| placed.item).collect(), problems, refused }
    }

    fn unknown_field(&self, name: &str, count: usize) -> Problem {
        let lang = self.lang;
        let meant = crate::scope::did_you_mean(name, ["scope", "title", "description"]);
        let name = brief(name);
        let message = match count {
            1 => say!(lang, "The field `{name}` is not used.", "字段 `{name}` 不会被使用。"),
            _ => say!(
                lang,
                "The field `{name}` is not used; it stands here and in {} more places.",
                "字段 `{name}` 不会被使用；这里和另外 {} 处都有。",
                count - 1
            ),
        };
        let problem = Problem::note("import.unknown_field", message).about(name.as_ref());
        match meant {
            Some(meant) => problem.hinted(say!(lang, "Did you mean `{meant}`?", "是否想写 `{meant}`？")),
            None => problem,
        }
    }
}
