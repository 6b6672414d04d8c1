//! The table of commands → the help of the pane with the keys, which can be filtered.

use crossterm::event::KeyCode;

use super::{Answer, TextLine};
use crate::tui::commands::{Entry, Group, TABLE};
use crate::tui::keymap::{self, Key};
use crate::tui::theme::Ui;
use crate::tui::widgets::cut::{width, wrap};
use crate::tui::widgets::line::Line;

const KEYS: usize = 18;
const MARKS: &str = "▸ closed  ▾ open  ↻ stands above already  ◆ reachable from JavaScript  ✂ detached  + new  − gone  • one of \
                     those counted";

#[derive(Debug)]
pub struct Help {
    /// The name of the pane whose keys these are.
    pub pane: &'static str,
    /// Why the command does nothing there, for each of the table.
    reasons: Vec<Option<&'static str>>,
    pub filter: Line,
    /// Whether letters go to the filter.
    pub typing: bool,
    pub scroll: usize,
}

impl Help {
    pub fn new(pane: &'static str, reasons: Vec<Option<&'static str>>) -> Self {
        Help { pane, reasons, filter: Line::default(), typing: false, scroll: 0 }
    }

    /// Keys that the filter takes; the others scroll.
    pub fn on_key(&mut self, key: Key) -> Option<Answer> {
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

    fn matches(&self, entry: &Entry) -> bool {
        let wanted = self.filter.text().to_lowercase();
        let keys = entry.keys.iter().any(|key| keymap::show(key).to_lowercase() == wanted);
        keys || wanted
            .split_whitespace()
            .all(|word| entry.doc.to_lowercase().contains(word) || entry.name.contains(word))
    }

    pub fn lines(&self, columns: usize) -> Vec<TextLine> {
        let mut lines = Vec::new();
        if self.filter.is_empty() {
            for text in wrap(MARKS, columns) {
                lines.push(vec![(text, Ui::Dim)]);
            }
        }
        for (group, heading) in Group::ALL {
            let before = lines.len();
            let entries = TABLE.iter().zip(&self.reasons);
            for (entry, reason) in entries.filter(|(entry, _)| entry.group == group && self.matches(entry)) {
                self.add(&mut lines, entry, *reason, columns);
            }
            if lines.len() > before {
                lines.insert(before, vec![(heading.to_owned(), Ui::Title)]);
                lines.insert(before, Vec::new());
            }
        }
        if lines.is_empty() {
            lines.push(vec![(format!("no key or command matches “{}”", self.filter.text()), Ui::Warning)]);
        }
        lines
    }

    fn add(&self, lines: &mut Vec<TextLine>, entry: &Entry, reason: Option<&str>, columns: usize) {
        let keys = entry.keys.iter().map(|key| keymap::show(key)).collect::<Vec<_>>().join(" ");
        let keys = format!("  {keys}{}", " ".repeat((KEYS - 2).saturating_sub(width(&keys))));
        let (key, doc) = if reason.is_some() { (Ui::Dim, Ui::Dim) } else { (Ui::Key, Ui::Text) };
        let text = match reason {
            Some(reason) => format!("{} — {reason}", entry.doc),
            None => entry.doc.to_owned(),
        };
        for (index, text) in wrap(&text, columns.saturating_sub(KEYS)).into_iter().enumerate() {
            let first = if index == 0 { keys.clone() } else { " ".repeat(KEYS) };
            lines.push(vec![(first, key), (text, doc)]);
        }
    }
}
