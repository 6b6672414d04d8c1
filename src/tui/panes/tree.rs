//! Rows of a tree → a table: Summary, Containment, Dominators and Retainers alike.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::ignored::Ignored;
use crate::base::ids::NodeIx;
use crate::columns::EdgeType;
use crate::heap::Heap;
use crate::index::UNREACHABLE_DISTANCE;
use crate::tui::layout::PaneArea;
use crate::tui::state::TreePane;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::cut::{right, width};
use crate::tui::widgets::table::{self, Columns, Line, Part, Share, Styles};
use crate::view::label::{self, Piece, Role};
use crate::view::list::Item;
use crate::view::order::{self, Column, Sort};
use crate::view::text;
use crate::view::tree::{Kind, Row};

/// What stands in a cell whose number is not there yet.
const NOT_YET: &str = "…";

/// How a pane is drawn.
pub struct Look<'a> {
    pub theme: &'a Theme,
    pub exact: bool,
    pub focused: bool,
    /// What to say when there are no rows.
    pub empty: &'a str,
}

pub fn draw(buffer: &mut Buffer, area: &PaneArea, heap: &Heap, pane: Option<&TreePane>, kind: Kind, look: &Look<'_>) {
    let columns = Columns::of(kind, area.header.width as usize, look.exact);
    let sort = pane.map(|pane| pane.tree.sort());
    draw_header(buffer, area.header, &columns, kind, sort, look.theme);
    let Some(pane) = pane.filter(|pane| pane.len() > 0) else {
        let style = look.theme.ui(Ui::Dim);
        buffer.set_stringn(area.rows.x + 3, area.rows.y, look.empty, area.rows.width as usize - 3, style);
        return;
    };
    let number = look.theme.ui(Ui::NumberCell);
    let styles = Styles { number, dim: look.theme.ui(Ui::Dim), bar: look.theme.ui(Ui::Bar) };
    for (index, row) in pane.rows.iter().take(area.rows.height as usize).enumerate() {
        let place = Rect { y: area.rows.y + index as u16, height: 1, ..area.rows };
        let ignored = pane.tree.ignored().map(|ignored| &**ignored);
        table::draw(buffer, place, &columns, &styles, &line(heap, kind, row, ignored, look));
        if pane.top + index == pane.cursor {
            let part = if look.focused { Ui::Selected } else { Ui::Unfocused };
            buffer.set_style(place, look.theme.ui(part));
        }
    }
}

fn draw_header(buffer: &mut Buffer, area: Rect, columns: &Columns, kind: Kind, sort: Option<Sort>, theme: &Theme) {
    let names = [
        (Column::Count, columns.count, ["Count", "Count"]),
        (Column::Distance, columns.distance, ["Distance", "Dist"]),
        (Column::Shallow, columns.shallow(), ["Shallow size", "Shallow"]),
        (Column::Retained, columns.retained() - columns.bar, ["Retained size", "Retained"]),
    ];
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
    let name = if matches!(kind, Kind::Summary | Kind::DominatorsByClass) { "Constructor" } else { "Object" };
    let (text, style) = heading(Column::Name, [name, name], columns.name);
    buffer.set_stringn(area.x + 3, area.y, text, columns.name.saturating_sub(3), style);
    let mut x = area.x + columns.name as u16;
    for (column, room, names) in names {
        if room > 0 {
            let (text, style) = heading(column, names, room);
            buffer.set_stringn(x, area.y, right(&text, room), room, style);
            x += room as u16;
        }
    }
}

fn line(heap: &Heap, kind: Kind, row: &Row, ignored: Option<&Ignored>, look: &Look<'_>) -> Line {
    let mark = match row {
        Row { cycle: true, .. } => "↻",
        Row { open: true, .. } => "▾",
        Row { has_children: true, .. } => "▸",
        _ => " ",
    };
    let total = heap.total_size();
    let share = |size: Option<u64>| match size {
        Some(size) => Share {
            text: if look.exact { format!("{} B", text::count(size)) } else { text::bytes(size) },
            percent: total.map(|total| text::percent(size, total)),
            part: total.map_or(0.0, |total| size as f64 / total.max(1) as f64),
        },
        None => Share { text: NOT_YET.into(), ..Share::default() },
    };
    let distance = |distance: Option<i32>| distance.map_or_else(|| NOT_YET.into(), text::distance);
    let line = Line { mark, depth: row.depth, ..Line::default() };
    match row.item {
        Item::Class(class) => Line {
            name: styled(label::class(heap, class.class), false, None, look.theme),
            count: format!("×{}", text::count(class.count)),
            distance: distance(class.distance),
            shallow: share(Some(class.shallow)),
            retained: share(class.retained),
            ..line
        },
        Item::Object(node) | Item::Reference { node, .. } | Item::Retainer { node, .. } => {
            let own_distance = match (kind, row.item.edge()) {
                (Kind::Retainers, Some(edge)) if heap.has_distances() => {
                    Some(order::distance_without(heap, ignored, edge, node))
                }
                _ => heap.distance(node),
            };
            let word = word(heap, row, ignored, node, own_distance);
            Line {
                name: styled(
                    object_pieces(heap, &row.item, node),
                    word.is_some_and(|word| word != "weak"),
                    word,
                    look.theme,
                ),
                distance: distance(own_distance),
                shallow: share(Some(heap.shallow_size(node))),
                retained: share(heap.retained_size(node)),
                ..line
            }
        }
    }
}

fn object_pieces(heap: &Heap, item: &Item, node: NodeIx) -> Vec<Piece> {
    match *item {
        Item::Reference { edge, .. } => label::reference(heap, edge, node),
        Item::Retainer { edge, .. } => label::retainer(heap, edge, node),
        Item::Class(_) | Item::Object(_) => label::object(heap, node),
    }
}

/// Why the row keeps nothing alive, in a word.
fn word(
    heap: &Heap,
    row: &Row,
    ignored: Option<&Ignored>,
    node: NodeIx,
    distance: Option<i32>,
) -> Option<&'static str> {
    let is_weak = row.item.edge().is_some_and(|edge| heap.edge_type(edge) == EdgeType::WEAK);
    if ignored.is_some_and(|ignored| ignored.contains(node)) {
        Some("ignored")
    } else if row.cycle {
        Some("cycle")
    } else if heap.is_unreachable(node) || distance.is_some_and(|distance| distance >= UNREACHABLE_DISTANCE) {
        Some("unreachable")
    } else {
        is_weak.then_some("weak")
    }
}

/// Pieces with the colours of their roles; rows that do not count in the colour of cycles.
fn styled(pieces: Vec<Piece>, dimmed: bool, word: Option<&str>, theme: &Theme) -> Vec<Part> {
    let style = |role| if dimmed { theme.ui(Ui::Cycle) } else { theme.role(role) };
    let whole = |role| matches!(role, Role::Id | Role::Separator | Role::Reachable | Role::Detached);
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
