//! Windows of any size, also while somebody draws their borders about.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::layout::{Position, Size};

use super::loading::Nowhere;
use super::{PLAIN, Person, comparing, timeline, whole};
use crate::testing::small;
use crate::tui::command::Command;
use crate::tui::event_loop::Loop;
use crate::tui::key::Key;
use crate::tui::keymap::all;
use crate::tui::message::Msg;
use crate::tui::theme::{Palette, Theme};

/// All keys but those that leave.
fn keys() -> Vec<&'static str> {
    let stay = all().iter().filter(|entry| !matches!(entry.command, Command::Quit | Command::Leave));
    stay.flat_map(|entry| entry.keys).copied().collect()
}

fn people() -> [fn() -> Person; 3] {
    [|| Person::exploring(small(), 80, 24), || comparing(80, 24), || Person::exploring(whole(timeline()), 80, 24)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_size_can_come_between_any_keys(
        who in 0..3usize,
        steps in prop::collection::vec((0u16..=600, 0u16..=200, any::<prop::sample::Index>(), any::<bool>()), 60),
    ) {
        let keys: Vec<&str> = keys();
        let mut person = people()[who]();
        for (width, height, pick, small) in steps {
            // Half of them about as large as windows are.
            let (width, height) = if small { (width / 5, height / 5) } else { (width, height) };
            person.resize(width, height);
            let key: &str = pick.get::<&str>(&keys);
            person.press(key);
            person.draw();
        }
    }
}

/// A terminal that has another size each time it is asked. Like a real one it drops what is written outside of it.
struct Restless {
    sizes: Vec<Size>,
    asked: Rc<Cell<usize>>,
    frames: Rc<Cell<usize>>,
}

impl Restless {
    fn now(&self) -> Size {
        self.sizes[self.asked.get().saturating_sub(1).min(self.sizes.len() - 1)]
    }
}

impl Backend for Restless {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a ratatui::buffer::Cell)>,
    {
        let size = self.now();
        for (x, y, _) in content {
            assert!(x < size.width && y < size.height, "{x}, {y} is outside of {size}");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, _position: P) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.now())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.frames.set(self.frames.get() + 1);
        Ok(())
    }
}

#[test]
fn a_frame_is_of_one_size_which_is_asked_for_once() {
    let sizes = (0..400u16).map(|step| Size { width: step * 37 % 601, height: step * 53 % 201 });
    let (asked, frames) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let backend = Restless { sizes: sizes.collect(), asked: asked.clone(), frames: frames.clone() };
    let mut terminal = Terminal::new(backend).expect("it never fails");
    let before = asked.get();
    // A short queue, so that keys come one after the other and frames between them.
    let (sender, inputs) = crossbeam_channel::bounded(1);
    let feed = std::thread::spawn(move || {
        for (step, key) in ["j", "l", "tab", "?", "esc", "3", "p", "i"].into_iter().cycle().take(400).enumerate() {
            sender.send(Msg::Key(Key::parse(key).expect("a key"))).expect("somebody listens");
            // Messages about sizes come late, or not at all.
            if step % 3 == 0 {
                sender.send(Msg::Resize(Size { width: 600, height: 200 })).expect("somebody listens");
            }
        }
    });
    let mut state = Person::at_demo(80, 24).state;
    let mut explorer = Loop {
        terminal: &mut terminal,
        theme: Theme::new(PLAIN, Palette::Dark),
        look: PLAIN,
        loads: Vec::new(),
        loading: None,
        inputs: &inputs,
        outside: &mut Nowhere,
    };
    explorer.run(&mut state).expect("no frame fails");
    feed.join().expect("all keys were taken");
    assert_eq!(asked.get() - before, frames.get(), "each frame asks once");
    assert!(frames.get() > 10, "{}", frames.get());
}
