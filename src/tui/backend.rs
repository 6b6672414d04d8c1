//! Changed cells → as few bytes as they take: screens travel over SSH.
//!
//! Ratatui's own backend sets both colours at every change of one of them, colours blanks, and ends every frame with
//! resets, also one in which nothing has changed. Here a step of the cursor through a list takes half of that.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

pub(crate) struct Lean<W: Write> {
    inner: CrosstermBackend<W>,
    hidden: bool,
}

impl<W: Write> Lean<W> {
    pub(crate) fn new(out: W) -> Self {
        Lean { inner: CrosstermBackend::new(out), hidden: false }
    }
}

/// What the terminal writes with now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };
/// These are seen on a blank too.
const ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

impl Pen {
    /// What it takes to draw a cell after this pen: of a blank only the background counts.
    fn next(self, cell: &Cell) -> Pen {
        let wanted = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let is_blank = cell.symbol().bytes().all(|byte| byte == b' ');
        match is_blank && !(self.modifier | wanted.modifier).intersects(ON_BLANKS) {
            true => Pen { bg: wanted.bg, ..self },
            false => wanted,
        }
    }
}

/// The parameters that lead from one pen to the other.
fn parameters(from: Pen, to: Pen) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut from = from;
    if from.modifier != to.modifier {
        if !to.modifier.contains(from.modifier) {
            words.push("0".into());
            from = PLAIN;
        }
        let names = [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::REVERSED, "7"),
            (Modifier::CROSSED_OUT, "9"),
        ];
        let added = to.modifier.difference(from.modifier);
        words.extend(names.iter().filter(|(name, _)| added.contains(*name)).map(|(_, word)| (*word).to_owned()));
    }
    if from.fg != to.fg {
        words.push(color(to.fg, 30));
    }
    if from.bg != to.bg {
        words.push(color(to.bg, 40));
    }
    words.join(";")
}

/// The parameters of a colour; `base` is 30 for the foreground, 40 for the background.
fn color(color: Color, base: u8) -> String {
    let named = |number: u8| if number < 8 { (base + number).to_string() } else { (base + 52 + number).to_string() };
    match color {
        Color::Reset => (base + 9).to_string(),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(number) => format!("{};5;{number}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
    }
}

impl<W: Write> Backend for Lean<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = PLAIN;
        let mut next = None;
        for (x, y, cell) in content {
            if next != Some((x, y)) {
                queue!(self.inner, MoveTo(x, y))?;
            }
            next = Some((x + 1, y));
            let wanted = pen.next(cell);
            if wanted != pen {
                write!(self.inner, "\x1b[{}m", parameters(pen, wanted))?;
                pen = wanted;
            }
            self.inner.write_all(cell.symbol().as_bytes())?;
        }
        if pen != PLAIN {
            self.inner.write_all(b"\x1b[m")?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.hidden, true) {
            self.inner.hide_cursor()?;
        }
        Ok(())
    }

    /// Nothing: the cursor comes back with the terminal itself. Ratatui asks for it once more when it is dropped, and
    /// complains on standard error where that fails, which is a panic where the terminal is gone.
    fn show_cursor(&mut self) -> io::Result<()> {
        self.hidden = false;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn written(buffer: &Buffer) -> String {
        let mut out = Vec::new();
        let before = Buffer::empty(*buffer.area());
        Lean::new(&mut out).draw(before.diff(buffer).into_iter()).expect("memory has room");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn nothing_is_written_for_nothing() {
        assert_eq!(written(&Buffer::empty(Rect::new(0, 0, 10, 2))), "");
    }

    #[test]
    fn only_what_changes_is_said() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
        let ground = Style::new().bg(Color::Rgb(1, 2, 3));
        let (x, _) = buffer.set_stringn(0, 0, "a", 9, ground.fg(Color::Red).add_modifier(Modifier::BOLD));
        let (x, _) = buffer.set_stringn(x, 0, "  ", 9, ground);
        let (x, _) = buffer.set_stringn(x, 0, "b", 9, ground.fg(Color::Red).add_modifier(Modifier::BOLD));
        let (x, _) = buffer.set_stringn(x, 0, "c", 9, ground.fg(Color::Indexed(200)));
        buffer.set_stringn(x, 0, " ", 9, Style::new().add_modifier(Modifier::UNDERLINED));
        assert_eq!(
            written(&buffer),
            "\x1b[1;1H\x1b[1;31;48;2;1;2;3ma  b\x1b[0;38;5;200;48;2;1;2;3mc\x1b[4;39;49m \x1b[m"
        );
    }

    #[test]
    fn colours_of_sixteen_take_two_digits() {
        assert_eq!([color(Color::Red, 30), color(Color::DarkGray, 30), color(Color::White, 40)], ["31", "90", "107"]);
    }
}
