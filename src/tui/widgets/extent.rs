//! Which rows of a list are seen: `6–27 of 165`, and marks where there are more.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::view::text::count;

/// The part of a list that a window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Rows above the window.
    pub(crate) above: usize,
    /// Rows in it.
    pub(crate) seen: usize,
    pub(crate) all: usize,
}

impl Extent {
    pub(crate) fn below(self) -> usize {
        self.all.saturating_sub(self.above + self.seen)
    }

    /// `6–27 of 165`; nothing for an empty list.
    pub(crate) fn text(self) -> String {
        let (first, last, all) = (self.above as u64 + 1, (self.above + self.seen) as u64, self.all as u64);
        match self.seen {
            0 => String::new(),
            1 => format!("{} of {}", count(first), count(all)),
            _ => format!("{}–{} of {}", count(first), count(last), count(all)),
        }
    }

    /// Marks the first line of `column` where rows stand above it, the last where rows stand below.
    pub(crate) fn mark(self, buffer: &mut Buffer, column: Rect, style: Style) {
        let lines = self.seen.min(column.height as usize) as u16;
        if lines == 0 || column.width == 0 {
            return;
        }
        let (first, last) = (column.y, column.y + lines - 1);
        let mut put = |y: u16, mark: &str| {
            buffer.set_stringn(column.x, y, mark, 1, style);
        };
        match (self.above > 0, self.below() > 0) {
            (true, true) if first == last => put(first, "↕"),
            (above, below) => {
                if above {
                    put(first, "↑");
                }
                if below {
                    put(last, "↓");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_says_which_rows_are_seen_and_where_more_are() {
        let check = |above, seen, all, text: &str, marks: &str| {
            let extent = Extent { above, seen, all };
            assert_eq!(extent.text(), text);
            let area = Rect::new(0, 0, 1, 3);
            let mut buffer = Buffer::empty(area);
            extent.mark(&mut buffer, area, Style::new());
            assert_eq!(buffer.content.iter().map(|cell| cell.symbol()).collect::<String>(), marks, "{text}");
        };
        check(5, 22, 165, "6–27 of 165", "↑ ↓");
        check(0, 3, 2_500_000, "1–3 of 2,500,000", "  ↓");
        check(7, 3, 10, "8–10 of 10", "↑  ");
        check(1, 1, 3, "2 of 3", "↕  ");
        check(0, 1, 1, "1 of 1", "   ");
        check(0, 0, 0, "", "   ");
    }
}
