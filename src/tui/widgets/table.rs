//! Rows of names and numbers → lines of the screen whose columns line up.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::cut::{cut, right, width};
use crate::view::order::Column;
use crate::view::tree::Kind;

/// How wide each column is; 0: not shown. Numbers stand at the right, so tables of one width line up whatever their
/// names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    pub name: usize,
    pub count: usize,
    pub distance: usize,
    /// Of the two sizes, without percent and bar.
    pub size: usize,
    pub percent: usize,
    pub bar: usize,
}

/// Names get at least so much before columns leave.
const LEAST_NAME: usize = 26;

impl Columns {
    /// The columns for a width. Bars go first, then percent, then the distance, then the count.
    pub fn new(width: usize, exact: bool) -> Self {
        let wide = width >= 100;
        let size = if exact {
            17
        } else if wide {
            12
        } else {
            11
        };
        let mut columns = Columns {
            name: 0,
            count: 12,
            distance: if wide { 11 } else { 6 },
            size,
            percent: 6,
            bar: if width >= 120 {
                10
            } else if wide {
                8
            } else {
                0
            },
        };
        for step in 0..4 {
            columns.name = width.saturating_sub(columns.numbers());
            if columns.name >= LEAST_NAME {
                break;
            }
            match step {
                0 => columns.bar = 0,
                1 => columns.percent = 0,
                2 => columns.distance = 0,
                _ => columns.count = 0,
            }
        }
        // A pane without percent needs room for the heading.
        columns.name = width.saturating_sub(columns.numbers());
        columns
    }

    /// The columns of a tree: only rows of classes have counts.
    pub fn of(kind: Kind, width: usize, exact: bool) -> Self {
        let columns = Columns::new(width, exact);
        if matches!(kind, Kind::Summary | Kind::DominatorsByClass) { columns } else { columns.without_count() }
    }

    /// The column in which a place of a line lies.
    pub fn at(&self, x: usize) -> Column {
        let mut end = self.name;
        for (column, width) in [
            (Column::Name, 0),
            (Column::Count, self.count),
            (Column::Distance, self.distance),
            (Column::Shallow, self.shallow()),
        ] {
            end += width;
            if x < end {
                return column;
            }
        }
        Column::Retained
    }

    /// The same columns where there is no count: the name takes its place.
    pub fn without_count(self) -> Self {
        Columns { name: self.name + self.count, count: 0, ..self }
    }

    fn numbers(&self) -> usize {
        self.count + self.distance + 2 * (self.size + self.percent) + self.bar
    }

    /// The width of a size with its percent.
    pub fn shallow(&self) -> usize {
        self.size + self.percent
    }

    pub fn retained(&self) -> usize {
        self.size + self.percent + self.bar
    }
}

/// A size with its part of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Share {
    pub text: String,
    /// Nothing where the whole is not known.
    pub percent: Option<String>,
    /// From 0 to 1.
    pub part: f64,
}

/// A piece of a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub text: String,
    pub style: Style,
    /// Ids and marks are not cut as long as names can be.
    pub whole: bool,
    /// Goes before anything is cut.
    pub optional: bool,
}

/// One row.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Whether it opens, is open, or is a cycle.
    pub mark: &'static str,
    pub depth: usize,
    pub name: Vec<Part>,
    pub count: String,
    pub distance: String,
    pub shallow: Share,
    pub retained: Share,
}

/// Styles of what is not a name.
#[derive(Debug, Clone, Copy)]
pub struct Styles {
    pub number: Style,
    pub dim: Style,
    pub bar: Style,
}

/// Draws a row into the first line of `area`.
pub fn draw(buffer: &mut Buffer, area: Rect, columns: &Columns, styles: &Styles, line: &Line) {
    let y = area.y;
    // Objects have no count: their names may be longer.
    let room = if line.count.is_empty() { columns.name + columns.count } else { columns.name };
    draw_name(buffer, Rect { width: room.min(area.width as usize) as u16, ..area }, styles, line);
    let mut x = area.x + columns.name as u16;
    let mut put = |buffer: &mut Buffer, text: &str, columns: usize, style: Style| {
        if columns > 0 && !text.is_empty() {
            buffer.set_stringn(x, y, right(text, columns), columns, style);
        }
        x += columns as u16;
    };
    put(buffer, &line.count, columns.count, styles.number);
    put(buffer, &line.distance, columns.distance, styles.number);
    put(buffer, &line.shallow.text, columns.size, styles.number);
    put(buffer, line.shallow.percent.as_deref().unwrap_or(""), columns.percent, styles.dim);
    put(buffer, &line.retained.text, columns.size, styles.number);
    put(buffer, line.retained.percent.as_deref().unwrap_or(""), columns.percent, styles.dim);
    if columns.bar > 2 {
        let room = columns.bar - 2;
        buffer.set_stringn(x + 1, y, bar(line.retained.part, room), room, styles.bar);
    }
}

/// A bar of eighths of columns.
pub fn bar(part: f64, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part.clamp(0.0, 1.0) * columns as f64 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn draw_name(buffer: &mut Buffer, area: Rect, styles: &Styles, line: &Line) {
    const MARGIN: u16 = 1;
    buffer.set_stringn(area.x + MARGIN, area.y, line.mark, 1, styles.dim);
    let start = area.x + MARGIN + 2;
    let room = (area.width as usize).saturating_sub(MARGIN as usize + 2);
    // Deep rows keep half of the width for their names; a number tells their depth then.
    let indent = 2 * line.depth;
    let most = room / 3;
    let mut x = start;
    let mut room = room;
    if indent > most {
        let text = format!("…{} ", line.depth);
        let text = right(&text, most.max(width(&text)));
        let (end, _) = buffer.set_stringn(x, area.y, &text, room, styles.dim);
        room = room.saturating_sub((end - x) as usize);
        x = end;
    } else {
        x += indent as u16;
        room -= indent;
    }
    for part in fit(&line.name, room) {
        (x, _) = buffer.set_stringn(x, area.y, part.text, (area.right().saturating_sub(x)) as usize, part.style);
    }
}

/// Cuts the longest names so that all of them and the id stay readable.
fn fit(parts: &[Part], room: usize) -> Vec<Part> {
    const LEAST: usize = 4;
    let mut parts: Vec<Part> =
        parts.iter().map(|part| Part { text: cut(&part.text, room).into_owned(), ..part.clone() }).collect();
    if parts.iter().map(|part| width(&part.text)).sum::<usize>() > room {
        parts.retain(|part| !part.optional);
    }
    let mut widths: Vec<usize> = parts.iter().map(|part| width(&part.text)).collect();
    while widths.iter().sum::<usize>() > room {
        let longest = (0..parts.len()).filter(|&part| !parts[part].whole && widths[part] > LEAST);
        match longest.max_by_key(|&part| widths[part]) {
            Some(longest) => widths[longest] -= 1,
            // When even that does not help, the last parts go.
            None => {
                parts.pop();
                widths.pop();
            }
        }
    }
    for (part, width) in parts.iter_mut().zip(widths) {
        part.text = cut(&part.text, width).into_owned();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_leave_in_order_when_it_gets_narrow() {
        let shown = |width, exact| {
            let columns = Columns::new(width, exact);
            assert_eq!(columns.name + columns.numbers(), width);
            [columns.bar, columns.percent, columns.distance, columns.count].map(|width| width > 0)
        };
        assert_eq!(shown(200, false), [true, true, true, true]);
        assert_eq!(shown(110, false), [true, true, true, true]);
        assert_eq!(shown(80, false), [false, true, true, true]);
        assert_eq!(shown(70, false), [false, false, true, true]);
        assert_eq!(shown(60, false), [false, false, false, true]);
        assert_eq!(shown(60, true), [false, false, false, false]);
    }

    #[test]
    fn long_names_leave_room_for_the_id() {
        let check = |names: [&str; 2], room, result| {
            let part = |text: &str, whole| Part { text: text.into(), style: Style::new(), whole, optional: false };
            let parts = [part(names[0], false), part("::", true), part(names[1], false), part(" @45677", true)];
            let texts: String = fit(&parts, room).into_iter().map(|part| part.text).collect();
            assert_eq!(texts, result);
        };
        check(["list", "Array"], 20, "list::Array @45677");
        check(["list", &"x".repeat(400)], 20, "list::xxxxxx… @45677");
        check([&"y".repeat(400), &"x".repeat(400)], 20, "yyyyy…::xxxx… @45677");
        check([&"y".repeat(400), &"東".repeat(400)], 20, "yyyyy…::東東… @45677");
        check([&"y".repeat(400), &"x".repeat(400)], 10, "yyy…::xxx…");
    }

    #[test]
    fn bars_are_as_long_as_the_part() {
        assert_eq!(bar(0.0, 8), "");
        assert_eq!(bar(0.5, 8), "████");
        assert_eq!(bar(0.52, 8), "████▏");
        assert_eq!(bar(7.0, 8), "████████");
    }
}
