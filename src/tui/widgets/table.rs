//! Rows of names and numbers → lines of the screen whose columns line up.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use crate::tui::theme::Ui;
use crate::view::cut::{cut, cut_start, right, width};
use crate::view::label::Role;
use crate::view::spec::{Show, Spec};
use crate::view::table::Facts;

/// How wide each column is. Numbers stand at the right, so tables of one width line up whatever their names are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) name: usize,
    /// What stands over the names.
    pub(crate) label: &'static Spec,
    /// Those of the table but for the name, in its order.
    pub(crate) numbers: Vec<Numbers>,
}

/// A column of numbers; without a size it is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) spec: &'static Spec,
    pub(crate) size: usize,
    /// Of the part of the whole, behind the number.
    pub(crate) percent: usize,
    pub(crate) bar: usize,
}

impl Numbers {
    pub(crate) fn width(&self) -> usize {
        self.size + self.percent + self.bar
    }
}

/// With so many columns of numbers a table needs more room before they can have more than they need.
const MANY: usize = 6;

impl Columns {
    /// The columns that people read for a width, the label first among them; nothing for a table without any. Bars go
    /// first, then percents, then columns in their turn (`Spec::leaves`).
    pub(crate) fn of(
        seen: &[&'static Spec],
        facts: &Facts,
        (width, exact): (usize, bool),
        set: impl Fn(&'static str) -> Option<usize>,
    ) -> Option<Self> {
        let (&label, numbers) = seen.split_first()?;
        let many = numbers.len() >= MANY;
        let wide = width >= if many { 116 } else { 100 };
        let bar = if width >= 120 { 10 } else { 8 };
        let size = match (exact, wide) {
            (true, _) => 17,
            (false, true) => 12,
            (false, false) => 11,
        };
        let number = |&spec: &&'static Spec| {
            let (size, percent) = match spec.show {
                Show::Count | Show::Times | Show::Delta if many && !wide => (8, 0),
                Show::Count | Show::Times | Show::Delta => (12, 0),
                Show::Share => (7, 0),
                Show::Nth => (if exact { 15 } else { 10 }, 0),
                Show::Words => (20, 0),
                Show::Word => (14, 0),
                Show::Distance => (if wide { 11 } else { 6 }, 0),
                Show::Bytes if many && !exact => (if wide { 14 } else { 9 }, 0),
                Show::Bytes => (size, 0),
                Show::DeltaBytes => (size + exact as usize, 0),
                Show::Size if width < facts.percents_from => (size, 0),
                Show::Size => (size, 6),
                Show::Label | Show::Field => (0, 0),
            };
            let bar = if spec.bar && wide { bar } else { 0 };
            match set(spec.field).filter(|_| size > 0) {
                // What somebody has set is without the bar; the part of the total stays where there is room for it.
                Some(set) => {
                    let percent = if percent > 0 && set >= size { percent } else { 0 };
                    Numbers { spec, size: set - percent, percent, bar }
                }
                None => Numbers { spec, size, percent, bar },
            }
        };
        let mut columns = Columns { name: 0, label, numbers: numbers.iter().map(number).collect() };
        let is_narrow = |columns: &Columns| width < columns.taken() + facts.least_name;
        if is_narrow(&columns) {
            columns.numbers.iter_mut().for_each(|number| number.bar = 0);
        }
        if is_narrow(&columns) {
            columns.numbers.iter_mut().for_each(|number| number.percent = 0);
        }
        let last = numbers.iter().map(|spec| spec.leaves).max().unwrap_or(0);
        for turn in 1..=last {
            if is_narrow(&columns) {
                let leaving = columns.numbers.iter_mut().filter(|number| number.spec.leaves == turn);
                leaving.for_each(|number| number.size = 0);
            }
        }
        columns.name = width.saturating_sub(columns.taken());
        Some(columns)
    }

    fn taken(&self) -> usize {
        self.numbers.iter().map(Numbers::width).sum()
    }

    /// The column whose left edge is at a place of a line.
    pub(crate) fn edge_at(&self, x: usize) -> Option<&'static Spec> {
        let mut start = self.name;
        for number in self.numbers.iter().filter(|number| number.size > 0) {
            // One column alone is hard to hit; both are empty before a title.
            if (start..start + 2).contains(&x) {
                return Some(number.spec);
            }
            start += number.width();
        }
        None
    }

    /// Where a column ends without its bar.
    pub(crate) fn end_of(&self, field: &str) -> Option<usize> {
        let mut end = self.name;
        for number in self.numbers.iter().filter(|number| number.size > 0) {
            if number.spec.field == field {
                return Some(end + number.size + number.percent);
            }
            end += number.width();
        }
        None
    }

    /// The column in which a place of a line lies.
    pub(crate) fn at(&self, x: usize) -> &'static Spec {
        let mut end = self.name;
        if x < end {
            return self.label;
        }
        for number in self.numbers.iter().filter(|number| number.size > 0) {
            end += number.width();
            if x < end {
                return number.spec;
            }
        }
        self.numbers.last().map_or(self.label, |number| number.spec)
    }
}

/// A number with its part of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Share {
    pub(crate) text: String,
    /// Nothing where the whole is not known, or where there is none.
    pub(crate) percent: Option<String>,
    /// From 0 to 1.
    pub(crate) part: f64,
}

/// A piece of a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) style: Style,
    /// Ids and marks are not cut as long as names can be.
    pub(crate) whole: bool,
    /// Goes before anything is cut.
    pub(crate) optional: bool,
    /// Where it is cut, that is done at its start: the end of a path says more.
    pub(crate) is_path: bool,
    /// Bytes of the text that a filter has found.
    pub(crate) marks: Vec<Range<usize>>,
}

impl Part {
    /// The part in at most so many columns.
    fn shortened(&self, columns: usize) -> Part {
        if !self.is_path {
            return Part { text: cut(&self.text, columns).into_owned(), ..self.clone() };
        }
        let text = cut_start(&self.text, columns).into_owned();
        let Some(kept) = text.strip_prefix('…').filter(|_| text != self.text) else { return self.clone() };
        // What is found moves with the text.
        let gone = self.text.len() - kept.len();
        let shift = |place: usize| place.max(gone) - gone + '…'.len_utf8();
        let marks = self.marks.iter().filter(|mark| mark.end > gone).map(|mark| shift(mark.start)..shift(mark.end));
        Part { marks: marks.collect(), text, ..self.clone() }
    }
}

/// One row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// Whether it opens, is open, or is a cycle.
    pub(crate) mark: &'static str,
    pub(crate) depth: usize,
    pub(crate) name: Vec<Part>,
    /// One for each of [`Columns::numbers`].
    pub(crate) cells: Vec<Share>,
}

/// The part of the names' room that their first pieces take at most where all are as wide.
const MOST_ALIGNED: usize = 2;

/// Makes the first pieces of the outermost rows' names as wide as the widest of them, so that what follows lines up.
pub(crate) fn align(lines: &mut [Line], columns: &Columns) {
    let most = columns.name / 5 * MOST_ALIGNED;
    let outermost = || lines.iter().filter(|line| line.depth == 0).filter_map(|line| line.name.first());
    let Some(widest) = outermost().map(|part| width(&part.text)).max() else { return };
    let columns = widest.min(most);
    for line in lines.iter_mut().filter(|line| line.depth == 0) {
        let Some(first) = line.name.first_mut() else { continue };
        let part = first.shortened(columns);
        let blank = columns.saturating_sub(width(&part.text));
        *first = Part { text: format!("{}{}", part.text, " ".repeat(blank)), whole: true, ..part };
    }
}

/// Draws a row into the first line of `area`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, columns: &Columns, line: &Line) {
    let (theme, y) = (canvas.theme, area.y);
    let [plain, dim, of_bar] = [Ui::NumberCell, Ui::Dim, Ui::Bar].map(|part| theme.ui(part));
    // Names may be longer where the next columns are empty.
    let cells = || columns.numbers.iter().zip(&line.cells);
    let free: usize = cells().take_while(|(_, cell)| cell.text.is_empty()).map(|(number, _)| number.width()).sum();
    let room = (columns.name + free).min(area.width as usize);
    draw_name(canvas, Rect { width: room as u16, ..area }, line);
    let mut x = area.x + columns.name as u16;
    for (number, cell) in cells().filter(|(number, _)| number.size > 0) {
        let style = match cell.text.chars().next() {
            Some('+') => theme.role(Role::Growth),
            Some('−') if cell.text.len() > '−'.len_utf8() => theme.role(Role::Shrinkage),
            _ => plain,
        };
        let mut put = |text: &str, columns: usize, style: Style| {
            if columns > 0 && !text.is_empty() {
                canvas.buffer.set_stringn(x, y, right(text, columns), columns, style);
            }
            x += columns as u16;
        };
        put(&cell.text, number.size, style);
        put(cell.percent.as_deref().unwrap_or(""), number.percent, dim);
        if number.bar > 2 {
            canvas.buffer.set_stringn(x + 1, y, bar(cell.part, number.bar - 2), number.bar - 2, of_bar);
        }
        x += number.bar as u16;
    }
}

/// A bar of eighths of columns.
pub(crate) fn bar(part: f64, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (part.clamp(0.0, 1.0) * columns as f64 * 8.0).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn draw_name(canvas: &mut Canvas<'_>, area: Rect, line: &Line) {
    const MARGIN: u16 = 1;
    let theme = canvas.theme;
    canvas.buffer.set_stringn(area.x + MARGIN, area.y, line.mark, 1, theme.ui(Ui::Dim));
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
        let (end, _) = canvas.buffer.set_stringn(x, area.y, &text, room, theme.ui(Ui::Dim));
        room = room.saturating_sub((end - x) as usize);
        x = end;
    } else {
        x += indent as u16;
        room -= indent;
    }
    for part in fit(&line.name, room) {
        let (start, room) = (x, area.right().saturating_sub(x) as usize);
        (x, _) = canvas.buffer.set_stringn(x, area.y, &part.text, room, part.style);
        for mark in &part.marks {
            // What is cut off ends with an ellipsis in place of the rest.
            let end = mark.end.min(part.text.strip_suffix('…').map_or(part.text.len(), str::len));
            let (Some(before), Some(found)) = (part.text.get(..mark.start), part.text.get(mark.start..end)) else {
                continue;
            };
            let left = start + width(before) as u16;
            let place = Rect { x: left, width: width(found) as u16, height: 1, ..area };
            canvas.buffer.set_style(place.intersection(area), theme.ui(Ui::Found));
        }
    }
}

/// Cuts the longest names so that all of them and the id stay readable.
fn fit(parts: &[Part], room: usize) -> Vec<Part> {
    const LEAST: usize = 4;
    let mut parts: Vec<Part> = parts.iter().map(|part| part.shortened(room)).collect();
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
        *part = part.shortened(width);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::table::{Table, seen, specs};
    use crate::view::tables::allocation::Allocations;
    use crate::view::tables::classes::Classes;
    use crate::view::tables::comparison::Differences;
    use crate::view::tables::contexts::Contexts;
    use crate::view::tables::retainers::Retainers;
    use crate::view::tables::strings::Strings;

    #[test]
    fn columns_leave_in_order_when_it_gets_narrow() {
        fn shown<T: Table>(width: usize, exact: bool) -> String {
            let columns = Columns::of(&seen(&specs::<T>()), &T::FACTS, (width, exact), |_| None).expect("a table");
            assert_eq!(columns.name + columns.taken(), width);
            let words = columns.numbers.iter().filter(|number| number.size > 0).map(|number| {
                let marks = [if number.percent > 0 { "%" } else { "" }, if number.bar > 0 { "|" } else { "" }];
                format!("{}{}", number.spec.short, marks.concat())
            });
            words.collect::<Vec<_>>().join(" ")
        }
        assert_eq!(shown::<Classes>(200, false), "Count Dist Shallow% Retained%|");
        assert_eq!(shown::<Classes>(110, false), "Count Dist Shallow% Retained%|");
        assert_eq!(shown::<Classes>(80, false), "Count Dist Shallow% Retained%");
        assert_eq!(shown::<Classes>(70, false), "Count Dist Shallow Retained");
        assert_eq!(shown::<Classes>(60, false), "Count Shallow Retained");
        assert_eq!(shown::<Classes>(60, true), "Shallow Retained");
        assert_eq!(shown::<Retainers>(60, false), "Dist Shallow Retained");
        for width in [100, 115, 116, 200] {
            assert_eq!(shown::<Differences>(width, false), "New Deleted Delta Alloc. Freed Size Δ Ret. Δ", "{width}");
        }
        assert_eq!(shown::<Differences>(80, false), "New Deleted Delta Size Δ Ret. Δ");
        assert_eq!(shown::<Differences>(60, false), "Delta Size Δ Ret. Δ");
        assert_eq!(shown::<Strings>(80, false), "Count Shallow Wasted Retained");
        assert_eq!(shown::<Strings>(60, false), "Count Wasted Retained");
        assert_eq!(shown::<Allocations>(60, false), "Live Live size Size");
        assert_eq!(shown::<Contexts>(60, false), "Owns Shallow Retained");
    }

    #[test]
    fn a_width_that_is_set_is_that_of_number_and_part() {
        let set = |field: &'static str| (field == "retainedSize").then_some(30);
        let columns = |set: &dyn Fn(&'static str) -> Option<usize>| {
            Columns::of(&seen(&specs::<Classes>()), &Classes::FACTS, (139, false), set).expect("a table")
        };
        let (usual, wide) = (columns(&|_| None), columns(&set));
        assert_eq!(usual.name - wide.name, 30 - 18);
        assert_eq!(wide.numbers[3].size + wide.numbers[3].percent, 30);
        let narrow = columns(&|_| Some(8));
        assert!(narrow.numbers.iter().all(|number| (number.size, number.percent) == (8, 0)));
        assert_eq!(wide.edge_at(wide.name).map(|spec| spec.field), Some("count"));
        assert_eq!(wide.edge_at(wide.name + 1).map(|spec| spec.field), Some("count"));
        assert_eq!((wide.edge_at(wide.name - 1), wide.edge_at(wide.name + 2)), (None, None));
        assert_eq!(wide.end_of("retainedSize"), Some(129));
    }

    #[test]
    fn long_names_leave_room_for_the_id() {
        let check = |names: [&str; 2], room, result| {
            let part = |text: &str, whole| Part {
                text: text.into(),
                style: Style::new(),
                whole,
                optional: false,
                is_path: false,
                marks: Vec::new(),
            };
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
    fn paths_keep_their_end_and_what_is_found_in_it() {
        let path = Part {
            text: "node_modules/express/lib/router/index.js".into(),
            style: Style::new(),
            whole: false,
            optional: false,
            is_path: true,
            marks: vec![0..4, 25..31],
        };
        let cut = &fit(std::slice::from_ref(&path), 20)[0];
        assert_eq!(cut.text, "…lib/router/index.js");
        let found: Vec<&str> = cut.marks.iter().map(|mark| &cut.text[mark.clone()]).collect();
        assert_eq!(found, ["router"]);
        assert_eq!(fit(std::slice::from_ref(&path), 40)[0], path);
    }

    #[test]
    fn bars_are_as_long_as_the_part() {
        assert_eq!(bar(0.0, 8), "");
        assert_eq!(bar(0.5, 8), "████");
        assert_eq!(bar(0.52, 8), "████▏");
        assert_eq!(bar(7.0, 8), "████████");
    }
}
