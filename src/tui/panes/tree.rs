//! Rows of a tree → a table: Summary, Containment, Dominators and Retainers alike.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::tui::layout::PaneArea;
use crate::tui::state::columns::ColumnLayout;
use crate::tui::state::pane::TreePane;
use crate::tui::subject::Subject;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::table::{self, Columns, Line, Numbers, Part, Share};
use crate::view::cell::Cell;
use crate::view::cut::{width, wrap};
use crate::view::label::{Piece, Role};
use crate::view::spec::{Show, Sort, Spec};
use crate::view::table::{Table, seen};
use crate::view::tables::retainers::Retainers;
use crate::view::text;
use crate::view::tree::Row;

/// How a pane is drawn.
pub(crate) struct RowLook<'a> {
    pub(crate) theme: &'a Theme,
    pub(crate) exact: bool,
    pub(crate) focused: bool,
    /// What to say when there are no rows.
    pub(crate) empty: &'a str,
    /// The columns as long as there are none.
    pub(crate) columns: Vec<&'static Spec>,
    /// Rows that are marked.
    pub(crate) selected: &'a [Subject],
    /// What is set of the columns, and what the pane is called there.
    pub(crate) layout: &'a ColumnLayout,
    pub(crate) pane: &'static str,
}

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: &PaneArea, pane: Option<&TreePane>, look: &RowLook<'_>) {
    let table = pane.map(|pane| pane.tree.table());
    let facts = table.map_or(&Retainers::FACTS, |table| table.facts());
    let specs = table.map_or_else(
        || seen(&look.columns).into_iter().filter(|spec| spec.show != Show::Nth).collect(),
        |table| table.seen(),
    );
    let specs = look.layout.seen(look.pane, specs);
    let set = |field| look.layout.width(look.pane, field);
    let columns = Columns::of(&specs, facts, (area.header.width as usize, look.exact), set);
    if let Some(columns) = &columns {
        draw_header(canvas, area.header, columns, pane);
    }
    let Some(pane) = pane.filter(|pane| pane.len() > 0) else {
        let style = look.theme.ui(Ui::Dim);
        let room = (area.rows.width as usize).saturating_sub(6);
        for (y, line) in (area.rows.y..area.rows.bottom()).zip(wrap(look.empty, room)) {
            canvas.buffer.set_stringn(area.rows.x + 3, y, line, room, style);
        }
        return;
    };
    let marker = pane.marker();
    let Some(columns) = columns else { return };
    let total = pane.tree.table().heap().total_size();
    let extent = pane.extent();
    let seen = || pane.rows.iter().take(area.rows.height as usize);
    let drawn = seen().map(|row| {
        let mut line = line(row, &columns, total, look);
        // The filter is about the outermost rows.
        if let Some(marker) = marker.filter(|_| row.depth == 0) {
            line.name.iter_mut().filter(|part| !part.whole).for_each(|part| part.marks = marker.marks(&part.text));
        }
        line
    });
    let mut drawn: Vec<Line> = drawn.collect();
    if facts.aligned {
        table::align(&mut drawn, &columns);
    }
    for (index, line) in drawn.iter().enumerate() {
        let place = Rect { y: area.rows.y + index as u16, height: 1, ..area.rows };
        table::draw(canvas, place, &columns, line);
        if pane.top + index == pane.cursor {
            let part = if look.focused { Ui::Selected } else { Ui::Unfocused };
            canvas.buffer.set_style(place, look.theme.ui(part));
        }
    }
    for (index, row) in seen().enumerate() {
        let is_row = |subject: &Subject| subject.table.is_same(subject.row, &*row.table, row.row);
        if look.selected.iter().any(is_row) {
            let y = area.rows.y + index as u16;
            canvas.buffer.set_stringn(area.rows.x, y, "●", 1, look.theme.ui(Ui::Key));
        }
    }
    extent.mark(canvas.buffer, Rect { width: 1, ..area.rows }, look.theme.ui(Ui::Key));
}

/// The names of the columns, the order, and which rows are seen.
fn draw_header(canvas: &mut Canvas<'_>, area: Rect, columns: &Columns, pane: Option<&TreePane>) {
    let theme = canvas.theme;
    let sort = pane.map(|pane| pane.tree.sort());
    let heading = |spec: &Spec, room: usize| {
        let mark = match sort.filter(|sort| sort.field == spec.field) {
            Some(Sort { ascending: true, .. }) => " ▲",
            Some(_) => " ▼",
            None => "",
        };
        let style = theme.ui(if mark.is_empty() { Ui::Header } else { Ui::SortedHeader });
        // One column stays free, so that two headings never touch.
        let fits = |name: &&str| width(name) + width(mark) < room;
        let title = pane.map_or(Cow::Borrowed(spec.title), |pane| pane.tree.table().title(spec));
        let name = [&*title, spec.short].into_iter().find(fits).unwrap_or(spec.short);
        (format!("{name}{mark}"), style)
    };
    let shown = || columns.numbers.iter().filter(|number| number.size > 0);
    // Bars have no heading.
    let room = |number: &Numbers| number.size + number.percent;
    // Names may go on above what the next heading leaves free.
    let free =
        shown().next().map_or(0, |next| room(next) - 1 - width(&heading(next.spec, room(next)).0).min(room(next) - 1));
    let (text, style) = heading(columns.label, columns.name);
    let extent = pane.map_or_else(String::new, |pane| pane.extent().text());
    let names = (columns.name + free).saturating_sub(3);
    // Which rows they are is worth more than the word for names.
    let text = if width(&text) + 1 + width(&extent) <= names { format!("{text} ") } else { String::new() };
    let (end, _) = canvas.buffer.set_stringn(area.x + 3, area.y, &text, names, style);
    canvas.buffer.set_stringn(end, area.y, extent, names - width(&text), theme.ui(Ui::Dim));
    let mut x = area.x + columns.name as u16;
    for number in shown() {
        let (text, style) = heading(number.spec, room(number));
        let blank = room(number).saturating_sub(width(&text));
        canvas.buffer.set_stringn(x + blank as u16, area.y, &text, room(number), style);
        x += number.width() as u16;
    }
}

fn line(row: &Row, columns: &Columns, total: Option<u64>, look: &RowLook<'_>) -> Line {
    let mark = match row {
        Row { cycle: true, .. } => "↻",
        Row { open: true, .. } => "▾",
        Row { has_children: true, .. } => "▸",
        _ => " ",
    };
    let word = word(row);
    let mut name = styled(row.label(), word.is_some_and(|word| word != "weak"), word, look.theme);
    let mut cells = Vec::with_capacity(columns.numbers.len());
    for number in &columns.numbers {
        let (share, behind) = share(row, number.spec, total, look.exact);
        // Where there is no room for the column, the count stands behind the name.
        if let Some(text) = behind.filter(|_| number.size == 0) {
            let style = look.theme.ui(Ui::NumberCell);
            name.push(Part {
                style,
                whole: true,
                optional: false,
                is_path: false,
                marks: Vec::new(),
                text: format!(" {text}"),
            });
        }
        cells.push(share);
    }
    Line { mark, depth: row.depth, name, cells }
}

/// The cell of a row in a column of the tree, which other tables below may not have; and what goes behind the name
/// where there is no column for it.
fn share(row: &Row, spec: &Spec, total: Option<u64>, exact: bool) -> (Share, Option<String>) {
    let Some(column) = row.table.column(spec.field) else { return (Share::default(), None) };
    let cell = row.table.cell(row.row, column);
    let text = cell.shown(spec.show, exact);
    match (&cell, spec.show, total) {
        (Cell::Number(_), Show::Times, _) => {
            let text = format!("×{text}");
            (Share { text: text.clone(), ..Share::default() }, Some(text))
        }
        (Cell::Number(size), Show::Size, Some(total)) => {
            let part = *size as f64 / total.max(1) as f64;
            (Share { text, percent: Some(text::percent(*size, total)), part }, None)
        }
        _ => (Share { text, ..Share::default() }, None),
    }
}

/// Why the row keeps nothing alive, in a word.
fn word(row: &Row) -> Option<&'static str> {
    match row.table.fades(row.row) {
        Some("ignored") => Some("ignored"),
        _ if row.cycle => Some("cycle"),
        word => word,
    }
}

/// Pieces with the colours of their roles; rows that do not count in the colour of cycles.
fn styled(pieces: Vec<Piece>, dimmed: bool, word: Option<&str>, theme: &Theme) -> Vec<Part> {
    let style = |role| if dimmed { theme.ui(Ui::Cycle) } else { theme.role(role) };
    let whole = |role| {
        matches!(role, Role::Id | Role::Separator | Role::Reachable | Role::Detached | Role::Growth | Role::Shrinkage)
    };
    let part = |piece: Piece| Part {
        style: style(piece.role),
        whole: whole(piece.role),
        optional: piece.role == Role::Location,
        is_path: piece.role == Role::File,
        marks: Vec::new(),
        text: piece.text,
    };
    let word = word.map(|word| Part {
        style: theme.ui(Ui::Cycle),
        whole: true,
        optional: false,
        is_path: false,
        marks: Vec::new(),
        text: format!("  {word}"),
    });
    pieces.into_iter().map(part).chain(word).collect()
}
