//! An allocation timeline → bars: what of each interval's objects is still there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::layout::CHART_LEFT;
use crate::tui::state::Timeline;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::cut::{cut, right, width};
use crate::view::text;

/// Eighths of a line.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

pub fn draw(buffer: &mut Buffer, area: Rect, timeline: &Timeline, theme: &Theme) {
    let columns = area.width.saturating_sub(CHART_LEFT + 2) as usize;
    // The last two lines are the mark below what is chosen, and the scale.
    let height = area.height.saturating_sub(2) as usize;
    let bars = timeline.bars(columns);
    let live = |bar: &std::ops::Range<usize>| timeline.intervals[bar.clone()].iter().map(|part| part.live).sum::<u64>();
    let most = bars.iter().map(live).max().unwrap_or(0);
    let scale = right(&text::bytes(most), CHART_LEFT as usize - 2);
    buffer.set_stringn(area.x, area.y, scale, CHART_LEFT as usize - 2, theme.ui(Ui::Dim));
    let left = area.x + CHART_LEFT;
    for (x, bar) in (left..).zip(&bars) {
        let chosen = timeline.chosen.as_ref().is_none_or(|chosen| chosen.start < bar.end && bar.start < chosen.end);
        let style = theme.ui(if chosen { Ui::Bar } else { Ui::Rule });
        // What is there at all is seen.
        let eighths = match live(bar) {
            0 => 0,
            size => ((size as f64 / most as f64 * (height * 8) as f64).round() as usize).max(1),
        };
        for line in 0..height {
            let part = eighths.saturating_sub((height - 1 - line) * 8).min(8);
            buffer.set_stringn(x, area.y + line as u16, EIGHTHS[part], 1, style);
        }
        let mark = if chosen && timeline.chosen.is_some() { "▔" } else { "─" };
        let part = if chosen && timeline.chosen.is_some() { Ui::Key } else { Ui::Rule };
        buffer.set_stringn(x, area.y + height as u16, mark, 1, theme.ui(part));
    }
    let (start, end) = timeline.seconds();
    let live = text::bytes(timeline.live());
    let said = match timeline.chosen {
        Some(_) => format!("{start:.1} s to {end:.1} s: {live} still there   < > move   , . shorter, longer   Esc all"),
        None => format!("{:.1} s in all, {live} still there   < > choose a part of it", end),
    };
    let room = area.width.saturating_sub(CHART_LEFT) as usize;
    let said = cut(&said, room);
    buffer.set_stringn(left, area.y + height as u16 + 1, &said, width(&said), theme.ui(Ui::Info));
}
