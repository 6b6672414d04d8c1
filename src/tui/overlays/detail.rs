//! A row and what is known of it → lines.

use super::finder::Finder;
use crate::answers::object::Card;
use crate::base::meter::Meter;
use crate::base::text::well_formed;
use crate::error::Result;
use crate::tui::theme::Ui;
use crate::tui::widgets::line::TextLine;
use crate::view::cut::wrap;
use crate::view::row::RowIx;
use crate::view::table::AnyTable;
use crate::view::{label, text};

/// Longer texts are cut here (UTF-16 units): more than anybody reads in a window.
const LONGEST_TEXT: usize = 100_000;
const LABEL: usize = 14;
/// Wider lines are cut when they are made; a narrower window cuts them again.
const WIDEST: usize = 200;

/// What the window says. Texts are safe for the terminal.
#[derive(Debug)]
pub(crate) struct Detail {
    pub(crate) title: String,
    fields: Vec<(&'static str, String)>,
    /// The text of a string or a name, in lines of its own.
    text: Vec<String>,
    /// What is inside the object or what it refers to, the largest first, under a line that says which.
    references: Vec<String>,
    heading: &'static str,
    pub(crate) scroll: usize,
    pub(crate) finder: Finder,
}

impl Detail {
    /// Everything about an object.
    ///
    /// # Errors
    /// `Error::Cancelled` once the meter says stop.
    pub(crate) fn of_object(card: &Card, meter: &Meter) -> Result<Detail> {
        Ok(Detail {
            title: card.title(),
            fields: card.fields(),
            text: lines_of(&card.text(LONGEST_TEXT)),
            references: card.reference_lines(WIDEST, meter)?,
            heading: card.reference_heading(),
            scroll: 0,
            finder: Finder::default(),
        })
    }

    /// Everything about a row that stands for no object.
    pub(crate) fn of_row(table: &dyn AnyTable, row: RowIx) -> Detail {
        let name = label::name(&table.label(row));
        Detail {
            title: format!("{} {name}", table.facts().row_word(1)),
            fields: table.details(row),
            text: lines_of(&table.text(row)),
            references: Vec::new(),
            heading: "",
            scroll: 0,
            finder: Finder::default(),
        }
    }

    /// With what somebody has noted, before all else.
    pub(crate) fn with_note(mut self, note: Option<String>) -> Detail {
        if let Some(note) = note {
            self.fields.insert(0, ("note", text::sanitize(&note).into_owned()));
        }
        self
    }

    pub(crate) fn lines(&self, columns: usize) -> Vec<TextLine> {
        let mut lines = Vec::new();
        let longest = self.fields.iter().map(|(name, _)| name.len() + 1).max();
        let label = longest.unwrap_or(0).max(LABEL);
        for (name, value) in &self.fields {
            for (index, text) in wrap(value, columns.saturating_sub(label)).into_iter().enumerate() {
                let name = if index == 0 { name } else { "" };
                lines.push(vec![(format!("{name:<label$}"), Ui::Dim), (text, Ui::Text)]);
            }
        }
        lines.push(Vec::new());
        lines.extend(self.text.iter().flat_map(|line| wrap(line, columns)).map(|text| vec![(text, Ui::Text)]));
        if !self.references.is_empty() {
            let gap = if self.text.iter().all(String::is_empty) { 0 } else { 1 };
            lines.extend(std::iter::repeat_n(Vec::new(), gap));
            lines.push(vec![(self.heading.into(), Ui::Dim)]);
            let cut = |line: &String| crate::view::cut::cut(line, columns).into_owned();
            lines.extend(self.references.iter().map(|line| vec![(cut(line), Ui::Text)]));
        }
        self.finder.marked(lines)
    }
}

/// The lines of a text from the snapshot, safe each, cut where it gets too long.
fn lines_of(text: &[u8]) -> Vec<String> {
    let text = well_formed(text);
    let cut = text.char_indices().nth(LONGEST_TEXT).map_or(text.len(), |(index, _)| index);
    let mut lines: Vec<String> = text[..cut].split('\n').map(|line| text::sanitize(line).into_owned()).collect();
    if cut < text.len() {
        lines.push(format!("… cut after {} characters", text::count(LONGEST_TEXT as u64)));
    }
    lines
}
