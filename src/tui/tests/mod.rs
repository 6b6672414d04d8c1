//! A person at the explorer: keys in, screens out, no terminal and no waiting.

mod hunts;
mod journeys;
mod loading;
mod screens;
mod tools;

use std::sync::{Arc, OnceLock};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;

use super::keymap::Key;
use super::message::{Effect, Exit, Msg, Palette};
use super::render::render;
use super::state::{Explorer, Snapshot, State};
use super::theme::{Depth, Look, Theme};
use super::update::update;
use super::worker;
use crate::base::meter::Meter;
use crate::heap::{self, Event, Ground, Heap, Input, LoadOptions};
use crate::input;

static DEMO: &[u8] = include_bytes!("../../../assets/demo.heapsnapshot.zst");

/// The bundled heap with all indexes, loaded once for all tests.
fn demo() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    HEAP.get_or_init(|| whole(DEMO)).clone()
}

fn whole(bytes: &'static [u8]) -> Arc<Heap> {
    let options = LoadOptions::new(Input::Bundled(bytes), input::Options::default());
    heap::load(&options, &Arc::default(), &mut |_| {}).expect("the snapshot of a test can be read")
}

/// A heap whose root refers to a plain array that refers to strings with these texts.
fn strings(texts: &[&str]) -> &'static [u8] {
    let mut names = vec!["", "list", "Array"];
    names.extend(texts);
    let count = texts.len();
    let mut nodes = vec![[9, 0, 1, 0, 1], [3, 2, 3, 16, count]];
    nodes.extend((0..count).map(|index| [2, index + 3, 2 * index + 5, 1000 - index, 0]));
    let mut edges = vec![[2, 1, 5]];
    edges.extend((0..count).map(|index| [1, index, 5 * (index + 2)]));
    let snapshot = serde_json::json!({
        "snapshot": {
            "meta": {
                "node_fields": ["type", "name", "id", "self_size", "edge_count"],
                "node_types": [crate::columns::NodeType::NAMES, "string", "number", "number", "number"],
                "edge_fields": ["type", "name_or_index", "to_node"],
                "edge_types": [crate::columns::EdgeType::NAMES, "string_or_number", "node"],
            },
            "node_count": nodes.len(),
            "edge_count": edges.len(),
        },
        "nodes": nodes.concat(),
        "edges": edges.concat(),
        "strings": names,
    });
    snapshot.to_string().into_bytes().leak()
}

/// Somebody who looks at a heap.
struct Person {
    state: State,
    terminal: Terminal<TestBackend>,
    theme: Theme,
    exit: Option<Exit>,
    /// Whether the job was asked to stop.
    cancelled: bool,
    /// What has been copied.
    copied: Option<String>,
    /// The snapshots that were to be loaded.
    loads: Vec<usize>,
}

const PLAIN: Look = Look { depth: Depth::None, ascii: false };

impl Person {
    /// Somebody who has just started the program.
    fn new(width: u16, height: u16) -> Self {
        Person::given(&["demo"], width, height)
    }

    /// Somebody who has just started the program with some snapshots.
    fn given(files: &[&str], width: u16, height: u16) -> Self {
        let terminal = Terminal::new(TestBackend::new(width, height)).expect("a test backend never fails");
        let snapshots = files.iter().map(|&file| Snapshot::new(file.into(), file.into())).collect();
        let mut person = Person {
            state: State::new(snapshots, Size { width, height }),
            terminal,
            theme: Theme::new(PLAIN, Palette::Dark),
            exit: None,
            cancelled: false,
            copied: None,
            loads: Vec::new(),
        };
        person.hear(Msg::Begin);
        person
    }

    /// A snapshot has been loaded.
    fn loaded(&mut self, index: usize, heap: Arc<Heap>) {
        self.hear(Msg::Load(index, Event::Ready(heap)));
        self.hear(Msg::Load(index, Event::Complete));
        self.rest();
    }

    /// The rows that a filter lets through.
    fn classes(&self) -> usize {
        self.explorer().summary.pane.tree.root_count()
    }

    /// Somebody in front of a heap that is all there.
    fn exploring(heap: Arc<Heap>, width: u16, height: u16) -> Self {
        let mut person = Person::new(width, height);
        person.loaded(0, heap);
        person
    }

    fn at_demo(width: u16, height: u16) -> Self {
        Person::exploring(demo(), width, height)
    }

    /// Takes a message in and does at once what it leads to.
    fn hear(&mut self, msg: Msg) {
        for effect in update(&mut self.state, msg) {
            match effect {
                Effect::Quit(exit) => self.exit = Some(exit),
                Effect::CancelLoad => self.cancelled = true,
                Effect::Load(index) => self.loads.push(index),
                Effect::Aggregate(heap) => self.work(worker::aggregate(heap)),
                Effect::Count(heap) => self.work(worker::count(heap)),
                Effect::Start { number, task, meter } => self.work(worker::answer(number, task, meter)),
                Effect::Copy(text) => self.copied = Some(text),
                Effect::Suspend | Effect::Redraw | Effect::Theme(_) => {}
            }
        }
    }

    fn work(&mut self, work: worker::Work) {
        let told = std::cell::RefCell::new(Vec::new());
        work(&|msg| told.borrow_mut().push(msg));
        for msg in told.into_inner() {
            self.hear(msg);
        }
    }

    /// Lets the cursor rest.
    fn rest(&mut self) {
        if self.state.explorer().is_some_and(|explorer| explorer.rest_at.is_some()) {
            self.hear(Msg::Rested);
        }
    }

    /// Presses keys, named as in the table of commands and parted by spaces; `=text` types letters.
    fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ') {
            match word.strip_prefix('=').filter(|text| !text.is_empty()) {
                Some(text) => text.chars().for_each(|letter| self.press_key(&letter.to_string())),
                None => self.press_key(word),
            }
        }
        self.rest();
        self
    }

    fn press_key(&mut self, name: &str) {
        let key = Key::parse(name).unwrap_or_else(|| panic!("{name:?} is no key"));
        self.hear(Msg::Key(key));
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.hear(Msg::Resize(Size { width, height }));
    }

    fn screen(&mut self) -> Vec<String> {
        let (state, theme) = (&self.state, &self.theme);
        let frame = self.terminal.draw(|frame| render(state, theme, frame.buffer_mut())).expect("no real terminal");
        let width = frame.area.width as usize;
        let lines = frame.buffer.content().chunks(width).map(|cells| {
            let mut line = String::new();
            let mut skip = 0;
            for cell in cells {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = super::widgets::cut::width(cell.symbol()).saturating_sub(1);
                } else {
                    skip -= 1;
                }
            }
            line.trim_end().to_owned()
        });
        lines.collect()
    }

    /// The screen as one text.
    fn sees(&mut self) -> String {
        self.screen().join("\n")
    }

    /// The last line: what the program answers.
    fn answer(&mut self) -> String {
        self.screen().pop().unwrap_or_default().trim().to_owned()
    }

    /// The row under the cursor of the pane that has the keys, its numbers left out.
    fn row(&mut self) -> String {
        let line = self.row_line();
        line.trim_start_matches(['▸', '▾', '↻', ' ']).split("  ").next().unwrap_or_default().to_owned()
    }

    /// The whole line of the row under the cursor.
    fn row_line(&mut self) -> String {
        let lines = self.screen();
        let areas = super::layout::areas(&self.state);
        let explorer = self.state.explorer().expect("there is a heap");
        let area = match explorer.focus {
            super::state::Focus::Main => areas.main,
            super::state::Focus::Retainers => areas.retainers,
        };
        let pane = explorer.focused_pane().expect("the pane has rows");
        lines[area.expect("the pane is seen").rows.y as usize + pane.offset()].clone()
    }

    fn explorer(&self) -> &Explorer {
        self.state.explorer().expect("there is a heap")
    }
}

/// The bundled heap before and after the indexes that take long.
fn staged() -> (Arc<Heap>, Ground) {
    let meter = Arc::new(Meter::default());
    let columns = input::read_bytes(DEMO, &input::Options::default(), &meter).expect("the bundled snapshot is whole");
    let ground = Ground::new(columns, crate::index::RootMode::All);
    let heap = ground.first_stage(&meter).expect("nobody cancels");
    (Arc::new(heap), ground)
}

fn finish(heap: &Heap, ground: &Ground) {
    let meter = Meter::default();
    heap.second_stage(true, &meter).expect("nobody cancels");
    let computed = ground.dominators(&meter).expect("nobody cancels");
    heap.publish_dominators(computed, &meter).expect("nobody cancels");
}
