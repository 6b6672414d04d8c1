//! Commands with their keys → the help of the pane with the keys, which can be filtered.

use crossterm::event::KeyCode;

use super::answer::Answer;
use crate::tui::key::Key;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::{Line, TextLine};
use crate::view::cut::{width, wrap};
use crate::view::label::Role;

const KEYS: usize = 20;
const MARKS: &str = "▸ closed  ▾ open  ↻ stands above already  ◆ reachable from JavaScript  ✂ detached  + new  − gone  • one of \
                     those counted";

/// A piece of a row, its role, and what that stands for.
type Sample = (&'static str, Role, &'static str);

/// What colours mean, kind by kind.
const COLOURS: [(&str, &[Sample]); 3] = [
    (
        "References",
        &[
            ("name", Role::Property, "property"),
            ("[7]", Role::Element, "element"),
            ("name", Role::ContextVariable, "variable of a scope"),
            ("name", Role::InternalReference, "the engine's own, or weak"),
            ("name", Role::Shortcut, "shortcut of a root"),
        ],
    ),
    (
        "Values",
        &[
            ("Session", Role::Object, "object"),
            ("\"text\"", Role::String, "string"),
            ("heap number", Role::Number, "number"),
            ("bigint", Role::BigInt, "bigint"),
            ("f()", Role::Function, "function"),
            ("/re/", Role::RegExp, "regular expression"),
            ("symbol", Role::Symbol, "symbol"),
            ("system / Map", Role::Hidden, "the engine's own"),
        ],
    ),
    (
        "Marks",
        &[
            ("◆", Role::Reachable, "JavaScript reaches it over properties of a global object"),
            ("✂", Role::Detached, "detached"),
            ("+", Role::Growth, "new"),
            ("−", Role::Shrinkage, "gone"),
        ],
    ),
];
const HEADING: &str = "Colours";

/// What is said of a command.
#[derive(Debug)]
pub(crate) struct HelpEntry {
    pub(crate) name: &'static str,
    /// As people read them.
    pub(crate) keys: Vec<String>,
    pub(crate) doc: &'static str,
    /// Why it does nothing in the pane with the keys.
    pub(crate) reason: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Help {
    /// The name of the pane whose keys these are.
    pub(crate) pane: &'static str,
    /// All commands, group by group.
    groups: Vec<(&'static str, Vec<HelpEntry>)>,
    pub(crate) filter: Line,
    /// Whether letters go to the filter.
    pub(crate) typing: bool,
    pub(crate) scroll: usize,
}

impl Help {
    pub(crate) fn new(pane: &'static str, groups: Vec<(&'static str, Vec<HelpEntry>)>) -> Self {
        Help { pane, groups, filter: Line::default(), typing: false, scroll: 0 }
    }

    /// Keys that the filter takes; the others scroll.
    pub(crate) fn on_key(&mut self, key: Key) -> Option<Answer> {
        if !self.typing {
            if key.letter() == Some('/') {
                self.typing = true;
                return Some(Answer::Consumed);
            }
            if key.code == KeyCode::Esc && !self.filter.is_empty() {
                self.filter = Line::default();
                return Some(Answer::Consumed);
            }
            return None;
        }
        match key.code {
            KeyCode::Enter => self.typing = false,
            KeyCode::Esc => {
                self.filter = Line::default();
                self.typing = false;
            }
            KeyCode::Backspace if self.filter.is_empty() => self.typing = false,
            KeyCode::Down | KeyCode::Up | KeyCode::PageDown | KeyCode::PageUp => return None,
            _ => {
                self.filter.on_key(key);
                self.scroll = 0;
            }
        }
        Some(Answer::Consumed)
    }

    pub(crate) fn on_text(&mut self, text: &str) {
        self.filter.insert(text);
        self.scroll = 0;
    }

    fn matches(&self, entry: &HelpEntry) -> bool {
        let wanted = self.filter.text().to_lowercase();
        let keys = entry.keys.iter().any(|key| key.to_lowercase() == wanted);
        keys || wanted
            .split_whitespace()
            .all(|word| entry.doc.to_lowercase().contains(word) || entry.name.contains(word))
    }

    pub(crate) fn lines(&self, columns: usize) -> Vec<TextLine> {
        let mut lines = Vec::new();
        if self.filter.is_empty() {
            for text in wrap(MARKS, columns) {
                lines.push(vec![(text, Ui::Dim)]);
            }
        }
        for (heading, entries) in &self.groups {
            let before = lines.len();
            for entry in entries.iter().filter(|entry| self.matches(entry)) {
                add(&mut lines, entry, columns);
            }
            if lines.len() > before {
                lines.insert(before, vec![((*heading).to_owned(), Ui::Title)]);
                lines.insert(before, Vec::new());
            }
        }
        if HEADING.to_lowercase().contains(&self.filter.text().to_lowercase()) {
            lines.push(Vec::new());
            lines.push(vec![(HEADING.into(), Ui::Title)]);
            COLOURS.iter().for_each(|(name, samples)| add_colours(&mut lines, name, samples, columns));
        }
        if lines.is_empty() {
            lines.push(vec![(format!("no key or command matches “{}”", self.filter.text()), Ui::Warning)]);
        }
        lines
    }
}

/// Samples one after the other, as many in a line as there is room for.
fn add_colours(lines: &mut Vec<TextLine>, name: &str, samples: &[Sample], columns: usize) {
    let mut line: TextLine = vec![(format!("  {name:<0$}", KEYS - 2), Ui::Dim)];
    let mut used = KEYS;
    for (sample, role, meaning) in samples {
        let meaning = format!(" {meaning}   ");
        let wide = width(sample) + width(meaning.trim_end());
        if used > KEYS && used + wide > columns {
            lines.push(std::mem::replace(&mut line, vec![(" ".repeat(KEYS), Ui::Dim)]));
            used = KEYS;
        }
        used += width(sample) + width(&meaning);
        line.extend([((*sample).to_owned(), Ui::Of(*role)), (meaning, Ui::Text)]);
    }
    lines.push(line);
}

fn add(lines: &mut Vec<TextLine>, entry: &HelpEntry, columns: usize) {
    let keys = entry.keys.join(" ");
    let keys = format!("  {keys}{}", " ".repeat((KEYS - 2).saturating_sub(width(&keys))));
    let (key, doc) = if entry.reason.is_some() { (Ui::Dim, Ui::Dim) } else { (Ui::Key, Ui::Text) };
    let text = match entry.reason {
        Some(reason) => format!("{} — {reason}", entry.doc),
        None => entry.doc.to_owned(),
    };
    for (index, text) in wrap(&text, columns.saturating_sub(KEYS)).into_iter().enumerate() {
        let first = if index == 0 { keys.clone() } else { " ".repeat(KEYS) };
        lines.push(vec![(first, key), (text, doc)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legend_shows_each_kind_of_reference_and_value_in_its_colour() {
        let mut help = Help::new("Summary", Vec::new());
        for columns in [40, 74, 110] {
            let lines = help.lines(columns);
            let shown = |role| lines.iter().flatten().any(|(_, part)| *part == Ui::Of(role));
            let of_rows = [Role::Class, Role::File, Role::Id, Role::Separator, Role::Location];
            for (role, name) in Role::ALL.into_iter().filter(|(role, _)| !of_rows.contains(role)) {
                assert!(shown(role), "{name} at {columns} columns");
            }
        }
        help.filter = Line::new("colour");
        assert!(help.lines(74).iter().flatten().any(|(text, _)| text == "f()"));
        help.filter = Line::new("xyzzy");
        assert_eq!(help.lines(74).len(), 1, "it says that nothing matches");
    }
}
