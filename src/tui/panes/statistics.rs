//! What kinds of things take the memory, as bars.

use ratatui::layout::Rect;

use crate::analysis::statistics::Statistics;
use crate::answers::statistics::{parts, shown};
use crate::tui::theme::Ui;
use crate::tui::widgets::canvas::Canvas;
use crate::tui::widgets::table::bar;
use crate::view::cut::{cut, right, width};

const NAME: u16 = 24;
const SIZE: usize = 18;
const PERCENT: usize = 7;
/// Longer bars are no easier to compare.
const LONGEST_BAR: u16 = 100;

/// All kinds one below the other, the total, and what is of the engine; with lines between.
const LINES: u16 = 11;

/// What is drawn.
pub(crate) struct Kinds<'a> {
    pub(crate) statistics: &'a Statistics,
    /// The kinds that have a mark and another style.
    pub(crate) found: &'a [&'a str],
    /// Whether sizes are shown in bytes.
    pub(crate) exact: bool,
}

pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, kinds: &Kinds<'_>) {
    if area.height < LINES {
        return draw_low(canvas, area, kinds);
    }
    let &Kinds { statistics, found, exact } = kinds;
    let total = i128::from(statistics.total);
    let mut y = area.y + 1;
    let mut row = |name: &str, size: i128, style| {
        if y >= area.bottom() {
            return;
        }
        let part = if total > 0 { size.max(0) as f64 / total as f64 } else { 0.0 };
        canvas.buffer.set_stringn(area.x + 3, y, name, NAME as usize - 3, style);
        if found.contains(&name) {
            canvas.buffer.set_stringn(area.x + 1, y, FOUND, 1, style);
        }
        let mut x = area.x + NAME;
        canvas.buffer.set_stringn(x, y, right(&shown(size, exact), SIZE), SIZE, canvas.theme.ui(Ui::NumberCell));
        x += SIZE as u16;
        canvas.buffer.set_stringn(
            x,
            y,
            right(&format!("{:.0} %", part * 100.0), PERCENT),
            PERCENT,
            canvas.theme.ui(Ui::Dim),
        );
        x += PERCENT as u16 + 2;
        let room = area.right().saturating_sub(x + 2).min(LONGEST_BAR) as usize;
        canvas.buffer.set_stringn(x, y, bar(part, room), room, canvas.theme.ui(Ui::Bar));
        y += 1;
    };
    for part in parts(statistics) {
        row(part.name, part.size, canvas.theme.ui(style(part.name, found)));
    }
    row("Total", total, canvas.theme.ui(Ui::Title));
    if y + 1 < area.bottom() {
        canvas.buffer.set_stringn(
            area.x + 3,
            y + 1,
            split(statistics, exact),
            area.width as usize - 3,
            canvas.theme.ui(Ui::Dim),
        );
    }
}

/// Stands before what was found.
const FOUND: &str = "▸";

fn style(name: &str, found: &[&str]) -> Ui {
    if found.contains(&name) { Ui::Key } else { Ui::Text }
}

fn split(statistics: &Statistics, exact: bool) -> String {
    let split = [("V8 heap", statistics.v8_heap()), ("native", i128::from(statistics.native))];
    split.map(|(name, size)| format!("{name} {}", shown(size, exact))).join(" · ")
}

/// Low screens have all sizes side by side.
fn draw_low(canvas: &mut Canvas<'_>, area: Rect, kinds: &Kinds<'_>) {
    let &Kinds { statistics, found, exact } = kinds;
    let kinds = parts(statistics).map(|part| (part.name, part.size, style(part.name, found)));
    let all: Vec<_> = kinds.into_iter().chain([("Total", i128::from(statistics.total), Ui::Title)]).collect();
    let lines = all.len().div_ceil(2);
    let wide = area.width / 2 - 1;
    for (index, &(name, size, part)) in all.iter().enumerate() {
        let (x, y) = (area.x + 1 + (index / lines) as u16 * (wide + 1), area.y + (index % lines) as u16);
        if y < area.bottom() {
            let size = shown(size, exact);
            let room = (wide as usize).saturating_sub(width(&size) + 2);
            canvas.buffer.set_stringn(x, y, cut(name, room), room, canvas.theme.ui(part));
            if found.contains(&name) {
                canvas.buffer.set_stringn(x - 1, y, FOUND, 1, canvas.theme.ui(part));
            }
            let place = x + wide.saturating_sub(width(&size) as u16 + 1);
            canvas.buffer.set_stringn(place, y, &size, width(&size), canvas.theme.ui(Ui::NumberCell));
        }
    }
    let y = area.y + lines as u16;
    if y < area.bottom() {
        canvas.buffer.set_stringn(
            area.x + 1,
            y,
            split(statistics, exact),
            area.width as usize - 1,
            canvas.theme.ui(Ui::Dim),
        );
    }
}
