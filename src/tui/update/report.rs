//! The hunt as a file: what is gathered at once, what a worker adds, and where it is written.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::turn::Turn;
use super::{command_line, work};
use crate::answers::report::{Earlier, Report, Sheet, Thing, markdown};
use crate::base::given_file::{self, There};
use crate::base::meter::Meter;
use crate::error::{Error, Result};
use crate::heap::Input;
use crate::tui::message::{Outcome, Task};
use crate::tui::state::explorer::Explorer;
use crate::tui::state::history::Mark;
use crate::tui::state::prompt::{Prompt, PromptKind};
use crate::tui::state::snapshot::Snapshot;
use crate::tui::view::View;
use crate::tui::widgets::line::Line;
use crate::view::label::short;
use crate::view::table::Level;
use crate::view::text::{sanitize, shell_word};
use crate::view::tree::{Row, Tree};

/// Rows of each table of a report.
const ROWS: usize = 12;

/// What a report is called unless somebody calls it something else.
const NAME: &str = "hunt.md";

/// Asks for the name of a file for the hunt.
pub(super) fn start(turn: &mut Turn<'_>) {
    turn.prompt = Some(Prompt::new(PromptKind::Report, Line::new(NAME)));
}

/// Writes the hunt to a file; over one that is there only where Enter was pressed for that once more.
pub(super) fn write(turn: &mut Turn<'_>, prompt: &Prompt) {
    let name = prompt.line.text().trim().to_owned();
    if name.is_empty() {
        return turn.say("no name, no file");
    }
    let over = prompt.over.as_deref() == Some(&name);
    let Some(gathered) = gathered(turn) else { return };
    let task = Task::new(move |meter| {
        let path = Path::new(&name);
        if given_file::there(path).is_ok_and(|there| there == There::File) && !over {
            return Ok(Outcome::ReportIsThere(name));
        }
        let Gathered { report, places, paths } = gathered;
        let mut changed = paths.iter().map(|path| std::fs::metadata(path.as_ref()?).ok()?.modified().ok());
        let mut report = Report {
            sheets: places.into_iter().map(|place| place.rows(meter)).collect::<Result<_>>()?,
            changed: changed.next().flatten(),
            ..report
        };
        report.earlier.iter_mut().zip(changed).for_each(|(earlier, changed)| earlier.changed = changed);
        write_file(path, &markdown(&report, meter)?, over)?;
        let count = report.things.len();
        let things = if count == 1 { "1 mark or note".into() } else { format!("{count} marks and notes") };
        Ok(Outcome::Told(format!("wrote {name}: {things}, with the ways to the root and the commands")))
    });
    work::ask(turn, "writing the report", task);
}

/// Asks whether a file may be written over, unless somebody does something else by now.
pub(super) fn on_file_is_there(turn: &mut Turn<'_>, name: String) {
    let shown = sanitize(&name).into_owned();
    if turn.is_typing() || !turn.overlays.is_empty() {
        return turn.warn(format!("{shown} is there already and stays as it is; W asks for a name again"));
    }
    let prompt = Prompt::new(PromptKind::Report, Line::new(name.clone()));
    turn.prompt = Some(Prompt { over: Some(name), ..prompt });
    turn.warn(format!("{shown} is there already: Enter once more writes over it, another name keeps it"));
}

/// A table that is to be in a report.
enum Place {
    /// The first rows of a table in the order in which it opens.
    Level(String, Level, Option<String>),
    /// Rows as they stand on the screen.
    Tree(String, Box<Tree>, Option<String>),
}

impl Place {
    fn rows(self, meter: &Meter) -> Result<Sheet> {
        let (heading, mut tree, command) = match self {
            Place::Level(heading, level, command) => {
                let sort = level.table.facts().sort;
                (heading, Box::new(Tree::new(level, sort, meter)?), command)
            }
            Place::Tree(heading, tree, command) => (heading, tree, command),
        };
        let rows: Vec<Row> = tree.rows(0, ROWS);
        let left = tree.len().saturating_sub(rows.len()) as u64;
        Ok(Sheet { heading, rows, left, command })
    }
}

/// A report without what takes time or looks at files.
struct Gathered {
    report: Report,
    places: Vec<Place>,
    /// Of the snapshot, and of those before it.
    paths: Vec<Option<PathBuf>>,
}

/// What there is to tell now.
fn gathered(turn: &mut Turn<'_>) -> Option<Gathered> {
    let command = command_line::of(turn).and_then(Result::ok);
    let snapshot = turn.snapshot();
    let (title, file) = (snapshot.title.clone(), shell_word(&snapshot.file));
    let given: Vec<String> = turn.snapshots[..=turn.shown].iter().map(|given| shell_word(&given.file)).collect();
    let path = |given: &Snapshot| match &given.again.as_ref()?.input {
        Input::Path(path) => Some(path.clone()),
        Input::Bundled(_) => None,
    };
    let before = &turn.snapshots[..turn.shown];
    let paths = std::iter::once(snapshot).chain(before).map(path).collect();
    let explorer = turn.explorer()?;
    let earlier = before.iter().enumerate().map(|(index, given)| Earlier {
        title: given.title.clone(),
        changed: None,
        is_base: explorer.base == Some(index),
    });
    let earlier = earlier.collect();
    let heap = explorer.heap.clone();
    let marks = explorer.marks.iter().map(|(&letter, mark)| {
        let key = mark.node.map_or_else(|| key_of_mark(explorer, mark), |node| format!("@{}", heap.id(node)));
        Thing { mark: Some(letter), what: mark.what.clone(), note: explorer.notes.get(&key).cloned(), key }
    });
    let mut things: Vec<Thing> = marks.collect();
    for (key, note) in &explorer.notes {
        if !things.iter().any(|thing| thing.key == *key) {
            let what = match key.strip_prefix('@').and_then(|id| id.parse().ok()).and_then(|id| heap.find_id(id)) {
                Some(node) => short(&heap, node),
                None => key.clone(),
            };
            things.push(Thing { mark: None, what, note: Some(note.clone()), key: key.clone() });
        }
    }
    let mut places = Vec::new();
    // What the screen shows comes as it stands there, and once.
    if let Some(suspects) = explorer.leads.suspects.get().filter(|_| explorer.view != View::SUSPECTS) {
        let line = format!("heapwalk suspects {}", given.join(" "));
        places.push(Place::Level("Suspects".into(), (**suspects).clone(), Some(line)));
    }
    if let Some(pane) = explorer.main_pane() {
        let heading = format!("On the screen: {}", explorer.view.name());
        places.push(Place::Tree(heading, Box::new(pane.tree.clone()), command));
    }
    if explorer.view != View::SUMMARY {
        let line = format!("heapwalk summary {file} --limit {ROWS}");
        places.push(Place::Level("The largest classes".into(), explorer.summary(), Some(line)));
    }
    let report = Report {
        title,
        file,
        changed: None,
        earlier,
        now: SystemTime::now(),
        classes: explorer.classes.clone(),
        ignored: explorer.ignoring.now.as_ref().map(|cut| cut.ignored.clone()),
        left_out: explorer.ignoring.things.iter().map(|thing| thing.what.words(&heap)).collect(),
        things,
        sheets: Vec::new(),
        heap,
    };
    Some(Gathered { report, places, paths })
}

/// What the row of a mark stands for where it is no object, as [`crate::answers::report::key`] says it: a note on the same row tells the
/// word before its name.
fn key_of_mark(explorer: &Explorer, mark: &Mark) -> String {
    let words: Vec<&str> = mark.what.split_whitespace().collect();
    let name = format!(" {}", words.join(" "));
    let noted = explorer.notes.keys().find(|key| !key.starts_with('@') && key.ends_with(&name));
    let word = if mark.place.view == View::SUSPECTS { "suspect" } else { "class" };
    noted.cloned().unwrap_or_else(|| format!("{word}{name}"))
}

fn write_file(path: &Path, text: &str, over: bool) -> Result<()> {
    // Tests that press keys at random leave nothing behind.
    if cfg!(test) && path.is_relative() {
        return Err(Error::Usage("tests say where they write".into()));
    }
    given_file::write(path, text.as_bytes(), over).map_err(|problem| Error::of_file(path, &problem))
}
