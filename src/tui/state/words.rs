//! What is said of rows above and below them: what keeps an object alive, what speaks for a suspect.

use super::explorer::Explorer;
use crate::view::cut::{cut, wrap, wrap_words};
use crate::view::label;
use crate::view::suspects::EVIDENCE;

impl Explorer {
    /// The sentence above the Retainers, in lines of so many columns, at most so many.
    pub(crate) fn why_lines(&self, columns: usize, most: usize) -> Option<Vec<String>> {
        match &self.held {
            Some(held) => Some(held.why.lines(columns, most)),
            None => self.retainers.as_ref().map(|shown| match self.walked().filter(|_| most > 1) {
                Some(path) => {
                    let mut lines = shown.why.lines(columns, most - 1);
                    lines.push(cut(&path, columns).into_owned());
                    lines
                }
                None => shown.why.lines(columns, most),
            }),
        }
    }

    /// What speaks for the outermost row that the cursor is on or below, in lines of so many columns, at most so many:
    /// each piece of evidence in lines of its own where there is room for that.
    pub(crate) fn evidence_lines(&self, columns: usize, most: usize) -> Vec<String> {
        let Some(pane) = self.main_pane() else { return Vec::new() };
        let at_cursor = || pane.rows.get(pane.cursor.checked_sub(pane.top)?).map(|row| (&row.table, row.row));
        let Some((table, row)) = pane.above.first().map(|(table, row)| (table, *row)).or_else(at_cursor) else {
            return Vec::new();
        };
        let remarks = table.remarks(row).into_iter().filter(|(what, _)| *what == EVIDENCE);
        let told: Vec<String> = remarks.map(|(_, text)| text).collect();
        let lines: Vec<String> = told.iter().flat_map(|text| wrap(text, columns)).collect();
        if lines.len() <= most || told.is_empty() { lines } else { wrap_words(&told.join("; "), columns, most) }
    }

    /// Which of several paths is open: they can be the same as far as the sentence goes.
    fn walked(&self) -> Option<String> {
        let (walk, shown) = self.walk.as_ref().zip(self.retainers.as_ref())?;
        if shown.pane.root != Some(walk.of) || walk.found.len() == 1 {
            return None;
        }
        let over = label::short(&shown.heap, walk.found[walk.at].holder.1);
        let more = if walk.complete { "" } else { "+" };
        Some(format!("path {} of {}{more} goes on over {over}", walk.at + 1, walk.found.len()))
    }
}
