//! Windows over the panes: a stack whose top gets the keys first.

mod detail;
mod help;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::{Block, Clear, Widget};

pub use detail::Detail;

use super::commands::Command;
use super::keymap::{self, Key};
use super::theme::{Theme, Ui};
use super::widgets::cut::{cut, width};

#[derive(Debug)]
pub enum Overlay {
    /// All keys; the first line shown.
    Help(usize),
    Detail(Detail),
}

/// What an overlay makes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not for the overlay: the panes below get it.
    Ignored,
    Consumed,
    Close,
}

/// A line of text in pieces.
pub type TextLine = Vec<(String, Ui)>;

impl Overlay {
    fn title(&self) -> &str {
        match self {
            Overlay::Help(_) => "All keys",
            Overlay::Detail(detail) => &detail.title,
        }
    }

    fn lines(&self, columns: usize) -> Vec<TextLine> {
        match self {
            Overlay::Help(_) => help::lines(columns),
            Overlay::Detail(detail) => detail.lines(columns),
        }
    }

    fn scroll_mut(&mut self) -> &mut usize {
        match self {
            Overlay::Help(scroll) => scroll,
            Overlay::Detail(detail) => &mut detail.scroll,
        }
    }

    fn scroll(&self) -> usize {
        match self {
            Overlay::Help(scroll) => *scroll,
            Overlay::Detail(detail) => detail.scroll,
        }
    }
}

pub fn on_key(overlay: &mut Overlay, key: Key, size: Size) -> Answer {
    let page = inner(size).height as usize;
    let is_help = matches!(overlay, Overlay::Help(_));
    let scroll = overlay.scroll_mut();
    match keymap::command(key) {
        Some(Command::Down) => *scroll += 1,
        Some(Command::Up) => *scroll = scroll.saturating_sub(1),
        Some(Command::HalfPageDown) => *scroll += page / 2,
        Some(Command::HalfPageUp) => *scroll = scroll.saturating_sub(page / 2),
        Some(Command::PageDown) => *scroll += page,
        Some(Command::PageUp) => *scroll = scroll.saturating_sub(page),
        Some(Command::First) => *scroll = 0,
        // `arrange` brings it back to the last line.
        Some(Command::Last) => *scroll = usize::MAX / 2,
        Some(Command::Escape | Command::Quit) => return Answer::Close,
        Some(Command::Help) if is_help => return Answer::Close,
        Some(Command::Details) if !is_help => return Answer::Close,
        Some(Command::Help | Command::Bytes | Command::Suspend | Command::Redraw) => return Answer::Ignored,
        _ => {}
    }
    Answer::Consumed
}

/// Keeps the windows from being scrolled past their ends.
pub fn arrange(overlays: &mut [Overlay], size: Size) {
    let area = inner(size);
    for overlay in overlays {
        let last = overlay.lines(area.width as usize).len().saturating_sub(area.height as usize);
        let scroll = overlay.scroll_mut();
        *scroll = (*scroll).min(last);
    }
}

fn outer(size: Size) -> Rect {
    let (width, height) = (size.width.saturating_sub(4).min(110), size.height.saturating_sub(4).min(60));
    Rect::new((size.width - width) / 2, (size.height - height) / 2, width, height)
}

/// The text's place in the window: border and a column on both sides are not.
fn inner(size: Size) -> Rect {
    let outer = outer(size);
    Rect::new(outer.x + 2, outer.y + 1, outer.width.saturating_sub(4), outer.height.saturating_sub(2))
}

/// The details at the right of the tables: their beginning, `i` shows the rest.
pub fn draw_detail(buffer: &mut Buffer, area: Rect, detail: Option<&Detail>, theme: &Theme) {
    for y in area.top()..area.bottom() {
        buffer.set_stringn(area.x, y, "│", 1, theme.ui(Ui::Rule));
    }
    let Some(detail) = detail else { return };
    let text = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let room = text.width as usize;
    buffer.set_stringn(text.x, text.y, cut(&detail.title, room), room, theme.ui(Ui::Title));
    let rows = Rect { y: text.y + 1, height: text.height.saturating_sub(1), ..text };
    draw_lines(buffer, rows, &detail.lines(room), theme);
}

fn draw_lines(buffer: &mut Buffer, area: Rect, lines: &[TextLine], theme: &Theme) {
    for (index, line) in lines.iter().take(area.height as usize).enumerate() {
        let mut x = area.x;
        for (text, part) in line {
            let room = area.right().saturating_sub(x) as usize;
            (x, _) = buffer.set_stringn(x, area.y + index as u16, text, room, theme.ui(*part));
        }
    }
}

pub fn draw(buffer: &mut Buffer, size: Size, overlay: &Overlay, theme: &Theme) {
    let (frame, area) = (outer(size), inner(size));
    Clear.render(frame, buffer);
    Block::bordered().border_style(theme.ui(Ui::FocusedRule)).render(frame, buffer);
    let room = frame.width.saturating_sub(6) as usize;
    let title = format!(" {} ", cut(overlay.title(), room));
    buffer.set_stringn(frame.x + 2, frame.y, &title, room + 2, theme.ui(Ui::Title));
    let lines = overlay.lines(area.width as usize);
    draw_lines(buffer, area, &lines[overlay.scroll().min(lines.len())..], theme);
    let below = lines.len().saturating_sub(overlay.scroll() + area.height as usize);
    let foot =
        if below > 0 { format!(" j/k scroll · {below} more lines · Esc closes ") } else { " Esc closes ".into() };
    let x = frame.right().saturating_sub(width(&foot) as u16 + 2);
    buffer.set_stringn(x, frame.bottom().saturating_sub(1), &foot, room, theme.ui(Ui::Dim));
}
