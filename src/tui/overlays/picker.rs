//! A list to choose one thing from: the palette, what to copy, marks, rows above. Letters filter it or choose at once.

use crossterm::event::KeyCode;

use super::answer::{Answer, Choice};
use crate::tui::command::Command;
use crate::tui::key::Key;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::{Line, TextLine};
use crate::view::cut::{cut, width};
use crate::view::filter;

#[derive(Debug)]
pub(crate) struct Item {
    /// Chooses it at once in lists that cannot be filtered; what is shown at the left in the others.
    pub(crate) key: String,
    pub(crate) text: String,
    pub(crate) note: String,
    pub(crate) choice: Choice,
}

/// Which list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind {
    Scopes,
    Other,
}

#[derive(Debug)]
pub(crate) struct Picker {
    pub(crate) title: String,
    pub(crate) list: ListKind,
    items: Vec<Item>,
    /// The items that the filter lets through, best first.
    shown: Vec<usize>,
    selected: usize,
    /// Nothing where letters choose.
    filter: Option<Line>,
    /// Whether a number that is typed means a row of the pane below.
    takes_rows: bool,
    /// What stands before the line that is typed.
    sign: &'static str,
}

const KEY: usize = 12;

impl Picker {
    /// A short list: letters choose, so do the arrows and Enter.
    pub(crate) fn new(title: impl Into<String>, items: Vec<Item>, selected: usize) -> Self {
        Picker {
            title: title.into(),
            list: ListKind::Other,
            shown: (0..items.len()).collect(),
            items,
            selected,
            filter: None,
            takes_rows: false,
            sign: ":",
        }
    }

    /// All commands; a number is the row to go to.
    pub(crate) fn commands(items: Vec<Item>) -> Self {
        Picker { takes_rows: true, ..Picker::filtered("Commands", items) }
    }

    /// The number that is typed, where it means a row.
    fn row(&self) -> Option<usize> {
        let text = self.filter.as_ref().filter(|_| self.takes_rows)?.text();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // One that is too large means the last row.
        is_number.then(|| text.parse().unwrap_or(usize::MAX))
    }

    /// A list that is filtered as letters are typed.
    pub(crate) fn filtered(title: impl Into<String>, items: Vec<Item>) -> Self {
        let mut picker = Picker::new(title, items, 0);
        picker.filter = Some(Line::default());
        picker.refilter();
        picker
    }

    fn refilter(&mut self) {
        let Some(line) = &self.filter else { return };
        if let Some((index, ..)) = self.with_words() {
            (self.shown, self.selected) = (vec![index], 0);
            return;
        }
        let wanted = line.text().to_lowercase();
        // What is typed as it stands counts more than its letters in order, the name more than what is said about it.
        let score = |item: &Item| {
            let name = item.text.split("  ").next().unwrap_or_default();
            if name.contains(&wanted) {
                Some(2000)
            } else if item.text.to_lowercase().contains(&wanted) {
                Some(1000)
            } else {
                filter::fuzzy_score(name, &wanted)
            }
        };
        let mut scored: Vec<(i64, usize)> = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            // What does nothing here goes to the end.
            let usable = if item.note.is_empty() { 0 } else { i64::MIN / 4 };
            scored.extend(score(item).map(|score| (score.saturating_add(usable), index)));
        }
        // Of two that fit alike the shorter is meant; where nothing is wanted yet, the order is that of the help.
        let length = |index: usize| if wanted.is_empty() { 0 } else { self.items[index].text.len() };
        scored.sort_by_key(|&(score, index)| (std::cmp::Reverse(score), length(index), index));
        self.shown = scored.into_iter().map(|(_, index)| index).collect();
        self.selected = 0;
    }

    /// The command whose whole name is typed with a space behind it, where it takes words, and those.
    fn with_words(&self) -> Option<(usize, Command, &str)> {
        let (name, words) = self.filter.as_ref()?.text().split_once(' ')?;
        self.items.iter().enumerate().find_map(|(index, item)| match item.choice {
            Choice::Run(command) if command.takes_words() && item.text.split("  ").next() == Some(name) => {
                Some((index, command, words.trim()))
            }
            _ => None,
        })
    }

    pub(crate) fn on_key(&mut self, key: Key) -> Answer {
        let last = self.shown.len().saturating_sub(1);
        match (key.code, key.ctrl) {
            (KeyCode::Esc, _) => return Answer::Close,
            (KeyCode::Enter, _) => return self.chosen(),
            (KeyCode::Tab, _) if self.with_words().is_some() => return self.written(),
            (KeyCode::Down | KeyCode::Tab, _) | (KeyCode::Char('n'), true) => {
                self.selected = (self.selected + 1).min(last)
            }
            (KeyCode::Up | KeyCode::BackTab, _) | (KeyCode::Char('p'), true) => {
                self.selected = self.selected.saturating_sub(1);
            }
            (KeyCode::Right, _) if self.filter.is_none() => return self.chosen(),
            (KeyCode::Left, _) if self.filter.is_none() => return Answer::Close,
            (KeyCode::PageDown, _) | (KeyCode::Char('d'), true) if self.filter.is_none() => {
                self.selected = (self.selected + 10).min(last);
            }
            (KeyCode::PageUp, _) | (KeyCode::Char('u'), true) if self.filter.is_none() => {
                self.selected = self.selected.saturating_sub(10);
            }
            (KeyCode::PageDown, _) => self.selected = (self.selected + 10).min(last),
            (KeyCode::PageUp, _) => self.selected = self.selected.saturating_sub(10),
            _ => return self.on_letter(key),
        }
        Answer::Consumed
    }

    fn on_letter(&mut self, key: Key) -> Answer {
        if let Some(line) = &mut self.filter {
            if key.code == KeyCode::Backspace && line.is_empty() {
                return Answer::Close;
            }
            // Whoever is used to it begins with the key that looks for text: no name begins so.
            if key.letter() == Some('/') && line.is_empty() {
                return Answer::Consumed;
            }
            if line.on_key(key) {
                self.refilter();
            }
            return Answer::Consumed;
        }
        if let Some(letter) = key.letter() {
            if letter == '/' {
                // What is typed from now on filters.
                (self.filter, self.sign) = (Some(Line::default()), "/");
                self.refilter();
                return Answer::Consumed;
            }
            if let Some(item) = self.items.iter().find(|item| item.key.chars().eq([letter])) {
                return Answer::Choose(item.choice.clone());
            }
            let last = self.items.len().saturating_sub(1);
            match letter {
                'j' => self.selected = (self.selected + 1).min(last),
                'k' => self.selected = self.selected.saturating_sub(1),
                'g' => self.selected = 0,
                'G' => self.selected = last,
                'l' => return self.chosen(),
                'h' | 'q' => return Answer::Close,
                _ => {}
            }
        }
        Answer::Consumed
    }

    pub(crate) fn on_text(&mut self, text: &str) {
        if self.filter.as_mut().is_some_and(|line| line.insert(text)) {
            self.refilter();
        }
    }

    fn written(&self) -> Answer {
        let written = |(_, command, words): (_, _, &str)| Answer::Choose(Choice::Write(command, words.to_owned()));
        self.with_words().map_or(Answer::Consumed, written)
    }

    fn chosen(&self) -> Answer {
        if let Some((_, command, words)) = self.with_words().filter(|(.., words)| !words.is_empty()) {
            return Answer::Choose(Choice::RunWith(command, words.to_owned()));
        }
        if let Some(row) = self.row() {
            return Answer::Choose(Choice::Row(row));
        }
        match self.shown.get(self.selected) {
            Some(&index) => Answer::Choose(self.items[index].choice.clone()),
            None => Answer::Close,
        }
    }

    /// What stands before the line that is typed.
    pub(crate) fn sign(&self) -> &'static str {
        self.sign
    }

    pub(crate) fn is_of_commands(&self) -> bool {
        self.takes_rows
    }

    /// The line that is typed, where there is one.
    pub(crate) fn line(&self) -> Option<&Line> {
        self.filter.as_ref()
    }

    pub(crate) fn len(&self) -> usize {
        if self.row().is_some() { 1 } else { self.shown.len() }
    }

    /// The place of the chosen line among [`Picker::lines`].
    /// What Enter would choose.
    pub(crate) fn choice(&self) -> Option<&Choice> {
        Some(&self.items[*self.shown.get(self.selected)?].choice)
    }

    pub(crate) fn selected(&self) -> usize {
        self.selected
    }

    /// Every shown item in a line.
    pub(crate) fn lines(&self, columns: usize) -> Vec<TextLine> {
        if let Some(row) = self.row() {
            return vec![vec![(format!("{:KEY$}", "Enter"), Ui::Key), (format!("goes to row {row}"), Ui::Text)]];
        }
        if self.shown.is_empty() {
            let what = if self.takes_rows { "no command" } else { "nothing" };
            return vec![vec![(format!("{what} matches; Backspace takes letters back"), Ui::Dim)]];
        }
        let key_width = if self.filter.is_some() { KEY } else { 4 };
        let line = |&index: &usize| {
            let item = &self.items[index];
            let key = cut(&item.key, key_width - 1);
            let pad = " ".repeat(key_width - width(&key));
            let part = if item.note.is_empty() { Ui::Text } else { Ui::Dim };
            let room = columns.saturating_sub(key_width);
            // Why it does nothing here is worth more than what it would do.
            let note = cut(&item.note, room / 2).into_owned();
            let text = cut(&item.text, room.saturating_sub(width(&note) + 2)).into_owned();
            vec![(format!("{key}{pad}"), Ui::Key), (text, part), (format!("  {note}"), Ui::Dim)]
        };
        self.shown.iter().map(line).collect()
    }
}
