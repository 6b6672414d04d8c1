//! Changed cells → as few bytes as they take: screens travel over SSH.
//!
//! Ratatui's own backend sets both colours at every change of one of them, colours blanks, and ends every frame with
//! resets, also one in which nothing has changed. Here a step of the cursor through a list takes half of that, lines that
//! only move are moved (`moved.rs`), and what becomes blank is erased.

use std::cell::Cell as Shared;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use super::moved::{Change, Move, Shown};

pub(crate) struct Lean<W: Write> {
    inner: CrosstermBackend<W>,
    hidden: bool,
    /// As the terminal has said last.
    size: Shared<Size>,
    /// Nothing before the first frame: then the screen is blank.
    shown: Option<Shown>,
}

impl<W: Write> Lean<W> {
    pub(crate) fn new(out: W) -> Self {
        Lean { inner: CrosstermBackend::new(out), hidden: false, size: Shared::default(), shown: None }
    }

    /// On a terminal of a known size that shows nothing.
    #[cfg(test)]
    pub(super) fn of_size(out: W, size: Size) -> Self {
        let lean = Lean::new(out);
        lean.size.set(size);
        lean
    }
}

/// So many blanks are written; more are erased, and the cursor passes over them.
const FEW_BLANKS: usize = 11;

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
        let is_blank = is_blank(cell);
        match is_blank && !(self.modifier | wanted.modifier).intersects(ON_BLANKS) {
            true => Pen { bg: wanted.bg, ..self },
            false => wanted,
        }
    }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol().bytes().all(|byte| byte == b' ')
}

/// The parameters that lead from one pen to the other; none at all lead back to the plain one.
fn parameters(from: Pen, to: Pen) -> String {
    if to == PLAIN {
        return String::new();
    }
    // What is no longer wanted goes alone, or all goes and what is wanted comes again: whichever is shorter.
    let (anew, alone) = (format!("0;{}", added(PLAIN, to)), added(without(from, to), to));
    let gone = from.modifier.difference(to.modifier);
    if gone.is_empty() {
        return alone;
    }
    let mut words: Vec<&str> = MODIFIERS.iter().filter(|(name, ..)| gone.contains(*name)).map(|word| word.2).collect();
    words.dedup();
    let alone = [words.join(";"), alone].join(";");
    let [anew, alone] = [anew, alone].map(|words| words.trim_end_matches(';').to_owned());
    if alone.len() < anew.len() { alone } else { anew }
}

/// Each with what begins and what ends it. Bold and dim end together.
const MODIFIERS: [(Modifier, &str, &str); 6] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// The pen once what `to` has not is gone.
fn without(from: Pen, to: Pen) -> Pen {
    let strength = Modifier::BOLD | Modifier::DIM;
    let gone = from.modifier.difference(to.modifier);
    let gone = if gone.intersects(strength) { gone | strength } else { gone };
    Pen { modifier: from.modifier.difference(gone), ..from }
}

/// The parameters of what `to` has besides.
fn added(from: Pen, to: Pen) -> String {
    let added = to.modifier.difference(from.modifier);
    let begun = MODIFIERS.iter().filter(|(name, ..)| added.contains(*name));
    let mut words: Vec<String> = begun.map(|(_, word, _)| (*word).to_owned()).collect();
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

/// Moves whole lines. The pen is plain, so the lines that become free are blank, in the terminal's own colour.
fn turn(out: &mut impl Write, Move { top, bottom, lines, is_up }: Move) -> io::Result<()> {
    let word = if is_up { 'M' } else { 'L' };
    let (first, last) = (top + 1, bottom + 1);
    // Lines are deleted or inserted at the top of a part, which leaves all others where they are.
    write!(out, "\x1b[{first};{last}r\x1b[{first}H\x1b[{lines}{word}\x1b[r")
}

/// Where the cursor of the terminal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Caret {
    x: u16,
    y: u16,
    /// Only letters that are one column wide in every terminal have been written since it was brought here: then a step
    /// from here leads where it should.
    is_sure: bool,
}

/// Brings the cursor, which stands at `from` if that is known, to a column of a line.
fn go(out: &mut impl Write, from: Option<Caret>, (x, y): (u16, u16)) -> io::Result<Caret> {
    let is_sure = match from {
        Some(at) if (at.x, at.y) == (x, y) => at.is_sure,
        Some(at) if at.is_sure && at.y == y && at.x < x => {
            match x - at.x {
                1 => out.write_all(b"\x1b[C")?,
                columns => write!(out, "\x1b[{columns}C")?,
            }
            true
        }
        _ => {
            match x {
                0 => write!(out, "\x1b[{}H", y + 1)?,
                _ => write!(out, "\x1b[{};{}H", y + 1, x + 1)?,
            }
            true
        }
    };
    Ok(Caret { x, y, is_sure })
}

/// Writes cells, with a pen that is plain before and after.
fn write(out: &mut impl Write, changes: &[Change<'_>], width: u16) -> io::Result<()> {
    let mut pen = PLAIN;
    let mut caret = None;
    let mut rest = changes;
    while let Some((&(x, y, cell), behind)) = rest.split_first() {
        rest = behind;
        let here = go(out, caret, (x, y))?;
        caret = Some(Caret { x: x + 1, is_sure: here.is_sure && cell.symbol().is_ascii(), ..here });
        let wanted = pen.next(cell);
        if wanted != pen {
            write!(out, "\x1b[{}m", parameters(pen, wanted))?;
            pen = wanted;
        }
        let is_erasable = |cell: &Cell| is_blank(cell) && cell.symbol().len() == 1 && pen.next(cell) == pen;
        if pen.bg == Color::Reset && !pen.modifier.intersects(ON_BLANKS) && is_erasable(cell) {
            let is_next = |&(number, change): &(usize, &Change<'_>)| {
                (change.0, change.1) == (x + 1 + number as u16, y) && is_erasable(change.2)
            };
            let more = rest.iter().enumerate().take_while(is_next).count();
            let blanks = more as u16 + 1;
            if x + blanks == width && more > 2 {
                (rest, caret) = (&rest[more..], Some(here));
                out.write_all(b"\x1b[K")?;
                continue;
            }
            if more >= FEW_BLANKS {
                (rest, caret) = (&rest[more..], Some(here));
                write!(out, "\x1b[{blanks}X")?;
                continue;
            }
        }
        out.write_all(cell.symbol().as_bytes())?;
    }
    if pen != PLAIN {
        out.write_all(b"\x1b[m")?;
    }
    Ok(())
}

impl<W: Write> Backend for Lean<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let changes: Vec<Change<'_>> = content.collect();
        let size = self.size.get();
        let shown = self.shown.get_or_insert_with(|| Shown::blank(size));
        let mut written = Vec::new();
        write(&mut written, &changes, size.width)?;
        if let Some(moved) = shown.take(&changes) {
            let mut otherwise = Vec::new();
            turn(&mut otherwise, moved)?;
            write(&mut otherwise, &shown.behind_move(), size.width)?;
            if otherwise.len() < written.len() {
                written = otherwise;
            }
        }
        self.inner.write_all(&written)
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
        self.clear_region(ClearType::All)
    }

    /// Of a part nobody knows what is left.
    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.shown = Some(Shown::blank(if clear_type == ClearType::All { self.size.get() } else { Size::ZERO }));
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        let size = self.inner.size()?;
        self.size.set(size);
        Ok(size)
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
        assert_eq!(written(&buffer), "\x1b[1H\x1b[1;31;48;2;1;2;3ma  b\x1b[22;38;5;200mc\x1b[4;39;49m \x1b[m");
    }

    #[test]
    fn what_is_no_longer_wanted_goes_alone_where_that_is_shorter() {
        let pen = |modifier, fg, bg| Pen { modifier, fg, bg };
        let (bold, dim, none) = (Modifier::BOLD, Modifier::DIM, Modifier::empty());
        let ground = Color::Rgb(1, 2, 3);
        let all: [(Pen, Pen, &str); 6] = [
            (pen(bold, Color::Red, ground), pen(none, Color::Red, ground), "22"),
            (pen(bold | dim, Color::Red, ground), pen(dim, Color::Blue, ground), "22;2;34"),
            (pen(bold, Color::Red, ground), pen(Modifier::ITALIC, Color::Red, ground), "22;3"),
            (pen(bold, Color::Reset, Color::Reset), pen(none, Color::Red, Color::Reset), "0;31"),
            (pen(bold | Modifier::REVERSED, Color::Red, ground), pen(bold, Color::Red, ground), "27"),
            (pen(bold, Color::Red, ground), PLAIN, ""),
        ];
        for (from, to, expected) in all {
            assert_eq!(parameters(from, to), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn the_cursor_steps_where_every_terminal_steps_alike() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 3));
        for (x, y, text) in
            [(2, 0, "a"), (4, 0, "b"), (9, 0, "▶"), (12, 0, "名"), (16, 0, "c"), (0, 2, "d"), (20, 2, "e")]
        {
            buffer.set_string(x, y, text, Style::new());
        }
        assert_eq!(written(&buffer), "\x1b[1;3Ha\x1b[Cb\x1b[4C▶\x1b[1;13H名\x1b[1;17Hc\x1b[3Hd\x1b[19Ce");
    }

    #[test]
    fn colours_of_sixteen_take_two_digits() {
        assert_eq!([color(Color::Red, 30), color(Color::DarkGray, 30), color(Color::White, 40)], ["31", "90", "107"]);
    }
}
