//! Looking for a text or /pattern/ in a window: typed behind `/`, found while it is typed, gone through with `n` and `N`.

use crossterm::event::KeyCode;

use super::answer::Answer;
use crate::tui::key::Key;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::{Line, TextLine};
use crate::view::filter::NameFilter;

#[derive(Debug, Default)]
pub(crate) struct Finder {
    pub(crate) line: Line,
    /// Whether letters go into the line.
    pub(crate) typing: bool,
    /// The first line of the window when the line was begun.
    start: usize,
}

/// Lines of a window as texts.
pub(super) type Lines<'a> = &'a dyn Fn() -> Vec<String>;

impl Finder {
    /// Whether something is looked for.
    pub(super) fn is_open(&self) -> bool {
        self.typing || !self.line.is_empty()
    }

    /// Keys that belong to it: a letter behind `/`, Enter, Esc. `scroll` is the first line of the window.
    pub(super) fn on_key(&mut self, key: Key, lines: Lines<'_>, scroll: &mut usize) -> Option<Answer> {
        if !self.typing {
            return match (key.letter(), key.code) {
                (Some('/'), _) => {
                    *self = Finder { line: Line::default(), typing: true, start: *scroll };
                    Some(Answer::Consumed)
                }
                (_, KeyCode::Esc) if self.is_open() => {
                    *self = Finder::default();
                    Some(Answer::Consumed)
                }
                _ => None,
            };
        }
        match key.code {
            KeyCode::Enter => self.typing = false,
            KeyCode::Esc => *self = Finder::default(),
            KeyCode::Backspace if self.line.is_empty() => *self = Finder::default(),
            _ => {
                self.line.on_key(key);
                self.find_typed(lines, scroll);
            }
        }
        Some(Answer::Consumed)
    }

    pub(super) fn on_text(&mut self, text: &str, lines: Lines<'_>, scroll: &mut usize) {
        self.line.insert(text);
        self.find_typed(lines, scroll);
    }

    fn find_typed(&self, lines: Lines<'_>, scroll: &mut usize) {
        let start = self.start;
        *scroll = self.next(&lines(), start, true).unwrap_or(start);
    }

    /// Goes to the next line with the text, or to the one before; false where nothing is looked for.
    pub(super) fn go(&self, forward: bool, lines: Lines<'_>, scroll: &mut usize) -> bool {
        if self.line.is_empty() {
            return false;
        }
        let lines = lines();
        let found = match forward {
            true => self.next(&lines, *scroll + 1, true),
            false => self.next(&lines, scroll.checked_sub(1).unwrap_or(lines.len()), false),
        };
        *scroll = found.unwrap_or(*scroll);
        true
    }

    /// The line with the text that is nearest from `start` on, beginning again at the other end.
    fn next(&self, lines: &[String], start: usize, forward: bool) -> Option<usize> {
        let filter = self.filter()?;
        let has = |&line: &usize| !filter.marks(&lines[line]).is_empty();
        let start = start.min(lines.len());
        match forward {
            true => (start..lines.len()).chain(0..start).find(has),
            false => (0..lines.len().min(start + 1)).rev().chain((start..lines.len()).rev()).find(has),
        }
    }

    fn filter(&self) -> Option<NameFilter> {
        NameFilter::to_find(self.line.text()).ok().filter(|_| !self.line.is_empty())
    }

    /// The line with what is found in it marked.
    pub(super) fn marked(&self, lines: Vec<TextLine>) -> Vec<TextLine> {
        let Some(filter) = self.filter() else { return lines };
        let mark = |(text, part): (String, Ui)| {
            let (mut pieces, mut end): (TextLine, usize) = (Vec::new(), 0);
            for found in filter.marks(&text) {
                if let (Some(before), Some(found_text)) = (text.get(end..found.start), text.get(found.clone())) {
                    pieces.extend([(before.to_owned(), part), (found_text.to_owned(), Ui::Found)]);
                    end = found.end;
                }
            }
            pieces.push((text[end..].to_owned(), part));
            pieces
        };
        lines.into_iter().map(|line| line.into_iter().flat_map(mark).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Finder {
        Finder { line: Line::new(text), ..Finder::default() }
    }

    #[test]
    fn it_goes_round_in_both_directions() {
        let lines = || ["one", "Two two", "three", "two"].map(str::to_owned).to_vec();
        let finder = typed("two");
        let mut scroll = 0;
        let mut seen = Vec::new();
        for forward in [true, true, true, false, false] {
            assert!(finder.go(forward, &lines, &mut scroll));
            seen.push(scroll);
        }
        assert_eq!(seen, [1, 3, 1, 3, 1]);
        assert!(!typed("").go(true, &lines, &mut scroll));
        let mut here = 2;
        typed("nowhere").go(true, &lines, &mut here);
        assert_eq!(here, 2);
    }

    #[test]
    fn what_is_found_is_marked_and_the_text_stays() {
        let line: TextLine = vec![("name  ".into(), Ui::Dim), ("a two b two".into(), Ui::Text)];
        let marked = typed("two").marked(vec![line.clone()]);
        let text = |line: &TextLine| line.iter().map(|(text, _)| text.as_str()).collect::<String>();
        assert_eq!(text(&marked[0]), text(&line));
        let found: Vec<&str> =
            marked[0].iter().filter(|(_, part)| *part == Ui::Found).map(|(text, _)| text.as_str()).collect();
        assert!(!found.is_empty() && found.iter().all(|text| *text == "two"));
        // Half a pattern marks nothing.
        assert_eq!(typed("/(").marked(vec![line.clone()]), vec![line]);
    }
}
