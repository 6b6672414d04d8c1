//! Rows of a tree → a table: Summary, Containment, Dominators and Retainers alike.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::columns::EdgeType;
use crate::index::UNREACHABLE_DISTANCE;
use crate::tui::layout::PaneArea;
use crate::tui::state::TreePane;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::cut::{right, width, wrap};
use crate::tui::widgets::table::{self, Columns, Line, Part, Share, Styles};
use crate::view::cell::{self, Cell, cell};
use crate::view::column::{Column, Show, Sort};
use crate::view::label::{self, Piece, Role};
use crate::view::source::{Content, Kind};
use crate::view::text;
use crate::view::tree::Row;

/// How a pane is drawn.
pub struct Look<'a> {
    pub theme: &'a Theme,
    pub exact: bool,
    pub focused: bool,
    /// What to say when there are no rows.
    pub empty: &'a str,
}

pub fn draw(buffer: &mut Buffer, area: &PaneArea, pane: Option<&TreePane>, kind: Kind, look: &Look<'_>) {
    let kind = pane.map_or(kind, |pane| pane.tree.kind());
    let columns = Columns::of(kind, area.header.width as usize, look.exact);
    let sort = pane.map(|pane| pane.tree.sort());
    draw_header(buffer, area.header, &columns, kind, sort, look.theme);
    let Some(pane) = pane.filter(|pane| pane.len() > 0) else {
        let style = look.theme.ui(Ui::Dim);
        let room = (area.rows.width as usize).saturating_sub(6);
        for (y, line) in (area.rows.y..area.rows.bottom()).zip(wrap(look.empty, room)) {
            buffer.set_stringn(area.rows.x + 3, y, line, room, style);
        }
        return;
    };
    let ui = |part| look.theme.ui(part);
    let (growth, shrinkage) = (look.theme.role(Role::Growth), look.theme.role(Role::Shrinkage));
    let styles = Styles { number: ui(Ui::NumberCell), dim: ui(Ui::Dim), bar: ui(Ui::Bar), growth, shrinkage };
    let total = pane.tree.source().heap.total_size();
    for (index, row) in pane.rows.iter().take(area.rows.height as usize).enumerate() {
        let place = Rect { y: area.rows.y + index as u16, height: 1, ..area.rows };
        let line = line(&pane.tree.source().content, kind, row, &columns, total, look);
        table::draw(buffer, place, &columns, &styles, &line);
        if pane.top + index == pane.cursor {
            let part = if look.focused { Ui::Selected } else { Ui::Unfocused };
            buffer.set_style(place, look.theme.ui(part));
        }
    }
}

fn draw_header(buffer: &mut Buffer, area: Rect, columns: &Columns, kind: Kind, sort: Option<Sort>, theme: &Theme) {
    let heading = |column: Column, [long, short]: [&str; 2], room: usize| {
        let mark = match sort.filter(|sort| sort.column == column) {
            Some(Sort { ascending: true, .. }) => " ▲",
            Some(_) => " ▼",
            None => "",
        };
        let style = theme.ui(if mark.is_empty() { Ui::Header } else { Ui::SortedHeader });
        // One column stays free, so that two headings never touch.
        let name = [long, short].into_iter().find(|name| width(name) + width(mark) < room).unwrap_or(short);
        (format!("{name}{mark}"), style)
    };
    let (text, style) = heading(Column::Name, [kind.name_title(); 2], columns.name);
    buffer.set_stringn(area.x + 3, area.y, text, columns.name.saturating_sub(3), style);
    let mut x = area.x + columns.name as u16;
    for number in columns.numbers.iter().filter(|number| number.size > 0) {
        let spec = number.column.spec();
        // Bars have no heading.
        let room = number.size + number.percent;
        let (text, style) = heading(number.column, [spec.title, spec.short], room);
        buffer.set_stringn(x, area.y, right(&text, room), room, style);
        x += number.width() as u16;
    }
}

fn line(content: &Content, kind: Kind, row: &Row, columns: &Columns, total: Option<u64>, look: &Look<'_>) -> Line {
    let mark = match row {
        Row { cycle: true, .. } => "↻",
        Row { open: true, .. } => "▾",
        Row { has_children: true, .. } => "▸",
        _ => " ",
    };
    let word = word(content, row);
    let mut name = styled(label::row(content, row), word.is_some_and(|word| word != "weak"), word, look.theme);
    let mut cells = Vec::with_capacity(columns.numbers.len());
    for number in &columns.numbers {
        let value = cell(content, row, number.column);
        let show = number.column.spec().show;
        let mut text = cell::shown(value, show, look.exact);
        let counts_rows = number.column == Column::Count && kind != Kind::Allocation;
        if let (Cell::Number(_), true) = (value, counts_rows) {
            text = format!("×{text}");
            if number.size == 0 {
                // Where there is no room for the column, the count stands behind the name.
                name.push(Part {
                    style: look.theme.ui(Ui::NumberCell),
                    whole: true,
                    optional: false,
                    text: format!(" {text}"),
                });
            }
        }
        let part = match (value, total) {
            (Cell::Number(size), Some(total)) if show == Show::Size => Some((size, total)),
            _ => None,
        };
        cells.push(Share {
            text,
            percent: part.map(|(size, total)| text::percent(size, total)),
            part: part.map_or(0.0, |(size, total)| size as f64 / total.max(1) as f64),
        });
    }
    Line { mark, depth: row.depth, name, cells }
}

/// Why the row keeps nothing alive, in a word.
fn word(content: &Content, row: &Row) -> Option<&'static str> {
    let node = row.item.node()?;
    let is_weak = row.item.edge().is_some_and(|edge| row.heap.edge_type(edge) == EdgeType::WEAK);
    let is_far = || matches!(cell(content, row, Column::Distance), Cell::Distance(UNREACHABLE_DISTANCE..));
    if content.ignored().is_some_and(|ignored| ignored.contains(node)) {
        Some("ignored")
    } else if row.cycle {
        Some("cycle")
    } else if row.heap.is_unreachable(node) || is_far() {
        Some("unreachable")
    } else {
        is_weak.then_some("weak")
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
        text: piece.text,
    };
    let word =
        word.map(|word| Part { style: theme.ui(Ui::Cycle), whole: true, optional: false, text: format!("  {word}") });
    pieces.into_iter().map(part).chain(word).collect()
}
