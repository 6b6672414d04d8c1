//! What kinds of things take the memory, as bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::statistics::Statistics;
use crate::answers::statistics::{parts, shown};
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::table::bar;
use crate::view::cut::right;

const NAME: u16 = 24;
const SIZE: usize = 18;
const PERCENT: usize = 7;
/// Longer bars are no easier to compare.
const LONGEST_BAR: u16 = 100;

pub(crate) fn draw(buffer: &mut Buffer, area: Rect, statistics: &Statistics, exact: bool, theme: &Theme) {
    let total = i128::from(statistics.total);
    let mut y = area.y + 1;
    let mut row = |name: &str, size: i128, style| {
        if y >= area.bottom() {
            return;
        }
        let part = if total > 0 { size.max(0) as f64 / total as f64 } else { 0.0 };
        buffer.set_stringn(area.x + 3, y, name, NAME as usize - 3, style);
        let mut x = area.x + NAME;
        buffer.set_stringn(x, y, right(&shown(size, exact), SIZE), SIZE, theme.ui(Ui::NumberCell));
        x += SIZE as u16;
        buffer.set_stringn(x, y, right(&format!("{:.0} %", part * 100.0), PERCENT), PERCENT, theme.ui(Ui::Dim));
        x += PERCENT as u16 + 2;
        let room = area.right().saturating_sub(x + 2).min(LONGEST_BAR) as usize;
        buffer.set_stringn(x, y, bar(part, room), room, theme.ui(Ui::Bar));
        y += 1;
    };
    for part in parts(statistics) {
        row(part.name, part.size, theme.ui(Ui::Text));
    }
    row("Total", total, theme.ui(Ui::Title));
    let split = [("V8 heap", statistics.v8_heap()), ("native", i128::from(statistics.native))];
    let split = split.map(|(name, size)| format!("{name} {}", shown(size, exact))).join(" · ");
    if y + 1 < area.bottom() {
        buffer.set_stringn(area.x + 3, y + 1, split, area.width as usize - 3, theme.ui(Ui::Dim));
    }
}
