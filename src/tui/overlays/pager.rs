//! A text of any length → a window with the whole of it.

use super::finder::Finder;
use crate::base::text::well_formed;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::TextLine;
use crate::view::cut::wrap;
use crate::view::text;

/// Longer texts are cut here: more than anybody reads, and wrapped in a blink.
const LONGEST: usize = 1_000_000;

#[derive(Debug)]
pub(crate) struct Pager {
    pub(crate) title: String,
    /// The lines of the text, safe for the terminal.
    text: Vec<String>,
    /// The same lines broken for so many columns.
    wrapped: (usize, Vec<String>),
    pub(crate) scroll: usize,
    pub(crate) finder: Finder,
}

impl Pager {
    pub(crate) fn new(title: String, text: &[u8]) -> Self {
        let text = well_formed(text);
        let cut = text.char_indices().nth(LONGEST).map_or(text.len(), |(index, _)| index);
        let mut lines: Vec<String> = text[..cut].split('\n').map(|line| text::sanitize(line).into_owned()).collect();
        if cut < text.len() {
            lines.push(format!("… cut after {} characters; y copies all of it", text::count(LONGEST as u64)));
        }
        Pager { title, text: lines, wrapped: (0, Vec::new()), scroll: 0, finder: Finder::default() }
    }

    /// Breaks the lines for a width; done before drawing, and once a width.
    pub(crate) fn arrange(&mut self, columns: usize) {
        if self.wrapped.0 != columns {
            self.wrapped = (columns, self.text.iter().flat_map(|line| wrap(line, columns)).collect());
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.wrapped.1.len()
    }

    /// All lines, as they are broken.
    pub(super) fn texts(&self) -> Vec<String> {
        self.wrapped.1.clone()
    }

    /// The lines of the window.
    pub(crate) fn lines(&self, rows: usize) -> Vec<TextLine> {
        let start = self.scroll.min(self.wrapped.1.len());
        let shown = self.wrapped.1[start..].iter().take(rows);
        self.finder.marked(shown.map(|line| vec![(line.clone(), Ui::Text)]).collect())
    }
}
