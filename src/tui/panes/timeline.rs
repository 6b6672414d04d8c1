//! An allocation timeline → bars: what of each interval's objects is still there.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::tui::layout::CHART_LEFT;
use crate::tui::state::timeline::{Timeline, wide_bars};
use crate::tui::theme::Ui;
use crate::tui::widgets::canvas::Canvas;
use crate::view::cut::{cut, right, width};
use crate::view::text;

/// Eighths of a line.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The first bar is everything that was there already. Where it is so many times larger than all others it is cut, or
/// nothing could be seen of them.
const CUT_ABOVE: u64 = 3;

/// `limited`: the rows below are those of the chosen part; else its numbers would not be theirs.
pub(crate) fn draw(canvas: &mut Canvas<'_>, area: Rect, timeline: &Timeline, limited: bool) {
    let columns = area.width.saturating_sub(CHART_LEFT + 2) as usize;
    // The last two lines are the mark below what is chosen, and the scale.
    let height = area.height.saturating_sub(2) as usize;
    let (bars, wide) = wide_bars(timeline, columns);
    let live: Vec<u64> =
        bars.iter().map(|bar| timeline.intervals[bar.clone()].iter().map(|part| part.live).sum()).collect();
    let first = live.first().copied().unwrap_or(0);
    let others = live.iter().skip(1).copied().max().unwrap_or(0);
    let is_cut = others > 0 && first / CUT_ABOVE > others;
    let most = if is_cut { others } else { first.max(others) };
    let scale = right(&text::bytes(most), CHART_LEFT as usize - 2);
    canvas.buffer.set_stringn(area.x, area.y, scale, CHART_LEFT as usize - 2, canvas.theme.ui(Ui::Dim));
    let left = area.x + CHART_LEFT;
    for (index, bar) in bars.iter().enumerate() {
        let x = left + (index * wide) as u16;
        let is_in = |chosen: &Range<usize>| chosen.start < bar.end && bar.start < chosen.end;
        let chosen = timeline.chosen.as_ref().map(is_in);
        let style = canvas.theme.ui(if chosen == Some(false) { Ui::Rule } else { Ui::Bar });
        // What is there at all is seen.
        let eighths = match live[index] {
            0 => 0,
            size => ((size as f64 / most as f64 * (height * 8) as f64).round() as usize).clamp(1, height * 8),
        };
        // Bars that are wide enough stand apart.
        let solid = if wide > 2 { wide - 1 } else { wide };
        for line in 0..height {
            let part = eighths.saturating_sub((height - 1 - line) * 8).min(8);
            canvas.buffer.set_stringn(x, area.y + line as u16, EIGHTHS[part].repeat(solid), solid, style);
        }
        if index == 0 && is_cut {
            canvas.buffer.set_stringn(x, area.y, "^".repeat(solid), solid, style);
        }
        let (mark, part) = if chosen == Some(true) { ("▔", Ui::Key) } else { ("─", Ui::Rule) };
        canvas.buffer.set_stringn(x, area.y + height as u16, mark.repeat(wide), wide, canvas.theme.ui(part));
    }
    let all = Timeline { chosen: None, ..timeline.clone() };
    let timeline = if limited { timeline } else { &all };
    let (start, end) = timeline.seconds();
    let still = text::bytes(timeline.live());
    let mut said = match timeline.chosen {
        Some(_) => format!("{} to {}: {still} still there", text::seconds(start), text::seconds(end)),
        None => format!("{} in all: {still} still there", text::seconds(end)),
    };
    if is_cut && timeline.chosen.is_none() {
        said += &format!(", {} of it from the beginning (^)", text::bytes(first));
    }
    said += if timeline.chosen.is_some() { "   < > move  , . size  Esc all" } else { "   < > choose a part" };
    let said = cut(&said, area.width.saturating_sub(CHART_LEFT) as usize).into_owned();
    canvas.buffer.set_stringn(left, area.y + height as u16 + 1, &said, width(&said), canvas.theme.ui(Ui::Info));
}
