//! Keys, the mouse, pasted text and sizes as messages, from a thread of their own.

use std::io;
use std::time::Instant;

use crossbeam_channel::{Sender, TrySendError};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Size};

use super::answers::{ANSWER_TIME, Answers, Rest, Taken};
use super::watch::{Awaited, Watch};
use crate::tui::command::Command;
use crate::tui::keymap;
use crate::tui::message::{Mouse, Msg};
use crate::tui::widgets::line;

/// Reads until nothing can be read any more, and says so.
pub(super) fn read(sender: Sender<Msg>) {
    let problem = match Watch::new() {
        Ok(watch) => Keys { sender: &sender, answers: Answers::new(Instant::now()), lost: 0 }.read_on(&watch),
        Err(problem) => Err(problem),
    };
    match problem {
        Ok(Ended::NobodyListens) => {}
        #[cfg(unix)]
        Ok(Ended::Gone) => super::ends::end(&sender, super::ends::HANG_UP),
        #[cfg(not(unix))]
        Ok(Ended::Gone) => drop(sender.send(Msg::KeysFailed("the terminal is gone".into()))),
        Err(problem) => drop(sender.send(Msg::KeysFailed(problem.to_string()))),
    }
}

enum Ended {
    /// The terminal is.
    Gone,
    NobodyListens,
}

struct Keys<'a> {
    sender: &'a Sender<Msg>,
    answers: Answers,
    /// Keys that came while nobody could take them.
    lost: usize,
}

impl Keys<'_> {
    fn read_on(&mut self, watch: &Watch) -> io::Result<Ended> {
        loop {
            let (can_be_watched, came) = match watch.wait()? {
                Awaited::Gone => return Ok(Ended::Gone),
                Awaited::Size => {
                    let (width, height) = crossterm::terminal::size()?;
                    if self.sender.send(Msg::Resize(Size { width, height })).is_err() {
                        return Ok(Ended::NobodyListens);
                    }
                    continue;
                }
                Awaited::Keys(came) => (true, came),
                Awaited::Unknown => (false, 0),
            };
            let mut rest = Rest::of(came);
            while let Some(looked) = rest.look() {
                let started = Instant::now();
                let is_there = !can_be_watched || crossterm::event::poll(looked)?;
                let took = started.elapsed();
                let event = if is_there { Some(crossterm::event::read()?) } else { None };
                let has_answered = rest.on_look(event.as_ref(), took);
                let told = event.map_or([has_answered.then_some(Msg::Answered), None], |event| self.take(event));
                for msg in told.into_iter().flatten() {
                    if !self.tell(msg) {
                        return Ok(Ended::NobodyListens);
                    }
                }
            }
            if self.lost > 0 && self.sender.send(Msg::Flood(std::mem::take(&mut self.lost))).is_err() {
                return Ok(Ended::NobodyListens);
            }
        }
    }

    /// Hands a message over; false when nobody listens any more. Where keys come faster than anybody types, those that
    /// find no room are counted instead: the reader must not wait, for what comes behind may matter more. Ctrl-C does.
    fn tell(&mut self, msg: Msg) -> bool {
        match self.sender.try_send(msg) {
            Ok(()) => true,
            Err(TrySendError::Full(Msg::Key(key))) if keymap::command(key) == Some(Command::Leave) => {
                self.sender.send(Msg::Key(key)).is_ok()
            }
            Err(TrySendError::Full(Msg::Key(_) | Msg::Mouse(..) | Msg::Text { .. })) => {
                self.lost += 1;
                true
            }
            Err(TrySendError::Full(msg)) => self.sender.send(msg).is_ok(),
            Err(TrySendError::Disconnected(_)) => false,
        }
    }

    /// What an event says.
    fn take(&mut self, event: Event) -> [Option<Msg>; 2] {
        let one = |msg| [msg, None];
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => match self.answers.take(key, Instant::now()) {
                // Esc and a letter that come together are no Alt, unless that has a command: over slow lines they often do.
                Taken::Key if key.modifiers.contains(KeyModifiers::ALT) && keymap::command(key.into()).is_none() => {
                    let letter = KeyEvent { modifiers: key.modifiers - KeyModifiers::ALT, ..key };
                    [KeyEvent::from(KeyCode::Esc), letter].map(|key| Some(Msg::Key(key.into())))
                }
                Taken::Key => one(Some(Msg::Key(key.into()))),
                Taken::Background(light) if self.answers.age() < ANSWER_TIME => one(Some(Msg::Background(light))),
                Taken::Background(_) | Taken::Part => one(None),
            },
            Event::Paste(text) => one(Some(pasted(&text))),
            Event::Mouse(mouse) => one(mouse_msg(mouse)),
            Event::Resize(width, height) => one(Some(Msg::Resize(Size { width, height }))),
            _ => one(None),
        }
    }
}

/// A pasted text: much more of it than a line takes, so that it can be said what is left out.
fn pasted(text: &str) -> Msg {
    const MOST_PASTED: usize = 64 * line::MOST;
    Msg::Text { text: text.chars().take(MOST_PASTED).collect(), is_pasted: true }
}

fn mouse_msg(mouse: MouseEvent) -> Option<Msg> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
        MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
        MouseEventKind::Up(MouseButton::Left) => Mouse::Release,
        MouseEventKind::ScrollDown => Mouse::WheelDown,
        MouseEventKind::ScrollUp => Mouse::WheelUp,
        _ => return None,
    };
    Some(Msg::Mouse(kind, Position { x: mouse.column, y: mouse.row }))
}
