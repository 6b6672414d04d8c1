//! What the terminal shows, and lines of it that a frame only moves: a list that scrolls by a line is nearly the same
//! list, a line higher. To say so takes a few bytes; to write every line of it anew takes two thousand.

use std::hash::{Hash, Hasher};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Rect, Size};
use rustc_hash::FxHasher;
use unicode_width::UnicodeWidthStr;

/// In frames that change no more lines than this nothing is looked for: a step of the cursor changes two.
const FEW_LINES: usize = 3;

/// Whole lines that move up or down between two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    /// The first and the last line of the part that moves, from 0.
    pub top: u16,
    pub bottom: u16,
    /// By so many lines.
    pub lines: u16,
    pub is_up: bool,
}

/// A change of a cell: column, line, what stands there now.
pub(super) type Change<'a> = (u16, u16, &'a Cell);

/// What the terminal shows, as far as that is known.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// What it shows and what it showed a frame ago; the second is scratch between two frames.
    now: Buffer,
    before: Buffer,
}

impl Shown {
    /// A terminal of this size shows nothing, in no colour.
    pub(super) fn blank(size: Size) -> Shown {
        let area = Rect::new(0, 0, size.width, size.height);
        Shown { now: Buffer::empty(area), before: Buffer::empty(area) }
    }

    /// Takes in what a frame changes. Where lines seem to have moved: how.
    pub(super) fn take(&mut self, changes: &[Change<'_>]) -> Option<Move> {
        if changes.iter().any(|&(x, y, _)| !self.now.area.contains((x, y).into())) {
            // Nobody has said how large it is now.
            *self = Shown::blank(Size::ZERO);
            return None;
        }
        let is_much = changes.chunk_by(|one, other| one.1 == other.1).nth(FEW_LINES).is_some();
        if is_much {
            self.before.content.clone_from_slice(&self.now.content);
        }
        changes.iter().for_each(|&change| self.put(change));
        if !is_much {
            return None;
        }
        let moved = self.find()?;
        self.turn(moved);
        Some(moved)
    }

    /// What lies below a wide letter is blank, in the letter's colours.
    fn put(&mut self, (x, y, cell): Change<'_>) {
        self.now[(x, y)] = cell.clone();
        let end = x.saturating_add(cell.symbol().width() as u16).min(self.now.area.width);
        for below in x + 1..end {
            self.now[(below, y)].reset();
            self.now[(below, y)].set_style(cell.style());
        }
    }

    /// What is to be written behind the move that was found last.
    pub(super) fn behind_move(&self) -> Vec<Change<'_>> {
        self.before.diff(&self.now)
    }

    /// The move that brings most of the cells to where they are now.
    fn find(&self) -> Option<Move> {
        let [before, now] = [lines(&self.before), lines(&self.now)];
        let height = now.len();
        let mut best: Option<(usize, Move)> = None;
        for lines in 1..height {
            for is_up in [true, false] {
                // Where the line that is at `to` now was before, of those that can have come from somewhere.
                let from = |to: usize| if is_up { to + lines } else { to - lines };
                let all = if is_up { 0..height - lines } else { lines..height };
                let is_moved = |to: usize| now[to] == before[from(to)];
                let (mut to, end) = (all.start, all.end);
                while to < end {
                    let first = to;
                    while to < end && is_moved(to) {
                        to += 1;
                    }
                    let saved = (first..to).filter(|&to| now[to] != before[to]).count();
                    // The lines that become free are written anew.
                    if saved > lines && best.is_none_or(|(most, _)| saved > most) {
                        let (top, bottom) = if is_up { (first, to - 1 + lines) } else { (first - lines, to - 1) };
                        let [top, bottom, lines] = [top, bottom, lines].map(|number| number as u16);
                        best = Some((saved, Move { top, bottom, lines, is_up }));
                    }
                    to += 1;
                }
            }
        }
        best.map(|(_, moved)| moved)
    }

    /// Moves lines of what was before, as the terminal does.
    fn turn(&mut self, Move { top, bottom, lines, is_up }: Move) {
        let width = usize::from(self.before.area.width);
        let part = &mut self.before.content[usize::from(top) * width..(usize::from(bottom) + 1) * width];
        let free = usize::from(lines) * width;
        if is_up {
            part.rotate_left(free);
        } else {
            part.rotate_right(free);
        }
        let freed = if is_up { part.len() - free..part.len() } else { 0..free };
        part[freed].fill(Cell::EMPTY);
    }
}

/// A number for each line, the same for the same cells.
fn lines(buffer: &Buffer) -> Vec<u64> {
    let of_line = |cells: &[Cell]| {
        let mut hasher = FxHasher::default();
        cells.hash(&mut hasher);
        hasher.finish()
    };
    buffer.content.chunks(usize::from(buffer.area.width).max(1)).map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    use proptest::prelude::*;
    use ratatui::backend::Backend;
    use ratatui::style::{Color, Modifier, Style};

    use super::super::backend::Lean;
    use super::*;

    const SIZE: Size = Size { width: 24, height: 10 };

    /// What was written since somebody looked.
    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A terminal and what was written to it.
    struct Screen {
        terminal: vt100::Parser,
        written: Written,
        lean: Lean<Written>,
        last: Buffer,
    }

    impl Screen {
        fn new(size: Size) -> Screen {
            let known = |lines| std::num::NonZero::new(lines).expect("a screen has lines and columns");
            let terminal = vt100::Parser::new(known(size.height), known(size.width), 0);
            let last = Buffer::empty(Rect::new(0, 0, size.width, size.height));
            let written = Written::default();
            Screen { terminal, lean: Lean::of_size(written.clone(), size), written, last }
        }

        /// Draws a frame; how many bytes it took.
        fn draw(&mut self, frame: Buffer) -> usize {
            self.lean.draw(self.last.diff_iter(&frame)).expect("memory has room");
            self.last = frame;
            let written = self.written.0.take();
            self.terminal.process(&written);
            written.len()
        }

        /// What the terminal shows is what was drawn.
        fn check(&self) -> Result<(), TestCaseError> {
            let screen = self.terminal.screen();
            for (y, x) in (0..self.last.area.height).flat_map(|y| (0..self.last.area.width).map(move |x| (y, x))) {
                let (shown, drawn) = (screen.cell(y, x).expect("it is there"), &self.last[(x, y)]);
                if shown.is_wide_continuation() {
                    continue;
                }
                let blank = |text: &str| if text.is_empty() { " ".to_owned() } else { text.to_owned() };
                prop_assert_eq!(blank(shown.contents()), drawn.symbol(), "line {}, column {}", y, x);
                prop_assert_eq!(shown.bgcolor() == vt100::Color::Default, drawn.bg == Color::Reset, "{} {}", y, x);
                if drawn.symbol() != " " {
                    prop_assert_eq!(shown.bold(), drawn.modifier.contains(Modifier::BOLD), "{} {}", y, x);
                }
            }
            Ok(())
        }
    }

    /// A number that looks like no other.
    fn mixed(number: usize) -> u128 {
        (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }

    /// A list between two lines that stay, from a place on, with a cursor.
    fn list(size: Size, first: usize, cursor: usize) -> Buffer {
        let mut frame = Buffer::empty(Rect::new(0, 0, size.width, size.height));
        frame.set_string(0, 0, "above", Style::new());
        for y in 1..size.height - 1 {
            let number = first + usize::from(y);
            let wide = ["名", "ab", "é", ""][number % 4];
            let bold = if number.is_multiple_of(3) { Modifier::BOLD } else { Modifier::empty() };
            frame.set_string(
                0,
                y,
                format!(" {wide}{number} {:x}", mixed(number)),
                Style::new().fg(Color::Red).add_modifier(bold),
            );
            frame.set_string(size.width - 6, y, format!("{:>5}", number * number), Style::new());
            if usize::from(y) == cursor {
                frame.set_style(Rect::new(0, y, size.width, 1), Style::new().bg(Color::Rgb(1, 2, 3)));
            }
        }
        frame.set_string(0, size.height - 1, "below", Style::new());
        frame
    }

    #[test]
    fn a_list_that_scrolls_takes_a_few_lines() {
        let size = Size { width: 120, height: 40 };
        let mut screen = Screen::new(size);
        let whole = screen.draw(list(size, 100, 38));
        for (first, step) in [(101, "down"), (102, "down"), (101, "up"), (104, "three lines")] {
            let bytes = screen.draw(list(size, first, 38));
            assert!(bytes * 4 < whole, "{step}: {bytes} of {whole} bytes");
            screen.check().expect(step);
        }
    }

    #[test]
    fn a_new_size_begins_anew() {
        let mut screen = Screen::new(SIZE);
        screen.draw(list(SIZE, 1, 3));
        // A frame for more room than anybody has told of is written as it is.
        let larger = Size { width: 30, height: 12 };
        let frame = list(larger, 2, 3);
        let nothing = Buffer::empty(frame.area);
        screen.lean.draw(nothing.diff_iter(&frame)).expect("memory has room");
        let written = screen.written.0.take();
        assert!(!String::from_utf8_lossy(&written).contains("r\x1b["), "nothing is moved");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_moved_is_what_was_drawn(frames in proptest::collection::vec((0..12usize, 0..10usize), 1..12)) {
            let mut screen = Screen::new(SIZE);
            for (first, cursor) in frames {
                screen.draw(list(SIZE, first, cursor));
                screen.check()?;
            }
        }
    }
}
