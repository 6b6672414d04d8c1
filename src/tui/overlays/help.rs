//! Commands with their keys → the help of the pane with the keys, which can be filtered.

use crossterm::event::KeyCode;

use super::answer::Answer;
use crate::tui::key::Key;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::{Line, TextLine};
use crate::view::cut::{width, wrap};

const KEYS: usize = 18;
const MARKS: &str = "▸ closed  ▾ open  ↻ stands above already  ◆ reachable from JavaScript  ✂ detached  + new  − gone  • one of \
                     those counted";

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
        if lines.is_empty() {
            lines.push(vec![(format!("no key or command matches “{}”", self.filter.text()), Ui::Warning)]);
        }
        lines
    }
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
