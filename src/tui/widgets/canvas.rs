//! The cells of the screen, and the styles in which they are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::theme::{Theme, Ui};
use crate::view::cut::{cut, width};

pub(crate) struct Canvas<'a> {
    pub(crate) buffer: &'a mut Buffer,
    pub(crate) theme: &'a Theme,
}

impl Canvas<'_> {
    /// Text at the left and at the right of a line; the left one gives way.
    pub(crate) fn two_ends(&mut self, area: Rect, left: (&str, Ui), right: (&str, Ui)) {
        let room = area.width as usize;
        let end = cut(right.0, room.saturating_sub(20));
        let taken = if end.is_empty() { 0 } else { width(&end) + 2 };
        let start = cut(left.0, room.saturating_sub(taken + 1));
        self.buffer.set_stringn(area.x + 1, area.y, start, room, self.theme.ui(left.1));
        let x = area.right().saturating_sub(width(&end) as u16 + 1);
        self.buffer.set_stringn(x, area.y, end, room, self.theme.ui(right.1));
    }
}
