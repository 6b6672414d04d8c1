//! Windows over the panes: a stack whose top gets the keys first.

pub(crate) mod answer;
pub(crate) mod detail;
mod finder;
pub(crate) mod help;
pub(crate) mod page;
pub(crate) mod pager;
pub(crate) mod picker;

use ratatui::layout::{Rect, Size};
use ratatui::style::Modifier;
use ratatui::widgets::{Block, Clear, Widget};

use self::answer::Answer;
use self::detail::Detail;
use self::finder::Finder;
use self::help::Help;
use self::page::PageWindow;
use self::pager::Pager;
use self::picker::Picker;
use super::command::Command;
use super::key::Key;
use super::theme::Ui;
use super::widgets::canvas::Canvas;
use super::widgets::extent::Extent;
use super::widgets::line::{Line, TextLine};
use crate::view::cut::{cut, cut_middle, cut_start, width};
use crate::view::text::sanitize;

/// From here on windows leave two lines of the screen on either side.
const ROOMY: u16 = 20;

#[derive(Debug)]
pub(crate) enum Overlay {
    Help(Help),
    Detail(Detail),
    Text(Pager),
    Page(PageWindow),
    Picker(Picker),
}

impl Overlay {
    fn title(&self) -> String {
        match self {
            Overlay::Help(help) => format!("Keys in {}", help.pane),
            Overlay::Detail(detail) => detail.title.clone(),
            Overlay::Text(pager) => pager.title.clone(),
            Overlay::Page(page) => page.title(),
            Overlay::Picker(picker) => picker.title.clone(),
        }
    }

    /// Whether letters go into a line.
    pub(crate) fn is_typed_into(&self) -> bool {
        match self {
            Overlay::Help(help) => help.typing,
            Overlay::Page(page) => page.typing,
            Overlay::Picker(picker) => picker.line().is_some(),
            Overlay::Detail(detail) => detail.finder.typing,
            Overlay::Text(pager) => pager.finder.typing,
        }
    }

    /// What looks for texts in the window, its first line, and all lines where they are so wide.
    fn finder(&mut self, columns: usize) -> Option<(&mut Finder, &mut usize, Vec<String>)> {
        match self {
            Overlay::Detail(detail) => {
                let text = |line: TextLine| line.into_iter().map(|(text, _)| text).collect();
                let texts = detail.lines(columns).into_iter().map(text).collect();
                Some((&mut detail.finder, &mut detail.scroll, texts))
            }
            Overlay::Text(pager) => {
                let texts = pager.texts();
                Some((&mut pager.finder, &mut pager.scroll, texts))
            }
            Overlay::Help(_) | Overlay::Page(_) | Overlay::Picker(_) => None,
        }
    }

    /// The line that is typed into, if any, with what stands before it.
    fn typed(&self) -> Option<(&'static str, &Line)> {
        match self {
            Overlay::Help(help) if help.typing || !help.filter.is_empty() => Some(("/", &help.filter)),
            Overlay::Page(page) if page.typing || !page.wanted.is_empty() => Some(("/", &page.wanted)),
            Overlay::Picker(picker) => picker.line().map(|line| (picker.sign(), line)),
            Overlay::Detail(Detail { finder, .. }) | Overlay::Text(Pager { finder, .. }) if finder.is_open() => {
                Some(("/", &finder.line))
            }
            _ => None,
        }
    }

    /// How many lines there are, and those of the window.
    fn lines(&self, area: Rect) -> (usize, Vec<TextLine>) {
        let (columns, rows) = (area.width as usize, area.height as usize);
        let all = match self {
            Overlay::Text(pager) => return (pager.len(), pager.lines(rows)),
            Overlay::Page(page) => return (page.len(), page.lines(rows)),
            Overlay::Help(help) => help.lines(columns),
            Overlay::Detail(detail) => detail.lines(columns),
            Overlay::Picker(picker) => picker.lines(columns),
        };
        let start = self.scroll(rows).min(all.len());
        (all.len(), all.into_iter().skip(start).take(rows).collect())
    }

    /// The first line of the window.
    fn scroll(&self, rows: usize) -> usize {
        match self {
            Overlay::Help(help) => help.scroll,
            Overlay::Detail(detail) => detail.scroll,
            Overlay::Text(pager) => pager.scroll,
            Overlay::Page(page) => page.scroll,
            Overlay::Picker(picker) => (picker.selected() + 1).saturating_sub(rows),
        }
    }

    fn scroll_mut(&mut self) -> Option<&mut usize> {
        match self {
            Overlay::Help(help) => Some(&mut help.scroll),
            Overlay::Detail(detail) => Some(&mut detail.scroll),
            Overlay::Text(pager) => Some(&mut pager.scroll),
            Overlay::Page(page) => Some(&mut page.scroll),
            Overlay::Picker(_) => None,
        }
    }

    /// Where the window stands, its border with it.
    fn frame(&self, size: Size) -> Rect {
        // Low screens have no lines to spare around it.
        let around = if size.height < ROOMY { 2 } else { 4 };
        let whole =
            Size { width: size.width.saturating_sub(4).min(110), height: size.height.saturating_sub(around).min(60) };
        let (width, height) = match self {
            Overlay::Picker(picker) => {
                // A list that is filtered keeps its size.
                let rows = if picker.line().is_some() { 16 } else { picker.len().max(1) as u16 };
                (whole.width.min(100), (rows + 2).min(whole.height))
            }
            _ => (whole.width, whole.height),
        };
        Rect::new((size.width - width) / 2, (size.height - height) / 2, width, height)
    }

    /// The text's place in the window: border and a column on both sides are not, nor a line that is typed.
    fn inner(&self, size: Size) -> Rect {
        let frame = self.frame(size);
        let typed = self.typed().is_some() as u16;
        Rect::new(
            frame.x + 2,
            frame.y + 1 + typed,
            frame.width.saturating_sub(4),
            frame.height.saturating_sub(2 + typed),
        )
    }
}

/// What can be pressed in a window, for the last line.
pub(crate) fn hints(overlay: &Overlay) -> Vec<(String, String)> {
    let words: &[(&str, &str)] = match overlay {
        Overlay::Picker(picker) if picker.is_of_commands() => &[("a–z", "search"), ("↓ ↑", "move"), ("Enter", "run")],
        Overlay::Picker(picker) if picker.line().is_some() => {
            &[("a–z", "search"), ("↓ ↑", "move"), ("Enter", "choose")]
        }
        _ if overlay.is_typed_into() => &[("Enter", "done")],
        Overlay::Picker(_) => &[("a–z", "choose at once"), ("j k", "move"), ("Enter", "choose")],
        Overlay::Help(_) => &[("j k", "scroll"), ("/", "search"), ("G", "end"), ("K", "pages that explain")],
        Overlay::Page(_) => &[("j k", "scroll"), ("/", "search"), ("n N", "next"), ("] [", "page"), ("K", "all pages")],
        Overlay::Detail(_) => &[("j k", "scroll"), ("/", "find"), ("G", "end"), ("v", "text"), ("y", "copy")],
        Overlay::Text(_) => &[("j k", "scroll"), ("/", "find"), ("G", "end"), ("y", "copy")],
    };
    words.iter().map(|&(key, word)| (key.to_owned(), word.to_owned())).collect()
}

/// Gives a key, and the command that it stands for, to a window.
pub(crate) fn on_key(overlay: &mut Overlay, key: Key, command: Option<Command>, size: Size) -> Answer {
    let area = overlay.inner(size);
    let page = area.height as usize;
    if let Some((finder, scroll, texts)) = overlay.finder(area.width as usize) {
        let lines = || texts.clone();
        if let Some(answer) = finder.on_key(key, &lines, scroll) {
            return answer;
        }
        let forward = command == Some(Command::NextMatch);
        if (forward || command == Some(Command::PreviousMatch)) && finder.go(forward, &lines, scroll) {
            return Answer::Consumed;
        }
    }
    let is_help = match overlay {
        Overlay::Picker(picker) => return picker.on_key(key),
        Overlay::Page(page) => {
            if let Some(answer) = page.on_key(key, command) {
                return answer;
            }
            true
        }
        Overlay::Help(help) => {
            if let Some(answer) = help.on_key(key) {
                return answer;
            }
            true
        }
        Overlay::Detail(_) | Overlay::Text(_) => false,
    };
    let is_text = matches!(overlay, Overlay::Text(_));
    match command {
        Some(Command::Escape | Command::Quit) => return Answer::Close,
        Some(Command::Help) if matches!(overlay, Overlay::Help(_)) => return Answer::Close,
        Some(Command::Details) if !is_help => return Answer::Close,
        Some(Command::WholeText) if is_text => return Answer::Close,
        Some(Command::Help | Command::Pages | Command::Bytes | Command::Redraw | Command::Palette | Command::Theme) => {
            return Answer::Ignored;
        }
        Some(Command::Copy | Command::WholeText) if !is_help => return Answer::Ignored,
        _ => {}
    }
    if let (Some(scroll), Some(command)) = (overlay.scroll_mut(), command) {
        scroll_by(scroll, command, page);
    }
    Answer::Consumed
}

/// Puts a text into the line of a window; false where it has none.
pub(crate) fn on_text(overlay: &mut Overlay, text: &str, size: Size) -> bool {
    let columns = overlay.inner(size).width as usize;
    if let Some((finder, scroll, texts)) = overlay.finder(columns) {
        if finder.typing {
            finder.on_text(text, &|| texts.clone(), scroll);
        }
        return finder.typing;
    }
    match overlay {
        Overlay::Help(help) if help.typing => help.on_text(text),
        Overlay::Page(page) if page.typing => page.on_text(text),
        Overlay::Picker(picker) if picker.line().is_some() => picker.on_text(text),
        _ => return false,
    }
    true
}

fn scroll_by(scroll: &mut usize, command: Command, page: usize) {
    match command {
        Command::Down => *scroll += 1,
        Command::Up => *scroll = scroll.saturating_sub(1),
        Command::HalfPageDown => *scroll += page / 2,
        Command::HalfPageUp => *scroll = scroll.saturating_sub(page / 2),
        Command::PageDown => *scroll += page,
        Command::PageUp => *scroll = scroll.saturating_sub(page),
        Command::First => *scroll = 0,
        // `arrange` brings it back to the last line.
        Command::Last => *scroll = usize::MAX / 2,
        _ => {}
    }
}

/// The wheel of a mouse.
pub(crate) fn wheel(overlay: &mut Overlay, rows: isize) {
    if let Some(scroll) = overlay.scroll_mut() {
        *scroll = scroll.saturating_add_signed(rows);
    }
}

/// Keeps the windows from being scrolled past their ends.
pub(crate) fn arrange(overlays: &mut [Overlay], size: Size) {
    for overlay in overlays {
        let area = overlay.inner(size);
        match overlay {
            Overlay::Text(pager) => pager.arrange(area.width as usize),
            Overlay::Page(page) => page.arrange(area.width as usize),
            Overlay::Help(_) | Overlay::Detail(_) | Overlay::Picker(_) => {}
        }
        let last = overlay.lines(area).0.saturating_sub(area.height as usize);
        if let Some(scroll) = overlay.scroll_mut() {
            *scroll = (*scroll).min(last);
        }
    }
}

/// The details at the right of the tables: their beginning, `i` shows the rest.
pub(crate) fn draw_detail(canvas: &mut Canvas<'_>, area: Rect, detail: Option<&Detail>) {
    for y in area.top()..area.bottom() {
        canvas.buffer.set_stringn(area.x, y, "│", 1, canvas.theme.ui(Ui::Rule));
    }
    let Some(detail) = detail else { return };
    let text = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let room = text.width as usize;
    canvas.buffer.set_stringn(text.x, text.y, cut(&detail.title, room), room, canvas.theme.ui(Ui::Title));
    let rows = Rect { y: text.y + 1, height: text.height.saturating_sub(1), ..text };
    let lines = detail.lines(room);
    draw_lines(canvas, rows, &lines);
    let extent = Extent { above: 0, seen: lines.len().min(rows.height as usize), all: lines.len() };
    extent.mark(canvas.buffer, Rect { x: area.x, width: 1, ..rows }, canvas.theme.ui(Ui::Key));
}

fn draw_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[TextLine]) {
    for (index, line) in lines.iter().take(area.height as usize).enumerate() {
        let mut x = area.x;
        for (text, part) in line {
            let room = area.right().saturating_sub(x) as usize;
            (x, _) = canvas.buffer.set_stringn(x, area.y + index as u16, text, room, canvas.theme.ui(*part));
        }
    }
}

pub(crate) fn draw(canvas: &mut Canvas<'_>, size: Size, overlay: &Overlay) {
    let (frame, area) = (overlay.frame(size), overlay.inner(size));
    Clear.render(frame, canvas.buffer);
    Block::bordered().border_style(canvas.theme.ui(Ui::FocusedRule)).render(frame, canvas.buffer);
    let room = frame.width.saturating_sub(6) as usize;
    let (count, lines) = overlay.lines(area);
    let top = overlay.scroll(area.height as usize);
    let extent = Extent { above: top.min(count), seen: lines.len(), all: count };
    let taken = draw_extent(canvas, frame, area, extent);
    let title = format!(" {} ", cut_middle(&overlay.title(), room.saturating_sub(taken)));
    canvas.buffer.set_stringn(frame.x + 2, frame.y, &title, room + 2, canvas.theme.ui(Ui::Title));
    if let Some((before, line)) = overlay.typed() {
        draw_typed(canvas, Rect { y: frame.y + 1, height: 1, ..area }, before, line);
    }
    draw_lines(canvas, area, &lines);
    if let Overlay::Picker(picker) = overlay {
        let y = area.y + (picker.selected() - top.min(picker.selected())) as u16;
        if picker.len() > 0 && y < area.bottom() {
            canvas.buffer.set_style(Rect { y, height: 1, ..area }, canvas.theme.ui(Ui::Selected));
        }
    }
    let foot = match overlay {
        Overlay::Picker(picker) if picker.line().is_some() => {
            " letters search · ↓ ↑ move · Enter chooses · Esc closes "
        }
        Overlay::Picker(_) if room > 56 => " a letter at the left chooses · j k move · Enter · Esc ",
        Overlay::Picker(_) => " a letter chooses · j k move · Enter · Esc ",
        Overlay::Help(_) => " j/k scroll · / filters · K pages · Esc closes ",
        Overlay::Page(_) => " j/k scroll · / searches · ] [ other pages · Esc closes ",
        _ if extent.above + extent.below() > 0 => " j/k scroll · Esc closes ",
        _ => " Esc closes ",
    };
    let x = frame.right().saturating_sub(width(foot) as u16 + 2);
    canvas.buffer.set_stringn(x, frame.bottom().saturating_sub(1), foot, room, canvas.theme.ui(Ui::Dim));
}

/// Says in the border of a window which of its lines are seen; the columns that this takes.
fn draw_extent(canvas: &mut Canvas<'_>, frame: Rect, area: Rect, extent: Extent) -> usize {
    extent.mark(canvas.buffer, Rect { x: frame.x, width: 1, ..area }, canvas.theme.ui(Ui::Key));
    if extent.all == 0 {
        return 0;
    }
    let text = format!(" {} ", extent.text());
    let x = frame.right().saturating_sub(width(&text) as u16 + 2).max(frame.x);
    canvas.buffer.set_stringn(x, frame.y, &text, frame.right().saturating_sub(x) as usize, canvas.theme.ui(Ui::Dim));
    width(&text)
}

/// A line being typed with its cursor; returns the column behind it. What does not fit is cut at its beginning.
pub(crate) fn draw_typed(canvas: &mut Canvas<'_>, area: Rect, before: &str, line: &Line) -> u16 {
    let style = canvas.theme.ui(Ui::Key);
    let (start, under, rest) = line.parts();
    let start = sanitize(start).into_owned();
    let under = if under.is_empty() { " ".into() } else { sanitize(under).into_owned() };
    let room = (area.width as usize).saturating_sub(width(before) + width(&under));
    let shown = cut_start(&start, room).into_owned();
    let (x, _) = canvas.buffer.set_stringn(area.x, area.y, before, area.width as usize, style);
    let (x, _) = canvas.buffer.set_stringn(x, area.y, shown, area.right().saturating_sub(x) as usize, style);
    let cursor = style.add_modifier(Modifier::REVERSED);
    let (x, _) = canvas.buffer.set_stringn(x, area.y, under, area.right().saturating_sub(x) as usize, cursor);
    let rest = sanitize(rest).into_owned();
    let (x, _) = canvas.buffer.set_stringn(x, area.y, rest, area.right().saturating_sub(x) as usize, style);
    x
}
