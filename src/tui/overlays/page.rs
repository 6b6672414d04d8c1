//! A page of help → a window with it, in which a text can be looked for.

use crossterm::event::KeyCode;

use super::answer::Answer;
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::{Line, TextLine};
use crate::view::pages::{self, PAGES, TextKind};

/// Lines that are seen above the one that was found.
const ABOVE: usize = 2;

#[derive(Debug)]
pub(crate) struct PageWindow {
    /// The place among all pages.
    index: usize,
    pub(crate) scroll: usize,
    /// What is looked for.
    pub(crate) wanted: Line,
    /// Whether letters go to what is looked for.
    pub(crate) typing: bool,
    /// The line that was found last, and where the search began.
    found: Option<usize>,
    began: usize,
    /// The lines for so many columns.
    laid: (usize, Vec<pages::TextLine>),
}

impl PageWindow {
    pub(crate) fn new(index: usize) -> Self {
        let index = index.min(PAGES.len() - 1);
        PageWindow {
            index,
            scroll: 0,
            wanted: Line::default(),
            typing: false,
            found: None,
            began: 0,
            laid: (0, Vec::new()),
        }
    }

    pub(crate) fn title(&self) -> String {
        format!("{} · page {} of {}", PAGES[self.index].name, self.index + 1, PAGES.len())
    }

    /// Lays the page out for a width; done before drawing, and once a width.
    pub(crate) fn arrange(&mut self, columns: usize) {
        if self.laid.0 != columns {
            self.laid = (columns, pages::lines(&PAGES[self.index].markdown(), columns, false));
        }
    }

    /// Keys that the page takes itself; the others scroll.
    pub(crate) fn on_key(&mut self, key: Key, command: Option<Command>) -> Option<Answer> {
        if self.typing {
            match key.code {
                KeyCode::Enter => self.typing = false,
                KeyCode::Esc => self.forget(),
                KeyCode::Backspace if self.wanted.is_empty() => self.typing = false,
                KeyCode::Down | KeyCode::Up | KeyCode::PageDown | KeyCode::PageUp => return None,
                _ => {
                    self.wanted.on_key(key);
                    self.look();
                }
            }
            return Some(Answer::Consumed);
        }
        match command {
            Some(Command::Find) => {
                self.wanted = Line::default();
                (self.typing, self.began) = (true, self.scroll);
            }
            Some(Command::Escape) if !self.wanted.is_empty() => self.forget(),
            Some(Command::NextMatch) => self.next(true),
            Some(Command::PreviousMatch) => self.next(false),
            Some(Command::Forward) => *self = PageWindow::new((self.index + 1) % PAGES.len()),
            Some(Command::Back) => *self = PageWindow::new((self.index + PAGES.len() - 1) % PAGES.len()),
            _ => return None,
        }
        Some(Answer::Consumed)
    }

    pub(crate) fn on_text(&mut self, text: &str) {
        self.wanted.insert(text);
        self.look();
    }

    fn forget(&mut self) {
        self.wanted = Line::default();
        (self.typing, self.found) = (false, None);
    }

    /// The first line with what is looked for, from where the search began.
    fn look(&mut self) {
        let matching = self.matching();
        let first = matching.iter().find(|line| **line >= self.began).or(matching.first()).copied();
        self.go_to(first);
    }

    fn next(&mut self, forward: bool) {
        let matching = self.matching();
        let at = self.found.unwrap_or(self.scroll);
        let next = if forward {
            matching.iter().find(|line| **line > at).or(matching.first())
        } else {
            matching.iter().rev().find(|line| **line < at).or(matching.last())
        };
        self.go_to(next.copied());
    }

    fn go_to(&mut self, line: Option<usize>) {
        self.found = line;
        if let Some(line) = line {
            self.scroll = line.saturating_sub(ABOVE);
        }
    }

    /// The lines with what is looked for.
    fn matching(&self) -> Vec<usize> {
        let wanted = self.wanted.text().to_lowercase();
        let has = |line: &pages::TextLine| {
            let text: String = line.iter().map(|(text, _)| text.as_str()).collect();
            !wanted.is_empty() && text.to_lowercase().contains(&wanted)
        };
        self.laid.1.iter().enumerate().filter(|(_, line)| has(line)).map(|(index, _)| index).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.laid.1.len()
    }

    /// The lines of the window, with what is looked for marked; where nothing has it, the first line says so.
    pub(crate) fn lines(&self, rows: usize) -> Vec<TextLine> {
        let start = self.scroll.min(self.laid.1.len());
        let mut lines: Vec<TextLine> = self.laid.1[start..].iter().take(rows).map(|line| self.styled(line)).collect();
        if !self.wanted.is_empty()
            && self.found.is_none()
            && let Some(first) = lines.first_mut()
        {
            *first = vec![(format!("“{}” is not on this page; ] goes to the next", self.wanted.text()), Ui::Warning)];
        }
        lines
    }

    fn styled(&self, line: &pages::TextLine) -> TextLine {
        let whole: String = line.iter().map(|(text, _)| text.as_str()).collect();
        let marked = marked(&whole, self.wanted.text());
        let mut styled = TextLine::new();
        let mut at = 0;
        for (text, kind) in line {
            let part = match kind {
                TextKind::Title | TextKind::Heading | TextKind::Strong => Ui::Title,
                TextKind::Code => Ui::Key,
                TextKind::Text | TextKind::Block => Ui::Text,
                TextKind::Dim => Ui::Dim,
            };
            // Cut where marks begin and end.
            for letter in text.chars() {
                let part = if marked.iter().any(|range| range.contains(&at)) { Ui::Found } else { part };
                match styled.last_mut() {
                    Some((text, last)) if *last == part => text.push(letter),
                    _ => styled.push((letter.to_string(), part)),
                }
                at += letter.len_utf8();
            }
        }
        styled
    }
}

/// Where a text stands in a line, whatever the case; nowhere in lines whose length depends on the case.
fn marked(line: &str, wanted: &str) -> Vec<std::ops::Range<usize>> {
    let (lower, wanted) = (line.to_lowercase(), wanted.to_lowercase());
    if wanted.is_empty() || lower.len() != line.len() {
        return Vec::new();
    }
    lower.match_indices(&wanted).map(|(start, found)| start..start + found.len()).collect()
}
