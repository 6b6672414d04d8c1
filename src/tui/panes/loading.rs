//! Screens without a heap: loading, failed, too small.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::layout::SMALLEST;
use crate::tui::message::Progress;
use crate::tui::state::Report;
use crate::tui::theme::{Theme, Ui};
use crate::tui::widgets::cut::{cut, wrap};
use crate::tui::widgets::table::bar;
use crate::view::text;

const NAME: u16 = 22;

/// Progress in words: `61 %  610 MB/s`.
pub fn rate(progress: &Progress) -> String {
    let seconds = progress.elapsed.as_secs_f64();
    let mut words = Vec::new();
    if progress.total > 0 {
        words.push(text::percent(progress.done.min(progress.total), progress.total));
    } else if progress.done > 0 {
        words.push(text::bytes(progress.done));
    }
    // The rate is that of reading; afterwards it would only fall.
    if progress.done > 0 && seconds > 0.05 && is_reading(progress) {
        words.push(format!("{}/s", text::bytes((progress.done as f64 / seconds) as u64)));
    }
    words.join("  ")
}

/// Reading ends with the stage that follows it.
fn is_reading(progress: &Progress) -> bool {
    let later = |name: &str| name == "names";
    !progress.running.iter().any(|name| later(name)) && !progress.finished.iter().any(|(name, _)| later(name))
}

pub fn draw(buffer: &mut Buffer, area: Rect, progress: &Progress, theme: &Theme) {
    let dim = theme.ui(Ui::Dim);
    let mut y = area.y + 1;
    let room = (area.width.saturating_sub(NAME + 26)).min(60) as usize;
    buffer.set_stringn(area.x + 3, y, "reading", NAME as usize, theme.ui(Ui::Text));
    let part = if is_reading(progress) { progress.done as f64 / progress.total.max(1) as f64 } else { 1.0 };
    let part = if progress.total == 0 && is_reading(progress) { 0.0 } else { part };
    buffer.set_stringn(area.x + NAME, y, "─".repeat(room), room, theme.ui(Ui::Rule));
    buffer.set_stringn(area.x + NAME, y, bar(part, room), room, theme.ui(Ui::Bar));
    buffer.set_stringn(area.x + NAME + room as u16 + 2, y, rate(progress), 24, theme.ui(Ui::NumberCell));
    y += 2;
    for (name, time) in &progress.finished {
        if y + 1 >= area.bottom() {
            return;
        }
        let text = format!("{:.2} s", time.as_secs_f64());
        buffer.set_stringn(area.x + 3, y, name, NAME as usize, dim);
        buffer.set_stringn(area.x + NAME, y, text, 12, dim);
        y += 1;
    }
    for name in &progress.running {
        if y < area.bottom() {
            buffer.set_stringn(area.x + 3, y, name, NAME as usize, theme.ui(Ui::Text));
            buffer.set_stringn(area.x + NAME, y, "now", 12, theme.ui(Ui::Info));
            y += 1;
        }
    }
}

pub fn draw_failed(buffer: &mut Buffer, area: Rect, report: &Report, theme: &Theme) {
    let lines = [
        ("what", &report.what, Ui::Error),
        ("where", &report.place, Ui::Text),
        ("what to do", &report.advice, Ui::Text),
    ];
    let mut y = area.y + 1;
    let room = (area.width as usize).saturating_sub(18).min(100);
    for (name, value, part) in lines {
        buffer.set_stringn(area.x + 3, y, name, 12, theme.ui(Ui::Dim));
        for line in wrap(&text::sanitize(value), room) {
            if y < area.bottom() {
                buffer.set_stringn(area.x + 15, y, line, room, theme.ui(part));
                y += 1;
            }
        }
        y += 1;
    }
}

pub fn draw_too_small(buffer: &mut Buffer, area: Rect, theme: &Theme) {
    let text = format!("heapwalk needs {}×{}; please enlarge the window", SMALLEST.width, SMALLEST.height);
    let text = cut(&text, area.width as usize);
    buffer.set_stringn(area.x, area.y + area.height / 2, text, area.width as usize, theme.ui(Ui::Warning));
}
