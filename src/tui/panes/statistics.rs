//! What kinds of things take the memory, as bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::analysis::statistics::Statistics;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::cut::right;
use crate::tui::widgets::table::bar;
use crate::view::text;

const NAME: u16 = 24;
const SIZE: usize = 18;
const PERCENT: usize = 7;
/// Longer bars are no easier to compare.
const LONGEST_BAR: u16 = 100;

pub fn draw(buffer: &mut Buffer, area: Rect, statistics: Option<&Statistics>, exact: bool, theme: &Theme) {
    let Some(statistics) = statistics else {
        buffer.set_stringn(area.x + 3, area.y, "statistics follow the retained sizes…", 60, theme.ui(Ui::Dim));
        return;
    };
    let total = statistics.total as i128;
    let mut y = area.y + 1;
    let mut row = |name: &str, size: i128, style| {
        if y >= area.bottom() {
            return;
        }
        let part = if total > 0 { size.max(0) as f64 / total as f64 } else { 0.0 };
        buffer.set_stringn(area.x + 3, y, name, NAME as usize - 3, style);
        let mut x = area.x + NAME;
        buffer.set_stringn(x, y, right(&show(size, exact), SIZE), SIZE, theme.ui(Ui::NumberCell));
        x += SIZE as u16;
        buffer.set_stringn(x, y, right(&format!("{:.0} %", part * 100.0), PERCENT), PERCENT, theme.ui(Ui::Dim));
        x += PERCENT as u16 + 2;
        let room = area.right().saturating_sub(x + 2).min(LONGEST_BAR) as usize;
        buffer.set_stringn(x, y, bar(part, room), room, theme.ui(Ui::Bar));
        y += 1;
    };
    for (name, size) in statistics.parts() {
        row(name, size, theme.ui(Ui::Text));
    }
    row("Total", total, theme.ui(Ui::Title));
    let parts = [("V8 heap", statistics.v8_heap()), ("native", statistics.native as i128)];
    let split = parts.map(|(name, size)| format!("{name} {}", show(size, exact))).join(" · ");
    if y + 1 < area.bottom() {
        buffer.set_stringn(area.x + 3, y + 1, split, area.width as usize - 3, theme.ui(Ui::Dim));
    }
}

/// Parts can be negative in odd files: what V8 counts does not always add up.
fn show(size: i128, exact: bool) -> String {
    let absolute = u64::try_from(size.unsigned_abs()).unwrap_or(u64::MAX);
    let text = if exact { format!("{} B", text::count(absolute)) } else { text::bytes(absolute) };
    if size < 0 { format!("−{text}") } else { text }
}
