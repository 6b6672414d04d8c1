//! A person at the explorer: keys in, screens out, no terminal and no waiting.

mod damaged;
mod documents;
mod every_screen;
mod forms;
mod given;
mod hands;
mod hunts;
mod journeys;
mod late_answers;
mod leads;
mod lists;
mod loading;
mod own_code;
mod quick_hands;
mod remembered;
mod returns;
mod screens;
mod search;
mod sets;
mod sizes;
mod tools;
mod views;

use std::sync::{Arc, OnceLock};

use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use ratatui::{CompletedFrame, Terminal};

use super::key::Key;
use super::layout;
use super::message::{Effect, Exit, Msg, Task};
use super::render::render;
use super::state::explorer::Explorer;
use super::state::held::Recent;
use super::state::jobs::Slot;
use super::state::pane::TreePane;
use super::state::{Stage, State};
use super::theme::{Depth, Look, Palette, Theme};
use super::update::update;
use super::view::View;
use super::worker;
use crate::base::meter::Meter;
use crate::heap::{Event, Heap, LoadOptions, Wants};
use crate::input::{self, Watch};
use crate::notation::Graph;
use crate::testing::{DEMO, demo, whole};
use crate::tui::state::focus::{Focus, PaneId};
use crate::tui::state::snapshot::Snapshot;

/// A heap whose root refers to a plain array that refers to strings with these texts.
fn strings(texts: &[&str]) -> &'static [u8] {
    let mut names = vec!["", "list", "Array"];
    names.extend(texts);
    let count = texts.len();
    let mut nodes = vec![[9, 0, 1, 0, 1], [3, 2, 3, 16, count]];
    nodes.extend((0..count).map(|index| [2, index + 3, 2 * index + 5, 1_000_000 - index, 0]));
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

/// Two snapshots of one process: sessions have come, a cart has gone.
fn series() -> [Arc<Heap>; 2] {
    // Ids follow the order of mention, so what both have is mentioned first.
    let both = "r -shop-> Shop[24]; Shop -sessions-> Array[16]; Array -[0]-> Session#1[80]";
    let before = format!("{both}; Shop -cart-> Cart[640]");
    let after = format!(
        "{both}; Shop -gap-> Gap[8]; Array -[1]-> Session#2[80]; Array -[2]-> Session#3[80]; Array -[3]-> Session#4[80]"
    );
    [Graph::new(&before).heap, Graph::new(&after).heap]
}

/// An allocation timeline of six seconds: `main` calls `makeOrder`, whose orders live, and `log`, whose lines do not.
fn timeline() -> &'static [u8] {
    const SECONDS: usize = 6;
    // type, name, id, size, edges, trace node; ids of objects are odd.
    let mut nodes: Vec<[usize; 6]> = vec![[1, 0, 1, 0, 1, 0], [0, 2, 3, 16, 4 * SECONDS, 0]];
    let mut edges: Vec<[usize; 3]> = vec![[0, 3, 6]];
    let mut samples: Vec<usize> = Vec::new();
    for second in 0..SECONDS {
        for order in 0..4 {
            let (id, size) = (5 + 2 * nodes.len(), 40 + 200 * (second % 3) + order);
            nodes.push([0, 1, id, size, 0, 3]);
            edges.push([0, 3, 6 * (nodes.len() - 1)]);
        }
        samples.extend([second * 1_000_000, 5 + 2 * (nodes.len() - 1)]);
    }
    let functions = [[0, 4, 0, 0, 0, 0], [1, 5, 8, 7, 3, 2], [2, 6, 8, 7, 12, 9], [3, 7, 8, 7, 30, 1]];
    let snapshot = serde_json::json!({
        "snapshot": {
            "meta": {
                "node_fields": ["type", "name", "id", "self_size", "edge_count", "trace_node_id"],
                "node_types": [["object", "synthetic"]],
                "edge_fields": ["type", "name_or_index", "to_node"],
                "edge_types": [["property"]],
                "trace_function_info_fields": ["function_id", "name", "script_name", "script_id", "line", "column"],
                "trace_node_fields": ["id", "function_info_index", "count", "size", "children"],
                "sample_fields": ["timestamp_us", "last_assigned_id"],
            },
            "trace_function_count": 4,
        },
        "nodes": nodes.concat(),
        "edges": edges.concat(),
        "trace_function_infos": functions.concat(),
        "trace_tree": [1, 0, 0, 0, [2, 1, 0, 0, [3, 2, 24, 5800, [], 4, 3, 900, 3600, []]]],
        "samples": samples,
        "strings": ["", "Order", "Orders", "list", "(root)", "main", "makeOrder", "log", "/srv/shop/shop.js"],
    });
    snapshot.to_string().into_bytes().leak()
}

/// A heap with a class of more objects than are sorted while somebody waits.
fn many() -> Arc<Heap> {
    static HEAP: OnceLock<Arc<Heap>> = OnceLock::new();
    let make = || {
        let texts: Vec<String> = (0..40_000).map(|number| format!("text {number}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        whole(strings(&texts))
    };
    HEAP.get_or_init(make).clone()
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
    /// What was added to them, and which were taken out.
    given: Vec<LoadOptions>,
    gone: Vec<usize>,
    /// Whether workers answer at once; else what they are asked waits.
    patient: bool,
    waiting: Vec<(u64, Task, Arc<Meter>)>,
    /// What workers have said and nobody has heard yet.
    said: Vec<Msg>,
}

/// Views that nothing else in the program has to name.
const STATISTICS: View = View::STATISTICS;
const STRINGS: View = View::STRINGS;

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
            given: Vec::new(),
            gone: Vec::new(),
            patient: true,
            waiting: Vec::new(),
            said: Vec::new(),
        };
        person.hear(Msg::Begin);
        person
    }

    /// A snapshot has been loaded.
    fn loaded(&mut self, index: usize, heap: Arc<Heap>) {
        self.hear(Msg::Load(index, Event::Ready(heap)));
        self.hear(Msg::Load(index, Event::Complete));
        self.remember_demo();
        self.rest();
    }

    /// Who holds what of the bundled heap is looked up once for all who come.
    fn remember_demo(&mut self) {
        static SETS: OnceLock<Arc<Recent>> = OnceLock::new();
        if let Stage::Exploring(explorer) = &mut self.state.stage
            && Arc::ptr_eq(&explorer.heap, &demo())
        {
            explorer.recent_sets = SETS.get_or_init(Arc::default).clone();
        }
    }

    /// The rows that a filter lets through.
    fn classes(&self) -> usize {
        self.pane(View::SUMMARY).tree.roots().len()
    }

    /// The rows of a view.
    fn pane(&self, view: View) -> &TreePane {
        self.explorer().pane(PaneId::Main(view)).expect("the view has rows")
    }

    /// The rows of the Summary.
    fn summary(&self) -> &TreePane {
        self.pane(View::SUMMARY)
    }

    /// How many changes of panes are on their way.
    fn changes(&self) -> usize {
        self.state.jobs.iter().filter(|job| matches!(job.slot, Slot::Change(_))).count()
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
                Effect::Start { number, task, meter } | Effect::StartAside { number, task, meter } => {
                    self.work(number, task, meter);
                }
                Effect::Copy(text) => self.copied = Some(text),
                Effect::Given(load) => self.given.push(load),
                Effect::Gone(index) => self.gone.push(index),
                Effect::AwaitRest | Effect::Suspend | Effect::Redraw | Effect::Theme(_) => {}
            }
        }
    }

    fn work(&mut self, number: u64, task: Task, meter: Arc<Meter>) {
        self.waiting.push((number, task, meter));
        if self.patient {
            self.answer_all();
        }
    }

    /// Whether a worker has something to do.
    fn work_waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Lets all workers work and hears so many of the things they say.
    fn answer_some(&mut self, count: usize) {
        for (number, task, meter) in std::mem::take(&mut self.waiting) {
            let told = std::cell::RefCell::new(Vec::new());
            worker::answer(number, task, &meter, &|msg| told.borrow_mut().push(msg));
            self.said.extend(told.into_inner());
        }
        for msg in self.said.drain(..count.min(self.said.len())).collect::<Vec<_>>() {
            self.hear(msg);
        }
    }

    /// Lets all workers work and hears what they say.
    fn answer_all(&mut self) {
        self.answer_some(usize::MAX);
    }

    /// Lets the cursor rest.
    fn rest(&mut self) {
        if self.state.explorer().is_some_and(|explorer| explorer.cursor.moved) {
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

    /// Shows a view by its key, or by its name in the palette, which is pasted: the palette is filtered once instead of
    /// with each letter.
    fn open(&mut self, view: View) -> &mut Self {
        match view.keys().first() {
            Some(key) => self.press(key),
            None => {
                self.press(":");
                self.hear(Msg::Text { text: view.command().into(), is_pasted: true });
                self.press("enter")
            }
        }
    }

    fn press_key(&mut self, name: &str) {
        let key = Key::parse(name).unwrap_or_else(|| panic!("{name:?} is no key"));
        self.hear(Msg::Key(key));
    }

    fn resize(&mut self, width: u16, height: u16) {
        self.terminal.backend_mut().resize(width, height);
        self.hear(Msg::Resize(Size { width, height }));
    }

    /// Draws the screen, for who wants to know that it can be drawn. Reading its lines takes as long once more.
    fn draw(&mut self) -> CompletedFrame<'_> {
        let (state, theme) = (&self.state, &self.theme);
        self.terminal.draw(|frame| render(state, theme, frame.buffer_mut())).expect("no real terminal")
    }

    fn screen(&mut self) -> Vec<String> {
        let frame = self.draw();
        let width = frame.area.width as usize;
        let lines = frame.buffer.content().chunks(width.max(1)).map(|cells| {
            let mut line = String::new();
            let mut skip = 0;
            for cell in cells {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = crate::view::cut::width(cell.symbol()).saturating_sub(1);
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
        let last = self.screen().pop().unwrap_or_default().trim().to_owned();
        // What is too long for a line takes several.
        match &self.state.notice {
            Some(notice) if self.state.prompt.is_none() && !notice.text.starts_with(&last) => notice.text.clone(),
            _ => last,
        }
    }

    /// What the program has said, whole, however many lines that takes.
    fn told(&self) -> &str {
        self.state.notice.as_ref().map_or("", |notice| &notice.text)
    }

    /// The row under the cursor of the pane that has the keys, its numbers left out.
    fn row(&mut self) -> String {
        let line = self.row_line();
        line.trim_start_matches(['↑', '↓', '↕', '▸', '▾', '↻', ' ']).split("  ").next().unwrap_or_default().to_owned()
    }

    /// The whole line of the row under the cursor.
    fn row_line(&mut self) -> String {
        let lines = self.screen();
        let areas = layout::areas(&self.state);
        let explorer = self.state.explorer().expect("there is a heap");
        let area = match explorer.focus {
            Focus::Main => areas.main,
            Focus::Retainers => areas.retainers,
        };
        let pane = explorer.focused_pane().expect("the pane has rows");
        lines[area.expect("the pane is seen").rows.y as usize + pane.offset()].clone()
    }

    fn explorer(&self) -> &Explorer {
        self.state.explorer().expect("there is a heap")
    }
}

/// Somebody with two snapshots of one process.
fn comparing(width: u16, height: u16) -> Person {
    let [before, after] = series();
    let mut person = Person::given(&["before", "after"], width, height);
    person.loaded(1, after);
    person.loaded(0, before);
    person
}

/// The bundled heap before and after the indexes that take long.
fn staged() -> Arc<Heap> {
    let watch = Arc::new(Watch::default());
    let columns = input::read_bytes(DEMO, &input::Options::default(), &watch).expect("the bundled snapshot is whole");
    let heap = Heap::new(columns, crate::index::RootMode::All, Wants::ALL);
    heap.compute(Wants::SUMMARY, &watch).expect("nobody cancels");
    Arc::new(heap)
}

fn finish(heap: &Heap) {
    heap.compute(Wants::ALL, &Watch::default()).expect("nobody cancels");
}
